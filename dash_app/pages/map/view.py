"""Pure half of the map page: rows -> what cards and charts show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dash_app.themes import Theme
from spatial.analysis.kpi import Kpi
from spatial.months import add_months
from spatial.periods import length

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
    """What one card says about an indicator of a unit: the line of the report, and its past for the sparkline."""

    theme: Theme
    kpi: Kpi
    derived: bool
    spark: tuple[float | None, ...]

    @property
    def period(self) -> date:
        """First day of the newest period."""
        return self.kpi.period


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


def build_fact(theme: Theme, kpi: Kpi, history: IndicatorYears) -> Fact:
    """A card of a line of the report; figures put together from other units are marked."""
    back = range(SPARK_MONTHS // length(kpi.indicator) - 1, -1, -1)
    past = [add_months(kpi.period, -n * length(kpi.indicator)) for n in back]
    _, derived = history.states.get(kpi.period, ("", False))
    return Fact(theme, kpi, derived, tuple(history.values.get(period) for period in past))


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
