"""Indicators of a unit over time, comparable across the reform; every value says how it came about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlalchemy import Connection, text

from layers.model import Indicator, Text
from layers.registry import registry
from spatial.admin_units import LAST_DISTRICT_DAY, REFORM, Level, Method
from spatial.analysis import indicators as formulas
from spatial.months import add_months
from spatial.queries import units
from spatial.queries.statements import sql

type State = Literal["estimate", "preliminary", "official", "plan"]

NO_PLAN = Text(vi="chưa giao kế hoạch", en="no plan assigned")
NO_BASE = Text(vi="không có số liệu cùng kỳ", en="no figure for the same period")
BASE_NOT_POSITIVE = Text(vi="số cùng kỳ bằng 0 hoặc âm", en="the base is zero or negative")
MISSING_MONTH = Text(vi="thiếu số liệu ít nhất một tháng", en="at least one month is missing")


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """One value of one unit; ``period`` is the first day of the month (of the year for plans).

    ``method``: exact (own figure, or a sum of undivided units), by_people or by_area (parts of divided units).
    """

    unit_id: int
    code: str
    period: date
    state: State
    value: float
    own: bool
    method: Method


@dataclass(frozen=True, slots=True)
class Kpi:
    """One line of a report. Changes are per cent, for rates percentage points; None comes with a reason."""

    indicator: Indicator
    period: date
    value: float
    state: State
    method: Method
    previous: float | None
    same_period: float | None
    on_previous: float | None
    on_same_period: float | None
    cumulative: float | None
    cumulative_same_period: float | None
    cumulative_on_same_period: float | None
    plan: float | None
    plan_percent: float | None
    rate: bool
    judgement: formulas.Judgement
    reasons: Mapping[str, Text]


def catalogue() -> dict[str, Indicator]:
    """All indicators by code."""
    tables = [layer.indicators for layer in registry().values() if layer.indicators is not None]
    return {item.code: item for table in tables for item in table.indicators}


def history(
    conn: Connection, *, unit_ids: Sequence[int] | None, codes: Sequence[str] | None, first: date, last: date
) -> list[IndicatorValue]:
    """Values and plans of units with periods from ``first`` to ``last``, newest state only; None = all.

    Own figures are as they were loaded. Periods before a unit began (from its predecessors) and after its end (from the
    units on its ground) are as the job ``indicators`` last put them together; one with incomplete sources is left out.
    """
    rows = conn.execute(
        text(sql("indicator_history")),
        {
            "unit_ids": None if unit_ids is None else list(unit_ids),
            "codes": None if codes is None else list(codes),
            "first": first,
            "last": last,
            "states": list(formulas.STATES),
        },
    )
    return [IndicatorValue(*row) for row in rows]


def values(
    conn: Connection, *, unit_id: int, codes: Sequence[str] | None, first: date, last: date
) -> list[IndicatorValue]:
    """``history`` of one unit.

    :raises UnknownUnit: when there is no unit with the id.
    """
    units.unit_by_id(conn, unit_id=unit_id)
    return history(conn, unit_ids=[unit_id], codes=codes, first=first, last=last)


def snapshot(conn: Connection, *, level: Level, as_of: date, code: str, period: date) -> dict[int, IndicatorValue]:
    """Values of one period for every unit of a level in force on a day, by unit id: a choropleth.

    Level ``district`` from the reform on means the districts of 30 June 2025.
    """
    day = LAST_DISTRICT_DAY if level == "district" and as_of >= REFORM else as_of
    wanted = units.ids_of_level(conn, level=level, as_of=day)
    found = history(conn, unit_ids=wanted, codes=[code], first=period, last=period)
    return {value.unit_id: value for value in found if value.state != "plan"}


def kpi(conn: Connection, *, unit_id: int, as_of: date, codes: Sequence[str] | None = None) -> list[Kpi]:
    """The newest figure of each indicator up to a day, with cumulative value, plan and comparisons.

    Indicators without any figure in the year of ``as_of`` or the year before are left out.
    """
    first = date(as_of.year - 2, 1, 1)
    by_code: dict[str, list[IndicatorValue]] = {}
    for value in values(conn, unit_id=unit_id, codes=codes, first=first, last=as_of):
        by_code.setdefault(value.code, []).append(value)
    return [
        line
        for code, item in catalogue().items()
        if code in by_code and (line := _line(item, by_code[code], as_of)) is not None
    ]


def kpi_months(
    conn: Connection, *, unit_ids: Sequence[int], codes: Sequence[str], months: Sequence[date]
) -> dict[tuple[int, str, date], Kpi]:
    """``kpi`` of several units at the ends of several months, read once: what a time bar steps through.

    ``months``: first days. Keys: unit id, code, month; a unit without a figure in a month's window has no entry.
    """
    if not months:
        return {}
    ends = {month: add_months(month, 1) - timedelta(days=1) for month in months}
    by_series: dict[tuple[int, str], list[IndicatorValue]] = {}
    first = date(min(months).year - 2, 1, 1)
    for value in history(conn, unit_ids=unit_ids, codes=codes, first=first, last=max(ends.values())):
        by_series.setdefault((value.unit_id, value.code), []).append(value)
    items = catalogue()
    return {
        (unit_id, code, month): line
        for (unit_id, code), series in by_series.items()
        for month, end in ends.items()
        if (line := _line(items[code], [value for value in series if value.period <= end], end)) is not None
    }


def _line(item: Indicator, series: list[IndicatorValue], as_of: date) -> Kpi | None:
    actual = {value.period: value for value in series if value.state != "plan"}
    if not actual:
        return None
    newest = actual[max(actual)]
    if newest.period.year < as_of.year - 1:
        return None
    plan = next((v.value for v in series if v.state == "plan" and v.period.year == newest.period.year), None)
    numbers = {period: value.value for period, value in actual.items()}
    before = numbers.get(add_months(newest.period, -1))
    last_year = numbers.get(add_months(newest.period, -12))
    rate = formulas.is_rate(item.unit.vi)
    cumulative = _cumulative(item, numbers, newest.period)
    cumulative_before = _cumulative(item, numbers, add_months(newest.period, -12))
    cumulative_change = formulas.change(cumulative, cumulative_before, rate=rate)
    same = formulas.change(newest.value, last_year, rate=rate)
    percent = formulas.plan_completion(cumulative, plan, item.direction)
    reasons: dict[str, Text] = {}
    if cumulative is None:
        reasons["cumulative"] = MISSING_MONTH
    if percent is None:
        reasons["plan_percent"] = NO_PLAN if plan is None else reasons.get("cumulative", BASE_NOT_POSITIVE)
    for name, difference, base in (("on_same_period", same, last_year),
                                   ("cumulative_on_same_period", cumulative_change, cumulative_before)):  # fmt: skip
        if difference is None:
            reasons[name] = NO_BASE if base is None else BASE_NOT_POSITIVE
    return Kpi(
        indicator=item, period=newest.period, value=newest.value, state=newest.state, method=newest.method,
        previous=before, same_period=last_year, on_previous=formulas.change(newest.value, before, rate=rate),
        on_same_period=same, cumulative=cumulative, cumulative_same_period=cumulative_before,
        cumulative_on_same_period=cumulative_change, plan=plan, plan_percent=percent, rate=rate,
        judgement=formulas.judge(same, item.direction), reasons=reasons,
    )  # fmt: skip


def _cumulative(item: Indicator, numbers: Mapping[date, float], until: date) -> float | None:
    months = [numbers.get(date(until.year, month, 1)) for month in range(1, until.month + 1)]
    return formulas.cumulate(months, item.how)
