"""The regulation of citizen feedback: what ``regulations/feedback.toml`` may say, checked when it is read.

Levels, states, actions, categories and handling units are data; what an action does to a case is one of the effects
this program knows (``Effect``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import time
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from layers.code_lists import FEEDBACK_CATEGORIES, FEEDBACK_STATES
from layers.model import Text

DEFAULT = Path(__file__).parent / "regulations" / "feedback.toml"
CALENDAR = Path(__file__).parent / "regulations" / "calendar.csv"

type Role = Literal["citizen", "operator", "unit", "leader", "system"]
type CountsAs = Literal["backlog", "open", "processed", "rejected", "duplicate"]
type Need = Literal[
    "note", "to_unit", "until", "photo", "level", "category", "duplicate_of", "result", "rating",
]  # fmt: skip
type Effect = Literal[
    "none", "assign", "finish", "duplicate", "answer", "extend", "resolve", "reopen", "rate", "set_level",
    "set_category",
]  # fmt: skip
COMMUNE = "commune"  # a category handled by the committee of the commune the pin lies in


class RulesError(ValueError):
    """The regulation cannot be read; the message says where and why."""


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Session(_Rule):
    """Office hours of a part of the day, local time."""

    start: time
    end: time

    @property
    def minutes(self) -> int:
        return _minute(self.end) - _minute(self.start)

    @property
    def first(self) -> int:
        """Minute of the day it begins in."""
        return _minute(self.start)


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _session(value: object) -> object:
    if not isinstance(value, str) or value.count("-") != 1:
        return value
    start, end = value.split("-")
    return {"start": start.strip(), "end": end.strip()}


class CalendarRule(_Rule):
    """What a working day is."""

    hours: tuple[Annotated[Session, BeforeValidator(_session)], ...] = Field(min_length=1)
    weekend: frozenset[Annotated[int, Field(ge=1, le=7)]]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        last = -1
        for session in self.hours:
            if session.first < last or session.minutes <= 0:
                raise ValueError("the hours of a day must follow one another and each end after it begins")
            last = _minute(session.end)
        if len(self.weekend) > 6:
            raise ValueError("a week needs a working day")
        return self

    @property
    def minutes(self) -> int:
        """Working minutes of a working day."""
        return sum(session.minutes for session in self.hours)


class StatisticsRule(_Rule):
    """The reporting month, and what counts in league tables."""

    start_day: int = Field(ge=1, le=28)
    start_hour: int = Field(ge=0, le=23)
    least_cases: int = Field(ge=1)
    satisfied_from: int = Field(ge=1, le=5)


class DeadlineRule(_Rule):
    """Deadlines that are the same for all levels."""

    late_after: Literal["original", "extended"]
    forward_minutes: int = Field(ge=1)
    rating_days: int = Field(ge=1)
    reopen_first_minutes: int = Field(ge=1)
    reopen_due_minutes: int = Field(ge=1)


class DuplicateRule(_Rule):
    """When another report may be about the same."""

    radius_m: float = Field(gt=0, le=5000)
    days: int = Field(ge=1)


class PrivacyRule(_Rule):
    """Fields whose position is published on a grid only."""

    snapped_categories: frozenset[str]
    grid_degrees: float = Field(gt=0, le=0.05)


class PhotoRule(_Rule):
    """Limits of photos."""

    most: int = Field(ge=0, le=20)
    megabytes: float = Field(gt=0, le=50)
    pixels: int = Field(ge=200, le=6000)


class TextRule(_Rule):
    """Limits of a report's text, and words that make it an emergency."""

    least: int = Field(ge=1)
    most: int = Field(ge=100)
    emergency: tuple[str, ...]


class Level(_Rule):
    """How urgent: deadlines of the first answer and of the result, in days or in minutes of its clock."""

    id: str
    clock: Literal["working", "elapsed"]
    first_days: float | None = Field(default=None, gt=0)
    first_minutes: int | None = Field(default=None, gt=0)
    due_days: float | None = Field(default=None, gt=0)
    due_minutes: int | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        for what in ("first", "due"):
            if (getattr(self, f"{what}_days") is None) == (getattr(self, f"{what}_minutes") is None):
                raise ValueError(f"level {self.id!r} needs either {what}_days or {what}_minutes")
        return self


class State(_Rule):
    """A state of a case. ``public``: yes, reason (only why), link (only to what), no."""

    id: str
    counts_as: CountsAs
    public: Literal["yes", "reason", "link", "no"]
    open311: Literal["open", "closed"]
    terminal: bool = False

    @property
    def title(self) -> Text:
        return _STATE_TITLES[self.id]


