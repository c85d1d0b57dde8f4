"""The heavy half of the forecast job: arrays in, arrays out, run in processes of their own.

LightGBM and statsforecast are imported here and nowhere that a web server or a command line starts from.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spatial.analysis.forecast import pool, station
from spatial.analysis.forecast.drivers import Weather

RETRAIN_HOURS = 24


@dataclass(frozen=True)
class StationTask:
    """One parameter of one observation layer; ``values`` is (hours, series), the last row is now."""

    layer_id: str
    parameter: str
    series_ids: tuple[int, ...]
    values: NDArray[np.float64]
    end_hour: int  # hours since 1970 of the last row
    low: float | None
    high: float | None
    model_file: Path
    train: bool
    weather: Weather | None = None


@dataclass(frozen=True)
class MonthTask:
    """Indicators of units of one level; ``values`` is (months, series), ``last_month`` 1 to 12 ends it."""

    series_ids: tuple[int, ...]
    groups: NDArray[np.int64]
    values: NDArray[np.float64]
    last_month: int
    thorough: bool


def forecast_station(task: StationTask) -> list[station.Issue]:
    """Train when asked to (and keep the model), then issue."""
    labels = np.array(task.series_ids, dtype=np.int64)
    start = task.end_hour - len(task.values) + 1
    bundle = None if task.train else station.load(task.model_file)
    if bundle is None or station.needs_training(bundle, task.weather):
        bundle = station.fit(task.values, start, labels, low=task.low, high=task.high, weather=task.weather)
        task.model_file.parent.mkdir(parents=True, exist_ok=True)
        station.save(bundle, task.model_file)
    return station.issue(task.values, start, labels, bundle, weather=task.weather)


def forecast_months(task: MonthTask) -> list[pool.Pooled]:
    """Forecast a pool of indicators."""
    return pool.forecast_pool(task.values, task.groups, task.last_month, thorough=task.thorough)


def forecast(task: StationTask | MonthTask) -> list[station.Issue] | list[pool.Pooled]:
    """What a worker process runs."""
    return forecast_station(task) if isinstance(task, StationTask) else forecast_months(task)
