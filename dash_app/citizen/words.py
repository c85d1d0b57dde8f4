"""What is said of a report, in the citizen's words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from dash_app import formats
from dash_app.i18n import say
from layers.feedback_rules import Regulation
from spatial.settings import LOCAL_ZONE

type Row = Mapping[str, Any]
type Group = Literal["open", "late", "done", "off"]

# Where a state stands in the four steps that are drawn.
STEPS = ("received", "assigned", "working", "done")
_STEP_OF = {"received": 0, "assigned": 1, "returned": 1, "in_progress": 2, "extended": 2, "reopened": 2,
            "resolved": 3, "closed": 3}  # fmt: skip
CITIZEN_STEPS = frozenset({"rate", "reopen", "citizen_answers"})  # their words are the citizen's, not reviewed


def moment_in_words(moment: datetime, language: str) -> str:
    """«25/11/2026 17:00 (thứ Tư)»."""
    weekday = say(f"citizen.weekday.{moment.astimezone(LOCAL_ZONE).weekday()}", language)
    return say("citizen.due.words", language, time=formats.moment(moment), day=weekday)


def group_of(case: Row, rules: Regulation) -> Group:
    """Open, late, done; off for what was rejected or repeats another."""
    kind = rules.states[case["state"]].counts_as
    if kind == "processed":
        return "done"
    if kind in ("rejected", "duplicate"):
        return "off"
    return "late" if case["late"] else "open"


def state_title(state: str, rules: Regulation, language: str) -> str:
    """Name of a state."""
    return rules.states[state].title[language]


def category_title(category: str, rules: Regulation, language: str) -> str:
    """Name of a field."""
    found = rules.categories.get(category)
    return found.title[language] if found else category


def sentence(case: Row, language: str) -> str:
    """The state as a sentence, with who has it."""
    unit = case["handling_unit"] or say("citizen.some_unit", language)
    return say(f"citizen.sentence.{case['state']}", language, **_only_unit(case["state"], unit))


def _only_unit(state: str, unit: str) -> dict[str, str]:
    named = ("assigned", "in_progress", "extended", "resolved")
    return {"unit": unit} if state in named else {}


def deadline_note(case: Row, rules: Regulation, now: datetime, language: str) -> tuple[str, str] | None:
    """Late by how much, or how long is left: a word and the style of its mark; None where there is no deadline."""
    limit = case["late_at"] or case["due_at"]
    if limit is None or rules.states[case["state"]].counts_as in ("rejected", "duplicate"):
        return None
    if case["closed_at"] is not None:
        return ("citizen.case.closed_late", "late") if case["closed_at"] > limit else ("citizen.case.on_time", "done")
    if case["paused_since"] is not None:
        return "citizen.case.paused", "open"
    return ("citizen.case.late", "late") if limit < now else ("citizen.case.left", "open")


def deadline_words(case: Row, rules: Regulation, now: datetime, language: str) -> tuple[str, str] | None:
    """``deadline_note`` as text."""
    note = deadline_note(case, rules, now, language)
    if note is None:
        return None
    key, style = note
    limit = case["late_at"] or case["due_at"]
    if key in ("citizen.case.late", "citizen.case.left"):
        return say(key, language, age=formats.age(abs(now - limit), language)), style
    return say(key, language), style


def steps(case: Row, language: str) -> list[dict[str, str]]:
    """Four steps with how far the report is: done, now, or nothing yet."""
    at = _STEP_OF.get(case["state"])
    if at is None:
        return []
    finished = case["state"] in ("resolved", "closed")
    return [
        {
            "title": say(f"citizen.step.{step}", language),
            "state": "done" if index < at or finished else "now" if index == at else "",
        }
        for index, step in enumerate(STEPS)
    ]


def rating_until(case: Row, rules: Regulation) -> datetime | None:
    """Until when the citizen may rate or reopen."""
    closed: datetime | None = case["closed_at"]
    return None if closed is None else closed + timedelta(days=rules.deadlines.rating_days)


def near_note(row: Row, rules: Regulation, now: datetime, language: str) -> str:
    """«cách 40 m · Đang xử lý · 3 ngày trước»."""
    return say(
        "citizen.near.note", language, m=round(row["distance_m"]), state=state_title(row["state"], rules, language),
        age=formats.age(now - row["received_at"], language),
    )  # fmt: skip


def step_title(step: Row, rules: Regulation, language: str) -> str:
    """What happened, as a title: the action's, else the state's."""
    action = rules.actions.get(step["action"] or "")
    return action.title[language] if action and action.to is None else state_title(step["state"], rules, language)


def actor_name(actor: str | None, units: frozenset[str], centre: str) -> str | None:
    """Who acted, for everybody: a unit or the citizen, never the name of a person."""
    if not actor:
        return None
    first = actor.split(" / ")[0]
    return first if first in units else centre
