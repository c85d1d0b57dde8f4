"""What the hourly forecasts of a province cost: synthetic series in memory, CPU time of one core."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from ingest.forecast_job import ISSUE_HOURS
from ingest.forecast_work import StationTask, forecast_station

PARAMETERS = ("pm25", "pm10", "no2", "o3")


def run(series: int, days: int) -> Table:
    """Train and issue ``series`` series, four parameters to a station."""
    stations = max(1, series // len(PARAMETERS))
    table = Table("", "CPU s", "CPU s per 1,000 series", title=f"{stations * len(PARAMETERS)} series, {days} days")
    training, issuing, issued = [], [], 0
    with tempfile.TemporaryDirectory() as folder:
        for number, parameter in enumerate(PARAMETERS):
            values = town(stations, days * 24, seed=number)
            file = Path(folder) / f"{parameter}.npz"
            training.append(_cpu(parameter, values, file, train=True)[0])
            cost, count = _cpu(parameter, values[-ISSUE_HOURS:], file, train=False)
            issuing.append(cost)
            issued += count
    each = 1_000.0 / (stations * len(PARAMETERS))
    table.add_row("training and first issue, a parameter", f"{np.mean(training):.1f}", "")
    table.add_row("issue of 72 hours, all parameters", f"{sum(issuing):.2f}", f"{sum(issuing) * each:.2f}")
    table.caption = f"{issued} of {stations * len(PARAMETERS)} series have a forecast"
    return table


def _cpu(parameter: str, values: NDArray[np.float64], file: Path, *, train: bool) -> tuple[float, int]:
    ids = tuple(range(values.shape[1]))
    begin = time.process_time()
    issues = forecast_station(StationTask("bench", parameter, ids, values, 480_000, 0.0, 1_000.0, file, train))
    return time.process_time() - begin, sum(issue.quantiles is not None for issue in issues)


def town(stations: int, hours: int, *, seed: int) -> NDArray[np.float64]:
    """Skewed positive values with a daily course, weather that stations share, noise, and a tenth missing."""
    random = np.random.default_rng(seed)
    kick = random.normal(size=hours)
    weather = np.zeros(hours)
    for hour in range(1, hours):
        weather[hour] = 0.97 * weather[hour - 1] + 0.1 * kick[hour]
    day = 0.4 * np.sin(2 * np.pi * np.arange(hours) / 24)
    values = np.exp(3.3 + (day + weather)[:, None] + 0.15 * random.normal(size=(hours, stations)))
    values[random.random(values.shape) < 0.1] = np.nan
    return values
