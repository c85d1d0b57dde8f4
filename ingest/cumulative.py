"""Cumulative figures (luỹ kế) taken apart into the months or quarters they were added up from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from layers.model import Indicator
from spatial.periods import previous, so_far

type Key = tuple[str, str]  # unit key, indicator
type Known = Mapping[tuple[str, str, date], float]  # figures of single periods, by unit key, indicator, period

# Printed figures are rounded: a difference this much below zero, relative to the sum, is rounding.
ROUNDING = 1e-3


@dataclass(frozen=True, slots=True)
class Reported:
    """One row of a file that passed every check of its own."""

    line: int
    raw: dict[str, Any]
    unit_key: str
    unit_id: int
    code: str
    period: date
    state: str
    value: float
    published_on: date | None


@dataclass(frozen=True, slots=True)
class Refused:
    """A cumulative figure that cannot be taken apart."""

    row: Reported
    reason: str
    message: str


def take_apart(
    rows: Sequence[Reported], known: Known, catalogue: Mapping[str, Indicator]
) -> tuple[list[Reported], list[Refused]]:
    """Each cumulative figure less the one before it: of the file, else the sum of the single figures ``known``.

    Stocks are the same whether called cumulative or not. A rate cannot be taken apart; a sum that falls is refused, as
    is one whose earlier periods nobody knows. Figures of several states are taken apart by state.
    """
    groups: dict[tuple[str, str, str, int], list[Reported]] = defaultdict(list)
    good: list[Reported] = []
    bad: list[Refused] = []
    for row in rows:
        how = catalogue[row.code].how
        if how == "last":
            good.append(row)
        elif how == "weighted_mean":
            bad.append(Refused(row, "cumulative_rate", "Tỷ lệ lũy kế không tách được thành từng kỳ."))
        else:
            groups[row.unit_key, row.code, row.state, row.period.year].append(row)
    for group in groups.values():
        _one_year(sorted(group, key=lambda row: row.period), known, catalogue[group[0].code], good, bad)
    return good, bad


def _one_year(
    rows: Sequence[Reported], known: Known, item: Indicator, good: list[Reported], bad: list[Refused]
) -> None:
    sums: dict[date, float] = {}
    for row in rows:
        before = previous(item, row.period)
        earlier = so_far(item, row.period)[:-1]
        if not earlier:
            base: float | None = 0.0
        elif before in sums:
            base = sums[before]
        else:
            single = [known.get((row.unit_key, row.code, period)) for period in earlier]
            base = None if None in single else sum(value for value in single if value is not None)
        sums[row.period] = row.value
        if base is None:
            bad.append(Refused(row, "cumulative_gap", "Chưa có số liệu các kỳ trước nên không tách được số lũy kế."))
            continue
        value = row.value - base
        if value < -ROUNDING * abs(base):
            text = f"Số lũy kế {row.value:g} nhỏ hơn lũy kế kỳ trước {base:g}: giá trị trong kỳ sẽ âm."
            bad.append(Refused(row, "cumulative_falls", text))
            continue
        good.append(replace(row, value=max(value, 0.0)))
