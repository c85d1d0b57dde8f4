"""What a unit report is made of: numbers of public layers for one version of a unit."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text

from spatial.queries.statements import sql
from spatial.settings import indicator_settings

type Row = dict[str, Any]


def unit_shape(conn: Connection, *, unit_id: int) -> bytes:
    """Border of a unit as WKB, EPSG:4326, full detail."""
    found = conn.execute(text("SELECT ST_AsBinary(geom) FROM core.admin_unit WHERE id = :id"), {"id": unit_id})
    return bytes(found.scalar_one())


def summary_counts(conn: Connection, *, unit_id: int, layer_ids: list[str]) -> list[Row]:
    """Features and area (m2) of a unit by layer, as the summary job counted them."""
    return _rows(conn, "report_counts", unit_id=unit_id, layers=layer_ids)


def newest_indicators(conn: Connection, *, unit_id: int, layer_id: str, day: date) -> list[Row]:
    """The newest value of each indicator of a unit whose month began on or before a day; plans left out."""
    return _rows(conn, "report_indicators", unit_id=unit_id, layer=layer_id, day=day,
                 fewest=indicator_settings().small_cell)  # fmt: skip


def station_means(
    conn: Connection, *, unit_id: int, layer_id: str, table: str, low: datetime, high: datetime
) -> list[Row]:
    """By parameter: mean and largest good value of the stations inside a unit between two times, and how many."""
    return _rows(conn, "report_stations", {"{stations}": table}, unit_id=unit_id, layer=layer_id, low=low, high=high)


def _rows(conn: Connection, name: str, names: dict[str, str] | None = None, **values: object) -> list[Row]:
    statement = sql(name)
    for placeholder, identifier in (names or {}).items():
        statement = statement.replace(placeholder, identifier)
    return [dict(row) for row in conn.execute(text(statement), values).mappings()]
