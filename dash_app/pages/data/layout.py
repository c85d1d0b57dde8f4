"""Frame of the data page: catalogue at once, jobs and runs refreshed every few seconds."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from dash_app.address import Address
from dash_app.components.page import framed
from dash_app.i18n import say
from dash_app.ids import Id
from dash_app.pages.data.view import layers_table
from dash_app.services import Services
from layers.registry import registry

REFRESH_MS = 10_000


def layout(services: Services, address: Address) -> Component:
    """The page in one language."""
    language = address.language
    versions = services.layer_versions()
    layers = sorted(registry().values(), key=lambda layer: (layer.overlay.order, layer.id))
    return framed(services, address, _body(layers_table(layers, versions, language), language), active="/data")


def validation_layout() -> Component:
    """All ids of the page."""
    return _body(html.Div(), "vi")


def _body(catalogue: Component, language: str) -> Component:
    loading = html.P(say("state.loading", language), className="muted")
    return html.Main(
        [
            dcc.Interval(id=Id.DATA_TICK, interval=REFRESH_MS),
            html.Section([html.H2(say("data.jobs", language)), html.Div(loading, id=Id.DATA_JOBS)], className="card"),
            html.Section([html.H2(say("data.layers", language)), catalogue], className="card"),
            html.Div(html.Section(loading, className="card"), id=Id.DATA_RUNS, className="stack"),
        ],
        id="main",
        className="page-stack",
    )
