"""Indicators and yearly plans, made for the smallest pieces of land so that every sum adds up.

Each value of a district, a province or a commune is the sum (or the mean weighted by people) of the same cells, so the
new province continues where the three old ones stopped, and no unit contradicts its parts.
"""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from ingest.sample import chance
from ingest.sample.boundaries import REFORM, Land, Unit
from ingest.sample.chance import Floats
from ingest.sample.indicator_plants import CHANGED_PLAN, NO_PLAN, OFF_PLAN, Plants
from ingest.sample.recipes import RECIPES, SEASONS, SUMS, TET, Season, Weight
from layers.definitions import indicator as definition
from layers.model import Indicator
from spatial import periods
from spatial.months import add_months, list_months

HEADER = ("MA_DVHC", "HIEU_LUC_TU", "CHI_TIEU", "KY", "GIA_TRI", "TINH_TRANG")
HEADER_PLAN = (*HEADER, "NGAY_GIAO", "VAN_BAN")
HEADER_PUBLISHED = (*HEADER, "NGAY_CONG_BO")
FIRST_YEAR = 2022
COMMUNE_SPREAD = 0.05  # sigma of the logarithm of what a commune has per head, against its former district

# What districts and communes of the small sample report; its province has all indicators.
_MINI = ("grdp", "public_investment", "industrial_output", "retail_sales", "rice_output", "budget_revenue", "tourists",
         "dengue_cases", "poverty_rate", "dossiers_received", "dossiers_on_time", "population")  # fmt: skip
_BASE = date(2024, 1, 1)  # month of the levels of the recipes
# Days after the end of a period on which it is published.
_PUBLISHED = {"quarter": 20, "year": 60}

type Line = tuple[object, ...]


def write_indicators(land: Land, folder: Path, *, until: datetime) -> tuple[list[Path], list[dict[str, object]]]:
    """One CSV per year, one of quarters and years, one of the plans; months end with the one before ``until``.

    Second: what is planted in them.
    """
    writer = _Writer(land, until.date())
    for item in _reported():
        writer.add(item)
    headers = {"plan": HEADER_PLAN, "periods": HEADER_PUBLISHED}
    paths = [
        _write(folder / f"indicator_{name}.csv", headers.get(name, HEADER), lines)
        for name, lines in sorted(writer.rows.items())
    ]
    return paths, writer.plants.as_json()


def _reported() -> list[Indicator]:
    table = definition.LAYER.indicators
    if table is None:
        raise ValueError("the indicator layer has no indicators")
    return [item for item in table.indicators if item.code in RECIPES or item.code in SUMS]


def _months(land: Land, today: date) -> list[date]:
    last = add_months(today, -1)
    count = land.scale.indicator_months
    return list_months(add_months(last, 1 - count) if count else date(FIRST_YEAR, 1, 1), last)


