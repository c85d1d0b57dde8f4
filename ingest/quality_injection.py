"""Labelled faults put into good series, to measure how many of them the checks find. Same seed, same faults."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.model import Parameter, Range, Sentinel

type Floats = NDArray[np.float64]

DAY = 24
BLOCK = 10 * DAY  # one short fault in each block of a station
SHORT = ("stuck", "zeros", "range", "sentinel", "spike", "burst")
DRIFT_DAYS, DRIFT_HOLD = (15, 35), 10
CLOCK_DAYS, CLOCK_HOURS = 8, (-9, -7, 5, 7)
BIAS_HOURS, BIAS_FACTOR = 72, (6.0, 9.0)


@dataclass(frozen=True)
class Injected:
    """Hours ``start <= row < end`` of one station; ``size`` says how bad: a factor, or hours of a clock."""

    kind: str
    station: int
    start: int
    end: int
    size: float = 0.0


def short_faults(values: Floats, parameter: Parameter, seed: int) -> tuple[Floats, list[Injected]]:
    """A copy of the panel (hours, stations; NaN = none) with one short fault in each block that is well filled."""
    rng = np.random.default_rng([seed, 1])
    changed, made = values.copy(), []
    for station in range(values.shape[1]):
        for number, begin in enumerate(range(0, len(values) - BLOCK + 1, BLOCK)):
            kind = SHORT[(number + station) % len(SHORT)]
            start = begin + DAY + int(rng.integers(0, BLOCK - 5 * DAY))
            end = start + _length(kind, rng)
            around = values[start - 3 : end + 3, station]
            level = float(np.nanmedian(values[begin : begin + BLOCK, station])) if np.isfinite(around).any() else np.nan
            if not np.isfinite(around).all() or not np.isfinite(level):
                continue
            changed[start:end, station] = _broken(kind, values[start:end, station], level, parameter, rng)
            made.append(Injected(kind, station, start, end))
    return changed, made


def _length(kind: str, rng: np.random.Generator) -> int:
    low, high = {"stuck": (10, 60), "zeros": (1, 24), "range": (1, 6), "sentinel": (1, 12), "spike": (1, 1)}.get(
        kind, (2, 2)
    )
    return int(rng.integers(low, high + 1))


def _broken(kind: str, true: Floats, level: float, parameter: Parameter, rng: np.random.Generator) -> Floats:
    count = len(true)
    if kind == "stuck":  # a stuck sensor wobbles by 0.001 to 0.05
        return np.asarray(true[0] + rng.uniform(-0.5, 0.5, count) * 10 ** rng.uniform(-3, np.log10(0.05)))
    if kind == "zeros":
        return np.zeros(count)
    if kind == "range":
        limit = next((c for c in parameter.checks if isinstance(c, Range)), Range(low=0, high=1000))
        high, low = limit.high or 1000.0, limit.low or 0.0
        return np.asarray(np.where(rng.random() < 0.5, high * rng.uniform(1.05, 30), low - high * rng.uniform(0.01, 5)))
    if kind == "sentinel":
        sentinel = next((c for c in parameter.checks if isinstance(c, Sentinel)), None)
        return np.full(count, rng.choice(sentinel.values) if sentinel else np.nan)
    return np.asarray(true + max(level, 10.0) * rng.uniform(2, 10))  # spikes and bursts, on top of what was there


def long_faults(days: int, usable: NDArray[np.bool_], seed: int) -> Iterator[Injected]:
    """Drift, clock and bias, one at a time; ``usable`` (days, stations): the network can judge the station then."""
    rng = np.random.default_rng([seed, 2])
    for station in range(usable.shape[1]):
        for number, begin in enumerate(range(40, days - 50, 25)):
            kind = ("drift", "clock", "bias")[(number + station) % 3]
            if kind == "drift":
                length = int(rng.integers(*DRIFT_DAYS)) + DRIFT_HOLD
                size = float(rng.choice([rng.uniform(1.8, 2.6), 1 / rng.uniform(1.8, 2.6)]))
            elif kind == "clock":
                length, size = CLOCK_DAYS, float(rng.choice(CLOCK_HOURS))
            else:
                length = BIAS_HOURS // DAY
                size = float(rng.uniform(*BIAS_FACTOR)) ** float(rng.choice([-1, 1]))
            before = usable[begin - 30 : begin, station].mean() if kind == "drift" else 1.0
            if usable[begin : begin + length, station].mean() >= 0.7 and before >= 0.6:
                yield Injected(kind, station, begin * DAY, (begin + length) * DAY, size)


def apply_long(fault: Injected, values: Floats) -> Floats:
    """A copy of the panel with one long fault in it."""
    changed = values.copy()
    span = slice(fault.start, fault.end)
    if fault.kind == "clock":
        rows = np.arange(fault.start, fault.end) + int(fault.size)
        inside = (rows >= 0) & (rows < len(values))
        changed[span, fault.station] = np.where(
            inside, values[np.clip(rows, 0, len(values) - 1), fault.station], np.nan
        )
    elif fault.kind == "bias":
        changed[span, fault.station] *= fault.size
    else:  # a ramp over all but the last days, which stay at its end
        ramp = np.clip(np.arange(fault.end - fault.start) / (fault.end - fault.start - DRIFT_HOLD * DAY), 0, 1)
        changed[span, fault.station] *= 1 + (fault.size - 1) * ramp
    return changed
