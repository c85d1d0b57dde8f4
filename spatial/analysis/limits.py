"""Means against legal limits: what is over, how often, and how far. Arrays by day; NaN = no mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from layers.model import Parameter

type Floats = npt.NDArray[np.float64]
type Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Bounds:
    """Bounds in force on each day, shape (days,); NaN where there is none."""

    low: Floats
    high: Floats

    @property
    def any(self) -> bool:
        """Whether there is a bound on any day."""
        return bool(np.isfinite(self.low).any() or np.isfinite(self.high).any())


@dataclass(frozen=True)
class Exceedances:
    """By day and station, shape (days, stations)."""

    count: Integers  # means over the limit
    worst: Floats  # the mean farthest over it; NaN where none is
    limit: Floats  # the bound it is over


def averaging_hours(parameters: Sequence[Parameter]) -> tuple[int, ...]:
    """Averaging times of their limits, ascending."""
    return tuple(sorted({limit.hours for parameter in parameters for limit in parameter.limits}))


def bounds_by_day(parameter: Parameter, hours: int, days: Sequence[date]) -> Bounds:
    """Bounds of the first limit for means of so many hours that held on each day."""
    held = [next((one for one in parameter.limits_on(day) if one.hours == hours), None) for day in days]
    low = [np.nan if one is None or one.low is None else one.low for one in held]
    high = [np.nan if one is None or one.high is None else one.high for one in held]
    return Bounds(np.array(low, dtype=float), np.array(high, dtype=float))


def exceedances(means: Floats, bounds: Bounds) -> Exceedances:
    """Means above the upper or below the lower bound of their day; a mean that equals the bound keeps it.

    :param means: shape (days, means in a day, stations).
    """
    low, high = bounds.low[:, None, None], bounds.high[:, None, None]
    # How far over, in parts of the bound, so that pH below and above can be compared; NaN compares as False.
    above = np.where(means > high, (means - high) / np.where(high == 0, 1, np.abs(high)), -np.inf)
    below = np.where(means < low, (low - means) / np.where(low == 0, 1, np.abs(low)), -np.inf)
    excess = np.maximum(above, below)
    count = np.isfinite(excess).sum(axis=1)
    at = np.expand_dims(np.argmax(excess, axis=1), 1)
    worst = np.take_along_axis(means, at, axis=1)[:, 0]
    is_above = np.take_along_axis(above, at, axis=1)[:, 0] >= np.take_along_axis(below, at, axis=1)[:, 0]
    limit = np.where(is_above, high[:, 0], low[:, 0])
    return Exceedances(count, np.where(count > 0, worst, np.nan), np.where(count > 0, limit, np.nan))
