"""Tests of a station against the stations around it: neighbours, drift, clock. Pure arrays: time first, stations last.

Hours are rows of whole local days: row 24 d + h ends at h + 1 o'clock of day d. NaN = no good value. All tests are
functions of a bounded stretch of time around an hour (``BEFORE``, ``AFTER`` days), so that marks of a day can be
computed again from that stretch alone, with the result of a pass over everything.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from layers.model import Clock, Drift, Neighbours

type Floats = NDArray[np.float64]
type Mask = NDArray[np.bool_]
type Index = NDArray[np.intp]

DAY = 24
NEAREST, MOST = 24, 12  # of the nearest stations so many are looked at, and the nearest of them that measured count
SUSTAINED, SUSTAINED_LEAST = 24, 12  # hours about one in which a station must disagree, and measured ones among them
DAY_LEAST = 8  # hours of a day whose median ratio says something
BASE_DAYS, BASE_LEAST = 60, 10  # what a station usually was: days before the window of the drift test
COHERENT = 0.3  # share of a drift's size by which the others, in the middle, may have moved against the network
PAIRS, AGREE = 16, 0.75  # nearest stations a drift is judged against one by one, and the share that must say so
CARRY = 2  # days
LAGS = 12  # hours either way that a clock is looked for
BEFORE, AFTER = 2 * 14 + BASE_DAYS, 16  # days of context; AFTER covers the days of a Drift, up to 14, and of a Clock

_EARTH_KM = 6371.0


def neighbours(lonlat: Floats, radius_km: float) -> list[Index]:
    """For each station (longitude, latitude in degrees) the others within the radius, nearest first."""
    lon, lat = np.radians(lonlat.T)
    cosine = np.sin(lat)[:, None] * np.sin(lat) + np.cos(lat)[:, None] * np.cos(lat) * np.cos(lon[:, None] - lon)
    away = _EARTH_KM * np.arccos(np.clip(cosine, -1, 1))
    np.fill_diagonal(away, np.inf)
    order = np.argsort(away, axis=1, kind="stable")[:, :NEAREST]
    return [row[away[number, row] <= radius_km] for number, row in enumerate(order)]


def reference(values: Floats, near: Sequence[Index], least: int) -> Floats:
    """Median of the nearest stations that measured, at most ``MOST`` of them; NaN where fewer than ``least`` did."""
    found = np.full(values.shape, np.nan)
    for station, others in enumerate(near):
        if len(others) < least:
            continue
        around = values[:, others]
        there = np.isfinite(around)
        around = np.where(there & (np.cumsum(there, axis=1) <= MOST), around, np.nan)
        count = np.minimum(there.sum(axis=1), MOST)
        enough = np.flatnonzero(count >= least)
        ordered = np.sort(around[enough], axis=1)  # NaN last
        rows, number = np.arange(len(enough)), count[enough]
        found[enough, station] = 0.5 * (ordered[rows, (number - 1) // 2] + ordered[rows, number // 2])
    return found


def neighbour_mask(values: Floats, near: Sequence[Index], check: Neighbours) -> Mask:
    """Hours in which a station disagrees with its neighbours, and has done so about that hour.

    A fire beside a station makes it differ for an hour or two: that is the air. An instrument differs all the time. So
    an hour is marked when it lies beyond ``ratio`` and ``difference``, and so does the median of the day about it. With
    ``ratio`` at most 1 the difference alone decides (temperatures).
    """
    centre = reference(values, near, check.least)
    away = values - centre
    beyond = np.abs(away) > check.difference
    if check.ratio > 1:
        with np.errstate(invalid="ignore", divide="ignore"):
            beyond &= np.abs(np.log(values / centre)) > np.log(check.ratio)
    signed = np.where(np.isfinite(away), np.sign(away) * beyond, np.nan)
    usual = _rolling_mean(signed, SUSTAINED, SUSTAINED_LEAST)
    return (signed == np.sign(usual)) & (signed != 0) & (np.abs(usual) >= 0.5)


def _rolling_mean(values: Floats, width: int, least: int) -> Floats:
    """Centred mean of ``width`` rows; NaN where fewer than ``least`` are known."""
    known = np.isfinite(values)
    total = _window_sum(np.where(known, values, 0.0), width)
    count = _window_sum(known.astype(float), width)
    return np.where(count >= least, total / np.maximum(count, 1), np.nan)


def _window_sum(values: Floats, width: int) -> Floats:
    half = width // 2
    padded = np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])
    rows = np.arange(len(values))
    return padded[np.minimum(rows + width - half, len(values))] - padded[np.maximum(rows - half, 0)]


# ---------------------------------------------------------------- drift


def drift_shift(values: Floats, near: Sequence[Index], check: Drift) -> tuple[Floats, Floats, Floats]:
    """By day and station: the ratio to the network, what it usually was, and what it is: (days, stations) each.

    The ratio is the median over the hours of a day of ln(value / median of the neighbours). «Is»: median of the last
    ``days``; «was»: of the ``BASE_DAYS`` before them.
    """
    logs = _logs(values, check)
    apart = (logs - reference(logs, near, check.least)).reshape(-1, DAY, values.shape[1])
    ratio = _median(np.moveaxis(apart, 1, 2), DAY_LEAST)
    was, now = _was_and_is(ratio, check)
    return ratio, was, now


def drift_mask(values: Floats, near: Sequence[Index], check: Drift) -> Mask:
    """Days (days, stations) on which a station has walked away from the network.

    The ratio to the network's median has moved by ``log_ratio``, and by half of that at least it has to nearly each
    single neighbour (``AGREE``): the median also moves when a station begins or ends. The others must have stayed where
    they were (``COHERENT``): else nobody knows who is right. Marked are the days of the window that lie beyond three
    quarters of the threshold; a day of a few hours, as today, is taken to be as the one before.
    """
    ratio, was, now = drift_shift(values, near, check)
    shift = now - was
    others = reference(np.abs(shift), near, 1)
    with np.errstate(invalid="ignore"):
        walked = (np.abs(shift) > check.log_ratio) & (others <= COHERENT * np.abs(shift))
    logs, level = _logs(values, check), _carried(ratio)
    marked = np.zeros(ratio.shape, dtype=bool)
    for station in np.flatnonzero(walked.any(axis=0)).tolist():
        pairs = _pair_shifts(logs, station, near[station], check)
        moved = (pairs * np.sign(shift[:, station, None]) > 0.5 * check.log_ratio).sum(axis=1)
        known = np.isfinite(pairs).sum(axis=1)
        sure = walked[:, station] & (known >= check.least) & (moved >= AGREE * known)
        for day in np.flatnonzero(sure).tolist():
            window = slice(max(0, day - check.days + 1), day + 1)
            gone = (level[window, station] - was[day, station]) * np.sign(shift[day, station])
            marked[window, station] |= gone > 0.75 * check.log_ratio
    return marked


def _logs(values: Floats, check: Drift) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(values > 0, np.log(np.maximum(values, check.floor)), np.nan)


def _pair_shifts(logs: Floats, station: int, others: Index, check: Drift) -> Floats:
    """Shift of ln(value / other) for each of the nearest others: (days, others)."""
    others = others[:PAIRS]
    apart = (logs[:, station, None] - logs[:, others]).reshape(-1, DAY, len(others))
    was, now = _was_and_is(_median(np.moveaxis(apart, 1, 2), DAY_LEAST), check)
    return now - was


def _was_and_is(ratio: Floats, check: Drift) -> tuple[Floats, Floats]:
    was = _trailing_median(ratio, check.days, BASE_DAYS, BASE_LEAST)
    return was, _trailing_median(ratio, 0, check.days, (check.days + 1) // 2)


def _trailing_median(values: Floats, skip: int, width: int, least: int) -> Floats:
    padded = np.concatenate([np.full((skip + width - 1, values.shape[1]), np.nan), values])
    return _median(np.lib.stride_tricks.sliding_window_view(padded, width, axis=0)[: len(values)], least)


def _median(values: Floats, least: int) -> Floats:
    """Median of the known along the last axis; NaN where fewer than ``least`` are."""
    count = np.isfinite(values).sum(axis=-1)
    ordered = np.sort(values, axis=-1)  # NaN last
    low = np.take_along_axis(ordered, (np.maximum(count - 1, 0) // 2)[..., None], axis=-1)[..., 0]
    high = np.take_along_axis(ordered, np.minimum(count // 2, values.shape[-1] - 1)[..., None], axis=-1)[..., 0]
    return np.where(count >= least, 0.5 * (low + high), np.nan)


# ---------------------------------------------------------------- clock


def clock_products(values: Floats, near: Sequence[Index], least: int) -> Floats:
    """Sums by day, station and lag from which correlations follow: (days, stations, lags, 6).

    What is correlated is what the day's course and the weather do to a station and to its neighbours: values less
    their mean over a day about them. Lag L compares an hour with the neighbours' hour L later; the six sums are n, x,
    y, xx, yy, xy.
    """
    moving = values - _rolling_mean(values, DAY, SUSTAINED_LEAST)
    spread = np.sqrt(_rolling_mean(moving**2, 7 * DAY, DAY))
    moving = np.clip(moving / np.where(spread > 0, spread, np.nan), -3, 3)  # one peak is no pattern
    centre = reference(moving, near, least)
    padded = np.pad(centre, ((LAGS, LAGS), (0, 0)), constant_values=np.nan)
    days = len(values) // DAY
    sums = np.empty((days, values.shape[1], 2 * LAGS + 1, 6))
    for number in range(2 * LAGS + 1):
        later = padded[number : number + len(values)]
        both = np.isfinite(moving) & np.isfinite(later)
        x, y = np.where(both, moving, 0.0), np.where(both, later, 0.0)
        for place, part in enumerate((both.astype(float), x, y, x * x, y * y, x * y)):
            sums[:, :, number, place] = part.reshape(days, DAY, -1).sum(axis=1)
    return sums


def _correlation(sums: Floats, least: float) -> Floats:
    n, x, y, xx, yy, xy = np.moveaxis(sums, -1, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (n * xy - x * y) / np.sqrt((n * xx - x * x) * (n * yy - y * y))
    return np.where(n >= least, found, np.nan)


def clock_lags(products: Sequence[Floats], check: Clock) -> NDArray[np.int64]:
    """Hours by which each station's clock lags, by day; 0 = right, or not to be told: (days, stations).

    ``products`` of several parameters of the same stations; the correlations of those that are known are averaged. A
    window of ``days`` whose correlation is high at one lag, and by ``gain`` better than at none, decides; marked are
    its days that fit the lag better themselves.
    """
    days, stations = products[0].shape[:2]
    found = np.zeros((days, stations), dtype=np.int64)
    windows = [_correlation(_day_window(sums, check.days), 0.6 * DAY * check.days) for sums in products]
    single = [_correlation(sums, DAY // 2) for sums in products]
    wide, narrow = _mean_known(windows), _mean_known(single)
    best = np.argmax(np.where(np.isfinite(wide), wide, -2), axis=2)
    top = np.take_along_axis(wide, best[:, :, None], axis=2)[:, :, 0]
    lag = best - LAGS
    with np.errstate(invalid="ignore"):
        sure = (top >= check.correlation) & (top - wide[:, :, LAGS] >= check.gain) & (np.abs(lag) >= 2)
    for last, station in np.argwhere(sure):
        shift, begin = lag[last, station], max(0, last - check.days + 1)
        own = narrow[begin : last + 1, station]
        fits = np.where(np.isfinite(own[:, LAGS]), own[:, shift + LAGS] > own[:, LAGS], np.nan)
        found[begin : last + 1, station][_carried(fits[:, None])[:, 0] == 1] = shift
    return found


def _carried(days: Floats) -> Floats:
    """What is not known of a day (a few hours, as today) is taken from the last known day, up to ``CARRY`` before."""
    rows = np.arange(len(days))[:, None]
    known = np.maximum.accumulate(np.where(np.isfinite(days), rows, -1 - CARRY), axis=0)
    return np.where(rows - known <= CARRY, np.take_along_axis(days, np.maximum(known, 0), axis=0), np.nan)


def _mean_known(parts: Sequence[Floats]) -> Floats:
    """Mean over parameters of what is known of each."""
    stack = np.stack(parts)
    known = np.isfinite(stack)
    count = known.sum(axis=0)
    total = np.where(known, stack, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _day_window(sums: Floats, days: int) -> Floats:
    """Sums of the last ``days`` days."""
    total = np.concatenate([np.zeros((1, *sums.shape[1:])), np.cumsum(sums, axis=0)])
    rows = np.arange(len(sums))
    return np.asarray(total[rows + 1] - total[np.maximum(rows + 1 - days, 0)])


def levelled(values: Floats, check: Clock) -> Floats:
    """Values as the clock test compares them: logarithms of what is positive and skewed, others as they are."""
    if not check.logarithm:
        return values
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(values > 0, np.log(np.maximum(values, 1.0)), np.nan)
