"""Job ``indicators``: figures of units for times in which they did not exist."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import numpy as np
import pyarrow as pa
from sqlalchemy import Connection, text

from ingest.load import driver
from ingest.quarantine import copy_rows
from spatial.access import SYSTEM, connect
from spatial.admin_units import METHODS, Unit
from spatial.analysis.crosswalk import Crosswalk, Figures, combine
from spatial.analysis.indicators import STATES
from spatial.periods import reference_day
from spatial.progress import Progress
from spatial.queries import indicators, units
from spatial.queries.statements import Row, sql
from spatial.queries.versions import bump_version, get_watermark, set_watermark, version_mark

MARK = "indicators"
LAYERS = ["admin_unit", "indicator"]

type Column = tuple[date, str, date | None]  # period, code; of a plan the day it was issued


@dataclass(frozen=True, slots=True)
class Fact:
    """An own figure, or a version of an own plan (``issued_on``); ``day``: the unit must be in force on it."""

    unit_id: int
    code: str
    period: date
    issued_on: date | None
    value: float
    state: int  # place in STATES
    day: date


def put_together(progress: Progress) -> str:
    """All units, anew when figures, units or links changed; one transaction. Rows that stay the same stay alone."""
    with connect(SYSTEM) as conn:
        mark = version_mark(conn, layer_ids=LAYERS)
        if mark == get_watermark(conn, name=MARK):
            return "nothing new"
        changed = write_months(conn, progress)
        if changed:  # caches and forecasts have to see it
            bump_version(conn, layer_id="indicator")
            mark = version_mark(conn, layer_ids=LAYERS)
        set_watermark(conn, name=MARK, value=mark)
    return f"{changed} figures put together anew"


def write_months(conn: Connection, progress: Progress) -> int:
    """Compute ``derived.indicator_month`` and ``derived.indicator_plan`` from scratch and bring the tables there.

    Returns the rows changed.
    """
    for name in ("indicator_month", "indicator_plan"):
        conn.execute(text(f"CREATE TEMPORARY TABLE staging_{name} (LIKE derived.{name}) ON COMMIT DROP"))
    for months, plans in _tables(conn, progress):
        copy_rows(driver(conn), "COPY staging_indicator_month FROM STDIN (FORMAT csv)", months)
        copy_rows(driver(conn), "COPY staging_indicator_plan FROM STDIN (FORMAT csv)", plans)
    conn.execute(text("CREATE INDEX ON staging_indicator_month (unit_id, code, period, state)"))
    conn.execute(text("CREATE INDEX ON staging_indicator_plan (unit_id, code, year, issued_on)"))
    changed = 0
    for name, merge in (("indicator_month", "indicator_months_merge"), ("indicator_plan", "indicator_plans_merge")):
        conn.execute(text(f"ANALYZE staging_{name}"))
        changed += int(conn.execute(text(sql(merge))).scalar_one())
        conn.execute(text(f"DROP TABLE staging_{name}"))
        conn.execute(text(f"ANALYZE derived.{name}"))
    return changed


def _tables(conn: Connection, progress: Progress) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Rows to write, figures and plans: one pair for each time between two reforms."""
    everyone = units.all_units(conn)
    walk = Crosswalk(everyone, units.links_of(conn, unit_ids=[unit.id for unit in everyone]))
    facts = sorted([*_figures(conn), *_plans(conn)], key=lambda fact: fact.day)
    reforms = sorted({day for unit in everyone for day in (unit.valid_from, unit.valid_to) if day is not None})
    for _, group in groupby(facts, key=lambda fact: bisect_right(reforms, fact.day)):
        era = Era.read(list(group))
        progress(f"{era.day:%m/%Y}", 0.5)
        yield era.derive(walk, [unit for unit in everyone if not unit.valid_on(era.day)])


def _figures(conn: Connection) -> Iterator[Fact]:
    """Own figures of indicators that may be put together. Quarters and years belong to the units of their last day."""
    catalogue = indicators.catalogue()
    for value in indicators.history(conn, unit_ids=None, codes=None, first=date.min, last=date.max):
        item = catalogue.get(value.code)
        if item is None or item.computed or item.across == "none" or value.state == "plan" or not value.own:
            continue
        day = reference_day(item, value.period)
        yield Fact(value.unit_id, value.code, value.period, None, value.value, STATES.index(value.state), day)


