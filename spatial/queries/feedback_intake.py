"""What was sent lately: one report for a double send, and how much an address sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from spatial.queries.statements import Row, select_rows

KEPT = timedelta(days=3)


def claim(conn: Connection, *, key_hash: str, address_hash: str, now: datetime) -> str | None:
    """Take a key for a new report: None when it is ours now, else the tracking code it was used for.

    A second sender of the same key waits here until the first one's transaction ends.
    """
    conn.execute(text("DELETE FROM ops.feedback_intake WHERE at < :old"), {"old": now - KEPT})
    taken = conn.execute(
        text(
            "INSERT INTO ops.feedback_intake (key_hash, address_hash, at) VALUES (:key, :address, :now)"
            " ON CONFLICT (key_hash) DO NOTHING"
        ),
        {"key": key_hash, "address": address_hash, "now": now},
    )
    if taken.rowcount:
        return None
    found: str = conn.execute(
        text("SELECT code FROM ops.feedback_intake WHERE key_hash = :key"), {"key": key_hash}
    ).scalar_one()
    return found


def settle(conn: Connection, *, key_hash: str, code: str) -> None:
    """Note which report a key became."""
    conn.execute(
        text("UPDATE ops.feedback_intake SET code = :code WHERE key_hash = :key"), {"code": code, "key": key_hash}
    )


def sent_by(conn: Connection, *, address_hash: str, since: datetime) -> list[datetime]:
    """When an address sent its reports, oldest first."""
    rows: list[Row] = select_rows(
        conn,
        "SELECT at FROM ops.feedback_intake WHERE address_hash = :address AND at > :since ORDER BY at",
        address=address_hash,
        since=since,
    )
    return [row["at"] for row in rows]


def change_secret(conn: Connection, *, code: str, secret_hash: str) -> None:
    """Set what the private link of a report is checked with."""
    conn.execute(
        text("UPDATE core.feedback_case SET secret_hash = :hash WHERE key = :code"), {"hash": secret_hash, "code": code}
    )
