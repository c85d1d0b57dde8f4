"""What goes wrong at stations: when, where, and what it does to the values. A function of time, like the values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import numpy as np

from ingest.sample.chance import Floats, normal, uniform
from ingest.sample.stations import Stations
from layers.model import FlatLine, Parameter, Sentinel, Step

type Kind = Literal["gap", "stuck", "spike", "drift", "calibration", "left_on", "fault", "sentinel", "clock"]
EVERY = "*"  # all parameters of the station
_WEEK = 168
_STEADY = ("temperature", "humidity", "ph", "wind_speed", "wind_direction")  # sensors that hardly drift
_CLEAR = 48  # hours about a promised fault without chance ones
CLOCK_HOURS = 7  # a logger that sends UTC where local time is expected: its labels lag behind by so much


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Hours ``start <= hour < end`` (hours since 1970 UTC, by their end) of one series, or of all of the station."""

    station: str
    parameter: str
    start: int
    end: int
    kind: Kind

    def as_json(self) -> dict[str, str]:
        """With times in UTC; the last affected hour is ``last``."""

        def text(hour: int) -> str:
            return datetime.fromtimestamp(hour * 3600, UTC).isoformat()

        return {
            "station": self.station, "parameter": self.parameter, "kind": self.kind,
            "first": text(self.start), "last": text(self.end - 1),
        }  # fmt: skip


def promised_faults(stations: Stations, until: int) -> list[Fault]:
    """Faults that every sample has in its last weeks, so that screens and tests can rely on them."""
    codes = stations.codes
    if stations.layer == "water_station":
        return [
            Fault(codes[0], "cod", until - 240, until - 190, "stuck"),
            Fault(codes[1], "ph", until - 130, until - 126, "calibration"),
            Fault(codes[2], "nh4", until - 90, until - 85, "sentinel"),
        ]
    return [
        Fault(codes[0], "pm25", until - 240, until - 206, "stuck"),
        Fault(codes[0], "o3", until - 600, until - 300, "drift"),
        Fault(codes[1], EVERY, until - 120, until - 117, "calibration"),
        Fault(codes[1], "pm25", until - 2, until + 1, "calibration"),
        Fault(codes[2], "pm10", until - 170, until - 169, "spike"),
        Fault(codes[3], EVERY, until - 75, until - 57, "fault"),
        Fault(codes[4], "pm25", until - 200, until - 195, "sentinel"),
        Fault(codes[5], EVERY, until - 150, until - 130, "gap"),
        Fault(codes[-1], EVERY, until - 9, until + 2, "gap"),  # late right now
        # What is wrong at this moment, each at a station of its own:
        Fault(codes[1], "no2", until - 70, until + 30, "left_on"),
        Fault(codes[2], EVERY, until - 156, until + 72, "clock"),
        Fault(codes[3], "pm25", until - 30, until + 40, "stuck"),
        Fault(codes[4], EVERY, until - 20, until + 30, "fault"),
        Fault(codes[5], "pm25", until - 5, until - 4, "spike"),
        Fault(codes[6], "pm25", until - 672, until + 48, "drift"),
        Fault(codes[-2], EVERY, until - 100, until + 60, "gap"),  # silent
    ]


