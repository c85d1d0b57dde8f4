"""Rolling statistics of hourly tables (hours x series); every value uses rows at or before its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spatial.analysis.forecast.transform import Array

DAY = 24
WINDOW = 28 * DAY
HORIZON = 72

type Index = NDArray[np.int64]


def shifted(values: Array, hours: int) -> Array:
    """Values ``hours`` earlier, NaN before the start."""
    result = np.full_like(values, np.nan)
    if hours < len(values):
        result[hours:] = values[: len(values) - hours] if hours else values
    return result


def rolling_mean(values: Array, hours: int, *, least: int) -> Array:
    """Mean of the last ``hours`` values, NaN where fewer than ``least`` are known."""
    known = np.isfinite(values)
    sums = np.cumsum(np.where(known, values, 0.0), axis=0)
    counts = np.cumsum(known, axis=0).astype(float)
    if hours < len(values):
        sums[hours:] = sums[hours:] - sums[:-hours]
        counts[hours:] = counts[hours:] - counts[:-hours]
    return np.where(counts >= least, sums / np.maximum(counts, 1.0), np.nan)


def same_hour_mean(values: Array, days: int, *, least: int) -> Array:
    """Mean of the last ``days`` values of the same hour of day, the present one included."""
    pad = -len(values) % DAY
    padded = np.vstack([values, np.full((pad, values.shape[1]), np.nan)]) if pad else values
    daily = padded.reshape(-1, DAY * values.shape[1])
    return rolling_mean(daily, days, least=least).reshape(padded.shape)[: len(values)]


def last_known(values: Array) -> tuple[Array, Array]:
    """Last known value at each hour and its age in hours (NaN and inf before the first)."""
    hours = np.arange(len(values))[:, None]
    when = np.maximum.accumulate(np.where(np.isfinite(values), hours, -1), axis=0)
    age = np.where(when >= 0, hours - when, np.inf)
    return np.where(when >= 0, np.take_along_axis(values, np.maximum(when, 0), axis=0), np.nan), age


def reference_rows(origins: Index, horizons: Index) -> Index:
    """Row of the newest value at or before the origin with the target's hour of day."""
    return origins + horizons - DAY * (-(-horizons // DAY))
