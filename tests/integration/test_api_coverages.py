"""OGC API - Coverages: cells of the grids as CoverageJSON and GeoTIFF."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
import rasterio
from helpers.feeds import GRIDS, Feeds, make_feeds
from rasterio.io import MemoryFile

from layers.registry import get_layer
from spatial.access import SYSTEM, connect
from spatial.queries.grids import GridFile, list_grids
from spatial.settings import data_settings


@pytest.fixture(scope="module")
def feeds(province: str) -> Feeds:
    return make_feeds()


def grids_of(layer_id: str) -> list[GridFile]:
    with connect(SYSTEM) as conn:
        return list_grids(conn, layer_id=layer_id)


def cells_of(grid: GridFile) -> np.ndarray:
    with rasterio.open(data_settings().raster(grid.path)) as file:
        return file.read(1, masked=True).astype(float).filled(np.nan)


def variable(layer_id: str) -> str:
    grid = get_layer(layer_id).grid
    assert grid is not None
    return grid.variable


def array_of(coverage: dict[str, Any], name: str) -> np.ndarray:
    found = coverage["ranges"][name]
    return np.array([np.nan if v is None else v for v in found["values"]], dtype=float).reshape(found["shape"])


@pytest.mark.parametrize("layer_id", GRIDS)
class TestEveryGrid:
    def test_metadata_has_the_size_of_the_grid(self, feeds: Feeds, layer_id: str) -> None:
        newest = grids_of(layer_id)[-1]
        data = feeds.json(f"/collections/{layer_id}")
        assert [axis["cellsCount"] for axis in data["extent"]["spatial"]["grid"]] == [newest.width, newest.height]

    def test_coveragejson_has_the_cells_of_the_newest_grid(self, feeds: Feeds, layer_id: str) -> None:
        newest = grids_of(layer_id)[-1]
        coverage = feeds.json(f"/collections/{layer_id}/coverage")
        assert coverage["domain"]["axes"]["t"]["values"] == [newest.time.isoformat()]
        np.testing.assert_allclose(array_of(coverage, variable(layer_id))[0], cells_of(newest), atol=1e-3)

    def test_a_box_is_a_window_of_the_grid(self, feeds: Feeds, layer_id: str) -> None:
        newest = grids_of(layer_id)[-1]
        west, south, east, north = newest.bbox
        box = (west + (east - west) * 0.3, south + (north - south) * 0.4, west + (east - west) * 0.6, north)
        coverage = feeds.json(f"/collections/{layer_id}/coverage", bbox=",".join(map(str, box)))
        part, whole = array_of(coverage, variable(layer_id))[0], cells_of(newest)
        assert 0 < part.size < whole.size
        by_axis = feeds.json(
            f"/collections/{layer_id}/coverage", subset=f"Lon({box[0]}:{box[2]}),Lat({box[1]}:{box[3]})"
        )
        np.testing.assert_equal(array_of(by_axis, variable(layer_id))[0], part)
        axes = coverage["domain"]["axes"]
        if newest.crs == 4326:
            step = (axes["x"]["stop"] - axes["x"]["start"]) / max(axes["x"]["num"] - 1, 1)
            assert axes["x"]["start"] - step <= box[0] <= axes["x"]["start"] + step

    def test_geotiff_is_georeferenced_and_has_the_same_cells(self, feeds: Feeds, layer_id: str) -> None:
        newest = grids_of(layer_id)[-1]
        response = feeds.get(f"/collections/{layer_id}/coverage", f="GTiff")
        assert response.status_code == 200
        assert response.headers["Content-Type"].startswith("image/tiff")
        with MemoryFile(response.get_data()) as memory, memory.open() as file:
            assert file.crs.to_epsg() == newest.crs
            np.testing.assert_allclose(file.read(1), cells_of(newest).astype("float32"), rtol=1e-6)

    def test_html_is_served(self, feeds: Feeds, layer_id: str) -> None:
        assert feeds.get(f"/collections/{layer_id}", f="html").status_code == 200

    @pytest.mark.parametrize(
        ("parameters", "status"),
        [
            ({"bbox": "1,2,3"}, 400),
            ({"bbox": "10,10,11,11"}, 404),
            ({"subset": "Height(1:2)"}, 400),
            ({"subset": "Lon"}, 400),
            ({"subset": 'Lon("a":"b")'}, 400),
            ({"datetime": "1900-01-01"}, 404),
            ({"datetime": "some day"}, 400),
            ({"properties": "gold"}, 400),
            ({"f": "png"}, 400),
        ],
    )
    def test_a_wrong_query_is_refused(
        self, feeds: Feeds, layer_id: str, parameters: dict[str, Any], status: int
    ) -> None:
        response = feeds.get(f"/collections/{layer_id}/coverage", **{"f": "json", **parameters})
        assert response.status_code == status, response.get_data(as_text=True)[:300]
        assert feeds.sentence(response)


def test_a_period_of_a_daily_grid_is_a_stack_of_days(feeds: Feeds) -> None:
    days = grids_of("rainfall_grid")[-3:]
    span = f"{days[0].time.isoformat()}/{days[-1].time.isoformat()}"
    coverage = feeds.json("/collections/rainfall_grid/coverage", datetime=span)
    assert coverage["domain"]["axes"]["t"]["values"] == [day.time.isoformat() for day in days]
    for layer, day in zip(array_of(coverage, "rain"), days, strict=True):
        np.testing.assert_allclose(layer, cells_of(day), atol=1e-3)
    response = feeds.get("/collections/rainfall_grid/coverage", f="GTiff", datetime=span)
    with MemoryFile(response.get_data()) as memory, memory.open() as file:
        assert file.count == len(days)
        assert days[0].time.isoformat() in file.descriptions[0]


def test_any_day_of_a_year_gives_the_grid_of_that_year(feeds: Feeds) -> None:
    grid = grids_of("population_grid")[-1]
    day = date(grid.time.year, 6, 15).isoformat()
    coverage = feeds.json("/collections/population_grid/coverage", datetime=day)
    assert coverage["domain"]["axes"]["t"]["values"] == [grid.time.isoformat()]
