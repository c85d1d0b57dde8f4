"""Which units hold a feature: the one statement used at load and after units changed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text

from layers.model import Layer
from spatial.admin_units import LAST_DISTRICT_DAY
from spatial.queries.statements import sql
from spatial.settings import LOCAL_ZONE


def placement(relation: str, condition: str = "true") -> str:
    """SELECT of id, unit_ids, commune_code, former_district_code for a relation with id and geom (EPSG:4326).

    Run it with ``placement_values()``. The relation and the condition are the program's, never a user's.
    """
    return sql("place").format(relation=relation, condition=condition)


def placement_values(today: date | None = None) -> dict[str, Any]:
    """Parameters of ``placement``; today is the local day."""
    return {"today": today or datetime.now(LOCAL_ZONE).date(), "last_district_day": LAST_DISTRICT_DAY}


def place_features(conn: Connection, *, layer: Layer, run_id: int | None) -> int:
    """Set unit_ids, commune_code and former_district_code of the rows of one ingest run, or of all (None).

    Rows that stay where they are are not written. Returns the number of rows written.
    """
    if layer.geometry is None or layer.kind != "feature":
        return 0
    condition = "true" if run_id is None else "run_id = :run_id"
    statement = text(
        f"UPDATE layer.{layer.table} t SET unit_ids = p.unit_ids, commune_code = p.commune_code,"  # noqa: S608
        f" former_district_code = p.former_district_code FROM ({placement(f'layer.{layer.table}', condition)}) AS p"
        " WHERE t.id = p.id AND (t.unit_ids, t.commune_code, t.former_district_code)"
        " IS DISTINCT FROM (p.unit_ids, p.commune_code, p.former_district_code)"
    )
    values = placement_values() | ({} if run_id is None else {"run_id": run_id})
    return conn.execute(statement, values).rowcount
