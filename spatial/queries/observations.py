"""Stations and what they measure, as the screens ask for it: approved hours. Times are UTC and end the hour.

Rows of values have ``value``, ``status`` and ``flag``. Where the hour is good, status and flag are 0. Where it is not,
``value`` is what was measured all the same (None when nothing was), so that a screen can draw it as doubtful, and
status or flag is not 0. Means, indices and exceedances are computed from good hours alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, text

from layers.model import Layer
from layers.registry import get_layer
from spatial.queries import forecasts
from spatial.queries.statements import Row, select_rows, sql
from spatial.schema.feature import feature_table
from spatial.settings import LOCAL_ZONE

# An hour as a screen draws it: doubtful ones with what was measured, and why they are doubtful.
HOUR = (
    "coalesce(h.value, h.raw) AS value, CASE WHEN h.value IS NULL THEN h.status ELSE 0 END AS status,"
    " CASE WHEN h.value IS NULL THEN h.flag ELSE 0 END AS flag"
)


def _station_layer(layer: Layer) -> Layer:
    assert layer.series is not None
    return get_layer(layer.series.station_layer)


def list_stations(conn: Connection, *, layer: Layer) -> list[Row]:
    """Stations of an observation layer with position (degrees), the units that hold them and their attributes."""
    station = _station_layer(layer)
    wanted = [column.name for column in station.public_columns if column.name not in ("name", "key")]
    columns = "".join(f", station.{name}" for name in wanted)
    label = station.overlay.label or station.key_columns[0].name
    return select_rows(
        conn,
        f"SELECT station.key, coalesce(station.{label}, station.key) AS name, ST_X(station.geom) AS lon,"  # noqa: S608
        f" ST_Y(station.geom) AS lat, station.unit_ids, station.commune_code, station.former_district_code{columns}"
        f" FROM {feature_table(station).fullname} station ORDER BY station.key",
    )


def parameter_values(conn: Connection, *, layer: Layer, parameter: str, first: datetime, last: datetime) -> list[Row]:
    """Hours of one parameter at all stations, first <= time <= last: key, time, value, status, flag."""
    return select_rows(
        conn,
        f"SELECT series.feature_key AS key, h.time, {HOUR} FROM core.series series"  # noqa: S608 - a constant
        " JOIN derived.observation_hourly h ON h.series_id = series.id"
        " WHERE series.layer_id = :layer AND series.parameter = :parameter AND h.time BETWEEN :first AND :last"
        " ORDER BY series.feature_key, h.time",
        layer=layer.id,
        parameter=parameter,
        first=first,
        last=last,
    )


def parameter_forecasts(
    conn: Connection, *, layer: Layer, parameter: str, first: datetime, last: datetime
) -> list[Row]:
    """Median of each station's newest forecast, first < target <= last."""
    return select_rows(
        conn,
        "SELECT issue.feature_key AS key, value.target AS time, value.q50 AS value, issue.issued_at FROM ("
        "SELECT DISTINCT ON (series.id) series.feature_key, issue.id, issue.issued_at FROM core.series series"
        " JOIN derived.forecast_issue issue ON issue.series_id = series.id"
        " WHERE series.layer_id = :layer AND series.parameter = :parameter"
        " ORDER BY series.id, issue.issued_at DESC) AS issue"
        " JOIN derived.forecast_value value ON value.issue_id = issue.id"
        " WHERE value.target > :first AND value.target <= :last ORDER BY issue.feature_key, value.target",
        layer=layer.id,
        parameter=parameter,
        first=first,
        last=last,
    )


def station_values(
    conn: Connection, *, layer: Layer, key: str, parameter: str, first: datetime, last: datetime
) -> list[Row]:
    """Hours of one parameter at one station, first <= time <= last: time, value, status, flag."""
    return select_rows(
        conn,
        f"SELECT h.time, {HOUR} FROM core.series series"  # noqa: S608 - a constant
        " JOIN derived.observation_hourly h ON h.series_id = series.id WHERE series.layer_id = :layer"
        " AND series.feature_key = :key AND series.parameter = :parameter AND h.time BETWEEN :first AND :last"
        " ORDER BY h.time",
        layer=layer.id,
        key=key,
        parameter=parameter,
        first=first,
        last=last,
    )


