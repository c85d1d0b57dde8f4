"""Adding a layer is one command: definition and migration are written, and ingest, API and map follow from them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from helpers.servers import running_server
from playwright.sync_api import Browser

from layers.registry import DEFINITIONS
from spatial.migrations import runner
from spatial.settings import REPOSITORY


@dataclass(frozen=True)
class Workshop:
    """Folders of definitions and migrations of the test's own, and a database of its own."""

    url: str
    layers: Path
    migrations: Path
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.url,
            "GEOIOC_LAYERS": str(self.layers),
            "GEOIOC_MIGRATIONS": str(self.migrations),
        }

    def run(self, *words: str, answer: str = "") -> subprocess.CompletedProcess[str]:
        """`geoioc ...` as a process of its own."""
        environment = os.environ | self.environment | {"COLUMNS": "200", "NO_COLOR": "1"}
        command = [sys.executable, "-P", "-m", "spatial", *words]
        return subprocess.run(
            command, capture_output=True, text=True, check=False, env=environment, cwd=self.folder, input=answer
        )

    def must(self, *words: str) -> str:
        done = self.run(*words)
        assert done.returncode == 0, f"geoioc {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout

    def refused(self, *words: str) -> str:
        """What the command says when it refuses: one sentence, no traceback."""
        done = self.run(*words)
        assert done.returncode != 0
        assert "Traceback" not in done.stderr
        assert done.stderr.count("geoioc:") == 1
        return done.stderr

    def migrations_of(self, layer: str) -> list[Path]:
        return sorted(self.migrations.glob(f"*_layer_{layer}.py"))

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(statement).fetchall()


