"""Joins the station list, the choice of parameter and the chart."""

from __future__ import annotations

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component

from dash_app import formats
from dash_app.components.charts import chart_card
from dash_app.components.states import empty_state, error_state
from dash_app.figures.station import station_figure
from dash_app.i18n import say
from dash_app.ids import Id
from dash_app.pages.map.charts import forecast_note
from dash_app.pages.stations.view import good_share
from dash_app.services import Services, observation_layers
from dash_app.state import read_language
from layers.model import Layer
from spatial.errors import DatabaseUnavailable


def register(app: Dash, services: Services) -> None:
    """The callbacks of the stations page."""

    @app.callback(
        output={
            "pick": Output(Id.STATION_PICK, "data"),
            "options": Output(Id.STATION_PARAMETER, "options"),
            "value": Output(Id.STATION_PARAMETER, "value"),
        },
        inputs={"_clicks": Input({"type": "station", "layer": ALL, "key": ALL}, "n_clicks")},
        state={"search": State(Id.URL, "search"), "hash_": State(Id.URL, "hash")},
    )
    def pick_station(_clicks: list[int | None], search: str | None, hash_: str | None) -> dict[str, Any]:
        chosen = ctx.triggered_id if any(_clicks) else _from_hash(hash_)
        layer = find_layer(chosen["layer"]) if chosen else None
        if chosen is None or layer is None or layer.series is None:
            return {"pick": no_update, "options": no_update, "value": no_update}
        language = read_language(search)
        options = [{"label": item.title[language], "value": item.name} for item in layer.series.parameters]
        pick = {"layer": layer.id, "key": chosen["key"]}
        return {"pick": pick, "options": options, "value": layer.series.parameters[0].name}

    @app.callback(
        output=Output(Id.STATION_DETAIL, "children"),
        inputs={
            "pick": Input(Id.STATION_PICK, "data"),
            "parameter": Input(Id.STATION_PARAMETER, "value"),
            "days": Input(Id.STATION_DAYS, "value"),
        },
        state={"search": State(Id.URL, "search")},
    )
    def show_station(pick: dict[str, str] | None, parameter: str | None, days: int, search: str | None) -> Any:
        if pick is None or parameter is None:
            return no_update
        language = read_language(search)
        try:
            return station_detail(services, pick, parameter, days, language)
        except DatabaseUnavailable:
            return error_state(say("error.database", language))


def find_layer(layer_id: str) -> Layer | None:
    """Observation layer of that id."""
    return next((layer for layer in observation_layers() if layer.id == layer_id), None)


def _from_hash(value: str | None) -> dict[str, str] | None:
    """``#station=air_observation:S01`` opens a station from a link."""
    for part in (value or "").lstrip("#").split("&"):
        name, _, station = part.partition("=")
        layer, _, key = station.replace("%3A", ":").partition(":")
        if name == "station" and key:
            return {"layer": layer, "key": key}
    return None


def station_detail(services: Services, pick: dict[str, str], name: str, days: int, language: str) -> Component:
    """Heading, chart with flags, forecast and limit, completeness of the period."""
    layer = find_layer(pick["layer"])
    station = next((row for row in services.stations(layer) if row["key"] == pick["key"]), None) if layer else None
    parameter = (
        next((item for item in layer.series.parameters if item.name == name), None) if layer and layer.series else None
    )
    if layer is None or station is None or parameter is None:
        return empty_state(say("state.empty", language))
    values, forecast = services.station_history(layer, station["key"], name, days)
    share = good_share(values)
    figure = station_figure(values, forecast, parameter, language=language, look="light", height=380)
    notes = [forecast_note(forecast, language).rstrip(".")]
    if share is not None:
        notes.append(say("stations.valid", language, share=formats.percent(share, language)))
    notes += [limit.basis[language] for limit in parameter.limits_on(services.today())[:1]]
    query = "?lang=en" if language == "en" else ""
    link = f"/{query}#theme={layer.id}.{name}&station={layer.id}:{station['key']}"
    return html.Div(
        [
            html.Div(
                [html.H2(station["name"]), html.A(say("stations.on_map", language), href=link, className="tool")],
                className="drawer-head",
            ),
            chart_card(
                f"{parameter.title[language]} ({parameter.unit})" if parameter.unit else parameter.title[language],
                " · ".join(notes),
                figure,
                kind="page",
            ),
        ]
    )
