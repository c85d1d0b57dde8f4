"""What the feedback desk asks of the database, and what staff do there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dash_app.desk_filters import PAGE_SIZE, Desk, Filters
from dash_app.services import Services
from layers.model import Text
from spatial.access import connect
from spatial.feedback import actions
from spatial.feedback.calendar import WorkCalendar, clock_minutes, load_calendar
from spatial.feedback.photos import photo_path, publish_photo
from spatial.feedback.rules import regulation
from spatial.feedback.units import default_unit
from spatial.queries import feedback_cases, feedback_desk
from spatial.queries.feedback_desk import CaseFilter

type Row = dict[str, Any]

NEAR_SHOWN = 12
# What may be given with an effect beside what the regulation demands; a note otherwise.
ALSO: Mapping[str, tuple[str, ...]] = {
    "assign": ("title", "note"), "answer": ("photo",), "resolve": ("photo",), "extend": ("photo",),
}  # fmt: skip
GIVEN = ("to_unit", "level", "category", "until", "duplicate_of", "result", "note", "photo")  # order of the fields
REPORTER = ("reporter_name", "reporter_phone", "reporter_email", "rating_comment")


@dataclass(frozen=True)
class Step:
    """Something the role may do now: what must be given, and what may be."""

    name: str
    title: Text
    needs: tuple[str, ...]
    may: tuple[str, ...]


@dataclass(frozen=True)
class Running:
    """What is left of a case's clock, negative when it is over; ``working``: it runs in office hours alone."""

    minutes: float
    working: bool


@dataclass(frozen=True)
class Case:
    """One case as a role sees it."""

    desk: Desk
    row: Row
    seen: int  # newest event
    position: Row | None
    events: Sequence[Row]
    photos: Sequence[Row]
    near: Sequence[Row]
    near_metres: float
    sees_reporter: bool  # else ``row`` does not say who reported
    steps: Sequence[Step]
    clock: Running | None
    suggested: str | None  # handling unit the regulation names for field and place


@dataclass(frozen=True)
class Deed:
    """What somebody asks to be done with some cases: by code, with the newest event seen of each."""

    action: str
    cases: Mapping[str, int]
    name: str
    until: datetime | None = None
    note: str | None = None
    to_unit: str | None = None
    level: str | None = None
    category: str | None = None
    duplicate_of: str | None = None
    result: str | None = None
    title: str | None = None


@dataclass(frozen=True)
class Conflict:
    """Somebody else was faster: what happened since, and the newest event now."""

    events: Sequence[Row]
    seen: int
    state: str


