"""Pure half of the statistics: rows of the roll-up -> cards, tables and rankings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from spatial.queries.feedback_stats import wilson

type Row = Mapping[str, Any]
type Good = Literal["up", "down", "none"]


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
    """(name, key, row) by the lower end of the interval of the share on time, best first, as the roll-up ranks them.

    So 3 of 3 does not stand above 95 of 100. Equals share a rank. Units with fewer than ``least`` processed cases come
    after, not ranked: one late case of two would put a unit last.
    """
    found = []
    for name, key, row in rows:
        interval = wilson(row["on_time"], row["processed"])
        share = row["on_time"] / row["processed"] if row["processed"] else None
        low, high = interval
        found.append(Place(name, key, row, None, share, low, high))
    counted = [place for place in found if place.row["processed"] >= least and place.share is not None]
    small = [place for place in found if place not in counted]
    counted.sort(key=lambda place: (-(place.low or 0), place.name))
    ranked: list[Place] = []
    for place in counted:
        better = sum((other.low or 0) > (place.low or 0) for other in counted)
        ranked.append(Place(place.name, place.key, place.row, better + 1, place.share, place.low, place.high))
    small.sort(key=lambda place: (-place.row["processed"], -place.row["received"], place.name))
    return ranked + small
