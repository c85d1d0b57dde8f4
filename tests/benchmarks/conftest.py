"""What is measured: the running instance of this checkout, or a sample province made for the occasion.

GEOIOC_BENCH_PARCELS makes a sample with that many parcels even if an instance runs; the few units of the mini sample
have room for 3,000, more means the whole sample province.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from helpers.bench import Instance, machine, print_table, scale_for
from helpers.databases import Databases, environment
from helpers.servers import running_server
from playwright.sync_api import Browser, Page

from spatial import cluster
from spatial.engine import Login, database_url
from spatial.first_setup import load_sample
from spatial.progress import quiet_steps
from spatial.settings import data_settings, database_settings

DEFAULT_PARCELS = 3_000
DATA_WORDS = "SELECT (SELECT count(*) FROM layer.parcel), (SELECT count(*) FROM core.observation), version()"


def pytest_configure(config: pytest.Config) -> None:
    """Look for a running instance before the tests hide the settings of the machine's owner."""
    config.stash[RUNNING] = None if "GEOIOC_BENCH_PARCELS" in os.environ else _running()


RUNNING = pytest.StashKey[tuple[str, Path] | None]()


def _running() -> tuple[str, Path] | None:
    if database_settings().database_url is None and cluster.status().pid is None:
        return None
    url = database_url(Login.OWNER).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT count(*) FROM layer.parcel").fetchone()
    except psycopg.Error:
        return None
    return (url, data_settings().root) if row and row[0] else None


@pytest.fixture(scope="session")
def instance(
    request: pytest.FixtureRequest, databases: Databases, empty_template: str, data_folder: Path
) -> Iterator[Instance]:
    """The province that is measured; its facts are printed first."""
    found = request.config.stash[RUNNING]
    if found is not None:
        yield _describe(*found, "the running instance")
        return
    name = databases.create("bench", empty_template)
    parcels = int(os.environ.get("GEOIOC_BENCH_PARCELS", DEFAULT_PARCELS))
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    with environment(DATABASE_URL=databases.url(name)):
        load_sample(data_folder / "bench", scale=scale_for(parcels), parcels=parcels, until=now, steps=quiet_steps)
    yield _describe(databases.url(name), data_folder, "a sample made for this run")
    databases.drop(name)


def _describe(url: str, data: Path, name: str) -> Instance:
    with psycopg.connect(url) as connection:
        row = connection.execute(DATA_WORDS).fetchone()
    assert row is not None
    facts = machine() | {
        "database": row[2].split(" on ")[0],
        "data": f"{name}: {row[0]:,} parcels, {row[1]:,} observations",
    }
    print_table("Machine and data", ("what", "value"), list(facts.items()))
    return Instance(url, data, name, row[0])


@pytest.fixture(scope="session")
def bench_server(instance: Instance, data_folder: Path) -> Iterator[str]:
    """The whole server on that province, one worker. Its base URL."""
    log = data_folder / "bench-server.log"
    with running_server(instance.url, log, GEOIOC_DATA=str(instance.data)) as url:
        yield url


@pytest.fixture
def bench_page(browser: Browser, bench_server: str) -> Iterator[Page]:
    """A page on that server."""
    context = browser.new_context(base_url=bench_server, viewport={"width": 1366, "height": 768})
    yield context.new_page()
    context.close()
