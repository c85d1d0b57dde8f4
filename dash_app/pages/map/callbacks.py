"""Joins the bridge's state to the server: cards, charts and point layers. A time step never comes here."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import dash_leaflet as dl
from dash import Dash, Input, Output, State, html, no_update
from dash.development.base_component import Component

from dash_app.components.states import error_state
from dash_app.i18n import say
from dash_app.ids import Id, point_layer
from dash_app.pages.map.attention import register_attention
from dash_app.pages.map.charts import build_charts
from dash_app.pages.map.exposure import exposure_card
from dash_app.pages.map.kpi import kpi_panel
from dash_app.pages.map.view import build_fact, group_history
from dash_app.services import Services
from dash_app.state import read_language, read_state
from dash_app.themes import themes
from layers.model import Layer
from layers.registry import registry
from spatial.errors import DatabaseUnavailable
from spatial.months import add_months

HISTORY_YEARS = 3


def register(app: Dash, services: Services) -> None:
    """The callbacks of the map page."""
    register_attention(app, services)

    @app.callback(
        output=Output(Id.KPI, "children"),
        inputs={"data": Input(Id.STATE, "data")},
        state={"search": State(Id.URL, "search")},
        prevent_initial_call=True,
    )
    def show_cards(data: dict[str, Any] | None, search: str | None) -> Any:
        return _guarded(lambda language: cards(services, data, language), data, search)

    @app.callback(
        output=Output(Id.CHARTS, "children"),
        inputs={"data": Input(Id.STATE, "data")},
        state={"search": State(Id.URL, "search")},
        prevent_initial_call=True,
    )
    def show_charts(data: dict[str, Any] | None, search: str | None) -> Any:
        return _guarded(lambda language: charts(services, data, language), data, search)

    @app.callback(
        output=Output(Id.POINTS, "children"), inputs={"shown": Input(Id.LAYERS, "data")}, prevent_initial_call=True
    )
    def show_points(shown: dict[str, str] | None) -> list[Component]:
        wanted = (shown or {}).items()
        return [points(registry()[name], str(source)) for name, source in wanted if _is_points(name)]


def _guarded(build: Any, data: dict[str, Any] | None, search: str | None) -> Any:
    if data is None:
        return no_update
    language = read_language(search)
    try:
        return build(language)
    except DatabaseUnavailable:
        return error_state(say("error.database", language), retry=True)


def cards(services: Services, data: dict[str, Any] | None, language: str) -> Component:
    """KPI cards of the chosen unit at the month at rest."""
    state = read_state(data)
    unit = services.unit(state.unit)
    if unit is None:
        return html.Div(say("state.no_province", language))
    at = state.month or services.today()
    wanted = [theme for theme in themes().values() if theme.indicator]
    day = add_months(at.replace(day=1), 1) - timedelta(days=1)
    history = group_history(services.indicator_history([unit["id"]], wanted, date(at.year - HISTORY_YEARS, 1, 1), day))
    of_code = {theme.indicator.code: theme for theme in wanted if theme.indicator}
    facts = [
        build_fact(of_code[line.indicator.code], line, history[line.indicator.code])
        for line in services.kpis(unit["id"], min(day, services.today()))
        if line.indicator.code in of_code and line.indicator.code in history
    ]
    exposed = exposure_card(services, unit, state.theme, language=language, look=state.look)
    chosen = state.theme.indicator.code if state.theme and state.theme.indicator else None
    return kpi_panel(unit, facts, language=language, look=state.look, first=exposed, chosen=chosen)


def charts(services: Services, data: dict[str, Any] | None, language: str) -> list[Component]:
    """Charts of the chosen unit and theme."""
    state = read_state(data)
    unit = services.unit(state.unit)
    return build_charts(services, unit, state, language) if unit else []


def _is_points(name: str) -> bool:
    layer = registry().get(name)
    return layer is not None and layer.overlay.kind in ("clusters", "points")


def points(layer: Layer, source: str) -> Component:
    """A clustered layer over what the bridge fetched from the OGC feed (``source`` is a blob of the page)."""
    return dl.GeoJSON(
        id=point_layer(layer.id),
        url=source,
        cluster=True,
        zoomToBoundsOnClick=True,
        superClusterOptions={"radius": 64, "maxZoom": 15},
        hideout={"layer": layer.id},
        pointToLayer={"variable": "geoioc.points.pointToLayer"},
        clusterToLayer={"variable": "geoioc.points.clusterToLayer"},
        onEachFeature={"variable": "geoioc.points.onEachFeature"},
    )
