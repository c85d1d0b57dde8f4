"""The same file twice, files that differ a little, and what the record of runs says."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.ingest import fingerprint, load, query, rejects, scalar, write_csv, write_units

HEADER = ("MA_CAMERA", "TEN", "URL", "lon", "lat")
TABLES = ("layer.camera", "layer.camera_private", "ops.layer_version", "ops.quarantine")


@pytest.fixture
def folder(database: str, tmp_path: Path) -> Path:
    load("admin_unit", write_units(tmp_path))
    return tmp_path


def cameras(path: Path, *, name: str = "x", url: str = "rtsp://a", bad: int = 1) -> Path:
    rows = [("A", name, url, 105.9, 20.3), ("B", "y", "rtsp://b", 106.1, 20.3)]
    return write_csv(path, HEADER, rows + [("C", "z", "rtsp://c", 0, 0)] * bad)


def test_the_same_file_twice_changes_nothing_and_is_recorded_as_unchanged(folder):
    file = cameras(folder / "camera.csv")
    load("camera", file)
    before = fingerprint(*TABLES)
    assert load("camera", file).state == "unchanged"
    assert fingerprint(*TABLES) == before
    assert [row.state for row in query("SELECT state FROM ops.ingest_run WHERE layer_id = 'camera' ORDER BY id")] == [
        "done", "unchanged",
    ]  # fmt: skip


def test_reading_it_again_by_force_finds_every_row_unchanged(folder):
    file = cameras(folder / "camera.csv")
    load("camera", file)
    before = fingerprint(*TABLES[:3])
    report = load("camera", file, force=True)
    assert (report.state, report.inserted, report.updated, report.unchanged) == ("done", 0, 0, 2)
    assert fingerprint(*TABLES[:3]) == before


def test_the_same_rows_in_another_file_are_found_unchanged(folder):
    load("camera", cameras(folder / "camera.csv"))
    report = load("camera", cameras(folder / "copy.csv", bad=0))
    assert (report.inserted, report.updated, report.unchanged) == (0, 0, 2)


def test_other_options_read_the_same_bytes_again(folder):
    file = cameras(folder / "camera.csv")
    load("camera", file)
    assert load("camera", file, inside="none").inserted == 1


def test_only_the_row_that_differs_is_written(folder):
    load("camera", cameras(folder / "camera.csv"))
    before = dict(query("SELECT key, updated_at FROM layer.camera"))
    report = load("camera", cameras(folder / "camera.csv", name="new"))
    after = dict(query("SELECT key, updated_at FROM layer.camera"))
    assert (report.updated, report.unchanged) == (1, 1)
    assert after["A"] > before["A"]
    assert after["B"] == before["B"]


def test_a_change_of_a_private_column_alone_is_stored_and_counted(folder):
    load("camera", cameras(folder / "camera.csv"))
    assert load("camera", cameras(folder / "camera.csv", url="rtsp://new")).updated == 1
    assert scalar("SELECT stream_url FROM layer.camera_private WHERE key = 'A'") == "rtsp://new"


def test_a_mended_file_replaces_its_rejects(folder):
    load("camera", cameras(folder / "camera.csv", bad=2))
    assert len(rejects("camera")) == 3  # both outside, one with a repeated key
    load("camera", cameras(folder / "camera.csv", bad=0))
    assert rejects("camera") == []


def test_a_layers_version_moves_only_with_its_content(folder):
    def version() -> int:
        return scalar("SELECT version FROM ops.layer_version WHERE layer_id = 'camera'")

    file = cameras(folder / "camera.csv")
    load("camera", file)
    assert version() == 1
    load("camera", file, force=True)
    assert version() == 1
    load("camera", cameras(folder / "camera.csv", name="new"))
    assert version() == 2
    assert scalar("SELECT features FROM ops.layer_version WHERE layer_id = 'camera'") == 2


def test_a_run_is_recorded_with_source_hash_agency_counts_and_times(folder):
    report = load("camera", cameras(folder / "camera.csv"))
    run = query("SELECT * FROM ops.ingest_run WHERE id = :id", id=report.run_id)[0]
    assert run.source.endswith("camera.csv")
    assert len(run.sha256) == 64
    assert run.agency == "Trung tâm IOC"
    assert (run.rows_read, run.rows_inserted, run.rows_rejected) == (3, 2, 1)
    assert run.details["rejected"] == {"outside_province": 1}
    assert run.details["headers"]["name"] == "TEN"
    assert run.finished_at >= run.started_at


def test_a_loaded_file_is_kept_in_the_archive_byte_by_byte(folder, data_folder):
    file = cameras(folder / "camera.csv", name="kept")
    load("camera", file)
    copies = list((data_folder / "archive").rglob("camera.csv"))
    assert file.read_bytes() in [copy.read_bytes() for copy in copies]


def test_a_dry_run_reports_and_stores_nothing(folder):
    before = fingerprint("layer.camera", "ops.quarantine", "ops.ingest_run", "ops.layer_version")
    report = load("camera", cameras(folder / "camera.csv"), dry_run=True)
    assert (report.inserted, report.rows_rejected) == (2, 1)
    assert fingerprint("layer.camera", "ops.quarantine", "ops.ingest_run", "ops.layer_version") == before


def test_a_shapefile_whose_table_changed_is_read_again(folder):
    import geopandas as gpd
    import shapely

    def write(area: float) -> Path:
        row = {"MA_XA": "97001", "SO_TO": "1", "SO_THUA": "1", "DIEN_TICH": area,
               "geometry": shapely.box(105.9, 20.3, 105.901, 20.301)}  # fmt: skip
        path = folder / "p.shp"
        gpd.GeoDataFrame([row], geometry="geometry", crs=4326).to_file(path, engine="pyogrio")
        return path

    load("parcel", write(10.0))
    assert load("parcel", write(20.0)).updated == 1
