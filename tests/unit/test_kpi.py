"""One line of a report: cumulative value, plan, pace and comparisons, each with its guard."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from layers.model import Indicator
from spatial.analysis.kpi import IndicatorValue, Kpi, State, line
from spatial.months import add_months
from spatial.queries.indicators import catalogue

ITEMS = catalogue()
FLOW, RATE, STOCK, CEILING = (ITEMS[code] for code in ("grdp", "dossiers_on_time", "bank_credit", "dengue_cases"))
QUARTERLY, YEARLY, SCHOOL, COMPUTED = (
    ITEMS[code] for code in ("social_housing", "grdp_per_capita", "pupils", "feedback_received")
)
TABLE = Path(__file__).parent.parent / "data" / "indicator_formulas.csv"


def values(item: Indicator, found: dict[date, float], state: State = "official") -> list[IndicatorValue]:
    return [IndicatorValue(1, item.code, day, state, value, True, "exact") for day, value in found.items()]


def months(year: int, *found: float) -> dict[date, float]:
    return {date(year, number, 1): value for number, value in enumerate(found, 1)}


def plan(item: Indicator, year: date, value: float, issued: date, document: str | None = None) -> IndicatorValue:
    return IndicatorValue(1, item.code, year, "plan", value, True, "exact", issued_on=issued, document=document)


def report(item: Indicator, series: list[IndicatorValue], as_of: date, *, running: bool = False) -> Kpi:
    found = line(item, series, as_of, running=running)
    assert found is not None
    return found


def examples() -> dict[str, dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as source:
        return {row["key"]: row for row in csv.DictReader(source)}


def test_the_examples_of_the_table_of_formulas_come_out() -> None:
    table = examples()
    three = [float(part) for part in table["ytd"]["example_in"].split(",")]
    series = [*values(FLOW, months(2026, *three)), plan(FLOW, date(2026, 1, 1), 50, date(2026, 1, 1))]
    series += values(FLOW, months(2025, 10, 12, 13))  # 35
    found = report(FLOW, series, date(2026, 3, 31))
    assert f"{found.cumulative:.0f} (flow)" == table["ytd"]["example_out"]
    assert f"{found.plan_percent:.1f}" == table["plan_pct"]["example_out"]
    assert f"{found.cumulative_on_same_period:+.2f}" in table["yoy_pct"]["example_out"]
    assert f"{found.on_previous:.2f}" == table["pop_pct"]["example_out"]
    rates = report(RATE, values(RATE, {date(2026, 3, 1): 93.77, date(2025, 3, 1): 97.38}), date(2026, 3, 31))
    assert f"{rates.on_same_period:.2f}" == table["pp_diff"]["example_out"]


def test_growth_can_be_printed_as_an_index_and_points_cannot() -> None:
    found = report(FLOW, values(FLOW, {date(2026, 3, 1): 38, date(2025, 3, 1): 35}), date(2026, 3, 31))
    assert found.index_100 == pytest.approx(108.571, abs=1e-3)
    rate = report(RATE, values(RATE, {date(2026, 3, 1): 93, date(2025, 3, 1): 97}), date(2026, 3, 31))
    assert rate.index_100 is None


def test_a_plan_that_was_not_assigned_is_never_zero_per_cent() -> None:
    found = report(FLOW, values(FLOW, months(2026, 12)), date(2026, 1, 31))
    assert (found.plan, found.plan_percent, found.plan_used, found.on_plan) == (None, None, None, "neutral")
    assert found.reasons["plan_percent"].vi == "chưa giao kế hoạch"


def test_the_plan_compared_with_is_the_newest_one_issued_by_the_day() -> None:
    year = date(2026, 1, 1)
    series = values(FLOW, months(2026, *[10.0] * 8))
    series += [plan(FLOW, year, 100, date(2025, 12, 10), "NQ 1"), plan(FLOW, year, 120, date(2026, 7, 15), "NQ 2")]
    before, after = report(FLOW, series, date(2026, 6, 30)), report(FLOW, series, date(2026, 8, 31))
    assert (before.plan, before.plan_document, before.plan_percent) == (100, "NQ 1", pytest.approx(60))
    assert (after.plan, after.plan_issued_on, after.plan_percent) == (120, date(2026, 7, 15), pytest.approx(80 / 1.2))
    assert report(FLOW, series[:8] + series[9:], date(2026, 6, 30)).plan is None  # issued later


def test_the_pace_is_the_part_of_the_year_past_years_had_reached_by_the_month() -> None:
    late = [1.0] * 9 + [5.0] * 3  # three quarters of the year make 9 of 24
    series = values(FLOW, months(2024, *late) | months(2025, *late) | months(2026, *[1.1] * 9))
    series.append(plan(FLOW, date(2026, 1, 1), 24, date(2026, 1, 1)))
    found = report(FLOW, series, date(2026, 9, 30))
    assert found.pace == pytest.approx(37.5)
    assert found.plan_used == pytest.approx(41.25)
    assert found.on_plan == "good"  # 41 % in September is much for this one


def test_a_seasonal_flow_without_a_whole_past_year_has_no_pace() -> None:
    series = [*values(FLOW, months(2026, 1, 2)), plan(FLOW, date(2026, 1, 1), 24, date(2026, 1, 1))]
    found = report(FLOW, series, date(2026, 2, 28))
    assert (found.pace, found.on_plan) == (None, "neutral")


def test_of_a_ceiling_is_said_what_is_used_up_and_not_that_it_is_reached_twice() -> None:
    past = months(2025, *[10.0] * 12) | months(2024, *[10.0] * 12)
    series = [*values(CEILING, past | months(2026, *[14.0] * 6)), plan(CEILING, date(2026, 1, 1), 96, date(2026, 1, 1))]
    found = report(CEILING, series, date(2026, 6, 30))
    assert found.plan_percent is None
    assert found.reasons["plan_percent"].vi.startswith("mức trần")
    assert (found.plan_used, found.pace, found.on_plan) == (pytest.approx(87.5), pytest.approx(50), "bad")
    assert found.plan_difference == pytest.approx(84 - 96)


def test_a_ceiling_is_judged_when_the_year_is_over() -> None:
    series = [*values(CEILING, months(2025, *[10.0] * 12)), plan(CEILING, date(2025, 1, 1), 96, date(2025, 1, 1))]
    assert report(CEILING, series, date(2025, 12, 31)).plan_percent == pytest.approx(80)


def test_quarters_compare_with_the_quarter_before_and_the_same_of_last_year() -> None:
    found = {date(2025, 7, 1): 80.0, date(2026, 1, 1): 50.0, date(2026, 4, 1): 60.0, date(2026, 7, 1): 90.0}
    kpi = report(QUARTERLY, values(QUARTERLY, found), date(2026, 9, 30))
    assert (kpi.period, kpi.label("vi")) == (date(2026, 7, 1), "Quý III/2026")
    assert kpi.on_previous == pytest.approx(50)
    assert kpi.on_same_period == pytest.approx(12.5)
    assert kpi.cumulative == 200


def test_a_quarter_does_not_show_before_its_last_month() -> None:
    found = values(QUARTERLY, {date(2026, 4, 1): 60.0, date(2026, 7, 1): 90.0})
    assert report(QUARTERLY, found, date(2026, 8, 31)).period == date(2026, 4, 1)
    assert report(QUARTERLY, found, date(2026, 9, 1)).period == date(2026, 7, 1)


def test_years_and_school_years_compare_with_the_year_before() -> None:
    yearly = report(YEARLY, values(YEARLY, {date(2024, 1, 1): 80.0, date(2025, 1, 1): 88.0}), date(2026, 5, 1))
    assert (yearly.label("vi"), yearly.on_previous, yearly.on_same_period) == (
        "Năm 2025", pytest.approx(10), pytest.approx(10),
    )  # fmt: skip
    school = report(SCHOOL, values(SCHOOL, {date(2024, 9, 1): 1000.0, date(2025, 9, 1): 1010.0}), date(2026, 3, 1))
    assert (school.label("en"), school.on_same_period) == ("School year 2025-2026", pytest.approx(1))


def computed(found: dict[date, float], running: date | None = None) -> list[IndicatorValue]:
    return [
        IndicatorValue(1, COMPUTED.code, day, "estimate" if day == running else "official", value, True, "exact",
                       n=int(value), until=datetime(2026, 11, 22, tzinfo=UTC))
        for day, value in found.items()
    ]  # fmt: skip


def test_a_month_that_runs_is_not_compared_with_whole_months() -> None:
    series = computed({date(2025, 10, 1): 80, date(2026, 10, 1): 100, date(2026, 11, 1): 20}, date(2026, 11, 1))
    whole = report(COMPUTED, series, date(2026, 11, 22))
    assert (whole.period, whole.complete, whole.on_same_period) == (date(2026, 10, 1), True, pytest.approx(25))
    part = report(COMPUTED, series, date(2026, 11, 22), running=True)
    assert (part.period, part.complete, part.value, part.n) == (date(2026, 11, 1), False, 20, 20)
    assert (part.on_same_period, part.on_previous) == (None, None)
    assert part.reasons["on_previous"].vi == "kỳ chưa kết thúc"


def test_the_way_the_base_came_about_is_told() -> None:
    series = values(FLOW, {date(2026, 3, 1): 38.0})
    series.append(IndicatorValue(1, FLOW.code, date(2025, 3, 1), "official", 35.0, False, "by_people"))
    found = report(FLOW, series, date(2026, 3, 31))
    assert (found.method, found.base_method) == ("exact", "by_people")


@pytest.mark.parametrize("gap", [1, 2])
def test_a_month_that_is_missing_leaves_no_cumulative_value_but_a_reason(gap: int) -> None:
    series = values(FLOW, {add_months(date(2026, 1, 1), n): 10.0 for n in range(4) if n != gap})
    found = report(FLOW, series, date(2026, 4, 30))
    assert found.cumulative is None
    assert "tháng" in found.reasons["cumulative"].vi


def test_figures_older_than_last_year_are_no_news() -> None:
    assert line(STOCK, values(STOCK, {date(2024, 12, 1): 5.0}), date(2026, 1, 31)) is None
