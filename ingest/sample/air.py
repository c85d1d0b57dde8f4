"""Undisturbed hourly values of the air stations: season, time of day, weather shared by all, place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.sample.chance import Floats, normal, smooth, uniform
from ingest.sample.stations import Stations


@dataclass(frozen=True, slots=True)
class Clock:
    """Hours since 1970 UTC (the hour ends then), and what they are in local time (UTC+7)."""

    hours: np.ndarray  # int64

    @property
    def local(self) -> np.ndarray:
        """Local hours since 1970; the hour 00 belongs to the day before, which it ends."""
        return self.hours + 7

    @property
    def of_day(self) -> Floats:
        return (self.local % 24).astype(float)

    @property
    def of_year(self) -> Floats:
        """Phase of the year, 0 on 1 January to 2 pi."""
        return 2 * np.pi * ((self.local / 24.0) % 365.2425) / 365.2425

    @property
    def weekend(self) -> np.ndarray:
        return np.asarray(((self.local - 1) // 24 + 3) % 7 >= 5)  # 1 January 1970 was a Thursday


def bump(of_day: Floats, middle: float, width: float) -> Floats:
    """A smooth peak at an hour of the day."""
    away = np.abs(of_day - middle)
    away = np.minimum(away, 24 - away)
    return np.exp(-((away / width) ** 2))


def rain(seed: int, clock: Clock) -> Floats:
    """Rain of the whole province in mm per hour: showers on summer afternoons, storms in late summer."""
    wet = 0.5 - 0.5 * np.cos(clock.of_year - 0.7)  # highest in August
    weather = 0.75 * smooth(seed, "rain", at=clock.hours, period=60) + 0.65 * smooth(
        seed, "shower", at=clock.hours, period=7
    )
    afternoon = 0.35 * bump(clock.of_day, 17, 4) * wet
    return np.maximum(0, weather + afternoon - 1.75 + 0.95 * wet) ** 1.8 * (2 + 6 * wet)


def stagnation(seed: int, clock: Clock) -> Floats:
    """Still air of the whole region: about normal, lasts for days, the motor of polluted episodes."""
    return 0.75 * smooth(seed, "still", at=clock.hours, period=66) + 0.6 * smooth(
        seed, "front", at=clock.hours, period=210
    )


def temperature(seed: int, clock: Clock, sea: Floats | float = 0.0) -> Floats:
    """Air temperature in °C; the sea evens it out."""
    season = 24.3 - 6.6 * np.cos(clock.of_year - 0.35)
    warm = 2.3 * smooth(seed, "warm", at=clock.hours, period=110)
    day = (3.4 - 1.2 * np.asarray(sea)[..., None]) * np.cos(2 * np.pi * (clock.of_day - 14.5) / 24)
    return season + warm + day - 1.1 * np.minimum(rain(seed, clock), 3)


def wind(seed: int, clock: Clock, sea: Floats | float = 0.0) -> tuple[Floats, Floats]:
    """Wind of the region in m/s, to the east and to the north: monsoons, weather, a sea breeze where the sea is near.

    North-east in winter, south-east in summer; weak when the air stands still, which is when it is polluted.
    """
    winter = 0.5 + 0.5 * np.cos(clock.of_year - 0.15)
    inland = np.asarray(sea)[..., None]
    day = np.cos(2 * np.pi * (clock.of_day - 15) / 24)
    strength = np.exp(-0.28 * stagnation(seed, clock))
    east = -(1.7 * winter + 1.3 * (1 - winter)) + 1.1 * smooth(seed, "wind-east", at=clock.hours, period=30)
    north = -1.5 * winter + 1.5 * (1 - winter) + 1.1 * smooth(seed, "wind-north", at=clock.hours, period=34)
    lively = 1 + 0.3 * day  # nights are calm
    return strength * lively * east - (0.3 + 1.1 * inland) * np.maximum(day, -0.5), strength * lively * north


def air_values(seed: int, stations: Stations, clock: Clock) -> dict[str, Floats]:
    """Parameter -> values by station and hour, in the units of the layer."""
    ids = np.arange(len(stations.codes))[:, None]
    load = stations.load[:, None]
    hours = clock.hours[None, :]

    def local(name: str, slow: float, fast: float, white: float) -> Floats:
        """Noise of the place: hours to days, minutes, instrument."""
        return (
            slow * smooth(seed, name, ids, at=hours, period=30)
            + fast * smooth(seed, name + "-fast", ids, at=hours, period=4)
            + white * normal(seed, name + "-white", ids, hours)
        )

    still, wet = stagnation(seed, clock), np.minimum(rain(seed, clock), 6)
    winter = np.cos(clock.of_year - 0.15)
    rush = bump(clock.of_day, 8, 1.9) + 1.1 * bump(clock.of_day, 18.5, 2.4)
    rush = rush * np.where(clock.weekend, 0.62, 1.0)
    night = bump(clock.of_day, 23, 4.5)
    place = np.exp(0.16 * normal(seed, "place", ids))
    heat = temperature(seed, clock, stations.sea) + local("t", 0.35, 0.25, 0.12)
    sun = np.maximum(0, np.cos(2 * np.pi * (clock.of_day - 13.5) / 24)) * np.exp(-0.3 * wet)

    pm25 = (
        20 * (0.72 + 0.75 * load) * place * np.exp(0.5 * winter + 0.46 * still)
        * (1 + (0.12 + 0.28 * load) * rush + 0.24 * night * (0.6 + 0.4 * winter)) * np.exp(-0.16 * wet)
        * np.exp(local("pm", 0.13, 0.09, 0.05))
    )  # fmt: skip
    pm10 = pm25 * (1.42 + 0.25 * load) * np.exp(local("dust", 0.08, 0.05, 0.03)) + 4 + 5 * load * rush
    no2 = (
        13 * (0.35 + 1.7 * load) * np.exp(0.28 * winter + 0.22 * still) * (0.6 + 0.75 * rush + 0.2 * night)
        * np.exp(local("no2", 0.14, 0.12, 0.05))
    )  # fmt: skip
    o3 = (
        (14 + 62 * sun * (1 - 0.25 * winter) * np.exp(0.2 * still)) * (1.08 - 0.35 * load)
        * np.exp(local("o3", 0.1, 0.07, 0.04)) - 0.12 * no2
    )  # fmt: skip
    so2 = 7 * (0.5 + load) * np.exp(0.2 * winter + 0.25 * still + local("so2", 0.25, 0.2, 0.08))
    co = (
        430
        * (0.55 + load)
        * np.exp(0.22 * winter + 0.28 * still)
        * (0.8 + 0.5 * rush)
        * np.exp(local("co", 0.1, 0.1, 0.04))
    )
    mean = 24.3 - 6.6 * np.cos(clock.of_year - 0.35)
    humid = (
        83 + 4 * np.cos(clock.of_year - 1.3) - 3.1 * (heat - mean) + 3.5 * np.minimum(wet, 2) + local("rh", 2, 1.5, 0.8)
    )
    east, north = wind(seed, clock, stations.sea)
    shelter = 0.75 - 0.3 * load  # houses brake the wind
    east = shelter * east + local("u", 0.25, 0.3, 0.1)
    north = shelter * north + local("v", 0.25, 0.3, 0.1)
    return {
        "pm25": np.maximum(pm25, 1.2), "pm10": np.maximum(pm10, 2.5), "no2": np.maximum(no2, 0.8),
        "o3": np.maximum(o3, 1.0), "so2": np.maximum(so2, 0.5), "co": np.maximum(co, 60),
        "temperature": heat, "humidity": np.clip(humid, 24, 99) + 0.9 * uniform(seed, "rh-top", ids, hours),
        "wind_speed": np.hypot(east, north), "wind_direction": np.degrees(np.arctan2(-east, -north)) % 360,
    }  # fmt: skip
