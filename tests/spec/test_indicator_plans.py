"""Plans with versions, reform-proof quarters and years, revisions and gaps: on the toy province."""

from __future__ import annotations

from datetime import date

import pytest
from helpers.indicators import put
from helpers.ingest import load, query, rejects, write_csv, write_units
from helpers.toy import AFTER, BEFORE, draw_units
from sqlalchemy import select, text

from ingest.jobs import run_job
from ingest.jobs_indicators import write_months
from spatial import indicator_text
from spatial.access import SYSTEM, connect
from spatial.admin_units import Level
from spatial.progress import silent
from spatial.queries import indicators, units
from spatial.queries.feature_sources import sources

FLOW, RATE, STOCK, INDEX = "grdp", "dossiers_on_time", "pig_herd", "cpi"
YEAR_STOCK, YEAR_RATE, QUARTER = "cooperatives", "income_per_capita", "meat_output"
JUNE, JULY = date(2025, 6, 1), date(2025, 7, 1)
OLD = (("11", 100.0), ("12", 200.0), ("13", 300.0))
HEADER = ("MA_DVHC", "HIEU_LUC_TU", "CHI_TIEU", "KY", "GIA_TRI", "TINH_TRANG")


@pytest.fixture
def toy(database: str) -> None:
    with connect(SYSTEM) as conn:
        draw_units(conn)
    run_job("links")


# ---------------------------------------------------------------- plans


def test_a_plan_raised_in_july_counts_from_july_on(toy: None) -> None:
    with connect(SYSTEM) as conn:
        province = units.get_unit(conn, code="11", as_of=AFTER)
        for month in range(1, 10):
            put(conn, province, FLOW, date(2026, month, 1), 10)
        put(conn, province, FLOW, date(2026, 1, 1), 100, "plan", issued=date(2025, 12, 10))
        put(conn, province, FLOW, date(2026, 1, 1), 125, "plan", issued=date(2026, 7, 15))
        found = {}
        for day in (date(2026, 6, 30), date(2026, 9, 30)):
            [found[day]] = indicators.kpi(conn, unit_id=province.id, as_of=day, codes=[FLOW])
        steps = indicators.kpi_months(
            conn, unit_ids=[province.id], codes=[FLOW], months=[date(2026, 6, 1), date(2026, 9, 1)]
        )
        versions = indicators.plan_versions(conn, unit_ids=[province.id], codes=[FLOW])
    june, september = found.values()
    assert (june.plan, june.plan_percent, june.plan_document) == (100, pytest.approx(60), "QĐ 2025/12")
    assert (september.plan, september.plan_percent) == (125, pytest.approx(72))
    assert [steps[province.id, FLOW, month].plan for month in (date(2026, 6, 1), date(2026, 9, 1))] == [100, 125]
    assert [row["value"] for row in versions] == [100, 125]


def test_the_plan_of_a_former_district_follows_every_version_of_its_parts(toy: None) -> None:
    with connect(SYSTEM) as conn:
        for code, value in OLD:
            unit = units.get_unit(conn, code=code, as_of=BEFORE)
            put(conn, unit, FLOW, date(2025, 1, 1), value, "plan", issued=date(2024, 12, 10))
        raised = units.get_unit(conn, code="13", as_of=BEFORE)
        put(conn, raised, FLOW, date(2025, 1, 1), 360, "plan", issued=date(2025, 3, 1))
        write_months(conn, silent)
        province = units.get_unit(conn, code="11", as_of=AFTER)
        found = {}
        for day in (date(2025, 2, 1), date(2025, 4, 1)):
            [plan] = indicators.history(
                conn, unit_ids=[province.id], codes=[FLOW], first=date(2025, 1, 1), last=date(2025, 12, 1), plans_on=day
            )
            found[day] = (plan.state, plan.value, plan.own)
    assert list(found.values()) == [("plan", pytest.approx(600), False), ("plan", pytest.approx(660), False)]


def test_a_file_brings_plans_with_day_and_document_and_the_same_file_again_changes_nothing(toy: None, tmp_path) -> None:
    header = (*HEADER, "NGAY_GIAO", "VAN_BAN")
    rows = [
        ("11", "2025-07-01", FLOW, "2026", 100, "plan", "2025-12-10", "NQ 55/NQ-HĐND"),
        ("11", "2025-07-01", FLOW, "2026", 110, "Kế hoạch", "15/07/2026", "NQ 35/NQ-HĐND"),
        ("11", "2025-07-01", RATE, "2026", 98, "plan", None, None),
    ]
    path = write_csv(tmp_path / "plan.csv", header, rows)
    assert load("indicator", path).inserted == 3
    again = load("indicator", write_csv(tmp_path / "again.csv", header, rows[::-1]))
    assert (again.inserted, again.updated, again.unchanged) == (0, 0, 3)
    found = query("SELECT issued_on, value, document FROM core.indicator_plan ORDER BY value")
    assert [tuple(row) for row in found] == [
        (date(2026, 1, 1), 98.0, None),
        (date(2025, 12, 10), 100.0, "NQ 55/NQ-HĐND"),
        (date(2026, 7, 15), 110.0, "NQ 35/NQ-HĐND"),
    ]