@dataclass(frozen=True)
class DeskServices:
    """Reads and writes of the desk, each in its own transaction."""

    services: Services

    def handlers(self) -> list[Row]:
        """Who handles cases."""
        with connect(self.services.actor) as conn:
            return feedback_desk.handling_units(conn)

    def queue(self, filters: Filters, desk: Desk) -> tuple[list[Row], dict[str, int]]:
        """One page of a queue, and the number of cases in every queue."""
        narrow, now = self._narrow(filters, desk), self.services.now()
        with connect(self.services.actor) as conn:
            rows = feedback_desk.list_queue(
                conn, queue=filters.queue, narrow=narrow, order=filters.order, limit=PAGE_SIZE,
                offset=(filters.page - 1) * PAGE_SIZE, now=now,
            )  # fmt: skip
            return rows, feedback_desk.count_queues(conn, narrow=narrow, now=now)

    def counts(self, desk: Desk) -> dict[str, int]:
        """Cases in every queue of whoever works."""
        with connect(self.services.actor) as conn:
            return feedback_desk.count_queues(conn, narrow=self._narrow(Filters(), desk), now=self.services.now())

    def _narrow(self, filters: Filters, desk: Desk) -> CaseFilter:
        unit = self.services.unit(filters.unit) if filters.unit else None
        now = self.services.now()
        return CaseFilter(
            unit_id=unit["id"] if unit else None,
            category=filters.category,
            handling_unit=desk.unit if desk.role == "unit" else filters.by,
            level=filters.level,
            channel=filters.channel,
            query=filters.q,
            first=now - timedelta(days=filters.days) if filters.days else None,
        )

    def case(self, code: str, desk: Desk) -> Case | None:
        """Everything about a case that the role may see; a unit sees no other unit's case."""
        rules, now = regulation(), self.services.now()
        metres = float(rules.duplicates.radius_m)
        with connect(self.services.actor) as conn:
            row = feedback_cases.get_case(conn, code=code, public=False, now=now)
            if row is None or (desk.role == "unit" and row["handling_unit"] != desk.unit):
                return None
            events = feedback_cases.timeline(conn, code=code, public=False)
            knows = desk.role in rules.reporter_seen_by
            return Case(
                desk=desk,
                row={name: value for name, value in row.items() if knows or name not in REPORTER},
                seen=max((int(event["sequence"]) for event in events), default=0),
                position=feedback_desk.case_position(conn, code=code),
                events=events,
                photos=feedback_cases.photos(conn, code=code, public=False),
                near=feedback_desk.near_cases(conn, code=code, metres=metres, limit=NEAR_SHOWN),
                near_metres=metres,
                sees_reporter=knows,
                steps=steps(row, desk, now),
                clock=running_clock(row, load_calendar(conn), now),
                suggested=default_unit(conn, category=row["category"], commune_code=row["commune_code"]),
            )

    def act(self, deed: Deed, code: str, seen: int, photos: Sequence[bytes], desk: Desk) -> Conflict | None:
        """Do something about a case, unless something happened to it after event ``seen``: then say what.

        :raises FeedbackRefused: when state, role or what is given does not fit the regulation.
        """
        actor = f"{desk.unit} / {deed.name}" if desk.role == "unit" else deed.name
        with connect(replace(self.services.actor, name=actor)) as conn:
            held = feedback_desk.hold_case(conn, code=code)
            if held is not None and held[1] > seen:
                since = feedback_desk.events_after(conn, code=code, sequence=seen)
                return Conflict(since, held[1], held[0])
            actions.act(
                conn, code=code, action=deed.action, actor=actor, role=desk.role, now=self.services.now(),
                note=deed.note or "", to_unit=deed.to_unit, until=deed.until, level=deed.level,
                category=deed.category, duplicate_of=deed.duplicate_of, result=deed.result, title=deed.title,
                images=photos,
            )  # fmt: skip
        return None

    def publish(self, photo_id: int, public: bool, actor: str) -> bool:
        """Let everybody see a photo that was looked at, or take it back; False when there is no such photo."""
        with connect(replace(self.services.actor, name=actor)) as conn:
            if feedback_desk.photo_file(conn, photo_id=photo_id) is None:
                return False
            publish_photo(conn, photo_id=photo_id, public=public)
        return True

    def photo_path(self, photo_id: int) -> Path | None:
        """File of a photo; None when there is no such photo."""
        with connect(self.services.actor) as conn:
            row = feedback_desk.photo_file(conn, photo_id=photo_id)
        return photo_path(row["sha256"]) if row else None


def steps(row: Row, desk: Desk, now: datetime) -> list[Step]:
    """What a role may do with a case now, in the order of the regulation."""
    return [
        Step(
            item.id,
            item.title,
            tuple(name for name in GIVEN if name in item.needs),
            tuple(name for name in ALSO.get(item.effect, ("note",)) if name not in item.needs),
        )
        for item in actions.allowed(row, desk.role, now=now)
    ]


def running_clock(row: Row, calendar: WorkCalendar, now: datetime) -> Running | None:
    """How much of the case's own clock is left; None once it is done, without a deadline, or of an unknown level."""
    rules = regulation()
    level = rules.levels.get(row["level"] or rules.categories[row["category"]].level)
    if level is None or row["late_at"] is None or row["state"] not in rules.open_states:
        return None
    since = row["paused_since"] or now
    return Running(clock_minutes(calendar, level, since, row["late_at"]), level.clock == "working")
