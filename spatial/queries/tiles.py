"""Mapbox vector tiles made by PostGIS, in web Mercator. Few attributes: what draws and names a feature."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Connection, Integer, Select, func, literal, literal_column, or_, select

from layers.model import Layer
from spatial.schema.admin import admin_unit
from spatial.schema.feature import feature_table

EXTENT, BUFFER = 4096, 64  # units of a tile, and how far beyond its edge a border is drawn
WEB_MERCATOR, WGS84 = 3857, 4326


def tile_attributes(layer: Layer) -> tuple[str, ...]:
    """Names of the attributes in a layer's tiles, beside ``key``."""
    named = (layer.overlay.style_by, layer.overlay.label)
    return tuple(dict.fromkeys(name for name in named if name is not None))


def feature_tile(conn: Connection, *, layer: Layer, z: int, x: int, y: int) -> bytes:
    """A tile of a feature layer; empty when nothing lies in it."""
    table = feature_table(layer)
    rows = select(
        table.c.id,
        table.c.key,
        *(table.c[name] for name in tile_attributes(layer)),
        _clipped(table.c.geom_3857, z, x, y).label("geom"),
    ).where(table.c.geom_3857.op("&&")(_envelope(z, x, y, BUFFER / EXTENT)))
    return _encode(conn, rows, layer.id)


def unit_tile(conn: Connection, *, layer: Layer, z: int, x: int, y: int, day: date, level: str | None) -> bytes:
    """A tile of the administrative units valid on a day, all levels or one."""
    unit = admin_unit.c
    shape = func.ST_Transform(func.coalesce(unit.geom_map, unit.geom), literal(WEB_MERCATOR, Integer))
    rows = select(
        unit.id,
        unit.key,
        unit.code,
        unit.level,
        unit.name,
        _clipped(shape, z, x, y).label("geom"),
    ).where(
        unit.geom.op("&&")(func.ST_Transform(_envelope(z, x, y, BUFFER / EXTENT), literal(WGS84, Integer))),
        unit.valid_from <= day,
        or_(unit.valid_to.is_(None), unit.valid_to > day),
    )
    return _encode(conn, rows if level is None else rows.where(unit.level == level), layer.id)


def _envelope(z: int, x: int, y: int, margin: float) -> ColumnElement:
    world = func.ST_MakeEnvelope(
        literal_column("-20037508.342789244"), literal_column("-20037508.342789244"),
        literal_column("20037508.342789244"), literal_column("20037508.342789244"),
        literal(WEB_MERCATOR, Integer),
    )  # fmt: skip
    return func.ST_TileEnvelope(literal(z, Integer), literal(x, Integer), literal(y, Integer), world, margin)


def _clipped(geom: ColumnElement, z: int, x: int, y: int) -> ColumnElement:
    return func.ST_AsMVTGeom(
        geom, _envelope(z, x, y, 0.0), literal(EXTENT, Integer), literal(BUFFER, Integer), literal_column("true")
    )


def _encode(conn: Connection, rows: Select, name: str) -> bytes:
    q = rows.subquery("q")
    tile = select(func.ST_AsMVT(literal_column("q"), name, literal(EXTENT, Integer), "geom", "id")).select_from(q)
    return bytes(conn.execute(tile.where(q.c.geom.is_not(None))).scalar_one() or b"")
