"""Periods of indicators: months, quarters, years and school years, each named by its first day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from layers.model import Indicator
from spatial.months import add_months, months_between

MONTHS: Mapping[str, int] = MappingProxyType({"month": 1, "quarter": 3, "year": 12})
_ROMAN = ("I", "II", "III", "IV")


def length(item: Indicator) -> int:
    """Months of one period."""
    return MONTHS[item.period]


def start_of(item: Indicator, day: date) -> date:
    """First day of the period that holds a day."""
    back = (day.month - item.year_from) % 12 if item.period == "year" else (day.month - 1) % length(item)
    return add_months(day.replace(day=1), -back)


def end_of(item: Indicator, period: date) -> date:
    """Last day of a period."""
    return add_months(period, length(item)) - timedelta(days=1)


def reference_day(item: Indicator, period: date) -> date:
    """The day on which the unit that reports a period must be in force.

    Months: their first; quarters and years: their last; school years: the day pupils and teachers are counted.
    """
    if item.period == "month":
        return period
    return end_of(item, period) if item.year_from == 1 else known_from(item, period)


def previous(item: Indicator, period: date) -> date:
    """The period before."""
    return add_months(period, -length(item))


def year_before(period: date) -> date:
    """The same period of the year before."""
    return add_months(period, -12)


def year_of(item: Indicator, period: date) -> date:
    """First day of the year a plan is made for: 1 January, of school years the first of their first month."""
    return period if item.period == "year" else date(period.year, 1, 1)


def so_far(item: Indicator, period: date) -> list[date]:
    """Periods of the year up to this one, itself last."""
    first = year_of(item, period)
    return [add_months(first, n) for n in range(0, months_between(first, period) + 1, length(item))]


def known_from(item: Indicator, period: date) -> date:
    """The day from which a figure may be shown that does not say when it was published.

    Months show as they are loaded; quarters and years from their last month on; school years from their second month,
    as pupils and teachers are counted at the start.
    """
    if item.period == "year" and item.year_from != 1:
        return add_months(period, 1)
    return add_months(period, length(item) - 1)


def label(item: Indicator, period: date, language: str) -> str:
    """«10/2026», «Quý III/2026», «2026», «Năm học 2025-2026»."""
    english = language == "en"
    if item.period == "quarter":
        number = (period.month - 1) // 3
        return f"Q{number + 1}/{period.year}" if english else f"Quý {_ROMAN[number]}/{period.year}"
    if item.period == "year" and item.year_from != 1:
        return f"{'School year' if english else 'Năm học'} {period.year}-{period.year + 1}"
    if item.period == "year":
        return str(period.year) if english else f"Năm {period.year}"
    return f"{period.month:02d}/{period.year}"
