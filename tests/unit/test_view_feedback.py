"""Words of the feedback desk, filters of its address, and the arithmetic of the statistics."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dash_app.desk_filters import Desk, Filters, read_desk, read_filters
from dash_app.pages.feedback.view import clock, counted, place_of, working_time
from dash_app.pages.feedback_statistics.files import Sheet
from dash_app.pages.feedback_statistics.routes import csv_bytes
from dash_app.pages.feedback_statistics.view import MEASURES, change, league
from dash_app.statistics_services import children
from spatial.admin_units import REFORM
from spatial.queries.feedback_desk import COUNTED

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
MEASURE = {measure.name: measure for measure in MEASURES}


def case(**values: Any) -> dict[str, Any]:
    return {
        "state": "in_progress",
        "late_at": NOW + timedelta(days=3),
        "closed_at": None,
        "paused_since": None,
    } | values


@pytest.mark.parametrize(
    ("values", "tone", "words"),
    [
        ({"late_at": NOW - timedelta(days=3)}, "late", "Trễ 3 ngày"),
        ({"late_at": NOW + timedelta(hours=5)}, "soon", "Còn 5 giờ"),
        ({"late_at": NOW + timedelta(days=3)}, "open", "Còn 3 ngày"),
        ({"late_at": NOW, "paused_since": NOW - timedelta(days=4)}, "paused", "Chờ người dân 4 ngày"),
        ({"late_at": None}, "none", "Chưa có hạn"),
        ({"state": "resolved", "closed_at": NOW, "late_at": NOW}, "kept", "Đúng hạn"),
        ({"state": "closed", "closed_at": NOW, "late_at": NOW - timedelta(days=2)}, "missed", "Xong trễ 2 ngày"),
        ({"state": "rejected"}, "none", ""),
    ],
)  # fmt: skip
def test_the_clock_says_how_late_a_case_is_and_stands_while_the_citizen_is_asked(
    values: dict[str, Any], tone: str, words: str
) -> None:
    found = clock(case(**values), NOW, "vi")
    assert (found.tone, found.words) == (tone, words)


def test_working_time_is_said_in_hours_and_minutes() -> None:
    assert working_time(150, "vi") == "2 giờ 30 phút"
    assert working_time(-45, "vi") == "45 phút"


def test_a_count_that_stopped_says_so() -> None:
    assert counted(17_003, "vi") == "17.003"
    assert counted(COUNTED + 1, "vi") == "10.000+"


def test_a_place_outside_the_province_is_said_and_not_left_empty() -> None:
    assert place_of({"commune_code": None}, {}, "vi") == "Ngoài tỉnh hoặc chưa rõ địa bàn"


def test_what_a_link_says_wrongly_is_as_if_it_were_not_there() -> None:
    read = read_filters({"queue": "nothing", "category": "x", "level": "y", "days": "-3", "page": "0", "sort": "z"})
    assert read == Filters()
    assert not read.narrowed


def test_a_changed_filter_leads_to_the_first_page() -> None:
    filters = read_filters({"queue": "late", "page": "7", "q": "ổ gà"})
    assert "page=7" in filters.query("vi")
    assert "page" not in filters.query("vi", category="noise")


def test_only_the_words_of_the_browser_say_as_whom_somebody_works() -> None:
    assert read_desk("unit:Sở Xây dựng") == Desk("unit", "Sở Xây dựng")
    assert read_desk("leader") == Desk("leader")
    assert read_desk("unit:") == read_desk(None) == read_desk({"a": 1}) == Desk("operator")


# ---------------------------------------------------------------- statistics


def figures(**values: Any) -> dict[str, Any]:
    nothing = dict.fromkeys(
        ("received", "processed", "on_time", "in_progress", "overdue", "reopened", "rated", "satisfied"), 0
    )
    return nothing | {"median_hours": None} | values


def test_a_share_of_nothing_is_not_zero() -> None:
    assert MEASURE["on_time_rate"].value(figures()) is None
    assert MEASURE["satisfied_rate"].value(figures(rated=4, satisfied=3)) == 0.75
    assert MEASURE["reopen_rate"].value(figures(processed=10, reopened=1)) == 0.1


def test_shares_are_compared_in_points_and_nothing_with_zero() -> None:
    now, before = figures(processed=10, on_time=9, received=12), figures(processed=10, on_time=8, received=0)
    assert change(MEASURE["on_time_rate"], now, before).value == pytest.approx(10)
    assert change(MEASURE["on_time_rate"], now, before).points
    assert change(MEASURE["received"], now, before).value is None
    assert change(MEASURE["received"], now, None).value is None


def test_small_units_are_listed_and_not_ranked_and_few_cases_prove_less() -> None:
    rows = [
        ("A", "a", figures(processed=20, on_time=18)),
        ("B", "b", figures(processed=40, on_time=36)),
        ("C", "c", figures(processed=2, on_time=2)),
        ("D", "d", figures(processed=30, on_time=15)),
        ("F", "f", figures(processed=20, on_time=18)),
        ("E", "e", figures()),
    ]
    found = [(place.name, place.rank) for place in league(rows, 10)]
    assert found == [("B", 1), ("A", 2), ("F", 2), ("D", 4), ("C", None), ("E", None)]


def test_a_former_district_leads_to_the_communes_it_mostly_became() -> None:
    units = [
        {"key": "37.2025-07-01", "level": "province", "valid_to": None, "former_key": None},
        {"key": "1.2025-07-01", "level": "commune", "valid_to": None, "former_key": "902.2004-01-01"},
        {"key": "2.2025-07-01", "level": "commune", "valid_to": None, "former_key": "903.2004-01-01"},
        {"key": "902.2004-01-01", "level": "district", "valid_to": REFORM, "former_key": None},
    ]
    assert [unit["key"] for unit in children(units, units[0], "today")] == ["1.2025-07-01", "2.2025-07-01"]
    assert [unit["key"] for unit in children(units, units[0], "former")] == ["902.2004-01-01"]
    assert [unit["key"] for unit in children(units, units[3], "today")] == ["1.2025-07-01"]
    assert children(units, units[1], "today") == []


def test_a_file_opens_in_a_vietnamese_spreadsheet_and_no_cell_is_a_formula() -> None:
    text = csv_bytes([Sheet("Bảng", ["Đơn vị", "Tỷ lệ"], [["=HYPERLINK(1)", 0.25]])], "vi").decode("utf-8-sig")
    assert text.splitlines()[2] == "'=HYPERLINK(1);0,25"
