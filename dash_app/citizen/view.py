"""What the templates show, put together from rows. Pure but for the regulation, which is handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dash_app import formats
from dash_app.citizen import words
from dash_app.citizen.services import CITIZEN_NAME, Case
from dash_app.i18n import say
from dash_app.i18n.citizen_texts import CATEGORY_WORDS
from layers.feedback_rules import Regulation

type Row = Mapping[str, Any]

ICONS = frozenset(CATEGORY_WORDS)


@dataclass(frozen=True)
class Frame:
    """What every view needs: the regulation, the instant, the language and the names of units."""

    rules: Regulation
    now: datetime
    language: str
    units: frozenset[str] = frozenset()
    centre: str = ""

    def say(self, key: str, **values: object) -> str:
        return say(key, self.language, **values)


def categories(frame: Frame) -> list[dict[str, str]]:
    """Fields to choose from, in the order of the regulation; what citizens report most comes first there."""
    front = ("infrastructure", "environment", "lighting", "water_supply_drainage", "traffic", "flooding", "urban_order",
             "administration")  # fmt: skip
    found = sorted(frame.rules.category, key=lambda item: front.index(item.id) if item.id in front else len(front))
    return [
        {
            "code": item.id,
            "title": item.title[frame.language],
            "words": f"{item.title.vi} {item.title.en} {CATEGORY_WORDS.get(item.id, '')}",
            "icon": item.id if item.id in ICONS else "other",
        }
        for item in found
    ]


def receipt(case: Row, frame: Frame, photos: int) -> list[tuple[str, str]]:
    """Facts of a report just sent: field, place, deadlines in words."""
    facts = [
        (frame.say("citizen.fact.field"), words.category_title(case["category"], frame.rules, frame.language)),
        (frame.say("citizen.fact.place"), case["commune_name"] or ""),
        (frame.say("citizen.fact.first"), _moment(case["first_due_at"], frame)),
        (frame.say("citizen.fact.due"), _moment(case["due_at"], frame)),
        (frame.say("citizen.fact.photos"), str(photos) if photos else ""),
    ]
    return [(name, value) for name, value in facts if value]


def _moment(moment: datetime | None, frame: Frame) -> str:
    return words.moment_in_words(moment, frame.language) if moment else ""


def line(case: Row, frame: Frame) -> dict[str, Any]:
    """A report as one line of a list, and as a point of its map."""
    group = words.group_of(case, frame.rules)
    late = words.deadline_words(case, frame.rules, frame.now, frame.language)
    return {
        "code": case["tracking_code"],
        "title": case["title"] or words.category_title(case["category"], frame.rules, frame.language),
        "field": words.category_title(case["category"], frame.rules, frame.language),
        "state": words.state_title(case["state"], frame.rules, frame.language),
        "group": group,
        "late": late[0] if late and late[1] == "late" else None,
        "unit": case["handling_unit"],
        "place": case["commune_name"],
        "received": formats.moment(case["received_at"]),
        "age": formats.age(frame.now - case["received_at"], frame.language),
        "rating": case["rating"],
    }


def page(case: Case, frame: Frame) -> dict[str, Any]:
    """Everything the page of one report shows."""
    row, rules, language = case.row, frame.rules, frame.language
    shown = row["public"] or case.own
    late = words.deadline_words(row, rules, frame.now, language) if shown else None
    return {
        "code": row["tracking_code"],
        "shown": shown,
        "public": row["public"],
        "own": case.own,
        "title": (row["title"] if shown else None) or words.category_title(row["category"], rules, language),
        "state": words.state_title(row["state"], rules, language),
        "group": words.group_of(row, rules) if shown else "off",
        "sentence": words.sentence(row, language),
        "late": {"words": late[0], "style": late[1]} if late else None,
        "steps": words.steps(row, language),
        "facts": _facts(row, frame, shown),
        "result": row["result"],
        "duplicate_of": row["duplicate_of"],
        "rating": row["rating"],
        "solved": row["solved"],
        "content": row.get("content") if case.own else None,
        "timeline": _timeline(case, frame),
        "photos": _photos(case, frame),
        "point": [row["lat"], row["lon"]] if shown and row["lat"] is not None else None,
        "snapped": row["category"] in rules.privacy.snapped_categories,
    }


def _facts(row: Row, frame: Frame, shown: bool) -> list[tuple[str, str]]:
    due = row["late_at"] if shown and row["late_at"] is not None else row["due_at"]
    facts = [
        ("citizen.case.received", formats.moment(row["received_at"])),
        ("citizen.case.due", _moment(due, frame) or frame.say("citizen.case.no_due")),
        ("citizen.case.closed", _moment(row["closed_at"], frame)),
    ]
    if shown:
        facts[:0] = [
            ("citizen.case.field", words.category_title(row["category"], frame.rules, frame.language)),
            ("citizen.case.place", row["commune_name"] or ""),
            ("citizen.case.unit", row["handling_unit"] or frame.say("citizen.case.no_unit")),
        ]
    return [(frame.say(key), value) for key, value in facts if value]


def _timeline(case: Case, frame: Frame) -> list[dict[str, Any]]:
    """Newest first. What the citizen wrote is shown to the citizen only: nobody has read it over."""
    return [
        {
            "title": words.step_title(step, frame.rules, frame.language),
            "time": formats.moment(step["happened_at"]),
            "iso": step["happened_at"].isoformat(),
            "who": words.actor_name(step["actor"], frame.units | {CITIZEN_NAME}, frame.centre),
            "to": step["to_unit"],
            "until": _moment(step["until"], frame),
            "note": step["note"] if case.own or step["action"] not in words.CITIZEN_STEPS else None,
        }
        for step in reversed(case.timeline)
    ]


def _photos(case: Case, frame: Frame) -> list[dict[str, Any]]:
    return [
        {
            "sha256": photo["sha256"],
            "width": photo["width"],
            "height": photo["height"],
            "title": frame.say(f"citizen.case.photo.{photo['kind']}"),
            "private": not photo["public"],
        }
        for photo in case.photos
        if photo["public"] or (case.own and photo["kind"] == "report")
    ]


def deeds(case: Case, frame: Frame, allowed: Sequence[str]) -> dict[str, Any]:
    """What the citizen may do now; the staff's last question when they wait for an answer."""
    until = words.rating_until(case.row, frame.rules)
    asked = [step for step in case.timeline if step["action"] == "ask_citizen"]
    waiting = case.row["paused_since"] is not None and bool(asked)
    return {
        "answer": "citizen_answers" in allowed,
        "question": asked[-1]["note"] if waiting else None,
        "rate": "rate" in allowed,
        "reopen": "reopen" in allowed,
        "until": _moment(until, frame) if until else "",
    }


