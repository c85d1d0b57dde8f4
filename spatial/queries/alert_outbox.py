"""The outbox: what is to be told about an alert, on which channel, not before when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, text

from spatial.alerts.quiet import not_before
from spatial.queries.statements import Row, select_rows
from spatial.settings import LOCAL_ZONE, alert_settings


def queue(
    conn: Connection, *, alert_id: int, severity: str, occasion: str, channels: Sequence[str], now: datetime
) -> int:
    """Put a message into the outbox for each channel that has an address. Returns how many.

    E-mail waits for the end of the quiet hours unless the severity breaks them; a webhook is a machine and never waits.
    """
    settings = alert_settings()
    queued = 0
    for channel in settings.channels:
        if channel not in channels:
            continue
        moment = now
        if channel == "mail":
            moment = not_before(
                now, severity=severity, quiet_from=settings.quiet_from, quiet_to=settings.quiet_to,
                broken_by=settings.breaks_quiet, zone=LOCAL_ZONE,
            )  # fmt: skip
        conn.execute(
            text(
                "INSERT INTO ops.notification (alert_id, channel, occasion, not_before)"
                " VALUES (:alert_id, :channel, :occasion, :moment)"
            ),
            {"alert_id": alert_id, "channel": channel, "occasion": occasion, "moment": moment},
        )
        queued += 1
    return queued


def tell_those_who_know(conn: Connection, *, alert_id: int, occasion: str) -> int:
    """Queue the occasion on the channels that told of the alert before; one not told yet will see the newest state."""
    rows = select_rows(
        conn,
        "SELECT a.severity, array_agg(DISTINCT n.channel) AS channels FROM core.alert a"
        " JOIN ops.notification n ON n.alert_id = a.id AND n.state = 'sent' WHERE a.id = :id GROUP BY a.severity",
        id=alert_id,
    )
    if not rows:
        return 0
    told: Row = rows[0]
    return queue(
        conn, alert_id=alert_id, severity=told["severity"], occasion=occasion, channels=told["channels"],
        now=datetime.now(UTC),
    )  # fmt: skip
