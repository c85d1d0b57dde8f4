"""Departures from the usual, and whether the air or the instrument departs."""

from __future__ import annotations

import numpy as np
import pytest

from spatial.analysis.alert_rules import HOLDS, UNKNOWN
from spatial.analysis.anomaly import DAYS, departures, neighbours_within, told_apart

HOURS, STATIONS = 48, 5
ROWS = 24 * DAYS + HOURS
ALL_NEAR = ~np.eye(STATIONS, dtype=bool)


def air(seed: int = 1) -> np.ndarray:
    """Five stations with a daily cycle and ordinary noise."""
    random = np.random.default_rng(seed)
    hour = np.arange(ROWS) % 24
    cycle = 30 + 15 * np.sin(2 * np.pi * hour / 24)
    return cycle[:, None] * np.exp(random.normal(0, 0.25, (ROWS, STATIONS)))


def judged(values: np.ndarray, near: np.ndarray = ALL_NEAR, both_ways: bool = False) -> tuple[np.ndarray, np.ndarray]:
    found = departures(values, near, hours=HOURS, logarithmic=True)
    return told_apart(found, threshold=5.0, both_ways=both_ways)


def test_ordinary_air_is_not_unusual() -> None:
    environment, instrument = judged(air())
    assert (environment == HOLDS).sum() == 0
    assert (instrument == HOLDS).sum() == 0


def test_what_all_stations_see_is_the_air() -> None:
    values = air()
    values[-6:] *= 8
    environment, instrument = judged(values)
    assert (environment[-6:] == HOLDS).mean() > 0.9
    assert (instrument == HOLDS).sum() == 0


def test_what_one_station_sees_alone_is_its_instrument() -> None:
    values = air()
    values[-6:, 2] *= 12
    environment, instrument = judged(values)
    assert (instrument[-6:, 2] == HOLDS).all()
    assert (instrument[:, [0, 1, 3, 4]] == HOLDS).sum() == 0
    assert (environment == HOLDS).sum() == 0


def test_a_reading_near_nothing_at_one_station_is_its_instrument_and_clean_air_everywhere_is_no_alarm() -> None:
    alone, everywhere = air(), air()
    alone[-6:, 2] /= 40
    everywhere[-6:] /= 40
    assert (judged(alone)[1][-6:, 2] == HOLDS).all()
    assert (judged(everywhere)[0] == HOLDS).sum() == 0


def test_without_three_neighbours_an_approved_value_is_believed() -> None:
    values = air()
    values[-6:, 2] *= 12
    nobody = np.zeros((STATIONS, STATIONS), dtype=bool)
    environment, instrument = judged(values, nobody)
    assert (environment[-6:, 2] == HOLDS).all()
    assert (instrument == HOLDS).sum() == 0


def test_the_usual_value_is_that_of_the_same_hour_of_the_day() -> None:
    found = departures(air(), ALL_NEAR, hours=HOURS, logarithmic=True)
    hour = np.arange(ROWS - HOURS, ROWS) % 24
    np.testing.assert_allclose(found.usual.mean(axis=1), 30 + 15 * np.sin(2 * np.pi * hour / 24), rtol=0.15)


def test_too_short_a_past_says_nothing() -> None:
    values = air()
    values[: -24 * 8] = np.nan
    environment, instrument = judged(values)
    assert set(np.unique(environment)) == {UNKNOWN}
    assert set(np.unique(instrument)) == {UNKNOWN}


def test_a_station_that_never_varies_needs_a_real_departure() -> None:
    values = np.full((ROWS, STATIONS), 30.0)
    values[-3:] = 32.0
    assert (judged(values)[0] == HOLDS).sum() == 0


@pytest.mark.parametrize(("radius", "near"), [(10, False), (12, True)])
def test_neighbours_are_counted_in_kilometres(radius: float, near: bool) -> None:
    found = neighbours_within(np.array([106.0, 106.0]), np.array([20.0, 20.1]), radius)  # 11.1 km apart
    assert found[0, 1] == near
    assert not found[0, 0]
