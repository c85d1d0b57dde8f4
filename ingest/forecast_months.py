"""Tables of monthly indicators for the forecast job: comparable across the reform, one table per level of unit.

A series is never forecast through the break of its unit: months before it are sums over the units it came from (and a
former district goes on as the sum of the communes on its ground), as the job ``indicators`` puts them together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from layers.model import Layer
from spatial.months import add_months, months_between
from spatial.queries import forecasts, indicators
from spatial.queries.indicators import IndicatorValue

MONTHS = 84
THOROUGH_LEVELS = ("province", "district")


@dataclass(frozen=True)
class MonthTable:
    """(months, series) of the units of one level; rows end at ``last``."""

    series_ids: tuple[int, ...]
    groups: NDArray[np.int64]  # number of each series' indicator
    values: NDArray[np.float64]
    last: date
    thorough: bool

    def month(self, row: int) -> date:
        """First day of the month of a row; rows past the end are the months to come."""
        return add_months(self.last, row - (len(self.values) - 1))


def read_months(conn: Connection, *, layer: Layer, today: date) -> tuple[list[MonthTable], list[int]]:
    """Tables of units that are watched today, and the series of ended units, which go on elsewhere."""
    assert layer.indicators is not None
    codes = [item.code for item in layer.indicators.indicators if item.period == "month" and not item.computed]
    monthly = set(codes)
    series = [
        row
        for row in forecasts.list_series(conn, layer_id=layer.id)
        if row["unit_id"] is not None and row["parameter"] in monthly
    ]
    units = _units(conn, sorted({int(row["unit_id"]) for row in series}))
    watched = {
        i for i, (level, valid_to) in units.items() if level == "district" or valid_to is None or valid_to > today
    }
    ended = [int(row["id"]) for row in series if row["unit_id"] not in watched]
    first = add_months(today.replace(day=1), 1 - MONTHS)
    found = indicators.history(conn, unit_ids=sorted(watched), codes=codes, first=first, last=today)
    known = [value for value in found if value.state != "plan"]
    if not known:
        return [], ended
    last = max(value.period for value in known).replace(day=1)
    tables = []
    for level in ("province", "district", "commune"):
        mine = [row for row in series if row["unit_id"] in watched and units[row["unit_id"]][0] == level]
        if mine:
            tables.append(_table(mine, known, codes, add_months(last, 1 - MONTHS), last, level in THOROUGH_LEVELS))
    return tables, ended


def _table(
    series: list[forecasts.Row], known: list[IndicatorValue], codes: list[str], first: date, last: date, thorough: bool
) -> MonthTable:
    column = {(row["unit_id"], row["parameter"]): index for index, row in enumerate(series)}
    number = {code: index for index, code in enumerate(codes)}
    values = np.full((months_between(first, last) + 1, len(series)), np.nan)
    for figure in known:
        index = column.get((figure.unit_id, figure.code))
        if index is not None and figure.period >= first:
            values[months_between(first, figure.period), index] = figure.value
    groups = np.array([number.get(row["parameter"], -1) for row in series], dtype=np.int64)
    return MonthTable(tuple(int(row["id"]) for row in series), groups, values, last, thorough)


def _units(conn: Connection, ids: list[int]) -> dict[int, tuple[str, date | None]]:
    rows = conn.execute(text("SELECT id, level, valid_to FROM core.admin_unit WHERE id = ANY(:ids)"), {"ids": ids})
    return {row.id: (row.level, row.valid_to) for row in rows}
