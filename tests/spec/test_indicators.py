"""Indicators across the reform on the toy province: comparable, marked, and with a reason where there is no value."""

from __future__ import annotations

from datetime import date

import pytest
from helpers.indicators import put
from helpers.toy import AFTER, BEFORE, draw_units
from sqlalchemy import Connection, text

from ingest.jobs import run_job
from ingest.jobs_indicators import write_months
from spatial.access import SYSTEM, connect
from spatial.admin_units import Unit
from spatial.errors import UnknownUnit
from spatial.progress import silent
from spatial.queries import indicators, units
from spatial.queries.indicators import IndicatorValue
from spatial.queries.versions import bump_version

AMOUNT, RATE, STOCK = "grdp", "poverty_rate", "pig_herd"
JUNE, JULY = date(2025, 6, 1), date(2025, 7, 1)


@pytest.fixture
def toy(database: str) -> None:
    with connect(SYSTEM) as conn:
        draw_units(conn)
    run_job("links")


def series(conn: Connection, unit: Unit, code: str) -> dict[date, IndicatorValue]:
    write_months(conn, silent)
    found = indicators.values(conn, unit_id=unit.id, codes=[code], first=date(2024, 1, 1), last=date(2026, 12, 1))
    return {value.period: value for value in found if value.state != "plan"}


def test_a_new_province_before_the_reform_is_the_sum_of_the_old_ones(toy: None) -> None:
    with connect(SYSTEM) as conn:
        for code, value in (("11", 100.0), ("12", 200.0), ("13", 300.0)):
            put(conn, units.get_unit(conn, code=code, as_of=BEFORE), AMOUNT, JUNE, value)
        province = units.get_unit(conn, code="11", as_of=AFTER)
        put(conn, province, AMOUNT, JULY, 630)
        found = series(conn, province, AMOUNT)
    assert (found[JUNE].value, found[JUNE].method, found[JUNE].own) == (pytest.approx(600), "exact", False)
    assert (found[JULY].value, found[JULY].method, found[JULY].own) == (630, "exact", True)


def test_the_reform_makes_no_false_growth(toy: None) -> None:
    with connect(SYSTEM) as conn:
        province = units.get_unit(conn, code="11", as_of=AFTER)
        for month in range(1, 7):
            for code, value in (("11", 100.0), ("12", 200.0), ("13", 300.0)):
                put(conn, units.get_unit(conn, code=code, as_of=BEFORE), AMOUNT, date(2025, month, 1), value)
        for month in range(1, 7):
            put(conn, province, AMOUNT, date(2026, month, 1), 630)
        write_months(conn, silent)
        [line] = indicators.kpi(conn, unit_id=province.id, as_of=date(2026, 6, 30), codes=[AMOUNT])
    assert line.on_same_period == pytest.approx(5.0)
    assert line.cumulative == pytest.approx(3780)
    assert line.cumulative_on_same_period == pytest.approx(5.0)


def test_an_old_province_that_is_missing_leaves_no_sum(toy: None) -> None:
    with connect(SYSTEM) as conn:
        put(conn, units.get_unit(conn, code="11", as_of=BEFORE), AMOUNT, JUNE, 100)
        put(conn, units.get_unit(conn, code="12", as_of=BEFORE), AMOUNT, JUNE, 200)
        assert series(conn, units.get_unit(conn, code="11", as_of=AFTER), AMOUNT) == {}


def test_rates_are_averaged_by_people_and_stocks_added_up(toy: None) -> None:
    with connect(SYSTEM) as conn:
        for code, rate, stock in (("11", 3.0, 10.0), ("12", 6.0, 20.0), ("13", 9.0, 30.0)):
            old = units.get_unit(conn, code=code, as_of=BEFORE)
            put(conn, old, RATE, JUNE, rate)
            put(conn, old, STOCK, JUNE, stock)
        province = units.get_unit(conn, code="11", as_of=AFTER)
        assert series(conn, province, RATE)[JUNE].value == pytest.approx(6.0)
        assert series(conn, province, STOCK)[JUNE].value == pytest.approx(60.0)


def test_a_new_commune_gets_its_part_of_a_split_one_and_says_so(toy: None) -> None:
    with connect(SYSTEM) as conn:
        put(conn, units.get_unit(conn, code="10003", as_of=BEFORE), AMOUNT, JUNE, 10)
        put(conn, units.get_unit(conn, code="10005", as_of=BEFORE), AMOUNT, JUNE, 40)
        found = series(conn, units.get_unit(conn, code="10003", as_of=AFTER), AMOUNT)[JUNE]
    assert found.value == pytest.approx(10 + 40 / 2)
    assert found.method == "by_area"


