"""Figures of the overview in the form the browser draws them: cards of one unit, frames of one indicator. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from dash_app import classes
from layers.model import Indicator, Text
from spatial.analysis.indicators import is_rate
from spatial.months import months_between
from spatial.queries.indicators import IndicatorValue, Kpi

type Row = dict[str, Any]

STATES = {"estimate": "e", "preliminary": "p", "official": "o"}
HELD = {"month": 1, "quarter": 3, "year": 12}  # months a figure is the figure of
METHODS = {"exact": ".", "by_people": "p", "by_area": "a"}
MISSING = "-"
CLASSED_MONTHS = 12
# Orange to blue, in an order everybody can see: below, about equal, above.
DIVERGING = ("#a6500a", "#dd8a33", "#f8cf9f", "#f1f1ee", "#b5d3ea", "#5b9bd0", "#1f5fa3")
PLAN_BREAKS = (50.0, 75.0, 95.0, 105.0, 125.0, 150.0)


def describe(item: Indicator, language: str) -> Row:
    """What every answer says of an indicator."""
    return {
        "code": item.code,
        "title": item.title[language],
        "unit": item.unit[language],
        "decimals": item.decimals,
        "direction": item.direction,
        "rate": is_rate(item.unit.vi),
        "how": item.how,
        "period": item.period,
        "agency": item.agency,
        "formula": item.formula[language] if item.formula else None,
        "basis": item.legal_basis,
        "computed": item.computed,
    }


def card(
    item: Indicator,
    lines: Mapping[date, Kpi],
    values: Iterable[IndicatorValue],
    months: Sequence[date],
    language: str,
) -> Row:
    """One indicator of one unit: ``kpi`` of each month, and the series behind it.

    Lists run along ``months``; ``values`` are the figures themselves, ``of`` the month the shown figure is of.
    ``methods``: o own figure, e sum of undivided units, p by people, a by area.
    """
    found = list(values)
    actual = {value.period: value for value in found if value.state != "plan"}
    shown = [lines.get(month) for month in months]
    why = _Words(language)
    return describe(item, language) | {
        "values": [round_(actual[month].value) if month in actual else None for month in months],
        "states": "".join(STATES[actual[month].state] if month in actual else MISSING for month in months),
        "methods": "".join(_method(actual[month]) if month in actual else MISSING for month in months),
        "of": [line.period.isoformat()[:7] if line else None for line in shown],
        "value": [round_(line.value) if line else None for line in shown],
        "state": "".join(STATES[line.state] if line else MISSING for line in shown),
        "change": [round_(line.on_same_period) if line else None for line in shown],
        "good": "".join(line.judgement[0] if line else MISSING for line in shown),
        "plan": [round_(line.plan) if line else None for line in shown],
        "percent": [round_(line.plan_percent) if line else None for line in shown],
        "sum": [round_(line.cumulative) if line else None for line in shown],
        "sumChange": [round_(line.cumulative_on_same_period) if line else None for line in shown],
        "whyChange": [why.number(line.reasons.get("on_same_period")) if line else None for line in shown],
        "whyPlan": [why.number(line.reasons.get("plan_percent")) if line else None for line in shown],
        "why": why.list,
        "plans": {value.period.year: round_(value.value) for value in found if value.state == "plan"},
    }


class _Words:
    """Sentences, each once."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.list: list[str] = []

    def number(self, text: Text | None) -> int | None:
        """Place of the sentence in the list."""
        if text is None:
            return None
        words = text[self.language]
        if words not in self.list:
            self.list.append(words)
        return self.list.index(words)


def _method(value: IndicatorValue) -> str:
    return "o" if value.own else {"exact": "e"}.get(value.method, METHODS[value.method])


def projection(row: Row) -> Row:
    """Where the year will end: a row of derived.indicator_outlook."""
    return {
        "year": row["year"].year,
        "known": row["known_until"].isoformat()[:7],
        **{name: round_(row[name]) for name in ("actual", "q10", "q50", "q90", "plan", "chance", "skill")},
        "model": row["model"],
        "reason": row["reason"],
    }


