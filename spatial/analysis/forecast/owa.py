"""Overall weighted average of a monthly forecast's errors against Naive2, as in the M4 competition.

Makridakis, Spiliotis, Assimakopoulos (2020), The M4 Competition, Int. J. Forecasting 36(1). Naive2 is the last value of
the seasonally adjusted series with the season put back, where a 90 % test finds a season.
"""

from __future__ import annotations

import numpy as np

from spatial.analysis.forecast.transform import Array

Z90 = 1.645


def naive2(y: Array, horizon: int, season: int = 12) -> Array:
    """Forecast of a series without gaps; classical multiplicative decomposition, none for non-positive series."""
    if not seasonal(y, season):
        return np.full(horizon, float(y[-1]))
    indices = seasonal_indices(y, season)
    ahead = (len(y) + np.arange(horizon)) % season
    return np.asarray(y[-1] / indices[(len(y) - 1) % season] * indices[ahead])


def seasonal(y: Array, season: int = 12) -> bool:
    """Whether the autocorrelation at the season's lag is significant at 90 %."""
    if len(y) < 3 * season or y.min() <= 0 or np.ptp(y) == 0:
        return False
    apart = y - y.mean()
    total = float((apart**2).sum())
    acf = np.array([float((apart[lag:] * apart[:-lag]).sum()) / total for lag in range(1, season + 1)])
    limit = Z90 * np.sqrt((1 + 2 * float((acf[:-1] ** 2).sum())) / len(y))
    return bool(abs(acf[-1]) > limit)


def seasonal_indices(y: Array, season: int) -> Array:
    """(season,) multiplicative indices with mean one, by ratios to a centred moving average."""
    weights = np.ones(season + 1)
    weights[[0, -1]] = 0.5
    trend = np.convolve(y, weights / season, mode="valid")
    half = season // 2
    ratios = y[half : half + len(trend)] / trend
    phases = (np.arange(len(trend)) + half) % season
    found = np.array([ratios[phases == phase].mean() for phase in range(season)])
    return np.asarray(found / found.mean())


def owa(smape: float, mase: float, smape_naive2: float, mase_naive2: float) -> float:
    """Mean of both errors in units of Naive2's; below 1 is better than it."""
    return (smape / smape_naive2 + mase / mase_naive2) / 2
