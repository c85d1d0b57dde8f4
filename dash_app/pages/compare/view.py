"""Pure half of the comparison: which stations an address names, and what is said of each in the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

type Row = dict[str, Any]
type Moment = datetime | date

MOST = 6
DAYS = (1, 7, 30, 365)
DEFAULT_DAYS = 7
# Six colours that people with colour blindness tell apart (Okabe and Ito), each with a line of its own.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#B8860B", "#56B4E9")
DASHES = ("solid", "solid", "solid", "dash", "dash", "dot")


@dataclass(frozen=True)
class Facts:
    """One line of the table."""

    mean: float | None
    highest: float | None
    at: Moment | None
    full: float  # share of the steps with a good value
    difference: float | None  # mean of value minus median, over steps that have both


def read_picks(text: str | None) -> list[str]:
    """«layer:key,layer:key» as a list without repetition, at most six."""
    picks = [part.strip() for part in (text or "").split(",") if ":" in part]
    return list(dict.fromkeys(picks))[:MOST]


def read_days(text: object) -> int:
    """Days of the window; the default when it is none of those offered."""
    return next((days for days in DAYS if str(days) == str(text)), DEFAULT_DAYS)


def facts_of(values: Sequence[tuple[Moment, float | None]], median: Mapping[Moment, float], steps: int) -> Facts:
    """What is said of a series: (moment, value or None) of the window of so many steps."""
    good = [(at, value) for at, value in values if value is not None]
    if not good:
        return Facts(None, None, None, 0.0, None)
    at, highest = max(good, key=lambda pair: pair[1])
    apart = [value - median[moment] for moment, value in good if moment in median]
    return Facts(
        sum(value for _, value in good) / len(good),
        highest,
        at,
        min(1.0, len(good) / steps) if steps else 0.0,
        sum(apart) / len(apart) if apart else None,
    )
