"""Who may do what with a case, and what a step changes. Pure: a case and a step in, changes out.

Lateness is an attribute of a case, never a state. While the clock stands (somebody waits for the citizen) nothing gets
late; when it runs again, all deadlines move on by the working time it stood.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from layers.feedback_rules import Action, Regulation, Role
from spatial.errors import CaseChanged, StepNotAllowed
from spatial.feedback.calendar import WorkCalendar, clock_minutes, deadlines, later

type Case = Mapping[str, Any]
NEEDS = {
    "note": "lời ghi",
    "to_unit": "đơn vị xử lý",
    "until": "thời hạn hẹn",
    "photo": "ảnh hiện trường",
    "level": "mức độ",
    "category": "lĩnh vực",
    "duplicate_of": "mã phản ánh trùng",
    "result": "kết quả xử lý",
    "rating": "số sao đánh giá (1 đến 5)",
}


@dataclass(frozen=True)
class Step:
    """What somebody does with a case. ``actor`` of role ``unit`` begins with the name of its handling unit."""

    action: str
    actor: str
    role: Role
    now: datetime
    note: str = ""
    to_unit: str | None = None
    until: datetime | None = None
    level: str | None = None
    category: str | None = None
    duplicate_of: str | None = None
    result: str | None = None
    rating: int | None = None
    solved: bool | None = None
    photos: int = 0
    title: str | None = None
    seen_state: str | None = None


@dataclass
class Changes:
    """New values of columns of layer.feedback and core.feedback_case."""

    feedback: dict[str, Any] = field(default_factory=dict)
    case: dict[str, Any] = field(default_factory=dict)


def allowed_actions(rules: Regulation, case: Case, role: Role, *, now: datetime) -> list[Action]:
    """Actions a role may take now, in the regulation's order."""
    return [action for action in rules.action if _fits(rules, action, case, role, now) is None]


def _fits(rules: Regulation, action: Action, case: Case, role: Role, now: datetime) -> str | None:
    """Why an action is not possible; None when it is."""
    state = rules.states[case["state"]].title.vi
    if role not in action.roles:
        return f"Thao tác «{action.title.vi}» không thuộc quyền của vai trò này."
    if case["state"] not in action.start:
        return f"Phản ánh đang ở trạng thái «{state}», không thể «{action.title.vi}»."
    paused = case["paused_since"] is not None
    if action.pauses and paused:
        return "Đang chờ người dân bổ sung, đồng hồ xử lý đã tạm dừng."
    if action.only_paused and not paused:
        return "Đồng hồ xử lý đang chạy, không cần tiếp tục."
    if role == "citizen" and action.effect in ("reopen", "rate") and not rating_open(rules, case, now):
        return f"Đã quá {rules.deadlines.rating_days} ngày kể từ khi có kết quả; xin gửi phản ánh mới."
    return None


def rating_open(rules: Regulation, case: Case, now: datetime) -> bool:
    """Whether the citizen may still rate or reopen."""
    done = case["closed_at"]
    return done is not None and now < done + timedelta(days=rules.deadlines.rating_days)


def check(rules: Regulation, case: Case, step: Step) -> Action:
    """The action of a step that may be taken.

    :raises CaseChanged: when the case has left the state the step starts in.
    :raises StepNotAllowed: when the role, the unit or what is given does not fit.
    """
    action = rules.actions.get(step.action)
    if action is None:
        raise StepNotAllowed(f"Không có thao tác «{step.action}» trong quy chế.")
    if step.role not in action.roles:
        raise StepNotAllowed(f"Thao tác «{action.title.vi}» không thuộc quyền của vai trò này.")
    if (step.seen_state is not None and step.seen_state != case["state"]) or case["state"] not in action.start:
        state = rules.states[case["state"]].title.vi
        raise CaseChanged(
            f"Phản ánh {case['tracking_code']} hiện ở trạng thái «{state}», không thể «{action.title.vi}»; có thể người"
            " khác vừa xử lý. Xin tải lại trang."
        )
    if (reason := _fits(rules, action, case, step.role, step.now)) is not None:
        raise StepNotAllowed(reason)
    if step.role == "unit" and case["handling_unit"] != step.actor.split(" / ")[0]:
        raise StepNotAllowed(f"Phản ánh này do «{case['handling_unit']}» xử lý, không phải «{step.actor}».")
    for need in sorted(action.needs):
        if not _given(step, need):
            raise StepNotAllowed(f"Thao tác «{action.title.vi}» cần {NEEDS[need]}.")
    return action


