"""Formulas of a socio-economic report; the numbers are the examples of the province's table of formulas."""

from __future__ import annotations

import pytest

from spatial.analysis import indicators as f


def test_amounts_add_up_over_the_months() -> None:
    assert f.cumulate([12, 15, 11], "sum") == 38


def test_stocks_take_the_last_value_and_rates_are_averaged() -> None:
    assert f.cumulate([12, 15, 11], "last") == 11
    assert f.cumulate([90, 96], "weighted_mean") == 93


@pytest.mark.parametrize("months", [[], [None], [12, None, 11]])
def test_a_missing_month_leaves_no_sum(months: list[float | None]) -> None:
    assert f.cumulate(months, "sum") is None


@pytest.mark.parametrize(
    ("actual", "plan", "direction", "expected"),
    [
        (38, 50, "up", 76.0),
        (50, 40, "down", 80.0),  # fewer would have been better
        (38, None, "up", None),
        (38, 0, "up", None),
        (38, -5, "up", None),
        (None, 50, "up", None),
        (0, 50, "up", 0.0),
        (0, 50, "down", None),
    ],
)
def test_completion_of_the_plan(
    actual: float | None, plan: float | None, direction: str, expected: float | None
) -> None:
    assert f.plan_completion(actual, plan, direction) == (  # type: ignore[arg-type]
        None if expected is None else pytest.approx(expected)
    )


@pytest.mark.parametrize(
    ("value", "base", "expected"),
    [(38, 35, 8.571), (11, 15, -26.667), (5, 0, None), (5, -1, None), (5, None, None), (None, 5, None), (0, 5, -100)],
)
def test_growth_is_not_printed_as_an_index(value: float | None, base: float | None, expected: float | None) -> None:
    found = f.growth(value, base)
    assert found == (None if expected is None else pytest.approx(expected, abs=1e-3))


def test_rates_differ_by_points() -> None:
    assert f.points(93.77, 97.38) == pytest.approx(-3.61)
    assert f.change(93.77, 97.38, rate=True) == pytest.approx(-3.61)
    assert f.change(38, 35, rate=False) == pytest.approx(8.571, abs=1e-3)


def test_chained_indices_multiply() -> None:
    assert f.cumulative_index([102.1, 100.4]) == pytest.approx(102.51, abs=5e-3)
    assert f.cumulative_index([]) is None


def test_a_part_of_nothing_has_no_share() -> None:
    assert f.part_of(480, 500) == 96.0
    assert f.part_of(0, 0) is None


@pytest.mark.parametrize(
    ("difference", "direction", "expected"),
    [(5, "up", "good"), (-5, "up", "bad"), (5, "down", "bad"), (-5, "down", "good"), (5, "neutral", "neutral"),
     (0.01, "up", "neutral"), (None, "up", "neutral")],
)  # fmt: skip
def test_the_direction_decides_what_is_good_news(difference: float | None, direction: str, expected: str) -> None:
    assert f.judge(difference, direction) == expected  # type: ignore[arg-type]


def test_the_latest_state_is_shown_and_the_weakest_marks_a_sum() -> None:
    assert f.newest_state(["estimate", "official", "preliminary"]) == "official"
    assert f.newest_state([]) is None
    assert f.weakest_state(["official", "estimate"]) == "estimate"
    assert f.weakest_state(["official"]) == "official"


@pytest.mark.parametrize(("unit", "rate"), [("%", True), ("‰", True), ("tỷ đồng", False), ("điểm", False)])
def test_only_percentages_are_rates(unit: str, rate: bool) -> None:
    assert f.is_rate(unit) == rate
