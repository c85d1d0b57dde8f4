"""Files that cannot be read end in one clear sentence and leave nothing behind."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import shapely
from helpers.ingest import load, query, scalar, write_csv, write_features, write_units

from spatial.crs import project
from spatial.errors import GeoIOCError, SourceUnreadable, WrongCRS, WrongEncoding

HEADER = ("MA_CAMERA", "TEN", "lon", "lat")


@pytest.fixture
def folder(database: str, tmp_path: Path) -> Path:
    load("admin_unit", write_units(tmp_path))
    return tmp_path


def refused(layer: str, path: Path, kind: type[GeoIOCError] = SourceUnreadable, **options: object) -> str:
    """The sentence with which a file is refused; it is one line, and the run is on record as failed."""
    with pytest.raises(kind) as caught:
        load(layer, path, **options)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert caught.value.exit_code == 6
    if path.exists():
        assert tuple(query("SELECT state, message FROM ops.ingest_run ORDER BY id DESC LIMIT 1")[0]) == (
            "failed",
            sentence,
        )
    return sentence


def test_a_missing_file_is_named(folder):
    assert "nowhere.csv" in refused("camera", folder / "nowhere.csv")


def test_an_empty_file_is_named(folder):
    (folder / "empty.csv").touch()
    assert refused("camera", folder / "empty.csv") == "empty.csv is empty."


def test_a_wrong_encoding_is_told_with_the_line(folder):
    path = folder / "camera.csv"
    path.write_bytes("MA_CAMERA,TEN,lon,lat\nA,x,105.9,20.3\nB,Hà Nội,105.9,20.3\n".encode("cp1258", "replace"))
    assert "line 3" in refused("camera", path, WrongEncoding)
    assert load("camera", path, encoding="windows-1258").inserted == 2


def test_utf16_with_its_mark_is_read_where_it_is_declared(folder):
    path = folder / "camera.csv"
    path.write_bytes("MA_CAMERA,TEN,lon,lat\nA,Hà Nội,105.9,20.3\n".encode("utf-16"))
    assert load("camera", path, encoding="utf-16").inserted == 1
    assert scalar("SELECT name FROM layer.camera") == "Hà Nội"


def test_an_unknown_encoding_is_named(folder):
    path = write_csv(folder / "camera.csv", HEADER, [("A", "x", 105.9, 20.3)])
    assert "utf-99" in refused("camera", path, encoding="utf-99")


def test_a_truncated_gzip_file_is_refused(folder):
    path = folder / "camera.csv.gz"
    path.write_bytes(gzip.compress(b"MA_CAMERA,TEN,lon,lat\n" + b"A,x,105.9,20.3\n" * 5000)[:200])
    assert "camera.csv.gz" in refused("camera", path)


@pytest.mark.parametrize("name", ["school.xlsx", "parcel.gpkg", "parcel.parquet", "parcel.shp"])
def test_a_damaged_file_of_any_format_is_refused(folder, name):
    (folder / name).write_bytes(b"\x00\x01\x02 this is no such file" * 20)
    assert name in refused("school" if name.endswith("xlsx") else "parcel", folder / name)


@pytest.mark.parametrize("name", ["population_2024.tif", "rain.nc"])
def test_a_damaged_grid_is_refused(folder, name):
    (folder / name).write_bytes(b"\x00\x01\x02 this is no such file" * 20)
    assert name in refused("population_grid" if name.endswith("tif") else "rainfall_grid", folder / name)


def test_a_table_offered_to_a_grid_layer_is_refused(folder):
    path = write_csv(folder / "camera.csv", HEADER, [("A", "x", 105.9, 20.3)])
    assert "holds grids" in refused("population_grid", path)


def test_a_file_without_the_key_column_names_what_was_looked_for_and_found(folder):
    sentence = refused("camera", write_csv(folder / "camera.csv", ("TEN", "lon", "lat"), [("x", 105.9, 20.3)]))
    assert "MA_CAMERA" in sentence
    assert "TEN, lon, lat" in sentence


def test_a_file_without_coordinates_says_which_columns_it_needs(folder):
    sentence = refused("camera", write_csv(folder / "camera.csv", ("MA_CAMERA", "TEN"), [("A", "x")]))
    assert "KINH_DO" in sentence


def test_an_unknown_sheet_or_layer_is_told_with_those_there_are(folder):
    assert "units" in refused("admin_unit", folder / "units.gpkg", sheet="wards")


def parcels(folder: Path, *, actual: int, said: int) -> Path:
    """A file whose coordinates are of one zone and whose header says another."""
    corners = project(shapely.points([[105.9 + i / 100, 20.3] for i in range(5)]), source=4326, target=actual)
    rows = [
        {"MA_XA": "1", "SO_TO": "1", "SO_THUA": str(i), "geometry": shapely.box(p.x, p.y, p.x + 20, p.y + 20)}
        for i, p in enumerate(corners)
    ]
    return write_features(folder / "parcel.gpkg", rows, crs=said)


def test_a_file_in_the_wrong_zone_is_told_the_meridian_that_fits(folder):
    sentence = refused("parcel", parcels(folder, actual=9209, said=5899), WrongCRS)
    assert "EPSG:9209 (VN-2000, meridian 105°30')" in sentence
    assert load("parcel", folder / "parcel.gpkg", crs=9209).inserted == 5


def test_metres_read_as_degrees_are_told_the_meridian_that_fits(folder):
    assert "EPSG:5897" in refused("parcel", parcels(folder, actual=5897, said=4326), WrongCRS)


def test_a_deprecated_zone_code_is_refused_with_the_right_one(folder):
    path = parcels(folder, actual=5897, said=5897)
    assert "5897" in refused("parcel", path, WrongCRS, crs=6957)


def test_nothing_of_a_refused_file_is_stored(folder):
    path = folder / "camera.csv"
    path.write_bytes(b"MA_CAMERA,TEN,lon,lat\n" + b"A,x,105.9,20.3\n" + b"\xff\xfe bad,x,105.9,20.3\n")
    refused("camera", path, WrongEncoding)
    assert scalar("SELECT count(*) FROM layer.camera") == 0
    assert scalar("SELECT count(*) FROM ops.quarantine") == 0
