"""Undisturbed hourly values of the water stations: season, rain that washes in, tide near the mouths, waste."""

from __future__ import annotations

import numpy as np

from ingest.sample.air import Clock, bump, rain
from ingest.sample.chance import Floats, normal, smooth
from ingest.sample.stations import Stations


def _wash(seed: int, clock: Clock) -> Floats:
    """Rain water in the rivers: yesterday's and today's rain, 0 dry to about 3."""
    reach = 60
    longer = Clock(np.concatenate([clock.hours[0] - np.arange(reach, 0, -1), clock.hours]))
    weight = np.exp(-np.arange(reach) / 22.0)
    return np.convolve(rain(seed, longer), weight / weight.sum(), mode="full")[reach : reach + len(clock.hours)]


def water_values(seed: int, stations: Stations, clock: Clock) -> dict[str, Floats]:
    """Parameter -> values by station and hour, in the units of the layer."""
    ids = np.arange(len(stations.codes))[:, None] + 1000
    load, sea = stations.load[:, None], stations.sea[:, None]
    hours = clock.hours[None, :]

    def local(name: str, slow: float, fast: float, white: float) -> Floats:
        return (
            slow * smooth(seed, name, ids, at=hours, period=48)
            + fast * smooth(seed, name + "-fast", ids, at=hours, period=6)
            + white * normal(seed, name + "-white", ids, hours)
        )

    wash = _wash(seed, clock)
    wet = 0.5 - 0.5 * np.cos(clock.of_year - 0.7)
    day = np.cos(2 * np.pi * (clock.of_day - 15.5) / 24)
    low_flow = 0.9 * smooth(seed, "flow", at=clock.hours, period=380)  # regional: little water, strong waste
    dirt = np.exp(0.3 * low_flow - 0.35 * wet)
    evening = bump(clock.of_day, 20, 3) + 0.6 * bump(clock.of_day, 8, 2.5)
    heat = 25.0 - 5.4 * np.cos(clock.of_year - 0.5) + 1.3 * smooth(seed, "warm", at=clock.hours, period=110)
    heat = heat + 0.55 * day + local("wt", 0.25, 0.06, 0.03)

    cod = (4.5 + 11.5 * load) * dirt * (1 + 0.1 * evening) * np.exp(local("cod", 0.14, 0.05, 0.02)) + 1.2 * np.minimum(
        wash, 3
    )
    nh4 = (0.05 + 0.42 * load**1.5) * dirt * (1 + 0.18 * evening) * np.exp(local("nh4", 0.22, 0.08, 0.03))
    saturated = 14.6 - 0.39 * heat + 0.0045 * heat**2
    oxygen = saturated * (0.93 - 0.3 * load * np.minimum(dirt, 1.6)) + 0.45 * day + local("do", 0.28, 0.08, 0.03)
    tss = (18 + 22 * load) * np.exp(0.55 * wet + 0.42 * np.minimum(wash, 3) + local("tss", 0.22, 0.08, 0.03))
    ph = 7.35 + 0.35 * sea - 0.25 * load + 0.07 * day - 0.06 * np.minimum(wash, 3) + local("ph", 0.08, 0.02, 0.008)
    tide = np.sin(2 * np.pi * hours / 24.84) * (0.7 + 0.3 * np.sin(2 * np.pi * hours / (24 * 13.66)))
    salt = 26 * sea * np.clip(0.75 - 0.5 * wet - 0.1 * wash + 0.15 * low_flow, 0.05, 1) * (1 + 0.42 * tide)
    return {
        "ph": np.clip(ph, 5.6, 9.2), "do": np.clip(oxygen, 0.4, 14), "temperature": heat, "tss": tss, "cod": cod,
        "nh4": nh4, "salinity": np.maximum(salt * np.exp(local("sal", 0.06, 0.03, 0.015)), 0.02),
    }  # fmt: skip
