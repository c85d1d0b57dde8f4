"""The job «outlook» on the sample province: every screen's figures projected and judged, in one transaction."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection, text

from ingest.jobs import run_job
from ingest.outlook_backtest import tables as backtest_tables
from ingest.outlook_injection import measure
from spatial.access import OPERATOR, SYSTEM, connect
from spatial.queries import indicators, outlook
from spatial.queries.statements import select_rows
from spatial.queries.versions import bump_version
from spatial.settings import LOCAL_ZONE

pytestmark = pytest.mark.usefixtures("province_copy")


def this_year() -> int:
    return datetime.now(UTC).astimezone(LOCAL_ZONE).year


def province(conn: Connection) -> int:
    return int(
        conn.execute(text("SELECT id FROM core.admin_unit WHERE level = 'province' AND valid_to IS NULL")).scalar_one()
    )


def again() -> str:
    """Run the job although nothing changed."""
    with connect(SYSTEM) as conn:
        bump_version(conn, layer_id="indicator")
    return run_job("outlook")


def put(conn: Connection, unit_id: int, code: str, period: date, factor: float) -> None:
    """Multiply a figure, whatever its state."""
    changed = conn.execute(
        text(
            "UPDATE core.indicator_value v SET value = value * :factor FROM core.series s WHERE s.id = v.series_id"
            " AND s.unit_id = :unit AND s.parameter = :code AND v.period = :period"
        ),
        {"factor": factor, "unit": unit_id, "code": code, "period": period},
    ).rowcount
    assert changed


def newest(conn: Connection, unit_id: int, code: str) -> date:
    found: date = conn.execute(
        text(
            "SELECT max(v.period) FROM core.indicator_value v JOIN core.series s ON s.id = v.series_id"
            " WHERE s.unit_id = :unit AND s.parameter = :code"
        ),
        {"unit": unit_id, "code": code},
    ).scalar_one()
    return found


def test_a_projection_starts_from_the_cumulative_figure_and_the_plan_of_the_report() -> None:
    again()
    with connect(OPERATOR) as conn:
        unit = province(conn)
        lines = {line.indicator.code: line for line in indicators.kpi(conn, unit_id=unit, as_of=date.today())}
        rows = {row["code"]: row for row in outlook.outlooks(conn, unit_ids=[unit], codes=None, year=this_year())}
    compared = 0
    for code, row in rows.items():
        line = lines.get(code)
        if row["q50"] is None or line is None or line.period != row["known_until"] or line.period.year != this_year():
            continue
        assert row["actual"] == pytest.approx(line.cumulative)
        assert row["plan"] == (None if line.plan is None else pytest.approx(line.plan))
        assert row["q10"] <= row["q50"] <= row["q90"]
        compared += 1
    assert compared >= 8


def test_nothing_is_computed_twice_and_a_changed_figure_is_seen() -> None:
    again()
    assert run_job("outlook") == "nothing new"
    with connect(SYSTEM) as conn:
        unit = province(conn)
        before = outlook.outlooks(conn, unit_ids=[unit], codes=["grdp"], year=this_year())
        put(conn, unit, "grdp", newest(conn, unit, "grdp"), 1.1)
        bump_version(conn, layer_id="indicator")
    run_job("outlook")
    with connect(OPERATOR) as conn:
        after = outlook.outlooks(conn, unit_ids=[unit], codes=["grdp"], year=this_year())
    assert after[0]["actual"] > before[0]["actual"]


def test_a_figure_a_thousand_times_too_high_is_named_and_does_not_carry_the_year_away() -> None:
    again()
    with connect(SYSTEM) as conn:
        unit = province(conn)
        month = newest(conn, unit, "retail_sales")
        clean = outlook.outlooks(conn, unit_ids=[unit], codes=["retail_sales"], year=month.year)[0]
        put(conn, unit, "retail_sales", month, 1000)
    again()
    with connect(OPERATOR) as conn:
        marks = outlook.anomalies(conn, unit_ids=[unit], codes=["retail_sales"], first=month, last=month)
        row = outlook.outlooks(conn, unit_ids=[unit], codes=["retail_sales"], year=month.year)[0]
    assert [(mark["kind"], mark["cause"]) for mark in marks] == [("report", "unit_factor")]
    assert marks[0]["low"] < marks[0]["expected"] < marks[0]["high"] < marks[0]["value"]
    assert row["reason"] == "doubtful_figure"
    assert row["q50"] == pytest.approx(clean["q50"], rel=0.1)
    assert row["actual"] > 5 * clean["actual"]


def test_a_figure_that_is_put_right_leaves_no_mark() -> None:
    with connect(SYSTEM) as conn:
        unit = province(conn)
        month = newest(conn, unit, "retail_sales")
        put(conn, unit, "retail_sales", month, 1000)
    again()
    with connect(SYSTEM) as conn:
        put(conn, unit, "retail_sales", month, 0.001)
    again()
    with connect(OPERATOR) as conn:
        assert outlook.anomalies(conn, unit_ids=[unit], codes=["retail_sales"], first=month, last=month) == []


def test_a_commune_the_province_knows_nothing_of_is_a_matter_of_the_report() -> None:
    with connect(SYSTEM) as conn:
        communes = select_rows(
            conn, "SELECT id FROM core.admin_unit WHERE level = 'commune' AND valid_to IS NULL ORDER BY population DESC"
        )
        unit = int(communes[0]["id"])
        month = newest(conn, unit, "grdp")
        put(conn, unit, "grdp", month, 2.3)
    again()
    with connect(OPERATOR) as conn:
        marks = outlook.anomalies(conn, unit_ids=[unit], codes=["grdp"], first=month, last=month)
    assert [mark["cause"] for mark in marks] == ["parts_differ"]


def test_former_districts_and_communes_are_projected_and_estimates_are_marked() -> None:
    again()
    with connect(OPERATOR) as conn:
        rows = select_rows(
            conn,
            "SELECT u.level, o.reason, o.model FROM derived.indicator_outlook o JOIN core.admin_unit u"
            " ON u.id = o.unit_id WHERE o.year = :year AND o.q50 IS NOT NULL",
            year=date(this_year(), 1, 1),
        )
        ended = select_rows(
            conn,
            "SELECT 1 FROM derived.indicator_outlook o JOIN core.admin_unit u ON u.id = o.unit_id"
            " WHERE u.valid_to IS NOT NULL AND u.level <> 'district'",
        )
    assert {row["level"] for row in rows} == {"province", "district", "commune"}
    assert any(row["reason"] == "estimated_history" for row in rows)
    assert not ended


def test_faults_that_are_put_in_are_found_and_clean_figures_mostly_left_alone() -> None:
    scores = [measure(seed=seed) for seed in range(4)]
    assert scores[0].clean_before < 0.01 * scores[0].figures
    plain = ("unit_factor", "digit", "sign", "zero")
    injected = sum(score.injected[kind] for score in scores for kind in plain)
    assert injected > 40
    assert sum(score.right_kind[kind] for score in scores for kind in plain) > 0.7 * injected


def test_the_back_test_prints_what_past_years_say() -> None:
    years, months = backtest_tables()
    assert years.row_count > 0
    assert months.columns[6].header == "OWA"
