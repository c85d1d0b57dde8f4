"""Counts by unit and class, and the index of the search box."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

from layers.model import Layer
from spatial.queries.statements import sql


def summarise(conn: Connection, *, layer: Layer) -> int:
    """Write derived.feature_summary of one feature layer: count, and geodesic area of polygons (m2)."""
    assert layer.geometry is not None
    polygons = layer.geometry.type == "MultiPolygon"
    statement = sql("summarise").format(
        table=f"layer.{layer.table}",
        group=f"coalesce(CAST({layer.overlay.style_by} AS text), '')" if layer.overlay.style_by else "''",
        area="ST_Area(CAST(geom AS geography))" if polygons else "CAST(NULL AS double precision)",
    )
    conn.execute(text("DELETE FROM derived.feature_summary WHERE layer_id = :layer"), {"layer": layer.id})
    return conn.execute(text(statement), {"layer": layer.id}).rowcount


def counts(conn: Connection, *, layer_id: str, unit_id: int) -> dict[str, tuple[int, float | None]]:
    """Number and area (m2, polygons only) by class of what lies in a unit."""
    rows = conn.execute(
        text("SELECT class, n, area_m2 FROM derived.feature_summary WHERE layer_id = :layer AND unit_id = :unit"),
        {"layer": layer_id, "unit": unit_id},
    )
    return {row[0]: (int(row[1]), row[2]) for row in rows}


def searchable(layer: Layer) -> bool:
    """Things that stand somewhere under a name: not events in time, not parcels."""
    return (
        layer.kind == "feature"
        and layer.geometry is not None
        and layer.overlay.label is not None
        and layer.overlay.kind != "tiles"
        and layer.time_column is None
    )


def index_units(conn: Connection) -> int:
    """Write the search entries of administrative units, all versions, with the names of what they belong to."""
    conn.execute(text("DELETE FROM derived.search_entry WHERE layer_id = 'admin_unit'"))
    return conn.execute(text(sql("index_units"))).rowcount


def index_features(conn: Connection, *, layer: Layer) -> int:
    """Write the search entries of one feature layer: its label, and the commune of today."""
    values: dict[str, Any] = {"layer": layer.id}
    conn.execute(text("DELETE FROM derived.search_entry WHERE layer_id = :layer"), values)
    statement = sql("index_features").format(table=f"layer.{layer.table}", label=layer.overlay.label)
    return conn.execute(text(statement), values).rowcount
