"""The mini sample's commune figures go on across July 2025: estimated from districts before, their own after."""

from __future__ import annotations

from datetime import date

import pytest

from spatial.access import SYSTEM, connect
from spatial.months import add_months
from spatial.queries import indicators, units
from spatial.queries.indicators import IndicatorValue

REFORM_MONTH = date(2025, 7, 1)
AS_OF = date(2026, 1, 1)
AMOUNTS = ("grdp", "public_investment", "industrial_output", "retail_sales", "budget_revenue", "tourists")


def change(found: list[IndicatorValue]) -> float:
    """Sum of the three months from the reform on, over that of the three before."""
    values = {value.period: value.value for value in found if value.state != "plan"}
    after = sum(values[add_months(REFORM_MONTH, n)] for n in (0, 1, 2))
    return after / sum(values[add_months(REFORM_MONTH, n)] for n in (-3, -2, -1))


@pytest.mark.parametrize("code", AMOUNTS)
def test_no_commune_leaps_at_the_reform_against_its_province(province: str, code: str) -> None:
    first, last = add_months(REFORM_MONTH, -3), add_months(REFORM_MONTH, 2)
    with connect(SYSTEM) as conn:
        [whole] = units.list_units(conn, level="province", as_of=AS_OF)
        communes = [unit.id for unit in units.list_units(conn, level="commune", as_of=AS_OF)]
        found = indicators.history(conn, unit_ids=[whole.id, *communes], codes=[code], first=first, last=last)
    of_unit = {unit: [value for value in found if value.unit_id == unit] for unit in (whole.id, *communes)}
    expected = change(of_unit[whole.id])
    ratios = {unit: change(of_unit[unit]) / expected for unit in communes}
    leaping = {unit: ratio for unit, ratio in ratios.items() if not 0.8 < ratio < 1.25}
    assert len(ratios) == 6
    assert len(leaping) <= len(ratios) // 10, leaping