def unusual(row: Row) -> Row:
    """A figure outside of what was expected: a row of derived.indicator_anomaly."""
    return {
        "period": row["period"].isoformat()[:7],
        **{name: round_(row[name]) for name in ("value", "expected", "low", "high", "score")},
        "kind": row["kind"],
        "cause": row["cause"],
    }


def fan(rows: Iterable[Row]) -> list[list[Any]]:
    """Forecast months: [month, q10, q50, q90]."""
    return [[row["period"].isoformat()[:7], *(round_(row[name]) for name in ("q10", "q50", "q90"))] for row in rows]


# ---------------------------------------------------------------- frames


def frames(
    item: Indicator,
    lines: Mapping[tuple[int, str, date], Kpi],
    units: Sequence[Row],
    months: Sequence[date],
    cases: Mapping[tuple[int, date], int],
    language: str,
) -> Row:
    """All units and months of one indicator: matrices by month and unit, with the classes of each level.

    A figure counts for the month, quarter or year it is of; later it is missing, never carried on.
    """
    held = HELD[item.period]

    def cell(unit: Row, month: date) -> Kpi | None:
        line = lines.get((unit["id"], item.code, month))
        return line if line is not None and 0 <= months_between(line.period, month) < held else None

    rows = [[cell(unit, month) for unit in units] for month in months]
    matrices = {
        "value": [[round_(line.value) if line else None for line in row] for row in rows],
        "change": [[round_(line.on_same_period) if line else None for line in row] for row in rows],
        "plan": [[round_(line.plan_percent) if line else None for line in row] for row in rows],
    }
    levels = {unit["level"] for unit in units}
    return describe(item, language) | {
        "times": [month.isoformat()[:7] for month in months],
        "keys": [unit["key"] for unit in units],
        "matrix": matrices,
        "states": ["".join(STATES[line.state] if line else MISSING for line in row) for row in rows],
        "derived": ["".join(METHODS[line.method] if line else MISSING for line in row) for row in rows],
        "cases": [[cases.get((unit["id"], month)) for unit in units] for month in months] if cases else None,
        "scales": {
            level: scales(
                item,
                {name: [value for row in matrix[-CLASSED_MONTHS:] for unit, value in zip(units, row, strict=True)
                        if unit["level"] == level and value is not None] for name, matrix in matrices.items()},
            )
            for level in levels
        },
    }  # fmt: skip


def scales(item: Indicator, shown: Mapping[str, Sequence[float]]) -> Row:
    """Classes of the three ways to see an indicator; ``shown``: what was to be seen in the last months."""
    breaks = classes.quantile_breaks(shown["value"])
    ramp = classes.YELLOW_RED if item.direction == "down" else classes.YELLOW_BLUE
    diverging = DIVERGING[::-1] if item.direction == "down" else DIVERGING
    return {
        "value": {"breaks": list(breaks), "colours": list(classes.pick(ramp, len(breaks) + 1)), "method": "quantile"},
        "change": {"breaks": list(around_zero(shown["change"])), "colours": list(diverging), "method": "zero"},
        "plan": {"breaks": list(PLAN_BREAKS), "colours": list(DIVERGING), "method": "hundred"},
    }


def around_zero(values: Iterable[float]) -> tuple[float, ...]:
    """Three bounds on each side of 0, the widest a round number that nine tenths of the changes stay within."""
    sizes = sorted(abs(value) for value in values)
    size = sizes[min(len(sizes) - 1, len(sizes) * 9 // 10)] if sizes else 10.0
    wide = next((step for step in (1, 2, 5, 10, 20, 30, 50, 100, 200, 500) if size <= step), 1000)
    bounds = (wide * 0.1, wide * 0.5, float(wide))
    return (*(-bound for bound in reversed(bounds)), *bounds)


def round_(value: float | None) -> float | None:
    """Enough for any printed figure."""
    return None if value is None else round(value, 4)