def figures(row: Row | None, frame: Frame) -> list[dict[str, str]]:
    """Cards of a month; a share without anything to divide by says so, never 0 %."""
    if row is None or not (row["received"] or row["rejected"] or row["duplicates"]):
        return []
    none = frame.say("citizen.figure.none")

    def number(value: int) -> str:
        return formats.number(value, 0, frame.language)

    def share(part: int, whole: int) -> str:
        return formats.percent(part / whole, frame.language) if whole else none

    besides = {name: number(row[name]) for name in ("duplicates", "rejected")}
    cards = (
        ("received", number(row["received"]), frame.say("citizen.figure.received.note", **besides)),
        ("processed", number(row["processed"]), frame.say("citizen.figure.of", n=number(row["received"]))),
        ("on_time", share(row["on_time"], row["processed"]),
         frame.say("citizen.figure.of_processed", n=number(row["processed"]))),
        ("overdue", number(row["overdue"]), frame.say("citizen.figure.overdue.note")),
        ("satisfied", share(row["satisfied"], row["rated"]),
         frame.say("citizen.figure.of_rated", n=number(row["rated"]))),
    )  # fmt: skip
    return [
        {"id": key, "title": frame.say(f"citizen.figure.{key}"), "value": value, "note": note,
         "empty": "yes" if value == none else ""}
        for key, value, note in cards
    ]  # fmt: skip
