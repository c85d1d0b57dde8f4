"""Programs people use, against the running server: GDAL, OWSLib, plain HTTP."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from helpers.feeds import GRIDS, OBSERVED, PUBLIC_ITEMS
from owslib.ogcapi.coverages import Coverages
from owslib.ogcapi.edr import EnvironmentalDataRetrieval
from owslib.ogcapi.features import Features
from owslib.ogcapi.processes import Processes


def fetch(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=60) as response:
        return json.loads(response.read())


def matched(server: str, collection: str) -> int:
    number: int = fetch(f"{server}/ogc/collections/{collection}/items?f=json&limit=1")["numberMatched"]
    return number


def gdal(*arguments: str) -> str:
    program = shutil.which(arguments[0])
    if program is None:
        pytest.skip(f"{arguments[0]} is not installed")
    done = subprocess.run([program, *arguments[1:]], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_every_link_starts_with_the_address_of_the_server(server: str) -> None:
    pages = ["/ogc/?f=json", "/ogc/collections?f=json", "/ogc/collections/parcel/items?f=json&limit=1",
             "/ogc/collections/parcel/tiles?f=json", "/ogc/processes?f=json"]  # fmt: skip
    for page in pages:
        hrefs = [line for line in json.dumps(fetch(server + page)).split('"') if line.startswith("http://127.0.0.1")]
        assert hrefs
        assert all(href.startswith(f"{server}/ogc") for href in hrefs)


def test_ogrinfo_lists_the_collections(server: str) -> None:
    listed = gdal("ogrinfo", "-ro", f"OAPIF:{server}/ogc")
    for collection in PUBLIC_ITEMS:
        assert f": {collection} " in listed


@pytest.mark.parametrize("collection", PUBLIC_ITEMS)
def test_ogr2ogr_reads_every_feature_through_all_pages(server: str, collection: str, tmp_path: Path) -> None:
    target = tmp_path / "copy.gpkg"
    gdal("ogr2ogr", "-f", "GPKG", str(target), f"OAPIF:{server}/ogc", collection)
    frame = pyogrio.read_dataframe(target, layer=collection)
    assert len(frame) == matched(server, collection) > 0
    assert frame["id"].is_unique


def test_ogr2ogr_filters_on_the_server(server: str, tmp_path: Path) -> None:
    target = tmp_path / "part.gpkg"
    gdal("ogr2ogr", "-f", "GPKG", str(target), f"OAPIF:{server}/ogc", "admin_unit", "-where", "level = 'commune'")
    levels = pyogrio.read_dataframe(target)["level"]
    assert set(levels) == {"commune"}
    expected = fetch(f"{server}/ogc/collections/admin_unit/items?f=json&limit=1&level=commune")["numberMatched"]
    assert len(levels) == expected


def test_owslib_reads_features(server: str) -> None:
    feeds = Features(f"{server}/ogc/")
    assert set(PUBLIC_ITEMS) <= set(feeds.feature_collections())
    for collection in PUBLIC_ITEMS:
        assert feeds.collection_queryables(collection)["properties"]
        page = feeds.collection_items(collection, limit=2)
        one = feeds.collection_item(collection, page["features"][0]["id"])
        assert one["id"] == page["features"][0]["id"]
        assert feeds.collection_items(collection, bbox=[100, 10, 110, 25], limit=1)["numberMatched"] > 0


def test_owslib_filters_features(server: str) -> None:
    page = Features(f"{server}/ogc/").collection_items("admin_unit", filter="level = 'province'", limit=10)
    assert {feature["properties"]["level"] for feature in page["features"]} == {"province"}


def test_owslib_reads_series(server: str) -> None:
    feeds = EnvironmentalDataRetrieval(f"{server}/ogc/")
    for layer_id in OBSERVED:
        station = fetch(f"{server}/ogc/collections/{layer_id}/locations?f=json")["features"][0]
        x, y = station["geometry"]["coordinates"]
        found = feeds.query_data(layer_id, "position", coords=f"POINT({x} {y})", datetime="2026-01-01/..")
        assert found["type"] == "Coverage"
        assert found["id"] == station["id"]


def test_owslib_reads_coverages(server: str) -> None:
    feeds = Coverages(f"{server}/ogc/")
    assert set(GRIDS) <= set(feeds.coverages())
    for layer_id in GRIDS:
        assert json.loads(feeds.coverage(layer_id).read())["type"] == "Coverage"


def test_owslib_runs_a_process(server: str) -> None:
    feeds = Processes(f"{server}/ogc/")
    assert {item["id"] for item in feeds.processes()} == {"zonal-statistics", "unit-report"}
    unit = fetch(f"{server}/ogc/collections/admin_unit/items?f=json&limit=1&level=province&datetime=2026-01-01")
    key = unit["features"][0]["id"]
    assert feeds.execute("unit-report", inputs={"unit": key}, response="raw")["unit"]["key"] == key
