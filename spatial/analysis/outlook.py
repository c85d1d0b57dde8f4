"""Where a year will end: what is known so far and the rest of the year, projected in three ways that compete.

Everything is relative to the start of a year in a table of periods, so that the same code projects this year and is
tried on past ones (rolling origins). Tables are (periods, series) with NaN for what is not known; ``steps`` is the
number of periods of a year (12 months, 4 quarters). How a year adds up: amounts (``sum``), stocks (``last``), rates
(``weighted_mean``, here the plain mean over the periods, as in the report's cumulative figure).
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

type Array = NDArray[np.float64]
type Numbers = NDArray[np.int64]
type How = Literal["sum", "last", "weighted_mean"]

METHODS = ("naive", "share", "level", "half", "last_year", "median")
NAIVE = METHODS.index("naive")
PAST_YEARS = 3  # years whose season counts
HALF_LIFE = 4.0  # months after which a month counts half for the level
GROWTH = (0.2, 5.0)  # a year's growth outside is an error in the data, not growth


def year_value(values: Array, start: int, steps: int, how: How) -> Array:
    """(series,) value of the whole year that begins in row ``start``; NaN with a hole in it."""
    year = values[start : start + steps]
    if len(year) < steps:
        return np.full(values.shape[1], np.nan)
    return cumulated(year, how)


def cumulated(part: Array, how: How) -> Array:
    """(series,) value of the periods given, NaN with a hole in them."""
    if how == "last":
        return np.where(np.isfinite(part).all(axis=0), part[-1], np.nan)
    if how == "sum":
        return part.sum(axis=0)
    return part.mean(axis=0) if len(part) else np.full(part.shape[1], np.nan)


def project(values: Array, start: int, known: int, *, how: How, groups: Numbers, steps: int = 12) -> Array:
    """(methods, series) projected value of the year that begins in row ``start``, ``known`` of its periods known.

    ``naive``: last year again, times the growth so far. ``share``: the usual part of the year that is over by now.
    ``level``: the level of the last months, season and growth taken out and put back. ``median`` of the three. Seasons
    are shared among the series of a group as far as its series do not differ more than their years do.

    NaN where last year or this year's known periods are incomplete. Rows from ``start + known`` on are never read.
    """
    past = values[: start + known]
    with np.errstate(invalid="ignore", divide="ignore"):
        if how == "last":
            three = _stocks(past, start, known, groups, steps)
        elif how == "sum":
            three = _amounts(past, start, known, groups, steps)
        else:
            three = _rates(past, start, known, groups, steps)
    usable = np.isfinite(three[NAIVE])
    three = [np.where(np.isfinite(item), item, three[NAIVE]) for item in three]
    return np.where(usable, np.array([*three, np.median(three, axis=0)]), np.nan)


def _amounts(past: Array, start: int, known: int, groups: Numbers, steps: int) -> list[Array]:
    before, now = past[start - steps : start], past[start:]
    so_far, base = now.sum(axis=0), before[:known].sum(axis=0)
    growth = np.where(base > 0, np.clip(so_far / base, *GROWTH), 1.0)
    naive = so_far + before[known:].sum(axis=0) * growth
    season = _season(past, start, groups, steps)
    over = season[:known].sum(axis=0)
    share = np.where(over > 0.02, so_far / over, np.nan)
    yearly = _pooled_growth(past, groups, steps, growth)
    rows = np.arange(max(start - 2 * steps, 0), len(past))
    factors = yearly ** np.ceil((start - rows) / steps).clip(0)[:, None]
    weight = _weights(past, steps)[rows, None]
    size = np.nansum(weight * season[(rows - start) % steps] * np.isfinite(past[rows]), axis=0)
    found = np.nansum(weight * past[rows] * factors, axis=0)
    level = so_far + np.where(size > 1e-6, found / size, np.nan) * (1.0 - over)
    rest = before[known:].sum(axis=0)
    return [naive, share, level, so_far + rest * growth**0.5, so_far + rest]


def _rates(past: Array, start: int, known: int, groups: Numbers, steps: int) -> list[Array]:
    before, now = past[start - steps : start], past[start:]
    mean = now.mean(axis=0)
    naive = before[known:].mean(axis=0) + mean - before[:known].mean(axis=0)
    years = [part - part.mean(axis=0) for part in _years(past, start, steps)]
    season = _shared(np.array(years), groups)
    share = mean + season[known:].mean(axis=0) - season[:known].mean(axis=0)
    change = _year_on_year(past, steps, ratio=False)
    change = np.where(np.isfinite(change), change, mean - before[:known].mean(axis=0))
    yearly = (change + _group_median(change, groups)) / 2
    rows = np.arange(max(start - 2 * steps, 0), len(past))
    adjusted = past[rows] - season[(rows - start) % steps] + yearly * np.ceil((start - rows) / steps).clip(0)[:, None]
    ahead = season[known:].mean(axis=0)
    weight = _weights(past, steps)[rows, None]
    level = np.nansum(weight * adjusted, axis=0) / np.nansum(weight * np.isfinite(adjusted), axis=0) + ahead
    last = before[known:].mean(axis=0)
    rests = (naive, share, level, (naive + last) / 2, last)
    return [(known * mean + (steps - known) * rest) / steps for rest in rests]


def _stocks(past: Array, start: int, known: int, groups: Numbers, steps: int) -> list[Array]:
    before, newest = past[start - steps : start], past[-1]
    whole = np.isfinite(before).all(axis=0) & np.isfinite(past[start:]).all(axis=0)
    naive = np.where(whole & (before[known - 1] > 0), before[-1] * newest / before[known - 1], np.nan)
    moves = [part[-1] / part[known - 1] for part in _years(past, start, steps)]
    share = newest * _shared(np.array(moves)[:, None], groups)[0]
    yearly = _year_on_year(past, steps, ratio=True)
    yearly = np.exp((np.log(yearly) + np.log(_group_median(yearly, groups))) / 2)
    growth = np.clip(yearly, *GROWTH)
    return [naive, share, newest * growth ** ((steps - known) / steps), (newest * naive) ** 0.5, newest]


def _years(past: Array, start: int, steps: int) -> list[Array]:
    """Up to three years before ``start``, newest first, each (steps, series)."""
    ends = [start - number * steps for number in range(PAST_YEARS)]
    return [past[end - steps : end] for end in ends if end - steps >= 0]


def _season(past: Array, start: int, groups: Numbers, steps: int) -> Array:
    """(steps, series) share of each period in a year, adding up to one."""
    shares = np.array([np.where(part.sum(axis=0) > 0, part / part.sum(axis=0), np.nan)
                       for part in _years(past, start, steps)])  # fmt: skip
    season = np.maximum(_shared(shares, groups), 0.0)
    return season / season.sum(axis=0)


def _shared(years: Array, groups: Numbers) -> Array:
    """(steps, series) mean of (years, steps, series): own and the group's, by how far own years agree.

    Empirical Bayes: the weight of a series' own mean is the variance between series over itself plus the variance of
    the mean of its years.
    """
    known = np.isfinite(years)
    count = known.all(axis=1).sum(axis=0)
    own = np.where(known, years, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    spread = np.where(known, years - own, 0.0) ** 2
    result = np.where(count > 0, own, np.nan)
    for group in np.unique(groups):
        mine = np.flatnonzero((groups == group) & (count > 0))
        if len(mine) < 4:
            continue
        middle = own[:, mine].mean(axis=1, keepdims=True)
        several = mine[count[mine] > 1]
        weight = 0.5
        if len(several):
            degrees = float((count[several] - 1).sum())
            within = float(spread[:, :, several].sum()) / degrees / len(own) / float(np.mean(count[several]))
            between = float(((own[:, several] - middle) ** 2).mean())
            weight = max(between - within, 0.0) / between if between > 0 else 0.0
        result[:, mine] = weight * own[:, mine] + (1.0 - weight) * middle
        empty = np.flatnonzero((groups == group) & (count == 0))
        result[:, empty] = middle
    return result


def _weights(past: Array, steps: int) -> Array:
    """(rows,) weights halving every few months back from the last row."""
    age = np.arange(len(past))[::-1] * (12 / steps)
    return np.asarray(0.5 ** (age / HALF_LIFE))


def _year_on_year(past: Array, steps: int, *, ratio: bool) -> Array:
    """Last twelve months against the twelve before; NaN when they are not all known."""
    if len(past) < 2 * steps:
        return np.full(past.shape[1], np.nan)
    new, old = past[-steps:].mean(axis=0), past[-2 * steps : -steps].mean(axis=0)
    return np.where((old > 0) & (new > 0), new / old, np.nan) if ratio else new - old


def _pooled_growth(past: Array, groups: Numbers, steps: int, so_far: Array) -> Array:
    """Growth of a year: half the series' own, half its group's."""
    own = _year_on_year(past, steps, ratio=True)
    own = np.where(np.isfinite(own), own, so_far)
    own = np.where(own > 0, own, 1.0)
    return np.asarray(np.clip(np.exp((np.log(own) + np.log(_group_median(own, groups))) / 2), *GROWTH))


def _group_median(values: Array, groups: Numbers) -> Array:
    """(series,) median of the group of each series; NaN when none of it is known."""
    result = np.full(len(values), np.nan)
    for group in np.unique(groups):
        mine = groups == group
        known = values[mine & np.isfinite(values)]
        if len(known):
            result[mine] = np.median(known)
    return result
