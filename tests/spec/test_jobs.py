"""Jobs are rows: asked for by anybody who may, run once, recorded whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from ingest.job_worker import Worker
from ingest.jobs import JOBS, Job, JobFailed, execute, run_job, run_jobs, sync_jobs
from layers.model import Text
from spatial.access import OPERATOR, PUBLIC, SYSTEM, connect
from spatial.errors import UnknownJob
from spatial.progress import Progress
from spatial.queries import jobs as runs
from spatial.queries.jobs import JobRun
from spatial.settings import LOCAL_ZONE

NEVER = "0 0 29 2 *"


def job(run: Callable[[Progress], str], name: str = "links") -> Job:
    """A job of the test's own under the name of a registered one."""
    return Job(name, NEVER, Text(vi="Thử", en="Test"), run)


@pytest.fixture
def quiet(database: str) -> str:
    """A database in which no job is due by itself."""
    with connect(SYSTEM) as conn:
        sync_jobs(conn)
        conn.execute(text("UPDATE ops.job SET cron = :never"), {"never": NEVER})
    return database


def newest(name: str = "links") -> JobRun:
    with connect(SYSTEM) as conn:
        return runs.last_runs(conn)[name]


def test_every_job_runs_on_an_empty_database_and_is_recorded(quiet: str) -> None:
    for name in JOBS:
        message = run_job(name)
        run = newest(name)
        assert (run.state, run.progress, run.message) == ("done", 1.0, message)
        assert run.finished_at is not None


def test_an_unknown_job_is_named_with_the_known_ones(quiet: str) -> None:
    with pytest.raises(UnknownJob, match=r"'linsk'.*links"):
        run_job("linsk")
    with connect(OPERATOR) as conn, pytest.raises(UnknownJob, match="links"):
        runs.enqueue(conn, job="linsk")


def test_a_failed_job_keeps_its_error_and_says_so(quiet: str, caplog: pytest.LogCaptureFixture) -> None:
    def fail(progress: Progress) -> str:
        raise ValueError("the ninth grid is empty")

    with connect(SYSTEM) as conn:
        run_id = runs.start_run(conn, job="links", worker=os.getpid())
    with pytest.raises(JobFailed, match="the ninth grid is empty"):
        execute(run_id, job(fail))
    assert newest().state == "failed"
    assert newest().message == "ValueError: the ninth grid is empty"
    assert "Traceback" in caplog.text


def test_progress_can_be_read_while_the_job_runs(quiet: str) -> None:
    seen: list[tuple[float, str | None]] = []

    def look(progress: Progress) -> str:
        progress("half", 0.5)
        seen.append((newest().progress, newest().message))
        progress("soon after", 0.6)  # within the same second: not written
        seen.append((newest().progress, newest().message))
        return "ready"

    with connect(SYSTEM) as conn:
        run_id = runs.start_run(conn, job="links", worker=os.getpid())
    execute(run_id, job(look))
    assert seen == [(0.5, "half"), (0.5, "half")]


def test_an_operator_may_ask_for_a_run_and_the_public_may_not(quiet: str) -> None:
    with connect(OPERATOR) as conn:
        run_id = runs.enqueue(conn, job="links")
    assert newest().id == run_id
    assert newest().state == "queued"
    with pytest.raises(Exception, match="permission denied"), connect(PUBLIC) as conn:
        runs.enqueue(conn, job="links")


def test_asking_twice_queues_once(quiet: str) -> None:
    with connect(OPERATOR) as conn:
        assert runs.enqueue(conn, job="links") == runs.enqueue(conn, job="links")


def test_a_worker_takes_what_is_queued_in_order(quiet: str) -> None:
    done: list[str] = []
    jobs = {name: job(lambda _p, name=name: done.append(name) or "ok", name) for name in ("place", "links")}  # type: ignore[misc]
    with connect(OPERATOR) as conn:
        runs.enqueue(conn, job="place")
    with connect(OPERATOR) as conn:
        runs.enqueue(conn, job="links")
    worker = Worker(jobs)
    assert [worker.step(), worker.step(), worker.step()] == [True, True, False]
    assert done == ["place", "links"]


def test_two_workers_never_take_the_same_run(quiet: str) -> None:
    with connect(OPERATOR) as conn:
        runs.enqueue(conn, job="links")
    with connect(SYSTEM) as first, connect(SYSTEM) as second:
        assert runs.claim(first, jobs=["links"], worker=1) is not None
        assert runs.claim(second, jobs=["links"], worker=2) is None


def test_a_job_that_runs_is_not_started_a_second_time(quiet: str) -> None:
    def ask_again(progress: Progress) -> str:
        with connect(OPERATOR) as conn:
            runs.enqueue(conn, job="links")
        with connect(SYSTEM) as conn:
            return "taken" if runs.claim(conn, jobs=["links"], worker=2) else "left"

    with connect(SYSTEM) as conn:
        run_id = runs.start_run(conn, job="links", worker=os.getpid())
    assert execute(run_id, job(ask_again)) == "left"


