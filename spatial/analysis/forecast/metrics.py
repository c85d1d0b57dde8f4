"""Scores of forecasts. NaN truths are left out everywhere."""

from __future__ import annotations

import numpy as np

from spatial.analysis.forecast.transform import Array


def mean_absolute_error(truth: Array, forecast: Array) -> float:
    """MAE in the unit of the data; NaN when nothing is known."""
    error = np.abs(truth - forecast)
    return float(np.nanmean(error)) if np.isfinite(error).any() else float("nan")


def skill(error: float, reference: float) -> float | None:
    """``1 - error / reference``; None when the reference is not a positive number."""
    if not (np.isfinite(error) and np.isfinite(reference)) or reference <= 0:
        return None
    return 1.0 - error / reference


def seasonal_naive_scale(history: Array, season: int) -> float:
    """Mean absolute seasonal difference of the history: the denominator of MASE (Hyndman & Koehler 2006)."""
    if history.size <= season:
        return float("nan")
    differences = np.abs(history[season:] - history[:-season])
    return float(np.nanmean(differences)) if np.isfinite(differences).any() else float("nan")


def smape(truth: Array, forecast: Array) -> float:
    """Symmetric mean absolute percentage error, 0 to 200."""
    total = np.abs(truth) + np.abs(forecast)
    ratio = np.where(total > 0, 2.0 * np.abs(truth - forecast) / np.where(total > 0, total, 1.0), 0.0)
    return float(100.0 * np.nanmean(np.where(np.isfinite(truth), ratio, np.nan)))


def crps(truth: Array, quantiles: Array, levels: tuple[float, ...]) -> float:
    """Twice the mean pinball loss over the levels, in the unit of the data; ``quantiles`` is (level, ...)."""
    losses = []
    for level, forecast in zip(levels, quantiles, strict=True):
        error = truth - forecast
        losses.append(np.nanmean(np.maximum(level * error, (level - 1.0) * error)))
    return float(2.0 * np.mean(losses))


def coverage(truth: Array, low: Array, high: Array) -> float:
    """Part of the known truths inside [low, high]."""
    known = np.isfinite(truth)
    return float(np.mean((truth[known] >= low[known]) & (truth[known] <= high[known]))) if known.any() else float("nan")
