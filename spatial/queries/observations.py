"""Stations and what they measure, as the screens ask for it. Times are UTC and end the hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, text

from layers.model import Layer
from layers.registry import get_layer
from spatial.queries import forecasts
from spatial.queries.statements import Row, select_rows
from spatial.schema.feature import feature_table


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
    """Values of one parameter at all stations, first <= time <= last."""
    return select_rows(
        conn,
        "SELECT series.feature_key AS key, o.time, o.value, o.status, o.flag FROM core.series series"
        " JOIN core.observation o ON o.series_id = series.id"
        " WHERE series.layer_id = :layer AND series.parameter = :parameter AND o.time BETWEEN :first AND :last"
        " ORDER BY series.feature_key, o.time",
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
    """Values of one parameter at one station with status and flag."""
    return select_rows(
        conn,
        "SELECT o.time, o.value, o.status, o.flag FROM core.series series"
        " JOIN core.observation o ON o.series_id = series.id WHERE series.layer_id = :layer"
        " AND series.feature_key = :key AND series.parameter = :parameter AND o.time BETWEEN :first AND :last"
        " ORDER BY o.time",
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


def latest_values(conn: Connection, *, layer: Layer, day_before: datetime, now: datetime) -> list[Row]:
    """By station and parameter: the newest row with a value, and how many came and were good since ``day_before``."""
    return select_rows(
        conn,
        "SELECT series.feature_key AS key, series.parameter, newest.time, newest.value, newest.status, newest.flag,"
        " day.received, day.good FROM core.series series"
        " LEFT JOIN LATERAL (SELECT o.time, o.value, o.status, o.flag FROM core.observation o"
        " WHERE o.series_id = series.id AND o.time <= :now AND (o.value IS NOT NULL OR o.status <> 0)"
        " ORDER BY o.time DESC LIMIT 1) AS newest ON true"
        " LEFT JOIN LATERAL (SELECT count(o.value) AS received,"
        " count(o.value) FILTER (WHERE o.status = 0 AND o.flag = 0) AS good FROM core.observation o"
        " WHERE o.series_id = series.id AND o.time > :day_before AND o.time <= :now) AS day ON true"
        " WHERE series.layer_id = :layer ORDER BY series.feature_key, series.parameter",
        layer=layer.id,
        day_before=day_before,
        now=now,
    )


def newest_time(conn: Connection, *, layers: Sequence[str]) -> datetime | None:
    """Newest observation time of the layers: the data clock."""
    found = conn.execute(
        text("SELECT max(data_until) FROM ops.layer_version WHERE layer_id = ANY(:layers)"), {"layers": list(layers)}
    )
    return found.scalar()
