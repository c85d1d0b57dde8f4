"""Departures from what is usual at this hour of the day in this season, told apart by what the neighbours do.

Usual is the median of the same hour of the day over the 28 days before, spread the median absolute deviation (times
1.4826, the factor that makes it a standard deviation for normal values: Rousseeuw and Croux 1993). Concentrations are
compared as logarithms, since they spread by factors. When stations around depart as well, the air (water) is unusual;
when they are as usual, the instrument is to be looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spatial.analysis.alert_rules import GOOD, HOLDS, UNKNOWN, Floats, States

DAYS = 28
LEAST_DAYS = 10  # of them with a value at this hour
MAD_TO_SIGMA = 1.4826
LEAST_SPREAD = 0.25  # of logarithms: a factor of 1.3; below, a departure would be of no importance
LEAST_SPREAD_LINEAR = 0.02  # of the usual value
AGREE = 0.5  # neighbours' median departure, as a share of the threshold, from which they are said to depart as well
USUAL = 0.35  # and up to which they are said to be as usual
LEAST_NEIGHBOURS = 3
EARTH_KM = 6371.0


@dataclass(frozen=True)
class Departure:
    """By hour and station: how many robust deviations from the usual value, the usual value, the neighbours' median."""

    score: Floats
    usual: Floats
    around: Floats
    neighbours: NDArray[np.int64]


def departures(
    values: Floats, near: NDArray[np.bool_], *, hours: int, logarithmic: bool, worth: float = 0.0
) -> Departure:
    """Scores of the last ``hours`` rows of hourly values.

    :param values: (28 days and ``hours``, stations) hourly values in the parameter's unit, NaN where there is none.
    :param near: (stations, stations), true where the second is a neighbour of the first.
    :param logarithmic: whether the quantity spreads by factors; values up to 0 then count as the smallest positive one.
    :param worth: score from which the neighbours are asked; below it their median is not computed (NaN).
    """
    scale = _logarithms(values) if logarithmic else values
    usual, spread = _band(scale, hours)
    recent = scale[-hours:]
    floor = LEAST_SPREAD if logarithmic else np.maximum(LEAST_SPREAD_LINEAR * np.abs(usual), 1e-9)
    score = (recent - usual) / np.maximum(spread, floor)
    around, count = _neighbour_median(score, near, worth)
    return Departure(score, np.exp(usual) if logarithmic else usual, around, count)


def _logarithms(values: Floats) -> Floats:
    positive = values[values > 0]
    least = float(positive.min()) if positive.size else 1.0
    return np.log(np.maximum(values, least))


def _band(scale: Floats, hours: int) -> tuple[Floats, Floats]:
    """Median and spread of the same hour on the 28 days before each of the last ``hours`` rows."""
    rows = len(scale)
    index = np.arange(rows - hours, rows)[None, :] - 24 * np.arange(1, DAYS + 1)[:, None]
    before = np.where((index >= 0)[:, :, None], scale[np.maximum(index, 0)], np.nan)  # (days, hours, stations)
    enough = (~np.isnan(before)).sum(axis=0) >= LEAST_DAYS
    middle = _median(before)
    spread = MAD_TO_SIGMA * _median(np.abs(before - middle))
    return np.where(enough, middle, np.nan), np.where(enough, spread, np.nan)


def _median(values: Floats) -> Floats:
    """Median of the known values along the first axis; NaN where there is none. (numpy's own is many times slower.)"""
    ordered = np.sort(values, axis=0)  # NaN come last
    known = (~np.isnan(values)).sum(axis=0, keepdims=True)
    low = np.take_along_axis(ordered, np.maximum(known - 1, 0) // 2, axis=0)[0]
    high = np.take_along_axis(ordered, np.minimum(known // 2, len(values) - 1), axis=0)[0]
    return np.asarray((low + high) / 2)


def _neighbour_median(score: Floats, near: NDArray[np.bool_], worth: float) -> tuple[Floats, NDArray[np.int64]]:
    known = ~np.isnan(score)
    count = known.astype(np.int64) @ near.T.astype(np.int64)
    around = np.full(score.shape, np.nan)
    with np.errstate(invalid="ignore"):
        asked = (count >= LEAST_NEIGHBOURS) & (np.abs(score) >= worth)
    for station in np.flatnonzero(asked.any(axis=0)).tolist():
        rows = np.flatnonzero(asked[:, station])
        around[rows, station] = _median(score[np.ix_(rows, np.flatnonzero(near[station]))].T)
    return around, count


def neighbours_within(lon: Floats, lat: Floats, radius_km: float) -> NDArray[np.bool_]:
    """(stations, stations): which lie within the radius of which, themselves not; great circles on a sphere."""
    x, y = np.radians(lon), np.radians(lat)
    half = np.sin((y[:, None] - y) / 2) ** 2 + np.cos(y[:, None]) * np.cos(y) * np.sin((x[:, None] - x) / 2) ** 2
    near = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))) <= radius_km
    np.fill_diagonal(near, False)
    return np.asarray(near, dtype=np.bool_)


def told_apart(departure: Departure, *, threshold: float, both_ways: bool) -> tuple[States, States]:
    """Where the air (water) is unusual, and where only the instrument is: two states by hour and station.

    Without three neighbours nothing can be compared: the value has passed quality control, so the environment is what
    it is taken for. Where neighbours neither depart clearly nor are clearly as usual, neither is said.
    """
    score, around = departure.score, departure.around
    with np.errstate(invalid="ignore"):
        far = np.abs(score) >= threshold
        same_way = np.sign(around) == np.sign(score)
        lonely = departure.neighbours < LEAST_NEIGHBOURS
        agree = same_way & (np.abs(around) >= AGREE * threshold)
        apart = ~lonely & ~(same_way & (np.abs(around) > USUAL * threshold))
        worse = far if both_ways else far & (score > 0)
    known = np.where(np.isnan(score), UNKNOWN, GOOD)
    environment = np.where(worse & (agree | lonely), HOLDS, known).astype(np.int8)
    instrument = np.where(far & apart, HOLDS, known).astype(np.int8)
    return environment, instrument
