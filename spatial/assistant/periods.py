"""Times as people say them: «7 ngày qua», «quý III/2026», «9 tháng đầu năm», «từ 1/10 đến 15/10»."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from spatial.assistant.query import Period

ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
NUMBERS = {
    "mot": 1,
    "hai": 2,
    "ba": 3,
    "bon": 4,
    "tu": 4,
    "nam": 5,
    "sau": 6,
    "bay": 7,
    "tam": 8,
    "chin": 9,
    "muoi": 10,
}


@dataclass(frozen=True)
class Found:
    """A period and where it stands in the folded text."""

    period: Period
    start: int
    end: int


def find_period(folded: str, today: date) -> Found | None:
    """The period said in a text without case and diacritics; the longest expression wins.

    A month without a year is the newest that has begun. None when no time is said.
    """
    best: Found | None = None
    for pattern, build in _RULES:
        for match in re.finditer(pattern, folded):
            try:
                period = build(match, today)
            except ValueError:  # 31/2, month 13: no date, so these words are something else
                continue
            if best is None or match.end() - match.start() > best.end - best.start:
                best = Found(period, match.start(), match.end())
    return best


def month_span(year: int, month: int) -> tuple[date, date]:
    """First and last day of a month."""
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _month(year: int, month: int) -> Period:
    return Period("month", *month_span(year, month))


def _back(today: date, months: int) -> tuple[int, int]:
    number = today.year * 12 + today.month - 1 - months
    return number // 12, number % 12 + 1


def _this_month(_: re.Match[str], today: date) -> Period:
    return _month(today.year, today.month)


def _last_month(_: re.Match[str], today: date) -> Period:
    return _month(*_back(today, 1))


def _named_month(match: re.Match[str], today: date) -> Period:
    month = int(match["month"])
    said = match["year"]
    if not 1 <= month <= 12:
        raise ValueError(month)
    year = _year(said, today) if said else today.year - (month > today.month)
    return _month(year, month)


def _year(said: str, today: date) -> int:
    said = said.strip()
    if said in ("nay", "nam nay"):
        return today.year
    if said in ("ngoai", "truoc", "nam ngoai", "nam truoc"):
        return today.year - 1
    return int(said)


def _quarter(match: re.Match[str], today: date) -> Period:
    said = match["quarter"]
    current = (today.month - 1) // 3 + 1
    if said in ("nay", "truoc"):
        number = today.year * 4 + current - 1 - (said == "truoc")
        year, quarter = number // 4, number % 4 + 1
    else:
        quarter = ROMAN.get(said) or int(said)
        year = _year(match["year"], today) if match["year"] else today.year - (quarter > current)
    if not 1 <= quarter <= 4:
        raise ValueError(quarter)
    return Period("quarter", date(year, quarter * 3 - 2, 1), month_span(year, quarter * 3)[1])


def _whole_year(match: re.Match[str], today: date) -> Period:
    year = _year(match["year"], today)
    if not 1990 <= year <= 2100:
        raise ValueError(year)
    return Period("year", date(year, 1, 1), date(year, 12, 31))


def _first_months(match: re.Match[str], today: date) -> Period:
    months = _count(match["n"])
    if not 1 <= months <= 12:
        raise ValueError(months)
    year = _year(match["year"], today) if match["year"] else today.year
    return Period("months", date(year, 1, 1), month_span(year, months)[1], cumulative=True)


def _since_january(_: re.Match[str], today: date) -> Period:
    return Period("months", date(today.year, 1, 1), today, cumulative=True)


def _count(said: str) -> int:
    return int(said) if said.isdigit() else NUMBERS[said]


def _days_back(match: re.Match[str], today: date) -> Period:
    n = _count(match["n"])
    unit = match["unit"]
    if not 1 <= n <= 400:
        raise ValueError(n)
    if unit in ("gio", "tieng"):
        return Period("hours", today - timedelta(days=-(-n // 24)), today, hours=n)
    if unit == "thang":
        year, month = _back(today, n)
        return Period("months", date(year, month, 1), today)
    days = n * {"ngay": 1, "hom": 1, "tuan": 7}[unit]
    return Period("days", today - timedelta(days=days - 1), today)


def _today(_: re.Match[str], today: date) -> Period:
    return Period("day", today, today)


def _yesterday(_: re.Match[str], today: date) -> Period:
    return Period("day", today - timedelta(days=1), today - timedelta(days=1))


def _now(_: re.Match[str], today: date) -> Period:
    return Period("now", today, today)


def _week(match: re.Match[str], today: date) -> Period:
    monday = today - timedelta(days=today.weekday())
    if match["which"] in ("truoc", "roi", "vua qua", "qua"):
        return Period("week", monday - timedelta(days=7), monday - timedelta(days=1))
    return Period("week", monday, monday + timedelta(days=6))


def _day(match: re.Match[str], today: date) -> Period:
    day = _date(match["day"], match["month"], match["year"], today)
    return Period("day", day, day)


def _date(day: str, month: str, year: str | None, today: date) -> date:
    found = date(int(year) if year else today.year, int(month), int(day))
    if year is None and found > today:
        found = found.replace(year=found.year - 1)
    return found


def _span(match: re.Match[str], today: date) -> Period:
    last = _date(match["day2"], match["month2"], match["year2"], today)
    first = _date(match["day"], match["month"] or match["month2"], match["year"] or str(last.year), today)
    if first > last:
        raise ValueError(first)
    return Period("days", first, last)


_YEAR = r"(?:\s*[/.-]\s*(?:nam\s+)?|\s+nam\s+)(?P<year>(?:19|20)\d\d|nay|ngoai|truoc)"
_N = r"(?P<n>\d{1,3}|mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi)"
_RULES: tuple[tuple[str, Callable[[re.Match[str], date], Period]], ...] = (
    (r"\b(?:hien nay|hien tai|bay gio|luc nay|vua roi|moi nhat)\b", _now),
    (r"\b(?:hom nay|ngay hom nay|trong ngay)\b", _today),
    (r"\bhom qua\b", _yesterday),
    (r"\btuan (?P<which>nay|truoc|roi|vua qua|qua)\b", _week),
    (r"\bthang nay\b", _this_month),
    (r"\bthang (?:truoc|vua qua|roi)\b", _last_month),
    (rf"\bthang (?P<month>\d{{1,2}})(?:{_YEAR})?\b", _named_month),
    (rf"\bquy (?P<quarter>nay|truoc|i{{1,3}}|iv|[1-4])(?:{_YEAR})?\b", _quarter),
    (r"\bnam (?P<year>(?:19|20)\d\d|nay|ngoai|truoc)\b", _whole_year),
    (rf"\b{_N} thang dau nam(?:\s+(?P<year>(?:19|20)\d\d|nay|ngoai|truoc))?\b", _first_months),
    (r"\b(?:tu dau nam(?: den nay)?|luy ke(?: tu dau nam)?(?: den nay)?|tinh den nay)\b", _since_january),
    (
        rf"\b(?:trong )?{_N} (?P<unit>gio|tieng|ngay|hom|tuan|thang) (?:qua|gan day|gan nhat|vua qua|truoc|vua roi)\b",
        _days_back,
    ),
    (r"\b(?:ngay )?(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})(?:[/.-](?P<year>(?:19|20)\d\d))?\b", _day),
    (r"\btu (?:ngay )?(?P<day>\d{1,2})(?:[/.-](?P<month>\d{1,2}))?(?:[/.-](?P<year>(?:19|20)\d\d))?\s*(?:den|toi|-)\s*"
     r"(?:ngay )?(?P<day2>\d{1,2})[/.-](?P<month2>\d{1,2})(?:[/.-](?P<year2>(?:19|20)\d\d))?\b", _span),
)  # fmt: skip
