"""Monthly indicators, twelve months ahead: the median of a few robust methods, gated by the length of the series.

With four years or more the median of a damped exponential smoothing (on logs), a dynamic optimised theta and the
year-on-year ratio won the year-end comparison; simpler medians are the safe ones below that. Intervals and skill come
from rolling origins of similar series (see :func:`archive`), never from the methods themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from statsforecast.models import AutoETS, DynamicOptimizedTheta

from spatial.analysis.forecast.transform import Array

SEASON = 12
HORIZON = 12
LEAST = 6  # months below which nothing is said
LONG = 48  # months from which the theta method is trusted (below it, it can be far worse than seasonal naive)
BASELINE = "seasonal_naive"
LAST_LEVEL = "last_level"
STALE_MONTHS = 6


@dataclass(frozen=True)
class Monthly:
    """Median path of one series from the month after its last, or a reason why there is none."""

    model: str | None
    reason: str | None
    path: Array | None = None  # (12,)
    baseline: Array | None = None
    scale: float = 0.0  # unit of the pooled residuals, on the model scale
    logs: bool = False


def clean(values: Array) -> Array:
    """Infinite and absurdly large values are missing."""
    return np.where(np.isfinite(values) & (np.abs(values) < 1e15), values, np.nan)


def trimmed(values: Array) -> Array:
    """The series from its first to its last known month."""
    known = np.nonzero(np.isfinite(values))[0]
    return values[known[0] : known[-1] + 1] if len(known) else values[:0]


def filled(values: Array) -> Array:
    """Inner gaps: the neighbouring years' mean of the month where it is known, else a straight line."""
    result = values.copy()
    index = np.arange(len(values))
    gaps = np.nonzero(~np.isfinite(values))[0]
    for gap in gaps:
        around = [values[i] for i in (gap - SEASON, gap + SEASON) if 0 <= i < len(values) and np.isfinite(values[i])]
        if around:
            result[gap] = float(np.mean(around))
    known = np.isfinite(result)
    return np.interp(index, index[known], result[known])


def seasonal_naive(y: Array, horizon: int = HORIZON) -> Array:
    """Last year's months again; the last value when there is no year."""
    if len(y) < SEASON:
        return np.full(horizon, y[-1])
    return np.resize(y[-SEASON:], horizon)


def year_ratio(y: Array, known_months: int, horizon: int = HORIZON) -> Array:
    """Last year's months times the growth of the year so far over the same months of last year.

    :param known_months: months of the running calendar year that are known; with fewer than three the last six months
        are compared instead.
    """
    months = known_months if known_months >= 3 else SEASON // 2
    recent, before = y[-months:], y[-months - SEASON : -SEASON]
    base = seasonal_naive(y, horizon)
    if len(before) < months or before.sum() <= 0 or recent.sum() < 0:
        return base
    return base * float(np.clip(recent.sum() / before.sum(), 0.2, 5.0))


def theta(y: Array, horizon: int = HORIZON) -> Array:
    """Dynamic optimised theta (Fiorucci et al. 2016)."""
    return np.asarray(DynamicOptimizedTheta(season_length=SEASON).forecast(y=y, h=horizon)["mean"], dtype=float)


def smoothing(y: Array, logs: bool, horizon: int = HORIZON) -> Array:
    """Damped additive exponential smoothing with a season, on logs when all values are positive."""
    z = np.log(y) if logs else y
    model = AutoETS(season_length=SEASON, model="AAA", damped=True)
    path = np.asarray(model.forecast(y=z, h=horizon)["mean"], dtype=float)
    return np.exp(np.minimum(path, 700.0)) if logs else path


def gate(values: Array, last_age: int) -> str | None:
    """Reason why a series cannot be forecast; None when it can.

    :param last_age: months from its last value to the newest of the layer.
    """
    y = trimmed(values)
    if not len(y):
        return "empty"
    if last_age > STALE_MONTHS:
        return "months_stale"
    recent = y[-2 * SEASON :]
    if np.isfinite(y).sum() < LEAST:
        return "few_months"
    if np.isfinite(recent).mean() < 0.75:
        return "months_missing"
    return None


