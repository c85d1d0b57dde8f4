"""The ``datetime`` parameter: an instant, a day, a month, a year, or an interval of them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from spatial.queries.features import Period
from spatial.settings import LOCAL_ZONE

_YEAR, _MONTH, _DAY = re.compile(r"\d{4}"), re.compile(r"\d{4}-\d{2}"), re.compile(r"\d{4}-\d{2}-\d{2}")
_TICK = timedelta(microseconds=1)


def read_period(value: str | None) -> Period | None:
    """The span a ``datetime`` value means; a day without offset is a day in Viet Nam.

    :raises ValueError: when it is not RFC 3339, or ends before it begins.
    """
    if value is None:
        return None
    low_text, slash, high_text = value.partition("/")
    if not slash:
        return Period(*_span(low_text))
    low = None if low_text in ("", "..") else _span(low_text)[0]
    high = None if high_text in ("", "..") else _span(high_text)[1]
    if low is not None and high is not None and low > high:
        raise ValueError(f"datetime {value!r} ends before it begins.")
    return Period(low, high)


def _span(text: str) -> tuple[datetime, datetime]:
    try:
        if _YEAR.fullmatch(text):
            year = int(text)
            return _local(year, 1, 1), _local(year + 1, 1, 1) - _TICK
        if _MONTH.fullmatch(text):
            year, month = int(text[:4]), int(text[5:])
            return _local(year, month, 1), _local(year + month // 12, month % 12 + 1, 1) - _TICK
        if _DAY.fullmatch(text):
            first = _local(int(text[:4]), int(text[5:7]), int(text[8:]))
            return first, first + timedelta(days=1) - _TICK
        moment = datetime.fromisoformat(text.replace(" ", "+"))  # a "+" not escaped in a URL arrives as a blank
    except (ValueError, OverflowError):
        raise ValueError(
            f"datetime {text!r} is not a time: write 2026-11-21, 2026-11-21T07:00:00Z, or an interval with a slash."
        ) from None
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=LOCAL_ZONE)
    return moment.astimezone(UTC), moment.astimezone(UTC)


def _local(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=LOCAL_ZONE)
