"""What a question asks for, once it is understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

type MeasureKind = Literal["parameter", "index", "indicator", "feedback", "features", "land", "alerts", "grid"]
type What = Literal["value", "mean", "sum", "max", "min", "count", "list", "rank", "forecast"]
type Compare = Literal["none", "same_period", "previous", "plan"]
type Grain = Literal["now", "hours", "day", "days", "week", "month", "months", "quarter", "year"]
type Level = Literal["province", "district", "commune", "station"]


@dataclass(frozen=True)
class Measure:
    """Something that is measured or counted. ``name`` is a parameter, an index, an indicator, a class ('' = all)."""

    kind: MeasureKind
    layer: str
    name: str = ""
    filters: tuple[tuple[str, str], ...] = ()  # feedback: category, overdue, open; features: column = code


@dataclass(frozen=True)
class Place:
    """A unit (key of a version) or a station (key in its layer)."""

    kind: Literal["unit", "station"]
    key: str
    title: str
    level: Level
    layer: str = "admin_unit"


@dataclass(frozen=True)
class Period:
    """Local days first..last, both included; ``hours`` when counted back from the data clock."""

    grain: Grain
    first: date
    last: date
    hours: int = 0
    cumulative: bool = False  # luỹ kế: from 1 January on


@dataclass(frozen=True)
class Query:
    """A question, understood. ``by`` is the level a ranking is made over."""

    measure: Measure
    what: What
    place: Place | None  # None: the province
    period: Period
    compare: Compare = "none"
    by: Level | None = None
    ascending: bool = False
    limit: int = 5
    guessed: tuple[str, ...] = ()  # what was not said and taken for granted: period, place


@dataclass(frozen=True)
class Unclear:
    """Not understood: why, and what could have been meant (whole questions that would be understood)."""

    reason: Literal["empty", "no_measure", "several_measures", "several_places", "unknown_place", "not_held", "future"]
    options: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True)
class Reading:
    """A parse for display and for tests: which words were taken for what."""

    query: Query | Unclear
    spans: tuple[tuple[str, str], ...] = field(default=())  # (words, meaning)
