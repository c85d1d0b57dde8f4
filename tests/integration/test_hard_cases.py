"""What goes wrong on a real machine: bad files, a full disk, a dead database, a taken port.

Each ends in one clear sentence and its exit code, never in a traceback, and leaves nothing half done.
"""

from __future__ import annotations

import gzip
import json
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from helpers.commands import geoioc
from helpers.databases import environment
from helpers.ingest import load, query, scalar, write_csv, write_features, write_units
from helpers.servers import running_server
from playwright.sync_api import Browser, expect

from dash_app.i18n import say
from spatial import cluster
from spatial.access import SYSTEM, connect
from spatial.crs import project
from spatial.db_cli import migrate_database
from spatial.engine import Login, database_url

HEADER = ("MA_CAMERA", "TEN", "lon", "lat")


def refused(done: subprocess.CompletedProcess[str], code: int) -> str:
    """The one sentence of a command that failed."""
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stdout + done.stderr
    lines = [line for line in done.stderr.splitlines() if line.strip() and not line.endswith(" ...")]
    assert len(lines) == 1, lines
    return lines[0]


# ---------------------------------------------------------------- bad files


@pytest.fixture
def folder(database: str, tmp_path: Path) -> Path:
    load("admin_unit", write_units(tmp_path))
    return tmp_path


def damaged_workbook(folder: Path) -> Path:
    path = folder / "school.xlsx"
    path.write_bytes(b"PK\x03\x04 broken off")
    return path


def damaged_archive(folder: Path) -> Path:
    path = folder / "camera.csv.gz"
    path.write_bytes(gzip.compress(b"MA_CAMERA,TEN,lon,lat\n" + b"A,x,105.9,20.3\n" * 5000)[:200])
    return path


def wrong_zone(folder: Path) -> Path:
    corners = project(shapely.points([[105.9 + i / 100, 20.3] for i in range(5)]), source=4326, target=9209)
    rows = [
        {"MA_XA": "1", "SO_TO": "1", "SO_THUA": str(i), "geometry": shapely.box(p.x, p.y, p.x + 20, p.y + 20)}
        for i, p in enumerate(corners)
    ]
    return write_features(folder / "parcel.gpkg", rows, crs=5899)


def wrong_encoding(folder: Path) -> Path:
    path = folder / "camera.csv"
    path.write_bytes(b"MA_CAMERA,TEN,lon,lat\nA,H\xe0 N\xf4i,105.9,20.3\n")
    return path


def no_such_file(folder: Path) -> Path:
    return folder / "nowhere.csv"


@pytest.mark.parametrize(
    ("layer", "make", "code", "says"),
    [
        ("camera", no_such_file, 6, "nowhere.csv"),
        ("school", damaged_workbook, 6, "school.xlsx"),
        ("camera", damaged_archive, 6, "camera.csv.gz"),
        ("parcel", wrong_zone, 6, "EPSG:9209"),
        ("camera", wrong_encoding, 6, "line 2"),
        ("moon", wrong_encoding, 2, "air_station"),
    ],
)
def test_a_bad_file_or_layer_is_one_sentence_and_its_code(
    folder: Path, layer: str, make: Callable[[Path], Path], code: int, says: str
) -> None:
    assert says in refused(geoioc("ingest", "run", layer, str(make(folder))), code)
    assert scalar("SELECT count(*) FROM layer.camera") == 0


# ---------------------------------------------------------------- a full disk


class SmallDisk:
    """A file system of its own with a size, in memory."""

    def __init__(self, megabytes: float) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="geoioc-disk-"))
        self._mount("-t", "tmpfs", "-o", f"size={int(megabytes * 1024)}k,mode=755", "tmpfs")

    def _mount(self, *arguments: str) -> None:
        done = subprocess.run(
            ["mount", *arguments, str(self.folder)], capture_output=True, text=True, check=False
        )  # fmt: skip
        if done.returncode != 0:
            self.folder.rmdir()
            pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")

    def resize(self, megabytes: float) -> None:
        self._mount("-o", f"remount,size={int(megabytes * 1024)}k")

    def free(self) -> int:
        return shutil.disk_usage(self.folder).free

    def remove(self) -> None:
        subprocess.run(["umount", "--lazy", str(self.folder)], check=True)
        self.folder.rmdir()


@pytest.fixture
def small_disk() -> Iterator[Callable[[float], SmallDisk]]:
    disks: list[SmallDisk] = []

    def make(megabytes: float) -> SmallDisk:
        disks.append(SmallDisk(megabytes))
        return disks[-1]

    yield make
    for disk in disks:
        disk.remove()


def noisy_grid(path: Path) -> Path:
    """A raster that does not compress."""
    values = np.random.default_rng(7).random((400, 400), dtype=np.float32)
    transform = rasterio.transform.from_bounds(105.8, 20.2, 106.2, 20.4, 400, 400)
    with rasterio.open(
        path, "w", driver="GTiff", height=400, width=400, count=1, dtype="float32", crs="EPSG:4326",
        transform=transform, nodata=-99999,
    ) as target:  # fmt: skip
        target.write(values * 100, 1)
    return path


