"""Roll-ups of feedback after changes are those of counting everything anew; an open case grows late by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from helpers.databases import Databases
from sqlalchemy import Connection, text

from ingest.feedback_forecast import read_series, write_forecast
from ingest.jobs_feedback import roll_up
from spatial.access import SYSTEM, connect
from spatial.analysis import feedback_load
from spatial.progress import silent
from spatial.queries import feedback_stats
from spatial.queries.versions import set_watermark

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
STATES = ("received", "assigned", "in_progress", "extended", "resolved", "closed", "reopened", "duplicate", "rejected")
TABLES = ("feedback_period", "feedback_day", "feedback_fact", "indicator_computed")


@pytest.fixture(scope="module")
def province(databases: Databases, province_template: str) -> Iterator[str]:
    """The mini province to write in, one for all of these tests."""
    with databases.temporary("rollup", province_template) as url:
        yield url


def contents(conn: Connection) -> dict[str, set[Any]]:
    found = {}
    for name in TABLES:
        rows = conn.execute(text(f"SELECT to_jsonb(t) - 'computed_at' FROM derived.{name} t")).scalars()
        found[name] = {repr(sorted(row.items())) for row in rows}
    return found


def change_something(conn: Connection, rng: np.random.Generator) -> None:
    """What loads, citizens and offices do: states, times, fields and units of some cases; new ones, lost ones."""
    keys = list(conn.execute(text("SELECT key FROM layer.feedback ORDER BY key")).scalars())
    for key in rng.choice(keys, 12, replace=False):
        state = str(rng.choice(STATES))
        done = state in ("resolved", "closed", "duplicate", "rejected")
        at = NOW - timedelta(hours=float(rng.uniform(1, 9000)))
        conn.execute(
            text(
                "UPDATE layer.feedback SET state = :state, received_at = :at, closed_at = :closed, due_at = :due,"
                " rating = :rating, category = :category, handling_unit = :handler WHERE key = :key"
            ),
            {"state": state, "at": at, "closed": at + timedelta(hours=float(rng.uniform(0, 900))) if done else None,
             "due": at + timedelta(hours=100), "rating": int(rng.integers(1, 6)) if state == "closed" else None,
             "category": str(rng.choice(["noise", "trees"])), "handler": str(rng.choice(["Sở Y tế", "Sở Xây dựng"])),
             "key": key},
        )  # fmt: skip
        conn.execute(text("UPDATE core.feedback_case SET original_due_at = NULL WHERE key = :key"), {"key": key})
        conn.execute(text("INSERT INTO ops.feedback_touched (key) VALUES (:key)"), {"key": key})
    lost = str(rng.choice(keys))
    conn.execute(text("DELETE FROM layer.feedback WHERE key = :key"), {"key": lost})
    conn.execute(text("INSERT INTO ops.feedback_touched (key) VALUES (:key)"), {"key": lost})


@pytest.mark.parametrize("seed", range(3))
def test_what_changed_is_counted_as_if_everything_were_counted_anew(province: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    with connect(SYSTEM) as conn:
        conn.execute(text("DELETE FROM ops.watermark WHERE name LIKE 'feedback.%'"))  # other tests were ahead of NOW
        roll_up(conn, now=NOW, progress=silent)
    for step in range(3):
        now = NOW + timedelta(hours=30 * step)
        with connect(SYSTEM) as conn:
            change_something(conn, rng)
            set_watermark(conn, name="feedback.compared", value=now.isoformat())  # not the daily comparison
            roll_up(conn, now=now, progress=silent)
            changed = contents(conn)
            for name in ("feedback_fact", "feedback_period", "feedback_day"):
                conn.execute(text(f"DELETE FROM derived.{name}"))
            conn.execute(text("DELETE FROM ops.watermark WHERE name LIKE 'feedback.%'"))
            roll_up(conn, now=now, progress=silent)
            anew = contents(conn)
        for name in ("feedback_fact", "feedback_day"):
            assert changed[name] == anew[name], name
        # The months' moment differs where nothing happened: it is the end of the month, or of the last roll-up.
        assert changed["feedback_period"] == anew["feedback_period"]
        assert changed["indicator_computed"] == anew["indicator_computed"]


def test_an_open_case_grows_late_without_anyone_touching_it(province: str) -> None:
    with connect(SYSTEM) as conn:
        key = conn.execute(text("SELECT key FROM layer.feedback ORDER BY key LIMIT 1")).scalar_one()
        conn.execute(
            text("UPDATE layer.feedback SET state = 'assigned', received_at = :at, closed_at = NULL, due_at = :due"
                 " WHERE key = :key"),
            {"at": NOW - timedelta(days=1), "due": NOW + timedelta(days=1), "key": key},
        )  # fmt: skip
        conn.execute(text("UPDATE core.feedback_case SET original_due_at = NULL, paused_since = NULL"))
        conn.execute(text("INSERT INTO ops.feedback_touched (key) SELECT key FROM layer.feedback"))
        roll_up(conn, now=NOW, progress=silent)
        before = feedback_stats.total(conn, unit_id=0, period=date(2026, 11, 1))
        roll_up(conn, now=NOW + timedelta(days=2), progress=silent)
        after = feedback_stats.total(conn, unit_id=0, period=date(2026, 11, 1))
    assert before is not None
    assert after is not None
    assert after["overdue"] >= before["overdue"] + 1
    assert after["until"] == NOW + timedelta(days=2)


def test_fields_and_handling_units_add_up_to_the_whole(province: str) -> None:
    with connect(SYSTEM) as conn:
        roll_up(conn, now=NOW, progress=silent)
        for by in ("category", "handling_unit", "both"):
            for month in feedback_stats.periods(conn):
                parts = feedback_stats.period_figures(conn, unit_ids=[0], first=month, last=month, by=by)
                whole = feedback_stats.total(conn, unit_id=0, period=month)
                assert whole is not None
                for name in ("received", "processed", "on_time", "overdue", "in_progress"):
                    assert sum(part[name] for part in parts) == whole[name]
                assert whole["received"] == whole["processed"] + whole["in_progress"]
                assert sum(whole["hours_histogram"]) == whole["processed"]


def test_a_step_that_is_not_a_month_is_refused_by_the_day_series(province: str) -> None:
    with connect(SYSTEM) as conn, pytest.raises(ValueError, match="not by both"):
        feedback_stats.days(conn, unit_id=0, first=date(2026, 1, 1), last=date(2026, 1, 2), category="a",
                            handling_unit="b")  # fmt: skip


def test_a_month_costs_the_same_however_long_the_history_is(province: str) -> None:
    with connect(SYSTEM) as conn:
        conn.execute(text("ANALYZE derived.feedback_period"))
        conn.execute(text("SET LOCAL enable_seqscan = off"))
        plan = "\n".join(conn.execute(text(
            "EXPLAIN SELECT * FROM derived.feedback_period WHERE unit_id = 0 AND period = '2026-11-01'"
            " AND category = '' AND handling_unit = ''"
        )).scalars())  # fmt: skip
    assert "pk_feedback_period" in plan
    assert "layer.feedback" not in plan


# ---------------------------------------------------------------- forecast


def made(days: int, rng: np.random.Generator) -> tuple[np.ndarray, feedback_load.Calendar]:
    """Counts with a weekday's shape and a slow rise, a busy and a quiet series."""
    weekday = np.arange(days + feedback_load.HORIZON) % 7
    shape = np.where(weekday[:days] >= 5, 0.4, 1.24)
    rise = 1 + 0.5 * np.arange(days) / days
    means = np.stack([40 * shape * rise, 3 * shape * rise])
    return rng.poisson(means).astype(float), feedback_load.Calendar(weekday, np.zeros(days + 14, dtype=bool))


