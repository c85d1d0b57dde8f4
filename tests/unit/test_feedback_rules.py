"""Regulation, working calendar and workflow of citizen feedback, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from layers.feedback_rules import DEFAULT, RulesError, read_rules
from spatial.errors import CaseChanged, SourceUnreadable, StepNotAllowed
from spatial.feedback import workflow
from spatial.feedback.calendar import WorkCalendar, deadlines, read_days
from spatial.feedback.places import Gazetteer, Name
from spatial.feedback.workflow import Step
from spatial.queries.feedback_rollup import period_of, period_span
from spatial.queries.feedback_stats import wilson
from spatial.settings import LOCAL_ZONE

RULES = read_rules()
CALENDAR = WorkCalendar(RULES.calendar, tuple((day.day, day.working) for day in read_days()))
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 6, 1)).map(lambda t: t.replace(tzinfo=UTC))
MINUTES = st.integers(1, 60 * 450)


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LOCAL_ZONE)  # type: ignore[arg-type]


# ---------------------------------------------------------------- calendar


def test_a_deadline_of_five_working_days_skips_weekends_and_the_new_year_holidays() -> None:
    # Friday 13 February 2026 at 10:00; Tết 14 to 22 February.
    assert CALENDAR.add_days(local(2026, 2, 13, 10), 5) == local(2026, 2, 27, 10)


def test_what_comes_in_on_a_saturday_begins_on_monday_morning() -> None:
    assert CALENDAR.add_minutes(local(2026, 11, 21, 9), 60) == local(2026, 11, 23, 8, 30)


def test_a_day_begun_outside_office_hours_ends_at_the_end_of_the_next_day() -> None:
    assert CALENDAR.add_days(local(2026, 11, 19, 20), 1) == local(2026, 11, 20, 17)


def test_a_working_saturday_that_makes_up_for_a_holiday_counts() -> None:
    assert CALENDAR.is_working_day(date(2026, 1, 10))
    assert not CALENDAR.is_working_day(date(2026, 1, 2))


@given(MOMENTS, MINUTES)
def test_so_much_working_time_lies_between_start_and_deadline(start: datetime, minutes: int) -> None:
    assert CALENDAR.minutes_between(start, CALENDAR.add_minutes(start, minutes)) == minutes


@given(MOMENTS, MINUTES)
def test_no_earlier_instant_would_do(start: datetime, minutes: int) -> None:
    end = CALENDAR.add_minutes(start, minutes)
    assert CALENDAR.minutes_between(start, end - timedelta(seconds=1)) < minutes


@given(MOMENTS, MOMENTS, MOMENTS)
def test_working_time_adds_up(a: datetime, b: datetime, c: datetime) -> None:
    whole = CALENDAR.minutes_between(a, c)
    assert whole == pytest.approx(CALENDAR.minutes_between(a, b) + CALENDAR.minutes_between(b, c), abs=1e-6)


@given(MOMENTS, MOMENTS)
def test_working_time_is_counted_as_one_would_minute_by_minute(a: datetime, b: datetime) -> None:
    first, last = sorted((a.replace(second=0, microsecond=0), b.replace(second=0, microsecond=0)))
    last = min(last, first + timedelta(days=9))
    assume(first < last)
    minute, count = first, 0
    while minute < last:
        here = minute.astimezone(LOCAL_ZONE)
        at = here.hour * 60 + here.minute
        count += CALENDAR.is_working_day(here.date()) and (450 <= at < 690 or 810 <= at < 1020)
        minute += timedelta(minutes=1)
    assert CALENDAR.minutes_between(first, last) == count


def test_an_emergency_runs_day_and_night() -> None:
    start = local(2026, 2, 17, 3)  # the first day of the lunar year
    assert deadlines(CALENDAR, RULES.levels["emergency"], start) == (local(2026, 2, 17, 5), local(2026, 2, 18, 3))


@pytest.mark.parametrize(
    ("line", "said"),
    [("2026-13-01,no,a,b", "no date"), ("2026-01-01,maybe,a,b", "yes or no"), ("2026-01-01,no,,b", "no name"),
     ("2026-01-01,no,a,b\n2026-01-01,no,a,b", "twice")],
)  # fmt: skip
def test_a_calendar_with_a_mistake_is_refused_by_line(tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "days.csv"
    file.write_text(f"day,working,name_vi,name_en\n{line}\n", "utf-8")
    with pytest.raises(SourceUnreadable, match=said):
        read_days(file)


# ---------------------------------------------------------------- reporting month


def test_the_reporting_month_turns_on_the_25th_at_noon_local_time() -> None:
    before, after = local(2026, 10, 25, 11, 59, 59), local(2026, 10, 25, 12)
    assert (period_of(RULES, before), period_of(RULES, after)) == (date(2026, 10, 1), date(2026, 11, 1))
    assert period_span(RULES, date(2026, 11, 1)) == (local(2026, 10, 25, 12), local(2026, 11, 25, 12))


@given(MOMENTS)
def test_every_instant_lies_in_the_span_of_its_month(moment: datetime) -> None:
    first, last = period_span(RULES, period_of(RULES, moment))
    assert first <= moment < last


# ---------------------------------------------------------------- regulation


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "emergency"', 'id = "urgent"', "levels missing: emergency"),
        ('unit = "Sở Y tế"', 'unit = "Sở Không Có"', "no agency"),
        ('to = "rejected"', 'to = "refused"', "state that is not there: refused"),
        ("start_day = 25", "start_day = 31", "start_day"),
        ('hours = ["07:30-11:30", "13:30-17:00"]', 'hours = ["13:30-17:00", "07:30-11:30"]', "follow one another"),
        ("format = 1", "format = 1\nfromat = 2", "fromat"),
        ("format = 1", "format = ", "not TOML"),
    ],
)
def test_a_regulation_with_a_mistake_is_refused_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = DEFAULT.read_text("utf-8")
    assert old in text
    file = tmp_path / "rules.toml"
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(RulesError, match=said):
        read_rules(file)


# ---------------------------------------------------------------- workflow

NOW = local(2026, 11, 18, 9).astimezone(UTC)
CASE: dict[str, Any] = {
    "tracking_code": "PA2611000001", "state": "in_progress", "category": "infrastructure", "level": "ordinary",
    "handling_unit": "Sở Xây dựng", "received_at": local(2026, 11, 16, 9), "due_at": local(2026, 11, 23, 9),
    "original_due_at": local(2026, 11, 23, 9), "first_due_at": local(2026, 11, 17, 9), "first_due_met_at": None,
    "answered_at": None, "closed_at": None, "paused_since": None, "paused_minutes": 0, "duplicate_of": None,
}  # fmt: skip


def step(action: str, role: Any = "unit", actor: str = "Sở Xây dựng", now: datetime = NOW, **given: Any) -> Step:
    return Step(action=action, actor=actor, role=role, now=now, **given)


def taken(case: dict[str, Any], one: Step) -> dict[str, Any]:
    """The case after a step."""
    action = workflow.check(RULES, case, one)
    new = workflow.changes(RULES, CALENDAR, case, action, one)
    return case | new.feedback | new.case


def test_a_pause_moves_the_deadlines_by_the_working_time_it_lasted() -> None:
    paused = taken(CASE, step("ask_citizen", note="Số nhà nào?"))
    assert not workflow.is_late(RULES, paused, local(2026, 12, 20, 9))
    back = taken(paused, step("citizen_answers", "citizen", "Người dân", local(2026, 11, 20, 9), note="Số 5"))
    assert back["paused_since"] is None
    assert back["paused_minutes"] == 900  # two working days
    assert back["due_at"] == back["original_due_at"] == local(2026, 11, 25, 9)


def test_what_was_late_before_the_pause_stays_late() -> None:
    late = CASE | {"due_at": local(2026, 11, 17, 9), "original_due_at": local(2026, 11, 17, 9)}
    paused = taken(late, step("ask_citizen", note="Số nhà nào?"))
    back = taken(paused, step("resume", now=local(2026, 11, 20, 9)))
    assert workflow.is_late(RULES, paused, NOW)
    assert back["original_due_at"] == local(2026, 11, 17, 9)


def test_an_extension_promises_a_date_and_excuses_nothing() -> None:
    until = local(2026, 12, 4, 17)
    extended = taken(CASE, step("extend", note="Chờ vật tư", until=until, photos=1))
    assert (extended["state"], extended["due_at"]) == ("extended", until)
    assert workflow.is_late(RULES, extended, local(2026, 11, 24, 9))


@pytest.mark.parametrize(
    "given", [{"note": "Chờ", "until": local(2026, 12, 4, 17)}, {"note": "Chờ", "photos": 1},
              {"until": local(2026, 12, 4, 17), "photos": 1}],
)  # fmt: skip
def test_an_extension_needs_a_reason_a_date_and_a_photo(given: dict[str, Any]) -> None:
    with pytest.raises(StepNotAllowed, match="cần"):
        taken(CASE, step("extend", **given))


def test_another_unit_may_not_answer_for_the_one_that_is_responsible() -> None:
    with pytest.raises(StepNotAllowed, match="Sở Xây dựng"):
        taken(CASE, step("answer", actor="Sở Y tế", note="Đang làm"))


def test_a_step_from_a_state_the_case_has_left_says_so() -> None:
    with pytest.raises(CaseChanged, match="Đang xử lý"):
        taken(CASE, step("assign", "operator", "Trực ban", to_unit="Sở Y tế"))
    with pytest.raises(CaseChanged):
        taken(CASE, step("answer", note="Đang làm", seen_state="assigned"))


def test_a_reopened_case_that_was_on_time_gets_a_new_term_and_a_late_one_stays_late() -> None:
    done = taken(CASE, step("resolve", result="Đã vá"))
    again = taken(done, step("reopen", "citizen", "Người dân", local(2026, 11, 20, 9), note="Chưa xong"))
    assert again["original_due_at"] == local(2026, 11, 25, 9)  # three working days
    assert (again["closed_at"], again["solved"]) == (None, False)
    late = done | {"closed_at": local(2026, 11, 30, 9)}
    still = taken(late, step("reopen", "citizen", "Người dân", local(2026, 12, 1, 9), note="Chưa xong"))
    assert still["original_due_at"] == CASE["original_due_at"]


def test_after_the_rating_window_the_citizen_has_no_step_left() -> None:
    done = taken(CASE, step("resolve", result="Đã vá"))
    names = {a.id for a in workflow.allowed_actions(RULES, done, "citizen", now=NOW + timedelta(days=6))}
    assert names == {"reopen", "rate"}
    assert workflow.allowed_actions(RULES, done, "citizen", now=NOW + timedelta(days=8)) == []


@given(st.data())
def test_whatever_is_done_every_step_that_is_offered_can_be_taken_and_leads_to_a_known_state(
    data: st.DataObject,
) -> None:
    case, now = CASE | {"state": "received"}, NOW
    for _ in range(data.draw(st.integers(1, 12))):
        role: Any = data.draw(st.sampled_from(["operator", "unit", "leader", "citizen"]))
        offered = workflow.allowed_actions(RULES, case, role, now=now)
        if not offered:
            continue
        action = data.draw(st.sampled_from(offered))
        now += timedelta(minutes=data.draw(st.integers(1, 20_000)))
        if role == "citizen" and action.effect in ("reopen", "rate") and not workflow.rating_open(RULES, case, now):
            continue
        due = max(case["due_at"], now) + timedelta(days=1)
        case = taken(case, step(action.id, role, case["handling_unit"], now, note="Ghi chú", to_unit="Sở Xây dựng",
                                until=due, level="complex", category="trees", duplicate_of="PA2611000002",
                                result="Xong", rating=4, photos=1))  # fmt: skip
        assert case["state"] in RULES.states
        assert case["paused_minutes"] >= 0
        ended = RULES.states[case["state"]].counts_as in ("processed", "rejected", "duplicate")
        assert (case["closed_at"] is not None) == ended
        assert not (ended and RULES.states[case["state"]].terminal and case["paused_since"])


# ---------------------------------------------------------------- places in a text

PLACES = Gazetteer.of([
    Name(1, "commune", "phuong nam dinh", "nam dinh"), Name(2, "province", "tinh nam dinh", "nam dinh"),
    Name(3, "district", "huyen giao thuy", "giao thuy"), Name(4, "commune", "xa giao thuy", "giao thuy"),
    Name(5, "commune", "xa hoa", "hoa"), Name(6, "commune", "phuong tran hung dao", "tran hung dao"),
])  # fmt: skip


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Ổ gà ở phường Nam Định", {1}),
        ("ngập ở P. Nam Dinh, tỉnh Nam Định", {1}),
        ("đường hỏng tại GIAO THUỶ", {3, 4}),
        ("huyện Giao Thủy mất điện", {3}),
        ("hoa sữa nồng quá", set()),
        ("xã Hòa thiếu nước", {5}),
        ("đường Trần Hưng Đạo ngập sâu", set()),
        ("phường Trần Hưng Đạo ngập sâu", {6}),
        ("không nói ở đâu", set()),
    ],
)
def test_units_are_found_by_whole_names_and_not_in_names_of_roads(text: str, ids: set[int]) -> None:
    assert {name.unit_id for name in PLACES.find(text)} == ids


def test_three_of_three_does_not_stand_above_ninety_five_of_a_hundred() -> None:
    few, many = wilson(3, 3), wilson(95, 100)
    assert few[0] is not None
    assert many[0] is not None
    assert few[0] < many[0]
    assert np.allclose(wilson(8, 10), (0.4902, 0.9433), atol=1e-4)  # Newcombe 1998, method 3
