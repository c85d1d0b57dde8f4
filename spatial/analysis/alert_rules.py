"""When a rule holds, hour by hour, and how hours become events. Arrays in and out; time runs along the first axis.

A state is 1 (the rule holds), 0 (it does not, and that is known) or -1 (no data: nobody knows).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type States = NDArray[np.int8]

HOLDS, GOOD, UNKNOWN = np.int8(1), np.int8(0), np.int8(-1)


@dataclass(frozen=True)
class Episode:
    """Hours of one event, as indices into the window: first and last hour in which the rule held, and the hour in which
    it was found over (None: it goes on).
    """

    first: int
    last: int
    ended: int | None


def rolling_mean(values: Floats, hours: int, *, share: float = 0.75) -> Floats:
    """Mean of the last ``hours`` values along axis 0, NaN where fewer than ``share`` of them are known.

    The first ``hours - 1`` rows see less than a full span and are judged by the same share of ``hours``.
    """
    if hours == 1:
        return values
    known = ~np.isnan(values)
    sums = _trailing_sum(np.where(known, values, 0.0), hours)
    counts = _trailing_sum(known.astype(float), hours)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(counts >= np.ceil(share * hours - 1e-9), sums / counts, np.nan)


def rolling_count(marks: NDArray[np.bool_], hours: int) -> NDArray[np.int64]:
    """How many of the last ``hours`` rows are true."""
    return np.rint(_trailing_sum(marks.astype(float), hours)).astype(np.int64)


def _trailing_sum(values: Floats, hours: int) -> Floats:
    total = np.cumsum(values, axis=0)
    total[hours:] -= total[:-hours].copy()
    return total


def beyond(values: Floats, bound: Floats | float, *, below: bool = False) -> States:
    """Where a value is over (under, with ``below``) its bound. A NaN bound means that there was none: not held."""
    with np.errstate(invalid="ignore"):
        held = (values < bound) if below else (values > bound)
    return np.where(np.isnan(values), UNKNOWN, np.where(held, HOLDS, GOOD)).astype(np.int8)


def sustained(state: States, hours: int) -> States:
    """Only holds of at least ``hours`` known hours in a row stay; shorter ones count as good. One-dimensional.

    Hours without data neither count nor break a row, so that a gap does not hide what goes on.
    """
    if hours <= 1 or not (state == HOLDS).any():
        return state
    kept = state.copy()
    known = np.flatnonzero(state != UNKNOWN)
    held = state[known] == HOLDS
    edges = np.flatnonzero(np.diff(np.concatenate(([False], held, [False])).astype(np.int8)))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if end - start < hours:
            kept[known[start:end]] = GOOD
    return kept


def union(states: list[States]) -> States:
    """1 where any holds; else 0 where any is known; else -1."""
    stacked = np.stack(states)
    return np.asarray(stacked.max(axis=0), dtype=np.int8)


def episodes(state: States, *, end_after: int, give_up_after: int) -> list[Episode]:
    """Events of one subject.

    An event ends after ``end_after`` good hours, or with the first good value twice as long after the last bad one (in
    series measured seldom), or when nothing has been known for ``give_up_after`` hours. Until then a new hold belongs
    to the same event.
    """
    found: list[Episode] = []
    first = last = -1
    good = 0
    last_known = -1
    for hour in np.flatnonzero(state != UNKNOWN).tolist():
        if first >= 0 and hour - last_known > give_up_after:
            found.append(Episode(first, last, last_known + give_up_after))
            first = -1
        last_known = hour
        if state[hour] == HOLDS:
            first = hour if first < 0 else first
            last, good = hour, 0
        elif first >= 0:
            good += 1
            if good >= end_after or hour - last >= 2 * end_after:
                found.append(Episode(first, last, hour))
                first = -1
    if first >= 0:
        over = last_known + give_up_after
        found.append(Episode(first, last, over if len(state) - 1 > over else None))
    return found
