"""Frame of the list of stations: networks, filters, table."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.address import Address
from dash_app.components.attributes import dropdown_labels, extra
from dash_app.components.page import framed
from dash_app.components.states import empty_state
from dash_app.i18n import say
from dash_app.ids import Id, sort_button
from dash_app.pages.stations.cells import index_cell, last_cell, share_cell, state_chip, station_href
from dash_app.pages.stations.view import COLUMNS, STATES, ListState, StationStatus, read_list_state
from dash_app.services import Services, observation_layers
from dash_app.station_services import stations_of
from dash_app.words import alphabetical
from layers.model import Layer, Text

SHOWN = 300  # rows drawn at once; the rest is found by the filters, and in the file
NUMBERS = ("full_24h", "full_30d", "over", "alerts")


def layout(services: Services, address: Address) -> Component:
    """Filters as the address says; the table comes by callback."""
    language = address.language
    state = read_list_state(address.query, [layer.id for layer in observation_layers()])
    return framed(services, address, _body(state, services.units(), language), active="/stations")


def validation_layout() -> Component:
    """All ids of the page."""
    return _body(ListState(), [], "vi")


def _body(state: ListState, units: list[dict[str, Any]], language: str) -> Component:
    networks = [{"label": say("stations.all", language), "value": ""}] + [
        {"label": network_title(layer)[language], "value": layer.id} for layer in observation_layers()
    ]
    return html.Main(
        [
            dcc.Store(id=Id.STATIONS_SORT, data={"column": state.sort, "down": state.down}),
            dcc.Store(id=Id.STATIONS_ADDRESS),
            dcc.Download(id=Id.STATIONS_FILE),
            html.Section(
                [
                    html.Div(
                        [
                            html.H2(say("stations.title", language)),
                            html.Div(
                                [
                                    html.A(
                                        say("compare.title", language),
                                        href="/stations/compare" + ("?lang=en" if language == "en" else ""),
                                        className="tool",
                                    ),
                                    html.A(
                                        say("station.report", language),
                                        href="/reports/environment" + ("?lang=en" if language == "en" else ""),
                                        className="tool",
                                    ),
                                    html.Button(say("stations.csv", language), id=Id.STATIONS_CSV, className="tool"),
                                ],
                                className="head-tools",
                            ),
                        ],
                        className="page-head",
                    ),
                    html.Div(
                        [
                            _field("stations.network", _radio(Id.STATIONS_NETWORK, networks, state.network), language),
                            _field(
                                "stations.state",
                                _radio(Id.STATIONS_STATE, state_options({}, language), state.state),
                                language,
                            ),
                        ],
                        className="filter-row",
                    ),
                    html.Div(
                        [
                            html.Div(
                                [
                                    html.Label(say("stations.unit", language), htmlFor=str(Id.STATIONS_UNIT)),
                                    dcc.Dropdown(
                                        id=Id.STATIONS_UNIT,
                                        options=unit_options(units, language),
                                        value=state.unit or None,
                                        placeholder=say("stations.all_units", language),
                                        labels=dropdown_labels(language),
                                        className="unit-choice",
                                    ),
                                ],
                                className="form-field",
                            ),
                            html.Label(
                                [
                                    html.Span(say("stations.find", language)),
                                    dcc.Input(
                                        id=Id.STATIONS_TEXT,
                                        type="search",
                                        value=state.text,
                                        debounce=0.25,
                                        className="text-field",
                                        placeholder=say("stations.find_hint", language),
                                    ),
                                ],
                                className="form-field",
                            ),
                        ],
                        className="filter-row",
                    ),
                    html.Div(
                        html.P(say("state.loading", language), className="loading"),
                        id=Id.STATIONS_TABLE,
                        **extra({"aria-live": "polite"}),
                    ),
                ],
                className="card station-list",
            ),
        ],
        id="main",
        className="page-stack",
    )


def network_title(layer: Layer) -> Text:
    """Name of the stations; of samples, which share their stations with a network, the name of the samples."""
    assert layer.series is not None
    return layer.title if layer.series.sampled else stations_of(layer).title


def _radio(name: Id, options: list[dict[str, str]], value: str) -> Component:
    return dcc.RadioItems(id=name, options=options, value=value, inline=True, className="choice pills")


def _field(label: str, component: Component, language: str) -> Component:
    return html.Div([html.Span(say(label, language)), component], className="field")


def state_options(counts: dict[str, int], language: str) -> list[dict[str, str]]:
    """Choices of the state filter; with how many stations each leaves once that is known."""
    total = f" ({sum(counts.values())})" if counts else ""
    options = [{"label": say("stations.any_state", language) + total, "value": ""}]
    for state in STATES:
        n = f" ({counts.get(state, 0)})" if counts else ""
        options.append({"label": say(f"stations.is_{state}", language) + n, "value": state})
    return options


def unit_options(units: list[dict[str, Any]], language: str) -> list[dict[str, str]]:
    """Communes of today, then the districts of 30 June 2025, by the alphabet."""
    now = [unit for unit in units if unit["level"] == "commune" and unit["valid_to"] is None]
    former = [unit for unit in units if unit["level"] == "district" and unit["valid_to"] is not None]
    found = []
    for group, note in ((now, ""), (former, f" ({say('stations.former', language)})")):
        named = sorted(
            ((formats.unit_name(unit, language), unit["key"]) for unit in group), key=lambda n: alphabetical(n[0])
        )
        found += [{"label": name + note, "value": key} for name, key in named]
    return found


def station_table(statuses: list[StationStatus], state: ListState, places: dict[str, str], language: str) -> Component:
    """The table; ``places`` names the communes by code."""
    if not statuses:
        return empty_state(say("stations.none_left", language))
    head = html.Thead(html.Tr([_head(column, state, language) for column in COLUMNS]))
    body = html.Tbody([_row(status, places, language) for status in statuses[:SHOWN]])
    return html.Div(
        html.Table([head, body], className="table station-table"),
        className="table-scroll",
        tabIndex=0,
        role="region",
        **extra({"aria-label": say("stations.title", language)}),
    )


def _head(column: Any, state: ListState, language: str) -> Component:
    chosen = column == state.sort
    mark = (" ▼" if state.down else " ▲") if chosen else ""
    words = say(f"stations.column_{column}", language)
    return html.Th(
        html.Button(
            words + mark, id=sort_button(column), className="sort", title=say("stations.sort", language, column=words)
        ),
        scope="col",
        className="number" if column in NUMBERS else "",
        **extra({"aria-sort": ("descending" if state.down else "ascending") if chosen else "none"}),
    )


def _row(status: StationStatus, places: dict[str, str], language: str) -> Component:
    link = html.A(status.name, href=station_href(status.layer.id, status.key, language), className="link")
    below = " · ".join(part for part in (status.key, places.get(status.commune or "", "")) if part)
    return html.Tr(
        [
            html.Th([link, html.Span(below, className="muted small-text")], scope="row"),
            html.Td(state_chip(status, language)),
            html.Td(last_cell(status, language)),
            html.Td(index_cell(status, "hour", language)),
            html.Td(index_cell(status, "day", language)),
            html.Td(share_cell(status.complete, language), className="number"),
            html.Td(share_cell(status.complete_month, language), className="number"),
            html.Td("" if status.over_days is None else str(status.over_days), className="number"),
            html.Td(_alerts(status, language), className="number"),
        ]
    )


def _alerts(status: StationStatus, language: str) -> Component | str:
    if not status.alerts:
        return "0"
    query = f"?station={status.layer.id}:{status.key}" + ("&lang=en" if language == "en" else "")
    return html.A(str(status.alerts), href=f"/alerts{query}", className="alert-count")
