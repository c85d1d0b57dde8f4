"""Weather as a driver of station forecasts: what it will be at the target against what it usually was at that hour.

Hours after the origin are a weather forecast. Everything is an anomaly against the last 28 days before the origin, as
the pollutant's own features are, so that the level of a model's wind or boundary layer does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spatial.analysis.forecast.transform import Array
from spatial.analysis.forecast.windows import (
    DAY,
    HORIZON,
    WINDOW,
    Index,
    reference_rows,
    rolling_mean,
    same_hour_mean,
    shifted,
)

NAMES = ("temperature", "humidity", "rain", "wind", "wind_east", "wind_north", "pressure", "boundary_layer")
NOISE = 0.3  # of each driver's own deviation: the weather trained on is an analysis, that ahead is a forecast
SPANS = (6, DAY)  # hours up to the target over which a driver is averaged


@dataclass(frozen=True)
class Weather:
    """Drivers of all stations: ``values`` (hours + 72, points, NAMES), ``point`` the column of each series.

    Rows begin with those of the values forecast; the last 72 are the weather forecast.
    """

    values: NDArray[np.float64]
    point: NDArray[np.int64]

    def last(self, hours: int) -> Weather:
        return Weather(self.values[-(hours + HORIZON) :], self.point)

    def padded(self, hours: int) -> Weather:
        """With unknown hours before the first."""
        return Weather(np.concatenate([np.full((hours, *self.values.shape[1:]), np.nan), self.values]), self.point)

    def noisy(self, seed: int) -> Weather:
        return Weather(noisy(self.values, NOISE, seed=seed), self.point)


@dataclass(frozen=True)
class Drivers:
    """Weather at a few points over the hours of a panel and the 72 after it.

    Arrays are (hours + 72, points) by name of :data:`NAMES` in any unit; ``point`` gives the column of each station.
    """

    point: NDArray[np.int64]
    values: tuple[Array, ...]
    usual: tuple[Array, ...]  # hour-of-day mean of 28 days
    level: tuple[Array, ...]  # 28-day mean
    means: tuple[tuple[Array, ...], ...]  # by driver, over SPANS
    size: tuple[float, ...]  # typical anomaly, never 0


def prepare(values: NDArray[np.float64], point: Index) -> Drivers:
    """:param values: (hours + 72, points, drivers), NaN where unknown; ``point`` is the column of each station."""
    columns = tuple(np.ascontiguousarray(values[:, :, index]) for index in range(values.shape[2]))
    usual = tuple(same_hour_mean(column, 28, least=8) for column in columns)
    sizes = tuple(_size(column - shifted(mean, DAY)) for column, mean in zip(columns, usual, strict=True))
    level = tuple(rolling_mean(column, WINDOW, least=WINDOW // 4) for column in columns)
    means = tuple(tuple(rolling_mean(column, span, least=span // 2) for span in SPANS) for column in columns)
    return Drivers(point, columns, usual, level, means, sizes)


def _size(anomaly: Array) -> float:
    known = anomaly[np.isfinite(anomaly)]
    return max(float(np.std(known)), 1e-6) if known.size else 1.0


def known(drivers: Drivers, origins: Index, stations: Index) -> NDArray[np.bool_]:
    """Whether the weather of the 72 hours after each origin is known (its ends are)."""
    point = drivers.point[stations]
    ends = [(value[origins + 1, point], value[origins + HORIZON, point]) for value in drivers.values]
    return np.any([np.isfinite(first) & np.isfinite(last) for first, last in ends], axis=0)


def names(drivers: Drivers) -> tuple[str, ...]:
    """Names of the feature columns, in their order."""
    kinds = ("target", *(f"mean_{span}" for span in SPANS), "change", "now")
    return tuple(f"weather_{name}_{kind}" for name in NAMES[: len(drivers.values)] for kind in kinds)


def columns(drivers: Drivers, origins: Index, stations: Index, horizons: Index) -> list[Array]:
    """Feature columns for triples of origin row, station and horizon; NaN where the weather is not known."""
    point = drivers.point[stations]
    target = origins + horizons
    reference = reference_rows(origins, horizons)
    found: list[Array] = []
    for value, usual, level, means, size in zip(
        drivers.values, drivers.usual, drivers.level, drivers.means, drivers.size, strict=True
    ):
        base = level[origins, point]
        ahead = [(mean[target, point] - base) / size for mean in means]
        before = (means[-1][origins, point] - base) / size
        found += [
            (value[target, point] - usual[reference, point]) / size,
            *ahead,
            ahead[-1] - before,
            (value[origins, point] - usual[origins, point]) / size,
        ]
    return found


def noisy(values: NDArray[np.float64], part: float, *, seed: int = 1) -> NDArray[np.float64]:
    """Weather with errors that persist over hours (correlation 0.9): standard deviation ``part`` of each driver's own.

    A stand-in for a forecast where only the analysis is kept; the back-test's ``--noise``.
    """
    random = np.random.default_rng(seed)
    result = values.copy()
    for index in range(values.shape[2]):
        known = values[:, :, index][np.isfinite(values[:, :, index])]
        if not known.size:
            continue
        size = float(np.std(known)) * part
        error = np.zeros(values.shape[:2])
        kick = random.normal(size=values.shape[:2]) * np.sqrt(1 - 0.9**2)
        for hour in range(1, len(error)):
            error[hour] = 0.9 * error[hour - 1] + kick[hour]
        result[:, :, index] += size * error
    return result
