"""Periods as agencies write them, and as the platform names them."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.cumulative import Reported, take_apart
from ingest.periods import Placed, Span, parse_span, place
from spatial import periods
from spatial.queries.indicators import catalogue

MONTHLY, QUARTERLY, YEARLY, SCHOOL = (
    catalogue()[code] for code in ("grdp", "social_housing", "grdp_per_capita", "pupils")
)


@pytest.mark.parametrize(
    ("text", "kind", "first"),
    [
        ("2026-03", "month", date(2026, 3, 1)),
        ("03/2026", "month", date(2026, 3, 1)),
        ("Tháng 3/2026", "month", date(2026, 3, 1)),
        ("tháng 3 năm 2026", "month", date(2026, 3, 1)),
        ("2026-03-01", "month", date(2026, 3, 1)),
        ("Quý III/2026", "quarter", date(2026, 7, 1)),
        ("quý 3 năm 2026", "quarter", date(2026, 7, 1)),
        ("Q3/2026", "quarter", date(2026, 7, 1)),
        ("2026-Q3", "quarter", date(2026, 7, 1)),
        ("2026", "year", date(2026, 1, 1)),
        ("Năm 2026", "year", date(2026, 1, 1)),
        ("9 tháng 2026", "cumulative", date(2026, 9, 1)),
        ("9 tháng đầu năm 2026", "cumulative", date(2026, 9, 1)),
        ("Năm học 2025-2026", "school_year", date(2025, 9, 1)),
        ("2025–2026", "school_year", date(2025, 9, 1)),
    ],
)
def test_forms_agencies_use_are_understood(text: str, kind: str, first: date) -> None:
    assert parse_span(text) == Span(kind, first)


@pytest.mark.parametrize(
    "text", ["6 tháng cuối năm 2026", "2025-2027", "13/2026", "Quý V/2026", "1 tháng 2026", "khoảng 2026", "26"]
)
def test_what_could_mean_two_things_is_refused(text: str) -> None:
    assert parse_span(text) is None


def test_a_period_must_be_of_the_kind_the_indicator_has() -> None:
    assert place(parse_span("2026-03"), MONTHLY, plan=False) == Placed(date(2026, 3, 1))
    assert place(parse_span("Q1/2026"), MONTHLY, plan=False) is None
    assert place(parse_span("2026-03"), QUARTERLY, plan=False) is None
    assert place(parse_span("2026"), MONTHLY, plan=False) is None
    assert place(parse_span("2026"), MONTHLY, plan=True) == Placed(date(2026, 1, 1))
    assert place(parse_span("2026"), SCHOOL, plan=False) is None
    assert place(parse_span("9 tháng 2026"), QUARTERLY, plan=False) == Placed(date(2026, 7, 1), cumulative=True)
    assert place(parse_span("8 tháng 2026"), QUARTERLY, plan=False) is None


def test_a_school_year_begins_in_september_and_is_no_calendar_year() -> None:
    year = periods.start_of(SCHOOL, date(2026, 3, 15))
    assert year == date(2025, 9, 1)
    assert periods.end_of(SCHOOL, year) == date(2026, 8, 31)
    assert periods.label(SCHOOL, year, "vi") == "Năm học 2025-2026"
    assert periods.previous(SCHOOL, year) == date(2024, 9, 1)


def test_quarters_and_years_show_when_they_are_nearly_over() -> None:
    assert periods.known_from(QUARTERLY, date(2026, 7, 1)) == date(2026, 9, 1)
    assert periods.known_from(YEARLY, date(2026, 1, 1)) == date(2026, 12, 1)
    assert periods.label(QUARTERLY, date(2026, 7, 1), "vi") == "Quý III/2026"
    assert periods.label(QUARTERLY, date(2026, 7, 1), "en") == "Q3/2026"


def cumulative(month: int, value: float, code: str = "grdp") -> Reported:
    return Reported(month, {}, "11.2025-07-01", 1, code, date(2026, month, 1), "official", value, None)


def test_cumulative_figures_are_taken_apart_into_months() -> None:
    good, bad = take_apart([cumulative(3, 38), cumulative(1, 12), cumulative(2, 27)], {}, catalogue())
    assert bad == []
    assert {row.period.month: row.value for row in good} == {1: 12, 2: 15, 3: 11}


def test_a_cumulative_figure_goes_on_from_months_that_were_loaded() -> None:
    known = {("11.2025-07-01", "grdp", date(2026, month, 1)): 10.0 for month in (1, 2)}
    good, bad = take_apart([cumulative(3, 38)], known, catalogue())
    assert ([row.value for row in good], bad) == ([18.0], [])


def test_a_sum_that_falls_or_has_a_hole_before_it_and_a_rate_are_refused_with_the_reason() -> None:
    falling = take_apart([cumulative(1, 12), cumulative(2, 11)], {}, catalogue())[1]
    hole = take_apart([cumulative(3, 38)], {}, catalogue())[1]
    rate = take_apart([cumulative(3, 97.5, "dossiers_on_time")], {}, catalogue())[1]
    assert [refused[0].reason for refused in (falling, hole, rate)] == [
        "cumulative_falls", "cumulative_gap", "cumulative_rate",
    ]  # fmt: skip
    assert "âm" in falling[0].message


def test_a_stock_is_the_same_whether_called_cumulative_or_not() -> None:
    good, _ = take_apart([cumulative(3, 1400, "pig_herd")], {}, catalogue())
    assert [row.value for row in good] == [1400]
