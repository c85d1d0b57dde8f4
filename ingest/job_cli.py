"""``geoioc jobs``: see, run and work off jobs."""

from __future__ import annotations

import logging
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from ingest.job_worker import Worker
from ingest.jobs import JOBS, get_job, run_job
from spatial.access import SYSTEM, connect
from spatial.queries import jobs as runs
from spatial.settings import LOCAL_ZONE

app = typer.Typer(no_args_is_help=True, help="Jobs: roll-ups, zonal statistics, forecasts and the like.")
console = Console()


@app.command("list")
def list_jobs() -> None:
    """Show the jobs, their schedules (local time) and their last run."""
    with connect(SYSTEM) as conn:
        last = runs.last_runs(conn)
    table = Table("job", "schedule", "what", "last run", "state", "message")
    for job in JOBS.values():
        run = last.get(job.name)
        when = f"{run.requested_at.astimezone(LOCAL_ZONE):%d/%m/%Y %H:%M}" if run else "never"
        state, message = (run.state, run.message or "") if run else ("", "")
        table.add_row(job.name, job.cron, job.title.vi, when, state, message)
    console.print(table)


@app.command("run")
def run(names: Annotated[list[str], typer.Argument(help="Names of jobs, run in this order.")]) -> None:
    """Run jobs now, in this process."""
    for name in names:
        get_job(name)
    with Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console) as bars:
        for name in names:
            task = bars.add_task(name, total=1.0)

            def show(text: str, fraction: float, task: int = task, name: str = name) -> None:
                bars.update(task, completed=fraction, description=f"{name}: {text}")  # type: ignore[arg-type]

            message = run_job(name, show)
            bars.update(task, completed=1.0, description=f"{name}: {message}")


@app.command("work")
def work() -> None:
    """Run queued and due jobs until stopped (SIGTERM or Ctrl-C)."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    worker = Worker()
    worker.listen_to_signals()
    worker.work()


@app.command("runs")
def show_runs(
    job: Annotated[str | None, typer.Option(help="Only runs of this job.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
) -> None:
    """Show the last runs."""
    with connect(SYSTEM) as conn:
        found = runs.list_runs(conn, job=job, limit=limit)
    table = Table("id", "job", "state", "%", "requested", "seconds", "message")
    for item in found:
        seconds = ""
        if item.started_at is not None and item.finished_at is not None:
            seconds = f"{(item.finished_at - item.started_at).total_seconds():.1f}"
        table.add_row(
            str(item.id), item.job, item.state, f"{item.progress:.0%}",
            f"{item.requested_at.astimezone(LOCAL_ZONE):%d/%m/%Y %H:%M:%S}", seconds, item.message or "",
        )  # fmt: skip
    console.print(table)
