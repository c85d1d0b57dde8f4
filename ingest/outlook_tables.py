"""Figures of indicators as tables of periods by series, one for each way of adding up and each length of a period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from layers.model import Indicator
from spatial.analysis.indicators import is_rate
from spatial.analysis.outlook import How
from spatial.analysis.outlook_year import Table, roughness
from spatial.queries.outlook import Course

STEPS = {"month": 12, "quarter": 4}
AIMS = {"up": 1, "down": -1, "neutral": 0}


@dataclass(frozen=True)
class Panel:
    """Series of one ``how`` and period: (periods, series) from January of ``first_year`` to the last ended period."""

    courses: list[Course]
    how: How
    rate: bool  # differences are points
    steps: int
    first_year: int
    values: NDArray[np.float64]
    estimated: NDArray[np.bool_]
    own: NDArray[np.bool_]
    groups: NDArray[np.int64]
    families: NDArray[np.int64]

    def period(self, row: int) -> date:
        """First day of a row's period."""
        return date(self.first_year + row // self.steps, row % self.steps * (12 // self.steps) + 1, 1)


def panels(courses: Sequence[Course], catalogue: Mapping[str, Indicator], *, today: date) -> Iterator[Panel]:
    """Tables of all series with monthly or quarterly figures; the period that still runs is left out."""
    kinds: dict[tuple[How, bool, str], list[Course]] = {}
    for course in courses:
        item = catalogue[course.code]
        if item.period in STEPS:
            kinds.setdefault((item.how, is_rate(item.unit.vi), item.period), []).append(course)
    for (how, rate, period), mine in sorted(kinds.items()):
        yield _panel(mine, how, rate, STEPS[period], today)


def _panel(courses: list[Course], how: How, rate: bool, steps: int, today: date) -> Panel:
    months = 12 // steps
    first_year = min(_months(course)[0] for course in courses) // 12
    rows = ((today.year - first_year) * 12 + today.month - 1) // months  # periods that have ended
    values = np.full((max(rows, 0), len(courses)), np.nan)
    estimated, own = np.zeros(values.shape, dtype=bool), np.zeros(values.shape, dtype=bool)
    for column, course in enumerate(courses):
        row, rest = np.divmod(_months(course) - first_year * 12, months)
        good = (rest == 0) & (row < rows) & np.isfinite(course.values)
        values[row[good], column] = course.values[good]
        estimated[row[good], column] = course.estimated[good]
        own[row[good], column] = course.own[good]
    codes = {code: number for number, code in enumerate(sorted({course.code for course in courses}))}
    names = sorted({(course.code, course.level) for course in courses})
    number = {name: place for place, name in enumerate(names)}
    return Panel(
        courses, how, rate, steps, first_year, values, estimated, own,
        np.array([number[course.code, course.level] for course in courses]),
        np.array([codes[course.code] for course in courses]),
    )  # fmt: skip


def _months(course: Course) -> NDArray[np.int64]:
    """Months since the year 0 of each figure."""
    return np.asarray(course.days.astype("datetime64[D]").astype("datetime64[M]").astype(int) + 1970 * 12)


def year_table(
    panel: Panel, figures: NDArray[np.float64], catalogue: Mapping[str, Indicator], year: int
) -> Table:  # fmt: skip
    """What the projection of a calendar year needs; figures after it are not in it.

    :param figures: ``panel.values``, or those without slips of the report.
    """
    start = (year - panel.first_year) * panel.steps
    values, estimated = figures[: start + panel.steps], panel.estimated[: start + panel.steps]
    items = [catalogue[course.code] for course in panel.courses]
    known = np.isfinite(values)
    least = np.where(known, values, np.inf).min(axis=0, initial=np.inf)
    most = np.where(known, values, -np.inf).max(axis=0, initial=-np.inf)
    percent = np.array([is_rate(item.unit.vi) and item.unit.vi.strip().startswith("%") for item in items])
    recent = estimated[max(start - 2 * panel.steps, 0) :]
    return Table(
        values, start, panel.steps, panel.how, panel.groups, panel.families,
        low=np.where(least >= 0, 0.0, -np.inf),
        high=np.where(percent & (most <= 100), 100.0, np.inf),
        plans=np.array([course.plans.get(year, np.nan) for course in panel.courses]),
        aim=np.array([AIMS[item.direction] for item in items]),
        counts=np.array([item.decimals == 0 for item in items]),
        widened=recent.any(axis=0),
        roughness=roughness(values, estimated, panel.groups),
    )  # fmt: skip
