"""The year's end of many series at once: 80 % interval, chance to meet the plan, skill against the naive projection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from spatial.analysis.outlook import METHODS, Array, How, Numbers, cumulated, project
from spatial.analysis.outlook_record import (
    POOL,
    Record,
    Sizes,
    few_years,
    fit_sizes,
    make_record,
    residual,
    skill,
    spread,
    year_on_year,
)

CHANCES = (0.01, 0.99)  # never certain before the year is over
ROUGHER = (1.0, 3.0)  # by how much own figures may be rougher than those put together from parts of other units
COMPLETE = "complete"


@dataclass(frozen=True)
class Table:
    """Series of one way of adding up and one period; ``start`` is the first row of the year that is projected.

    ``groups`` are indicator and level of unit, ``families`` the indicator. ``aim``: 1 more is better, -1 less, 0 none.
    """

    values: Array  # (periods, series)
    start: int
    steps: int
    how: How
    groups: Numbers
    families: Numbers
    low: Array  # (series,) bounds of what is possible
    high: Array
    plans: Array  # NaN: none
    aim: Numbers
    counts: NDArray[np.bool_]  # figures that count cases
    widened: NDArray[np.bool_]  # history put together from parts of divided units
    roughness: Array  # (series,) factor of the interval for these


@dataclass(frozen=True)
class YearEnd:
    """(series,) each; NaN where there is none. ``reason``: why there is no projection, or what to know of it."""

    known: Numbers
    actual: Array
    q10: Array
    q50: Array
    q90: Array
    chance: Array
    skill: Array
    model: list[str | None]
    reason: list[str | None]


type Reason = Literal["no_figure_this_year", "period_missing", "no_last_year", "estimated_history"]


def year_ends(table: Table) -> YearEnd:
    """Project the year of every series from the periods it has; never raises for missing or odd figures."""
    count = table.values.shape[1]
    year = table.values[table.start : table.start + table.steps]
    known, whole = _known(year)
    actual, q10, q50, q90, chance, skills = (np.full(count, np.nan) for _ in range(6))
    result = YearEnd(known, actual, q10, q50, q90, chance, skills, [None] * count, [None] * count)
    for periods in np.unique(known[whole & (known > 0)]):
        mine = np.flatnonzero(whole & (known == periods))
        result.actual[mine] = cumulated(year[: int(periods), mine], table.how)
        (_finished if periods == table.steps else _projected)(table, int(periods), mine, result)
    for series in range(count):
        if known[series] == 0:
            result.reason[series] = "no_figure_this_year"
        elif not whole[series]:
            result.reason[series] = "period_missing"
        elif result.model[series] is None:
            result.reason[series] = "no_last_year"
        elif table.widened[series] and result.model[series] != COMPLETE:
            result.reason[series] = "estimated_history"
    return result


def _known(year: Array) -> tuple[Numbers, NDArray[np.bool_]]:
    """Periods up to the newest known one, and whether none is missing among them."""
    there = np.isfinite(year)
    newest = np.where(there.any(axis=0), len(year) - there[::-1].argmax(axis=0), 0)
    return newest, there.sum(axis=0) == newest


def _finished(table: Table, periods: int, mine: Numbers, result: YearEnd) -> None:
    actual = result.actual[mine]
    for quantile in (result.q10, result.q50, result.q90):
        quantile[mine] = actual
    gain = (actual - table.plans[mine]) * table.aim[mine]
    met = (gain >= -1e-9 * np.abs(actual)).astype(float)
    result.chance[mine] = np.where(np.isfinite(gain) & (table.aim[mine] != 0), met, np.nan)
    for series in mine:
        result.model[series] = COMPLETE


def _projected(table: Table, periods: int, mine: Numbers, result: YearEnd) -> None:
    offset = offsets(table.values, table.counts, table.steps)
    record = make_record(
        table.values, periods, how=table.how, groups=table.groups, families=table.families, offset=offset,
        rows=table.start, steps=table.steps,
    )  # fmt: skip
    found = project(table.values, table.start, periods, how=table.how, groups=table.groups, steps=table.steps)
    middle = np.take_along_axis(found, record.best[None], axis=0)[0]
    so_far = cumulated(table.values[table.start : table.start + periods], table.how)
    low = np.maximum(table.low, so_far) if table.how == "sum" and np.all(table.low >= 0) else table.low
    middle = np.clip(middle, low, table.high)
    guess = year_on_year(
        table.values, table.start, periods, how=table.how, groups=table.groups, steps=table.steps
    )  # fmt: skip
    sizes = fit_sizes(record.residuals, record.rests, table.groups, table.families, table.how, guess)
    unit = spread(sizes, middle - so_far, table.how)
    unit = np.where(table.widened, unit * table.roughness, unit) * few_years(_years(record, table.steps))
    pools = standard_errors(record, sizes, table.groups, table.families, table.how)
    skills = skill(record, table.groups, table.families)
    for group in np.unique(table.groups[mine]):
        part = mine[table.groups[mine] == group]
        part = part[np.isfinite(middle[part])]
        if not len(part):
            continue
        half = unit[part] * quantile_of(pools[int(group)], 0.8)
        result.q50[part] = middle[part]
        result.q10[part] = np.maximum(_moved(middle, so_far, offset, -half, part, table.how), low[part])
        result.q90[part] = np.minimum(_moved(middle, so_far, offset, half, part, table.how), table.high[part])
        result.chance[part] = _chances(table, part, middle, so_far, offset, unit, pools[int(group)])
        result.skill[part] = skills[part]
        for series in part:
            result.model[series] = METHODS[int(record.best[series])]


def offsets(values: Array, counts: NDArray[np.bool_], steps: int) -> Array:
    """(series,) added before a ratio of amounts is taken: half a case for counts, a thousandth of a year else."""
    known = np.isfinite(values)
    mean = np.where(known, np.abs(values), 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return np.where(counts, 0.5, np.maximum(1e-3 * steps * mean, 1e-12))


def standard_errors(
    record: Record, sizes: Sizes, groups: Numbers, families: Numbers, how: How
) -> dict[int, Array]:  # fmt: skip
    """Sorted absolute residuals in units of their usual size, by group; a small group takes its family's."""
    errors = np.abs(record.residuals) / spread(sizes, record.rests, how) if len(record.starts) else record.residuals
    everybody = errors[np.isfinite(errors)]
    pools = {}
    for group in np.unique(groups):
        own = errors[:, groups == group]
        own = own[np.isfinite(own)]
        if len(own) < POOL:
            wider = errors[:, families == families[groups == group][0]]
            own = wider[np.isfinite(wider)]
        pools[int(group)] = np.sort(own if len(own) >= POOL else everybody)
    return pools


