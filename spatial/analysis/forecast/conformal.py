"""Pooled conformal intervals: quantiles of recent out-of-sample residuals of all similar series.

Native intervals of forecast models are too narrow. Residuals of rolling origins, pooled over series and neighbouring
horizons and scaled by each series' own spread, keep their promised coverage through a change of season when the
archive is dense (6-hourly origins) and recent (60 days).
"""

from __future__ import annotations

import numpy as np

from spatial.analysis.forecast.transform import Array

LEAST = 30  # residuals below which no interval is claimed


def offsets(residuals: Array, levels: tuple[float, ...], *, reach: int, weights: Array | None = None) -> Array | None:
    """Quantiles of scaled residuals by horizon: (levels, horizons); None with fewer than 30 residuals.

    :param residuals: (origins, horizons), truth minus forecast in units of the spread; NaN = not known yet.
    :param reach: horizons on either side that are pooled with each one.
    :param weights: of the origins (rows), for instance falling with age; equal by default.
    """
    weights = np.ones(len(residuals)) if weights is None else weights
    horizons = residuals.shape[1]
    result = np.zeros((len(levels), horizons))
    for horizon in range(horizons):
        low, high = max(0, horizon - reach), min(horizons, horizon + reach + 1)
        block = residuals[:, low:high]
        known = np.isfinite(block)
        if known.sum() < LEAST:
            return None
        weight = np.broadcast_to(weights[:, None], block.shape)[known]
        result[:, horizon] = weighted_quantiles(block[known], weight, levels)
    return np.sort(result, axis=0)


def weighted_quantiles(values: Array, weights: Array, levels: tuple[float, ...]) -> Array:
    """Quantiles of weighted values, interpolated between their mid-ranks."""
    order = np.argsort(values)
    ordered, weight = values[order], weights[order]
    rank = (np.cumsum(weight) - 0.5 * weight) / weight.sum()
    return np.interp(levels, rank, ordered)


def monotone(quantiles: Array, middle: int) -> Array:
    """Quantiles (levels first) that never cross, with the middle one kept where it is."""
    result = quantiles.copy()
    for level in range(middle - 1, -1, -1):
        result[level] = np.minimum(result[level], result[level + 1])
    for level in range(middle + 1, len(result)):
        result[level] = np.maximum(result[level], result[level - 1])
    return result
