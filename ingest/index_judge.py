"""Blocks of approved hours judged: VN_AQI of hours and days, VN_WQI and class of days, means over legal limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

import numpy as np
import numpy.typing as npt

from ingest.index_blocks import EPOCH, LEAD_HOURS, Block
from ingest.index_store import Judged
from layers.index_scales import AIR_POLLUTANTS, PARTICLES, QCVN08_CLASSES, WATER_PARAMETERS, WaterBody
from layers.indices import INDICES
from layers.limits import YEAR
from layers.model import Parameter
from spatial.analysis import air_index, water_index
from spatial.analysis.limits import averaging_hours, bounds_by_day, exceedances

MEAN_DECIMALS = 6

type Floats = npt.NDArray[np.float64]
type Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Terms:
    """What the judgement depends on beside the values."""

    least_day: int  # hours of 24
    least_8h: int  # hours of 8
    weighted: bool  # variant of VN_WQI
    sampled: bool  # taken by hand: one value makes a day
    bodies: Mapping[str, WaterBody] = field(default_factory=dict)  # by station; rivers otherwise

    @classmethod
    def of(
        cls, *, day: float, eight: float, weighted: bool, sampled: bool, bodies: Mapping[str, WaterBody] | None = None
    ) -> Terms:
        """From shares of hours; a last bit too many must not ask for one hour more."""
        return cls(ceil(24 * day - 1e-9), ceil(8 * eight - 1e-9), weighted, sampled, bodies or {})


def aqi_hour(block: Block, _: Terms) -> Judged:
    """VN_AQI of each hour in which the station sent something."""
    values = {name: block.values[name] for name in AIR_POLLUTANTS if name in block.values}
    found = _after_lead(air_index.hourly(values))
    recent = np.zeros(found.value.shape, dtype=bool)
    for name in PARTICLES:
        if name in values:  # of a NowCast's hours, whether approved or not
            came = np.where(block.received[name], 1.0, np.nan)
            recent |= np.isfinite(air_index.running_mean(came, air_index.NOWCAST_HOURS, 1))[LEAD_HOURS:]
    sent = _any([block.received[name][LEAD_HOURS:] for name in values])
    given = sent & np.repeat(block.wanted, 24, axis=0)
    return Judged(found.value, found.parts, found.dominant, _air_reasons(found.value, recent), given)


def aqi_day(block: Block, terms: Terms) -> Judged:
    """VN_AQI of each day on which the station sent something."""
    values = {name: block.values[name] for name in AIR_POLLUTANTS if name in block.values}
    means = air_index.day_means(values, lead=LEAD_HOURS, least_day=terms.least_day, least_8h=terms.least_8h)
    found = air_index.daily(means)
    recent = _any([_days(block.received[name]).any(axis=1) for name in PARTICLES if name in values], found.value)
    sent = _any([_days(block.received[name]).any(axis=1) for name in values])
    return Judged(found.value, found.parts, found.dominant, _air_reasons(found.value, recent), sent & block.wanted)


def _after_lead(found: air_index.Composite) -> air_index.Composite:
    return air_index.Composite(found.value[LEAD_HOURS:], {n: part[LEAD_HOURS:] for n, part in found.parts.items()})


def _air_reasons(value: Floats, recent: Bools) -> dict[str, Bools]:
    none = np.isnan(value)
    return {"few_hours": none & recent, "no_particles": none & ~recent}


def wqi(block: Block, terms: Terms) -> Judged:
    """VN_WQI of each day on which a parameter of the Decision came."""
    names = [name for name in WATER_PARAMETERS if name in block.values]
    means = _day_means(block, (*names, "temperature"), terms)
    found = water_index.wqi({name: mean.ravel() for name, mean in means.items()}, weighted=terms.weighted)
    shape = block.wanted.shape
    parts = {name: part.reshape(shape) for name, part in found.parts.items()}
    value = found.value.reshape(shape)
    reasons = {"few_groups": found.few_groups, "group_iv_too_small": found.group_iv_too_small}
    lowest = _extreme(parts, np.fmin)
    dominant = {name: (part == lowest) & (part < 100) & np.isfinite(value) for name, part in parts.items()}
    sent = _any([_days(block.received[name]).any(axis=1) for name in names])
    shaped = {code: where.reshape(shape) for code, where in reasons.items()}
    return Judged(value, parts, dominant, shaped, sent & block.wanted)


def qcvn08(block: Block, terms: Terms) -> Judged:
    """Class by QCVN 08:2023 of each day on which a parameter of the table came: of rivers, or of lakes."""
    names = [name for name in INDICES["qcvn08"].parameters if name in block.values]
    means = _day_means(block, names, terms)
    lakes = np.array([terms.bodies.get(key, "river") == "lake" for key in block.keys], dtype=bool)
    masks: dict[WaterBody, Bools] = {"river": ~lakes, "lake": lakes}
    parts, sent = {}, np.zeros(block.wanted.shape, dtype=bool)
    for name in names:
        parts[name] = np.full(block.wanted.shape, np.nan)
        for body, here in masks.items():
            if name in QCVN08_CLASSES[body]:
                parts[name] = np.where(here, water_index.classes({name: means[name]}, body)[name], parts[name])
                sent |= _days(block.received[name]).any(axis=1) & here
    value = water_index.worst_class(parts)
    dominant = {name: (part == value) & (part > 1) for name, part in parts.items()}
    reason = "no_parameters" if terms.sampled else "few_hours"
    return Judged(value, parts, dominant, {reason: np.isnan(value)}, sent & block.wanted)


JUDGES: Mapping[str, Callable[[Block, Terms], Judged]] = {
    "vn_aqi_hour": aqi_hour,
    "vn_aqi_day": aqi_day,
    "vn_wqi": wqi,
    "qcvn08": qcvn08,
}


def _days(hours: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    return hours[LEAD_HOURS:].reshape(-1, 24, hours.shape[1])


def _any(masks: Sequence[npt.NDArray[np.generic]], like: Floats | None = None) -> Bools:
    """Where any of them is true; all false of the shape of ``like`` when there is none."""
    if not masks:
        assert like is not None
        return np.zeros(like.shape, dtype=bool)
    return np.logical_or.reduce(masks)


def _extreme(parts: Mapping[str, Floats], better: np.ufunc) -> Floats:
    return np.asarray(better.reduce(list(parts.values())))


def _day_means(block: Block, names: Sequence[str], terms: Terms) -> dict[str, Floats]:
    least = 1 if terms.sampled else terms.least_day
    return {
        name: air_index.mean_of_days(block.values[name][LEAD_HOURS:], least) for name in names if name in block.values
    }


# ---------------------------------------------------------------- limits


def over_limits(block: Block, parameters: Sequence[Parameter], terms: Terms) -> dict[str, npt.NDArray[np.generic]]:
    """Means of the wanted station-days over a legal limit: series, day (days since 1970), hours, n, worst, limit."""
    found: list[tuple[npt.NDArray[np.generic], ...]] = []
    for parameter in parameters:
        if parameter.name not in block.values:
            continue
        ids = np.array([block.ids.get((key, parameter.name), -1) for key in block.keys])
        for hours in averaging_hours([parameter]):
            bounds = bounds_by_day(parameter, hours, block.days)
            if hours == YEAR or not bounds.any:
                continue
            # A mean that equals the limit keeps it; its last bit depends on the order in which it was summed up.
            means = np.round(_means(block.values[parameter.name], hours, terms), MEAN_DECIMALS)
            over = exceedances(means, bounds)
            at = np.nonzero((over.count > 0) & block.wanted & (ids >= 0))
            size = len(at[0])
            day = at[0] + (block.days[0] - EPOCH).days
            found.append((ids[at[1]], day, np.full(size, hours), over.count[at], over.worst[at], over.limit[at]))
    names = ("series", "day", "hours", "n", "worst", "limit")
    if not found:
        return {name: np.array([], dtype=np.int64) for name in names}
    return {name: np.concatenate(column) for name, column in zip(names, zip(*found, strict=True), strict=True)}


def _means(values: Floats, hours: int, terms: Terms) -> Floats:
    """Means of so many hours by day: shape (days, means in a day, stations)."""
    if hours == 1:
        return air_index.by_day(values[LEAD_HOURS:])
    if hours == 24:
        return air_index.mean_of_days(values[LEAD_HOURS:], terms.least_day)[:, None]
    least = terms.least_8h if hours == 8 else ceil(hours * terms.least_day / 24)
    return air_index.by_day(air_index.running_mean(values, hours, least)[LEAD_HOURS:])
