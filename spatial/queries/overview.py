"""Reads of the leaders' pages that are not figures themselves: outlines for drawing, cases counted, marks.

Every statement is bound to units and codes through an index or a primary key; none reads more as history grows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, text

from spatial.queries.statements import Row, select_rows, sql

# Jobs after which what the leaders' pages show may differ.
JOBS = ("indicators", "outlook", "attention", "feedback", "forecast", "summary", "cameras")


def outlines(conn: Connection, *, unit_ids: Sequence[int], width: int = 4000) -> list[Row]:
    """Outlines as SVG paths on one grid of ``width`` steps, x to the east and y to the south, true to shape.

    Columns: id, path (relative, whole numbers), and the box left, top, right, bottom on the same grid.
    """
    return select_rows(conn, sql("overview_outlines"), unit_ids=list(unit_ids), width=width)


def case_counts(
    conn: Connection, *, unit_ids: Sequence[int], codes: Sequence[str], first: date, last: date
) -> list[Row]:
    """Cases computed indicators rest on: unit_id, code, period, n, until."""
    return select_rows(
        conn,
        "SELECT unit_id, code, period, n, until FROM derived.indicator_computed"
        " WHERE unit_id = ANY(:unit_ids) AND code = ANY(:codes) AND period BETWEEN :first AND :last",
        unit_ids=list(unit_ids),
        codes=list(codes),
        first=first,
        last=last,
    )


def mark(conn: Connection) -> str:
    """Changes whenever a load or a job changed what the leaders' pages show."""
    found = conn.execute(
        text(
            "SELECT concat_ws('/', (SELECT string_agg(layer_id || version, ',' ORDER BY layer_id)"
            " FROM ops.layer_version WHERE layer_id IN"
            " ('indicator', 'admin_unit', 'school', 'clinic', 'camera', 'parcel')),"
            " (SELECT string_agg(coalesce(newest.finished_at::text, '-'), ',' ORDER BY job.name) FROM ops.job job"
            " LEFT JOIN LATERAL (SELECT run.finished_at FROM ops.job_run run WHERE run.job = job.name"
            " AND run.finished_at IS NOT NULL ORDER BY run.requested_at DESC LIMIT 1) AS newest ON true"
            " WHERE job.name = ANY(:jobs)))"
        ),
        {"jobs": list(JOBS)},
    )
    return str(found.scalar())
