"""Legal limits by date: the numbers of the standards, and which one leads."""

from __future__ import annotations

import csv
from datetime import date

import pytest

from layers.limits import QCVN05, YEAR
from layers.registry import registry
from spatial.settings import REPOSITORY

NAMES = {"PM2.5": "pm25", "PM10": "pm10", "NO2": "no2", "O3": "o3", "SO2": "so2", "CO": "co"}


def air_table() -> list[dict[str, str]]:
    with (REPOSITORY / "tests" / "data" / "air_qcvn05_2023_basic.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["parameter"] in NAMES]


@pytest.mark.parametrize("row", air_table(), ids=lambda row: f"{row['parameter']}-{row['valid_from']}")
def test_limits_of_the_air_equal_the_table_of_the_standard(row: dict[str, str]) -> None:
    columns = [name for name in row if name.startswith("mean")]
    assert len(columns) == 4
    day = date.fromisoformat(row["valid_from"])
    held = {limit.hours: limit for limit in QCVN05[NAMES[row["parameter"]]] if limit.holds_on(day)}
    expected = {hours: row[name] for hours, name in zip((1, 8, 24, YEAR), columns, strict=True)}
    assert {hours: limit.high for hours, limit in held.items()} == {
        hours: float(value) for hours, value in expected.items() if value
    }
    assert all(limit.confirmed for limit in held.values())


@pytest.mark.parametrize(
    ("day", "high"), [(date(2025, 12, 31), 50), (date(2026, 1, 1), 45), (date(2019, 5, 1), 50), (date(2030, 1, 1), 45)]
)
def test_the_daily_limit_of_fine_particles_depends_on_the_date(day: date, high: float) -> None:
    leading = registry()["air_observation"].series.parameters[0].limits_on(day)[0]  # type: ignore[union-attr]
    assert (leading.hours, leading.high) == (24, high)


def test_limits_from_before_the_standard_are_said_to_be_unconfirmed() -> None:
    held = [limit for limits in QCVN05.values() for limit in limits if limit.holds_on(date(2020, 1, 1))]
    assert held
    assert not any(limit.confirmed for limit in held)


@pytest.mark.parametrize("day", [date(2020, 1, 1), date(2024, 1, 1), date(2026, 1, 1)])
def test_at_most_one_limit_holds_for_a_mean_on_a_day(day: date) -> None:
    for layer in registry().values():
        for parameter in layer.series.parameters if layer.series else ():
            hours = [limit.hours for limit in parameter.limits_on(day)]
            assert len(hours) == len(set(hours)), f"{layer.id} {parameter.name}"


def test_the_leading_limit_is_the_daily_one_of_particles_and_the_hourly_one_of_gases() -> None:
    series = registry()["air_observation"].series
    assert series is not None
    leading = {p.name: p.limits_on(date(2026, 6, 1))[0].hours for p in series.parameters if p.limits}
    assert leading == {"pm25": 24, "pm10": 24, "no2": 1, "o3": 1, "so2": 1, "co": 1}


def test_bounds_of_class_b_from_memory_are_unconfirmed() -> None:
    series = registry()["water_observation"].series
    assert series is not None
    by_name = {parameter.name: parameter.limits_on(date(2026, 6, 1)) for parameter in series.parameters}
    assert [(limit.high, limit.confirmed) for limit in by_name["tss"]] == [(100, False)]
    assert [(limit.low, limit.high) for limit in by_name["ph"]] == [(6.0, 8.5)]
    assert [(limit.low, limit.high) for limit in by_name["do"]] == [(5.0, None)]
