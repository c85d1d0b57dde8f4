"""What a figure could be expected to be: season and trend by medians, a band by the residuals of similar series.

Amounts and stocks are judged as logarithms, rates as they are. Tables are (periods, series) with NaN for what is not
known and begin in January. Medians throughout, so that the odd figure itself, or a few of them, move nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from spatial.analysis.tet import tet_in_january

type Array = NDArray[np.float64]
type Numbers = NDArray[np.int64]
type Flags = NDArray[np.bool_]

THRESHOLD = 5.0  # robust deviations beyond which a figure is unusual
REACH = 6  # months on either side whose median is the trend
OWN_YEARS = 2.0  # years of the group that weigh as much as a series' own season
CHANCE = 10.0  # by how much more, in units of a count's variance by chance
OWN_MONTHS = 12.0  # months of the group's residuals that weigh as much as a series' own
LEAST = 9  # known periods below which nothing is said of a series
SMALLEST_LOG = 0.01  # a deviation is never taken to be less: one per cent ...
SMALLEST_RATE = 0.05  # ... or so many points
FEW = 10.0  # residuals by which a band of few residuals is widened
SMALL_GROUP = 4  # series below which a group's residuals are mixed with those of the other levels ...
BORROWED = 48.0  # ... which weigh as so many of its own
MAD = 1.4826
ANSCOMBE = 3 / 8


@dataclass(frozen=True)
class Expectation:
    """(periods, series) each, in the unit of the figures; NaN where nothing can be said. ``score``: deviations."""

    expected: Array
    low: Array
    high: Array
    score: Array
    deviation: Array  # on the scale of the judgement: logarithm, or points of a rate


def expect(
    values: Array,
    *,
    rate: bool,
    groups: Numbers,
    families: Numbers,
    judged: Flags,
    counts: Flags,
    first_year: int,
    steps: int = 12,
) -> Expectation:
    """Expected figures of (periods, series) and how far each is from them.

    :param groups: series that are alike: the same indicator of units of one level; ``families``: of any level.
    :param judged: (periods, series) figures of the unit's own, whose residuals make the band (others are smoother).
    :param counts: (series,) figures that count cases: chance alone moves small ones a lot.
    """
    offset = np.zeros(values.shape[1]) if rate else _offsets(values, counts)
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled = values if rate else np.log(np.where(values + offset > 0, values + offset, np.nan))
    usual = np.where(counts & (not rate), 1.0 / np.maximum(median(values), 0.5), 0.0)
    alone = OWN_YEARS * (1 + CHANCE * np.where(np.isfinite(usual), usual, 2.0))  # few cases say little of a season
    season = _season(scaled, groups, alone, first_year, steps)
    level = _trend(scaled - season, groups, alone, steps)
    centre = season + level
    with np.errstate(over="ignore", invalid="ignore"):
        chance = np.where(counts & (not rate), 1.0 / np.maximum(np.exp(np.minimum(centre, 700.0)), 0.5), 0.0)
        mean = np.exp(np.minimum(centre, 700.0))
        roots = 2 * (np.sqrt(np.maximum(values, 0.0) + ANSCOMBE) - np.sqrt(mean + ANSCOMBE))
        apart = np.where(counts & (not rate), roots / np.sqrt(np.maximum(mean, 0.5)), scaled - centre)
    deviation = _deviations(apart, groups, families, judged, chance, SMALLEST_RATE if rate else SMALLEST_LOG)
    enough = np.isfinite(scaled).sum(axis=0) >= LEAST
    deviation = np.where(enough, deviation, np.nan)
    score = (scaled - centre) / deviation
    if rate:
        return Expectation(centre, centre - THRESHOLD * deviation, centre + THRESHOLD * deviation, score, deviation)
    low, middle, high = (np.exp(np.clip(centre + move * deviation, -700, 700)) - offset
                         for move in (-THRESHOLD, 0.0, THRESHOLD))  # fmt: skip
    negative = np.isfinite(values) & ~np.isfinite(scaled)  # a negative amount has no logarithm, and is odd enough
    found = Expectation(np.maximum(middle, 0.0), np.maximum(low, 0.0), high, score, deviation)
    found = _with_counts(found, values, counts, centre, np.sqrt(np.maximum(deviation**2 - chance, 0.0)))
    score = np.where(negative & np.isfinite(deviation) & np.isfinite(centre), -2 * THRESHOLD, found.score)
    return replace(found, score=score)


def _with_counts(found: Expectation, values: Array, counts: Flags, centre: Array, own: Array) -> Expectation:
    """Counts are judged by their square roots, whose chance does not depend on their size (Anscombe 1948).

    :param centre: logarithm of what is expected; ``own``: deviation of the logarithm without chance.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        mean = np.exp(np.minimum(centre, 700.0))
        size = np.sqrt(1.0 + mean * own**2)
        root = 2 * np.sqrt(mean + ANSCOMBE)
        score = (2 * np.sqrt(np.maximum(values, 0.0) + ANSCOMBE) - root) / size
        low, high = (np.maximum(root + move * size, 0.0) ** 2 / 4 - ANSCOMBE for move in (-THRESHOLD, THRESHOLD))
    return Expectation(
        found.expected, np.where(counts, np.maximum(low, 0.0), found.low), np.where(counts, high, found.high),
        np.where(counts, score, found.score), found.deviation,
    )  # fmt: skip


