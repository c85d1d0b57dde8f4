"""The tables in the database say what the layer definitions say, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text

from layers.model import Column, Layer
from layers.registry import registry
from spatial.access import SYSTEM, connect

POSTGRES_TYPES = {
    "text": "text",
    "integer": "bigint",
    "number": "double precision",
    "boolean": "boolean",
    "date": "date",
    "datetime": "timestamp with time zone",
}
STANDARD = {"id", "key", "run_id", "updated_at"}
STANDARD_WITH_GEOMETRY = STANDARD | {"geom", "unit_ids", "commune_code", "former_district_code"}
COLUMNS = """
    SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, col_description(a.attrelid, a.attnum)
    FROM pg_attribute a WHERE a.attrelid = to_regclass(:table) AND a.attnum > 0 AND NOT a.attisdropped
"""

WITH_TABLE = [layer for layer in registry().values() if layer.kind in ("feature", "record")]
BY_ID = pytest.mark.parametrize("layer", WITH_TABLE, ids=lambda layer: layer.id)


@pytest.fixture
def conn(database: str) -> Iterator[Connection]:
    with connect(SYSTEM) as connection:
        yield connection


def columns_of(conn: Connection, table: str) -> dict[str, tuple[str, bool, str | None]]:
    """Columns of a table: type, whether a value is a must, comment."""
    return {name: (kind, must, comment) for name, kind, must, comment in conn.execute(text(COLUMNS), {"table": table})}


def declared(columns: tuple[Column, ...]) -> dict[str, tuple[str, bool, str | None]]:
    return {column.name: (POSTGRES_TYPES[column.type], column.key, column.unit) for column in columns}


@BY_ID
def test_a_layers_table_has_its_public_columns_with_type_and_unit_and_no_others(conn: Connection, layer: Layer) -> None:
    found = columns_of(conn, f"layer.{layer.table}")
    standard = STANDARD_WITH_GEOMETRY if layer.geometry else STANDARD
    if layer.overlay.kind == "tiles":
        standard = standard | {"geom_3857"}
    assert set(found) == standard | {column.name for column in layer.public_columns}
    assert {name: found[name] for name in found if name not in standard} == declared(layer.public_columns)


@BY_ID
def test_a_layers_geometry_has_the_declared_type_in_longitude_and_latitude(conn: Connection, layer: Layer) -> None:
    found = columns_of(conn, f"layer.{layer.table}").get("geom")
    if layer.geometry is None:
        assert found is None
    else:
        assert found is not None
        assert found[:2] == (f"geometry({layer.geometry.type},4326)", layer.geometry.required)


@BY_ID
def test_private_columns_live_in_a_table_of_their_own(conn: Connection, layer: Layer) -> None:
    found = columns_of(conn, f"layer.{layer.table}_private")
    if not layer.private_columns:
        assert found == {}
    else:
        assert found.pop("key")[0] == "text"
        assert found == declared(layer.private_columns)


def test_every_table_of_the_layer_schema_belongs_to_a_layer(conn: Connection) -> None:
    tables = set(conn.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'layer'")).scalars())
    mains = {layer.table for layer in WITH_TABLE}
    privates = {f"{layer.table}_private" for layer in WITH_TABLE if layer.private_columns}
    assert tables == mains | privates


def test_a_unit_table_has_the_columns_the_layer_of_units_declares(conn: Connection) -> None:
    layer = registry()["admin_unit"]
    found = columns_of(conn, f"core.{layer.table}")
    assert {column.name for column in layer.columns} <= set(found)
    assert {name: found[name][2] for name in ("population", "area_km2")}["population"] == layer.column(
        "population"
    ).unit
