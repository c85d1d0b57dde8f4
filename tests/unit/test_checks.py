"""Checks, shown as values in and marks out."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.checks import (
    Flag,
    check_column,
    flat_mask,
    inconsistent_mask,
    read_codes,
    series_flags,
    spike_mask,
    step_mask,
    value_flags,
)
from layers.model import (
    AtMost,
    Check,
    Code,
    Column,
    FlatLine,
    NotBefore,
    NotNull,
    OneOf,
    Parameter,
    Pattern,
    Range,
    Sentinel,
    Spike,
    Step,
    Text,
)  # fmt: skip

TITLE = Text(vi="Cột", en="Column")


def column(kind: str, *checks: Check, codes: tuple[Code, ...] = ()) -> Column:
    return Column(name="c", type=kind, title=TITLE, checks=checks, codes=codes)


def found(kind: str, check: Check, values: list, codes: tuple[Code, ...] = (), **others: pa.Array) -> list[int]:
    """Rows that a check finds."""
    _, findings = check_column(column(kind, check, codes=codes), pa.array(values), others)
    return [int(row) for finding in findings for row in np.flatnonzero(finding.rows)]


def test_a_required_value_may_not_be_missing():
    assert found("text", NotNull(), ["a", None]) == [1]


def test_bounds_belong_to_the_range_and_a_missing_value_is_not_outside():
    assert found("number", Range(low=0, high=10), [0.0, 10.0, -0.1, 10.1, None]) == [2, 3]


@pytest.mark.parametrize(("flag", "kept"), [(False, False), (True, True)])
def test_a_flagging_range_keeps_the_row(flag, kept):
    _, findings = check_column(column("number", Range(high=1, flag=flag)), pa.array([2.0]), {})
    assert [finding.kept for finding in findings] == [kept]


def test_the_message_says_value_and_bounds_in_vietnamese_notation():
    _, findings = check_column(column("number", Range(low=0.5, high=1000)), pa.array([1234.5]), {})
    assert findings[0].describe(0) == "«Cột» = 1.234,5, ngoài khoảng cho phép từ 0,5 đến 1.000."


def test_a_sentinel_becomes_missing():
    values, findings = check_column(column("number", Sentinel(values=(-999,))), pa.array([1.0, -999.0]), {})
    assert values.to_pylist() == [1.0, None]
    assert findings[0].kept


CODES = (Code(value="primary", title=Text(vi="Tiểu học", en="Primary school")),)


def test_a_code_is_known_by_its_value_or_its_title():
    values = read_codes(
        pa.array(["primary", "TIỂU HỌC", "primary school", "college", None]), column("text", codes=CODES)
    )
    assert values.to_pylist() == ["primary", "primary", "primary", "college", None]
    assert found("text", OneOf(), values.to_pylist(), codes=CODES) == [3]


def test_a_pattern_fits_the_whole_text():
    assert found("text", Pattern(regex=r"\d{2}|\d{3}"), ["12", "123", "1234", "x12", None]) == [2, 3]


def test_an_end_before_its_beginning_is_found_and_open_ends_are_not():
    start = pa.array([1, 5, None, 3], pa.timestamp("us", tz="UTC"))
    end = pa.array([2, 4, 1, None], pa.timestamp("us", tz="UTC"))
    _, findings = check_column(column("datetime", NotBefore(column="s")), end, {"s": start})
    assert np.flatnonzero(findings[0].rows).tolist() == [1]


HOURS = np.arange(100, dtype=float)


@pytest.mark.parametrize(
    ("values", "marked"),
    [
        ([1, 2, 3], []),
        ([1, 90, 2], [1]),  # a spike, and not the way back
        ([1, 90, 91, 92], [1]),  # a new level begins with one jump
        ([1, 90, 180, 2], [1, 2, 3]),
        ([90, 1, 2], [1]),
    ],
)
def test_jumps(values, marked):
    series = np.array(values, dtype=float)
    assert np.flatnonzero(step_mask(HOURS[: len(series)], series, 50, 3)).tolist() == marked


def test_values_far_apart_in_time_are_not_neighbours():
    assert not step_mask(np.array([0.0, 10.0]), np.array([1.0, 100.0]), 50, 3).any()


@pytest.mark.parametrize(
    ("values", "hours", "marked"),
    [
        ([1, 2, 2, 2, 1], 3, [1, 2, 3]),
        ([1, 2, 2, 1], 3, []),
        ([2, 2, 2], 3, [0, 1, 2]),
        ([1.0, 1.04, 1.08, 1.12, 1.16], 3, []),  # it creeps: it is alive
    ],
)
def test_stuck_stretches(values, hours, marked):
    series = np.array(values, dtype=float)
    mask = flat_mask(HOURS[: len(series)], series, FlatLine(hours=hours, tolerance=0.05), 3)
    assert np.flatnonzero(mask).tolist() == marked


def test_a_stuck_sensor_that_wobbles_is_found_and_its_last_live_value_is_not():
    live = np.array([20.0, 23, 21, 25])
    stuck = 30 + 0.05 * np.sin(np.arange(12.0))
    mask = flat_mask(HOURS[:20], np.concatenate([live, stuck, live]), FlatLine(hours=6, tolerance=0.1), 3)
    assert np.flatnonzero(mask).tolist() == list(range(4, 16))


def test_five_minute_values_are_stuck_by_time_not_by_count():
    hours = np.arange(120) / 12
    alive = 30 + np.sin(hours * 40)
    alive[20:70] = 12.0  # four hours
    assert not flat_mask(hours, alive, FlatLine(hours=6, tolerance=0.1), 3).any()
    alive[20:95] = 12.0
    assert flat_mask(hours, alive, FlatLine(hours=6, tolerance=0.1), 3).sum() == 75


SPIKE = Spike(difference=30, ratio=2, surely=100)


@pytest.mark.parametrize(
    ("values", "marked"),
    [
        ([20, 22, 90, 21, 20], [2]),
        ([20, 22, 90, 95, 21, 20], [2, 3]),  # a burst of two
        ([20, 22, 60, 62, 21, 20], []),  # two hours of some smoke: a burst must be higher than a single value
        ([20, 40, 90, 70, 50], []),  # it comes and goes: that is air
        ([200, 210, 280, 205, 200], []),  # not twice as much
        ([200, 210, 350, 205, 200], [2]),  # not twice as much, but by more than 100
        ([80, 85, 0.5, 82, 80], [2]),  # a dropout
        ([20, 22, 21, 20, 90], []),  # nobody knows yet
    ],
)
def test_peaks_and_dips_that_stand_out_from_both_sides(values, marked):
    series = np.array(values, dtype=float)
    assert np.flatnonzero(spike_mask(HOURS[: len(series)], series, SPIKE, 3)).tolist() == marked


def test_a_peak_beside_a_long_gap_has_only_one_side():
    assert not spike_mask(np.array([0.0, 1, 9, 10]), np.array([20.0, 90, 20, 20]), SPIKE, 3).any()


def test_a_gap_ends_a_stuck_stretch():
    hours = np.array([0.0, 1.0, 20.0, 21.0])
    assert not flat_mask(hours, np.full(4, 5.0), FlatLine(hours=4, tolerance=0.1), 3).any()


PARAMETER = Parameter(
    name="p",
    title=TITLE,
    unit="",
    checks=(Sentinel(values=(-999,)), Range(low=0, high=100, flag=True), Step(max_change=50)),
)


def test_one_value_alone_decides_sentinel_range_and_status():
    values, flags = value_flags(np.array([5.0, -999, 101, 5, 5]), np.array([0, 0, 0, 1, 2], np.int8), PARAMETER)
    assert flags.tolist() == [0, Flag.SENTINEL, Flag.RANGE, Flag.CALIBRATION, Flag.FAULT]
    assert np.isnan(values[1])


def test_only_good_values_are_compared_with_their_neighbours():
    flags = np.array([0, Flag.CALIBRATION, 0], np.int16)
    marked = series_flags(HOURS[:3], np.array([10.0, 90.0, 12.0]), flags, PARAMETER, 1)
    assert marked.tolist() == [0, Flag.CALIBRATION, 0]


def test_a_part_cannot_exceed_the_whole():
    check = AtMost(parameter="pm10", share=0.1, difference=3)
    fine, coarse = np.array([1.0, 9.0, 48.0, 52.0, np.nan]), np.array([2.0, 2.0, 42.0, 42.0, 1.0])
    assert inconsistent_mask(fine, coarse, check).tolist() == [False, True, False, True, False]


SERIES = st.lists(st.floats(-1e4, 1e4, allow_nan=False), max_size=40).map(lambda v: np.array(v, dtype=float))


@given(SERIES)
def test_marking_twice_marks_the_same(values):
    hours = np.arange(len(values), dtype=float)
    once = series_flags(hours, values, np.zeros(len(values), np.int16), PARAMETER, 1)
    assert series_flags(hours, values, once, PARAMETER, 1).tolist() == once.tolist()


@given(SERIES, st.floats(-1e3, 1e3))
def test_a_jump_is_one_whatever_the_level(values, level):
    hours = np.arange(len(values), dtype=float)
    rounded, shift = np.round(values), np.round(level)
    assert step_mask(hours, rounded, 50, 3).tolist() == step_mask(hours, rounded + shift, 50, 3).tolist()


@given(st.integers(2, 30), st.integers(2, 30))
def test_a_constant_series_is_stuck_exactly_when_it_lasts_long_enough(length, hours):
    mask = flat_mask(np.arange(length, dtype=float), np.full(length, 7.0), FlatLine(hours=hours, tolerance=0), 3)
    assert mask.all() == (length >= hours)
    assert mask.any() == mask.all()
