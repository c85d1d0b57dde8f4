"""Which days a report is about, and which it is compared with."""

from __future__ import annotations

from datetime import date

import pytest

from dash_app.reports.content import Month
from dash_app.reports.request import ReportRefused, read_month

TODAY = date(2026, 11, 22)


def test_a_whole_month_is_compared_with_the_whole_month_before_and_a_year_ago() -> None:
    month = Month.of(date(2026, 3, 1))
    assert (month.first, month.last) == (date(2026, 3, 1), date(2026, 3, 31))
    assert month.before() == Month(date(2026, 2, 1), date(2026, 2, 28))
    assert month.year_before() == Month(date(2025, 3, 1), date(2025, 3, 31))


def test_a_running_month_is_compared_over_the_same_days() -> None:
    month = Month.of(date(2026, 11, 1), TODAY)
    assert not month.complete
    assert month.before() == Month(date(2026, 10, 1), date(2026, 10, 22))
    assert month.year_before() == Month(date(2025, 11, 1), date(2025, 11, 22))


def test_a_long_running_month_is_never_compared_with_days_that_a_short_one_has_not() -> None:
    assert Month.of(date(2026, 3, 1), date(2026, 3, 30)).before() == Month(date(2026, 2, 1), date(2026, 2, 28))


def test_without_a_month_the_last_whole_one_is_meant() -> None:
    assert read_month(None, TODAY, "vi") == Month(date(2026, 10, 1), date(2026, 10, 31))
    assert read_month(None, date(2026, 1, 5), "vi") == Month(date(2025, 12, 1), date(2025, 12, 31))


@pytest.mark.parametrize("said", ["2026", "10/2026", "2026-13", "2026-0", "mười", "0000-01", "99999-01"])
def test_what_is_no_month_is_refused_with_a_sentence(said: str) -> None:
    with pytest.raises(ReportRefused, match="2026-10"):
        read_month(said, TODAY, "vi")


def test_a_month_of_the_future_is_refused() -> None:
    with pytest.raises(ReportRefused, match="chưa có số liệu"):
        read_month("2026-12", TODAY, "vi")
