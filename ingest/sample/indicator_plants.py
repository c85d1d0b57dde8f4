"""What is wrong, late or remarkable in the sample's indicators on purpose: to be found by those who look for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from ingest.sample.boundaries import Land, Unit
from ingest.sample.chance import Floats
from layers.model import Indicator
from spatial.months import add_months

OUTBREAK = "dengue_cases"
OUTBREAK_FACTOR = 8
LATE_AGENCY = "Bảo hiểm xã hội tỉnh"
LATE_MONTHS = 3
OFF_PLAN = {"jobs_created": 1.35, "social_housing": 1.6}  # the province's plan against what was to be expected
CHANGED_PLAN = ("budget_revenue", 1.06)  # raised in the middle of the year
NO_PLAN = "tourism_revenue"


@dataclass(frozen=True, slots=True)
class Fault:
    """A figure a commune reported wrongly."""

    kind: str  # factor, repeated, cumulative
    code: str
    unit: Unit
    months: tuple[date, ...]


@dataclass(frozen=True)
class Plants:
    """Everything planted; ``months`` are those of monthly indicators."""

    months: list[date]
    ill: tuple[Unit, Unit]
    faults: tuple[Fault, ...]

    @classmethod
    def choose(cls, land: Land, months: list[date]) -> Plants:
        """The same places and months for the same sample."""
        communes = sorted(land.select("commune", old=False), key=lambda unit: unit.code)
        last = months[-1]
        return cls(
            months,
            (communes[0], communes[1]),
            (
                Fault("factor", "retail_sales", communes[2], (add_months(last, -3),)),
                Fault("repeated", "dossiers_received", communes[3], tuple(add_months(last, -n) for n in (4, 3, 2))),
                Fault("cumulative", "public_investment", communes[4], (add_months(last, -2),)),
            ),
        )

    def cells(self, item: Indicator, months: list[date], cells: Floats) -> Floats:
        """Cases of an outbreak in two communes for two months; every sum over units knows of them."""
        if item.code != OUTBREAK:
            return cells
        cells = cells.copy()
        own = [cell for unit in self.ill for cell in unit.cells]
        for month in self.outbreak:
            column = months.index(month)
            cells[own, column] = np.maximum(cells[own, column], 0.25) * OUTBREAK_FACTOR
        return cells

    @property
    def outbreak(self) -> tuple[date, date]:
        """Months of the outbreak."""
        return add_months(self.months[-1], -2), add_months(self.months[-1], -1)

    def reported(self, item: Indicator, unit: Unit, values: Floats, months: list[date]) -> Floats:
        """What the unit writes into its file."""
        for fault in self.faults:
            if fault.code == item.code and fault.unit.code == unit.code and fault.unit.valid_from == unit.valid_from:
                values = values.copy()
                for month in fault.months:
                    n = months.index(month)
                    if fault.kind == "factor":
                        values[n] *= 1000
                    elif fault.kind == "repeated":
                        values[n] = values[months.index(fault.months[0]) - 1]
                    else:
                        values[n] = values[n - month.month + 1 : n + 1].sum()
        return values

    def is_late(self, item: Indicator, month: date) -> bool:
        """Whether the agency has not reported the month yet."""
        return item.agency == LATE_AGENCY and month > add_months(self.months[-1], -LATE_MONTHS)

    def as_json(self) -> list[dict[str, object]]:
        """For ``planted.json``; ``kind`` report: a mistake of the sender; event: it really happened."""
        found: list[dict[str, object]] = [
            {
                "kind": "report", "cause": fault.kind, "code": fault.code, "unit": fault.unit.code,
                "periods": [month.isoformat() for month in fault.months],
            }
            for fault in self.faults
        ]  # fmt: skip
        periods = [month.isoformat() for month in self.outbreak]
        found += [
            {"kind": "event", "cause": "outbreak", "code": OUTBREAK, "unit": unit.code, "periods": periods}
            for unit in self.ill
        ]
        found += [{"kind": "plan", "cause": "off_plan", "code": code} for code in OFF_PLAN]
        found += [
            {"kind": "plan", "cause": "changed", "code": CHANGED_PLAN[0]},
            {"kind": "plan", "cause": "missing", "code": NO_PLAN},
            {"kind": "late", "cause": "agency", "agency": LATE_AGENCY, "months": LATE_MONTHS},
        ]
        return found
