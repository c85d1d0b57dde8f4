"""Databases, the mini province, the running server and the browser that tests share."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from helpers.databases import Databases, environment
from helpers.servers import running_server
from playwright.sync_api import Browser, Error, Page, Request, Route, sync_playwright

from spatial import cluster
from spatial.access import SYSTEM, connect
from spatial.db_cli import migrate_database
from spatial.first_setup import load_sample
from spatial.progress import quiet_steps
from spatial.settings import REPOSITORY, DatabaseSettings, DataSettings, QualitySettings, ServerSettings, data_settings


@pytest.fixture(scope="session", autouse=True)
def data_folder() -> Iterator[Path]:
    """A data folder for this session alone; no setting of the machine's owner reaches a test.

    GEOIOC_TEST_DATA names the one that goes with GEOIOC_TEST_PROVINCE: the rasters of a ready province are there.
    """
    for settings in (DataSettings, DatabaseSettings, ServerSettings, QualitySettings):
        settings.model_config["env_file"] = None
    ready = os.environ.get("GEOIOC_TEST_DATA")
    folder = Path(ready or tempfile.mkdtemp(prefix="geoioc-test-"))
    folder.chmod(0o755)  # the server's account reads the cluster in it
    kept = ("GEOIOC_TEST", "GEOIOC_BENCH", "GEOIOC_REAL")
    own = {name: None for name in os.environ if name.startswith("GEOIOC_") and not name.startswith(kept)}
    with environment(**(own | {"GEOIOC_DATA": str(folder), "DATABASE_URL": None})):
        yield folder
    if not ready:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def databases(data_folder: Path) -> Iterator[Databases]:
    """A running PostGIS. GEOIOC_TEST_CLUSTER names the socket folder of one that runs already, to save its start."""
    if running := os.environ.get("GEOIOC_TEST_CLUSTER"):
        yield Databases(running)
        return
    with environment(DATABASE_URL=None):
        socket = cluster.start(durable=False).socket
    yield Databases(str(socket))
    with environment(DATABASE_URL=None):
        cluster.stop()


@pytest.fixture(scope="session")
def empty_template(databases: Databases) -> Iterator[str]:
    """Name of a migrated database without data; nobody stays connected to it."""
    name = databases.create("empty")
    with environment(DATABASE_URL=databases.url(name)), connect(SYSTEM) as connection:
        migrate_database(connection)
    yield name
    databases.drop(name)


@pytest.fixture(scope="session")
def province_template(databases: Databases, empty_template: str, data_folder: Path) -> Iterator[str]:
    """Name of a database with the mini province, rolled up and forecast. GEOIOC_TEST_PROVINCE names a ready one."""
    if ready := os.environ.get("GEOIOC_TEST_PROVINCE"):
        yield ready
        return
    name = databases.create("province_template", empty_template)
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    with environment(DATABASE_URL=databases.url(name)):
        folder = data_folder / "sample"
        load_sample(folder, scale="mini", parcels=None, until=now, steps=quiet_steps)
    yield name
    databases.drop(name)


@pytest.fixture
def database(databases: Databases, empty_template: str) -> Iterator[str]:
    """A migrated, empty database of the test's own; DATABASE_URL points at it. Its URL."""
    with databases.temporary("db", empty_template) as url:
        yield url


@pytest.fixture(scope="session")
def province(databases: Databases, province_template: str) -> Iterator[str]:
    """The mini province, read only (the database refuses to write); DATABASE_URL points at it. Its URL."""
    name = databases.create("province", province_template)
    databases.make_read_only(name)
    with environment(DATABASE_URL=databases.url(name)):
        yield databases.url(name)
    databases.drop(name)


@pytest.fixture
def province_copy(databases: Databases, province_template: str) -> Iterator[str]:
    """The mini province, to write in; DATABASE_URL points at it. Its URL."""
    with databases.temporary("copy", province_template) as url:
        yield url


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of the real data sets, which are not part of the repository."""
    folder = Path(os.environ.get("GEOIOC_REAL", REPOSITORY.parent / "shared" / "real"))
    if not (folder / "README.md").is_file():
        pytest.skip(f"the real data sets are not at {folder}; GEOIOC_REAL names their folder")
    return folder


@pytest.fixture(scope="session")
def server(databases: Databases, province_template: str) -> Iterator[str]:
    """The whole server, as users run it, on a copy of the mini province. Its base URL."""
    name = databases.create("server", province_template)
    log = data_settings().root / "server.log"
    with running_server(databases.url(name), log) as url:
        yield url
    databases.drop(name)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, else the one `playwright install chromium` fetched."""
    arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        program = shutil.which("chromium")
        running = playwright.chromium.launch(executable_path=program, args=arguments)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    """A fresh page. At the end: no request left for a foreign host, and no script of ours threw an error."""
    context = browser.new_context(base_url=server, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    foreign: list[str] = []
    errors: list[Error] = []

    def keep_home(route: Route, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.netloc != urlsplit(server).netloc:
            foreign.append(request.url)
            route.abort()
        else:
            route.fallback()

    context.route("**/*", keep_home)
    tab = context.new_page()
    tab.on("pageerror", lambda error: errors.append(error))  # Playwright cannot wrap a built-in method
    yield tab
    context.close()
    assert foreign == [], "the page asked a foreign host"
    assert errors == [], "a script threw an error"
