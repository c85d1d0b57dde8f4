"""What needs somebody first: findings of all subjects -> lines, one per cause and page, in a declared order.

Pure: no connection, no clock. A finding lies in one unit; the pages that may show it are that unit and those above it.
On each page the findings of one cause become one line, so that an alarm storm is one line; pages on which a line would
hold the same findings share it. Severity comes from a rule over the line as a whole, because ten late cases weigh more
than one. Order: severity, then points for people, duration, trend, deadline and whether anybody is on it (``POINTS``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import log10
from typing import Any, Literal

type Severity = Literal["minor", "moderate", "severe", "extreme"]
type Subject = Literal["alert", "plan", "anomaly", "feedback", "camera", "data"]
type Facts = dict[str, Any]

SEVERITIES: tuple[Severity, ...] = ("minor", "moderate", "severe", "extreme")
STEP = 1000.0  # between two severities; all points together stay below it
# The most each part may give. Our own convention: no regulation ranks matters of different subjects against each other.
POINTS: Mapping[str, float] = {"people": 300, "lasting": 200, "trend": 150, "deadline": 200, "nobody": 100}
PEOPLE_FULL = 7.0  # log10: ten million people give all points
LASTING_FULL = 24 * 30  # hours: a month gives all points
DEADLINE_NEAR = 48.0  # hours ahead from which a deadline gives points
STEADY = 0.05  # a smaller share of change is no trend


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as the tree knows it; ``above`` are the pages over it, the nearest first."""

    id: int
    level: str
    above: tuple[int, ...] = ()
    people: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be, in one unit.

    ``cause``: findings of the same cause are one line of a page. ``count``: how many things it stands for.
    ``measure``: grows as it gets worse, for the trend. ``since`` None: seen now for the first time. ``people``: None =
    those who live in the unit. ``own``: it is about the unit as a whole, and leads those of the units below.
    """

    subject: Subject
    cause: str
    kind: str
    domain: str
    unit_id: int
    facts: Facts
    url: str
    since: datetime | None = None
    until: datetime | None = None
    who: str | None = None
    nobody: bool = False
    people: float | None = None
    count: int = 1
    measure: float = 0.0
    own: bool = False
    weight: int = 0  # the heaviest leads its line, then the worst measure


@dataclass(frozen=True, slots=True)
class Line:
    """Findings of one cause as one page shows them, the leading one first."""

    members: tuple[Finding, ...]
    unit_id: int
    unit_ids: tuple[int, ...]
    people: float

    @property
    def lead(self) -> Finding:
        return self.members[0]

    @property
    def key(self) -> str:
        """Stable name within the subject."""
        return f"{self.lead.cause}@{self.unit_id}"

    @property
    def count(self) -> int:
        return sum(member.count for member in self.members)

    @property
    def units(self) -> int:
        """Units the findings lie in."""
        return len({member.unit_id for member in self.members})

    @property
    def measure(self) -> float:
        """How bad: of the unit itself when it has a finding of its own, else of all of them."""
        return (
            self.lead.measure
            if self.lead.own and self.lead.unit_id == self.unit_id
            else sum(member.measure for member in self.members)
        )


@dataclass(frozen=True, slots=True)
class Before:
    """What the table says of a line since its last run."""

    cause: str
    unit_ids: frozenset[int]
    since: datetime
    course: tuple[tuple[str, float], ...] = ()  # (time, measure), the oldest first


@dataclass(frozen=True, slots=True)
class Item:
    """A line with its place in the order."""

    line: Line
    severity: Severity
    since: datetime
    until: datetime | None
    rank: float
    why: tuple[tuple[str, float], ...]
    course: tuple[tuple[str, float], ...] = field(default=())


type Grade = Callable[[Line], Severity]


def draw_lines(findings: Iterable[Finding], places: Mapping[int, Place]) -> list[Line]:
    """One line per cause and page; findings in units outside the tree are left out.

    Every finding is on the page of its own unit and on those above; a page never has two lines of one cause.
    """
    by_cause: dict[tuple[str, str], dict[int, list[Finding]]] = {}
    for finding in findings:
        if finding.unit_id not in places:
            continue
        pages = by_cause.setdefault((finding.subject, finding.cause), {})
        for page in (finding.unit_id, *places[finding.unit_id].above):
            pages.setdefault(page, []).append(finding)
    lines: list[Line] = []
    for pages in by_cause.values():
        together: dict[tuple[int, ...], list[int]] = {}
        for page, members in pages.items():
            together.setdefault(tuple(sorted(id(member) for member in members)), []).append(page)
        for shared in together.values():
            lowest = max(shared, key=lambda page: (len(places[page].above), -page))
            members = pages[lowest]
            lines.append(
                Line(_ordered(members, lowest), lowest, tuple(sorted(shared)), _people(members, lowest, places))
            )
    return lines


def _ordered(members: Sequence[Finding], page: int) -> tuple[Finding, ...]:
    def order(one: Finding) -> tuple[object, ...]:
        return (not (one.own and one.unit_id == page), -one.weight, -one.measure, one.unit_id, one.url)

    return tuple(sorted(members, key=order))


def _people(members: Sequence[Finding], page: int, places: Mapping[int, Place]) -> float:
    """People concerned: as the findings say, else those of the units, each unit once and none inside another."""
    said = [member.people for member in members if member.people is not None]
    if said:
        return sum(said)
    units = {member.unit_id for member in members}
    if page in units:
        return places[page].people
    return sum(places[unit].people for unit in units if not units & set(places[unit].above))


def rank_lines(
    lines: Iterable[Line], grades: Mapping[str, Grade], before: Sequence[Before], now: datetime
) -> list[Item]:
    """Lines in the order in which they should be looked at; ``grades`` has a rule for every kind.

    The order is total: severity and points, then the older one, then the key; it does not depend on the input's order.
    """
    known: dict[str, list[Before]] = {}
    for row in before:
        known.setdefault(row.cause, []).append(row)
    items = [_item(line, grades[line.lead.kind](line), known.get(line.lead.cause, ()), now) for line in lines]
    return sorted(items, key=lambda item: (-item.rank, item.since, item.line.lead.subject, item.line.key))


def _item(line: Line, severity: Severity, known: Sequence[Before], now: datetime) -> Item:
    pages = set(line.unit_ids)
    same = [row for row in known if pages & row.unit_ids]
    natural = min((member.since for member in line.members if member.since is not None), default=None)
    since = min([row.since for row in same] + [natural or now])
    until = min((member.until for member in line.members if member.until is not None), default=None)
    past = max((row.course for row in same), key=len, default=())
    course = remember(past, now, line.measure)
    why = reasons(line, since, until, trend(past, now, line.measure), now)
    rank = SEVERITIES.index(severity) * STEP + sum(points for _, points in why)
    return Item(line, severity, since, until, round(rank, 3), why, course)


COURSE_STEP = timedelta(hours=6)
COURSE_KEPT = 12


def remember(past: Sequence[tuple[str, float]], now: datetime, measure: float) -> tuple[tuple[str, float], ...]:
    """The course of a line: at most one point in six hours, three days of them, the newest always current."""
    kept = list(past)
    if kept and len(kept) > 1 and now - datetime.fromisoformat(kept[-2][0]) < COURSE_STEP:
        kept.pop()
    return (*kept[-(COURSE_KEPT - 1) :], (now.isoformat(), round(measure, 4)))


def trend(past: Sequence[tuple[str, float]], now: datetime, measure: float) -> int:
    """1 worse than a day before (or than at the first sight), -1 better, 0 steady or not known."""
    day_before = (now - timedelta(hours=24)).isoformat()
    older = [value for at, value in past if at <= day_before] or [value for _, value in past[:1]]
    if not older:
        return 0
    base = older[-1]
    change = (measure - base) / max(abs(base), 1e-9)
    return 0 if abs(change) < STEADY else 1 if change > 0 else -1


def reasons(
    line: Line, since: datetime, until: datetime | None, direction: int, now: datetime
) -> tuple[tuple[str, float], ...]:
    """Points beside the severity, by part; the sum is below the step between two severities."""
    hours = max(0.0, (now - since).total_seconds() / 3600)
    parts: dict[str, float] = {
        "people": min(1.0, log10(line.people + 1) / PEOPLE_FULL) if line.people > 0 else 0.0,
        "lasting": min(1.0, log10(hours + 1) / log10(LASTING_FULL + 1)),
        "trend": {1: 1.0, 0: 1 / 3, -1: 0.0}[direction],
        "deadline": _nearness(until, now),
        "nobody": 1.0 if any(member.nobody for member in line.members) else 0.0,
    }
    return tuple((name, round(POINTS[name] * share, 2)) for name, share in parts.items() if share > 0)


def _nearness(until: datetime | None, now: datetime) -> float:
    if until is None:
        return 0.0
    ahead = (until - now).total_seconds() / 3600
    return 1.0 if ahead <= 0 else max(0.0, 1 - ahead / DEADLINE_NEAR)


def worst(severities: Iterable[Severity]) -> Severity:
    """The gravest of them."""
    return SEVERITIES[max(SEVERITIES.index(severity) for severity in severities)]
