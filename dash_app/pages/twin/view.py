"""Pure half of the comparison: what the address asks for, and figures of two sides -> lines of a table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from layers.domains import DOMAINS
from layers.model import Indicator
from spatial.months import add_months
from spatial.queries.indicators import Kpi, catalogue

type Row = dict[str, Any]
type Better = Literal["a", "b", "none", "neutral"]
type Align = Literal["calendar", "since"]

THOUSAND = 1000
DEFAULT_DOMAIN = "socio_economic"
_SIDE = re.compile(r"^(?P<key>\d{2,5}\.\d{4}-\d{2}-\d{2})?(?:@(?P<month>\d{4}-(?:0[1-9]|1[0-2])))?$")


@dataclass(frozen=True)
class Side:
    """One side: key of a unit and a month; None: to be filled in."""

    unit: str | None = None
    month: date | None = None

    def text(self) -> str:
        """«37.2025-07-01@2026-10», as it stands in the address."""
        return f"{self.unit or ''}@{self.month:%Y-%m}" if self.month else self.unit or ""


@dataclass(frozen=True)
class Choice:
    """All the address says."""

    a: Side = Side()
    b: Side = Side()
    domain: str = DEFAULT_DOMAIN
    code: str | None = None
    head: bool = False
    align: Align = "calendar"


@dataclass(frozen=True)
class Compared:
    """One indicator of both sides. ``difference``: A - B in the unit; ``change``: per cent, for rates points."""

    indicator: Indicator
    a: Kpi | None
    b: Kpi | None
    value_a: float | None
    value_b: float | None
    difference: float | None
    change: float | None
    better: Better
    per_head: bool


def read_side(value: object) -> Side:
    """A side of the address; nonsense is an empty side."""
    match = _SIDE.match(value) if isinstance(value, str) else None
    if match is None:
        return Side()
    month = match["month"]
    return Side(match["key"], date(int(month[:4]), int(month[5:]), 1) if month else None)


def read_choice(query: Mapping[str, Any]) -> Choice:
    """Choice of a query string; the indicator says its domain."""
    code = str(query["code"]) if query.get("code") else None
    item = catalogue().get(code or "")
    domain = item.domain if item else str(query.get("domain") or "")
    return Choice(
        a=read_side(query.get("a")),
        b=read_side(query.get("b")),
        domain=domain if domain in DOMAINS else DEFAULT_DOMAIN,
        code=code if item else None,
        head=query.get("head") == "1",
        align="since" if query.get("align") == "since" else "calendar",
    )


def complete(choice: Choice, province: str, newest: date, known: set[str]) -> tuple[Side, Side]:
    """Both sides filled in: the province and the newest month; B is A a year before, unless it says otherwise."""
    unit_a = choice.a.unit if choice.a.unit in known else province
    month_a = min(choice.a.month or newest, newest)
    unit_b = choice.b.unit if choice.b.unit in known else unit_a
    other = choice.b.unit in known and choice.b.unit != unit_a
    month_b = choice.b.month or (month_a if other else add_months(month_a, -12))
    return Side(unit_a, month_a), Side(unit_b, min(month_b, newest))


def is_sum(line: Kpi) -> bool:
    """Whether an amount grows with the number of people, so that it can be given per head."""
    return line.indicator.how == "sum" and not line.rate


def compare(a: Kpi | None, b: Kpi | None, people_a: int | None, people_b: int | None, *, head: bool) -> Compared:
    """One line. Per head only where both sides say how many people live there."""
    line = a or b
    assert line is not None
    item = line.indicator
    per_head = head and is_sum(line) and bool(people_a) and bool(people_b)
    value_a = _value(a, people_a if per_head else None)
    value_b = _value(b, people_b if per_head else None)
    if value_a is None or value_b is None:
        return Compared(item, a, b, value_a, value_b, None, None, "neutral", per_head)
    decimals = item.decimals + (2 if per_head else 0)
    difference = round(value_a, decimals) - round(value_b, decimals)
    change = difference if line.rate else (difference / value_b * 100 if value_b > 0 else None)
    return Compared(item, a, b, value_a, value_b, difference, change, judge(difference, item), per_head)


def _value(line: Kpi | None, people: int | None) -> float | None:
    if line is None:
        return None
    return line.value / people * THOUSAND if people else line.value


def judge(difference: float, item: Indicator) -> Better:
    """Whose figure is better, by the direction of the indicator; equal as printed is equal."""
    if item.direction == "neutral":
        return "neutral"
    if abs(difference) < 10 ** -(item.decimals + 3):
        return "none"
    return "a" if (difference > 0) == (item.direction == "up") else "b"


def lines_of(
    kpis_a: Mapping[str, Kpi], kpis_b: Mapping[str, Kpi], codes: Sequence[str], unit_a: Row, unit_b: Row, *, head: bool
) -> list[Compared]:
    """Lines in the order of the domain; an indicator neither side has is left out."""
    return [
        compare(kpis_a.get(code), kpis_b.get(code), unit_a["population"], unit_b["population"], head=head)
        for code in codes
        if code in kpis_a or code in kpis_b
    ]


def months_back(at: date, months: int = 36) -> list[date]:
    """Months to choose from, the newest first."""
    return [add_months(at, -number) for number in range(months)]
