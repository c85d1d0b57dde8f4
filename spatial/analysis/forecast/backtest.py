"""Forecasting the past as if it were now: 28-day windows, origins every 173 hours, nothing learned from the future.

Protocol: a window needs 60 % of its hours and one value in its last day; targets with fewer than 24 known hours are
left out. Models are trained again every 30 days on what was known then; intervals come from the 6-hourly origins of the
120 days before each origin. The simple methods are scored on the same windows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spatial.analysis.forecast import baseline, conformal, drivers, hourly, metrics, station, transform
from spatial.analysis.forecast.drivers import Weather
from spatial.analysis.forecast.panel import Panel, prepare, widths
from spatial.analysis.forecast.transform import Array
from spatial.analysis.forecast.windows import DAY, HORIZON, WINDOW, Index

LEVELS = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
EVERY = 173
RETRAIN = 30 * DAY
ARCHIVE = station.ARCHIVE_DAYS * DAY
LEAST_ARCHIVE = 60 * DAY
FIRST_TRAINING = 60 * DAY  # usable days before the archive starts
QUARTERS = ("January-March", "April-June", "July-September", "October-December")
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
class Part:
    """The model over one season or one forecast day: gains are 1 - MAE / MAE of the simple method."""

    name: str
    windows: int
    mae: float
    gains: tuple[float | None, ...]  # in the order of SIMPLE
    crps: float | None  # over that of the 28-day climatology
    cover80: float
    cover95: float


@dataclass(frozen=True)
class Result:
    """A back-test of one parameter of one town."""

    windows: int
    stations: int
    scores: tuple[Score, ...]
    parts: tuple[Part, ...] = ()

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


def run(
    values: Array,
    start_hour: int,
    *,
    low: float | None,
    high: float | None,
    every: int = EVERY,
    days: int | None = 365,
    weather: Weather | None = None,
    only: Index | None = None,
    seed: int = 1,
) -> Result | None:
    """Back-test (hours, stations) of one parameter; None when there is too little for one window.

    :param days: test the last so many days; None = all that has 60 days of training and 60 of archive before it.
    :param weather: known drivers of the same hours and the 72 after them, with or without :func:`drivers.noisy`.
    :param only: columns that are tested; the others are trained on all the same.
    """
    values = np.where(np.isfinite(values), values, np.nan)
    scale = transform.choose(values, low=low, high=high)
    known = drivers.prepare(weather.values, weather.point) if weather else None
    panel = prepare(scale.forward(values), start_hour, known)
    starts = np.nonzero(panel.usable.any(axis=1))[0]
    if not len(starts):
        return None
    hours = len(values)
    test_from = int(starts[0]) + FIRST_TRAINING + LEAST_ARCHIVE
    test_from = test_from if days is None else max(test_from, hours - days * DAY)
    archive_from = max(int(starts[0]) + FIRST_TRAINING, test_from - ARCHIVE)
    tests = np.arange(test_from, hours - DAY, every)
    rolled = _roll(panel, archive_from, tests, seed)
    rows = (
        []
        if rolled is None
        else [i for i in np.nonzero(_wanted(rolled, tests, only))[0] if _fair(values, rolled, int(i))]
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


def _wanted(rolled: _Rolled, tests: Index, only: Index | None) -> NDArray[np.bool_]:
    wanted = np.isin(rolled.origins, tests)
    return wanted if only is None else wanted & np.isin(rolled.stations, only)


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


def _offsets(rolled: _Rolled, now: int) -> Array | None:
    """Spread of the errors known at an origin, as the product takes it."""
    recent = (rolled.origins % 6 == 0) & (rolled.origins < now) & (rolled.origins >= now - ARCHIVE - HORIZON)
    origins = rolled.origins[recent]
    known = origins[:, None] + np.arange(1, HORIZON + 1) <= now
    weights = 0.5 ** ((now - origins) / (station.HALF_WEIGHT_DAYS * DAY))
    errors = np.where(known, rolled.residuals[recent], np.nan)
    offsets = conformal.offsets(errors, LEVELS, reach=station.REACH, weights=weights)
    if offsets is not None:
        offsets[LEVELS.index(0.5)] = 0.0
    return offsets


def _intervals(
    panel: Panel, scale: transform.Transform, rolled: _Rolled, row: int, offsets: Array | None
) -> Array | None:
    """Quantiles of one test window."""
    if offsets is None:
        return None
    width = widths(panel, rolled.origins[row : row + 1], rolled.stations[row : row + 1])[0]
    return conformal.monotone(scale.inverse(rolled.median[row] + offsets * width), LEVELS.index(0.5))


def _scores(
    panel: Panel, scale: transform.Transform, rolled: _Rolled, rows: Index, windows: Array, truth: Array
) -> Result | None:
    spread = {int(now): _offsets(rolled, int(now)) for now in np.unique(rolled.origins[rows])}
    bands = [_intervals(panel, scale, rolled, row, spread[int(rolled.origins[row])]) for row in rows]
    have = np.array([band is not None for band in bands])
    if not have.any():
        return None
    quantiles = np.stack([band for band in bands if band is not None], axis=1)
    windows, truth = windows[:, have], truth[have]
    naive = np.array([metrics.seasonal_naive_scale(window, DAY) for window in windows.T])[:, None]
    simple = {name: method(windows).T for name, method in SIMPLE.items()}
    scores = [_point(name, truth, forecast, naive) for name, forecast in simple.items()]
    days = windows.reshape(WINDOW // DAY, DAY, -1)
    usual = np.nanquantile(np.where(np.isfinite(days).any(axis=0), days, np.nanmedian(windows, axis=0)), LEVELS, axis=0)
    usual = np.tile(np.moveaxis(usual, 1, 2), (1, 1, HORIZON // DAY))
    at = next(i for i, score in enumerate(scores) if score.method.startswith("hour-of-day"))
    scores[at] = _with_intervals(scores[at], truth, usual)
    ours = _point(
        "ridge + lightgbm" + (" + weather" if panel.drivers else ""), truth, quantiles[LEVELS.index(0.5)], naive
    )
    scores.append(_with_intervals(ours, truth, quantiles))
    season = ((panel.start_hour + rolled.origins[rows][have]) / (365.2425 * DAY) % 1.0 * 12 // 3).astype(int)
    parts = _parts(truth, quantiles, usual, simple, season)
    return Result(int(have.sum()), len(np.unique(rolled.stations[rows][have])), tuple(scores), parts)


def _parts(truth: Array, quantiles: Array, usual: Array, simple: dict[str, Array], season: Index) -> tuple[Part, ...]:
    """By forecast day, and by quarter of the year of the origin."""
    every, steps = np.full(len(truth), True), np.arange(HORIZON)
    wanted = [(f"day {day + 1}", every, steps // DAY == day) for day in range(HORIZON // DAY)]
    wanted += [(QUARTERS[number], season == number, steps >= 0) for number in range(4) if (season == number).any()]
    parts = []
    for name, rows, columns in wanted:
        at = np.ix_(rows, columns)
        middle, known = quantiles[LEVELS.index(0.5)], truth[at]
        error = metrics.mean_absolute_error(known, middle[at])
        gains = tuple(metrics.skill(error, metrics.mean_absolute_error(known, table[at])) for table in simple.values())
        ours, theirs = (table[:, rows][:, :, columns] for table in (quantiles, usual))
        score = _with_intervals(Score(name, error, np.nan), known, ours)
        ratio = (score.crps or np.nan) / metrics.crps(known, theirs, LEVELS)
        parts.append(Part(name, int(rows.sum()), error, gains, ratio, score.cover80 or 0.0, score.cover95 or 0.0))
    return tuple(parts)


def _point(name: str, truth: Array, forecast: Array, naive: Array) -> Score:
    scaled = np.abs(truth - forecast) / np.where(naive > 0, naive, np.nan)
    return Score(name, metrics.mean_absolute_error(truth, forecast), float(np.nanmean(scaled)))


def _with_intervals(score: Score, truth: Array, quantiles: Array) -> Score:
    low95, low80, high80, high95 = (quantiles[LEVELS.index(level)] for level in (0.025, 0.1, 0.9, 0.975))
    by_day = tuple(
        metrics.coverage(truth[:, day : day + DAY], low80[:, day : day + DAY], high80[:, day : day + DAY])
        for day in range(0, truth.shape[1], DAY)
    )
    return Score(
        score.method, score.mae, score.mase, metrics.crps(truth, quantiles, LEVELS),
        metrics.coverage(truth, low80, high80), metrics.coverage(truth, low95, high95), by_day,
    )  # fmt: skip
