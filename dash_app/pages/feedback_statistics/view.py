"""Pure half of the statistics: rows of the roll-up -> cards, tables and rankings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import Any, Literal

type Row = Mapping[str, Any]
type Good = Literal["up", "down", "none"]

HOURS = (1, 2, 4, 8, 24, 48, 72, 120, 240, 480, 960)  # upper bounds of the histogram's bins; the last bin is open
Z95 = 1.959964


@dataclass(frozen=True)
class Measure:
    """One figure of a month. ``share``: a share of ``of``; a share of nothing does not exist, it is not 0 %."""

    name: str
    good: Good
    share: bool = False

    def value(self, row: Row | None) -> float | None:
        """The figure of a row of the roll-up; None where there is none."""
        if row is None:
            return None
        if self.name == "median_hours":
            return None if row["median_hours"] is None else float(row["median_hours"])
        if not self.share:
            return float(row[self.name])
        part, whole = SHARES[self.name]
        return row[part] / row[whole] if row[whole] else None

    def cases(self, row: Row | None) -> int | None:
        """Number of cases a share or a median rests on."""
        if row is None:
            return None
        if self.share:
            return int(row[SHARES[self.name][1]])
        return int(row["processed"]) if self.name == "median_hours" else None


SHARES: Mapping[str, tuple[str, str]] = {
    "on_time_rate": ("on_time", "processed"),
    "satisfied_rate": ("satisfied", "rated"),
    "reopen_rate": ("reopened", "processed"),
    "processed_rate": ("processed", "received"),
}
MEASURES = (
    Measure("received", "none"),
    Measure("processed", "none"),
    Measure("on_time_rate", "up", share=True),
    Measure("overdue", "down"),
    Measure("satisfied_rate", "up", share=True),
    Measure("median_hours", "down"),
    Measure("reopen_rate", "down", share=True),
)


@dataclass(frozen=True)
class Change:
    """Against another month. Shares in percentage points, the rest relative; None where nothing can be compared."""

    value: float | None
    points: bool


def change(measure: Measure, now: Row | None, before: Row | None) -> Change:
    """How a figure differs from that of another month; nothing is compared with zero or with nothing."""
    new, old = measure.value(now), measure.value(before)
    if new is None or old is None:
        return Change(None, measure.share)
    if measure.share:
        return Change((new - old) * 100, True)
    return Change((new - old) / old if old else None, False)


def wilson(part: int, whole: int) -> tuple[float, float] | None:
    """95 % interval of a share (Wilson 1927, score interval); None of nothing."""
    if whole <= 0:
        return None
    share, square = part / whole, Z95**2
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    half = Z95 / (1 + square / whole) * sqrt(share * (1 - share) / whole + square / (4 * whole**2))
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Place:
    """A line of a league table; ``rank`` None: too few processed cases to be ranked."""

    name: str
    key: str
    row: Row
    rank: int | None
    share: float | None
    low: float | None
    high: float | None


def league(rows: Sequence[tuple[str, str, Row]], least: int) -> list[Place]:
    """(name, key, row) by the share on time, the best first; those with fewer than ``least`` processed come after.

    Equal shares have equal ranks. Small numbers are not ranked: one late case of two would put a unit last.
    """
    found = []
    for name, key, row in rows:
        interval = wilson(row["on_time"], row["processed"])
        share = row["on_time"] / row["processed"] if row["processed"] else None
        low, high = interval or (None, None)
        found.append(Place(name, key, row, None, share, low, high))
    counted = [place for place in found if place.row["processed"] >= least and place.share is not None]
    small = [place for place in found if place not in counted]
    counted.sort(key=lambda place: (-(place.share or 0), -place.row["processed"], place.name))
    ranked: list[Place] = []
    for place in counted:
        better = sum((other.share or 0) > (place.share or 0) for other in counted)
        ranked.append(Place(place.name, place.key, place.row, better + 1, place.share, place.low, place.high))
    small.sort(key=lambda place: (-place.row["processed"], -place.row["received"], place.name))
    return ranked + small


def every_day(rows: Sequence[Row], first: date, last: date) -> list[dict[str, Any]]:
    """A row for each day of a span: a day without cases is a zero, not a gap."""
    by_day = {row["day"]: row for row in rows}
    nothing = {"received": 0, "processed": 0, "processed_late": 0}
    return [
        {"day": day, **{name: (by_day.get(day) or nothing)[name] for name in nothing}}
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
    ]
