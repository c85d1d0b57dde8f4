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
from spatial.analysis.crosswalk import Crosswalk, combine
from spatial.analysis.indicators import STATES
from spatial.progress import Progress
from spatial.queries import indicators, units
from spatial.queries.indicators import IndicatorValue
from spatial.queries.statements import sql
from spatial.queries.versions import bump_version, get_watermark, set_watermark, version_mark

MARK = "indicators"
LAYERS = ["admin_unit", "indicator"]

type Column = tuple[date, str, bool]  # period, code, is it a plan


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
    """Compute ``derived.indicator_month`` from scratch and bring the table there. Returns the rows changed."""
    conn.execute(text("CREATE TEMPORARY TABLE staging_indicator_month (LIKE derived.indicator_month) ON COMMIT DROP"))
    for table in _tables(conn, progress):
        copy_rows(driver(conn), "COPY staging_indicator_month FROM STDIN (FORMAT csv)", table)
    conn.execute(text("CREATE INDEX ON staging_indicator_month (unit_id, code, period, state)"))
    conn.execute(text("ANALYZE staging_indicator_month"))
    changed = int(conn.execute(text(sql("indicator_months_merge"))).scalar_one())
    conn.execute(text("DROP TABLE staging_indicator_month"))
    conn.execute(text("ANALYZE derived.indicator_month"))
    return changed


def _tables(conn: Connection, progress: Progress) -> Iterator[pa.Table]:
    """Rows to write: one table for each time between two reforms."""
    everyone = units.all_units(conn)
    walk = Crosswalk(everyone, units.links_of(conn, unit_ids=[unit.id for unit in everyone]))
    facts = indicators.history(conn, unit_ids=None, codes=None, first=date.min, last=date.max)
    own = sorted((fact for fact in facts if fact.own and fact.code in indicators.catalogue()), key=lambda f: f.period)
    reforms = sorted({day for unit in everyone for day in (unit.valid_from, unit.valid_to) if day is not None})
    for _, group in groupby(own, key=lambda fact: bisect_right(reforms, fact.period)):
        era = Era.read(list(group))
        progress(f"{era.columns[0][0]:%m/%Y}", 0.5)
        yield era.derive(walk, [unit for unit in everyone if not unit.valid_on(era.columns[0][0])])


@dataclass(frozen=True)
class Era:
    """Own figures of a time without reforms: units x (month, indicator, plan or not)."""

    rows: dict[int, int]  # by unit id
    columns: list[Column]
    values: np.ndarray
    states: np.ndarray  # place in STATES

    @classmethod
    def read(cls, facts: list[IndicatorValue]) -> Era:
        keys = sorted({(fact.period, fact.code, fact.state == "plan") for fact in facts})
        column = {key: number for number, key in enumerate(keys)}
        rows = {unit_id: number for number, unit_id in enumerate(sorted({fact.unit_id for fact in facts}))}
        values = np.full((len(rows), len(keys)), np.nan)
        states = np.full(values.shape, len(STATES) - 1, np.int8)
        for fact in facts:
            place = rows[fact.unit_id], column[fact.period, fact.code, fact.state == "plan"]
            values[place] = fact.value
            if fact.state != "plan":
                states[place] = STATES.index(fact.state)
        return cls(rows, keys, values, states)

    def derive(self, walk: Crosswalk, targets: list[Unit]) -> pa.Table:
        """Figures of units that were not in force at the time, without those they have of their own."""
        catalogue = indicators.catalogue()
        averaged = np.array([catalogue[code].how == "weighted_mean" for _, code, _ in self.columns])
        alternatives = [walk.alternatives(unit.id, self.columns[0][0]) for unit in targets]
        found = combine(self.rows, alternatives, self.values, self.states, averaged=averaged)
        mine = np.array([self.rows.get(unit.id, -1) for unit in targets], dtype=int)
        wanted = np.isfinite(found.value) & ~((mine >= 0)[:, None] & np.isfinite(self.values[mine]))
        row, column = np.nonzero(wanted)
        periods, codes, plans = (np.array(part) for part in zip(*self.columns, strict=True))
        states = np.where(plans[column], "plan", np.array(STATES)[found.state[wanted]])
        return pa.table(
            {
                "unit_id": np.array([unit.id for unit in targets], dtype=int)[row],
                "code": codes[column],
                "period": periods[column].astype("datetime64[D]"),
                "state": states,
                "value": found.value[wanted],
                "method": np.array(METHODS)[found.method[wanted]],
            }
        )