# ---------------------------------------------------------------- across the reform


@pytest.mark.parametrize(("code", "expected"), [(FLOW, 600), (STOCK, 600), (RATE, 200)])
def test_nothing_leaps_on_the_first_of_july(toy: None, code: str, expected: float) -> None:
    with connect(SYSTEM) as conn:
        for old, value in OLD:
            put(conn, units.get_unit(conn, code=old, as_of=BEFORE), code, JUNE, value)
        province = units.get_unit(conn, code="11", as_of=AFTER)
        put(conn, province, code, JULY, expected)
        put(conn, province, code, date(2026, 6, 1), expected)
        write_months(conn, silent)
        [july] = indicators.kpi(conn, unit_id=province.id, as_of=date(2025, 7, 31), codes=[code])
        [year] = indicators.kpi(conn, unit_id=province.id, as_of=date(2026, 6, 30), codes=[code])
    assert july.on_previous == pytest.approx(0)
    assert year.on_same_period == pytest.approx(0)
    assert year.base_method == "exact"


def test_quarters_and_years_belong_to_the_units_of_their_last_day(toy: None) -> None:
    with connect(SYSTEM) as conn:
        for old, value in OLD:
            unit = units.get_unit(conn, code=old, as_of=BEFORE)
            put(conn, unit, QUARTER, date(2025, 4, 1), value)
            put(conn, unit, YEAR_STOCK, date(2024, 1, 1), value)
            put(conn, unit, YEAR_RATE, date(2024, 1, 1), value)
        province = units.get_unit(conn, code="11", as_of=AFTER)
        put(conn, province, QUARTER, date(2025, 7, 1), 630)
        put(conn, province, YEAR_STOCK, date(2025, 1, 1), 660)
        put(conn, province, YEAR_RATE, date(2025, 1, 1), 220)
        write_months(conn, silent)
        lines = {
            line.indicator.code: line for line in indicators.kpi(conn, unit_id=province.id, as_of=date(2026, 1, 31))
        }
    assert lines[QUARTER].on_previous == pytest.approx(5)
    assert lines[YEAR_STOCK].on_same_period == pytest.approx(10)
    assert lines[YEAR_RATE].on_same_period == pytest.approx(10)


def test_indices_of_parts_make_no_index_of_the_whole(toy: None) -> None:
    with connect(SYSTEM) as conn:
        for old, _ in OLD:
            put(conn, units.get_unit(conn, code=old, as_of=BEFORE), INDEX, JUNE, 103)
        province = units.get_unit(conn, code="11", as_of=AFTER)
        put(conn, province, INDEX, JULY, 104)
        write_months(conn, silent)
        [line] = indicators.kpi(conn, unit_id=province.id, as_of=date(2025, 7, 31), codes=[INDEX])
    assert line.on_previous is None
    assert line.reasons["on_previous"].vi == "không có số liệu kỳ trước"


def test_a_part_of_a_divided_commune_is_marked_in_the_report(toy: None) -> None:
    with connect(SYSTEM) as conn:
        put(conn, units.get_unit(conn, code="10003", as_of=BEFORE), FLOW, JUNE, 10)
        put(conn, units.get_unit(conn, code="10005", as_of=BEFORE), FLOW, JUNE, 40)
        commune = units.get_unit(conn, code="10003", as_of=AFTER)
        put(conn, commune, FLOW, date(2026, 6, 1), 33)
        write_months(conn, silent)
        [line] = indicators.kpi(conn, unit_id=commune.id, as_of=date(2026, 6, 30), codes=[FLOW])
    assert (line.on_same_period, line.base_method, line.method) == (pytest.approx(10), "by_area", "exact")


# ---------------------------------------------------------------- what is behind a figure


def test_revisions_of_a_figure_all_stay(toy: None) -> None:
    with connect(SYSTEM) as conn:
        province = units.get_unit(conn, code="11", as_of=AFTER)
        for value, state in ((90, "estimate"), (100, "preliminary"), (110, "official")):
            put(conn, province, FLOW, JULY, value, state)
        found = indicators.revisions(conn, unit_id=province.id, code=FLOW, period=JULY)
        [line] = indicators.kpi(conn, unit_id=province.id, as_of=JULY, codes=[FLOW])
    assert [(row["state"], row["value"]) for row in found] == [
        ("estimate", 90), ("preliminary", 100), ("official", 110),
    ]  # fmt: skip
    assert (line.state, line.value) == ("official", 110)


