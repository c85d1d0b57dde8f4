"""Jobs and their runs: rows that everybody may read and an operator may add."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from spatial.errors import UnknownJob
from spatial.queries.statements import sql

# Classes of advisory locks: a run is alive while its lock is held, and a job runs once at a time.
RUN_LOCK, JOB_LOCK = 7201, 7202
NOTIFY_CHANNEL = "geoioc_jobs"


@dataclass(frozen=True, slots=True)
class JobRun:
    """One run of a job; times in UTC, progress 0 to 1."""

    id: int
    job: str
    state: str
    progress: float
    message: str | None
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


_RUN = "id, job, state, progress, message, requested_at, started_at, finished_at"


def list_runs(conn: Connection, *, job: str | None = None, limit: int = 50) -> list[JobRun]:
    """Runs, the newest first."""
    rows = conn.execute(
        text(
            f"SELECT {_RUN} FROM ops.job_run WHERE CAST(:job AS text) IS NULL OR job = :job"  # noqa: S608
            " ORDER BY id DESC LIMIT :limit"
        ),
        {"job": job, "limit": limit},
    )
    return [JobRun(*row) for row in rows]


def last_runs(conn: Connection) -> dict[str, JobRun]:
    """The newest run of every job that ever ran."""
    rows = conn.execute(text(f"SELECT DISTINCT ON (job) {_RUN} FROM ops.job_run ORDER BY job, id DESC"))  # noqa: S608
    return {row.job: JobRun(*row) for row in rows}


def enqueue(conn: Connection, *, job: str) -> int:
    """Ask for a run; one that is queued already is enough. Returns its id.

    :raises UnknownJob: when no worker ever registered such a job.
    """
    if conn.execute(text("SELECT 1 FROM ops.job WHERE name = :job"), {"job": job}).scalar() is None:
        known = ", ".join(conn.execute(text("SELECT name FROM ops.job ORDER BY name")).scalars())
        raise UnknownJob(f"There is no job {job!r}; the jobs are: {known or 'none registered yet'}.")
    queued = conn.execute(
        text("SELECT id FROM ops.job_run WHERE job = :job AND state = 'queued' ORDER BY id LIMIT 1"), {"job": job}
    ).scalar()
    if queued is None:
        queued = conn.execute(
            text("INSERT INTO ops.job_run (job, state) VALUES (:job, 'queued') RETURNING id"), {"job": job}
        ).scalar_one()
    return int(queued)


def register(conn: Connection, *, crons: dict[str, str]) -> None:
    """Make the rows of jobs this version knows; a schedule or a switch changed by hand stays."""
    conn.execute(
        text("INSERT INTO ops.job (name, cron) VALUES (:name, :cron) ON CONFLICT (name) DO NOTHING"),
        [{"name": name, "cron": cron} for name, cron in crons.items()],
    )


def start_run(conn: Connection, *, job: str, worker: int) -> int:
    """Record a run that begins now, without the queue."""
    return int(
        conn.execute(
            text(
                "INSERT INTO ops.job_run (job, state, worker, started_at) VALUES (:job, 'running', :worker, now())"
                " RETURNING id"
            ),
            {"job": job, "worker": worker},
        ).scalar_one()
    )


def claim(conn: Connection, *, jobs: Sequence[str], worker: int) -> tuple[int, str] | None:
    """Take the oldest queued run of one of the jobs: (id, job); two workers never take the same."""
    row = conn.execute(text(sql("job_claim")), {"jobs": list(jobs), "worker": worker}).one_or_none()
    return None if row is None else (int(row.id), str(row.job))


def hold(conn: Connection, *, run_id: int, job: str) -> None:
    """Hold the run's and the job's lock until the transaction ends; waits while the same job runs elsewhere."""
    conn.execute(text("SELECT pg_advisory_xact_lock(:class, :run)"), {"class": RUN_LOCK, "run": run_id})
    conn.execute(text("SELECT pg_advisory_xact_lock(:class, hashtext(:job))"), {"class": JOB_LOCK, "job": job})


def report(conn: Connection, *, run_id: int, progress: float, message: str) -> None:
    """How far a run is."""
    conn.execute(
        text("UPDATE ops.job_run SET progress = :progress, message = :message WHERE id = :run_id"),
        {"run_id": run_id, "progress": progress, "message": message},
    )


def finish(conn: Connection, *, run_id: int, state: str, message: str) -> None:
    """Close a run: done, failed or interrupted."""
    conn.execute(
        text(
            "UPDATE ops.job_run SET state = :state, message = :message, finished_at = clock_timestamp(),"
            " progress = CASE WHEN :state = 'done' THEN 1 ELSE progress END WHERE id = :run_id"
        ),
        {"run_id": run_id, "state": state, "message": message},
    )


def close_dead_runs(conn: Connection) -> int:
    """Mark running runs whose worker is gone as interrupted: nobody holds their lock."""
    return conn.execute(text(sql("job_dead")), {"class": RUN_LOCK}).rowcount


def schedules(conn: Connection) -> list[tuple[str, str, datetime | None]]:
    """Enabled jobs with schedule and time of the last request; jobs waiting or running are left out."""
    rows = conn.execute(
        text(
            "SELECT j.name, j.cron, max(r.requested_at) FROM ops.job j LEFT JOIN ops.job_run r ON r.job = j.name"
            " WHERE j.enabled GROUP BY j.name, j.cron"
            " HAVING NOT coalesce(bool_or(r.state IN ('queued', 'running')), false) ORDER BY j.name"
        )
    )
    return [(row[0], row[1], row[2]) for row in rows]


def delete_old_runs(conn: Connection, *, days: int, keep: int) -> int:
    """Delete finished runs older than ``days``, but keep the last ``keep`` of each job."""
    return conn.execute(text(sql("job_retention")), {"days": days, "keep": keep}).rowcount
