"""Tables of feature and record layers, built from their definitions."""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    func,
)  # fmt: skip
from sqlalchemy.types import TypeEngine

from layers.model import Column as LayerColumn
from layers.model import Layer
from layers.registry import registry
from spatial.schema.base import metadata

SQL_TYPES: dict[str, type[TypeEngine] | TypeEngine] = {
    "text": Text,
    "integer": BigInteger,
    "number": Double,
    "boolean": Boolean,
    "date": Date,
    "datetime": DateTime(timezone=True),
}


def private_table_name(layer: Layer) -> str:
    """Name of the table that holds a layer's private columns."""
    return f"{layer.table}_private"


def _columns(columns: tuple[LayerColumn, ...]) -> list[Column]:
    return [Column(c.name, SQL_TYPES[c.type], nullable=not c.key, comment=c.unit) for c in columns]


def build_tables(layer: Layer, target: MetaData) -> None:
    """Add a layer's main table, and its private one when it has private columns, to ``target``."""
    name = layer.table
    assert name is not None
    indexes = [Index(f"ix_{name}_updated_at", "updated_at")]
    standard: list[Column] = [
        Column("id", BigInteger, Identity(), primary_key=True),
        Column("key", Text, nullable=False, unique=True, comment="key columns joined by a full stop"),
    ]
    if layer.geometry is not None:
        kind = layer.geometry.type.upper()
        standard.append(Column("geom", Geometry(kind, 4326), nullable=not layer.geometry.required))
        if layer.overlay.kind == "tiles":
            # Tiles are cut in web Mercator; transforming at load is paid once instead of per tile.
            standard.append(Column("geom_3857", Geometry(kind, 3857), Computed("ST_Transform(geom, 3857)", True)))
        standard += [
            Column("unit_ids", ARRAY(Integer), nullable=False, server_default="{}",
                   comment="every version of every unit that holds the feature"),
            Column("commune_code", Text, comment="commune of today"),
            Column("former_district_code", Text, comment="district until 30 June 2025"),
        ]  # fmt: skip
        indexes += [
            Index(f"ix_{name}_unit_ids", "unit_ids", postgresql_using="gin"),
            Index(f"ix_{name}_commune_code", "commune_code"),
        ]
    standard += [
        Column("run_id", BigInteger, comment="ops.ingest_run that wrote the row last"),
        Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    ]
    for searched in sorted({name for name in (layer.time_column, layer.overlay.style_by) if name is not None}):
        indexes.append(Index(f"ix_{name}_{searched}", searched))
    if layer.kind == "record" and layer.parent is not None and layer.time_column is not None:  # a history
        indexes.append(Index(f"ix_{name}_{layer.key_columns[0].name}", layer.key_columns[0].name))
    Table(name, target, *standard, *_columns(layer.public_columns), *indexes, schema="layer")
    if layer.private_columns:
        Table(
            private_table_name(layer),
            target,
            Column("key", Text, ForeignKey(f"layer.{name}.key", ondelete="CASCADE"), primary_key=True),
            *_columns(layer.private_columns),
            schema="layer",
        )


def feature_table(layer: Layer) -> Table:
    """The main table of a feature, record or admin_unit layer."""
    schema = "core" if layer.kind == "admin_unit" else "layer"
    return metadata.tables[f"{schema}.{layer.table}"]


for _layer in registry().values():
    if _layer.kind in ("feature", "record"):
        build_tables(_layer, metadata)
