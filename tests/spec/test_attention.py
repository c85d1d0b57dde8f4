"""What needs attention, on PostGIS: planted troubles are found, settled ones vanish, the first sight is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from helpers.databases import Databases
from sqlalchemy import Connection, event, text

from ingest.jobs import JOBS
from ingest.jobs_attention import refresh
from ingest.setup import DERIVED
from spatial.access import OPERATOR, SYSTEM, connect
from spatial.queries.attention import count_attention, last_look, list_attention
from spatial.queries.attention_sources import OPEN

NOW = datetime.now(UTC).replace(microsecond=0)
HANDLER = "Sở Xây dựng"


@pytest.fixture(scope="module")
def province_here(databases: Databases, province_template: str) -> Iterator[str]:
    """A copy of the mini province for this file; every test takes back what it did."""
    with databases.temporary("attention", province_template) as url:
        yield url


@pytest.fixture
def conn(province_here: str) -> Iterator[Connection]:
    """The mini province with nothing open: no alert, late case, camera or projection; the data are of this hour."""
    with connect(SYSTEM) as conn:
        for statement in (
            "UPDATE core.alert SET state = 'closed'",
            "UPDATE layer.feedback SET state = 'closed', closed_at = received_at + interval '1 hour'",
            "DELETE FROM core.camera_state",
            "DELETE FROM derived.indicator_outlook",
            "DELETE FROM derived.indicator_anomaly",
            "DELETE FROM derived.feedback_day",
            "DELETE FROM derived.feedback_period",
            "DELETE FROM derived.attention",
            "DELETE FROM core.indicator_plan",
            "DELETE FROM derived.indicator_plan",
            "UPDATE ops.layer_version SET data_until = now()",
        ):
            conn.execute(text(statement))
        yield conn
        conn.rollback()


def lines(conn: Connection, subject: str | None = None, unit_id: int | None = None) -> list[dict[str, Any]]:
    rows = list_attention(conn, unit_id=unit_id, limit=500)
    return [row for row in rows if subject in (None, row["subject"]) and row["facts"]["kind"] != "late_figures"]


def unit(conn: Connection, level: str, number: int = 0) -> int:
    found = conn.execute(
        text("SELECT id FROM core.admin_unit WHERE level = :level AND valid_to IS NULL ORDER BY id OFFSET :n LIMIT 1"),
        {"level": level, "n": number},
    )
    return int(found.scalar_one())


def make_late(conn: Connection, n: int, *, days: int = 2, level: str = "ordinary") -> list[str]:
    """So many cases of one handling unit past their deadline, in the commune with the most cases."""
    rows = conn.execute(
        text(
            "UPDATE layer.feedback SET state = 'in_progress', closed_at = NULL, due_at = :due, handling_unit = :by,"
            " level = :level WHERE key IN (SELECT key FROM layer.feedback WHERE commune_code = ("
            "SELECT commune_code FROM layer.feedback GROUP BY 1 ORDER BY count(*) DESC LIMIT 1) ORDER BY key LIMIT :n)"
            " RETURNING key"
        ),
        {"due": NOW - timedelta(days=days), "by": HANDLER, "n": n, "level": level},
    )
    return list(rows.scalars())


def test_the_job_runs_every_ten_minutes_and_last_of_all_in_the_first_set_up() -> None:
    assert JOBS["attention"].cron == "*/10 * * * *"
    assert DERIVED[-1] == "attention"


def test_with_nothing_planted_nothing_needs_attention(conn: Connection) -> None:
    refresh(conn, now=NOW)
    assert lines(conn) == []


def test_late_cases_of_a_handling_unit_are_one_line_and_vanish_when_they_are_settled(conn: Connection) -> None:
    keys = make_late(conn, 5)
    refresh(conn, now=NOW)
    (line,) = lines(conn, "feedback")
    assert (line["facts"]["n"], line["who"], line["facts"]["kind"]) == (5, HANDLER, "overdue")
    assert line["since"] == NOW - timedelta(days=2)
    assert "queue=late" in line["url"]
    conn.execute(text("UPDATE layer.feedback SET state = 'resolved' WHERE key = ANY(:keys)"), {"keys": keys})
    done = refresh(conn, now=NOW + timedelta(minutes=10))
    assert lines(conn, "feedback") == []
    assert done["gone"] >= 1


def test_a_case_whose_clock_stands_still_is_not_late(conn: Connection) -> None:
    keys = make_late(conn, 5)
    conn.execute(
        text(
            "INSERT INTO core.feedback_case (key, paused_since) SELECT unnest(CAST(:keys AS text[])), now()"
            " ON CONFLICT (key) DO UPDATE SET paused_since = now()"
        ),
        {"keys": keys},
    )
    refresh(conn, now=NOW)
    assert lines(conn, "feedback") == []


def test_one_late_case_stays_in_its_commune_but_a_late_emergency_reaches_the_province(conn: Connection) -> None:
    make_late(conn, 1)
    refresh(conn, now=NOW)
    province = unit(conn, "province")
    assert lines(conn, "feedback", province) == []
    (line,) = [row for number in range(6) for row in lines(conn, "feedback", unit(conn, "commune", number))]
    assert line["level"] == "commune"
    make_late(conn, 1, level="emergency")
    refresh(conn, now=NOW)
    assert [row["severity"] for row in lines(conn, "feedback", province)] == ["extreme"]


def test_a_case_nobody_forwarded_within_five_minutes_waits(conn: Connection) -> None:
    waiting = text(
        "UPDATE layer.feedback SET state = 'received', closed_at = NULL, due_at = NULL, received_at = :at"
        " WHERE key = (SELECT key FROM layer.feedback WHERE state = 'closed' AND commune_code IS NOT NULL"
        " ORDER BY key LIMIT 1)"
    )
    conn.execute(waiting, {"at": NOW - timedelta(minutes=3)})
    refresh(conn, now=NOW)
    assert lines(conn, "feedback") == []
    conn.execute(waiting, {"at": NOW - timedelta(minutes=10)})
    refresh(conn, now=NOW)
    (line,) = lines(conn, "feedback")
    assert (line["facts"]["kind"], line["facts"]["n"]) == ("waiting", 1)
    assert line["facts"]["nobody"]


def test_a_sudden_rise_in_a_commune_is_told_against_its_own_past(conn: Connection) -> None:
    today = NOW.date()
    rows = [
        {"unit": unit(conn, "commune", number), "day": today - timedelta(days=back), "n": n}
        for number, recent in ((0, 6), (1, 1))
        for back, n in [(1 + d, recent) for d in range(7)] + [(8 + d, 1) for d in range(56)]
    ]
    conn.execute(
        text(
            "INSERT INTO derived.feedback_day (unit_id, day, category, handling_unit, received, processed,"
            " processed_late) VALUES (:unit, :day, 'lighting', '', :n, 0, 0)"
        ),
        rows,
    )
    refresh(conn, now=NOW)
    (line,) = lines(conn, "feedback")
    assert line["facts"]["kind"] == "rise"
    assert line["unit_id"] == unit(conn, "commune", 0)
    assert line["facts"]["recent"] >= 36
    assert line["facts"]["expected"] == pytest.approx(7, abs=1.1)


def test_an_open_episode_is_one_line_with_who_took_it(conn: Connection) -> None:
    opened = "UPDATE core.alert SET state = 'new', ended_at = NULL WHERE cause = 'environment' AND evidence ? 'episode'"
    found = conn.execute(
        text(
            opened
            + " AND id IN (SELECT DISTINCT ON (subject) id FROM core.alert ORDER BY subject, id DESC) RETURNING id"
        )
    )
    ids = list(found.scalars())
    assert len(ids) > 1
    conn.execute(
        text('UPDATE core.alert SET evidence = evidence || \'{"episode": "smoke-1"}\' WHERE id = ANY(:i)'), {"i": ids}
    )
    refresh(conn, now=NOW)
    province = unit(conn, "province")
    (line,) = lines(conn, "alert", province)
    assert line["facts"]["count"] == len(ids)
    assert line["facts"]["nobody"]
    conn.execute(text("UPDATE core.alert SET state = 'acknowledged' WHERE id = ANY(:i)"), {"i": ids})
    conn.execute(
        text(
            "INSERT INTO core.alert_event (alert_id, actor, action)"
            " SELECT unnest(CAST(:i AS bigint[])), 'Nguyễn Thị Mai', 'acknowledged'"
        ),
        {"i": ids},
    )
    refresh(conn, now=NOW)
    (line,) = lines(conn, "alert", province)
    assert line["who"] == "Nguyễn Thị Mai"
    assert not line["facts"]["nobody"]


def outlook(conn: Connection, unit_id: int, code: str, chance: float, q50: float) -> None:
    conn.execute(
        text(
            "INSERT INTO derived.indicator_outlook"
            " (unit_id, code, year, known_until, actual, q10, q50, q90, plan, chance)"
            " VALUES (:unit, :code, :year, :known, 50, :q50 * 0.95, :q50, :q50 * 1.05, 100, :chance)"
        ),
        {"unit": unit_id, "code": code, "year": NOW.date().replace(month=1, day=1), "known": NOW.date().replace(day=1),
         "chance": chance, "q50": q50},
    )  # fmt: skip


def test_a_plan_that_will_be_missed_leads_to_its_indicator_and_one_that_is_met_does_not_show(conn: Connection) -> None:
    province = unit(conn, "province")
    outlook(conn, province, "grdp", 0.02, 80)
    outlook(conn, province, "retail_sales", 0.9, 110)
    outlook(conn, unit(conn, "commune"), "grdp", 0.02, 80)
    refresh(conn, now=NOW)
    (line,) = lines(conn, "plan", province)
    assert (line["facts"]["code"], line["severity"]) == ("grdp", "severe")
    assert line["facts"]["communes"] == 1
    assert line["url"].startswith("/overview/socio_economic?unit=")
    (below,) = lines(conn, "plan", unit(conn, "commune"))
    assert below["unit_id"] == unit(conn, "commune")


def test_a_fault_of_a_report_is_a_figure_to_check_and_an_event_is_unusual(conn: Connection) -> None:
    newest = conn.execute(text("SELECT max(period) FROM core.indicator_value")).scalar_one()
    for code, kind in (("grdp", "report"), ("retail_sales", "event")):
        conn.execute(
            text(
                "INSERT INTO derived.indicator_anomaly (unit_id, code, period, value, expected, low, high, score, kind,"
                " cause) VALUES (:unit, :code, :period, 1, 100, 80, 120, -9, :kind, 'unit_factor')"
            ),
            {"unit": unit(conn, "commune"), "code": code, "period": newest, "kind": kind},
        )
    refresh(conn, now=NOW)
    assert [row["facts"]["code"] for row in lines(conn, "data")] == ["grdp"]
    assert [row["facts"]["code"] for row in lines(conn, "anomaly")] == ["retail_sales"]


def test_cameras_that_go_dark_together_are_one_line(conn: Connection) -> None:
    conn.execute(
        text(
            "INSERT INTO core.camera_state (key, checked_at, ok, reason, fails, last_ok_at)"
            " SELECT key, :now, false, 'timeout', 3, :since FROM layer.camera"
        ),
        {"now": NOW, "since": NOW - timedelta(hours=2)},
    )
    refresh(conn, now=NOW)
    (line,) = lines(conn, "camera", unit(conn, "province"))
    assert line["facts"]["storm"]
    assert line["since"] == NOW - timedelta(hours=2)
    conn.execute(text("UPDATE core.camera_state SET fails = 2"))
    refresh(conn, now=NOW)
    assert lines(conn, "camera") == []


def test_a_network_that_fell_silent_is_one_line(conn: Connection) -> None:
    silent = NOW - timedelta(hours=30)
    conn.execute(
        text("UPDATE ops.layer_version SET data_until = :at WHERE layer_id = 'air_observation'"), {"at": silent}
    )
    refresh(conn, now=NOW)
    (line,) = lines(conn, "data")
    assert (line["facts"]["kind"], line["severity"], line["since"]) == ("late_layer", "severe", silent)


def test_since_and_number_stay_while_a_line_stays(conn: Connection) -> None:
    outlook(conn, unit(conn, "province"), "grdp", 0.02, 80)
    refresh(conn, now=NOW)
    (first,) = lines(conn, "plan")
    conn.execute(text("UPDATE derived.indicator_outlook SET chance = 0.01, q50 = 75"))
    refresh(conn, now=NOW + timedelta(hours=30))
    (later,) = lines(conn, "plan")
    assert (later["id"], later["since"]) == (first["id"], NOW)
    assert later["facts"]["q50"] == 75
    assert len(later["facts"]["course"]) == 2


def test_the_screens_may_read_it_and_count_it_by_unit(conn: Connection) -> None:
    make_late(conn, 4)
    refresh(conn, now=NOW)
    conn.execute(text(f"SET LOCAL ROLE {OPERATOR.login.value}"))
    province = unit(conn, "province")
    counts = count_attention(conn, unit_ids=[province])
    assert counts[province]["n"] == len(list_attention(conn, unit_id=province))
    last_look(conn)


RAW = re.compile(r"\b(observation(?!_review)\w*|feedback_event|feedback_fact|forecast_value)\b")


def plan_nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from plan_nodes(child)


def test_no_statement_of_the_job_goes_through_history(conn: Connection) -> None:
    seen: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH", "--")):
            seen.append((statement, parameters))

    event.listen(conn.engine, "before_cursor_execute", note)
    try:
        refresh(conn, now=NOW)
    finally:
        event.remove(conn.engine, "before_cursor_execute", note)
    assert len(seen) > 12
    conn.execute(text("SET LOCAL enable_seqscan = off"))  # a small table is read whole whenever that is allowed
    for statement, parameters in seen:
        if "INSERT INTO" in statement:
            continue
        plan = (
            conn.connection.cursor().execute("EXPLAIN (FORMAT JSON) " + statement, parameters).fetchone()[0][0]["Plan"]
        )
        for node in plan_nodes(plan):
            relation = node.get("Relation Name", "")
            assert not RAW.fullmatch(relation), f"{relation} is read by {statement[:200]}"
            if relation in ("indicator_value", "feedback_day", "indicator_outlook", "indicator_anomaly"):
                assert node["Node Type"] != "Seq Scan", f"{relation} is read whole by {statement[:200]}"


def test_what_counts_as_open_is_what_the_desk_counts_as_open() -> None:
    assert set(OPEN) == {"received", "assigned", "returned", "in_progress", "extended", "reopened"}
