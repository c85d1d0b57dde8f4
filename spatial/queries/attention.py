"""What needs somebody today, as the job «attention» last put it together; and what that job reads and writes of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, text

from spatial.analysis.attention import Before, Place
from spatial.queries.statements import Row, select_rows, sql


def list_attention(
    conn: Connection, *, unit_id: int | None = None, domain: str | None = None, limit: int = 50
) -> list[Row]:
    """Items of the page of a unit (None: lines of the widest page that holds them), the first to look at first.

    Columns as in ``derived.attention``, with ``unit_key`` and ``unit_name`` of the place, ``type_vi``, ``level``, and
    ``lon``, ``lat`` of its label.
    """
    return select_rows(
        conn,
        "SELECT a.*, u.key AS unit_key, u.name AS unit_name, u.type_vi, u.level, ST_X(u.label_point) AS lon,"
        " ST_Y(u.label_point) AS lat FROM derived.attention a JOIN core.admin_unit u ON u.id = a.unit_id"
        " WHERE (CASE WHEN CAST(:unit_id AS integer) IS NULL"
        " THEN EXISTS (SELECT FROM core.admin_unit p WHERE p.id = ANY(a.unit_ids) AND p.level = 'province')"
        " ELSE a.unit_ids @> ARRAY[CAST(:unit_id AS integer)] END)"
        " AND (CAST(:domain AS text) IS NULL OR a.domain = :domain)"
        " ORDER BY a.rank DESC, a.since, a.id LIMIT :limit",
        unit_id=unit_id,
        domain=domain,
        limit=limit,
    )


def count_attention(conn: Connection, *, unit_ids: Sequence[int]) -> dict[int, Row]:
    """Lines by page: ``n``, and ``severe`` (of them severe or extreme); units without a line are left out."""
    rows = select_rows(
        conn,
        "SELECT page.id AS unit_id, count(*) AS n,"
        " count(*) FILTER (WHERE a.severity IN ('severe', 'extreme')) AS severe"
        " FROM derived.attention a CROSS JOIN LATERAL unnest(a.unit_ids) AS page(id)"
        " WHERE a.unit_ids && CAST(:unit_ids AS integer[]) AND page.id = ANY(:unit_ids) GROUP BY page.id",
        unit_ids=list(unit_ids),
    )
    return {row["unit_id"]: row for row in rows}


def last_look(conn: Connection) -> datetime | None:
    """When the job last looked at everything; None before its first run."""
    found: datetime | None = conn.execute(
        text("SELECT max(finished_at) FROM ops.job_run WHERE job = 'attention' AND state = 'done'")
    ).scalar()
    return found


# ---------------------------------------------------------------- of the job


def places(conn: Connection, *, today: date) -> tuple[dict[int, Place], dict[int, str]]:
    """Units with a page, by id: as places, and their keys."""
    rows = select_rows(conn, sql("attention_places"), today=today)
    tree = {
        row["id"]: Place(
            row["id"],
            row["level"],
            tuple(up for up in (row["district_id"], row["province_id"]) if up is not None),
            row["population"] or 0,
        )
        for row in rows
    }
    return tree, {row["id"]: row["key"] for row in rows}


def before(conn: Connection) -> list[Before]:
    """What stands in the table now."""
    rows = select_rows(conn, "SELECT unit_ids, since, facts FROM derived.attention")
    return [
        Before(
            row["facts"].get("cause", ""),
            frozenset(row["unit_ids"]),
            row["since"],
            tuple((at, value) for at, value in row["facts"].get("course", ())),
        )
        for row in rows
    ]


def merge(conn: Connection, *, rows: Sequence[Row], now: datetime) -> Row:
    """Replace the table by ``rows``; those that stay keep their id. Returns ``lines``, ``fresh`` and ``gone``."""
    return select_rows(conn, sql("attention_merge"), rows=json.dumps(list(rows), default=_plain), now=now)[0]


def _plain(value: object) -> str:
    if isinstance(value, date):  # and datetime
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot stand in the facts of a line")
