"""Formulas of a socio-economic report. None means «no value», always for a reason that can be said.

Rules: project tables of indicator formulas; states of a figure: Law on Statistics 89/2015/QH13, article 3, 15-17.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Literal

type Direction = Literal["up", "down", "neutral"]
type Judgement = Literal["good", "bad", "neutral"]

# A later state replaces an earlier one on the screen; both stay in the table.
STATES = ("estimate", "preliminary", "official")

# A change smaller than this (per cent or percentage points) is rounding, not news.
STEADY = 0.05


def cumulate(values: Sequence[float | None], how: Literal["sum", "weighted_mean", "last"]) -> float | None:
    """Luỹ kế from the start of the year: amounts add up, stocks take the last value, rates are averaged.

    A missing period leaves no value: a sum with a hole is too small.
    """
    known = [value for value in values if value is not None]
    if not known or len(known) < len(values):
        return None
    if how == "last":
        return known[-1]
    return sum(known) if how == "sum" else sum(known) / len(known)


def plan_completion(actual: float | None, plan: float | None, direction: Direction = "up") -> float | None:
    """Hoàn thành kế hoạch in per cent; for lower-is-better the plan by the actual figure."""
    top, bottom = (plan, actual) if direction == "down" else (actual, plan)
    if top is None or bottom is None or bottom <= 0 or (plan is not None and plan <= 0):
        return None
    return top / bottom * 100


def growth(value: float | None, base: float | None) -> float | None:
    """Change in per cent against a base (the same period of last year, or the period before); +8.57, not 108.57."""
    if value is None or base is None or base <= 0:
        return None
    return (value / base - 1) * 100


def points(value: float | None, base: float | None) -> float | None:
    """Difference of two rates in percentage points."""
    if value is None or base is None:
        return None
    return value - base


def change(value: float | None, base: float | None, *, rate: bool) -> float | None:
    """Percentage points for rates, per cent for everything else."""
    return points(value, base) if rate else growth(value, base)


def cumulative_index(indices: Sequence[float]) -> float | None:
    """Chained indices with the same base, 100 = no change: 102.1 and 100.4 give 102.51."""
    return prod(index / 100 for index in indices) * 100 if indices else None


def part_of(count: float, total: float) -> float | None:
    """Per cent: done on time of done, satisfied of answered."""
    return count / total * 100 if total > 0 else None


def judge(difference: float | None, direction: Direction) -> Judgement:
    """Whether a change is good news for an indicator of which more is better (up), worse (down) or neither."""
    if difference is None or direction == "neutral" or abs(difference) < STEADY:
        return "neutral"
    return "good" if (difference > 0) == (direction == "up") else "bad"


def judge_plan(used: float | None, pace: float | None, direction: Direction, *, tolerance: float) -> Judgement:
    """Whether the share of a plan (or, lower is better, of a ceiling) keeps up with the share usual by now."""
    if used is None or pace is None or direction == "neutral":
        return "neutral"
    ahead = used - pace if direction == "up" else pace - used
    return "good" if ahead >= 0 else "bad" if ahead < -tolerance else "neutral"


def is_rate(unit: str) -> bool:
    """Units whose differences are points."""
    return unit.strip().startswith(("%", "‰"))


def newest_state(states: Sequence[str]) -> str | None:
    """The state that is shown: official before preliminary before estimate."""
    known = [state for state in STATES if state in states]
    return known[-1] if known else None


def weakest_state(states: Sequence[str]) -> str:
    """State of a figure put together from several: as uncertain as the weakest of them."""
    return next((state for state in STATES if state in states), "official")
