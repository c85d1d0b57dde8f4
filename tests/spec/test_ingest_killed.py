"""A run that dies at any moment leaves the database as before or as after, and its record says so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from helpers.ingest import fingerprint, load, query, scalar, write_csv, write_units

from ingest import runs
from spatial.access import SYSTEM, connect
from spatial.errors import DatabaseUnavailable, DiskFull
from spatial.settings import data_settings

TABLES = ("layer.camera", "layer.camera_private", "ops.layer_version", "ops.quarantine")
HEADER = ("MA_CAMERA", "TEN", "URL", "lon", "lat")

# Loads a file in a process of its own that stops for good at one step, so that it can be killed there.
CHILD = """
import sys, time
from pathlib import Path
import ingest.pipeline, ingest.tables, ingest.load, ingest.runs
from layers.registry import get_layer
from spatial.access import SYSTEM

step = sys.argv[1]
holder = {"copy": ingest.load.Staging, "merge": ingest.load.Staging, "drop": ingest.load.Staging,
          "finish_run": ingest.runs, "archive_source": ingest.pipeline}[step]
real = getattr(holder, step)

def wait_here(*args, **kwargs):
    real(*args, **kwargs) if step != "archive_source" else None
    print("here", flush=True)
    time.sleep(600)

setattr(holder, step, wait_here)
ingest.pipeline.run_file(get_layer("camera"), Path(sys.argv[2]), actor=SYSTEM)
"""


@pytest.fixture
def folder(database: str, tmp_path: Path) -> Path:
    load("admin_unit", write_units(tmp_path))
    load("camera", write_csv(tmp_path / "first.csv", HEADER, [("A", "old", "rtsp://a", 105.9, 20.3)]))
    return tmp_path


def second(folder: Path) -> Path:
    rows = [("A", "new", "rtsp://a", 105.9, 20.3), ("B", "new", "rtsp://b", 106.1, 20.3), ("C", "new", "", 0, 0)]
    return write_csv(folder / "second.csv", HEADER, rows)


@pytest.mark.parametrize("step", ["copy", "merge", "drop", "archive_source", "finish_run"])
def test_a_run_killed_at_any_step_leaves_the_database_as_before(folder, step):
    file = second(folder)
    before = fingerprint(*TABLES)
    child = subprocess.Popen([sys.executable, "-c", CHILD, step, str(file)], stdout=subprocess.PIPE, env=os.environ)
    assert child.stdout is not None
    assert child.stdout.readline() == b"here\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    _wait_until_no_other_session()
    assert fingerprint(*TABLES) == before
    assert query("SELECT tablename FROM pg_tables WHERE schemaname = 'staging'") == []
    assert scalar("SELECT state FROM ops.ingest_run ORDER BY id DESC LIMIT 1") == "running"
    report = load("camera", file)
    assert (report.inserted, report.updated) == (1, 1)
    states = [row.state for row in query("SELECT state FROM ops.ingest_run WHERE layer_id = 'camera' ORDER BY id")]
    assert states == ["done", "interrupted", "done"]


def _wait_until_no_other_session() -> None:
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    for _ in range(600):
        if scalar(f"{others} AND state <> 'idle'") == 0:
            return
        time.sleep(0.05)
    raise AssertionError("the killed run's session is still there")


def test_a_terminated_database_session_leaves_the_database_as_before(folder, database, monkeypatch):
    from ingest.load import Staging

    merge = Staging.merge

    def merge_then_lose_the_session(staging):
        merge(staging)
        with psycopg.connect(database, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
                " WHERE l.locktype = 'advisory' AND d.datname = current_database()"
            )
        return merge(staging)

    monkeypatch.setattr(Staging, "merge", merge_then_lose_the_session)
    before = fingerprint(*TABLES)
    with pytest.raises(DatabaseUnavailable, match="nothing was stored"):
        load("camera", second(folder))
    assert fingerprint(*TABLES) == before
    assert scalar("SELECT state FROM ops.ingest_run ORDER BY id DESC LIMIT 1") == "failed"


def test_a_run_that_still_lives_is_not_taken_for_dead(folder):
    with connect(SYSTEM) as own:
        runs.lock_layer(own, "camera")
        with connect(SYSTEM) as other:
            other.exec_driver_sql(
                "INSERT INTO ops.ingest_run (layer_id, source, actor) VALUES ('camera', 'x.csv', 'system')"
            )
        with connect(SYSTEM) as third:
            assert runs.mark_interrupted(third) == 0
    with connect(SYSTEM) as third:
        assert runs.mark_interrupted(third) == 1


def test_a_full_disk_under_the_archive_stores_nothing_and_says_so(folder):
    import resource

    # Bytes of its own: what another test archived need not be written again.
    file = write_csv(folder / "second.csv", HEADER, [("B", str(folder), "rtsp://b", 106.1, 20.3)])
    before = fingerprint(*TABLES)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        with pytest.raises(DiskFull, match="no room"):
            load("camera", file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)
    assert fingerprint(*TABLES) == before
    assert not list((data_settings().root / "archive").rglob("*.part"))
    assert load("camera", file).inserted == 1


def test_a_full_disk_of_the_database_is_told_in_one_sentence(folder, monkeypatch):
    from ingest.load import Staging

    def merge_on_a_full_disk(staging):
        staging.connection.exec_driver_sql("DO $$ BEGIN RAISE SQLSTATE '53100' USING MESSAGE = 'no space left'; END $$")

    monkeypatch.setattr(Staging, "merge", merge_on_a_full_disk)
    with pytest.raises(DiskFull, match="nothing was stored"):
        load("camera", second(folder))