def _plans(conn: Connection) -> Iterator[Fact]:
    """For each day on which any unit got a plan, the plan every unit had then."""
    catalogue = indicators.catalogue()
    rows = indicators.plan_versions(conn, unit_ids=None)
    for (code, year), group in groupby(sorted(rows, key=_code_and_year), key=_code_and_year):
        if code not in catalogue or catalogue[code].across == "none":
            continue
        versions = list(group)
        for issued in sorted({row["issued_on"] for row in versions}):
            newest = {row["unit_id"]: row["value"] for row in versions if row["issued_on"] <= issued}
            for unit_id, value in newest.items():
                yield Fact(unit_id, code, year, issued, value, len(STATES) - 1, year)


def _code_and_year(row: Row) -> tuple[str, date]:
    return row["code"], row["year"]


@dataclass(frozen=True)
class Era:
    """Own figures of a time without reforms: units x (period, indicator, version of a plan)."""

    day: date
    rows: dict[int, int]  # by unit id
    columns: list[Column]
    values: np.ndarray
    states: np.ndarray  # place in STATES

    @classmethod
    def read(cls, facts: list[Fact]) -> Era:
        keys = sorted({(fact.period, fact.code, fact.issued_on) for fact in facts}, key=_ordered)
        column = {key: number for number, key in enumerate(keys)}
        rows = {unit_id: number for number, unit_id in enumerate(sorted({fact.unit_id for fact in facts}))}
        values = np.full((len(rows), len(keys)), np.nan)
        states = np.full(values.shape, len(STATES) - 1, np.int8)
        for fact in facts:
            place = rows[fact.unit_id], column[fact.period, fact.code, fact.issued_on]
            values[place], states[place] = fact.value, fact.state
        return cls(facts[0].day, rows, keys, values, states)

    def derive(self, walk: Crosswalk, targets: list[Unit]) -> tuple[pa.Table, pa.Table]:
        """Figures and plans of units that were not in force at the time, without those they have of their own."""
        catalogue = indicators.catalogue()
        averaged = np.array([catalogue[code].across == "weighted" for _, code, _ in self.columns])
        alternatives = [walk.alternatives(unit.id, self.day) for unit in targets]
        found = combine(self.rows, alternatives, self.values, self.states, averaged=averaged)
        mine = np.array([self.rows.get(unit.id, -1) for unit in targets], dtype=int)
        wanted = np.isfinite(found.value) & ~((mine >= 0)[:, None] & np.isfinite(self.values[mine]))
        plan = np.array([issued is not None for *_, issued in self.columns])
        ids = np.array([unit.id for unit in targets], dtype=int)
        return self._months(ids, found, wanted & ~plan), self._plans(ids, found, wanted & plan)

    def _months(self, ids: np.ndarray, found: Figures, wanted: np.ndarray) -> pa.Table:
        shared = self._shared(ids, found, wanted)
        return pa.table(
            {
                "unit_id": shared["unit_id"], "code": shared["code"], "period": shared["period"],
                "state": np.array(STATES)[found.state[wanted]], "value": shared["value"], "method": shared["method"],
            }
        )  # fmt: skip

    def _plans(self, ids: np.ndarray, found: Figures, wanted: np.ndarray) -> pa.Table:
        shared = self._shared(ids, found, wanted)
        issued = np.array([day or self.day for *_, day in self.columns], dtype="datetime64[D]")
        return pa.table(
            {
                "unit_id": shared["unit_id"], "code": shared["code"], "year": shared["period"],
                "issued_on": issued[np.nonzero(wanted)[1]], "value": shared["value"], "method": shared["method"],
            }
        )  # fmt: skip

    def _shared(self, ids: np.ndarray, found: Figures, wanted: np.ndarray) -> dict[str, np.ndarray]:
        row, column = np.nonzero(wanted)
        return {
            "unit_id": ids[row],
            "code": np.array([code for _, code, _ in self.columns])[column],
            "period": np.array([period for period, _, _ in self.columns], dtype="datetime64[D]")[column],
            "value": found.value[wanted],
            "method": np.array(METHODS)[found.method[wanted]],
        }


def _ordered(column: Column) -> tuple[date, str, date]:
    period, code, issued = column
    return period, code, issued or date.min
