"""Monthly indicators and yearly plans, made for the smallest pieces of land so that every sum adds up.

Each value of a district, a province or a commune is the sum (or the mean weighted by people) of the same cells, so the
new province continues where the three old ones stopped, and no unit contradicts its parts.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import numpy as np

from ingest.sample import chance
from ingest.sample.boundaries import REFORM, Land, Unit
from ingest.sample.chance import Floats
from layers.definitions import indicator as definition
from layers.model import Indicator
from spatial.months import add_months, list_months

type Season = Literal[
    "none", "economy", "budget", "invest", "tet", "tourism", "rice", "dengue", "school", "office", "fire"
]
type Weight = Literal["people", "urban", "industry", "rice", "pigs", "coast", "forest", "tourism"]
HEADER = ("MA_DVHC", "HIEU_LUC_TU", "CHI_TIEU", "KY", "GIA_TRI", "TINH_TRANG")
FIRST_YEAR = 2022
COMMUNE_SPREAD = 0.05  # sigma of the logarithm of what a commune has per head, against its former district

# Factors of January to December.
_SEASONS: dict[Season, tuple[float, ...]] = {
    "none": (1,) * 12,
    "economy": (0.98, 0.86, 0.97, 0.98, 0.99, 1.02, 1.0, 1.01, 1.02, 1.03, 1.05, 1.09),
    "budget": (1.35, 0.75, 0.9, 1.1, 0.85, 0.9, 1.1, 0.85, 0.9, 1.05, 0.95, 1.3),
    "invest": (0.35, 0.4, 0.7, 0.85, 0.95, 1.1, 1.0, 1.0, 1.1, 1.2, 1.35, 2.0),
    "tet": (1.2, 1.02, 0.92, 0.96, 0.98, 1.0, 0.99, 0.98, 0.97, 0.98, 1.0, 1.0),
    "tourism": (1.05, 1.45, 1.25, 1.1, 1.0, 1.25, 1.3, 1.1, 0.75, 0.7, 0.6, 0.65),
    "rice": (0, 0, 0, 0, 2.2, 4.6, 0.4, 0, 1.2, 3.2, 0.4, 0),
    "dengue": (0.25, 0.15, 0.15, 0.25, 0.5, 0.9, 1.3, 1.8, 2.2, 2.3, 1.5, 0.7),
    "school": (1, 1, 1, 1, 1, 1, 1, 1, 1.004, 1.004, 1.004, 1.004),
    "office": (1.0, 0.7, 1.1, 1.05, 1.0, 1.05, 1.05, 1.0, 1.0, 1.0, 1.0, 1.05),
    "fire": (1.25, 1.3, 1.0, 0.9, 1.1, 1.25, 1.15, 0.9, 0.75, 0.75, 0.8, 0.95),
}
_TET = {2022: 2, 2023: 1, 2024: 2, 2025: 1, 2026: 2, 2027: 2}  # month of the lunar new year


@dataclass(frozen=True, slots=True)
class Recipe:
    """Level for 4.4 million people (a month's total, a stock, or a rate in %), growth a year, and where it happens."""

    level: float
    growth: float  # share a year; rates: percentage points a year
    season: Season = "none"
    weight: Weight = "people"
    noise: float = 0.03
    urban: float = 0.0  # rates: percentage points in towns
    count: bool = False  # chance events: Poisson
    commune: bool = False  # reported by communes since the reform


_RECIPES: dict[str, Recipe] = {
    "grdp": Recipe(25_800, 0.092, "economy", "industry", commune=True),
    "investment_total": Recipe(10_900, 0.11, "invest", "industry", 0.05),
    "public_investment": Recipe(2_450, 0.13, "invest", "people", 0.07, commune=True),
    "fdi": Recipe(62, 0.1, "economy", "industry", 0.14),
    "new_enterprises": Recipe(390, 0.08, "office", "urban", count=True, commune=True),
    "closed_enterprises": Recipe(96, 0.03, "budget", "urban", count=True),
    "industrial_output": Recipe(47_500, 0.115, "economy", "industry", commune=True),
    "retail_sales": Recipe(16_900, 0.105, "tet", "urban", commune=True),
    "exports": Recipe(1_240, 0.13, "economy", "industry", 0.05),
    "imports": Recipe(1_080, 0.11, "economy", "industry", 0.05),
    "electricity": Recipe(870, 0.085, "economy", "industry"),
    "rice_output": Recipe(108, -0.006, "rice", "rice", 0.04, commune=True),
    "pig_herd": Recipe(1_420, 0.015, "tet", "pigs", 0.02, commune=True),
    "aquaculture_output": Recipe(29, 0.035, "economy", "coast", 0.05, commune=True),
    "new_forest": Recipe(75, 0.02, "tourism", "forest", 0.2),
    "budget_revenue": Recipe(5_600, 0.1, "budget", "industry", 0.06, commune=True),
    "budget_spending": Recipe(5_050, 0.085, "invest", "people", 0.05, commune=True),
    "land_revenue": Recipe(1_480, 0.05, "invest", "urban", 0.22),
    "bank_credit": Recipe(318_000, 0.125, "none", "urban", 0.006),
    "tourists": Recipe(1_280, 0.12, "tourism", "tourism", 0.06, commune=True),
    "tourists_foreign": Recipe(118, 0.19, "tourism", "tourism", 0.08),
    "tourism_revenue": Recipe(1_070, 0.15, "tourism", "tourism", 0.06),
    "room_occupancy": Recipe(52, 1.6, "tourism", noise=1.2, urban=6),
    "medical_visits": Recipe(690, 0.045, "office", "urban", 0.04, commune=True),
    "insurance_coverage": Recipe(92.6, 0.55, noise=0.25, urban=2, commune=True),
    "dengue_cases": Recipe(210, 0.0, "dengue", "urban", 0.35, count=True, commune=True),
    "vaccination_rate": Recipe(94.5, 0.3, noise=0.7, urban=1),
    "bed_occupancy": Recipe(83, 0.6, noise=1.6, urban=9),
    "school_attendance": Recipe(97.8, 0.12, "school", noise=0.15, urban=0.8, commune=True),
    "standard_schools": Recipe(85, 1.5, noise=0.3, urban=-2, commune=True),
    "jobs_created": Recipe(7_400, 0.025, "office", "people", 0.08, count=True, commune=True),
    "poverty_rate": Recipe(3.1, -0.38, noise=0.04, urban=-1.4, commune=True),
    "trained_workers": Recipe(68, 1.7, noise=0.25, urban=8),
    "social_insurance": Recipe(668_000, 0.055, "none", "industry", 0.006, commune=True),
    "dossiers_received": Recipe(128_000, 0.07, "office", "people", 0.06, count=True, commune=True),
    "dossiers_on_time": Recipe(97.2, 0.35, noise=0.7, urban=-0.8, commune=True),
    "dossiers_online": Recipe(48, 10.5, noise=2.0, urban=5, commune=True),
    "satisfaction": Recipe(90.5, 1.1, noise=0.8, urban=-1, commune=True),
    "solid_waste_collected": Recipe(91, 1.0, noise=0.5, urban=4, commune=True),
    "clean_water": Recipe(88, 1.9, noise=0.2, urban=7, commune=True),
    "land_conversion": Recipe(46, 0.02, "invest", "industry", 0.35, commune=True),
    "traffic_accidents": Recipe(88, -0.03, "tet", "urban", count=True, commune=True),
    "traffic_deaths": Recipe(41, -0.04, "tet", "people", count=True),
    "fires": Recipe(17, -0.02, "fire", "urban", count=True, commune=True),
    "crimes": Recipe(132, -0.025, "tet", "urban", count=True, commune=True),
    "population": Recipe(0, 0.0085, commune=True),
    "births": Recipe(4_350, -0.021, "school", count=True, commune=True),
}
# What the small sample has: sums, stocks and rates of most groups, with and without commune figures.
_MINI = ("grdp", "public_investment", "industrial_output", "retail_sales", "rice_output", "budget_revenue", "tourists",
         "dengue_cases", "poverty_rate", "dossiers_received", "dossiers_on_time", "population")  # fmt: skip
_BASE = date(2024, 1, 1)  # month of the levels above


def write_indicators(land: Land, folder: Path, *, until: datetime) -> list[Path]:
    """One CSV per year and one with the plans; months end with the one before ``until``."""
    months = _months(land, until)
    table = definition.LAYER.indicators
    if table is None:
        raise ValueError("the indicator layer has no indicators")
    wanted = _RECIPES if land.scale.indicators is None else _MINI
    chosen = [item for item in table.indicators if item.code in wanted]
    rows: dict[str, list[tuple[object, ...]]] = {}
    for item in chosen:
        cells = _cell_values(land, item, months)
        for unit in land.units:
            _add_values(rows, land, unit, item, months, cells)
        _add_plans(rows, land, item, months[-1].year)
    return [_write(folder / f"indicator_{name}.csv", lines) for name, lines in sorted(rows.items())]


def _months(land: Land, until: datetime) -> list[date]:
    last = add_months(until.date(), -1)
    count = land.scale.indicator_months
    return list_months(add_months(last, 1 - count) if count else date(FIRST_YEAR, 1, 1), last)


def _cell_values(land: Land, item: Indicator, months: list[date], *, expected: bool = False) -> Floats:
    """Values by cell and month; ``expected`` leaves chance out."""
    recipe = _RECIPES[item.code]
    years = np.array([(m.year - _BASE.year) + (m.month - 1) / 12 for m in months])
    number = np.array([m.year * 12 + m.month for m in months])
    cell = np.arange(len(land.population))[:, None]
    season = np.array([_season(recipe.season, m) for m in months])
    if item.code == "population":
        since = years - (REFORM.year - _BASE.year) - (REFORM.month - 1) / 12
        return np.asarray(np.round(land.population[:, None] * (1 + recipe.growth) ** since))
    if item.across == "weighted":
        place = 0.06 * min(recipe.level, 100 - recipe.level) * chance.normal(land.seed, item.code, "cell", cell)
        value = recipe.level + recipe.growth * years + recipe.urban * (land.urban[:, None] - 0.15) + place
        value = value + 8 * (season - 1) * (recipe.season == "tourism")
        if not expected:
            value = value + recipe.noise * chance.normal(land.seed, item.code, number)
            value = value + 1.4 * recipe.noise * chance.normal(land.seed, item.code, cell, number)
        return np.clip(value, 0.15, 99.9)
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
    factor = _SEASONS[season][month.month - 1]
    tet = _TET.get(month.year, 2) == month.month
    if season in ("economy", "office", "invest"):
        base = np.mean(_SEASONS[season][:2])
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


def _add_values(
    rows: dict[str, list[tuple[object, ...]]],
    land: Land,
    unit: Unit,
    item: Indicator,
    months: list[date],
    cells: Floats,
) -> None:
    if unit.level == "commune" and (unit.valid_to is not None or not _RECIPES[item.code].commune):
        return
    values = _of_unit(land, unit, item, cells)
    count = len(months)
    for n, month in enumerate(months):
        if unit.valid_from <= month and (unit.valid_to is None or month < unit.valid_to):
            state = "estimate" if n >= count - 2 else "preliminary" if n >= count - 8 else "official"
            line = (unit.code, unit.valid_from.isoformat(), item.code, f"{month:%Y-%m}", _text(values[n], item), state)
            rows.setdefault(str(month.year), []).append(line)


def _of_unit(land: Land, unit: Unit, item: Indicator, cells: Floats) -> Floats:
    own = list(unit.cells)
    if item.across == "weighted":
        return np.asarray(np.average(cells[own], axis=0, weights=land.population[own]))
    return np.asarray(cells[own].sum(axis=0))


def _add_plans(rows: dict[str, list[tuple[object, ...]]], land: Land, item: Indicator, last_year: int) -> None:
    """Plans of every year: a little above what was to be expected (below, where less is better)."""
    ambition = {"up": 1.035, "down": 0.96, "neutral": 1.0}[item.direction]
    first = FIRST_YEAR if land.scale.indicator_months is None else last_year - land.scale.indicator_months // 12
    for year in range(first, last_year + 1):
        months = [date(year, n, 1) for n in range(1, 13)]
        expected = _cell_values(land, item, months, expected=True)
        for unit in land.units:
            if unit.level == "commune" and (unit.valid_to is not None or not _RECIPES[item.code].commune):
                continue
            if not (unit.valid_from.year <= year and (unit.valid_to is None or year <= unit.valid_to.year)):
                continue
            values = _of_unit(land, unit, item, expected)
            target = float({"sum": values.sum(), "last": values[-1], "weighted_mean": values.mean()}[item.how])
            if item.code != "population":
                target *= ambition if item.across != "weighted" else 1 + (ambition - 1) / 4
            if item.across == "weighted":
                target = min(target, 100.0)
            line = (unit.code, unit.valid_from.isoformat(), item.code, str(year), _text(target, item), "plan")
            rows.setdefault("plan", []).append(line)


def _text(value: float, item: Indicator) -> str:
    """As printed: full figures for counts, three decimals for amounts so that parts add up to the whole."""
    if item.across == "weighted":
        return f"{value:.{item.decimals + 2}f}"
    return f"{value:.0f}" if item.decimals == 0 else f"{value:.3f}"


def _write(path: Path, lines: list[tuple[object, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as sink:
        writer = csv.writer(sink)
        writer.writerow(HEADER)
        writer.writerows(lines)
    return path