def test_the_province_and_the_sum_of_its_communes_are_shown_apart(toy: None) -> None:
    with connect(SYSTEM) as conn:
        province = units.get_unit(conn, code="11", as_of=AFTER)
        communes = units.list_units(conn, level="commune", as_of=AFTER)
        put(conn, province, FLOW, JULY, 1000)
        for unit in communes[:-1]:
            put(conn, unit, FLOW, JULY, 100)
        [some] = indicators.kpi(conn, unit_id=province.id, as_of=JULY, codes=[FLOW], parts=True)
        put(conn, communes[-1], FLOW, JULY, 100)
        [every] = indicators.kpi(conn, unit_id=province.id, as_of=JULY, codes=[FLOW], parts=True)
    assert some.parts_gap is None  # one has not reported
    assert every.parts_gap == pytest.approx(1000 - 100 * len(communes))


def test_a_figure_of_two_enterprises_is_not_shown_to_anybody(toy: None) -> None:
    with connect(SYSTEM) as conn:
        commune = units.list_units(conn, level="commune", as_of=AFTER)[0]
        put(conn, commune, FLOW, JULY, 77, units_behind=2)
        put(conn, commune, STOCK, JULY, 5, units_behind=3)
        found = indicators.values(conn, unit_id=commune.id, codes=None, first=JULY, last=JULY)
    assert [(value.code, value.value) for value in found] == [(STOCK, 5)]


def test_many_units_are_read_at_once_and_say_what_one_says(toy: None) -> None:
    levels: tuple[Level, ...] = ("province", "commune")
    with connect(SYSTEM) as conn:
        wanted = [unit for level in levels for unit in units.list_units(conn, level=level, as_of=AFTER)]
        for unit in wanted[:-1]:
            put(conn, unit, FLOW, JULY, 10.0 * unit.id)
        together = indicators.kpis_of_units(conn, unit_ids=[unit.id for unit in wanted], codes=[FLOW], as_of=JULY)
        apart = {unit.id: indicators.kpi(conn, unit_id=unit.id, as_of=JULY, codes=[FLOW]) for unit in wanted}
    assert together == apart
    assert together[wanted[-1].id] == []


def test_computed_figures_are_read_like_all_others(toy: None) -> None:
    with connect(SYSTEM) as conn:
        province = units.get_unit(conn, code="11", as_of=AFTER)
        for month, state, value in ((9, "official", 40.0), (10, "official", 50.0), (11, "estimate", 9.0)):
            conn.execute(
                text(
                    "INSERT INTO derived.indicator_computed VALUES"
                    " (:u, 'feedback_received', make_date(2026, :m, 1), :s, :v, :v, '2026-11-22')"
                ),
                {"u": province.id, "m": month, "s": state, "v": value},
            )
        [line] = indicators.kpi(conn, unit_id=province.id, as_of=date(2026, 11, 22))
        [part] = indicators.kpi(conn, unit_id=province.id, as_of=date(2026, 11, 22), running=True)
    assert (line.period, line.value, line.n, line.on_previous) == (date(2026, 10, 1), 50, 50, pytest.approx(25))
    assert (part.period, part.complete, part.on_previous) == (date(2026, 11, 1), False, None)


def test_who_owes_what_names_the_agency_that_is_behind(toy: None) -> None:
    with connect(SYSTEM) as conn:
        province = units.get_unit(conn, code="11", as_of=AFTER)
        put(conn, province, FLOW, date(2026, 10, 1), 5)
        put(conn, province, "social_insurance", date(2026, 6, 1), 5)
        found = indicators.reporting(conn, as_of=date(2026, 11, 28))
    chosen = [item for code, item in indicators.catalogue().items() if code in (FLOW, "social_insurance")]
    rows = indicator_text.owed_rows(chosen, found, date(2026, 11, 28))
    late = {(row[0], row[1]): row[5] for row in rows}
    assert late["Bảo hiểm xã hội tỉnh", "province"] == "4 month(s)"
    assert late["Thống kê tỉnh", "province"] == "no"
    assert late["Thống kê tỉnh", "commune"] == "never reported"


# ---------------------------------------------------------------- the feed


def page(conn, **equal: object) -> list[dict[str, object]]:
    """What a page of the feed's collection holds."""
    source = sources()["indicator"]
    columns = [found.expression.label(name) for name, found in source.properties.items()]
    rows = select(source.key.label("key"), *columns).select_from(source.relation).where(*source.where)
    rows = rows.order_by(*(column for column, _ in source.order))
    return [dict(row) for row in conn.execute(rows).mappings() if all(row[name] == equal[name] for name in equal)]


