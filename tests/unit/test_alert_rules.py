"""When a rule holds and how hours become events: arrays drawn by hand."""

from __future__ import annotations

import numpy as np
import pytest

from spatial.analysis.alert_rules import (
    GOOD,
    HOLDS,
    UNKNOWN,
    Episode,
    States,
    beyond,
    episodes,
    rolling_mean,
    sustained,
)


def states(picture: str) -> States:
    """One hour a sign: # holds, . good, space: no data."""
    signs = {"#": HOLDS, ".": GOOD, " ": UNKNOWN}
    return np.array([signs[sign] for sign in picture], dtype=np.int8)


def drawn(state: States) -> str:
    return "".join({1: "#", 0: ".", -1: " "}[int(value)] for value in state)


def test_a_mean_needs_three_quarters_of_its_hours() -> None:
    values = np.array([10.0, np.nan, 30.0, 40.0, np.nan, np.nan])
    np.testing.assert_allclose(rolling_mean(values, 4), [np.nan, np.nan, np.nan, 80 / 3, np.nan, np.nan])


def test_a_mean_of_one_hour_is_the_value() -> None:
    values = np.array([[1.0, np.nan]])
    assert rolling_mean(values, 1) is values


def test_means_of_several_series_do_not_mix() -> None:
    values = np.column_stack((np.arange(30.0), np.full(30, 7.0)))
    found = rolling_mean(values, 24)
    np.testing.assert_allclose(found[-1], [np.arange(6.0, 30.0).mean(), 7.0])


@pytest.mark.parametrize(("below", "picture"), [(False, ".#. "), (True, "#.. ")])
def test_a_value_equal_to_the_bound_has_not_passed_it(below: bool, picture: str) -> None:
    assert drawn(beyond(np.array([4.0, 6.0, 5.0, np.nan]), 5.0, below=below)) == picture


def test_where_no_limit_was_law_nothing_can_pass_it() -> None:
    assert drawn(beyond(np.array([900.0]), np.array([np.nan]))) == "."


@pytest.mark.parametrize(
    ("hours", "before", "after"),
    [
        (3, ".##.###.", "....###."),
        (3, "##", ".."),
        (3, "## #.", "## #."),  # a missing hour neither counts nor breaks
        (3, "##. #", "... ."),
        (1, ".#.", ".#."),
        (2, "    ", "    "),
    ],
)
def test_short_holds_do_not_count(hours: int, before: str, after: str) -> None:
    assert drawn(sustained(states(before), hours)) == after


@pytest.mark.parametrize(
    ("picture", "found"),
    [
        ("....", []),
        (".##...", [Episode(1, 2, 5)]),
        (".##..", [Episode(1, 2, None)]),  # two good hours are not yet enough
        ("#..#..#...", [Episode(0, 6, 9)]),  # what comes back soon is the same event
        ("#...#...", [Episode(0, 0, 3), Episode(4, 4, 7)]),
        ("#.  .  .", [Episode(0, 0, 7)]),  # good hours count, missing ones do not
        ("#     .", [Episode(0, 0, 6)]),  # one good hour long after is enough for a series measured seldom
        ("#         ", [Episode(0, 0, 8)]),  # nothing known for eight hours
        ("#    ", [Episode(0, 0, None)]),
        ("#         #", [Episode(0, 0, 8), Episode(10, 10, None)]),
    ],
)
def test_an_event_ends_after_three_good_hours_or_eight_without_data(picture: str, found: list[Episode]) -> None:
    assert episodes(states(picture), end_after=3, give_up_after=8) == found
