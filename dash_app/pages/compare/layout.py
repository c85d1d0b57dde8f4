"""Frame of the comparison: picker, parameter, period."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dash_app.address import Address
from dash_app.components.attributes import dropdown_labels, extra
from dash_app.components.page import framed
from dash_app.i18n import say
from dash_app.ids import Id
from dash_app.pages.compare.view import DAYS, MOST, read_days, read_picks
from dash_app.pages.stations.layout import network_title
from dash_app.services import Services, observation_layers
from dash_app.words import alphabetical
from layers.model import Layer


def layout(services: Services, address: Address) -> Component:
    """The choice as the address says; chart and table come by callback."""
    language = address.language
    options = [
        {
            "label": f"{row['name']} ({row['key']}) - {network_title(layer)[language]}",
            "value": f"{layer.id}:{row['key']}",
        }
        for layer in observation_layers()
        for row in sorted(services.stations(layer), key=lambda row: alphabetical(row["name"]))
    ]
    known = {option["value"] for option in options}
    picks = [pick for pick in read_picks(address.query.get("s")) if pick in known]
    body = _body(options, picks, address.query.get("p"), read_days(address.query.get("days")), language)
    return framed(services, address, body, active="/stations")


def validation_layout() -> Component:
    """All ids of the page."""
    return _body([], [], None, DAYS[0], "vi")


def parameter_options(layers: list[Layer], language: str) -> list[dict[str, str]]:
    """Parameters of the layers, each once."""
    found: dict[str, str] = {}
    for layer in layers:
        assert layer.series is not None
        for parameter in layer.series.parameters:
            found.setdefault(parameter.name, parameter.title[language])
    return [{"label": title, "value": name} for name, title in found.items()]


def _body(
    options: list[dict[str, str]], picks: list[str], parameter: str | None, days: int, language: str
) -> Component:
    ids = {pick.partition(":")[0] for pick in picks}
    layers = [layer for layer in observation_layers() if layer.id in ids]
    parameters = parameter_options(layers, language)
    chosen = parameter if parameter in {option["value"] for option in parameters} else None
    periods = [
        {"label": say("compare.day" if n == 1 else "compare.n_days", language, n=n), "value": str(n)} for n in DAYS
    ]
    return html.Main(
        html.Section(
            [
                html.Div(
                    [
                        html.H2(say("compare.title", language)),
                        html.Button(say("station.print", language), className="tool", **extra({"data-print": "true"})),
                    ],
                    className="page-head",
                ),
                dcc.Store(id=Id.COMPARE_ADDRESS),
                html.Div(
                    [
                        html.Label(say("compare.pick", language, n=MOST), htmlFor=str(Id.COMPARE_PICK)),
                        dcc.Dropdown(
                            id=Id.COMPARE_PICK,
                            options=options,
                            value=picks,
                            multi=True,
                            placeholder=say("compare.hint", language),
                            labels=dropdown_labels(language),
                            maxHeight=320,
                        ),
                    ],
                    className="form-field compare-pick",
                ),
                html.Div(
                    [
                        _field(
                            "compare.parameter",
                            Id.COMPARE_PARAMETER,
                            parameters,
                            chosen or (parameters[0]["value"] if parameters else None),
                            language,
                        ),
                        _field("compare.days", Id.COMPARE_DAYS, periods, str(days), language),
                    ],
                    className="filter-row",
                ),
                html.Div(
                    html.P(say("state.loading", language), className="loading"),
                    id=Id.COMPARE_RESULT,
                    **extra({"aria-live": "polite"}),
                ),
            ],
            className="card",
        ),
        id="main",
        className="page-stack station-page",
    )


def _field(label: str, name: Id, options: Any, value: str | None, language: str) -> Component:
    radio = dcc.RadioItems(id=name, options=options, value=value, inline=True, className="choice pills")
    return html.Div([html.Span(say(label, language)), radio], className="field")
