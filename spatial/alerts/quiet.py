"""Quiet hours: when a message of a severity may go out."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


def not_before(
    now: datetime, *, severity: str, quiet_from: time | None, quiet_to: time | None, broken_by: frozenset[str],
    zone: ZoneInfo,
) -> datetime:  # fmt: skip
    """``now``, or the end of the quiet hours ``now`` lies in. The hours may pass midnight; equal ends mean none."""
    if quiet_from is None or quiet_to is None or quiet_from == quiet_to or severity in broken_by:
        return now
    local = now.astimezone(zone)
    clock = local.time()
    past_midnight = quiet_from > quiet_to
    inside = (clock >= quiet_from or clock < quiet_to) if past_midnight else quiet_from <= clock < quiet_to
    if not inside:
        return now
    day = local.date() + timedelta(days=1 if past_midnight and clock >= quiet_from else 0)
    return datetime.combine(day, quiet_to, tzinfo=zone)
