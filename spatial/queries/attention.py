"""What needs somebody today, as the job «attention» last put it together."""

from __future__ import annotations

from sqlalchemy import Connection

from spatial.queries.statements import Row, select_rows


def list_attention(
    conn: Connection, *, unit_id: int | None = None, domain: str | None = None, limit: int = 50
) -> list[Row]:
    """Items of a unit and all below it (None: of everything), the first to look at first.

    Columns as in ``derived.attention``, with ``unit_key`` and ``unit_name`` of the place.
    """
    return select_rows(
        conn,
        "SELECT a.*, u.key AS unit_key, u.name AS unit_name, u.type_vi, u.level FROM derived.attention a"
        " JOIN core.admin_unit u ON u.id = a.unit_id"
        " WHERE (CAST(:unit_id AS integer) IS NULL OR a.unit_ids @> ARRAY[CAST(:unit_id AS integer)])"
        " AND (CAST(:domain AS text) IS NULL OR a.domain = :domain)"
        " ORDER BY a.rank DESC, a.since, a.id LIMIT :limit",
        unit_id=unit_id,
        domain=domain,
        limit=limit,
    )
