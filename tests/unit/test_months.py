"""Months are counted over years, forwards and backwards."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.months import add_months, list_months, months_between


@pytest.mark.parametrize(
    ("month", "count", "result"),
    [
        (date(2025, 12, 1), 1, date(2026, 1, 1)),
        (date(2026, 1, 1), -1, date(2025, 12, 1)),
        (date(2026, 3, 1), -12, date(2025, 3, 1)),
        (date(2026, 3, 31), 0, date(2026, 3, 1)),
        (date(2024, 11, 5), 26, date(2027, 1, 1)),
    ],
)
def test_months_are_added_and_taken_away_over_the_turn_of_the_year(month: date, count: int, result: date) -> None:
    assert add_months(month, count) == result


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(-500, 500))
def test_counting_undoes_adding(month: date, count: int) -> None:
    assert months_between(month, add_months(month, count)) == count


def test_a_list_of_months_has_both_ends() -> None:
    assert list_months(date(2025, 11, 1), date(2026, 1, 1)) == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)]
    assert list_months(date(2026, 2, 1), date(2026, 1, 1)) == []
