"""Late, corrected, judged and deleted values: what the roll-up changes equals a roll-up of everything, and no more."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from helpers.databases import environment
from helpers.toy import draw_units
from helpers.toy_data import add_hours, add_points, add_series
from sqlalchemy import Connection, text

from ingest.jobs import run_job
from ingest.jobs_observations import roll_up_changes
from layers.flags import Flag
from spatial.access import SYSTEM, connect
from spatial.progress import silent
from spatial.queries import retention, rollup

START = datetime(2025, 12, 30, 17, tzinfo=UTC)  # two days before a new year: months and years change
DAYS = 40
PLACES = {"K1": (106.05, 20.05), "K2": (106.07, 20.03), "K3": (106.55, 20.05)}
TABLES = {
    "derived.observation_hourly": "series_id, time, n, n_good, round(value::numeric, 9), round(raw::numeric, 9),"
    " minimum, maximum, status, flag, reviewed",
    "derived.observation_daily": "series_id, day, n, n_good, round(mean::numeric, 9), minimum, maximum",
    "derived.unit_daily": "unit_id, layer_id, parameter, day, stations, round(mean::numeric, 9), maximum",
    "derived.unit_hourly": "unit_id, layer_id, parameter, time, stations, round(mean::numeric, 9), maximum",
}


@pytest.fixture
def series(database: str) -> list[int]:
    """Hourly and five-minute series, and a wind direction."""
    with connect(SYSTEM) as conn:
        draw_units(conn)
    run_job("links")
    with connect(SYSTEM) as conn:
        add_points(conn, "air_station", PLACES, name="Trạm", station_class="standard")
        ids = [add_series(conn, "air_observation", station, "pm25") for station in PLACES]
        ids.append(add_series(conn, "air_observation", "K1", "wind_direction"))
        conn.execute(text("UPDATE core.series SET cadence_minutes = 5 WHERE id = :id"), {"id": ids[2]})
    return ids


def content(conn: Connection) -> dict[str, list[tuple]]:
    return {
        table: [tuple(row) for row in conn.execute(text(f"SELECT {columns} FROM {table} ORDER BY 1, 2, 3, 4"))]
        for table, columns in TABLES.items()
    }


def places(conn: Connection) -> set[str]:
    """Where the rows of units lie: a row that is written again lies elsewhere."""
    return set(conn.execute(text("SELECT CAST(ctid AS text) FROM derived.unit_daily")).scalars())


def everything(conn: Connection) -> dict[str, list[tuple]]:
    """What a roll-up of everything gives; taken back."""
    with conn.begin_nested() as attempt:
        conn.execute(text("DELETE FROM ops.watermark WHERE name LIKE 'rollup%'"))
        roll_up_changes(conn, silent)
        found = content(conn)
        attempt.rollback()
    return found


def batch(conn: Connection, ids: list[int], random: np.random.Generator) -> None:
    """A load, a correction, a verdict or a deletion, somewhere in the time there is."""
    number = ids[random.integers(len(ids))]
    step = timedelta(minutes=5) if number == ids[2] else timedelta(hours=1)
    first = START + step * int(random.integers(DAYS * 24 * 3600 // int(step.total_seconds())))
    last = first + step * int(random.integers(1, 60))
    match random.integers(5):
        case 0 | 1 | 2:
            flags = random.choice([0, 0, 0, int(Flag.SPIKE), int(Flag.RANGE)], 60)
            values = [
                (first + step * at, None if random.random() < 0.05 else float(random.uniform(0, 360)),
                 int(random.choice([0, 0, 0, 0, 1, 2])), int(flags[at]))
                for at in range(int((last - first) / step) or 1)
            ]  # fmt: skip
            add_hours(conn, number, values)
        case 3:
            conn.execute(
                text(
                    "INSERT INTO core.observation_review (series_id, first, last, verdict, note, actor)"
                    " VALUES (:series, :first, :last, :verdict, 'xem', 'test')"
                ),
                {"series": number, "first": first, "last": last, "verdict": str(random.choice(["good", "bad"]))},
            )
        case 4:
            span = {"series": number, "first": first, "last": last}
            conn.execute(
                text("DELETE FROM core.observation WHERE series_id = :series AND time BETWEEN :first AND :last"), span
            )
            rollup.touch(conn, series_ids=[number], first=first, last=last)
            conn.execute(
                text("UPDATE core.observation_review SET revoked_at = now(), revoked_by = 'test'"
                     " WHERE id = (SELECT min(id) FROM core.observation_review WHERE revoked_at IS NULL)")
            )  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_what_changed_equals_a_roll_up_of_everything(series: list[int], seed: int) -> None:
    random = np.random.default_rng(seed)
    for _ in range(6):
        with connect(SYSTEM) as conn:
            for _ in range(int(random.integers(1, 6))):
                batch(conn, series, random)
            roll_up_changes(conn, silent)
            found, wanted = content(conn), everything(conn)
        for table, rows in wanted.items():
            assert found[table] == rows, table
    assert found["derived.observation_hourly"]
    assert found["derived.unit_hourly"]


def test_a_late_value_of_an_old_month_changes_its_hour_its_day_and_its_units_alone(series: list[int]) -> None:
    with connect(SYSTEM) as conn:
        for number in series[:2]:
            add_hours(conn, number, [(START + timedelta(hours=h + 1), 20.0, 0, 0) for h in range(DAYS * 24)])
    run_job("rollup")
    late = START + timedelta(hours=30)
    with connect(SYSTEM) as conn:
        before = content(conn)
        rows = places(conn)
        add_hours(conn, series[0], [(late, 90.0, 0, 0)])
    run_job("rollup")
    with connect(SYSTEM) as conn:
        after = content(conn)
        kept = places(conn)
    changed = {table: set(after[table]) - set(before[table]) for table in TABLES}
    assert {(row[0], row[1]) for row in changed["derived.observation_hourly"]} == {(series[0], late)}
    assert {(row[0], row[1]) for row in changed["derived.observation_daily"]} == {
        (series[0], (late + timedelta(hours=7)).date())
    }
    assert {row[3] for row in changed["derived.unit_hourly"]} == {late}
    assert {row[3] for row in changed["derived.unit_daily"]} == {(late + timedelta(hours=7)).date()}
    assert len(rows - kept) <= len(changed["derived.unit_daily"])  # other rows were not written again


def test_a_roll_up_that_is_killed_leaves_everything_as_before(series: list[int], database: str) -> None:
    with connect(SYSTEM) as conn:
        add_hours(conn, series[0], [(START + timedelta(hours=h + 1), 20.0, 0, 0) for h in range(48)])
    run_job("rollup")
    with connect(SYSTEM) as conn:
        add_hours(conn, series[0], [(START + timedelta(hours=h + 1), 50.0, 0, 0) for h in range(24)])
        before = content(conn)
        queue = conn.execute(text("SELECT count(*) FROM ops.touched_day")).scalar_one()
    program = (
        "import ingest.jobs_observations as j, os, signal\n"
        "j.compute_indices = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from ingest.jobs import run_job\nrun_job('rollup')\n"
    )
    with environment(DATABASE_URL=database):
        ended = subprocess.run([sys.executable, "-c", program], env=dict(os.environ), check=False, timeout=120)
    assert ended.returncode == -signal.SIGKILL
    with connect(SYSTEM) as conn:
        assert content(conn) == before
        assert conn.execute(text("SELECT count(*) FROM ops.touched_day")).scalar_one() == queue
    run_job("rollup")
    with connect(SYSTEM) as conn:
        assert content(conn) == everything(conn)


def test_months_given_up_keep_their_days_even_when_everything_is_computed_anew(series: list[int]) -> None:
    with connect(SYSTEM) as conn:
        add_hours(conn, series[0], [(START + timedelta(hours=h + 1), 20.0, 0, 0) for h in range(DAYS * 24)])
        # Values that wait for the roll-up keep their month.
        assert retention.drop_months(conn, table="core.observation", before=datetime(2026, 1, 15, tzinfo=UTC)) == []
        roll_up_changes(conn, silent)
        days = content(conn)["derived.observation_daily"]
        names = retention.drop_months(conn, table="core.observation", before=datetime(2026, 1, 15, tzinfo=UTC))
        assert names[-1] == "core.observation_p202512"
        conn.execute(text("SELECT core.ensure_observation_partitions(:at, :at)"), {"at": START})
        add_hours(conn, series[0], [(START + timedelta(hours=5), 99.0, 0, 0)])  # too late: the others are gone
        roll_up_changes(conn, silent)
        assert content(conn)["derived.observation_daily"] == days
        conn.execute(text("DELETE FROM ops.watermark WHERE name = 'rollup.rules'"))
        roll_up_changes(conn, silent)
        assert content(conn)["derived.observation_daily"] == days


def test_hours_of_units_are_those_of_the_last_days(series: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    with environment(GEOIOC_UNIT_HOURLY_DAYS="3", DATABASE_URL=os.environ["DATABASE_URL"]), connect(SYSTEM) as conn:
        add_hours(conn, series[0], [(START + timedelta(hours=h + 1), 20.0, 0, 0) for h in range(240)])
        roll_up_changes(conn, silent)
        oldest = text("SELECT min(time), max(time) FROM derived.unit_hourly")
        newest = START + timedelta(hours=240)
        assert tuple(conn.execute(oldest).one()) == (newest - timedelta(hours=95), newest)  # the day begun, and three
        add_hours(conn, series[0], [(newest + timedelta(hours=h + 1), 20.0, 0, 0) for h in range(24)])
        roll_up_changes(conn, silent)
        assert tuple(conn.execute(oldest).one()) == (newest - timedelta(hours=71), newest + timedelta(hours=24))