def test_a_failed_job_does_not_stop_the_worker(quiet: str) -> None:
    def fail(progress: Progress) -> str:
        raise ValueError("broken")

    worker = Worker({"links": job(fail), "place": job(lambda _p: "ok", "place")})
    for name in ("links", "place"):
        with connect(OPERATOR) as conn:
            runs.enqueue(conn, job=name)
    assert worker.step()
    assert worker.step()
    assert (newest("links").state, newest("place").state) == ("failed", "done")


def test_the_run_of_a_dead_worker_is_closed_and_a_living_one_is_not(quiet: str) -> None:
    with connect(SYSTEM) as conn:
        dead = runs.start_run(conn, job="links", worker=999_999)
        alive = runs.start_run(conn, job="place", worker=os.getpid())
        conn.execute(text("UPDATE ops.job_run SET started_at = now() - interval '1 minute'"))
    with connect(SYSTEM) as guard:
        runs.hold(guard, run_id=alive, job="place")
        with connect(SYSTEM) as conn:
            assert runs.close_dead_runs(conn) == 1
    assert newest("links").id == dead
    assert newest("links").state == "interrupted"
    assert newest("place").state == "running"


@pytest.mark.parametrize(
    ("cron", "last", "now", "due"),
    [
        ("10 * * * *", datetime(2026, 3, 1, 8, 10), datetime(2026, 3, 1, 9, 9), False),
        ("10 * * * *", datetime(2026, 3, 1, 8, 10), datetime(2026, 3, 1, 9, 10), True),
        ("10 * * * *", datetime(2026, 3, 1, 8, 10), datetime(2026, 3, 3, 0, 0), True),  # missed times count once
        ("30 2 * * *", datetime(2026, 3, 1, 2, 30), datetime(2026, 3, 1, 23, 0), False),
        ("30 2 * * *", datetime(2026, 3, 1, 2, 30), datetime(2026, 3, 2, 2, 30), True),  # local time
    ],
)
def test_a_job_is_due_when_its_time_passed_since_it_was_last_asked_for(
    cron: str, last: datetime, now: datetime, due: bool
) -> None:
    schedules = [("links", cron, last.replace(tzinfo=LOCAL_ZONE))]
    assert Worker().due(schedules, now.replace(tzinfo=LOCAL_ZONE)) == (["links"] if due else [])


def test_a_new_worker_does_not_run_everything_at_once(quiet: str) -> None:
    assert Worker().due([("links", "10 * * * *", None)], datetime.now(LOCAL_ZONE)) == []
    assert Worker().due([("links", "10 * * * *", None)], datetime.now(LOCAL_ZONE) + timedelta(hours=1)) == ["links"]


def test_a_switched_off_job_is_never_due(quiet: str) -> None:
    with connect(SYSTEM) as conn:
        conn.execute(text("UPDATE ops.job SET enabled = false WHERE name = 'links'"))
        assert "links" not in {name for name, _, _ in runs.schedules(conn)}


def test_a_schedule_changed_by_hand_survives_an_upgrade(quiet: str) -> None:
    with connect(SYSTEM) as conn:
        sync_jobs(conn)
        crons = set(conn.execute(text("SELECT cron FROM ops.job")).scalars())
    assert crons == {NEVER}


def test_several_jobs_run_in_the_order_given(quiet: str) -> None:
    told: list[float] = []
    sentences = run_jobs(["links", "place"], lambda _text, fraction: told.append(fraction))
    assert [sentence.split(":")[0] for sentence in sentences] == ["links", "place"]
    assert told == sorted(told)


def test_old_runs_are_cleared_but_the_last_ones_stay(quiet: str) -> None:
    with connect(SYSTEM) as conn:
        for _ in range(5):
            run_id = runs.start_run(conn, job="links", worker=1)
            runs.finish(conn, run_id=run_id, state="done", message="")
        conn.execute(text("UPDATE ops.job_run SET finished_at = now() - interval '90 days'"))
        assert runs.delete_old_runs(conn, days=30, keep=2) == 3


SLEEPER = """
import time
from ingest.job_worker import Worker
from ingest.jobs import Job
from layers.model import Text

def sleep(progress):
    print("running", flush=True)
    time.sleep(60)
    return "slept"

worker = Worker({"links": Job("links", "0 0 29 2 *", Text(vi="Thử", en="Test"), sleep)})
worker.listen_to_signals()
print("listening", flush=True)
worker.work()
"""


@pytest.mark.parametrize("busy", [True, False], ids=["while a job runs", "while it waits"])
def test_a_worker_stops_cleanly_when_told_to(quiet: str, busy: bool) -> None:
    if busy:
        with connect(OPERATOR) as conn:
            runs.enqueue(conn, job="links")
    worker = subprocess.Popen(
        [sys.executable, "-c", SLEEPER], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == "listening\n"
    if busy:
        assert worker.stdout.readline() == "running\n"
    worker.send_signal(signal.SIGTERM)
    _, errors = worker.communicate(timeout=20)
    assert worker.returncode == 0, errors
    assert "Traceback" not in errors
    if busy:
        assert newest().state == "interrupted"