def test_the_forecast_beats_the_naive_methods_where_weekdays_differ() -> None:
    counts, calendar = made(500, np.random.default_rng(5))
    score = feedback_load.backtest(counts, calendar, origins=20)
    assert score.skill()[0] > 0.15
    assert np.all((score.covered > 0.72) & (score.covered < 0.95))


def test_a_forecast_knows_nothing_of_what_comes_after_its_origin() -> None:
    counts, calendar = made(500, np.random.default_rng(6))
    changed = counts.copy()
    changed[:, 401:] = 999
    assert np.array_equal(feedback_load.expected(counts, calendar, 400), feedback_load.expected(changed, calendar, 400))


def test_the_forecast_of_the_province_is_written_for_a_fortnight(province: str) -> None:
    with connect(SYSTEM) as conn:
        roll_up(conn, now=NOW, progress=silent)
        assert read_series(conn, last=date(2026, 11, 19)) is not None
        assert write_forecast(conn, today=date(2026, 11, 20)) >= 1
        rows = feedback_stats.load_forecast(conn, unit_id=0)
    assert [row["target"] for row in rows] == [date(2026, 11, 20) + timedelta(days=n) for n in range(14)]
    assert all(0 <= row["q10"] <= row["q50"] <= row["q90"] for row in rows)
