"""Job ``notify``: sends what is due in the outbox, one message a channel, and tries again what was not taken.

The rows are locked while the message is sent and marked in the same transaction. A sender that is killed before it
commits leaves them queued, and they are sent again: never lost, and twice only when the receiver had taken the message
and the commit was lost. Such a repetition carries the same Message-ID (e-mail) or X-GeoIOC-Delivery (webhook).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from ingest.alert_channels import NotSent, send
from spatial.access import SYSTEM, connect
from spatial.progress import Progress
from spatial.queries import alert_sending
from spatial.queries.statements import Row
from spatial.settings import alert_settings

# Minutes to the next attempt; after the last one the message is given up and its error kept.
PAUSES = (2, 5, 15, 60, 240, 720)


def send_due(progress: Progress) -> str:
    """Every configured channel once."""
    parts = []
    for channel in alert_settings().channels:
        progress(channel, 0.0)
        parts.append(f"{channel}: {send_channel(channel, datetime.now(UTC))}")
    return "; ".join(parts) or "no channel is set up"


def send_channel(channel: str, now: datetime) -> str:
    """Send one message about all that is due on the channel; a sentence about it."""
    with connect(SYSTEM) as conn:
        items = alert_sending.take_due(conn, channel=channel, now=now)
        if not items:
            return "nothing due"
        try:
            remark = send(channel, items)
        except NotSent as error:
            return _put_back(conn, items, error, now)
        alert_sending.mark_sent(conn, ids=[item["notification_id"] for item in items], remark=remark)
    return f"{len(items)} told"


def _put_back(conn: Connection, items: Sequence[Row], error: NotSent, now: datetime) -> str:
    """Each has its own count of attempts: old ones are given up while young ones are tried again."""
    by_attempts: dict[int, list[int]] = {}
    for item in items:
        by_attempts.setdefault(item["attempts"], []).append(item["notification_id"])
    for attempts, ids in by_attempts.items():
        again = now + timedelta(minutes=PAUSES[attempts]) if attempts < len(PAUSES) else None
        alert_sending.mark_error(conn, ids=ids, error=str(error), again=again)
    return f"{len(items)} not sent: {error}"
