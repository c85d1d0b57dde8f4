"""Days and times as people type them in fields: dd/mm/yyyy and dd/mm/yyyy HH:MM, local time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from spatial.settings import LOCAL_ZONE

_DAY = re.compile(r"^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_TIME = re.compile(r"(\d{1,2})[:hg](\d{2})?\s*$")


def read_day(text: str | None) -> date | None:
    """«21/11/2026»; None when it is no day."""
    found = _DAY.match(text or "")
    if found is None:
        return None
    try:
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None


def read_moment(text: str | None) -> datetime | None:
    """«21/11/2026 07:00» as a time in UTC; without a time of day the day's first minute; None when it is neither."""
    day = read_day(text)
    rest = _DAY.sub("", text or "").strip()
    clock = _TIME.match(rest)
    if day is None or (rest and clock is None):
        return None
    hour, minute = (int(clock[1]), int(clock[2] or 0)) if clock else (0, 0)
    if hour > 23 or minute > 59:
        return None
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LOCAL_ZONE).astimezone(UTC)
