"""The layer panel: every layer with an overlay, grouped, with count, agency, licence and data time."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from dash import html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.components.attributes import extra
from dash_app.i18n import say
from dash_app.overlays import is_theme, panel_layers
from dash_app.themes import themes
from layers.model import Layer


def layer_panel(versions: Mapping[str, dict[str, Any]], language: str) -> Component:
    """Groups keep the order of their first layer."""
    ordered: dict[str, list[Layer]] = {}
    for name, members in groupby(panel_layers(), key=lambda layer: layer.overlay.group[language]):
        ordered.setdefault(name, []).extend(members)
    return html.Div(
        [
            html.Div(
                [html.H3(name), html.Ul([_row(layer, versions.get(layer.id), language) for layer in members])],
                className="layer-group",
            )
            for name, members in ordered.items()
        ],
        className="drawer-body layer-panel",
    )


def _row(layer: Layer, version: dict[str, Any] | None, language: str) -> Component:
    title = layer.title[language]
    return html.Li(
        [
            html.Div(
                [_switch(layer, title, language), html.Span(title, className="layer-title")], className="layer-line"
            ),
            html.P(_facts(layer, version, language), className="layer-facts"),
        ],
        **extra({"data-layer-row": layer.id}),
    )


def _switch(layer: Layer, title: str, language: str) -> Component:
    if layer.overlay.kind == "units":
        return html.Span(say("layer.always", language), className="chip")
    if is_theme(layer):
        first = next(theme.id for theme in themes().values() if theme.layer.id == layer.id)
        return html.Button(
            say("layer.show_theme", language),
            className="tool small",
            **extra({"data-theme": first, "aria-label": f"{say('layer.show_theme', language)}: {title}"}),
        )
    return html.Button(
        html.Span(className="knob"),
        className="switch",
        role="switch",
        style={"--layer-colour": layer.overlay.colour},
        **extra({"data-layer": layer.id, "aria-checked": "false", "aria-label": title}),
    )


def _facts(layer: Layer, version: dict[str, Any] | None, language: str) -> list[Component | str]:
    if version is None:
        count = say("layer.never", language)
    else:
        counted = "layer.values" if layer.kind in ("observation", "indicator") else "layer.count"
        count = say(counted, language, n=formats.number(version["features"], 0, language))
    facts: list[Component | str] = [
        html.Span(count, className="strong"),
        " · ",
        layer.agency[language],
        " · ",
        layer.licence,
    ]
    if version is not None:
        until = version["data_until"]
        label = "layer.updated" if until else "layer.loaded"
        facts += [" · ", f"{say(label, language)} {formats.data_time(layer, until, version['changed_at'])}"]
    if layer.overlay.kind == "tiles":
        facts += [" · ", say("layer.from_zoom", language, zoom=layer.overlay.min_zoom)]
    return facts
