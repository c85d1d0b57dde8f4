"""``geoioc up``, ``down`` and ``status``: the whole system by one command."""

from __future__ import annotations

import os
import signal
import threading
import time
from datetime import UTC, datetime
from importlib.metadata import version
from types import FrameType
from typing import Annotated

import typer
from rich.table import Table

from layers.registry import registry
from spatial import cluster
from spatial.access import SYSTEM, connect
from spatial.console import err, out, steps, working
from spatial.db_cli import migrate_database
from spatial.engine import Login, database_url, dispose_engines
from spatial.first_setup import load_sample
from spatial.health import read_health
from spatial.instance import find_instance, only_instance, stop_instance
from spatial.queries.health import has_province, is_setup_unfinished, mark_setup
from spatial.settings import clear_settings, data_settings, database_settings, server_settings
from spatial.supervisor import Child, Supervisor, check_port, is_healthy, server_command, worker_command


def up(
    port: Annotated[int | None, typer.Option(help="port of the web server", min=1, max=65535)] = None,
    parcels: Annotated[int, typer.Option(help="land parcels of the sample province", min=0, max=2_000_000)] = 100_000,
    sample: Annotated[bool, typer.Option(help="load the synthetic sample province into an empty database")] = True,
    jobs: Annotated[bool, typer.Option(help="run due jobs (roll-ups, forecasts) beside the server")] = True,
) -> None:
    """Start everything: database, schema, sample province (if empty), jobs, web server. Ctrl-C stops it."""
    started = time.monotonic()
    if port is not None:
        os.environ["GEOIOC_PORT"] = str(port)
        clear_settings()
    server = server_settings()
    _become_interruptible()
    with only_instance(server.url):
        check_port(server.host, server.port)
        try:
            _prepare(parcels=parcels, sample=sample)
            _serve(started, jobs=jobs)
        finally:
            dispose_engines()
            if database_settings().database_url is None:
                cluster.stop()


def _become_interruptible() -> None:
    """SIGTERM during the preparation ends it as Ctrl-C does: by an exception, so that everything is put away."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)


def _prepare(*, parcels: int, sample: bool) -> None:
    if database_settings().database_url is None:
        with working("Database: starting"):
            cluster.start()
    with working("Database: bringing the schema up to date"), connect(SYSTEM) as connection:
        migrate_database(connection)
    with connect(SYSTEM) as connection:
        wanted = sample and (not has_province(connection) or is_setup_unfinished(connection))
        if wanted:
            mark_setup(connection, finished=False)
    if not wanted:
        return
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    settings = data_settings()
    load_sample(settings.root / "sample", scale=settings.sample, parcels=parcels, until=now, steps=steps)
    with connect(SYSTEM) as connection:
        mark_setup(connection, finished=True)


def _serve(started: float, *, jobs: bool) -> None:
    logs = data_settings().root / "log"
    children = [Child("web server", server_command(), logs / "server.log")]
    if jobs:
        children.append(Child("job worker", worker_command(), logs / "jobs.log"))
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    dispose_engines()
    supervisor = Supervisor(children, err.print, stopping)
    server = server_settings()
    try:
        with working("Web server: starting"):
            supervisor.start()
            supervisor.wait_until_ready(f"http://{_own_address(server.host)}:{server.port}")
        if not stopping.is_set():
            seconds = time.monotonic() - started
            out.print(f"GeoIOC is ready in {seconds:.0f} s: [bold]{server.url}/[/]  (Ctrl-C stops everything)")
        supervisor.run()
    finally:
        supervisor.stop()


def _own_address(host: str) -> str:
    """Where we ourselves reach a server bound to ``host``."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(host, host)


def down() -> None:
    """Stop what `geoioc up` or `geoioc db start` started on this data folder."""
    stopped = stop_instance()
    if database_settings().database_url is None and cluster.stop():
        stopped = True
    out.print("GeoIOC has stopped." if stopped else "Nothing was running.")


def status() -> None:
    """Show database, layers with the age of their data, jobs and the server. Exit code 3 when the database is down."""
    running = find_instance()
    state = "not running"
    if running:
        state = (
            f"{'answers' if is_healthy(running.url) else 'does not answer'} at {running.url}/ (process {running.pid})"
        )
    out.print(f"GeoIOC {version('geoioc')}; server: {state}")
    out.print(f"Database: {database_url(Login.OWNER).render_as_string(hide_password=True)}")
    code, health = read_health()
    if code != 200:
        err.print(health["database"]["reason"])
        raise typer.Exit(3)
    found = health["database"]
    out.print(f"PostgreSQL {found['postgres']}, PostGIS {found['postgis']}, schema {found['revision']}")
    if health["synthetic"]:
        out.print("The province shown is synthetic (dữ liệu mẫu tổng hợp).")
    out.print(_layer_table(health["layers"]))
    if health["jobs"]["last"]:
        out.print(_job_table(health["jobs"]["last"]))


def _layer_table(clocks: dict[str, dict[str, object]]) -> Table:
    table = Table("layer", "title", "access", "rows", "data until", "age")
    table.columns[3].justify = table.columns[5].justify = "right"
    for layer in registry().values():
        clock = clocks.get(layer.id)
        row = ("-", "-", "-") if clock is None else (f"{clock['features']:,}", _short(clock["data_until"]), _age(clock))
        table.add_row(layer.id, layer.title["vi"], layer.access, *row)
    return table


def _short(moment: object) -> str:
    return str(moment)[:16].replace("T", " ") if moment else "-"


def _age(clock: dict[str, object]) -> str:
    seconds = clock["data_age_seconds"]
    if not isinstance(seconds, int):
        return "-"
    hours = seconds / 3600
    return f"{hours:.1f} h" if hours < 72 else f"{hours / 24:.0f} d"


def _job_table(jobs: dict[str, dict[str, str | None]]) -> Table:
    table = Table("job", "last run", "finished")
    for name, job in sorted(jobs.items()):
        table.add_row(name, job["state"], _short(job["finished_at"]))
    return table
