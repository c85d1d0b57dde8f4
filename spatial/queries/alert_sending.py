"""The sender's side of the outbox: what is due, what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, text

from spatial.queries.alerts import rows_of
from spatial.queries.statements import Row, select_rows


def take_due(conn: Connection, *, channel: str, now: datetime, limit: int = 500) -> list[Row]:
    """Messages of a channel that may go out, oldest first, locked until the transaction ends: a second sender gets
    others, or none. Alerts with ``notification_id``, ``occasion`` and ``attempts``.
    """
    due = select_rows(
        conn,
        "SELECT id, alert_id, occasion, attempts FROM ops.notification WHERE state = 'queued' AND channel = :channel"
        " AND not_before <= :now ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED",
        channel=channel,
        now=now,
        limit=limit,
    )
    alerts = {row["id"]: row for row in rows_of(conn, alert_ids=[row["alert_id"] for row in due])}
    return [
        alerts[row["alert_id"]]
        | {"notification_id": row["id"], "occasion": row["occasion"], "attempts": row["attempts"]}
        for row in due
    ]


def mark_sent(conn: Connection, *, ids: Sequence[int], remark: str | None = None) -> None:
    """They were taken by the receiver; the remark says what was not quite right (one address of several refused)."""
    conn.execute(
        text(
            "UPDATE ops.notification SET state = 'sent', sent_at = clock_timestamp(), attempts = attempts + 1,"
            " error = :remark WHERE id = ANY(:ids)"
        ),
        {"ids": list(ids), "remark": remark},
    )


def mark_error(conn: Connection, *, ids: Sequence[int], error: str, again: datetime | None) -> None:
    """They were not taken: tried again at ``again``, or given up when that is None."""
    conn.execute(
        text(
            "UPDATE ops.notification SET attempts = attempts + 1, error = :error,"
            " state = CASE WHEN CAST(:again AS timestamptz) IS NULL THEN 'failed' ELSE 'queued' END,"
            " not_before = coalesce(:again, not_before) WHERE id = ANY(:ids)"
        ),
        {"ids": list(ids), "error": error[:500], "again": again},
    )
