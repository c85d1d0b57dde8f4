"""The outbox: what is to be told about an alert, on which channel, not before when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, text

from spatial.alerts.quiet import not_before
from spatial.queries.statements import Row, select_rows, sql
from spatial.settings import LOCAL_ZONE, alert_settings

# While an episode spreads from station to station, its light news is gathered: one e-mail in so many hours.
EPISODE_PAUSE = timedelta(hours=6)


def queue(
    conn: Connection, *, alert_id: int, severity: str, occasion: str, channels: Sequence[str], now: datetime
) -> int:
    """Put a message into the outbox for each channel that has an address. Returns how many.

    E-mail waits for the end of the quiet hours, and while news of the same episode is young, unless the severity breaks
    quiet hours; a webhook is a machine and never waits.
    """
    queued = 0
    for channel in alert_settings().channels:
        if channel not in channels:
            continue
        moment = mail_time(conn, alert_id=alert_id, severity=severity, now=now) if channel == "mail" else now
        conn.execute(
            text(
                "INSERT INTO ops.notification (alert_id, channel, occasion, not_before)"
                " VALUES (:alert_id, :channel, :occasion, :moment)"
            ),
            {"alert_id": alert_id, "channel": channel, "occasion": occasion, "moment": moment},
        )
        queued += 1
    return queued


def mail_time(conn: Connection, *, alert_id: int, severity: str, now: datetime) -> datetime:
    """When an e-mail about the alert may go out."""
    settings = alert_settings()
    if severity in settings.breaks_quiet:
        return now
    moment = now
    young = _episode_message(conn, alert_id=alert_id, since=now - EPISODE_PAUSE)
    if young is not None:
        moment = max(now, young["not_before"] if young["state"] == "queued" else young["created_at"] + EPISODE_PAUSE)
    return not_before(
        moment, severity=severity, quiet_from=settings.quiet_from, quiet_to=settings.quiet_to,
        broken_by=settings.breaks_quiet, zone=LOCAL_ZONE,
    )  # fmt: skip


def _episode_message(conn: Connection, *, alert_id: int, since: datetime) -> Row | None:
    """Of the alert's episode: the newest e-mail made since then, by an earlier evaluation."""
    rows = select_rows(conn, sql("alert_episode_message"), alert_id=alert_id, channel="mail", since=since)
    return rows[0] if rows else None


def tell_those_who_know(conn: Connection, *, alert_id: int, occasion: str, now: datetime | None = None) -> int:
    """Queue the occasion on the channels that told of the alert; one not told yet will see the newest state."""
    rows = select_rows(
        conn,
        "SELECT a.severity, array_agg(DISTINCT n.channel) AS channels FROM core.alert a"
        " JOIN ops.notification n ON n.alert_id = a.id AND n.state = 'sent' WHERE a.id = :id GROUP BY a.severity",
        id=alert_id,
    )
    if not rows:
        return 0
    return queue(
        conn, alert_id=alert_id, severity=rows[0]["severity"], occasion=occasion, channels=rows[0]["channels"],
        now=now or datetime.now(UTC),
    )  # fmt: skip
