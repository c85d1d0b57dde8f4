"""Vector tiles: what lies in them, when they are empty, and what a cache is told."""

from __future__ import annotations

import math
from pathlib import Path

import pyogrio
import pytest
from helpers.feeds import TILED, Feeds, make_feeds

from layers.registry import get_layer
from spatial.queries.tiles import tile_attributes


@pytest.fixture(scope="module")
def feeds(province: str) -> Feeds:
    return make_feeds()


def tile_of(x: float, y: float, zoom: int) -> tuple[int, int]:
    """Column and row of the tile that holds a point."""
    side = 2**zoom
    row = (1 - math.asinh(math.tan(math.radians(y))) / math.pi) / 2 * side
    return int((x + 180) / 360 * side), int(row)


def first_position(feeds: Feeds, layer_id: str) -> tuple[float, float]:
    value = feeds.items(layer_id, limit=1)[0]["geometry"]["coordinates"]
    while not isinstance(value[0], float | int):
        value = value[0]
    return value[0], value[1]


def path_of(feeds: Feeds, layer_id: str, zoom: int) -> str:
    column, row = tile_of(*first_position(feeds, layer_id), zoom)
    return f"/collections/{layer_id}/tiles/WebMercatorQuad/{zoom}/{row}/{column}"


@pytest.mark.parametrize("layer_id", TILED)
class TestEveryTiledLayer:
    def test_a_tile_holds_the_features_drawn_there(self, feeds: Feeds, layer_id: str, tmp_path: Path) -> None:
        response = feeds.get(path_of(feeds, layer_id, 15), f="mvt")
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "application/vnd.mapbox-vector-tile"
        file = tmp_path / "tile.mvt"
        file.write_bytes(response.get_data())
        frame = pyogrio.read_dataframe(file, layer=layer_id)
        expected = ("code", "level", "name") if layer_id == "admin_unit" else tile_attributes(get_layer(layer_id))
        assert {"key", *expected} <= set(frame.columns)
        assert set(frame.columns) <= {"key", "mvt_id", "geometry", *expected}
        key = frame["key"].iloc[0]
        assert feeds.json(f"/collections/{layer_id}/items/{key}")["id"] == key

    def test_the_second_time_it_is_not_sent(self, feeds: Feeds, layer_id: str) -> None:
        path = path_of(feeds, layer_id, 15)
        first = feeds.get(path, f="mvt")
        assert "max-age" in first.headers["Cache-Control"]
        assert feeds.get(path, f="mvt", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
        assert feeds.get(path, f="mvt").get_data() == first.get_data()

    def test_tiles_are_compressed(self, feeds: Feeds, layer_id: str) -> None:
        response = feeds.get(path_of(feeds, layer_id, 14), f="mvt", headers={"Accept-Encoding": "gzip"})
        if len(response.get_data()) > 500:
            assert response.headers["Content-Encoding"] == "gzip"

    def test_the_sea_is_empty(self, feeds: Feeds, layer_id: str) -> None:
        response = feeds.get(f"/collections/{layer_id}/tiles/WebMercatorQuad/15/0/0", f="mvt")
        assert response.status_code == 204
        assert response.get_data() == b""

    def test_below_the_first_zoom_there_is_nothing(self, feeds: Feeds, layer_id: str) -> None:
        first = get_layer(layer_id).overlay.min_zoom
        if first:
            assert feeds.get(path_of(feeds, layer_id, first - 1), f="mvt").status_code == 204
            assert feeds.get(path_of(feeds, layer_id, first), f="mvt").status_code == 200

    @pytest.mark.parametrize("place", ["15/40000/0", "30/1/1", "x/1/1", "15/-1/0"])
    def test_a_tile_outside_the_world_is_refused(self, feeds: Feeds, layer_id: str, place: str) -> None:
        response = feeds.get(f"/collections/{layer_id}/tiles/WebMercatorQuad/{place}", f="mvt")
        assert response.status_code in (400, 404)

    def test_tilejson_leads_to_the_tiles(self, feeds: Feeds, layer_id: str) -> None:
        document = feeds.json(f"/collections/{layer_id}/tiles/WebMercatorQuad/metadata", f="tilejson")
        assert document["tilejson"] == "3.0.0"
        assert document["minzoom"] == get_layer(layer_id).overlay.min_zoom
        assert document["vector_layers"][0]["id"] == layer_id
        column, row = tile_of(*first_position(feeds, layer_id), 15)
        address = document["tiles"][0].format(z=15, y=row, x=column).split("/ogc", 1)[1]
        assert feeds.client.get(f"/ogc{address}").status_code == 200

    def test_the_tile_sets_are_listed(self, feeds: Feeds, layer_id: str) -> None:
        for path in (f"/collections/{layer_id}/tiles", f"/collections/{layer_id}/tiles/WebMercatorQuad"):
            assert feeds.json(path)["links"]
            assert feeds.get(path, f="html").status_code == 200


def test_unit_tiles_are_those_of_a_day_and_a_level(feeds: Feeds, tmp_path: Path) -> None:
    path = path_of(feeds, "admin_unit", 9)
    for day, district in (("2025-06-30", True), ("2026-01-01", False)):
        file = tmp_path / f"{day}.mvt"
        file.write_bytes(feeds.get(path, f="mvt", datetime=day).get_data())
        levels = set(pyogrio.read_dataframe(file, layer="admin_unit")["level"])
        assert ("district" in levels) == district
    file.write_bytes(feeds.get(path, f="mvt", datetime="2026-01-01", level="commune").get_data())
    assert set(pyogrio.read_dataframe(file, layer="admin_unit")["level"]) == {"commune"}


def test_a_url_that_names_the_version_may_be_kept_for_ever(feeds: Feeds) -> None:
    from pygeoapi_config.versions import VERSIONS

    path = path_of(feeds, "parcel", 15)
    assert "immutable" in feeds.get(path, f="mvt", v=VERSIONS.of("parcel")).headers["Cache-Control"]
    assert "immutable" not in feeds.get(path, f="mvt", v=-1).headers["Cache-Control"]
