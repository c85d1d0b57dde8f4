"""Months as the date of their first day."""

from __future__ import annotations

from datetime import date
from functools import lru_cache


@lru_cache(maxsize=8192)  # asked a hundred times for each figure of a report
def add_months(month: date, count: int) -> date:
    """First day of the month ``count`` months later; before it when negative."""
    number = month.year * 12 + month.month - 1 + count
    return date(number // 12, number % 12 + 1, 1)


def months_between(first: date, last: date) -> int:
    """Months from one to the other; 0 within one month."""
    return (last.year - first.year) * 12 + last.month - first.month


def list_months(first: date, last: date) -> list[date]:
    """All months from the first to the last, both included."""
    return [add_months(first, count) for count in range(months_between(first, last) + 1)]
