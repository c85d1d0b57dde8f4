"""What needs somebody first: one line per cause and page, in a total and stable order."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dash_app.attention_words import moment_near
from ingest.attention_findings import chance_of, expected_period, shortfall
from ingest.attention_rules import grades, worth_a_line
from spatial.analysis.attention import (
    POINTS,
    SEVERITIES,
    STEP,
    Before,
    Finding,
    Line,
    Place,
    draw_lines,
    rank_lines,
    remember,
    trend,
)
from spatial.settings import AttentionSettings

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
PROVINCE, NORTH, SOUTH = 1, 2, 3
PLACES = {
    PROVINCE: Place(PROVINCE, "province", (), 100_000),
    NORTH: Place(NORTH, "district", (PROVINCE,), 60_000),
    SOUTH: Place(SOUTH, "district", (PROVINCE,), 40_000),
    **{10 + n: Place(10 + n, "commune", (NORTH, PROVINCE), 20_000) for n in range(3)},
    **{20 + n: Place(20 + n, "commune", (SOUTH, PROVINCE), 20_000) for n in range(2)},
}
LEVELS = {place.id: place.level for place in PLACES.values()}


def alert(unit: int, cause: str = "episode", severity: str = "moderate", **more: object) -> Finding:
    facts = {"severity": severity, "station": f"S{unit}", "finding": {}, "alert": unit, "state": "new"}
    basic = Finding("alert", cause, "event", "environment", unit, facts, f"/alerts/{unit}", since=NOW, measure=1.0)
    return replace(basic, **more)  # type: ignore[arg-type]


def late_case(unit: int, n: int, by: str = "Sở Xây dựng", emergency: int = 0) -> Finding:
    facts = {"emergency": emergency, "handling_unit": by, "oldest_due": NOW, "code": "PA-1"}
    return Finding("feedback", f"overdue/{by}", "overdue", "feedback", unit, facts, "", since=NOW, count=n, measure=n)


findings = st.lists(
    st.builds(
        alert,
        st.sampled_from(sorted(PLACES)),
        st.sampled_from(["dust", "river", "smoke"]),
        st.sampled_from(SEVERITIES),
        measure=st.floats(0, 1e6),
        since=st.integers(0, 10_000).map(lambda hours: NOW - timedelta(hours=hours)),
        nobody=st.booleans(),
    ),
    max_size=40,
)


def ranked(found: list[Finding]) -> list[tuple[str, float]]:
    items = rank_lines(draw_lines(found, PLACES), grades(AttentionSettings()), [], NOW)
    return [(item.line.key, item.rank) for item in items]


@given(findings, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_of_what_was_found(found: list[Finding], chance: random.Random) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert ranked(found) == ranked(shuffled)


@given(findings)
def test_a_graver_line_always_comes_before_a_lighter_one(found: list[Finding]) -> None:
    items = rank_lines(draw_lines(found, PLACES), grades(AttentionSettings()), [], NOW)
    places = [SEVERITIES.index(item.severity) for item in items]
    assert places == sorted(places, reverse=True)


@given(findings)
def test_no_page_has_two_lines_of_one_cause_and_none_loses_a_finding(found: list[Finding]) -> None:
    lines = draw_lines(found, PLACES)
    for page in PLACES:
        shown = [line for line in lines if page in line.unit_ids]
        assert len({line.lead.cause for line in shown}) == len(shown)
        expected = sum(page == one.unit_id or page in PLACES[one.unit_id].above for one in found)
        assert sum(len(line.members) for line in shown) == expected
    assert len({(line.lead.subject, line.key) for line in lines}) == len(lines)


def test_all_points_together_never_lift_a_line_over_the_next_severity() -> None:
    assert sum(POINTS.values()) < STEP


def test_an_alarm_storm_is_one_line_on_the_province_and_one_on_each_commune() -> None:
    lines = draw_lines([alert(unit) for unit in (10, 11, 12, 20)], PLACES)
    by_page = {page: [line for line in lines if page in line.unit_ids] for page in PLACES}
    assert [line.count for line in by_page[PROVINCE]] == [4]
    assert [line.count for line in by_page[NORTH]] == [3]
    assert [line.count for line in by_page[10]] == [1]
    assert by_page[21] == []


def test_a_single_finding_is_the_same_line_on_every_page_above_it_and_placed_where_it_lies() -> None:
    (line,) = draw_lines([alert(20)], PLACES)
    assert (line.unit_id, line.unit_ids) == (20, (PROVINCE, SOUTH, 20))


def test_the_heaviest_finding_leads_and_a_finding_of_the_unit_itself_before_it() -> None:
    heavy, light = alert(10, weight=3, measure=1), alert(11, weight=1, measure=99)
    own = alert(PROVINCE, weight=0, own=True)
    lines = {line.unit_id: line for line in draw_lines([light, heavy, own], PLACES)}
    assert lines[NORTH].lead is heavy
    assert lines[PROVINCE].lead is own


def test_people_are_counted_once_where_units_lie_inside_each_other() -> None:
    (wide,) = [line for line in draw_lines([alert(10), alert(NORTH)], PLACES) if PROVINCE in line.unit_ids]
    assert wide.people == 60_000


def test_a_finding_in_a_unit_nobody_knows_makes_no_line() -> None:
    assert draw_lines([alert(999)], PLACES) == []


def test_since_is_the_first_sight_and_does_not_move_when_the_line_grows() -> None:
    first = NOW - timedelta(days=3)
    known = [Before("episode", frozenset({PROVINCE, NORTH}), first)]
    grown = draw_lines([alert(10), alert(11), alert(20)], PLACES)
    items = rank_lines(grown, grades(AttentionSettings()), known, NOW)
    since = {item.line.unit_id: item.since for item in items}
    assert since[PROVINCE] == since[NORTH] == first
    assert since[20] == NOW  # another page, on which it was never seen


def test_a_few_late_cases_stay_on_the_page_of_their_commune() -> None:
    rules = AttentionSettings(overdue_least=3)
    few = worth_a_line(draw_lines([late_case(10, 1), late_case(11, 1)], PLACES), rules, LEVELS)
    assert {page for line in few for page in line.unit_ids} == {10, 11}
    many = worth_a_line(draw_lines([late_case(10, 2), late_case(11, 1)], PLACES), rules, LEVELS)
    assert any(PROVINCE in line.unit_ids and line.count == 3 for line in many)


def test_a_single_late_emergency_reaches_the_province_as_the_gravest_line() -> None:
    rules = AttentionSettings()
    lines = worth_a_line(draw_lines([late_case(10, 1, emergency=1)], PLACES), rules, LEVELS)
    (item,) = rank_lines(lines, grades(rules), [], NOW)
    assert item.severity == "extreme"
    assert PROVINCE in item.line.unit_ids


@pytest.mark.parametrize(
    ("chance", "short", "severity"),
    [(0.01, 0.2, "severe"), (0.01, 0.05, "moderate"), (0.01, 0.005, "minor"), (0.4, 0.2, "minor")],
)
def test_a_missed_plan_is_grave_when_it_is_nearly_certain_and_the_gap_is_large(
    chance: float, short: float, severity: str
) -> None:
    facts = {"chance": chance, "short": short}
    finding = Finding("plan", "plan/grdp/2026", "plan", "socio_economic", PROVINCE, facts, "", own=True)
    (line,) = draw_lines([finding], PLACES)
    assert grades(AttentionSettings())["plan"](line) == severity


def test_a_plan_missed_below_is_minor_for_the_unit_above() -> None:
    facts = {"chance": 0.01, "short": 0.5}
    found = [Finding("plan", "plan/grdp", "plan", "socio_economic", unit, facts, "", own=True) for unit in (10, 20)]
    by_unit: dict[int, Line] = {line.unit_id: line for line in draw_lines(found, PLACES)}
    assert grades(AttentionSettings())["plan"](by_unit[PROVINCE]) == "minor"
    assert grades(AttentionSettings())["plan"](by_unit[10]) == "severe"


@pytest.mark.parametrize(
    ("expected", "plan", "direction", "short"),
    [(90, 100, "up", 0.1), (110, 100, "up", 0), (110, 100, "down", 0.1), (90, 100, "down", 0), (None, 100, "up", 0)],
)
def test_the_gap_to_a_plan_knows_which_way_is_good(
    expected: float | None, plan: float, direction: str, short: float
) -> None:
    assert shortfall(expected, plan, direction) == pytest.approx(short)


@pytest.mark.parametrize(
    ("period", "today", "wanted"),
    [
        ("month", date(2026, 11, 20), date(2026, 9, 1)),
        ("month", date(2026, 11, 21), date(2026, 10, 1)),
        ("quarter", date(2026, 10, 20), date(2026, 4, 1)),
        ("quarter", date(2026, 10, 21), date(2026, 7, 1)),
        ("year", date(2026, 1, 20), date(2024, 1, 1)),
        ("year", date(2026, 1, 21), date(2025, 1, 1)),
    ],
)
def test_a_figure_is_due_so_many_days_after_its_period(period: str, today: date, wanted: date) -> None:
    assert expected_period(period, today, 20) == wanted  # type: ignore[arg-type]


def test_a_rise_is_judged_against_the_fields_own_past() -> None:
    eighth = 1 / 8
    assert chance_of(40, 80, eighth) < 1e-6  # 10 are usual
    assert chance_of(12, 80, eighth) > 0.1
    assert chance_of(5, 0, eighth) < 0.01  # a field that never was


def test_the_trend_compares_with_the_day_before_and_small_changes_are_none() -> None:
    past = [((NOW - timedelta(hours=hours)).isoformat(), value) for hours, value in ((48, 5.0), (30, 10.0), (6, 12.0))]
    assert trend(past, NOW, 14) == 1
    assert trend(past, NOW, 7) == -1
    assert trend(past, NOW, 10.2) == 0
    assert trend([], NOW, 3) == 0


def test_the_course_keeps_one_point_in_six_hours_however_often_the_job_runs() -> None:
    course: tuple[tuple[str, float], ...] = ()
    for minute in range(0, 6 * 24 * 60, 10):
        course = remember(course, NOW + timedelta(minutes=minute), float(minute))
    assert len(course) <= 12
    assert course[-1][1] == 6 * 24 * 60 - 10


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(hours=2), "07:00 hôm nay"),
        (timedelta(hours=20), "13:00 hôm qua"),
        (timedelta(days=3), "09:00 19/11"),
        (timedelta(days=400), "18/10/2025"),
    ],
)
def test_moments_are_said_as_people_say_them(ago: timedelta, words: str) -> None:
    assert moment_near(NOW - ago, NOW, "vi") == words
