"""What the map bridge must know about layers: kind, colours, zoom, fields shown."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from dash_app.services import FEEDBACK_DAYS
from layers.model import Layer
from layers.registry import registry

POINTS_LIMIT = 50_000
PANEL_KINDS = ("choropleth", "points", "clusters", "badges", "tiles", "grid", "units")


def panel_layers() -> list[Layer]:
    """Layers with an overlay, in the order of the layer panel."""
    found = (layer for layer in registry().values() if layer.overlay.kind in PANEL_KINDS)
    return sorted(found, key=lambda layer: (layer.overlay.order, layer.id))


def is_theme(layer: Layer) -> bool:
    """Layers that are shown by choosing a map theme rather than by a switch of their own."""
    return layer.overlay.kind in ("choropleth", "grid", "badges")


def bridge_layers(language: str) -> dict[str, dict[str, Any]]:
    """Drawing rules by layer id."""
    return {layer.id: _describe(layer, language) for layer in panel_layers()}


def _items(layer: Layer) -> str:
    """Address of all features of a point layer, with no more properties than the map draws."""
    wanted = [name for name in (layer.overlay.label, layer.overlay.style_by) if name]
    query = urlencode({"f": "json", "limit": POINTS_LIMIT, "properties": ",".join(wanted)}, safe=",")
    return f"/ogc/collections/{layer.id}/items?{query}"


def _describe(layer: Layer, language: str) -> dict[str, Any]:
    overlay = layer.overlay
    codes = layer.column(overlay.style_by).codes if overlay.style_by else ()
    return {
        "title": layer.title[language],
        "kind": overlay.kind,
        "colour": overlay.colour,
        "icon": overlay.icon,
        "minZoom": overlay.min_zoom,
        "shown": overlay.shown,
        "styleBy": overlay.style_by,
        "label": overlay.label,
        "stations": layer.series.station_layer if layer.series else None,
        "items": _items(layer) if overlay.kind in ("clusters", "points") else None,
        "days": FEEDBACK_DAYS if overlay.kind == "clusters" and layer.time_column else None,
        "codes": {code.value: {"title": code.title[language], "colour": code.colour} for code in codes},
        "fields": [
            {
                "name": column.name,
                "title": column.title[language],
                "unit": column.unit,
                "decimals": column.decimals,
                "type": column.type,
                "codes": {code.value: code.title[language] for code in column.codes},
            }
            for column in layer.public_columns
        ],
    }