class _Writer:
    """Collects the lines of all files."""

    def __init__(self, land: Land, today: date) -> None:
        self.land, self.today = land, today
        self.months = _months(land, today)
        self.plants = Plants.choose(land, self.months)
        self.rows: dict[str, list[Line]] = {}

    def add(self, item: Indicator) -> None:
        """Figures and plans of one indicator."""
        spans = self._periods(item)
        cells = self._cells(item, spans)
        for unit in self.land.units:
            if self._reports(unit, item):
                self._add_values(unit, item, spans, cells)
        if item.code in SUMS or item.domain == "press":  # nobody plans these
            return
        for year in range(self._first_plan(item), self.months[-1].year + 1):
            self._add_plans(item, year)

    def _periods(self, item: Indicator) -> list[date]:
        """Periods whose figures are out by now."""
        if item.period == "month":
            return self.months
        found = []
        period = date(FIRST_YEAR, item.year_from, 1)
        while self._published(item, period) <= self.today:
            found.append(period)
            period = add_months(period, periods.length(item))
        return found

    def _published(self, item: Indicator, period: date) -> date:
        if item.year_from != 1:  # counted when the school year begins
            return period + timedelta(days=45)
        return periods.end_of(item, period) + timedelta(days=_PUBLISHED[item.period])

    def _cells(self, item: Indicator, spans: list[date], *, expected: bool = False) -> Floats:
        """Values by cell and period."""
        if item.code in SUMS:
            table = {one.code: one for one in _reported()}
            return np.asarray(sum(self._cells(table[code], spans, expected=expected) for code in SUMS[item.code]))
        step = periods.length(item)
        months = [add_months(span, n) for span in spans for n in range(step)]
        cells = _cell_values(self.land, item, months, expected=expected)
        if not expected:
            cells = self.plants.cells(item, months, cells)
        by_period = cells.reshape(len(cells), len(spans), step)
        if item.how == "sum":
            return np.asarray(by_period.sum(axis=2))
        if item.how == "last":
            return np.asarray(by_period[:, :, 0 if item.year_from != 1 else -1])
        return np.asarray(by_period.mean(axis=2))

    def _reports(self, unit: Unit, item: Indicator) -> bool:
        if unit.level not in item.levels or (unit.level == "commune" and unit.valid_to is not None):
            return False
        return unit.level == "province" or self.land.scale.indicators is None or item.code in _MINI

    def _add_values(self, unit: Unit, item: Indicator, spans: list[date], cells: Floats) -> None:
        values = self.plants.reported(item, unit, _of_unit(self.land, unit, item, cells), spans)
        for n, period in enumerate(spans):
            day = periods.reference_day(item, period)
            if not (unit.valid_from <= day and (unit.valid_to is None or day < unit.valid_to)):
                continue
            line = (unit.code, unit.valid_from.isoformat(), item.code, _period_text(item, period),
                    _text(values[n], item), _state(item, len(spans) - n))  # fmt: skip
            if item.period == "month":
                if not self.plants.is_late(item, period):
                    self.rows.setdefault(str(period.year), []).append(line)
            else:
                self.rows.setdefault("periods", []).append((*line, self._published(item, period).isoformat()))

    # ---------------------------------------------------------------- plans

    def _first_plan(self, item: Indicator) -> int:
        count = self.land.scale.indicator_months
        return FIRST_YEAR if count is None or item.period != "month" else self.months[-1].year - count // 12

    def _add_plans(self, item: Indicator, year: int) -> None:
        """Plans of a year: a little above what was to be expected (below, where less is better)."""
        last = year == self.months[-1].year
        if last and item.code == NO_PLAN:
            return
        first = date(year, item.year_from, 1)
        spans = [add_months(first, n) for n in range(0, 12, periods.length(item))]
        expected = self._cells(item, spans, expected=True)
        for unit in self.land.units:
            if not self._reports(unit, item):
                continue
            if not (unit.valid_from.year <= year and (unit.valid_to is None or year <= unit.valid_to.year)):
                continue
            target = _target(item, _of_unit(self.land, unit, item, expected))
            whole = unit.level == "province" and unit.valid_to is None
            if whole and last:
                target *= OFF_PLAN.get(item.code, 1)
            self._plan(unit, item, first, target, _issued(unit, year))
            if whole and last and item.code == CHANGED_PLAN[0]:
                self._plan(unit, item, first, target * CHANGED_PLAN[1], date(year, 7, 15))

    def _plan(self, unit: Unit, item: Indicator, first: date, target: float, issued: date) -> None:
        document = f"NQ {issued.month * 4 + 7}/NQ-HĐND ngày {issued.day}/{issued.month}/{issued.year}"
        line = (unit.code, unit.valid_from.isoformat(), item.code, _period_text(item, first, plan=True),
                _text(target, item), "plan", issued.isoformat(), document)  # fmt: skip
        self.rows.setdefault("plan", []).append(line)


def _issued(unit: Unit, year: int) -> date:
    """December before the year; a unit made by the reform got its first plan after it."""
    issued = date(year - 1, 12, 10)
    return issued if unit.valid_from <= issued else REFORM + timedelta(days=14)


def _target(item: Indicator, values: Floats) -> float:
    ambition = {"up": 1.035, "down": 0.96, "neutral": 1.0}[item.direction]
    target = float({"sum": values.sum(), "last": values[-1], "weighted_mean": values.mean()}[item.how])
    if item.code == "population":
        return target
    if item.across == "sum":
        return target * ambition
    target *= 1 + (ambition - 1) / 4
    return min(target, 100.0) if item.unit.vi == "%" and values.max() < 100 else target


def _state(item: Indicator, newest: int) -> str:
    """``newest`` 1: the last one."""
    estimates, preliminary = {"month": (2, 8), "quarter": (1, 3), "year": (0, 1)}[item.period]
    return "estimate" if newest <= estimates else "preliminary" if newest <= preliminary else "official"


def _period_text(item: Indicator, period: date, *, plan: bool = False) -> str:
    if item.year_from != 1:
        return f"{period.year}-{period.year + 1}"
    if plan or item.period == "year":
        return str(period.year)
    return f"{period.year}-Q{(period.month + 2) // 3}" if item.period == "quarter" else f"{period:%Y-%m}"


