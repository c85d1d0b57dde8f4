"""Stations and their series for OGC API - EDR: public layers, approved hours, good values only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from layers.model import Layer
from layers.registry import get_layer
from spatial.queries.statements import sql
from spatial.schema.feature import feature_table

METRES_OF_POSITION = 10_000.0  # a position means the nearest station this near


@dataclass(frozen=True)
class Station:
    """A station: degrees, EPSG:4326."""

    key: str
    name: str | None
    longitude: float
    latitude: float


@dataclass(frozen=True)
class Value:
    """One hour of a series; None when too few of its values are good (see ``spatial.queries.rollup``)."""

    key: str
    parameter: str
    time: datetime
    value: float | None


def stations_in(conn: Connection, *, layer: Layer, wkt: str, metres: float = 0.0) -> list[Station]:
    """Stations in a geometry (WKT, longitude latitude), or within a distance of it in metres, the nearest first."""
    table = _stations(layer)
    shape = func.ST_GeomFromText(wkt, 4326)
    distance = func.ST_Distance(func.geography(table.c.geom), func.geography(shape))
    inside = distance <= metres if metres > 0 else func.ST_Intersects(table.c.geom, shape)
    return _read(conn, layer, inside, distance)


def nearest_station(conn: Connection, *, layer: Layer, wkt: str) -> Station | None:
    """The station nearest to a point, None when none is within ``METRES_OF_POSITION``."""
    found = stations_in(conn, layer=layer, wkt=wkt, metres=METRES_OF_POSITION)
    return found[0] if found else None


def station(conn: Connection, *, layer: Layer, key: str) -> Station | None:
    """One station by its key."""
    table = _stations(layer)
    found = _read(conn, layer, table.c.key == key, table.c.key)
    return found[0] if found else None


def all_stations(conn: Connection, *, layer: Layer) -> list[Station]:
    """Every station with a position, by key."""
    table = _stations(layer)
    return _read(conn, layer, table.c.geom.is_not(None), table.c.key)


def series_values(
    conn: Connection, *, layer: Layer, keys: Sequence[str], parameters: Sequence[str],
    low: datetime | None, high: datetime | None, limit: int,
) -> list[Value]:  # fmt: skip
    """Hours by station, parameter and time, at most ``limit``; a bad hour is there with None."""
    statement = text(sql("edr_values")).bindparams(
        bindparam("keys", type_=ARRAY(Text)), bindparam("parameters", type_=ARRAY(Text))
    )
    rows = conn.execute(
        statement,
        {"layer": layer.id, "keys": list(keys), "parameters": list(parameters), "low": low, "high": high,
         "limit": limit},
    )  # fmt: skip
    return [Value(*row) for row in rows]


def _stations(layer: Layer) -> Table:
    assert layer.series is not None
    return feature_table(get_layer(layer.series.station_layer))


def _read(conn: Connection, layer: Layer, condition: ColumnElement[bool], order: ColumnElement) -> list[Station]:
    assert layer.series is not None
    station_layer, table = get_layer(layer.series.station_layer), _stations(layer)
    label = table.c[station_layer.overlay.label] if station_layer.overlay.label else table.c.key
    statement = select(table.c.key, label, func.ST_X(table.c.geom), func.ST_Y(table.c.geom))
    rows = conn.execute(statement.where(condition, table.c.geom.is_not(None)).order_by(order, table.c.key))
    return [Station(*row) for row in rows]