def workshop_of(url: str, folder: Path) -> Workshop:
    shutil.copytree(DEFINITIONS, folder / "definitions", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(runner.FOLDER / "versions", folder / "versions", ignore=shutil.ignore_patterns("__pycache__"))
    return Workshop(url, folder / "definitions", folder / "versions", folder)


@pytest.fixture
def workshop(database: str, tmp_path: Path) -> Workshop:
    return workshop_of(database, tmp_path)


@pytest.fixture
def peopled(province_copy: str, tmp_path: Path) -> Workshop:
    """A workshop on the mini province."""
    return workshop_of(province_copy, tmp_path)


HEADER = "MA_TRAM;Tên trạm bơm;Công suất;Ngày vận hành;Kinh độ;Vĩ độ;Số điện thoại"
TITLES = ("--title-vi", "Trạm bơm", "--title-en", "Pump stations")


def write_pumps(folder: Path, *positions: tuple[float, float]) -> Path:
    """A file as an office here exports it: semicolons, decimal commas, day before month."""
    rows = []
    for n, position in enumerate(positions, 1):
        x, y = (f"{value:.6f}".replace(".", ",") for value in position)
        rows.append(f"TB{n};Trạm bơm số {n};{n}250,5;0{n}/03/2019;{x};{y};091234567{n}")
    path = folder / "pump_station_2026.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
    return path


def test_a_layer_from_a_csv_file_reaches_table_ingest_api_and_map(peopled: Workshop, browser: Browser) -> None:
    inside = peopled.ask(
        "SELECT code, ST_X(label_point), ST_Y(label_point) FROM core.admin_unit"
        " WHERE level = 'commune' AND valid_to IS NULL ORDER BY code LIMIT 2"
    )
    source = write_pumps(peopled.folder, *((float(str(x)), float(str(y))) for _, x, y in inside))

    said = peopled.must("layers", "new", "pump_station", "--from", str(source), *TITLES)
    assert "personal data" in said
    peopled.must("db", "migrate")
    peopled.must("ingest", "run", "pump_station", str(source))

    rows = peopled.ask("SELECT key, cong_suat, ngay_van_hanh::text, commune_code FROM layer.pump_station ORDER BY key")
    assert rows == [("TB1", 1250.5, "2019-03-01", inside[0][0]), ("TB2", 2250.5, "2019-03-02", inside[1][0])]
    assert peopled.ask("SELECT so_dien_thoai FROM layer.pump_station_private ORDER BY key") == [
        ("0912345671",),
        ("0912345672",),
    ]
    assert re.search(r"pump_station .*Trạm bơm .* 2\b", peopled.must("layers", "list"))

    log = peopled.folder / "server.log"
    with running_server(peopled.url, log, **peopled.environment) as address:
        with urllib.request.urlopen(f"{address}/ogc/collections/pump_station/items?f=json") as answer:
            found = json.load(answer)
        assert {feature["properties"]["ten_tram_bom"] for feature in found["features"]} == {
            "Trạm bơm số 1",
            "Trạm bơm số 2",
        }
        assert "so_dien_thoai" not in json.dumps(found), "the private column is not in the public feed"
        with urllib.request.urlopen(f"{address}/ogc/collections?f=json") as answer:
            assert "pump_station" in {collection["id"] for collection in json.load(answer)["collections"]}

        page = browser.new_page(base_url=address, viewport={"width": 1400, "height": 900})
        page.goto("/map")
        row = page.locator(".layer-panel [data-layer-row='pump_station']")
        row.wait_for(state="attached")
        assert "Trạm bơm" in (row.text_content() or "")
        assert row.locator("[role=switch]").count() == 1, "it can be switched on"
        page.close()


def test_the_written_migration_goes_both_ways(workshop: Workshop) -> None:
    source = write_pumps(workshop.folder, (106.1, 20.3), (106.2, 20.4))
    workshop.must("layers", "new", "pump_station", "--from", str(source), *TITLES)
    before = workshop.ask("SELECT version_num FROM alembic_version")
    workshop.must("db", "migrate")
    assert workshop.ask("SELECT to_regclass('layer.pump_station')::text") == [("layer.pump_station",)]
    assert workshop.run("db", "downgrade", str(before[0][0]), answer="y\n").returncode == 0
    assert workshop.ask("SELECT to_regclass('layer.pump_station')::text") == [(None,)]


def test_check_names_what_the_author_still_has_to_say(workshop: Workshop) -> None:
    source = write_pumps(workshop.folder, (106.1, 20.3))
    workshop.must("layers", "new", "pump_station", "--from", str(source), *TITLES)
    done = workshop.run("layers", "check")
    assert done.returncode == 1
    for finding in (
        "pump_station: agency is to be filled in",
        "pump_station: title of column ten_tram_bom is not translated",
        "table layer.pump_station is missing in the database",
    ):
        assert finding in done.stdout


def test_a_changed_definition_is_revised_before_and_after_its_migration_was_applied(workshop: Workshop) -> None:
    workshop.must("layers", "new", "well", *TITLES)
    definition = workshop.layers / "well.py"
    extra = 'Column(name="depth", type="number", title=Text(vi="Độ sâu", en="Depth"), unit="m"),\n        Column(name="'
    with_depth = definition.read_text("utf-8").replace('Column(name="', extra, 1)

    definition.write_text(with_depth, "utf-8")
    workshop.must("layers", "revise", "well")
    assert len(workshop.migrations_of("well")) == 1, "a migration nobody applied is written again"
    workshop.must("db", "migrate")
    columns = "SELECT column_name FROM information_schema.columns WHERE table_name = 'well' AND column_name = 'depth'"
    assert workshop.ask(columns) == [("depth",)]
    assert "nothing to migrate" in workshop.must("layers", "revise", "well")

    definition.write_text(with_depth.replace(extra, 'Column(name="', 1), "utf-8")
    assert "drops columns" in workshop.must("layers", "revise", "well")
    assert len(workshop.migrations_of("well")) == 2
    workshop.must("db", "migrate")
    assert workshop.ask(columns) == []


def test_refusals_leave_nothing_behind(workshop: Workshop) -> None:
    folders = (workshop.layers, workshop.migrations)
    before = {path for folder in folders for path in folder.glob("*.py")}
    nowhere = workshop.folder / "nowhere.csv"
    nowhere.write_text("ma,ten\n1,a\n2,b\n", "utf-8")
    for words, sentence in (
        (("Pump",), "cannot be a layer id"),
        (("school",), "already"),
        (("pump", "--from", "missing.csv"), "There is no file"),
        (("pump", "--from", str(nowhere)), "--parent"),
        (("pump", "--title-vi", "Trạm bơm"), "--title-en"),
        (("visit", "--kind", "record", "--parent", "nobody"), "no layer 'nobody'"),
    ):
        assert sentence in workshop.refused("layers", "new", *words)
    assert {path for folder in folders for path in folder.glob("*.py")} == before


def test_a_record_layer_belongs_to_another_layer(workshop: Workshop) -> None:
    visits = workshop.folder / "visits.csv"
    visits.write_text("ma_luot,school_code,ngay\nV1,A,2026-01-05\nV2,A,2026-01-06\n", "utf-8")
    workshop.must("layers", "new", "visit", "--from", str(visits), "--parent", "school", *TITLES)
    workshop.must("db", "migrate")
    assert workshop.ask("SELECT to_regclass('layer.visit')::text") == [("layer.visit",)]
    assert "school" in workshop.must("layers", "show", "visit")


def test_a_new_layer_waits_for_migrations_that_are_not_applied(workshop: Workshop) -> None:
    workshop.must("layers", "new", "well", *TITLES)
    assert "geoioc db migrate" in workshop.refused("layers", "new", "pump", *TITLES)


def test_without_a_database_layers_can_be_read_but_not_added(workshop: Workshop) -> None:
    alone = Workshop("postgresql://nobody@127.0.0.1:1/none", workshop.layers, workshop.migrations, workshop.folder)
    assert "school" in alone.must("layers", "list")
    assert "were not compared" in alone.must("layers", "check")
    assert "does not answer" in alone.refused("layers", "new", "pump", *TITLES)


def test_a_broken_definition_is_one_sentence_for_every_command(workshop: Workshop) -> None:
    (workshop.layers / "broken.py").write_text("LAYER = Layer(\n", "utf-8")
    assert "Definition broken.py does not load" in workshop.refused("layers", "list")


def test_the_repository_itself_is_untouched_by_these_tests() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard", "layers/definitions", "spatial/migrations/versions"],
        cwd=REPOSITORY, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert not re.search(r"pump|well|visit|broken", tracked.stdout)