def _given(step: Step, need: str) -> bool:
    if need == "photo":
        return step.photos > 0
    value = getattr(step, need)
    return bool(value.strip()) if isinstance(value, str) else value is not None


def changes(rules: Regulation, calendar: WorkCalendar, case: Case, action: Action, step: Step) -> Changes:
    """What a step changes. The case's rows are locked and ``check`` has passed.

    :raises StepNotAllowed: when a value given does not fit the case.
    """
    new = Changes()
    state = action.to or case["state"]
    if state != case["state"]:
        new.feedback["state"] = state
    running = dict(case)
    if case["paused_since"] is not None and (action.resumes or rules.states[state].terminal):
        _resume(rules, calendar, running, new, step.now)
    if action.pauses:
        new.case["paused_since"] = step.now
    if step.title is not None and step.title.strip() and step.role in ("operator", "leader"):
        new.feedback["title"] = step.title.strip()
    _EFFECTS[action.effect](rules, calendar, running, step, new)
    return new


def _resume(rules: Regulation, calendar: WorkCalendar, case: dict[str, Any], new: Changes, now: datetime) -> None:
    """Let the clock run: deadlines not yet met move on by the time it stood."""
    level = rules.levels[case["level"]]
    stood = max(0.0, clock_minutes(calendar, level, case["paused_since"], now))
    new.case["paused_since"] = None
    new.case["paused_minutes"] = case["paused_minutes"] + round(stood)
    for name, target in (("due_at", new.feedback), ("original_due_at", new.case), ("first_due_at", new.case)):
        if case[name] is None or (name == "first_due_at" and case["first_due_met_at"] is not None):
            continue
        # A deadline that had passed before the pause began stays where it was: what was late stays late.
        if case[name] < case["paused_since"]:
            continue
        case[name] = target[name] = later(calendar, level, case[name], stood)
    case["paused_minutes"] = new.case["paused_minutes"]


def _none(rules: Regulation, calendar: WorkCalendar, case: Case, step: Step, new: Changes) -> None:
    """The change of state is all."""


def _assign(rules: Regulation, calendar: WorkCalendar, case: Case, step: Step, new: Changes) -> None:
    new.feedback["handling_unit"] = step.to_unit
    new.case["assigned_at"] = step.now


def _finish(rules: Regulation, calendar: WorkCalendar, case: Case, step: Step, new: Changes) -> None:
    new.feedback["closed_at"] = step.now
    new.feedback["result"] = step.note.strip()


def _duplicate(rules: Regulation, calendar: WorkCalendar, case: Case, step: Step, new: Changes) -> None:
    if step.duplicate_of == case["tracking_code"]:
        raise StepNotAllowed("Một phản ánh không thể trùng với chính nó.")
    new.feedback["duplicate_of"] = step.duplicate_of
    new.feedback["closed_at"] = step.now


def _answer(rules: Regulation, calendar: WorkCalendar, case: Case, step: Step, new: Changes) -> None:
    if case["answered_at"] is None:
        new.feedback["answered_at"] = step.now
    if case["first_due_met_at"] is None:
        new.case["first_due_met_at"] = step.now


