"""What a briefing reads beside the leaders' figures, and the briefings that were made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from spatial.queries.statements import Row, select_rows

FIELDS = "id, unit_key, cycle, as_of, language, facts, sha256, actor, made_at"


def shapes(conn: Connection, *, unit_ids: Sequence[int], steps: int = 900) -> list[Row]:
    """Generalised outlines for a drawing: id, shape (WKB, degrees), lon and lat of the name.

    Details smaller than the extent of all of them divided by ``steps`` are left out.
    """
    return select_rows(
        conn,
        "WITH unit AS (SELECT id, coalesce(geom_map, geom) AS geom, label_point FROM core.admin_unit"
        " WHERE id = ANY(:unit_ids)), box AS (SELECT ST_Extent(geom) AS b FROM unit)"
        " SELECT unit.id, ST_X(unit.label_point) AS lon, ST_Y(unit.label_point) AS lat,"
        " ST_AsBinary(ST_SimplifyPreserveTopology(unit.geom,"
        " greatest(ST_XMax(b) - ST_XMin(b), ST_YMax(b) - ST_YMin(b)) / CAST(:steps AS float))) AS shape"
        " FROM unit, box ORDER BY unit.id",
        unit_ids=list(unit_ids),
        steps=steps,
    )


def newest_briefing(
    conn: Connection, *, unit_key: str, cycle: str | None = None, at: str | None = None, before: datetime | None = None
) -> Row | None:
    """The last briefing of a unit (of a cycle; None: of any), about the same month ``at`` (None: about today)."""
    found = select_rows(
        conn,
        f"SELECT {FIELDS} FROM ops.briefing WHERE unit_key = :unit_key"  # noqa: S608 - a constant
        " AND (CAST(:cycle AS text) IS NULL OR cycle = :cycle) AND (facts ->> 'at') IS NOT DISTINCT FROM :at"
        " AND (CAST(:before AS timestamptz) IS NULL OR made_at < :before) ORDER BY made_at DESC, id DESC LIMIT 1",
        unit_key=unit_key,
        cycle=cycle,
        at=at,
        before=before,
    )
    return found[0] if found else None


def put_briefing(
    conn: Connection, *, unit_key: str, cycle: str, as_of: datetime, language: str, facts: dict[str, Any],
    sha256: str, actor: str, made_at: datetime,
) -> int:  # fmt: skip
    """Record a briefing whose file lies in its place already; its id."""
    statement = text(
        "INSERT INTO ops.briefing (unit_key, cycle, as_of, language, facts, sha256, actor, made_at)"
        " VALUES (:unit_key, :cycle, :as_of, :language, :facts, :sha256, :actor, :made_at) RETURNING id"
    ).bindparams(bindparam("facts", type_=JSONB))
    found = conn.execute(
        statement,
        {
            "unit_key": unit_key, "cycle": cycle, "as_of": as_of, "language": language, "facts": facts,
            "sha256": sha256, "actor": actor, "made_at": made_at,
        },
    )  # fmt: skip
    return int(found.scalar_one())


def list_briefings(conn: Connection, *, unit_key: str | None = None, limit: int = 100) -> list[Row]:
    """Briefings, the newest first, without their facts; with the name of the unit (NULL when it is gone)."""
    return select_rows(
        conn,
        "SELECT b.id, b.unit_key, b.cycle, b.as_of, b.language, b.sha256, b.actor, b.made_at, b.facts ->> 'at' AS at,"
        " jsonb_array_length(coalesce(b.facts -> 'changes', '[]')) AS changes, u.name, u.type_vi"
        " FROM ops.briefing b LEFT JOIN core.admin_unit u ON u.key = b.unit_key"
        " WHERE CAST(:unit_key AS text) IS NULL OR b.unit_key = :unit_key"
        " ORDER BY b.made_at DESC, b.id DESC LIMIT :limit",
        unit_key=unit_key,
        limit=limit,
    )


def get_briefing(conn: Connection, *, briefing_id: int) -> Row | None:
    """One briefing with its facts; None when there is none."""
    found = select_rows(
        conn,
        f"SELECT {FIELDS} FROM ops.briefing WHERE id = :id",  # noqa: S608 - a constant
        id=briefing_id,
    )
    return found[0] if found else None


def briefing_files(conn: Connection) -> set[str]:
    """SHA-256 of every file a briefing refers to."""
    return set(conn.execute(text("SELECT sha256 FROM ops.briefing WHERE sha256 IS NOT NULL")).scalars())