class Action(_Rule):
    """Something somebody may do with a case; ``to`` None leaves the state as it is."""

    id: str
    title: Text
    roles: frozenset[Role]
    start: frozenset[str] = Field(alias="from")
    to: str | None = None
    effect: Effect = "none"
    needs: frozenset[Need] = frozenset()
    public: bool = True
    pauses: bool = False
    resumes: bool = False
    only_paused: bool = False


class Category(_Rule):
    """A field: its usual level, and who handles it (name of an agency, or ``commune``)."""

    id: str
    level: str
    unit: str

    @property
    def title(self) -> Text:
        return _CATEGORY_TITLES[self.id]


class Agency(_Rule):
    """A handling unit that is not a commune."""

    code: str = Field(pattern=r"^[a-z0-9_]+$")
    name: str
    kind: Literal["centre", "agency", "company"]


class Regulation(_Rule):
    """All of it. ``states``, ``actions``, ``levels``, ``categories`` and ``agencies`` are by id (name for agencies)."""

    format: Literal[1]
    code_prefix: str = Field(pattern=r"^[A-Z]{1,6}$")
    reporter_seen_by: frozenset[Role]
    calendar: CalendarRule
    statistics: StatisticsRule
    deadlines: DeadlineRule
    duplicates: DuplicateRule
    privacy: PrivacyRule
    photos: PhotoRule
    text: TextRule
    level: tuple[Level, ...]
    state: tuple[State, ...]
    action: tuple[Action, ...]
    category: tuple[Category, ...]
    agency: tuple[Agency, ...]

    @cached_property
    def levels(self) -> Mapping[str, Level]:
        return {item.id: item for item in self.level}

    @cached_property
    def states(self) -> Mapping[str, State]:
        return {item.id: item for item in self.state}

    @cached_property
    def actions(self) -> Mapping[str, Action]:
        return {item.id: item for item in self.action}

    @cached_property
    def categories(self) -> Mapping[str, Category]:
        return {item.id: item for item in self.category}

    @cached_property
    def agencies(self) -> Mapping[str, Agency]:
        return {item.name: item for item in self.agency}

    def states_counting(self, *kinds: CountsAs) -> list[str]:
        """Ids of the states that count as one of these."""
        return [item.id for item in self.state if item.counts_as in kinds]

    @property
    def open_states(self) -> list[str]:
        """States of cases somebody still has to work on."""
        return self.states_counting("backlog", "open")

    @property
    def public_states(self) -> list[str]:
        """States whose cases everybody may see: on the map, in feeds and lists."""
        return [item.id for item in self.state if item.public == "yes"]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        _same("states", {item.id for item in self.state}, set(_STATE_TITLES))
        _same("categories", {item.id for item in self.category}, set(_CATEGORY_TITLES))
        _same("levels", {item.id for item in self.level}, {"emergency", "ordinary", "complex"})
        for kind in ("level", "state", "action", "category"):
            ids = [item.id for item in getattr(self, kind)]
            if twice := sorted({i for i in ids if ids.count(i) > 1}):
                raise ValueError(f"{kind} stands twice: {', '.join(twice)}")
        for action in self.action:
            named = {*action.start, *([action.to] if action.to is not None else [])}
            if wrong := sorted(named - set(self.states)):
                raise ValueError(f"action {action.id!r} names a state that is not there: {', '.join(wrong)}")
        for category in self.category:
            if category.level not in self.levels:
                raise ValueError(f"category {category.id!r} names a level that is not there: {category.level}")
            if category.unit != COMMUNE and category.unit not in self.agencies:
                raise ValueError(f"category {category.id!r} is handled by {category.unit!r}, which is no agency below")
        if unknown := sorted(self.privacy.snapped_categories - set(self.categories)):
            raise ValueError(f"snapped_categories names what is no category: {', '.join(unknown)}")
        return self


_STATE_TITLES = {code.value: code.title for code in FEEDBACK_STATES}
_CATEGORY_TITLES = {code.value: code.title for code in FEEDBACK_CATEGORIES}


def _same(what: str, given: set[str], wanted: set[str]) -> None:
    if missing := sorted(wanted - given):
        raise ValueError(f"{what} missing: {', '.join(missing)}")
    if unknown := sorted(given - wanted):
        raise ValueError(f"{what} that the program does not know: {', '.join(unknown)}")


def read_rules(path: Path = DEFAULT) -> Regulation:
    """Read a regulation.

    :raises RulesError: when the file is missing, no TOML, or says what does not fit together.
    """
    try:
        return Regulation.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise RulesError(f"{path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulesError(f"{path} is not TOML: {error}.") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        said = first["msg"].removeprefix("Value error, ")
        raise RulesError(f"{path.name}{f', {where}' if where else ''}: {said}.") from None
