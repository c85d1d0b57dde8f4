"""The simple forecasts everything else is measured against; also what is shown where the model has no skill.

Windows are (28 days x 24 hours, series) and end at the origin. Any pattern of missing values is allowed; a series with
no value at all gives NaN.
"""

from __future__ import annotations

import warnings

import numpy as np

from spatial.analysis.forecast.transform import Array
from spatial.analysis.forecast.windows import DAY, HORIZON, WINDOW

HALF_LIFE = 12.0  # hours in which the last value's anomaly halves


def hour_of_day_median(window: Array) -> Array:
    """Median by hour of day, (24, series); row 0 is the hour after the origin's. Gaps take the median of all."""
    days = window.reshape(len(window) // DAY, DAY, window.shape[1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # all-NaN slices are an answer here, not an accident
        hourly = np.nanmedian(days, axis=0)
        level = np.nanmedian(window, axis=0)
    return np.where(np.isfinite(hourly), hourly, level)


def last_value(window: Array) -> tuple[Array, Array]:
    """Last known value of each series and its age in hours (NaN and the window's length where there is none)."""
    known = np.isfinite(window[::-1])
    age = np.where(known.any(axis=0), known.argmax(axis=0), len(window))
    row = np.clip(len(window) - 1 - age, 0, None)
    return np.where(age < len(window), window[row, np.arange(window.shape[1])], np.nan), age.astype(float)


def climatology(window: Array) -> Array:
    """Hour-of-day median of the 28 days, repeated over the horizon: (72, series)."""
    return np.tile(hour_of_day_median(window), (HORIZON // DAY, 1))


def persistence(window: Array) -> Array:
    """The last known value, (72, series)."""
    return np.tile(last_value(window)[0], (HORIZON, 1))


def seasonal_naive(window: Array) -> Array:
    """The newest known value of the same hour of day, (72, series)."""
    days = window.reshape(len(window) // DAY, DAY, window.shape[1])[::-1]
    newest = np.isfinite(days).argmax(axis=0)
    return np.tile(np.take_along_axis(days, newest[None], axis=0)[0], (HORIZON // DAY, 1))


def damped_persistence(window: Array) -> Array:
    """The last value decaying to the hour-of-day median with a half-life of half a day, (72, series)."""
    hourly = hour_of_day_median(window)
    last, age = last_value(window)
    hour_of_last = (DAY - 1 - age.astype(int)) % DAY
    anomaly = last - hourly[hour_of_last, np.arange(window.shape[1])]
    hours = np.arange(1, HORIZON + 1)[:, None] + age
    return climatology(window) + anomaly * 0.5 ** (hours / HALF_LIFE)


def windows(values: Array, origins: np.ndarray, stations: np.ndarray) -> Array:
    """The 28 days up to each origin row of its station, (672, pairs), NaN before the start of the panel."""
    rows = origins[None, :] + np.arange(1 - WINDOW, 1)[:, None]
    return np.where(rows >= 0, values[np.maximum(rows, 0), stations[None, :]], np.nan)
