"""Forecasting the past as if it were now: 28-day windows, origins every 173 hours, nothing learned from the future.

Protocol: a window needs 60 % of its hours and one value in its last day; targets with fewer than 24 known hours are
left out. Models are trained again every 30 days on what was known then; intervals come from the 6-hourly origins of the
60 days before each origin. The simple methods are scored on the same windows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spatial.analysis.forecast import baseline, conformal, hourly, metrics, transform
from spatial.analysis.forecast.panel import Panel, prepare, widths
from spatial.analysis.forecast.transform import Array
from spatial.analysis.forecast.windows import DAY, HORIZON, WINDOW, Index

LEVELS = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
EVERY = 173
RETRAIN = 30 * DAY
ARCHIVE = 60 * DAY
TEST_YEAR = 365 * DAY
FIRST_TRAINING = 60 * DAY  # usable days before the archive starts
SIMPLE = {
    "persistence": baseline.persistence,
    "seasonal naive 24 h": baseline.seasonal_naive,
    "hour-of-day median 28 d": baseline.climatology,
    "damped persistence": baseline.damped_persistence,
}


@dataclass(frozen=True)
class Score:
    """Errors of one method over all test windows; the unit of MAE and CRPS is that of the data."""

    method: str
    mae: float
    mase: float
    crps: float | None = None
    cover80: float | None = None
    cover95: float | None = None
    by_day80: tuple[float, ...] = ()


@dataclass(frozen=True)
class Result:
    """A back-test of one parameter of one town."""

    windows: int
    stations: int
    scores: tuple[Score, ...]

    def score(self, method: str) -> Score:
        """:raises StopIteration: when there is no such method."""
        return next(score for score in self.scores if score.method == method)


@dataclass(frozen=True)
class _Rolled:
    """Out-of-sample forecasts of every test origin and every 6th hour, on the model scale."""

    origins: Index
    stations: Index
    median: Array
    residuals: Array


def run(values: Array, start_hour: int, *, low: float | None, high: float | None, seed: int = 1) -> Result | None:
    """Back-test (hours, stations) of one parameter; None when there is too little for one window."""
    values = np.where(np.isfinite(values), values, np.nan)
    scale = transform.choose(values, low=low, high=high)
    panel = prepare(scale.forward(values), start_hour)
    starts = np.nonzero(panel.usable.any(axis=1))[0]
    if not len(starts):
        return None
    hours = len(values)
    archive_from = max(int(starts[0]) + FIRST_TRAINING, hours - TEST_YEAR - ARCHIVE)
    test_from = archive_from + ARCHIVE
    tests = np.arange(test_from, hours - DAY, EVERY)
    rolled = _roll(panel, archive_from, tests, seed)
    rows = (
        []
        if rolled is None
        else [i for i in np.nonzero(np.isin(rolled.origins, tests))[0] if _fair(values, rolled, int(i))]
    )
    if rolled is None or not rows:
        return None
    windows = baseline.windows(values, rolled.origins[rows], rolled.stations[rows])
    truth = _truth(values, rolled.origins[rows], rolled.stations[rows])
    return _scores(panel, scale, rolled, np.array(rows), windows, truth)


def _truth(values: Array, origins: Index, stations: Index) -> Array:
    rows = origins[:, None] + np.arange(1, HORIZON + 1)
    inside = rows < len(values)
    return np.where(inside, values[np.minimum(rows, len(values) - 1), stations[:, None]], np.nan)


def _fair(values: Array, rolled: _Rolled, row: int) -> bool:
    known = _truth(values, rolled.origins[row : row + 1], rolled.stations[row : row + 1])
    return bool(np.isfinite(known).sum() >= DAY)


def _roll(panel: Panel, first: int, tests: Index, seed: int) -> _Rolled | None:
    parts = []
    for block in range(first, len(panel.z), RETRAIN):
        model = hourly.train(panel, until=block, seed=seed)
        if model is None:
            continue
        origins, stations = hourly.usable_pairs(panel, block, min(block + RETRAIN, len(panel.z) - 1), every=1)
        wanted = (origins % 6 == 0) | np.isin(origins, tests)
        origins, stations = origins[wanted], stations[wanted]
        parts.append((origins, stations, hourly.predict(model, panel, origins, stations)))
    if not parts:
        return None
    origins, stations, median = (np.concatenate(column) for column in zip(*parts, strict=True))
    residuals = (_truth(panel.z, origins, stations) - median) / widths(panel, origins, stations)
    return _Rolled(origins, stations, median, residuals)


def _intervals(panel: Panel, scale: transform.Transform, rolled: _Rolled, row: int) -> Array | None:
    """Quantiles of one test window from the residuals known at its origin."""
    now = int(rolled.origins[row])
    recent = (rolled.origins % 6 == 0) & (rolled.origins < now) & (rolled.origins >= now - ARCHIVE - HORIZON)
    known = rolled.origins[recent][:, None] + np.arange(1, HORIZON + 1) <= now
    offsets = conformal.offsets(np.where(known, rolled.residuals[recent], np.nan), LEVELS, reach=3)
    if offsets is None:
        return None
    offsets[LEVELS.index(0.5)] = 0.0
    spread = widths(panel, rolled.origins[row : row + 1], rolled.stations[row : row + 1])[0]
    return conformal.monotone(scale.inverse(rolled.median[row] + offsets * spread), LEVELS.index(0.5))


def _scores(
    panel: Panel, scale: transform.Transform, rolled: _Rolled, rows: Index, windows: Array, truth: Array
) -> Result | None:
    bands = [_intervals(panel, scale, rolled, row) for row in rows]
    have = np.array([band is not None for band in bands])
    if not have.any():
        return None
    quantiles = np.stack([band for band in bands if band is not None], axis=1)
    windows, truth = windows[:, have], truth[have]
    naive = np.array([metrics.seasonal_naive_scale(window, DAY) for window in windows.T])[:, None]
    scores = [_point(name, truth, method(windows).T, naive) for name, method in SIMPLE.items()]
    days = windows.reshape(WINDOW // DAY, DAY, -1)
    usual = np.nanquantile(np.where(np.isfinite(days).any(axis=0), days, np.nanmedian(windows, axis=0)), LEVELS, axis=0)
    usual = np.tile(np.moveaxis(usual, 1, 2), (1, 1, HORIZON // DAY))
    at = next(i for i, score in enumerate(scores) if score.method.startswith("hour-of-day"))
    scores[at] = _with_intervals(scores[at], truth, usual)
    ours = _point("ridge + lightgbm", truth, quantiles[LEVELS.index(0.5)], naive)
    scores.append(_with_intervals(ours, truth, quantiles))
    return Result(int(have.sum()), len(np.unique(rolled.stations[rows][have])), tuple(scores))


def _point(name: str, truth: Array, forecast: Array, naive: Array) -> Score:
    scaled = np.abs(truth - forecast) / np.where(naive > 0, naive, np.nan)
    return Score(name, metrics.mean_absolute_error(truth, forecast), float(np.nanmean(scaled)))


def _with_intervals(score: Score, truth: Array, quantiles: Array) -> Score:
    low95, low80, high80, high95 = (quantiles[LEVELS.index(level)] for level in (0.025, 0.1, 0.9, 0.975))
    by_day = tuple(
        metrics.coverage(truth[:, day : day + DAY], low80[:, day : day + DAY], high80[:, day : day + DAY])
        for day in range(0, HORIZON, DAY)
    )
    return Score(
        score.method, score.mae, score.mase, metrics.crps(truth, quantiles, LEVELS),
        metrics.coverage(truth, low80, high80), metrics.coverage(truth, low95, high95), by_day,
    )  # fmt: skip