def chance_faults(
    seed: int,
    stations: Stations,
    parameters: dict[str, Parameter],
    promised: list[Fault],
    start: int,
    end: int,
    rate: float,
) -> list[Fault]:
    """Faults by chance that touch ``start <= hour < end``; the same hour has the same faults whoever asks."""
    found = []
    for week in range(start // _WEEK - 4, end // _WEEK + 1):
        for number, code in enumerate(stations.codes):
            for name in (EVERY, *stations.parameters[number]):
                fault = _of_week(seed, stations.layer, code, name, week, parameters, rate)
                if fault is None or fault.end <= start or fault.start >= end:
                    continue
                near = [
                    p for p in promised
                    if p.station == code and p.start - _CLEAR < fault.end and fault.start < p.end + _CLEAR
                ]  # fmt: skip
                if not near:
                    found.append(fault)
    return sorted(found, key=lambda fault: (fault.start, fault))


def _of_week(
    seed: int, layer: str, code: str, name: str, week: int, parameters: dict[str, Parameter], rate: float
) -> Fault | None:
    key = (layer, code, name, week)
    u = [float(uniform(seed, "fault", *key, n)) for n in range(4)]
    first = week * _WEEK + int(u[1] * _WEEK)
    if name == EVERY:  # a service visit every four weeks, now and then a power cut or a broken line
        if (week + int(float(uniform(seed, "visit", layer, code)) * 4)) % 4 == 0:
            return Fault(
                code, name, week * _WEEK + 60 + int(u[1] * 6), week * _WEEK + 68 + int(u[1] * 6) - 5, "calibration"
            )
        if u[0] < 2.2 * rate:
            hours = int(3 + 30 * u[2] ** 3)
            return Fault(code, name, first, first + hours, "fault" if u[3] < 0.3 else "gap")
        return None
    if u[0] >= rate:
        return None
    checks = {check.kind: check for check in parameters[name].checks}
    if u[2] < 0.3:
        return Fault(code, name, first, first + int(1 + 14 * u[3] ** 2), "gap")
    if u[2] < 0.55 and "flat_line" in checks:
        flat = checks["flat_line"]
        hours = flat.hours if isinstance(flat, FlatLine) else 12
        return Fault(code, name, first, first + 2 * hours + int(30 * u[3]), "stuck")
    if u[2] < 0.75 and "step" in checks:
        return Fault(code, name, first, first + 1, "spike")
    if u[2] < 0.9 and "sentinel" in checks:
        return Fault(code, name, first, first + 1 + int(8 * u[3]), "sentinel")
    if name in _STEADY:
        return None
    return Fault(code, name, first, first + 120 + int(300 * u[3]), "drift")


def apply_fault(
    fault: Fault,
    parameter: Parameter,
    seed: int,
    hours: np.ndarray,
    values: Floats,
    status: np.ndarray,
    at_start: float,
) -> None:
    """Change values (NaN = no row) and status (0, 1, 2) of one series in place; ``at_start`` is its true value then."""
    hit = (hours >= fault.start) & (hours < fault.end)
    if not hit.any():
        return
    key = (fault.station, parameter.name)
    since = (hours[hit] - fault.start).astype(float)
    checks = {check.kind: check for check in parameter.checks}
    if fault.kind == "gap":
        values[hit] = np.nan
    elif fault.kind == "stuck":
        flat = checks.get("flat_line")
        width = min(flat.tolerance, 0.05) if isinstance(flat, FlatLine) else 0.01
        values[hit] = round(at_start, 3) + np.round(0.8 * width * (uniform(seed, "wobble", *key, hours[hit]) - 0.5), 4)
    elif fault.kind == "spike":
        step = checks.get("step")
        values[hit] = at_start + 1.5 * (step.max_change if isinstance(step, Step) else 10 * abs(at_start))
    elif fault.kind == "drift":
        values[hit] = np.round(values[hit] * (1 + 0.0022 * since), max(parameter.decimals, 1))
    elif fault.kind == "sentinel":
        sentinel = checks.get("sentinel")
        values[hit] = sentinel.values[0] if isinstance(sentinel, Sentinel) else np.nan
    elif fault.kind == "calibration":
        values[hit] = np.where(since % 2 < 1, 0.02, 2.2) * max(abs(at_start), 0.1)  # zero gas, span gas
        status[hit] = 1
    elif fault.kind == "left_on":
        status[hit] = 1  # it measures again, but nobody switched the mode back
    elif fault.kind == "fault":
        values[hit] = np.abs(at_start * (0.2 + 2.5 * np.abs(normal(seed, "broken", *key, hours[hit]))))
        status[hit] = 2
    # A wrong clock moves values in time, which is done where there are other hours to take them from.
