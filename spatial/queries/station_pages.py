"""What the pages of stations read: roll-ups of a network, of one station, of several. Times are UTC, end the hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from layers.model import Layer
from spatial.queries.statements import Row, select_rows, sql


def list_series(conn: Connection, *, layer: Layer, key: str) -> list[Row]:
    """What a station measures: series_id, parameter."""
    return select_rows(
        conn,
        "SELECT id AS series_id, parameter FROM core.series WHERE layer_id = :layer AND feature_key = :key ORDER BY id",
        layer=layer.id,
        key=key,
    )


def network(
    conn: Connection, *, layer: Layer, now: datetime, clock: datetime, today: date, key: str | None = None
) -> list[Row]:
    """By series: newest hour not after ``now``, hours received and good in the 24 h and 30 d up to ``clock``.

    Rows: series_id, key, parameter, cadence_minutes, time, value, raw, status, flag, reviewed, received_24h,
    good_24h, received_30d, good_30d (hours).
    """
    return select_rows(conn, sql("station_network"), layer=layer.id, now=now, clock=clock, today=today, key=key)


def newest_indices(
    conn: Connection, *, layer: Layer, index_ids: Sequence[str], now: datetime, key: str | None = None
) -> list[Row]:
    """Newest row of each index by station, not after ``now``: key, index_id, time, value ...

    Of ``time``, an hour's index ends the hour, a day's the local day.
    """
    return select_rows(conn, sql("station_indices"), layer=layer.id, index_ids=list(index_ids), now=now, key=key)


def index_history(
    conn: Connection, *, layer: Layer, key: str, index_id: str, first: datetime, last: datetime
) -> list[Row]:
    """One index of one station, first < time <= last: time, value, level, dominant, reason, scale."""
    return select_rows(
        conn,
        "SELECT index_id, time, value, level, dominant, reason, scale FROM derived.station_index"
        " WHERE layer_id = :layer AND feature_key = :key AND index_id = :index_id AND time > :first AND time <= :last"
        " ORDER BY time",
        layer=layer.id,
        key=key,
        index_id=index_id,
        first=first,
        last=last,
    )


def hourly(conn: Connection, *, series_ids: Sequence[int], first: datetime, last: datetime) -> list[Row]:
    """Approved hours of some series, first <= time <= last: value (None = too few good ones), raw, status, flag."""
    return select_rows(
        conn,
        "SELECT series_id, time, value, raw, status, flag, reviewed FROM derived.observation_hourly"
        " WHERE series_id = ANY(:series_ids) AND time BETWEEN :first AND :last ORDER BY series_id, time",
        series_ids=list(series_ids),
        first=first,
        last=last,
    )


def daily(conn: Connection, *, series_ids: Sequence[int], first: date, last: date) -> list[Row]:
    """Local days of some series, first <= day <= last: hours received and good, mean, minimum, maximum."""
    return select_rows(
        conn,
        "SELECT series_id, day, n, n_good, mean, minimum, maximum FROM derived.observation_daily"
        " WHERE series_id = ANY(:series_ids) AND day BETWEEN :first AND :last ORDER BY series_id, day",
        series_ids=list(series_ids),
        first=first,
        last=last,
    )


def median_hours(conn: Connection, *, layer: Layer, parameter: str, first: datetime, last: datetime) -> list[Row]:
    """Median of the network's stations by hour, first <= time <= last: time, value, stations."""
    return select_rows(
        conn,
        "SELECT h.time, percentile_cont(0.5) WITHIN GROUP (ORDER BY h.value) AS value, count(*)::int AS stations"
        " FROM core.series s JOIN derived.observation_hourly h ON h.series_id = s.id"
        " WHERE s.layer_id = :layer AND s.parameter = :parameter AND h.time BETWEEN :first AND :last"
        " AND h.value IS NOT NULL GROUP BY h.time ORDER BY h.time",
        layer=layer.id,
        parameter=parameter,
        first=first,
        last=last,
    )


def median_days(conn: Connection, *, layer: Layer, parameter: str, first: date, last: date) -> list[Row]:
    """The same by local day from daily means: day, mean, stations."""
    return select_rows(
        conn,
        "SELECT d.day, percentile_cont(0.5) WITHIN GROUP (ORDER BY d.mean) AS mean, count(*)::int AS stations"
        " FROM core.series s JOIN derived.observation_daily d ON d.series_id = s.id"
        " WHERE s.layer_id = :layer AND s.parameter = :parameter AND d.day BETWEEN :first AND :last"
        " AND d.mean IS NOT NULL GROUP BY d.day ORDER BY d.day",
        layer=layer.id,
        parameter=parameter,
        first=first,
        last=last,
    )


def span(conn: Connection, *, series_ids: Sequence[int]) -> tuple[date, date] | None:
    """First and last local day with a value; None when there never was one."""
    rows = select_rows(
        conn,
        "SELECT min(day) AS first, max(day) AS last FROM derived.observation_daily WHERE series_id = ANY(:series_ids)",
        series_ids=list(series_ids),
    )
    return None if rows[0]["first"] is None else (rows[0]["first"], rows[0]["last"])


def days_over_limit(
    conn: Connection, *, layer: Layer, first: date, last: date, key: str | None = None, hours: int | None = None
) -> list[Row]:
    """By station, parameter and kind of limit: days over the limit that held on them, and the worst mean.

    Rows: key, parameter, hours (of the mean), days, worst, limit_value (of the newest such day).
    """
    return select_rows(
        conn,
        "SELECT s.feature_key AS key, s.parameter, e.hours, count(*)::int AS days, max(e.worst) AS worst,"
        " (array_agg(e.limit_value ORDER BY e.day DESC))[1] AS limit_value FROM core.series s"
        " JOIN derived.exceedance e ON e.series_id = s.id WHERE s.layer_id = :layer AND e.day BETWEEN :first AND :last"
        " AND (CAST(:key AS text) IS NULL OR s.feature_key = :key)"
        " AND (CAST(:hours AS int) IS NULL OR e.hours = :hours)"
        " GROUP BY s.feature_key, s.parameter, e.hours ORDER BY s.feature_key, s.parameter, e.hours",
        layer=layer.id,
        first=first,
        last=last,
        key=key,
        hours=hours,
    )


def open_alerts(conn: Connection, *, layer: Layer, key: str | None = None) -> list[Row]:
    """Alerts nobody has closed, by station: key, n, n_instrument, newest (id of the alert)."""
    return select_rows(
        conn,
        "SELECT feature_key AS key, count(*)::int AS n, count(*) FILTER (WHERE cause = 'instrument')::int"
        " AS n_instrument, max(id) AS newest FROM core.alert WHERE layer_id = :layer AND state <> 'closed'"
        " AND (CAST(:key AS text) IS NULL OR feature_key = :key) GROUP BY feature_key ORDER BY feature_key",
        layer=layer.id,
        key=key,
    )


def sources(
    conn: Connection, *, series_ids: Sequence[int], since: datetime, until: datetime, limit: int = 12
) -> list[Row]:
    """Runs that brought a station's values since a time: file, agency, who, counts, and the hours they cover."""
    return select_rows(conn, sql("station_sources"), series_ids=list(series_ids), since=since, until=until, limit=limit)
