"""Which way of projecting a year did best on past years, and how far the truth was from it.

Past years are projected as if as many of their periods were known as are known now. A method is chosen by its errors on
the *other* years, so the skill and the interval are those of a choice made without knowing the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from spatial.analysis.outlook import METHODS, NAIVE, Array, How, Numbers, cumulated, project, year_value

LEAST_STARTS = 2  # calendar years; below it, years that begin in other months are tried as well
PRIOR = 6.0  # years of the wider circle that weigh as much as one's own
POOL = 40  # errors below which a group borrows its family's, and a family everybody's
# What is to be expected of the methods (in their order) before a past year is known, in units of the naive error: as in
# the sample province; it weighs as much as so many years.
EXPECTED: Mapping[How, tuple[float, ...]] = MappingProxyType({
    "sum": (1.0, 0.80, 0.85, 0.90, 0.95, 0.85),
    "last": (1.0, 0.93, 1.05, 1.60, 2.50, 0.95),
    "weighted_mean": (1.0, 0.87, 0.82, 1.40, 2.40, 0.85),
})  # fmt: skip
START = 10.0
SPREAD_CAP = 3.0
OUTLIER = 16.0  # a squared residual counts as so many usual ones at most
UNKNOWN = 0.01  # variance where there is not even a year before: 10 %, or a tenth of a point
TOLERATED = 0.1  # an indicator for which choosing did so much worse than the naive projection gets that one
NORMAL = 1.2816  # 90 % point of the normal distribution
# 90 % points of Student's t: past years are few, and all units share a good or a bad one.
STUDENT = (3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372)


@dataclass(frozen=True)
class Sizes:
    """What the error of a series is measured in: ``a + b / rest`` is the variance of an amount's relative error."""

    a: Array  # (series,)
    b: Array


@dataclass(frozen=True)
class Record:
    """Past years from the same number of known periods. ``chosen`` was picked without the year it is tried on."""

    starts: tuple[int, ...]
    errors: Array  # (starts, methods, series) absolute, in parts of last year's value (rates: in their unit)
    truth: Array  # (starts, series)
    chosen: Array  # (starts, series) projected value
    chosen_errors: Array
    residuals: Array  # (starts, series) on the scale of ``residual``
    rests: Array  # (starts, series) projected part still to come, amounts only
    best: Numbers  # (series,) method for this year


