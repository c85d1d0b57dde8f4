"""Tests of a station against its neighbours, shown on networks whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from layers.model import Clock, Drift, Neighbours
from spatial.analysis import quality

DAYS, STATIONS = 120, 7
LONLAT = np.array([(105.8 + 0.05 * n, 21.0 + 0.02 * (n % 3)) for n in range(STATIONS)])
NEAR = quality.neighbours(LONLAT, 60)


@pytest.fixture
def air() -> np.ndarray:
    """PM2.5 of a town: weather and a daily course common to all, a level and noise of each station's own."""
    rng = np.random.default_rng(5)
    hours = np.arange(24 * DAYS)
    weather = np.convolve(rng.normal(0, 1, len(hours) + 60), np.hanning(60) / 8, "valid")[: len(hours)]
    day = 0.35 * np.cos(2 * np.pi * (hours - 8) / 24) + 0.2 * np.cos(4 * np.pi * (hours - 20) / 24)
    own = rng.normal(0, 0.12, (len(hours), STATIONS)) + rng.normal(0, 0.25, STATIONS)
    return 30 * np.exp((weather + day)[:, None] + own)


def test_neighbours_come_nearest_first_and_within_the_radius_only():
    near = quality.neighbours(np.array([(105.0, 21.0), (105.5, 21.0), (105.1, 21.0), (107.0, 21.0)]), 60)
    assert [row.tolist() for row in near] == [[2, 1], [2, 0], [0, 1], []]


def test_the_reference_is_the_median_of_the_others_and_needs_enough_of_them():
    values = np.array([[1.0, 2, 3, 40], [1, np.nan, np.nan, 4]])
    near = [np.array([1, 2, 3]), np.array([0, 2, 3]), np.array([0, 1, 3]), np.array([0, 1, 2])]
    found = quality.reference(values, near, 3)
    assert found[0].tolist() == [3, 3, 2, 2]
    assert np.isnan(found[1]).all()


def test_nothing_is_marked_in_a_healthy_network(air):
    assert not quality.neighbour_mask(air, NEAR, Neighbours(difference=15)).any()
    assert not quality.drift_mask(air, NEAR, Drift()).any()
    assert not quality.clock_lags([quality.clock_products(np.log(air), NEAR, 3)], Clock()).any()


def test_an_instrument_that_reads_six_times_too_much_for_days_disagrees_and_a_fire_of_two_hours_does_not(air):
    air[1000:1072, 2] *= 6
    air[2000:2002, 4] *= 9
    mask = quality.neighbour_mask(air, NEAR, Neighbours(difference=15))
    assert mask[1000:1072, 2].mean() > 0.9
    mask[990:1082, 2] = False
    assert not mask.any()


def test_an_event_over_the_whole_town_is_nobodys_fault(air):
    air[1500:1560] = 160 * np.exp(np.random.default_rng(1).normal(0, 0.1, (60, STATIONS)))
    assert not quality.neighbour_mask(air, NEAR, Neighbours(difference=15)).any()
    assert not quality.drift_mask(air, NEAR, Drift()).any()


def test_with_a_ratio_of_one_the_difference_alone_decides(air):
    heat = 25 + 0.005 * air
    heat[500:700, 3] -= 8
    mask = quality.neighbour_mask(heat, NEAR, Neighbours(ratio=1, difference=6))
    assert mask[510:690, 3].all()
    assert not np.delete(mask, 3, axis=1).any()


@pytest.mark.parametrize("end", [2.2, 1 / 2.2])
def test_a_ramp_of_three_weeks_is_found_at_the_station_that_drifts_and_only_there(air, end):
    start, length = 80 * 24, 21 * 24
    air[start:, 3] *= 1 + (end - 1) * np.clip(np.arange(len(air) - start) / length, 0, 1)
    mask = quality.drift_mask(air, NEAR, Drift())
    assert mask[100:, 3].all()
    assert not mask[:82].any()
    assert not np.delete(mask, 3, axis=1).any()


def test_stations_that_begin_and_end_move_nobody(air):
    air[: 60 * 24, :3] = np.nan
    air[60 * 24 :, 3] = np.nan
    air[:, :3] *= 3  # the new ones stand where the air is worse
    assert not quality.drift_mask(air, NEAR, Drift()).any()


def test_a_network_that_falls_apart_accuses_nobody(air):
    for station, factor in enumerate((3, 1 / 3, 2.5, 0.4)):
        air[80 * 24 :, station] *= factor
    assert not quality.drift_mask(air, NEAR, Drift())[:, 4:].any()


def test_today_counts_as_yesterday_while_it_has_a_few_hours_only(air):
    start, length = 80 * 24, 21 * 24
    air[start:, 3] *= 1 + 1.2 * np.clip(np.arange(len(air) - start) / length, 0, 1)
    air[-21:] = np.nan
    assert quality.drift_mask(air, NEAR, Drift())[-1, 3]


@pytest.mark.parametrize("late", [-7, 5, 7])
def test_a_clock_that_is_hours_off_is_found_with_its_lag(air, late):
    first, last = 60 * 24, 70 * 24
    air[first:last, 1] = air[first + late : last + late, 1]
    lags = quality.clock_lags([quality.clock_products(np.log(air), NEAR, 3)], Clock())
    assert (np.abs(lags[60:70, 1] - late) <= 1).sum() >= 9
    lags[58:72, 1] = 0
    assert not lags.any()


def test_a_network_too_small_is_not_judged(air):
    few = air[:, :3]
    few[1000:1072, 1] *= 9
    near = quality.neighbours(LONLAT[:3], 60)
    assert not quality.neighbour_mask(few, near, Neighbours(difference=15)).any()
    assert not quality.drift_mask(few, near, Drift()).any()
    assert not quality.clock_lags([quality.clock_products(np.log(few), near, 3)], Clock()).any()


def test_marks_of_a_day_need_no_more_than_the_context_that_is_promised(air):
    """A stretch of days with its context gives the marks of a pass over everything."""
    air[80 * 24 :, 3] *= 1 + np.clip(np.arange(len(air) - 80 * 24) / 500, 0, 1)
    air[95 * 24 : 102 * 24, 1] = air[95 * 24 + 7 : 102 * 24 + 7, 1]
    longer = np.concatenate([air[: 30 * 24], air])
    checks = Neighbours(difference=15), Drift(), Clock()

    def marks(values: np.ndarray) -> list[np.ndarray]:
        return [
            quality.neighbour_mask(values, NEAR, checks[0]).reshape(-1, 24, STATIONS),
            quality.drift_mask(values, NEAR, checks[1]),
            quality.clock_lags([quality.clock_products(np.log(values), NEAR, 3)], checks[2]),
        ]

    first, last = 128, 133
    whole = marks(longer)
    cut = marks(longer[(first - quality.BEFORE) * 24 : (last + quality.AFTER) * 24])
    for everything, part in zip(whole, cut, strict=True):
        assert everything[first:last].any() or everything is whole[0]
        inner = part[quality.BEFORE : quality.BEFORE + last - first]
        np.testing.assert_array_equal(everything[first:last], inner)
