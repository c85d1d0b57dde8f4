"""The few places where pygeoapi 0.24 is told to do it our way, all in one module (docs/adr/0004).

Each replaces a name that ``pygeoapi.api.itemtypes`` imported: it would parse features it never looks at, build two
pyproj CRS objects per request (13 ms), transform a box without pinning EPSG:6960, and answer a wrong filter with
«Bad CQL text» only. Pages are rendered by ``pages.render``; CSV gives the position of points.
``apply`` fails loudly when a new pygeoapi no longer has a
name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pygeoapi.api
from pygeoapi.api import coverages, environmental_data_retrieval, itemtypes, processes, tiles
from pygeoapi.plugin import PLUGINS

from pygeoapi_config.crs import srid_of
from pygeoapi_config.geojson import to_json
from pygeoapi_config.pages import render

PAGE_MODULES = (pygeoapi.api, coverages, environmental_data_retrieval, itemtypes, processes, tiles)


class TaggedBox(list):
    """A bounding box in the CRS it was asked in; PostGIS transforms it."""

    def __init__(self, values: list[float], srid: int | None) -> None:
        super().__init__(values)
        self.srid = srid


@dataclass(frozen=True)
class RawFilter:
    """A filter as it came; the provider parses it and answers with a sentence."""

    text: str
    language: str


@dataclass(frozen=True)
class TargetCrs:
    """The CRS asked for."""

    srid: int


def transform_bbox(bbox: list[float], from_crs: str, to_crs: str) -> TaggedBox:
    """Keep the box and remember its CRS."""
    return TaggedBox(bbox, srid_of(from_crs))


def create_crs_transform_spec(provider_def: dict[str, Any], query_crs_uri: str | None = None) -> TargetCrs | None:
    """The CRS of the answer, or None for CRS84.

    :raises ValueError: when it is not offered (pygeoapi answers 400).
    """
    srid = srid_of(query_crs_uri or None)
    return None if srid is None else TargetCrs(srid)


def apply() -> None:
    """Replace the names; called once, before the first request."""
    replacements: tuple[tuple[Any, str, Any], ...] = (
        (itemtypes, "to_json", to_json),
        (itemtypes, "transform_bbox", transform_bbox),
        (itemtypes, "create_crs_transform_spec", create_crs_transform_spec),
        (itemtypes, "parse_cql2_text", lambda text: RawFilter(text, "cql2-text")),
        (itemtypes, "parse_cql2_json", lambda text: RawFilter(text, "cql2-json")),
        (itemtypes, "modify_pygeofilter", lambda node, **_: node),
        (environmental_data_retrieval, "to_json", to_json),
        (environmental_data_retrieval, "create_crs_transform_spec", create_crs_transform_spec),
        *((module, "render_j2_template", render) for module in PAGE_MODULES),
    )
    for module, name, replacement in replacements:
        if not hasattr(module, name):
            raise RuntimeError(f"pygeoapi has no {module.__name__}.{name} any more: look at pygeoapi_config/patches.py")
        setattr(module, name, replacement)
    if "CSV" not in PLUGINS["formatter"]:
        raise RuntimeError("pygeoapi has no formatter CSV any more: look at pygeoapi_config/patches.py")
    PLUGINS["formatter"]["CSV"] = "pygeoapi_config.providers.feature_csv.FeatureCsv"