def test_a_new_commune_falls_back_on_districts_where_old_communes_did_not_report(toy: None) -> None:
    with connect(SYSTEM) as conn:
        for code, value in (("105", 40.0), ("106", 60.0)):
            put(conn, units.get_unit(conn, code=code, as_of=BEFORE), AMOUNT, JUNE, value)
        found = series(conn, units.get_unit(conn, code="10010", as_of=AFTER), AMOUNT)[JUNE]
    assert found.value == pytest.approx(40 / 2 + 60)
    assert found.method == "by_area"


def test_a_former_district_goes_on_after_the_reform(toy: None) -> None:
    with connect(SYSTEM) as conn:
        district = units.get_unit(conn, code="105", as_of=BEFORE)
        put(conn, district, AMOUNT, JUNE, 50)
        put(conn, units.get_unit(conn, code="10010", as_of=AFTER), AMOUNT, JULY, 90)  # a third of it lies in 105
        put(conn, units.get_unit(conn, code="10011", as_of=AFTER), AMOUNT, JULY, 20)
        found = series(conn, district, AMOUNT)
    assert (found[JUNE].value, found[JUNE].own) == (50, True)
    assert found[JULY].value == pytest.approx(90 / 3 + 20)
    assert found[JULY].method == "by_area"


def test_the_sum_over_former_districts_is_the_province(toy: None) -> None:
    with connect(SYSTEM) as conn:
        for number, unit in enumerate(units.list_units(conn, level="commune", as_of=AFTER)):
            put(conn, unit, AMOUNT, JULY, 10.0 * (number + 1))
        write_months(conn, silent)
        found = indicators.snapshot(conn, level="district", as_of=AFTER, code=AMOUNT, period=JULY)
        communes = indicators.snapshot(conn, level="commune", as_of=AFTER, code=AMOUNT, period=JULY)
    assert len(found) == 6
    assert sum(value.value for value in found.values()) == pytest.approx(210)
    assert sum(value.value for value in communes.values()) == 210


def test_the_latest_state_wins_and_a_sum_is_as_sure_as_its_weakest_part(toy: None) -> None:
    with connect(SYSTEM) as conn:
        old = [units.get_unit(conn, code=code, as_of=BEFORE) for code in ("11", "12", "13")]
        put(conn, old[0], AMOUNT, JUNE, 90, "estimate")
        put(conn, old[0], AMOUNT, JUNE, 110, "official")
        put(conn, old[0], AMOUNT, JUNE, 100, "preliminary")
        put(conn, old[1], AMOUNT, JUNE, 200, "preliminary")
        put(conn, old[2], AMOUNT, JUNE, 300, "official")
        own = series(conn, old[0], AMOUNT)[JUNE]
        whole = series(conn, units.get_unit(conn, code="11", as_of=AFTER), AMOUNT)[JUNE]
    assert (own.state, own.value) == ("official", 110)
    assert (whole.state, whole.value) == ("preliminary", pytest.approx(610))


def test_a_plan_is_compared_with_the_cumulative_value(toy: None) -> None:
    with connect(SYSTEM) as conn:
        province = units.get_unit(conn, code="11", as_of=AFTER)
        for month, value in ((1, 12.0), (2, 15.0), (3, 11.0)):
            put(conn, province, AMOUNT, date(2026, month, 1), value)
        put(conn, province, AMOUNT, date(2026, 1, 1), 50, "plan")
        write_months(conn, silent)
        [line] = indicators.kpi(conn, unit_id=province.id, as_of=date(2026, 3, 31), codes=[AMOUNT])
    assert (line.value, line.cumulative, line.plan, line.plan_percent) == (11, 38, 50, pytest.approx(76))
    assert line.on_previous == pytest.approx(-26.667, abs=1e-3)
    assert line.on_same_period is None
    assert line.reasons["on_same_period"].vi == "không có số liệu cùng kỳ"


def test_without_a_plan_there_is_no_percentage_but_a_reason(toy: None) -> None:
    with connect(SYSTEM) as conn:
        province = units.get_unit(conn, code="11", as_of=AFTER)
        put(conn, province, AMOUNT, date(2026, 1, 1), 12)
        write_months(conn, silent)
        [line] = indicators.kpi(conn, unit_id=province.id, as_of=date(2026, 1, 31), codes=[AMOUNT])
    assert line.plan_percent is None
    assert line.reasons["plan_percent"].vi == "chưa giao kế hoạch"


