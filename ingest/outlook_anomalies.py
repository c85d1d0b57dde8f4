"""Unusual figures of all tables: what each could be expected to be, why it is not, and evidence from other series."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ingest.outlook_tables import Panel
from layers.model import Indicator
from layers.related_indicators import RELATED
from spatial.analysis import anomaly_causes as causes
from spatial.analysis.anomaly_causes import CAUSES, NUMBER, REPORT_CAUSES, Case
from spatial.analysis.anomaly_indicator import Expectation, expect

# Report faults that say the true figure was as expected: projections use that instead.
CORRECTED = ("sign", "zero", "unit_factor", "digit", "cumulative")


@dataclass(frozen=True)
class Judged:
    """A table of figures with what was found; ``causes`` are places in CAUSES."""

    panel: Panel
    expectation: Expectation
    causes: NDArray[np.int8]

    def corrected(self) -> NDArray[np.float64]:
        """Figures with those that are surely slips of the report replaced by what was expected."""
        slips = np.isin(self.causes, [NUMBER[cause] for cause in CORRECTED]) & np.isfinite(self.expectation.expected)
        return np.where(slips, self.expectation.expected, self.panel.values)


def judge(panels: Sequence[Panel], catalogue: Mapping[str, Indicator]) -> list[Judged]:
    """Judge all tables, each series on its own first, then with its parts and related indicators beside it."""
    found = [_judge_panel(panel, catalogue) for panel in panels]
    for item in found:
        _compare_parts(item, catalogue)
    _compare_related(found)
    return found


def _judge_panel(panel: Panel, catalogue: Mapping[str, Indicator]) -> Judged:
    own = panel.own & ~np.array([catalogue[course.code].computed for course in panel.courses])  # nobody's report
    counts = np.array([catalogue[course.code].decimals == 0 for course in panel.courses]) & (not panel.rate)
    expectation = expect(
        panel.values, rate=panel.rate, groups=panel.groups, families=panel.families, judged=own, counts=counts,
        first_year=panel.first_year, steps=panel.steps,
    )  # fmt: skip
    case = Case(
        panel.values, expectation, own, panel.groups, counts, panel.steps,
        adds_up=panel.how == "sum", rate=panel.rate,
    )  # fmt: skip
    return Judged(panel, expectation, causes.find_causes(case))


def _compare_parts(item: Judged, catalogue: Mapping[str, Indicator]) -> None:
    """A province against the sum of its communes; the commune that explains the gap gets the blame."""
    panel = item.panel
    for family in np.unique(panel.families):
        mine = panel.families == family
        if catalogue[panel.courses[int(np.argmax(mine))].code].across != "sum":
            continue
        levels = np.array([course.level for course in panel.courses])
        whole, parts = np.flatnonzero(mine & (levels == "province")), np.flatnonzero(mine & (levels == "commune"))
        parts = parts[panel.own[:, parts].any(axis=0)]
        if len(whole) != 1 or len(parts) < 2:
            continue
        total = np.where(panel.own[:, parts].all(axis=1), panel.values[:, parts].sum(axis=1), np.nan)
        top = int(whole[0])
        apart, should = causes.parts_differ(np.where(panel.own[:, top], panel.values[:, top], np.nan), total)
        for row in np.flatnonzero(apart):
            _blame(item, int(row), top, parts, float(total[row] - should[row]))


def _blame(item: Judged, row: int, whole: int, parts: NDArray[np.int64], gap: float) -> None:
    """The communes whose odd figures make up the gap; the province itself where they do not."""
    excess = item.panel.values[row, parts] - item.expectation.expected[row, parts]
    places = item.causes[row, parts]
    odd = (places > 0) & np.isfinite(excess)
    slips = odd & np.isin(places, [NUMBER[cause] for cause in REPORT_CAUSES])
    left = gap - float(np.where(slips, excess, 0.0).sum())
    alone = odd & ~slips & (np.abs(excess - left) < 0.3 * abs(left))
    lonely = odd & np.isin(places, [NUMBER["sudden"], NUMBER["persists"]])
    for suspects in (alone, lonely):
        if suspects.any() and (suspects is alone or abs(left - float(excess[suspects].sum())) < 0.3 * abs(left)):
            item.causes[row, parts[suspects]] = NUMBER["parts_differ"]
            return
    if not slips.any() and CAUSES[item.causes[row, whole]] not in CORRECTED:
        item.causes[row, whole] = NUMBER["parts_differ"]


def _compare_related(found: Sequence[Judged]) -> None:
    where = {
        (course.unit_id, course.code): (item, column)
        for item in found
        for column, course in enumerate(item.panel.courses)
    }

    for item in found:

        def lookup(row: int, column: int, item: Judged = item) -> list[tuple[float, int]]:
            course = item.panel.courses[column]
            others = []
            for code, sign in RELATED.get(course.code, {}).items():
                if (course.unit_id, code) in where:
                    other, place = where[course.unit_id, code]
                    other_row = _row_of(other.panel, item.panel.period(row))
                    if other_row is not None:
                        others.append((float(other.expectation.score[other_row, place]), sign))
            return others

        causes.related_moves(item.causes, item.expectation.score, lookup)


def _row_of(panel: Panel, period: date) -> int | None:
    months = (period.year - panel.first_year) * 12 + period.month - 1
    row, rest = divmod(months, 12 // panel.steps)
    return row if rest == 0 and 0 <= row < len(panel.values) else None


def anomaly_rows(item: Judged) -> Iterator[tuple[object, ...]]:
    """Rows of ``derived.indicator_anomaly``."""
    found = item.expectation
    for row, column in zip(*np.nonzero(item.causes), strict=True):
        course, cause = item.panel.courses[column], CAUSES[item.causes[row, column]]
        numbers = (
            item.panel.values[row, column], found.expected[row, column], found.low[row, column],
            found.high[row, column], found.score[row, column],
        )  # fmt: skip
        if np.isfinite(numbers).all():
            yield (course.unit_id, course.code, item.panel.period(int(row)), *(float(value) for value in numbers),
                   causes.kind_of(cause), cause)  # fmt: skip