def test_the_feed_gives_every_version_of_a_plan_under_a_key_of_its_own(toy: None) -> None:
    source = sources()["indicator"]
    with connect(SYSTEM) as conn:
        province = units.get_unit(conn, code="11", as_of=AFTER)
        put(conn, province, FLOW, date(2026, 1, 1), 100, "plan", issued=date(2025, 12, 10))
        put(conn, province, FLOW, date(2026, 1, 1), 125, "plan", issued=date(2026, 7, 15))
        put(conn, province, FLOW, date(2026, 1, 1), 9)
        found = page(conn)
        key = f"{province.key}.{FLOW}.2026-01-01.plan@2026-07-15"
        one = select(source.properties["value"].expression).select_from(source.relation).where(*source.find(key))
        assert conn.execute(one).scalar_one() == 125
    assert [(row["state"], row["value"], row["issued_on"]) for row in found] == [
        ("official", 9, None), ("plan", 100, date(2025, 12, 10)), ("plan", 125, date(2026, 7, 15)),
    ]  # fmt: skip
    assert key in {row["key"] for row in found}


def test_the_feed_does_not_give_away_what_screens_withhold(toy: None) -> None:
    with connect(SYSTEM) as conn:
        commune = units.list_units(conn, level="commune", as_of=AFTER)[0]
        put(conn, commune, FLOW, JULY, 77, units_behind=2)
        put(conn, commune, STOCK, JULY, 5, units_behind=3)
        assert [row["indicator"] for row in page(conn)] == [STOCK]


# ---------------------------------------------------------------- files


@pytest.fixture
def folder(database: str, tmp_path):
    load("admin_unit", write_units(tmp_path))
    return tmp_path


def test_a_file_of_cumulative_figures_is_stored_by_month(folder) -> None:
    rows = [
        ("97", None, FLOW, "2026-01", 12, "official", "không"),
        ("97", None, FLOW, "2 tháng 2026", 27, "official", None),
        ("97", None, FLOW, "2026-03", 38, "official", "có"),
        ("97", None, FLOW, "2026-04", 30, "official", "có"),
        ("97", None, QUARTER, "9 tháng đầu năm 2026", 60, "estimate", None),
        ("97", None, STOCK, "2026-03", 500, "official", "có"),
    ]
    report = load("indicator", write_csv(folder / "i.csv", (*HEADER, "LUY_KE"), rows))
    found = query(
        "SELECT s.parameter, v.period, v.value FROM core.indicator_value v JOIN core.series s ON s.id = v.series_id"
        " ORDER BY 1, 2"
    )
    assert [tuple(row) for row in found] == [
        (FLOW, date(2026, 1, 1), 12.0), (FLOW, date(2026, 2, 1), 15.0), (FLOW, date(2026, 3, 1), 11.0),
        (STOCK, date(2026, 3, 1), 500.0),
    ]  # fmt: skip
    assert rejects("indicator") == [(5, "value", "cumulative_falls"), (6, "value", "cumulative_gap")]
    assert report.rows_rejected == 2


def test_periods_of_the_wrong_kind_and_computed_indicators_are_refused(folder) -> None:
    rows = [
        ("97", None, FLOW, "Quý I/2026", 1, "official"),
        ("97", None, "social_housing", "Quý I/2026", 7, "official"),
        ("97", None, "pupils", "2025", 1, "official"),
        ("97", None, "pupils", "Năm học 2025-2026", 9, "official"),
        ("97", None, "feedback_received", "2026-01", 1, "official"),
    ]
    load("indicator", write_csv(folder / "i.csv", HEADER, rows))
    assert rejects("indicator") == [
        (2, "period", "other_period"), (4, "period", "other_period"), (6, "indicator", "computed_indicator"),
    ]  # fmt: skip
    found = query("SELECT period, value FROM core.indicator_value ORDER BY value")
    assert [tuple(row) for row in found] == [(date(2026, 1, 1), 7.0), (date(2025, 9, 1), 9.0)]


def test_the_day_of_publication_and_the_number_of_reporting_units_are_kept(folder) -> None:
    rows = [("97", None, FLOW, "2026-01", 12, "estimate", "06/02/2026", 14)]
    load("indicator", write_csv(folder / "i.csv", (*HEADER, "NGAY_CONG_BO", "SO_DON_VI"), rows))
    assert [tuple(row) for row in query("SELECT published_on, units FROM core.indicator_value")] == [
        (date(2026, 2, 6), 14)
    ]