def test_a_grid_that_does_not_fit_on_the_disk_is_not_half_there(
    folder: Path, small_disk: Callable[[float], SmallDisk]
) -> None:
    disk = small_disk(0.3)
    grid = noisy_grid(folder / "population_2024.tif")
    command = ("ingest", "run", "population_grid", str(grid))
    sentence = refused(geoioc(*command, GEOIOC_DATA=str(disk.folder)), 5)
    assert "no room" in sentence
    assert scalar("SELECT count(*) FROM core.grid") == 0
    assert [file for file in disk.folder.rglob("*") if file.is_file()] == []
    assert tuple(query("SELECT state FROM ops.ingest_run ORDER BY id DESC LIMIT 1")[0]) == ("failed",)

    disk.resize(16)
    done = geoioc(*command, GEOIOC_DATA=str(disk.folder))
    assert done.returncode == 0, done.stderr
    assert scalar("SELECT count(*) FROM core.grid") == 1


def test_a_disk_too_small_for_a_database_is_told_and_cleaned(small_disk: Callable[[float], SmallDisk]) -> None:
    disk = small_disk(12)
    with environment(DATABASE_URL=None):
        sentence = refused(geoioc("db", "start", GEOIOC_DATA=str(disk.folder)), 5)
    assert "no room" in sentence
    assert not (disk.folder / "pg").exists()


def test_a_database_whose_disk_fills_up_during_a_load_stores_nothing_and_goes_on_when_there_is_room(
    tmp_path: Path, small_disk: Callable[[float], SmallDisk]
) -> None:
    disk = small_disk(500)
    rows = [(f"C{number}", "tên dài " * 20, 105.9, 20.3) for number in range(20_000)]
    file = write_csv(tmp_path / "camera.csv", HEADER, rows)
    ballast = disk.folder / "ballast"
    with environment(GEOIOC_DATA=str(disk.folder), DATABASE_URL=None):
        try:
            cluster.start(durable=False)
            with connect(SYSTEM) as connection:
                migrate_database(connection)
            load("admin_unit", write_units(tmp_path))
            with connect(SYSTEM) as connection:
                connection.exec_driver_sql("SELECT pg_switch_wal()")  # the next segment has no room: PostgreSQL stops
            with open(ballast, "wb") as output:
                for _ in range(disk.free() // 2**20 - 2):
                    output.write(bytes(2**20))
            assert "no room" in refused(geoioc("ingest", "run", "camera", str(file)), 5)
            assert "no room" in refused(geoioc("ingest", "run", "camera", str(file)), 5)
            ballast.unlink()
            assert geoioc("db", "stop").returncode == 0
            assert geoioc("db", "start").returncode == 0
            assert scalar("SELECT count(*) FROM layer.camera") == 0
            assert load("camera", file).inserted == 20_000
        finally:
            cluster.stop()


# ---------------------------------------------------------------- a dead database


@pytest.fixture
def own_cluster(data_folder: Path, tmp_path: Path) -> Iterator[Path]:
    """A cluster of the test's own with three units, so that it may be killed."""
    folder = data_folder / "own-cluster"
    folder.mkdir()
    with environment(GEOIOC_DATA=str(folder), DATABASE_URL=None):
        cluster.start(durable=False)
        with connect(SYSTEM) as connection:
            migrate_database(connection)
        load("admin_unit", write_units(tmp_path))
        yield folder
        cluster.stop()
    shutil.rmtree(folder)


def ask(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def until_down(base: str) -> tuple[int, str]:
    """The first answer of the health page that is not 200, or the last one after half a minute."""
    deadline = time.monotonic() + 30
    while (answer := ask(f"{base}/healthz"))[0] == 200 and time.monotonic() < deadline:
        time.sleep(0.1)
    return answer


ITEMS = "/ogc/collections/admin_unit/items?limit=1&f=json"


def test_the_server_outlives_its_database_says_so_meanwhile_and_is_well_at_once_afterwards(
    own_cluster: Path, browser: Browser
) -> None:
    url = database_url(Login.OWNER).set(drivername="postgresql").render_as_string(hide_password=False)
    with running_server(url, own_cluster / "server.log", GEOIOC_DATA=str(own_cluster)) as base:
        for path in (ITEMS, "/healthz", ITEMS):
            assert ask(base + path)[0] == 200
        cluster.kill()

        status, body = until_down(base)  # backends outlive their postmaster for a moment
        assert (status, json.loads(body)["status"]) == (503, "down")
        status, body = ask(base + ITEMS)
        assert (status, json.loads(body)["description"]) == (503, "The database does not answer.")
        page = browser.new_page(base_url=base)
        page.goto("/")
        expect(page.locator("body")).to_contain_text(say("error.database", "vi"), timeout=30_000)
        assert "does not answer" in refused(geoioc("ingest", "runs", DATABASE_URL=url), 3)

        cluster.start(durable=False)
        assert ask(base + ITEMS)[0] == 200
        assert ask(f"{base}/healthz")[0] == 200
        page.goto("/map")
        expect(page.locator("#breadcrumb")).to_be_visible(timeout=30_000)
        page.close()


def test_a_load_whose_database_is_not_there_ends_with_code_three(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "camera.csv", HEADER, [("A", "x", 105.9, 20.3)])
    done = geoioc("ingest", "run", "camera", str(file), DATABASE_URL=f"postgresql://x@/y?host={tmp_path}")
    assert "does not answer" in refused(done, 3)


# ---------------------------------------------------------------- a taken port


def test_a_taken_port_is_one_sentence_that_names_the_way_out(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        sentence = refused(geoioc("up", "--port", str(port), GEOIOC_DATA=str(tmp_path)), 4)
    assert str(port) in sentence
    assert "--port" in sentence
