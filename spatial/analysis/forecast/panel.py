"""Features of an hourly panel (hours x stations), all computed from values at or before the origin (weather excepted).

Everything is expressed as an anomaly against the hour-of-day mean of the last 28 days, in units of the station's own
28-day spread, so that one model serves clean and polluted stations alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spatial.analysis.forecast import drivers as weather
from spatial.analysis.forecast.drivers import Drivers
from spatial.analysis.forecast.transform import Array
from spatial.analysis.forecast.windows import (
    DAY,
    HORIZON,
    WINDOW,
    Index,
    last_known,
    reference_rows,
    rolling_mean,
    same_hour_mean,
    shifted,
)  # fmt: skip

MEANS = (3, 6, 12, 24, 48, 72, 168)
NETWORK_MEANS = (3, 24, 72, 168)


@dataclass(frozen=True)
class Panel:
    """What the models read of a panel; arrays are (hours, stations) on the model scale."""

    z: Array
    start_hour: int  # hours since 1970-01-01T00 UTC of the first row
    same_hour: Array  # mean of the same hour of day over 28 days
    same_hour_week: Array
    level: Array  # 28-day mean
    spread: Array  # 28-day standard deviation of the anomalies, never 0
    hour_spread: Array  # the same of one hour of day, drawn half-way to the spread
    anomaly: Array  # z against the same hour's mean until the day before
    last: Array  # last known anomaly
    age: Array  # hours since it
    means: tuple[Array, ...]  # rolling means of the anomaly
    network: tuple[Array, ...]  # the same of all other stations
    usable: NDArray[np.bool_]  # 60 % of the window known and a value in the last day
    drivers: Drivers | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return FEATURES if self.drivers is None else (*FEATURES, *weather.names(self.drivers))

    @property
    def stations(self) -> int:
        return int(self.z.shape[1])


def prepare(z: Array, start_hour: int, drivers: Drivers | None = None) -> Panel:
    """Everything the features need, over the whole panel at once."""
    same_hour = same_hour_mean(z, 28, least=8)
    anomaly = z - shifted(same_hour, DAY)
    squares = rolling_mean(anomaly**2, WINDOW, least=WINDOW // 4)
    typical = float(np.nanmedian(np.sqrt(squares))) if np.isfinite(squares).any() else 1.0
    spread = np.maximum(np.sqrt(squares), max(0.1 * typical, 1e-6))
    hour_squares = same_hour_mean(anomaly**2, 28, least=8)
    hour_spread = np.sqrt((np.where(np.isfinite(hour_squares), hour_squares, spread**2) + spread**2) / 2.0)
    known_part = rolling_mean(np.isfinite(z).astype(float), WINDOW, least=1)
    last, age = last_known(anomaly)
    means = tuple(rolling_mean(anomaly, hours, least=max(1, hours // 4)) for hours in MEANS)
    normal = anomaly / spread
    network = tuple(_others_mean(rolling_mean(normal, hours, least=max(1, hours // 4))) for hours in NETWORK_MEANS)
    value_age = last_known(z)[1]
    rows = np.arange(len(z))[:, None]
    usable = (known_part >= 0.6) & (value_age < DAY) & (rows >= WINDOW - 1) & np.isfinite(spread)
    return Panel(
        z, start_hour, same_hour, same_hour_mean(z, 7, least=2), rolling_mean(z, WINDOW, least=WINDOW // 4), spread,
        hour_spread, anomaly, last, age, means, network, usable, drivers,
    )  # fmt: skip


def _others_mean(values: Array) -> Array:
    known = np.isfinite(values)
    filled = np.where(known, values, 0.0)
    counts = known.sum(axis=1, keepdims=True) - known
    return np.where(counts > 0, (filled.sum(axis=1, keepdims=True) - filled) / np.maximum(counts, 1), np.nan)


def climatology(panel: Panel, origins: Index, stations: Index, horizons: Index) -> Array:
    """Hour-of-day mean of the 28 days before the origin, at the target's hour; the 28-day mean where it lacks."""
    value = panel.same_hour[reference_rows(origins, horizons), stations]
    return np.where(np.isfinite(value), value, panel.level[origins, stations])


def widths(panel: Panel, origins: Index, stations: Index) -> Array:
    """Unit of the residuals by origin and horizon, (pairs, 72): how much the target's hour usually varies."""
    steps = np.arange(1, HORIZON + 1)
    rows = reference_rows(np.repeat(origins, HORIZON), np.tile(steps, len(origins)))
    value = panel.hour_spread[rows, np.repeat(stations, HORIZON)].reshape(-1, HORIZON)
    return np.where(np.isfinite(value), value, panel.spread[origins, stations][:, None])


FEATURES = (
    "last", "age", *(f"mean_{h}" for h in MEANS), *(f"network_{h}" for h in NETWORK_MEANS),
    "same_hour_yesterday", "week_against_month", "day_shape", "day_shape_now", "trend_level", "spread",
    "hour_sin", "hour_cos", "hour_sin2", "hour_cos2", "weekend", "year_sin", "year_cos",
)  # fmt: skip


def features(panel: Panel, origins: Index, stations: Index, horizons: Index) -> Array:
    """(rows, features) for triples of origin row, station column and horizon in hours; NaN = unknown."""
    at = (origins, stations)
    reference = (reference_rows(origins, horizons), stations)
    spread = panel.spread[at]
    level = panel.level[at]
    target = panel.start_hour + origins + horizons
    hour = 2 * np.pi * (target % DAY) / DAY
    season = 2 * np.pi * (target % int(365.25 * DAY)) / (365.25 * DAY)
    local_day = (target + 7) // DAY  # Vietnam is UTC+7; 1970-01-01 was a Thursday
    weekend = np.isin((local_day + 3) % 7, (5, 6)).astype(float)
    columns = [
        panel.last[at] / spread,
        np.minimum(panel.age[at], WINDOW),
        *(mean[at] / spread for mean in panel.means),
        *(mean[at] for mean in panel.network),
        panel.anomaly[reference] / spread,
        (panel.same_hour_week[reference] - panel.same_hour[reference]) / spread,
        (panel.same_hour[reference] - level) / spread,
        (panel.same_hour[at] - level) / spread,
        level,
        spread,
        np.sin(hour), np.cos(hour), np.sin(2 * hour), np.cos(2 * hour),
        weekend,
        np.sin(season), np.cos(season),
    ]  # fmt: skip
    if panel.drivers is not None:
        columns += weather.columns(panel.drivers, origins, stations, horizons)
    return np.column_stack(columns)