def _cell_values(land: Land, item: Indicator, months: list[date], *, expected: bool = False) -> Floats:
    """Values by cell and month; ``expected`` leaves chance out."""
    recipe = RECIPES[item.code]
    years = np.array([(m.year - _BASE.year) + (m.month - 1) / 12 for m in months])
    number = np.array([m.year * 12 + m.month for m in months])
    cell = np.arange(len(land.population))[:, None]
    season = np.array([_season(recipe.season, m) for m in months])
    if item.code == "population":
        since = years - (REFORM.year - _BASE.year) - (REFORM.month - 1) / 12
        return np.asarray(np.round(land.population[:, None] * (1 + recipe.growth) ** since))
    if item.across != "sum":
        percent = item.unit.vi == "%" and recipe.level < 100
        spread = 0.06 * min(recipe.level, 100 - recipe.level) if percent else 0.03 * recipe.level
        place = spread * chance.normal(land.seed, item.code, "cell", cell)
        value = recipe.level + recipe.growth * years + recipe.urban * (land.urban[:, None] - 0.15) + place
        value = value + 8 * (season - 1) * (recipe.season == "tourism")
        if not expected:
            value = value + recipe.noise * chance.normal(land.seed, item.code, number)
            value = value + 1.4 * recipe.noise * chance.normal(land.seed, item.code, cell, number)
        return np.clip(value, 0.15, 99.9 if percent else None)
    weight = _weights(land, recipe.weight)[:, None]
    size = land.population.sum() / 4_400_000
    level = recipe.level * size * weight * (1 + recipe.growth) ** years * season
    if not expected:
        level = level * np.exp(
            recipe.noise * chance.smooth(land.seed, item.code, "trend", at=number.astype(float), period=5)
        )
        level = level * np.exp(0.6 * recipe.noise * chance.normal(land.seed, item.code, number))
        if recipe.count:
            return chance.stream(land.seed, f"count {item.code}").poisson(level).astype(float)
        level = level * np.exp(1.2 * recipe.noise * chance.normal(land.seed, item.code, cell, number))
    return np.asarray(np.round(level, 3))


def _season(season: Season, month: date) -> float:
    factor = SEASONS[season][month.month - 1]
    tet = TET.get(month.year, 2) == month.month
    if season in ("economy", "office", "invest"):
        base = np.mean(SEASONS[season][:2])
        return float(base * (0.88 if tet else 1.12)) if month.month <= 2 else factor
    if season == "tet" and month.month <= 2:
        return 1.2 if tet else 1.03
    return factor


def _weights(land: Land, weight: Weight) -> Floats:
    """Share of each cell."""
    people = land.population.astype(float)
    rng = chance.stream(land.seed, f"weights {weight}")
    uneven = rng.lognormal(0, 1, len(people))
    near_sea = np.exp(-land.coast / (11_000 * land.ground.size))
    share = {
        "people": people * rng.lognormal(0, 0.12, len(people)),
        "urban": people * (0.35 + 1.6 * land.urban) * rng.lognormal(0, 0.15, len(people)),
        "industry": people * (0.25 + 0.9 * land.urban) * uneven**1.1,
        "rice": land.area * (1 - 0.85 * land.hill) * (1 - 0.85 * land.urban) * rng.lognormal(0, 0.15, len(people)),
        "pigs": land.area * (1 - 0.9 * land.urban) * rng.lognormal(0, 0.35, len(people)),
        "coast": land.area * (0.06 + near_sea) * rng.lognormal(0, 0.25, len(people)),
        "forest": land.area * (0.01 + land.hill**2),
        "tourism": (0.05 + land.urban + 0.8 * land.hill + 0.6 * near_sea) * uneven**1.9,
    }[weight]
    return _spread_by_people(land, share / share.sum(), rng)


def _spread_by_people(land: Land, share: Floats, rng: np.random.Generator) -> Floats:
    """The shares of the old districts kept, divided in each among its cells by people, with a mild factor per commune.

    Before the reform communes are estimated from districts by people; spread by anything else, their own figures would
    leap in the month of the reform although nothing happened.
    """
    district = _unit_of_cell(land, land.select("district", old=True))
    commune = _unit_of_cell(land, land.select("commune", old=False))
    people = land.population * rng.lognormal(0, COMMUNE_SPREAD, commune.max() + 1)[commune]
    return np.asarray(people * (np.bincount(district, share) / np.bincount(district, people))[district])


def _unit_of_cell(land: Land, units: list[Unit]) -> np.ndarray:
    """Number of the unit that each cell belongs to."""
    number = np.full(len(land.population), -1)
    for n, unit in enumerate(units):
        number[list(unit.cells)] = n
    if (number < 0).any():
        raise ValueError("some cells of the sample belong to no unit")
    return number


def _of_unit(land: Land, unit: Unit, item: Indicator, cells: Floats) -> Floats:
    own = list(unit.cells)
    if item.across != "sum":
        return np.asarray(np.average(cells[own], axis=0, weights=land.population[own]))
    return np.asarray(cells[own].sum(axis=0))


def _text(value: float, item: Indicator) -> str:
    """As printed: full figures for counts, three decimals for amounts so that parts add up to the whole."""
    if item.across != "sum":
        return f"{value:.{item.decimals + 2}f}"
    return f"{value:.0f}" if item.decimals == 0 else f"{value:.3f}"


def _write(path: Path, header: tuple[str, ...], lines: list[Line]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as sink:
        writer = csv.writer(sink)
        writer.writerow(header)
        writer.writerows(lines)
    return path