def station_forecast(conn: Connection, *, layer: Layer, key: str, parameter: str) -> list[Row]:
    """Newest forecast of a station's parameter: quantiles by hour, or one row that says why there is none."""
    series = conn.execute(
        text("SELECT id FROM core.series WHERE layer_id = :layer AND feature_key = :key AND parameter = :parameter"),
        {"layer": layer.id, "key": key, "parameter": parameter},
    ).scalars()
    return [row | {"time": row["target"]} for row in forecasts.latest(conn, series_ids=list(series))]


def newest_values(conn: Connection, *, layer: Layer, now: datetime) -> list[Row]:
    """Newest hour of each series with a value or a state of the device, not after ``now``.

    Rows have key, parameter, time, value, status, flag; the last four are None for a series that never came.
    """
    return select_rows(
        conn,
        "SELECT series.feature_key AS key, series.parameter, newest.time, newest.value, newest.status, newest.flag"  # noqa: S608
        " FROM core.series series LEFT JOIN LATERAL (SELECT h.time, "
        + HOUR
        + " FROM derived.observation_hourly h WHERE h.series_id = series.id AND h.time <= :now"
        " AND (h.raw IS NOT NULL OR h.status <> 0) ORDER BY h.time DESC LIMIT 1) AS newest ON true"
        " WHERE series.layer_id = :layer ORDER BY series.feature_key, series.parameter",
        layer=layer.id,
        now=now,
    )


def latest_values(conn: Connection, *, layer: Layer, day_before: datetime, now: datetime) -> list[Row]:
    """By station and parameter: the newest hour, and how complete the last day and the last month are.

    Rows have key, parameter, time, value, status, flag of the newest hour with a value or a state of the device, not
    after ``now`` (None without one); ``received`` and ``good`` hours since ``day_before``; and of the 30 local days up
    to that of ``now``: ``month_received``, ``month_good`` and ``month_hours``, the hours that have passed in them.
    """
    statement = sql("latest_values").format(hour=HOUR)
    return select_rows(conn, statement, layer=layer.id, day_before=day_before, now=now, zone=LOCAL_ZONE.key)


def unit_days(
    conn: Connection, *, layer: Layer, parameter: str, unit_ids: Sequence[int], first: date, last: date
) -> list[Row]:
    """Daily means of units, first <= day <= last: unit_id, day, stations, mean, maximum (the highest hour)."""
    return select_rows(
        conn,
        "SELECT unit_id, day, stations, mean, maximum FROM derived.unit_daily WHERE layer_id = :layer"
        " AND parameter = :parameter AND unit_id = ANY(:unit_ids) AND day BETWEEN :first AND :last"
        " ORDER BY unit_id, day",
        layer=layer.id,
        parameter=parameter,
        unit_ids=list(unit_ids),
        first=first,
        last=last,
    )


def newest_time(conn: Connection, *, layers: Sequence[str]) -> datetime | None:
    """Newest observation time of the layers: the data clock."""
    found = conn.execute(
        text("SELECT max(data_until) FROM ops.layer_version WHERE layer_id = ANY(:layers)"), {"layers": list(layers)}
    )
    return found.scalar()


def newest_raw_time(conn: Connection, *, now: datetime) -> datetime | None:
    """Newest time of any stored value, not after ``now``: where a feed goes on."""
    found = conn.execute(
        text(
            "SELECT max(newest.time) FROM core.series s CROSS JOIN LATERAL (SELECT o.time FROM core.observation o"
            " WHERE o.series_id = s.id AND o.time <= :now ORDER BY o.time DESC LIMIT 1) AS newest"
        ),
        {"now": now},
    )
    return found.scalar()