def past_starts(first: int, rows: int, steps: int) -> tuple[int, ...]:
    """Rows in which a past year begins that has a year before it; figures go from row ``first`` to before ``rows``."""
    possible = range(first + steps, rows - steps + 1)
    calendar = tuple(row for row in possible if row % steps == 0)
    if len(calendar) >= LEAST_STARTS:
        return calendar
    stride = max(steps // 4, 1)
    newest = calendar[-1] if calendar else rows - steps
    return tuple(row for row in possible if (row - newest) % stride == 0)


def make_record(
    values: Array, known: int, *, how: How, groups: Numbers, families: Numbers, offset: Array, rows: int,
    steps: int = 12,
) -> Record:  # fmt: skip
    """Project every past year of (periods, series); ``groups`` nest in ``families`` (an indicator and its levels).

    :param offset: (series,) added to both sides before a ratio of amounts is taken, against zeros.
    :param rows: periods of the table that may be read.
    """
    filled = np.flatnonzero(np.isfinite(values).any(axis=1))
    starts = past_starts(int(filled[0]) if len(filled) else rows, rows, steps)
    count = values.shape[1]
    if not starts:
        none = np.empty((0, count))
        return Record((), np.empty((0, len(METHODS), count)), none, none, none, none, none,
                      choose(np.empty((0, len(METHODS), count)), groups, families, how))  # fmt: skip
    found = np.array([project(values, start, known, how=how, groups=groups, steps=steps) for start in starts])
    truth = np.array([year_value(values, start, steps, how) for start in starts])
    before = np.array([year_value(values, start - steps, steps, how) for start in starts])
    so_far = np.array([cumulated(values[start : start + known], how) for start in starts])
    size = np.ones_like(truth) if how == "weighted_mean" else np.where(before > 0, before, np.nan)
    errors = np.abs(found - truth[:, None]) / size[:, None]
    chosen = np.empty_like(truth)
    for number, start in enumerate(starts):
        apart = [other for other, row in enumerate(starts) if abs(row - start) >= steps]
        pick = choose(errors[apart], groups, families, how)
        chosen[number] = np.take_along_axis(found[number], pick[None], axis=0)[0]
    best = choose(errors, groups, families, how)
    hopeless = _without_skill(np.abs(chosen - truth) / size, errors[:, NAIVE], families)
    chosen = np.where(hopeless, found[:, NAIVE], chosen)
    return Record(
        starts, errors, truth, chosen, np.abs(chosen - truth) / size,
        residual(truth, chosen, so_far, offset, how), chosen - so_far, np.where(hopeless, NAIVE, best),
    )  # fmt: skip


def _without_skill(errors: Array, naive: Array, families: Numbers) -> NDArray[np.bool_]:
    """(series,) indicators for which choosing did clearly worse than the naive projection: they get that one."""
    known = np.isfinite(errors) & np.isfinite(naive)
    result = np.zeros(errors.shape[1], dtype=bool)
    for family in np.unique(families):
        mine = (families == family) & known.any(axis=0)
        good = known[:, mine]
        result[mine] = errors[:, mine][good].sum() > (1 + TOLERATED) * naive[:, mine][good].sum()
    return result


def choose(errors: Array, groups: Numbers, families: Numbers, how: How) -> Numbers:
    """(series,) method with the least mean error: own, its group's, its family's and everybody's errors together.

    Units share their good and bad years, so what counts is the number of years, however many units there are. Errors
    are compared in units of the family's naive error.
    """
    methods, count = errors.shape[1], errors.shape[2]
    known = np.isfinite(errors).all(axis=1) if len(errors) else np.zeros((0, count), dtype=bool)
    usual = int(np.argmin(EXPECTED[how]))
    if not known.any():
        return np.full(count, usual)
    total = np.where(known[:, None], errors, 0.0).sum(axis=0)
    number = known.sum(axis=0)
    for family in np.unique(families):
        mine = families == family
        unit = float(total[NAIVE, mine].sum()) / max(int(number[mine].sum()), 1)
        total[:, mine] = total[:, mine] / unit if unit > 0 else 0.0
    years = len(errors)
    by_family = np.array([_mean(total, number, families == family) for family in np.unique(families)])
    everybody = by_family[by_family[:, NAIVE] > 0].mean(axis=0) if (by_family[:, NAIVE] > 0).any() else by_family[0]
    everybody = (years * everybody + START * np.array(EXPECTED[how])) / (years + START)
    score = np.zeros((methods, count))
    for family, mean in zip(np.unique(families), by_family, strict=True):
        mine = families == family
        expected = (years * mean + PRIOR * everybody) / (years + PRIOR)
        for group in np.unique(groups[mine]):
            part = mine & (groups == group)
            nearer = (years * _mean(total, number, part) + PRIOR * expected) / (years + PRIOR)
            score[:, part] = (total[:, part] + PRIOR * nearer[:, None]) / (number[part] + PRIOR)
    return np.where(score.max(axis=0) > 0, score.argmin(axis=0), usual)


def _mean(total: Array, number: Numbers, part: NDArray[np.bool_]) -> Array:
    """(methods,) mean of the known errors of some series."""
    return np.asarray(total[:, part].sum(axis=1) / max(int(number[part].sum()), 1))


def residual(truth: Array, projected: Array, so_far: Array, offset: Array, how: How) -> Array:
    """How far the truth was: amounts as log ratio of the part to come, stocks as log ratio, rates as difference."""
    with np.errstate(invalid="ignore", divide="ignore"):
        if how == "weighted_mean":
            return truth - projected
        if how == "last":
            return np.where((truth > 0) & (projected > 0), np.log(truth / projected), np.nan)
        rest, expected = truth - so_far + offset, projected - so_far + offset
        return np.where((rest > 0) & (expected > 0), np.log(rest / expected), np.nan)


def skill(record: Record, groups: Numbers, families: Numbers) -> Array:
    """(series,) 1 - MAE of the choice / MAE of the naive projection on past years; NaN without any.

    Shrunk as the choice is: one year of one series says little.
    """
    known = np.isfinite(record.chosen_errors) & np.isfinite(record.errors[:, NAIVE])
    ours = np.where(known, record.chosen_errors, 0.0).sum(axis=0)
    naive = np.where(known, record.errors[:, NAIVE], 0.0).sum(axis=0)
    result = np.full(len(groups), np.nan)
    for family in np.unique(families):
        mine = families == family
        for group in np.unique(groups[mine]):
            part = mine & (groups == group)
            several = part if known[:, part].sum() >= PRIOR else mine
            weight = PRIOR / max(int(known[:, several].sum()), 1)
            top = ours[part] + weight * ours[several].sum()
            bottom = naive[part] + weight * naive[several].sum()
            result[part] = np.where(bottom > 0, 1 - top / np.where(bottom > 0, bottom, 1), np.nan)
    return result


def fit_sizes(
    residuals: Array, rests: Array, groups: Numbers, families: Numbers, how: How, otherwise: Array | None = None
) -> Sizes:
    """Spread of the residuals by family, and for amounts how it grows as the part to come gets smaller.

    Chance counts have a variance that is the count itself, so the squared relative error is ``a + b / rest``.

    :param otherwise: (series,) variance of series of which no past year is known.
    """
    a, b = np.zeros(len(groups)), np.zeros(len(groups))
    everything = residuals[np.isfinite(residuals)] ** 2
    usual = float(everything.mean()) if len(everything) else 0.01
    for family in np.unique(families):
        for group in np.unique(groups[families == family]):
            part = groups == group
            rows = part if np.isfinite(residuals[:, part]).sum() >= POOL else families == family
            square, rest = residuals[:, rows] ** 2, rests[:, rows]
            good = np.isfinite(square) & (rest > 0 if how == "sum" else True)
            if good.any() and np.median(square[good]) > 0:  # a few years gone wrong are for the quantile, not the scale
                square = np.minimum(square, OUTLIER * np.median(square[good]))
            if good.sum() < 3:
                a[part] = usual if otherwise is None or len(everything) else otherwise[part]
            elif how != "sum":
                a[part] = max(float(square[good].mean()), 1e-12)
            else:
                a[part], b[part] = _two_parts(square[good], 1.0 / rest[good])
    return Sizes(a, b)


def _two_parts(square: Array, inverse: Array) -> tuple[float, float]:
    """Non-negative a, b with ``square ~ a + b * inverse``, large variances weighing less."""
    a, b = float(square.mean()), 0.0
    for _ in range(4):
        weight = 1.0 / np.maximum(a + b * inverse, 1e-9) ** 2
        sums = [float((weight * part).sum()) for part in (np.ones_like(inverse), inverse, inverse**2, square,
                                                           square * inverse)]  # fmt: skip
        determinant = sums[0] * sums[2] - sums[1] ** 2
        if determinant <= 1e-12 * sums[0] * sums[2]:
            break
        a = (sums[3] * sums[2] - sums[4] * sums[1]) / determinant
        b = (sums[4] * sums[0] - sums[3] * sums[1]) / determinant
        if a < 0:
            a, b = 0.0, sums[4] / sums[2]
        elif b < 0:
            a, b = sums[3] / sums[0], 0.0
    return max(a, 1e-9), max(b, 0.0)


def year_on_year(values: Array, start: int, known: int, *, how: How, groups: Numbers, steps: int) -> Array:
    """(series,) mean square of how much the year so far differs from the same periods of the year before, by group.

    What is known of a year's error before any year was projected: a wide guess.
    """
    now, before = values[start : start + known], values[start - steps : start - steps + known]
    if len(before) < known or start < steps:
        return np.full(len(groups), UNKNOWN)
    with np.errstate(invalid="ignore", divide="ignore"):
        if how == "weighted_mean":
            square = (now - before).mean(axis=0) ** 2
        else:
            new, old = cumulated(now, how), cumulated(before, how)
            square = np.where((new > 0) & (old > 0), np.log(new / old), np.nan) ** 2
    result = np.full(len(groups), UNKNOWN)
    for group in np.unique(groups):
        known_ones = square[(groups == group) & np.isfinite(square)]
        if len(known_ones):
            result[groups == group] = max(float(known_ones.mean()), 1e-6)
    return result


def spread(sizes: Sizes, rest: Array, how: How) -> Array:
    """Usual size of a residual: (series,) or (years, series)."""
    if how != "sum":
        return np.broadcast_to(np.sqrt(sizes.a), rest.shape).copy()
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.minimum(np.sqrt(sizes.a + np.where(rest > 0, sizes.b / rest, np.inf)), SPREAD_CAP)


def few_years(count: int) -> float:
    """Factor by which an interval from so many past years is widened.

    Half the way (in logarithms) to Student's: part of the errors is shared by all units of a year, part is their own.
    """
    return float((STUDENT[min(max(count, 1), len(STUDENT)) - 1] / NORMAL) ** 0.5)
