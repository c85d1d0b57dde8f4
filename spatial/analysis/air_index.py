"""VN_AQI by Decision 1459/QĐ-TCMT: NowCast, sub-indices, the index of the hour and of the day.

All functions work on arrays whose first axis is time, one row an hour (label = end of the hour), without gaps in the
axis; a missing value is NaN. Concentrations are µg/m³, CO too. Further axes (stations) are carried along.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layers.index_scales import AIR_BREAKPOINTS, AIR_POLLUTANTS, AIR_STEPS, PARTICLES
from spatial.analysis.rounding import half_up

type Floats = npt.NDArray[np.float64]
type Bools = npt.NDArray[np.bool_]

NOWCAST_HOURS = 12
OZONE_HOURS = 8
DAY_HOURS = 24


@dataclass(frozen=True)
class Composite:
    """The index of hours or days; every array has the shape of the input. NaN = cannot be given."""

    value: Floats  # whole numbers 0..500
    parts: Mapping[str, Floats]  # rounded sub-indices by pollutant

    @property
    def dominant(self) -> dict[str, Bools]:
        """Where each pollutant has the largest sub-index; on a tie several have."""
        return {name: part == self.value for name, part in self.parts.items()}


def nowcast(values: Floats) -> Floats:
    """NowCast of each hour from its 12 newest hourly means. Rows before the first are taken as missing.

    The weighted sum is divided by the sum of the weights also when w = 1/2: so 12 known values give what the text
    gives (but for 1/4096), and a gap does not pull the result down.
    """
    window = _windows(values, NOWCAST_HOURS)
    known = np.isfinite(window)
    highest = np.max(window, axis=-1, where=known, initial=-np.inf)
    lowest = np.min(window, axis=-1, where=known, initial=np.inf)
    weight = np.maximum(np.divide(lowest, highest, out=np.ones_like(lowest), where=highest > 0), 0.5)
    total, share = np.zeros(values.shape), np.zeros(values.shape)
    power = np.ones(values.shape)
    for back in range(NOWCAST_HOURS):
        newest_first = NOWCAST_HOURS - 1 - back
        total += np.where(known[..., newest_first], power * window[..., newest_first], 0.0)
        share += np.where(known[..., newest_first], power, 0.0)
        power = power * weight
    enough = known[..., -3:].sum(axis=-1) >= 2
    return np.where(enough, np.divide(total, share, out=np.full(values.shape, np.nan), where=share > 0), np.nan)


def running_mean(values: Floats, hours: int, least: int) -> Floats:
    """Mean of the ``hours`` that end with each row; NaN where fewer than ``least`` of them are known."""
    known = np.isfinite(values)
    counts = _running_sum(known.astype(np.float64), hours)
    sums = np.where(known, values, 0.0)
    enough = counts >= max(least, 1)
    # Each window is summed anew: differences of a cumulative sum would carry its rounding along the whole series.
    totals = _windows(sums, hours, fill=0.0).sum(axis=-1)
    return np.divide(totals, counts, out=np.full(values.shape, np.nan), where=enough)


def sub_index(column: str, concentration: Floats | float) -> Floats:
    """Exact sub-index of concentrations; ``column`` is pm25, pm10, o3_1h, o3_8h, no2, so2 or co.

    Above the table it is 500; of ozone over 8 hours it is not computed above 400 (NaN).
    """
    bounds = AIR_BREAKPOINTS[column]
    value = np.asarray(concentration, dtype=np.float64)
    exact = np.interp(value, bounds, AIR_STEPS[: len(bounds)])
    if len(bounds) < len(AIR_STEPS):
        exact = np.where(value > bounds[-1], np.nan, exact)
    return np.asarray(np.where(np.isfinite(value), exact, np.nan))


def composite(parts: Mapping[str, Floats]) -> Composite:
    """The largest rounded sub-index; none where neither PM2.5 nor PM10 has one."""
    ordered = {name: parts[name] for name in AIR_POLLUTANTS if name in parts}
    shape = next(iter(ordered.values())).shape
    largest = np.full(shape, np.nan)
    particles = np.zeros(shape, dtype=bool)
    for name, part in ordered.items():
        largest = np.fmax(largest, part)
        if name in PARTICLES:
            particles |= np.isfinite(part)
    return Composite(np.where(particles, largest, np.nan), ordered)


def hourly(values: Mapping[str, Floats]) -> Composite:
    """Index of each hour from hourly means by pollutant (pm25, pm10, o3, no2, so2, co)."""
    parts = {}
    for name, series in values.items():
        column = "o3_1h" if name == "o3" else name
        parts[name] = half_up(sub_index(column, nowcast(series) if name in PARTICLES else series))
    return composite(parts)


@dataclass(frozen=True)
class DayMeans:
    """What the index of a day is computed from; arrays by day."""

    particles: Mapping[str, Floats]  # means of 24 hours
    highest: Mapping[str, Floats]  # highest hour of o3, no2, so2, co
    ozone_8h: Floats | None  # highest 8 h mean


def day_means(values: Mapping[str, Floats], *, lead: int, least_day: int, least_8h: int) -> DayMeans:
    """Means and maxima of local days.

    :param values: hourly means; after ``lead`` rows the days follow, 24 rows each, labelled 01:00 to 00:00. Eight-hour
        means of the first hours reach into the day before, so a lead of 7 rows is what they need.
    :param least_day: hours a 24 h mean needs.
    :param least_8h: hours an 8 h mean needs.
    """
    particles = {name: mean_of_days(series[lead:], least_day) for name, series in values.items() if name in PARTICLES}
    highest = {name: _highest(by_day(series[lead:])) for name, series in values.items() if name not in PARTICLES}
    ozone = None
    if "o3" in values:
        ozone = _highest(by_day(running_mean(values["o3"], OZONE_HOURS, least_8h)[lead:]))
    return DayMeans(particles, highest, ozone)


def daily(means: DayMeans) -> Composite:
    """Index of each day. Ozone counts with the larger of its highest hour and its highest 8 h mean."""
    parts = {name: half_up(sub_index(name, mean)) for name, mean in means.particles.items()}
    for name, value in means.highest.items():
        parts[name] = half_up(sub_index("o3_1h" if name == "o3" else name, value))
    if means.ozone_8h is not None:
        long = half_up(sub_index("o3_8h", means.ozone_8h))
        parts["o3"] = np.fmax(parts["o3"], long) if "o3" in parts else long
    return composite(parts)


def by_day(hours: Floats) -> Floats:
    """Rows of hours (01:00 to 00:00, day after day) as (days, 24, ...)."""
    return hours.reshape(-1, DAY_HOURS, *hours.shape[1:])


def mean_of_days(hours: Floats, least: int) -> Floats:
    """Mean of each day from rows of hours (01:00 to 00:00, day after day); NaN with fewer than ``least`` of them."""
    days = by_day(hours)
    known = np.isfinite(days)
    counts = known.sum(axis=1)
    totals = np.sum(days, axis=1, where=known)
    return np.divide(totals, counts, out=np.full(totals.shape, np.nan), where=counts >= max(least, 1))


def _highest(days: Floats) -> Floats:
    known = np.isfinite(days)
    highest = np.max(days, axis=1, where=known, initial=-np.inf)
    return np.where(known.any(axis=1), highest, np.nan)


def _windows(values: Floats, hours: int, fill: float = np.nan) -> Floats:
    """For each row the ``hours`` rows that end with it, on a last axis, oldest first."""
    before = np.full((hours - 1, *values.shape[1:]), fill)
    return np.lib.stride_tricks.sliding_window_view(np.concatenate((before, values)), hours, axis=0)


def _running_sum(values: Floats, hours: int) -> Floats:
    return np.asarray(_windows(values, hours, fill=0.0).sum(axis=-1))