def median(values: Array, axis: int = 0) -> Array:
    """Median over an axis without the unknown; NaN when none is known. Faster than the library's on short axes."""
    table = np.sort(np.where(np.isfinite(values), values, np.inf), axis=axis)
    count = np.isfinite(table).sum(axis=axis, keepdims=True)
    low = np.take_along_axis(table, np.maximum((count - 1) // 2, 0), axis=axis)
    high = np.take_along_axis(table, np.minimum(np.maximum(count // 2, 0), values.shape[axis] - 1), axis=axis)
    with np.errstate(invalid="ignore"):
        middle = np.where(count > 0, (low + high) / 2, np.nan)
    return np.asarray(np.squeeze(middle, axis=axis))


def _offsets(values: Array, counts: Flags) -> Array:
    """Half a case for counts, a hundredth of the usual figure for amounts: what a zero counts as."""
    usual = median(np.abs(values))
    positive = median(np.where(values > 0, values, np.nan))
    size = np.where(usual > 0, usual, positive)
    return np.where(counts, 0.5, 0.01 * np.where(np.isfinite(size), size, 1.0))


def _season(scaled: Array, groups: Numbers, alone: Array, first_year: int, steps: int) -> Array:
    """(periods, series) usual difference of the period from the twelve months around it."""
    rows, count = scaled.shape
    around = _running_median(scaled, steps // 2)
    apart = scaled - around
    classes = _classes(rows, first_year, steps)
    result = np.zeros((rows, count))
    for number in np.unique(classes):
        mine = np.flatnonzero(classes == number)
        part = apart[mine]
        own, seen = median(part), np.isfinite(part).sum(axis=0)
        usual = _by_group(own, groups)
        weight = seen / (seen + alone)
        both = np.where(np.isfinite(own), weight * own + (1 - weight) * usual, usual)
        result[mine] = np.where(np.isfinite(both), both, 0.0)
    return result


def _classes(rows: int, first_year: int, steps: int) -> Numbers:
    """Season each row belongs to: its month, and for January and February whether Tết is in January."""
    phase = np.arange(rows) % steps
    if steps != 12:
        return phase
    early = np.array([tet_in_january(first_year + row // 12) for row in range(rows)])
    return np.where((phase < 2) & early, phase + steps, phase)


def _trend(flat: Array, groups: Numbers, alone: Array, steps: int) -> Array:
    """Median of the months around, each moved here by the year's growth; at the end, of the months before."""
    rows, count = flat.shape
    change = np.full(count, np.nan)
    if rows > steps:
        change = median((flat[steps:] - flat[:-steps])[-2 * steps :])
    usual = _by_group(change, groups)
    weight = OWN_YEARS / (OWN_YEARS + alone)  # one half, less for few cases
    growth = np.where(np.isfinite(change), weight * change + (1 - weight) * usual, usual)
    growth = np.where(np.isfinite(growth), growth, 0.0)
    reach = max(REACH * steps // 12, 1)
    moved = flat - np.arange(rows)[:, None] * (growth / steps)
    return _running_median(moved, reach) + np.arange(rows)[:, None] * (growth / steps)


def _running_median(table: Array, reach: int) -> Array:
    """Median of 2 * reach + 1 rows around each; near the ends of those there are."""
    rows, count = table.shape
    padded = np.full((rows + 2 * reach, count), np.nan)
    padded[reach : reach + rows] = table
    return median(np.stack([padded[shift : shift + rows] for shift in range(2 * reach + 1)]))


def _deviations(
    residuals: Array, groups: Numbers, families: Numbers, judged: Flags, chance: Array, least: float
) -> Array:
    """(periods, series) usual size of a residual: own and the group's, with the chance of small counts beside it.

    ``chance`` is the variance of a count's logarithm by chance alone. A band from few residuals is wider.
    """
    mine = np.where(judged, residuals, np.nan)
    seen = np.isfinite(mine).sum(axis=0)
    own = np.maximum((MAD * median(np.abs(mine))) ** 2 - median(np.where(judged, chance, np.nan)), 0.0)
    usual = np.full(len(own), np.nan)
    for group in np.unique(groups):
        part = groups == group
        here, count = _usual_variance(mine[:, part], chance[:, part])
        if part.sum() < SMALL_GROUP:  # its own season fits itself too well
            family = families == families[part][0]
            wider, _ = _usual_variance(mine[:, family], chance[:, family])
            here = (count * here + BORROWED * max(wider, here)) / (count + BORROWED)
        usual[part] = here * (1 + FEW / max(count, 1)) ** 2
    variance = (seen * np.where(np.isfinite(own), own, 0.0) + OWN_MONTHS * usual) / (seen + OWN_MONTHS)
    return np.asarray(np.sqrt(np.maximum(variance, least**2) + chance))


def _usual_variance(residuals: Array, chance: Array) -> tuple[float, int]:
    """Variance by medians, that of chance taken off, and of how many residuals; NaN of none."""
    known = np.isfinite(residuals)
    if not known.any():
        return float("nan"), 0
    whole = float(MAD * np.median(np.abs(residuals[known]))) ** 2
    return max(whole - float(np.median(chance[known])), 0.0), int(known.sum())


def _by_group(values: Array, groups: Numbers) -> Array:
    """(series,) median of each series' group."""
    result = np.full(len(values), np.nan)
    for group in np.unique(groups):
        mine = groups == group
        result[mine] = median(values[mine])
    return result