def _extend(rules: Regulation, calendar: WorkCalendar, case: Case, step: Step, new: Changes) -> None:
    assert step.until is not None
    if step.until <= step.now:
        raise StepNotAllowed("Thời hạn hẹn phải ở phía trước.")
    if case["due_at"] is not None and step.until <= case["due_at"]:
        raise StepNotAllowed("Thời hạn hẹn phải sau hạn hiện tại.")
    new.case["original_due_at"] = case["original_due_at"] or case["due_at"]
    new.feedback["due_at"] = step.until
    _answer(rules, calendar, case, step, new)


def _resolve(rules: Regulation, calendar: WorkCalendar, case: Case, step: Step, new: Changes) -> None:
    assert step.result is not None
    new.feedback["result"] = step.result.strip()
    new.feedback["closed_at"] = step.now
    new.feedback["solved"] = None
    _answer(rules, calendar, case, step, new)


def _reopen(rules: Regulation, calendar: WorkCalendar, case: Case, step: Step, new: Changes) -> None:
    """A new term; a case that was late already stays late."""
    new.feedback |= {"closed_at": None, "solved": False, "rating": None}
    first = calendar.add_minutes(step.now, rules.deadlines.reopen_first_minutes)
    due = calendar.add_minutes(step.now, rules.deadlines.reopen_due_minutes)
    limit = late_after(rules, case)
    new.feedback["due_at"] = max(due, case["due_at"] or due)
    if limit is None or case["closed_at"] is None or case["closed_at"] <= limit:
        new.case["original_due_at"] = max(due, limit or due)
    new.case |= {"first_due_at": first, "first_due_met_at": None, "rated_at": None, "rating_comment": None}


def _rate(rules: Regulation, calendar: WorkCalendar, case: Case, step: Step, new: Changes) -> None:
    if step.rating is None or not 1 <= step.rating <= 5:
        raise StepNotAllowed("Đánh giá từ 1 đến 5 sao.")
    new.feedback["rating"] = step.rating
    new.feedback["solved"] = step.solved
    new.case |= {"rated_at": step.now, "rating_comment": step.note.strip() or None}


def _set_level(rules: Regulation, calendar: WorkCalendar, case: Case, step: Step, new: Changes) -> None:
    level = rules.levels.get(step.level or "")
    if level is None:
        raise StepNotAllowed(f"Không có mức độ «{step.level}».")
    first, due = deadlines(calendar, level, case["received_at"])
    if case["paused_minutes"]:
        first, due = (later(calendar, level, moment, case["paused_minutes"]) for moment in (first, due))
    new.feedback["level"] = level.id
    promised = case["due_at"] if case["state"] == "extended" else None
    new.feedback["due_at"] = max(due, promised) if promised else due
    new.case |= {"original_due_at": due, "first_due_at": first}


def _set_category(rules: Regulation, calendar: WorkCalendar, case: Case, step: Step, new: Changes) -> None:
    if step.category not in rules.categories:
        raise StepNotAllowed(f"Không có lĩnh vực «{step.category}».")
    new.feedback["category"] = step.category


_EFFECTS = {
    "none": _none,
    "assign": _assign,
    "finish": _finish,
    "duplicate": _duplicate,
    "answer": _answer,
    "extend": _extend,
    "resolve": _resolve,
    "reopen": _reopen,
    "rate": _rate,
    "set_level": _set_level,
    "set_category": _set_category,
}


def late_after(rules: Regulation, case: Case) -> datetime | None:
    """The instant after which the case is late: its first deadline, or the promised one, as the regulation says."""
    if rules.deadlines.late_after == "original" and case["original_due_at"] is not None:
        return case["original_due_at"]
    return case["due_at"]


def is_late(rules: Regulation, case: Case, now: datetime) -> bool:
    """Whether a case is past its deadline, or was when its result came. A clock that stands does not get late."""
    limit = late_after(rules, case)
    if limit is None:
        return False
    return (case["closed_at"] or case["paused_since"] or now) > limit