def forecast(values: Array, last_month: int, *, thorough: bool, last_age: int = 0) -> Monthly:
    """Forecast one series; never raises for bad values and never holds a NaN.

    :param values: one value a month, NaN where unknown.
    :param last_month: calendar month (1 to 12) of the last entry of ``values``.
    :param thorough: with the exponential smoothing (three times the cost).
    """
    values = clean(values)
    code = gate(values, last_age)
    if code is not None:
        return Monthly(None, code)
    end = int(np.nonzero(np.isfinite(values))[0][-1])
    known_months = (last_month - (len(values) - 1 - end) - 1) % SEASON + 1
    y = filled(trimmed(values))
    base = seasonal_naive(y)
    logs = bool(y.min() > 0)
    scale = _scale(y, logs)
    if np.ptp(y) <= 1e-12 * max(1.0, float(np.abs(y).max())):
        return Monthly(LAST_LEVEL, "months_constant", base, base, 0.0, False)
    if len(y) < SEASON:
        return Monthly(LAST_LEVEL, "under_one_year", np.full(HORIZON, float(np.median(y[-3:]))), base, scale, logs)
    paths, names = _paths(y, known_months, logs, thorough)
    median = np.median(paths, axis=0)
    median = np.maximum(median, 0.0) if y.min() >= 0 else median
    if not _sane(median, y):
        return Monthly(BASELINE, "not_finite", base, base, scale, logs)
    note = "under_two_years" if len(y) < 2 * SEASON else None
    return Monthly(f"median({','.join(names)})", note, median, base, scale, logs)


def _paths(y: Array, known_months: int, logs: bool, thorough: bool) -> tuple[Array, list[str]]:
    found = {"ratio": year_ratio(y, known_months)}
    if len(y) < 2 * SEASON:
        # Level of the last quarter in the shape of last year, and the last quarter itself.
        found |= {BASELINE: seasonal_naive(y), LAST_LEVEL: np.full(HORIZON, float(np.median(y[-3:])))}
    elif len(y) < LONG:
        found |= {BASELINE: seasonal_naive(y), "ets": smoothing(y, logs)}
    elif thorough:
        found |= {"ets": smoothing(y, logs), "theta": theta(y)}
    else:
        found |= {BASELINE: seasonal_naive(y), "theta": theta(y)}
    good = {name: path for name, path in found.items() if np.isfinite(path).all()}
    return np.array(list(good.values())), list(good)


def _sane(path: Array, y: Array) -> bool:
    """Finite, and within ten times the range the series has shown."""
    reach = 10.0 * max(float(np.ptp(y)), 1e-9)
    return bool(np.isfinite(path).all() and path.max() <= y.max() + reach and path.min() >= y.min() - reach)


def _scale(y: Array, logs: bool) -> float:
    """Typical year-on-year change on the model scale (month to month below two years)."""
    z = np.log(y) if logs else y
    lag = SEASON if len(z) >= 2 * SEASON else 1
    return float(np.mean(np.abs(z[lag:] - z[:-lag]))) if len(z) > lag else 0.0


def residuals(truth: Array, item: Monthly) -> Array:
    """(12,) truth minus path in units of the scale; NaN where the truth is unknown."""
    assert item.path is not None
    gone = np.full(HORIZON, np.nan)
    gone[: len(truth)] = truth
    if item.scale <= 0:
        return np.full(HORIZON, np.nan)
    if item.logs:
        positive = np.where(gone > 0, gone, np.nan)
        return (np.log(positive) - np.log(np.maximum(item.path, 1e-12))) / item.scale
    return (gone - item.path) / item.scale


def quantiles(item: Monthly, offsets: Array, *, low: float | None) -> Array:
    """(levels, 12) around the path; ``offsets`` are (levels, 12) in units of the scale with zero in the middle."""
    assert item.path is not None
    if item.logs:
        result = np.maximum(item.path, 1e-12) * np.exp(np.clip(offsets * item.scale, -50.0, 50.0))
    else:
        result = item.path + offsets * item.scale
    return result if low is None else np.maximum(result, low)
