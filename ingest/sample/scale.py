"""How much of everything is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

type ScaleName = Literal["mini", "full"]


@dataclass(frozen=True, slots=True)
class Scale:
    """Counts of one sample; areas in km2, lengths in metres."""

    name: ScaleName
    area_km2: float
    population: int
    districts: tuple[int, int, int]  # of the three old provinces
    old_communes: int
    split_communes: int  # old communes whose land went to two new ones
    new_communes: int
    border_step: float  # distance of border vertices
    parcels: int
    plan_zones: int
    air_stations: int
    air_reference: int  # how many of them are reference sensors only
    water_stations: int
    days: int  # of hourly values
    schools: int
    clinics: int
    cameras: int
    feedback: int
    feedback_months: int
    indicator_months: int | None  # None: since January 2022
    indicators: int | None  # that districts and communes report; None: all those of the catalogue
    rain_days: int
    faults_per_week: float  # chance that a series has a fault in a week


MINI = Scale(
    name="mini", area_km2=150, population=190_000, districts=(2, 2, 1), old_communes=14, split_communes=1,
    new_communes=6, border_step=60, parcels=400, plan_zones=24, air_stations=9, air_reference=3, water_stations=5,
    days=45, schools=25, clinics=12, cameras=15, feedback=120, feedback_months=12, indicator_months=36, indicators=12,
    rain_days=60, faults_per_week=0.01,
)  # fmt: skip

FULL = Scale(
    name="full", area_km2=3_900, population=4_400_000, districts=(7, 10, 7), old_communes=390, split_communes=20,
    new_communes=129, border_step=60, parcels=100_000, plan_zones=600, air_stations=40, air_reference=10,
    water_stations=20, days=396, schools=800, clinics=300, cameras=400, feedback=20_000, feedback_months=24,
    indicator_months=None, indicators=None, rain_days=400, faults_per_week=0.012,
)  # fmt: skip

SCALES: dict[ScaleName, Scale] = {"mini": MINI, "full": FULL}