def quantile_of(pool: Array, level: float) -> float:
    """Conformal quantile of a sorted pool: one more error than there are is counted as larger than all."""
    if not len(pool):
        return 1.2816 if level == 0.8 else 2.0
    place = min(int(np.ceil(level * (len(pool) + 1))) - 1, len(pool) - 1)
    return float(pool[place])


def _years(record: Record, steps: int) -> int:
    return 1 if len(record.starts) < 2 else max(1, 1 + (record.starts[-1] - record.starts[0]) // steps)


def _moved(middle: Array, so_far: Array, offset: Array, by: Array, part: Numbers, how: How) -> Array:
    """Year values whose residual against ``middle`` is ``by``."""
    if how == "weighted_mean":
        return np.asarray(middle[part] + by)
    factor = np.exp(np.clip(by, -50.0, 50.0))
    if how == "last":
        return np.asarray(middle[part] * factor)
    return np.asarray(so_far[part] + (middle[part] - so_far[part] + offset[part]) * factor - offset[part])


def _chances(
    table: Table, part: Numbers, middle: Array, so_far: Array, offset: Array, unit: Array, pool: Array
) -> Array:  # fmt: skip
    """Chance that the plan is met, by the same errors as the interval, taken as symmetrical."""
    plan, aim = table.plans[part], table.aim[part]
    passed = plan <= so_far[part] if table.how == "sum" else np.zeros(len(part), dtype=bool)
    gap = residual(plan, middle[part], so_far[part], offset[part], table.how) / unit[part]
    gap = np.where(passed, -np.inf, gap)
    beyond = 1.0 - np.searchsorted(pool, np.abs(gap), side="left") / (len(pool) + 1)
    above = np.where(gap > 0, beyond / 2, 1.0 - beyond / 2)
    chance = np.clip(np.where(aim > 0, above, 1.0 - above), *CHANCES)
    chance = np.where(passed & (table.how == "sum"), np.where(aim > 0, 1.0, 0.0), chance)
    return np.where(
        np.isfinite(plan) & np.isfinite(middle[part]) & (aim != 0) & (np.isfinite(gap) | passed), chance, np.nan
    )


def roughness(values: Array, estimated: NDArray[np.bool_], groups: Numbers) -> Array:
    """(series,) by how much own figures are rougher from period to period than those put together, group by group.

    The move of each series is compared with its group's median move, so that season and trend drop out.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        moves = np.diff(np.log(np.where(values > 0, values, np.nan)), axis=0)
    made = estimated[1:] | estimated[:-1]
    result = np.ones(values.shape[1])
    for group in np.unique(groups):
        mine = groups == group
        part = moves[:, mine]
        known = np.isfinite(part)
        if mine.sum() < 4:
            continue
        centre = np.array(
            [np.median(row[good]) if good.any() else np.nan for row, good in zip(part, known, strict=True)]
        )
        apart = np.abs(part - centre[:, None])
        own, put = apart[known & ~made[:, mine]], apart[known & made[:, mine]]
        if len(own) >= POOL and len(put) >= POOL and np.median(put) > 0:
            result[mine] = np.clip(np.median(own) / np.median(put), *ROUGHER)
    return result
