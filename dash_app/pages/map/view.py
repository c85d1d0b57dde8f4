"""Pure half of the map page: rows -> what cards and charts show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dash_app.themes import Theme
from layers.model import Indicator
from spatial.analysis.indicators import is_rate
from spatial.months import add_months

type Row = dict[str, Any]

CARDS = (
    "grdp",
    "budget_revenue",
    "industrial_output",
    "public_investment",
    "retail_sales",
    "exports",
    "tourists",
    "dossiers_on_time",
    "satisfaction",
    "new_enterprises",
    "poverty_rate",
    "dengue_cases",
    "traffic_accidents",
)
CARDS_SHOWN = 8
SPARK_MONTHS = 24


@dataclass(frozen=True)
class Fact:
    """What one card says about an indicator of a unit at a month."""

    theme: Theme
    period: date
    value: float
    state: str
    derived: bool
    change: float | None  # share against the same month a year before; None when there is none, or it was zero
    plan_share: float | None  # of the year plan reached; None when no plan is set
    good: bool | None  # whether the change goes the good way
    spark: tuple[float | None, ...]


@dataclass(frozen=True)
class IndicatorYears:
    """Values by month, plans by year and forecast months of one indicator."""

    values: Mapping[date, float]
    states: Mapping[date, tuple[str, bool]]
    plans: Mapping[int, float]


def group_history(rows: Sequence[Row]) -> dict[str, IndicatorYears]:
    """History rows of one unit by indicator."""
    values: dict[str, dict[date, float]] = defaultdict(dict)
    states: dict[str, dict[date, tuple[str, bool]]] = defaultdict(dict)
    plans: dict[str, dict[int, float]] = defaultdict(dict)
    for row in rows:
        code, period = row["indicator"], row["period"]
        if row["state"] == "plan":
            plans[code][period.year] = row["value"]
        else:
            values[code][period] = row["value"]
            states[code][period] = (row["state"], row["derived"])
    return {code: IndicatorYears(values[code], states[code], plans[code]) for code in values}


def build_fact(theme: Theme, history: IndicatorYears, at: date) -> Fact | None:
    """The newest figure not after ``at``; None when there is none."""
    assert theme.indicator is not None
    periods = [period for period in history.values if period <= at]
    if not periods:
        return None
    period = max(periods)
    value = history.values[period]
    before = history.values.get(period.replace(year=period.year - 1))
    change = _change(value, before, rate=is_rate(theme.unit.vi))
    state, derived = history.states[period]
    months = [add_months(period, -back) for back in range(SPARK_MONTHS - 1, -1, -1)]
    return Fact(
        theme,
        period,
        value,
        state,
        derived,
        change,
        plan_share(history, theme.indicator, period),
        None
        if change is None or theme.indicator.direction == "neutral"
        else (change >= 0) == (theme.indicator.direction == "up"),
        tuple(history.values.get(month) for month in months),
    )


def _change(value: float, before: float | None, *, rate: bool) -> float | None:
    """Percentage points for rates, a share of the figure before for everything else."""
    if before is None or (not rate and before == 0):
        return None
    return value - before if rate else (value - before) / abs(before)


def plan_share(history: IndicatorYears, item: Indicator, period: date) -> float | None:
    """Part of the year plan reached by a month: the sum since January for flows, the figure itself otherwise.

    None when no plan is set for the year: that is not 0 %.
    """
    plan = history.plans.get(period.year)
    if not plan:
        return None
    if item.how != "sum":
        return history.values[period] / plan
    return sum(v for month, v in history.values.items() if month.year == period.year and month <= period) / plan


def choose_cards(facts: Sequence[Fact]) -> tuple[list[Fact], list[Fact]]:
    """Leading cards in the order of CARDS, filled up with whatever has figures; and the rest."""
    by_code = {fact.theme.indicator.code: fact for fact in facts if fact.theme.indicator}
    lead = [by_code[code] for code in CARDS if code in by_code][:CARDS_SHOWN]
    others = [fact for fact in facts if fact not in lead]
    missing = CARDS_SHOWN - len(lead)
    return lead + others[:missing], others[missing:]


def stations_inside(stations: Sequence[Row], unit: Row) -> list[Row]:
    """Stations that lie in a unit, whatever its vintage."""
    return [station for station in stations if unit["id"] in station["unit_ids"]]


def highest_station(stations: Sequence[Row], latest: Sequence[Row], parameter: str) -> Row | None:
    """The station whose newest good value of a parameter is highest, else the first one."""
    values = {
        row["key"]: row["value"]
        for row in latest
        if row["parameter"] == parameter and row["value"] is not None and row["status"] == 0 and row["flag"] == 0
    }
    known = [station for station in stations if station["key"] in values]
    if known:
        return max(known, key=lambda station: values[station["key"]])
    return stations[0] if stations else None
