"""Frame of the stations page."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.address import Address
from dash_app.components.attributes import extra
from dash_app.components.header import header
from dash_app.components.states import empty_state
from dash_app.i18n import say
from dash_app.ids import Id, station_button
from dash_app.pages.stations.view import StationStatus, station_statuses
from dash_app.services import Services, observation_layers

DAYS = (7, 30, 90)


def layout(services: Services, address: Address) -> Component:
    """The list is part of the page; the chart of a station comes by callback."""
    language = address.language
    versions = services.layer_versions()
    newest = max((row["data_until"] for row in versions.values() if row["data_until"]), default=None)
    now = services.now()
    statuses = [
        status
        for layer in observation_layers()
        for status in station_statuses(layer, services.stations(layer), services.latest(layer), now)
    ]
    top = header(
        language,
        active="/stations",
        province=services.province(),
        synthetic=services.synthetic(),
        newest=min(newest, now) if newest else None,
        now=now,
    )
    return html.Div([top, _body(statuses, language)], className="screen screen-page")


def validation_layout() -> Component:
    """All ids of the page."""
    return _body([], "vi")


def _body(statuses: list[StationStatus], language: str) -> Component:
    online = sum(status.state == "online" for status in statuses)
    return html.Main(
        [
            dcc.Store(id=Id.STATION_PICK),
            html.Section(
                [
                    html.H2(say("stations.title", language)),
                    html.P(say("stations.summary", language, online=online, total=len(statuses)), className="muted"),
                    _table(statuses, language) if statuses else empty_state(say("state.empty", language)),
                ],
                className="card station-list",
                id=Id.STATION_LIST,
            ),
            html.Section(
                [
                    html.Div(
                        [
                            html.Div(
                                [
                                    html.Span(say("stations.parameter", language)),
                                    dcc.RadioItems(
                                        id=Id.STATION_PARAMETER, options=[], inline=True, className="choice"
                                    ),
                                ],
                                className="field",
                            ),
                            html.Div(
                                [
                                    html.Span(say("stations.days", language)),
                                    dcc.RadioItems(
                                        id=Id.STATION_DAYS,
                                        value=DAYS[0],
                                        inline=True,
                                        className="choice",
                                        options=[
                                            {"label": say("stations.days_n", language, n=n), "value": n} for n in DAYS
                                        ],
                                    ),
                                ],
                                className="field",
                            ),
                        ],
                        className="toolbar-row",
                    ),
                    html.Div(
                        empty_state(say("stations.pick", language)),
                        id=Id.STATION_DETAIL,
                        **extra({"aria-live": "polite"}),
                    ),
                ],
                className="card station-detail",
            ),
        ],
        id="main",
        className="page-grid",
    )


def _table(statuses: list[StationStatus], language: str) -> Component:
    heads = ("stations.station", "stations.state", "stations.last", "stations.time", "stations.complete")
    return html.Div(
        html.Table(
            [
                html.Thead(html.Tr([html.Th(say(head, language), scope="col") for head in heads])),
                html.Tbody([_row(status, language) for status in statuses]),
            ],
            className="table",
        ),
        className="table-scroll",
        tabIndex=0,
        role="region",
        **extra({"aria-label": say("stations.title", language)}),
    )


def _row(status: StationStatus, language: str) -> Component:
    button = html.Button(
        status.name,
        id=station_button(status.layer.id, status.key),
        className="link",
        title=say("stations.open", language, name=status.name),
    )
    kind = status.layer.title[language]
    return html.Tr(
        [
            html.Th([button, html.Span(kind, className="muted small-text")], scope="row"),
            html.Td(state_chip(status, language)),
            html.Td(last_value(status, language), className="number"),
            html.Td(formats.moment(status.last["time"]) if status.last else say("station.never", language)),
            html.Td(
                [
                    formats.percent(status.complete, language),
                    html.Span(html.Span(style={"width": f"{status.complete * 100:.0f}%"}), className="plan-bar"),
                ],
                className="number",
            ),
        ]
    )


def state_chip(status: StationStatus, language: str) -> Component:
    """State as a word with its own shape and colour."""
    words = say(f"station.{status.state}", language, age=formats.age(status.age, language) if status.age else "")
    return html.Span(words, className=f"chip station-{status.state}")


def last_value(status: StationStatus, language: str) -> str:
    """«PM2.5 34,5 µg/m³»."""
    if (
        status.last is None
        or status.layer.series is None
        or (status.last["value"] is None and not status.last["status"])
    ):
        return say("state.empty", language)
    parameter = next((p for p in status.layer.series.parameters if p.name == status.last["parameter"]), None)
    if parameter is None:
        return say("state.empty", language)
    name = parameter.title[language]
    if status.last["status"]:  # what an instrument says of itself while it does not measure is no value
        return f"{name}: {say('chart.calibrating' if status.last['status'] == 1 else 'chart.fault', language)}"
    shown = formats.number(status.last["value"], parameter.decimals, language)
    if status.last["flag"]:
        return f"{name} {shown} {parameter.unit} ({say('chart.flagged', language)})"
    return f"{name} {shown} {parameter.unit}".rstrip()
