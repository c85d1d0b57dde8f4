"""What the screens of feedback ask of the database: nothing that grows with history, and nothing that is not theirs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from helpers.databases import Databases, environment
from sqlalchemy import event

from dash_app.desk_filters import Desk, Filters
from dash_app.desk_services import DeskServices
from dash_app.services import Services
from dash_app.statistics_services import StatisticsServices
from ingest.jobs import run_job
from spatial.access import OPERATOR, SYSTEM, connect
from spatial.engine import get_engine
from spatial.feedback.intake import NewReport, submit
from spatial.feedback.units import sync_handling_units
from spatial.queries import feedback_desk
from spatial.queries.feedback_desk import CaseFilter


@pytest.fixture(scope="module")
def cases(databases: Databases, province_template: str) -> Iterator[str]:
    """A copy of the province with 20,000 more cases of past years, rolled up. Its URL."""
    name = databases.create("feedback_screens", province_template)
    with environment(DATABASE_URL=databases.url(name)):
        with connect(SYSTEM) as conn:
            sync_handling_units(conn)
            conn.exec_driver_sql(
                "INSERT INTO layer.feedback (key, tracking_code, geom, unit_ids, commune_code, category, title, state,"
                " handling_unit, channel, received_at, due_at, closed_at)"
                " SELECT 'OLD' || n, 'OLD' || n, one.geom, one.unit_ids, one.commune_code, one.category, one.title,"
                " 'closed', one.handling_unit, one.channel, past.at, past.at + interval '5 days',"
                " past.at + interval '2 days' FROM generate_series(1, 20000) AS n,"
                " (SELECT * FROM layer.feedback WHERE commune_code > '' ORDER BY received_at DESC LIMIT 1) AS one,"
                " LATERAL (SELECT one.received_at - interval '3 years' - n * interval '30 minutes' AS at) AS past"
            )
            conn.exec_driver_sql("ANALYZE layer.feedback")
        run_job("feedback")
        with connect(SYSTEM) as conn:
            for table in ("feedback_period", "feedback_day", "feedback_fact"):
                conn.exec_driver_sql(f"ANALYZE derived.{table}")
        yield databases.url(name)
    databases.drop(name)


def plans_of(ask: Any) -> list[dict[str, Any]]:
    """Plans of all statements a question of the screens runs."""
    asked: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        words = re.sub(r"^\s*--.*$", "", statement, flags=re.MULTILINE).lstrip()
        if words.upper().startswith(("SELECT", "WITH")) and "set_config" not in words:
            asked.append((words, parameters))

    engine = get_engine(OPERATOR.login)
    event.listen(engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    with connect(OPERATOR) as conn:
        found = [conn.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {text}", values).scalar_one() for text, values in asked]
    return [(json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"] for plan in found]


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from nodes(inner)


def tables_read(plans: list[dict[str, Any]]) -> set[str]:
    return {node["Relation Name"] for plan in plans for node in nodes(plan) if "Relation Name" in node}


def whole_scans(plans: list[dict[str, Any]], table: str) -> list[dict[str, Any]]:
    return [
        node
        for plan in plans
        for node in nodes(plan)
        if node["Node Type"] == "Seq Scan" and node.get("Relation Name") == table
    ]


def test_the_statistics_of_a_month_read_the_roll_ups_and_no_case(cases: str) -> None:
    reads = StatisticsServices(Services())
    asked = reads.read({})
    assert asked is not None
    plans = plans_of(lambda: reads.month(asked))
    assert {"feedback_period", "feedback_day"} <= tables_read(plans)
    assert not tables_read(plans) & {"feedback", "feedback_case", "feedback_event", "feedback_private"}


def test_the_heat_map_finds_the_cases_of_its_month_by_their_time(cases: str) -> None:
    reads = StatisticsServices(Services())
    asked = reads.read({})
    assert asked is not None
    plans = plans_of(lambda: reads.density(asked))
    assert "feedback" in tables_read(plans)
    assert whole_scans(plans, "feedback") == []


def test_the_chart_of_the_map_reads_the_roll_up(cases: str) -> None:
    services = Services()
    province = services.province()
    assert province is not None
    assert tables_read(plans_of(lambda: services.feedback(province["id"]))) == {"feedback_period"}


def test_the_months_figures_are_those_of_the_cases(cases: str) -> None:
    """The page against a count of our own, over the cases themselves, those of other tests included."""
    run_job("feedback")
    reads = StatisticsServices(Services())
    asked = reads.read({})
    assert asked is not None
    month = reads.month(asked)
    begins, ends = month.begins, month.ends
    with connect(SYSTEM) as conn:
        received, processed = conn.exec_driver_sql(
            "SELECT count(*) FILTER (WHERE state NOT IN ('rejected', 'duplicate')),"
            " count(*) FILTER (WHERE state IN ('resolved', 'closed')) FROM layer.feedback"
            " WHERE received_at >= %(a)s AND received_at < %(b)s AND %(unit)s = ANY(unit_ids)",
            {"a": begins, "b": ends, "unit": asked.unit["id"]},
        ).one()
    shown = (month.total["received"], month.total["processed"]) if month.total else (0, 0)
    assert shown == (received, processed)
    assert sum(row["received"] for row in month.fields) == received
    assert sum(row["received"] for row in reads.month(asked).days) >= 0


def test_the_open_queues_are_counted_without_reading_what_is_done(cases: str) -> None:
    narrow, now = CaseFilter(), datetime.now(UTC)
    with connect(OPERATOR) as conn:
        counts = feedback_desk.count_queues(conn, narrow=narrow, now=now)
        assert counts["all"] == feedback_desk.COUNTED + 1  # and not the 20,000 there are
    plans = plans_of(lambda: DeskServices(Services()).counts(Desk()))
    open_count = plans[0]
    assert whole_scans([open_count], "feedback") == []


def test_a_handling_unit_learns_neither_who_reported_nor_of_other_units_cases(cases: str) -> None:
    with connect(OPERATOR) as conn:
        lon, lat = conn.exec_driver_sql(
            "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(geom) AS p FROM core.admin_unit"
            " WHERE level = 'commune' AND valid_to IS NULL ORDER BY code LIMIT 1) AS middle"
        ).one()
        code = submit(
            conn,
            report=NewReport(category="lighting", content="Đèn đường không sáng đã ba đêm.", lon=lon, lat=lat,
                             name="Trần Thị Người Dân", phone="0912345678"),
            now=datetime.now(UTC) - timedelta(minutes=1),
        ).code  # fmt: skip
    desk = DeskServices(Services())
    centre = desk.case(code, Desk())
    assert centre is not None
    assert centre.row["reporter_phone"] == "0912345678"
    with connect(SYSTEM) as conn:
        conn.exec_driver_sql("UPDATE layer.feedback SET handling_unit = 'Sở Xây dựng' WHERE key = %(k)s", {"k": code})
    unit = desk.case(code, Desk("unit", "Sở Xây dựng"))
    assert unit is not None
    assert "0912345678" not in repr(unit)
    assert "Trần Thị Người Dân" not in repr(unit)
    assert desk.case(code, Desk("unit", "Sở Y tế")) is None
    rows, _ = desk.queue(Filters(queue="all"), Desk("unit", "Sở Y tế"))
    assert {row["handling_unit"] for row in rows} <= {"Sở Y tế"}


@pytest.mark.parametrize(
    ("words", "found"), [("den duong khong", True), ("ĐÈN ĐƯỜNG", True), ("100%", False), ("_", False)]
)
def test_words_are_found_without_marks_and_no_letter_is_a_wildcard(cases: str, words: str, found: bool) -> None:
    with connect(SYSTEM) as conn:
        conn.exec_driver_sql(
            "UPDATE layer.feedback SET title = 'Đèn đường không sáng' WHERE key = (SELECT min(key) FROM layer.feedback)"
        )
    with connect(OPERATOR) as conn:
        rows = feedback_desk.list_queue(
            conn, queue="all", narrow=CaseFilter(query=words), order="newest", limit=5, offset=0, now=datetime.now(UTC)
        )
    assert bool(rows) is found
