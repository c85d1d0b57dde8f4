"""Periods as agencies write them: «03/2026», «Quý III/2026», «9 tháng 2026», «Năm học 2025-2026»."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from layers.model import Indicator
from spatial.admin_units import fold
from spatial.months import add_months

type Kind = Literal["month", "quarter", "year", "school_year", "cumulative"]

_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_WORDS = (("6 thang dau nam", "6 thang"), ("9 thang dau nam", "9 thang"), ("sau thang dau nam", "6 thang"),
          ("chin thang dau nam", "9 thang"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """What a text says: ``first`` day; of cumulative figures the last month that is in them."""

    kind: Kind
    first: date


def _month(year: str, month: str) -> Span | None:
    return Span("month", date(int(year), int(month), 1)) if 1 <= int(month) <= 12 and int(year) else None


def _quarter(year: str, quarter: str) -> Span:
    return Span("quarter", date(int(year), 3 * _QUARTERS[quarter] - 2, 1))


def _school_year(first: str, last: str) -> Span | None:
    return Span("school_year", date(int(first), 9, 1)) if int(last) == int(first) + 1 else None


def _cumulative(months: str, year: str) -> Span | None:
    return Span("cumulative", date(int(year), int(months), 1)) if 2 <= int(months) <= 12 else None


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Span | None]], ...] = tuple(
    (re.compile(pattern), make)
    for pattern, make in (
        (r"(?:nam )?([12]\d{3})", lambda m: Span("year", date(int(m[1]), 1, 1))),
        (r"([12]\d{3})-(\d{1,2})(?:-\d{1,2})?", lambda m: _month(m[1], m[2])),
        (r"(?:thang |t)?(\d{1,2})(?:/| nam )([12]\d{3})", lambda m: _month(m[2], m[1])),
        (r"(?:quy |q)(iv|i{1,3}|[1-4])(?:[/-]| nam | )([12]\d{3})", lambda m: _quarter(m[2], m[1])),
        (r"([12]\d{3})[-/ ]?q([1-4])", lambda m: _quarter(m[1], m[2])),
        (r"(?:nam hoc )?([12]\d{3}) ?[-/] ?([12]\d{3})", lambda m: _school_year(m[1], m[2])),
        (r"(\d{1,2}) thang(?:/| nam | )([12]\d{3})", lambda m: _cumulative(m[1], m[2])),
    )
)


def parse_span(text: str) -> Span | None:
    """What period a text names; None when it names none, or could name two («6 tháng cuối năm»)."""
    plain = " ".join(fold(text).replace("–", "-").split())
    for words, short in _WORDS:
        plain = plain.replace(words, short)
    for pattern, make in _FORMS:
        if found := pattern.fullmatch(plain):
            return make(found)
    return None


@dataclass(frozen=True, slots=True)
class Placed:
    """A period of an indicator; ``cumulative`` figures hold everything since the start of the year."""

    first: date
    cumulative: bool = False


def place(span: Span, item: Indicator, *, plan: bool) -> Placed | None:
    """The period of the indicator that is meant; None when the text names another kind of period.

    Plans are for years. A cumulative figure belongs to its last month or quarter.
    """
    school = item.period == "year" and item.year_from != 1
    if plan or item.period == "year":
        wanted: Kind = "school_year" if school else "year"
        return Placed(span.first) if span.kind == wanted else None
    if span.kind == item.period:
        return Placed(span.first)
    if span.kind == "cumulative" and (item.period == "month" or span.first.month % 3 == 0):
        return Placed(add_months(span.first, -2) if item.period == "quarter" else span.first, cumulative=True)
    return None
