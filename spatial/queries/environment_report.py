"""What the monthly environment report counts, from roll-ups alone. Days are local (+07); both ends are included."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from layers.model import Layer
from spatial.queries.statements import Row, select_rows, sql
from spatial.settings import LOCAL_ZONE


def day_ends(first: date, last: date) -> tuple[datetime, datetime]:
    """Moments t with first_moment < t <= last_moment are labels of hours and days of these local days."""
    midnight = time(0)
    return (
        datetime.combine(first, midnight, tzinfo=LOCAL_ZONE),
        datetime.combine(last + timedelta(days=1), midnight, tzinfo=LOCAL_ZONE),
    )


def series_of_days(
    conn: Connection, *, layer: Layer, keys: Sequence[str], first: date, last: date, least_hours: int
) -> list[Row]:
    """Per station and parameter: hours received and good, mean of the good hours, worst day and hour.

    A day counts as worst only with ``least_hours`` good hours.
    """
    return select_rows(
        conn, sql("report_series"), layer=layer.id, keys=list(keys), first=first, last=last, least_hours=least_hours
    )


def days_of_network(
    conn: Connection, *, layer: Layer, keys: Sequence[str], parameter: str, first: date, last: date
) -> list[Row]:
    """Per day: mean of the stations' daily means, the highest of them, stations with a value."""
    return select_rows(
        conn,
        "SELECT d.day, avg(d.mean) AS mean, max(d.mean) AS highest, count(d.mean) AS stations FROM core.series s"
        " JOIN derived.observation_daily d ON d.series_id = s.id AND d.day BETWEEN :first AND :last"
        " WHERE s.layer_id = :layer AND s.parameter = :parameter AND s.feature_key = ANY(:keys)"
        " GROUP BY d.day ORDER BY d.day",
        layer=layer.id,
        keys=list(keys),
        parameter=parameter,
        first=first,
        last=last,
    )


def dominant_days(
    conn: Connection, *, layer: Layer, keys: Sequence[str], index_id: str, first: date, last: date
) -> list[Row]:
    """Per station: the parameter that was dominant on most days; ties in order of name."""
    start, end = day_ends(first, last)
    return select_rows(
        conn,
        "SELECT DISTINCT ON (feature_key) feature_key AS key, parameter FROM derived.station_index"
        " CROSS JOIN LATERAL unnest(dominant) AS parameter"
        " WHERE layer_id = :layer AND feature_key = ANY(:keys) AND index_id = :index AND time > :start AND time <= :end"
        " GROUP BY feature_key, parameter ORDER BY feature_key, count(*) DESC, parameter",
        layer=layer.id,
        keys=list(keys),
        index=index_id,
        start=start,
        end=end,
    )


def marked_hours(conn: Connection, *, layer: Layer, keys: Sequence[str], first: date, last: date) -> list[Row]:
    """Per mask of flags: hours that were marked, and how many of them people have judged."""
    start, end = day_ends(first, last)
    return select_rows(
        conn,
        "SELECT h.flag, count(*) AS hours, count(*) FILTER (WHERE h.reviewed) AS reviewed FROM core.series s"
        " JOIN derived.observation_hourly h ON h.series_id = s.id AND h.time > :start AND h.time <= :end"
        " WHERE s.layer_id = :layer AND s.feature_key = ANY(:keys) AND h.flag <> 0 GROUP BY h.flag",
        layer=layer.id,
        keys=list(keys),
        start=start,
        end=end,
    )


def alerts_of_days(conn: Connection, *, layer: Layer, keys: Sequence[str], first: date, last: date) -> list[Row]:
    """Alerts whose event touched the days, with the rule's title and who took or closed them."""
    start, end = day_ends(first, last)
    return select_rows(conn, sql("report_alerts"), layer=layer.id, keys=list(keys), start=start, end=end)


def outlines(conn: Connection, *, unit_id: int, level: str, day: date) -> list[Row]:
    """Generalised outlines (WKB, degrees) of the units of a level inside a unit on a day, and of the unit itself."""
    return select_rows(
        conn,
        "SELECT u.id, u.id = :unit AS whole, ST_AsBinary(ST_SimplifyPreserveTopology(coalesce(u.geom_map, u.geom),"
        " 0.0015)) AS shape FROM core.admin_unit u, core.admin_unit whole WHERE whole.id = :unit AND (u.id = :unit"
        " OR (u.level = :level AND u.valid_from <= :day AND (u.valid_to IS NULL OR u.valid_to > :day)"
        " AND u.label_point && whole.geom AND ST_Covers(whole.geom, u.label_point)))",
        unit=unit_id,
        level=level,
        day=day,
    )
