"""OGC API - Tiles: vector tiles of polygon layers, kept in memory until the layer changes."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date, datetime
from typing import Any

from flask import has_request_context, request
from pygeoapi.models.provider.base import TileMatrixSetEnum
from pygeoapi.provider.base_mvt import BaseMVTProvider

from layers.registry import get_layer
from pygeoapi_config.errors import BadRequest, NotFound
from pygeoapi_config.versions import VERSIONS
from spatial.access import PUBLIC, connect
from spatial.queries.tiles import feature_tile, tile_attributes, unit_tile
from spatial.settings import LOCAL_ZONE, server_settings

CACHE_BYTES = 64 * 1024 * 1024  # per process
SCHEME = TileMatrixSetEnum.WEBMERCATORQUAD.value
LEVELS = ("province", "district", "commune")


class TileCache:
    """Tiles by everything they depend on; the least recently used go first."""

    def __init__(self, limit: int) -> None:
        self._limit, self._size = limit, 0
        self._tiles: OrderedDict[tuple[Any, ...], bytes] = OrderedDict()

    def get(self, key: tuple[Any, ...]) -> bytes | None:
        tile = self._tiles.get(key)
        if tile is not None:
            self._tiles.move_to_end(key)
        return tile

    def put(self, key: tuple[Any, ...], tile: bytes) -> None:
        if key in self._tiles:
            return
        self._tiles[key] = tile
        self._size += len(tile) + 200
        while self._size > self._limit:
            _, dropped = self._tiles.popitem(last=False)
            self._size -= len(dropped) + 200


CACHE = TileCache(CACHE_BYTES)


class TileProvider(BaseMVTProvider):
    """Tiles of one layer; ``data`` in the configuration is the layer's id."""

    def __init__(self, definition: dict[str, Any]) -> None:
        super().__init__(definition)
        self._layer = get_layer(self.data)

    def get_layer(self) -> str:
        """Name of the layer inside the tiles."""
        return self._layer.id

    def get_fields(self) -> dict[str, dict[str, str]]:
        names = ("code", "level", "name") if self._layer.kind == "admin_unit" else tile_attributes(self._layer)
        return {name: {"type": "string"} for name in ("key", *names)}

    def get_tiling_schemes(self) -> list[Any]:
        return [SCHEME]

    def get_tiles_service(
        self, baseurl: str | None = None, servicepath: str | None = None, dirpath: Any = None, tile_type: Any = None
    ) -> dict[str, Any]:
        """Links of the tile set."""
        assert servicepath is not None
        base = servicepath.split("/{tileMatrix}/", 1)[0].replace("{tileMatrixSetId}", SCHEME.tileMatrixSet)
        return {
            "links": [
                {"type": "application/json", "rel": "self", "title": "Tile set", "href": f"{base}?f=json"},
                {"type": self.mimetype, "rel": "item", "title": "Vector tiles", "href": servicepath},
                {"type": "application/json", "rel": "describedby", "title": "TileJSON",
                 "href": f"{base}/metadata?f=tilejson"},
            ]
        }  # fmt: skip

    def get_tiles(
        self, layer: Any = None, tileset: str | None = None, z: Any = None, y: Any = None, x: Any = None,
        format_: Any = None,
    ) -> bytes:  # fmt: skip
        """One tile, empty bytes when nothing lies in it or the zoom is below the layer's first.

        :raises NotFound: for another tile matrix set, or a tile outside the world.
        """
        column, row, zoom = self._place(tileset, z, y, x)
        if zoom < self.options["zoom"]["min"]:
            return b""
        day, level = _day(), _level()
        version = VERSIONS.of(self._layer.id)
        is_unit = self._layer.kind == "admin_unit"
        key = (self._layer.id, version, zoom, column, row, *((day, level) if is_unit else ()))
        cached = CACHE.get(key) if version is not None else None
        if cached is not None:
            return cached
        with connect(PUBLIC) as conn:
            if is_unit:
                tile = unit_tile(conn, layer=self._layer, z=zoom, x=column, y=row, day=day, level=level)
            else:
                tile = feature_tile(conn, layer=self._layer, z=zoom, x=column, y=row)
        if version is not None:
            CACHE.put(key, tile)
        return tile

    def _place(self, tileset: str | None, z: Any, y: Any, x: Any) -> tuple[int, int, int]:
        if tileset != SCHEME.tileMatrixSet:
            raise NotFound(f"There is no tile matrix set {tileset!r}; offered is {SCHEME.tileMatrixSet}.")
        try:
            zoom, row, column = int(z), int(y), int(x)
        except ValueError:
            raise BadRequest("Zoom, row and column of a tile are whole numbers.") from None
        if not (0 <= zoom <= self.options["zoom"]["max"] and 0 <= row < 2**zoom and 0 <= column < 2**zoom):
            raise NotFound(f"There is no tile {zoom}/{row}/{column}; the last zoom is {self.options['zoom']['max']}.")
        return column, row, zoom

    def get_metadata(
        self, dataset: str, server_url: str, layer: Any = None, tileset: str | None = None, metadata_format: Any = None,
        title: str | None = None, description: str | None = None, keywords: Any = None, **_: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """Tile set metadata; TileJSON 3 when asked for ``f=tilejson``.

        :raises NotFound: for another tile matrix set.
        """
        if tileset != SCHEME.tileMatrixSet:
            raise NotFound(f"There is no tile matrix set {tileset!r}; offered is {SCHEME.tileMatrixSet}.")
        base = f"{server_settings().url}/ogc/collections/{dataset}/tiles/{tileset}"
        if str(metadata_format).lower() == "tilejson":
            return {
                "tilejson": "3.0.0",
                "name": title,
                "description": description,
                "scheme": "xyz",
                "tiles": [f"{base}/{{z}}/{{y}}/{{x}}?f=mvt"],
                "minzoom": self.options["zoom"]["min"],
                "maxzoom": self.options["zoom"]["max"],
                "vector_layers": [{"id": self.get_layer(), "fields": dict.fromkeys(self.get_fields(), "String")}],
            }
        metadata = {
            "title": title,
            "description": description,
            "dataType": "vector",
            "crs": SCHEME.crs,
            "tileMatrixSetURI": SCHEME.tileMatrixSetURI,
            "links": [
                {"rel": "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme", "type": "application/json",
                 "title": SCHEME.tileMatrixSet,
                 "href": f"{server_settings().url}/ogc/TileMatrixSets/{SCHEME.tileMatrixSet}?f=json"},
                {"rel": "item", "type": self.mimetype, "title": "Vector tiles", "templated": True,
                 "href": f"{base}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}?f=mvt"},
            ],
        }  # fmt: skip
        if str(metadata_format).lower() == "html":
            metadata |= {"id": dataset, "tileset": tileset, "collections_path": f"{base}/{{tileMatrix}}",
                         "json_url": f"{base}/metadata?f=json"}  # fmt: skip
        return metadata

    def __repr__(self) -> str:
        return f"<TileProvider> {self.data}"


def _day() -> date:
    text = request.args.get("datetime") if has_request_context() else None
    if text is None:
        return datetime.now(LOCAL_ZONE).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadRequest(f"datetime {text!r} is not a day like 2026-11-21.") from None


def _level() -> str | None:
    level = request.args.get("level") if has_request_context() else None
    if level is not None and level not in LEVELS:
        raise BadRequest(f"There is no level {level!r}; the levels are {', '.join(LEVELS)}.")
    return level
