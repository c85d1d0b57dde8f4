"""``geoioc ingest`` as it is typed: one clear sentence and an exit code, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.ingest import load, scalar, write_csv, write_units

from ingest.job_worker import Worker
from ingest.jobs import run_job

HEADER = ("MA_CAMERA", "TEN", "lon", "lat")


def geoioc(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    command = [str(Path(sys.executable).with_name("geoioc")), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, env=os.environ | {"COLUMNS": "200"} | environment, check=False
    )


@pytest.fixture
def folder(database: str, tmp_path: Path) -> Path:
    load("admin_unit", write_units(tmp_path))
    return tmp_path


def good(folder: Path) -> Path:
    return write_csv(folder / "camera.csv", HEADER, [("A", "x", 105.9, 20.3), ("B", "y", 0, 0)])


def test_run_loads_a_file_and_says_what_became_of_its_rows(folder):
    done = geoioc("ingest", "run", "camera", str(good(folder)))
    assert done.returncode == 0, done.stderr
    assert "1 outside the province" in done.stdout
    assert scalar("SELECT count(*) FROM layer.camera") == 1


def test_what_was_loaded_is_found_as_soon_as_a_worker_takes_the_queued_jobs(folder):
    run_job("links")
    done = geoioc("ingest", "run", "camera", str(good(folder)))
    assert "geoioc jobs run summary search" in done.stdout
    assert scalar("SELECT count(*) FROM derived.search_entry WHERE layer_id = 'camera'") == 0
    worker = Worker()
    while worker.step():
        pass
    assert scalar("SELECT count(*) FROM derived.search_entry WHERE layer_id = 'camera'") == 1

    again = geoioc("ingest", "run", "camera", str(good(folder)))
    assert "Queued" not in again.stdout, "the same file changes nothing, so nothing is to be computed"


def test_check_stores_nothing_and_tells_by_its_exit_code_that_rows_would_be_rejected(folder):
    done = geoioc("ingest", "check", "camera", str(good(folder)))
    assert done.returncode == 1
    assert "camera_code <- MA_CAMERA" in done.stdout
    assert scalar("SELECT count(*) FROM layer.camera") == 0


def test_quarantine_lists_rejects_and_writes_them_for_the_sender(folder):
    geoioc("ingest", "run", "camera", str(good(folder)))
    assert "outside_province" in geoioc("ingest", "quarantine", "camera").stdout
    out = folder / "rejects.csv"
    assert geoioc("ingest", "quarantine", "camera", "--csv", str(out)).returncode == 0
    assert "Nằm ngoài địa bàn" in out.read_text(encoding="utf-8-sig")


def test_runs_lists_what_was_loaded(folder):
    geoioc("ingest", "run", "camera", str(good(folder)))
    listed = geoioc("ingest", "runs", "--layer", "camera")
    assert "done" in listed.stdout
    assert "camera.csv" in listed.stdout


def test_recipe_loads_its_files_in_order(folder):
    good(folder)
    recipe = folder / "r.toml"
    recipe.write_text('name = "r"\ntitle = { vi = "a", en = "b" }\n[[file]]\nlayer = "camera"\npath = "camera*.csv"\n')
    done = geoioc("ingest", "recipe", str(recipe), "--root", str(folder))
    assert done.returncode == 0, done.stderr
    assert scalar("SELECT count(*) FROM layer.camera") == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("name = [", "is wrong"),
        ('name = "r"\ntitle = { vi = "a", en = "b" }\n[[file]]\nlayer = "moon"\npath = "x"\n', "moon"),
        ('name = "r"\ntitle = { vi = "a", en = "b" }\n[[file]]\nlayer = "camera"\npth = "x"\n', "pth"),
        ('name = "r"\ntitle = { vi = "a", en = "b" }\n[[file]]\nlayer = "camera"\npath = "none*.csv"\n', "none*.csv"),
    ],
)
def test_a_wrong_recipe_is_told_in_one_sentence(folder, content, says):
    recipe = folder / "r.toml"
    recipe.write_text(content)
    done = geoioc("ingest", "recipe", str(recipe), "--root", str(folder))
    assert done.returncode != 0
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_layer_is_told_with_those_there_are(folder):
    done = geoioc("ingest", "run", "moon", str(good(folder)))
    assert done.returncode != 0
    assert "air_station" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_in_another_encoding_ends_with_one_sentence_and_code_six(folder):
    path = folder / "camera.csv"
    path.write_bytes(b"MA_CAMERA,TEN,lon,lat\nA,H\xe0 N\xf4i,105.9,20.3\n")
    done = geoioc("ingest", "run", "camera", str(path))
    assert done.returncode == 6
    assert "line 2" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_dead_database_ends_with_one_sentence_and_code_three(folder):
    done = geoioc("ingest", "run", "camera", str(good(folder)), DATABASE_URL="postgresql://x@/y?host=/nowhere")
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
