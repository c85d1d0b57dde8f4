"""When something is wrong with us: a dead database, a missing raster. A sentence, the right status, no secret."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from helpers.databases import environment
from helpers.feeds import Feeds, make_feeds

from pygeoapi_config.versions import VERSIONS


@pytest.fixture
def dead(province: str, tmp_path: Path) -> Feeds:
    """The feeds, their database gone after they started."""
    feeds = make_feeds()
    assert feeds.get("/conformance", f="json").status_code == 200
    url = f"postgresql://geoioc:top-secret@/nowhere?host={tmp_path}"
    VERSIONS.forget()
    with environment(DATABASE_URL=url):
        yield feeds
    VERSIONS.forget()


@pytest.mark.parametrize(
    "path",
    [
        "/collections/parcel/items?f=json",
        "/collections/parcel/items/1?f=json",
        "/collections/parcel/tiles/WebMercatorQuad/15/14500/26000?f=mvt",
        "/collections/air_observation/position?coords=POINT(105.9%2020.2)&f=json",
        "/collections/population_grid/coverage?f=json",
        "/collections/population_grid?f=json",
        "/collections?f=json",
    ],
)
def test_a_dead_database_is_503_with_a_sentence(dead: Feeds, path: str) -> None:
    response = dead.client.get(f"/ogc{path}")
    assert response.status_code == 503
    body = response.get_data(as_text=True)
    assert json.loads(body)["description"] == "The database does not answer."
    assert "top-secret" not in body


@pytest.mark.parametrize("process", ["unit-report", "zonal-statistics"])
def test_a_process_says_the_same(dead: Feeds, process: str) -> None:
    inputs = {"unit": "97"} if process == "unit-report" else {"unit": "97", "layer": "population_grid"}
    response = dead.post(f"/processes/{process}/execution", {"inputs": inputs})
    assert response.status_code == 503
    assert "top-secret" not in response.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/", "/conformance", "/openapi", "/processes"])
def test_what_needs_no_database_is_still_served(dead: Feeds, path: str) -> None:
    assert dead.get(path, f="json").status_code == 200