def test_rates_change_by_points_and_less_poverty_is_good_news(toy: None) -> None:
    with connect(SYSTEM) as conn:
        province = units.get_unit(conn, code="11", as_of=AFTER)
        put(conn, province, RATE, date(2026, 7, 1), 2.5)
        put(conn, province, RATE, JULY, 4.0)
        write_months(conn, silent)
        [line] = indicators.kpi(conn, unit_id=province.id, as_of=date(2026, 7, 31), codes=[RATE])
    assert line.rate
    assert line.on_same_period == pytest.approx(-1.5)
    assert line.judgement == "good"


def test_figures_after_the_day_asked_about_do_not_show(toy: None) -> None:
    with connect(SYSTEM) as conn:
        province = units.get_unit(conn, code="11", as_of=AFTER)
        put(conn, province, AMOUNT, date(2026, 1, 1), 12)
        put(conn, province, AMOUNT, date(2026, 2, 1), 99)
        write_months(conn, silent)
        [line] = indicators.kpi(conn, unit_id=province.id, as_of=date(2026, 1, 31), codes=[AMOUNT])
    assert (line.period, line.value) == (date(2026, 1, 1), 12)


def test_an_unknown_unit_is_an_error_not_an_empty_answer(toy: None) -> None:
    with connect(SYSTEM) as conn, pytest.raises(UnknownUnit, match="987654"):
        indicators.values(conn, unit_id=987654, codes=None, first=JUNE, last=JULY)


def test_figures_show_at_once_and_sums_after_the_job(toy: None) -> None:
    with connect(SYSTEM) as conn:
        old = [units.get_unit(conn, code=code, as_of=BEFORE) for code in ("11", "12", "13")]
        for unit in old:
            put(conn, unit, AMOUNT, JUNE, 100)
        bump_version(conn, layer_id="indicator")
        province = units.get_unit(conn, code="11", as_of=AFTER)
        [own] = indicators.values(conn, unit_id=old[0].id, codes=[AMOUNT], first=JUNE, last=JUNE)
        assert (own.value, own.own) == (100, True)
        assert indicators.values(conn, unit_id=province.id, codes=[AMOUNT], first=JUNE, last=JUNE) == []
    run_job("indicators")
    with connect(SYSTEM) as conn:
        [whole] = indicators.values(conn, unit_id=province.id, codes=[AMOUNT], first=JUNE, last=JUNE)
    assert (whole.value, whole.own) == (pytest.approx(300), False)
    assert run_job("indicators") == "nothing new"


def test_a_corrected_figure_changes_the_sums_it_is_in_and_no_others(toy: None) -> None:
    with connect(SYSTEM) as conn:
        old = [units.get_unit(conn, code=code, as_of=BEFORE) for code in ("11", "12", "13")]
        for unit in old:
            for code in (AMOUNT, STOCK):
                put(conn, unit, code, JUNE, 100, "estimate")
        write_months(conn, silent)
        assert write_months(conn, silent) == 0
        put(conn, old[0], AMOUNT, JUNE, 150, "official")
        province = units.get_unit(conn, code="11", as_of=AFTER)
        changed = write_months(conn, silent)
        assert series(conn, province, AMOUNT)[JUNE].value == pytest.approx(350)
        assert series(conn, province, STOCK)[JUNE].value == pytest.approx(300)
    assert changed == 1


def test_a_figure_of_its_own_takes_the_place_of_a_sum(toy: None) -> None:
    with connect(SYSTEM) as conn:
        for code in ("11", "12", "13"):
            put(conn, units.get_unit(conn, code=code, as_of=BEFORE), AMOUNT, JUNE, 100)
        write_months(conn, silent)
        province = units.get_unit(conn, code="11", as_of=AFTER)
        put(conn, province, AMOUNT, JUNE, 333)  # published again for the new province
        [before] = indicators.values(conn, unit_id=province.id, codes=[AMOUNT], first=JUNE, last=JUNE)
        after = series(conn, province, AMOUNT)
    assert (before.value, before.own) == (333, True)
    assert [(value.value, value.own) for value in after.values()] == [(333, True)]


def test_a_job_moves_the_version_of_a_layer_and_leaves_its_data_clock(database: str) -> None:
    read = text(
        "SELECT version, features, CAST(data_until AS date) FROM ops.layer_version WHERE layer_id = 'indicator'"
    )
    with connect(SYSTEM) as conn:
        bump_version(conn, layer_id="indicator", features=7, data_until=JULY)
        bump_version(conn, layer_id="indicator")
        assert tuple(conn.execute(read, {"layer": "indicator"}).one()) == (2, 7, JULY)
        bump_version(conn, layer_id="indicator", features=6, data_until=JUNE)  # a late file of old figures
        assert tuple(conn.execute(read, {"layer": "indicator"}).one()) == (3, 6, JULY)
