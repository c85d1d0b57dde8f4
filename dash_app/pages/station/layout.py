"""Frame of a station's page: the head is part of it, sections are filled by callbacks when they come into view."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dash_app.address import Address
from dash_app.components.attributes import extra
from dash_app.components.page import framed
from dash_app.components.person import person_field
from dash_app.components.states import error_state
from dash_app.i18n import say
from dash_app.ids import Id
from dash_app.pages.station.head import head_card
from dash_app.pages.station.view import DEFAULT_RANGE, RANGES, Range, measured, neighbours_on_river, read_range
from dash_app.pages.stations.view import network_statuses
from dash_app.services import Services, observation_layers
from dash_app.station_services import StationServices
from layers.model import Layer, Parameter
from spatial.queries.station_notes import KINDS

HEIGHT = 520  # of the charts until they are drawn


def find_layer(layer_id: str) -> Layer | None:
    """Observation layer of that id."""
    return next((layer for layer in observation_layers() if layer.id == layer_id), None)


def layout(services: Services, address: Address) -> Component:
    """The page of the station an address names, or a sentence that there is none."""
    language = address.language
    layer = find_layer(str(address.parts.get("layer")))
    key = str(address.parts.get("key"))
    if layer is None or not any(row["key"] == key for row in services.stations(layer)):
        missing = error_state(say("station.unknown", language, name=key))
        return framed(services, address, missing, active="/stations")
    reads = StationServices(services)
    network = reads.network(layer, key)
    status = next(one for one in network_statuses(network, services.now()) if one.key == key)
    station = next(row for row in network.stations if row["key"] == key)
    above, below = neighbours_on_river(station, network.stations)
    head = head_card(services, network, station, status, language)
    body = _body(
        head,
        layer,
        key,
        measured(layer, network.series),
        [row for row in (above, below) if row],
        dict(address.query),
        language,
        first_upstream=above is not None,
    )
    return framed(services, address, body, active="/stations")


def validation_layout() -> Component:
    """All ids of the page."""
    layer = observation_layers()[0]
    return _body(html.Div(), layer, "", [], [{"key": "", "name": ""}], {}, "vi")


def _body(
    head: Component,
    layer: Layer,
    key: str,
    parameters: list[tuple[Parameter, int]],
    neighbours: list[dict[str, Any]],
    query: dict[str, str],
    language: str,
    *,
    first_upstream: bool = True,
) -> Component:
    names = [{"label": p.title[language], "value": p.name} for p, _ in parameters]
    series = [{"label": p.title[language], "value": str(number)} for p, number in parameters]
    children = [
        dcc.Store(id=Id.STATION, data={"layer": layer.id, "key": key}),
        dcc.Store(id=Id.STATION_SEEN, data=[]),
        dcc.Store(id=Id.REVIEW_DONE, data=0),
        dcc.Store(id=Id.STATION_ADDRESS),
        dcc.Store(id=Id.REVIEW_ASKED),
        head,
        _charts(query, layer, language),
        _calendar(names, layer, language),
        html.Div(_rose(names, language), hidden=not _has_wind(layer)),
        html.Div(_pair(neighbours, names, language, first_upstream), hidden=not neighbours),
        _quality(series, language),
        _log(language),
        _section("lineage", "lineage.title", [_loading(Id.STATION_LINEAGE, language)], language),
        _dialog(language),
    ]
    return html.Main(children, id="main", className="page-stack station-page")


def _has_wind(layer: Layer) -> bool:
    assert layer.series is not None
    return {"wind_speed", "wind_direction"} <= {parameter.name for parameter in layer.series.parameters}


def _section(name: str, title: str, children: list[Any], language: str) -> Component:
    return html.Section(
        [html.H2(say(title, language), id=f"section-{name}"), *children],
        className="card",
        **extra({"data-section": name, "aria-labelledby": f"section-{name}"}),
    )


def _loading(name: Id, language: str) -> Component:
    return html.Div(
        html.P(say("state.loading", language), className="loading"), id=name, **extra({"aria-live": "polite"})
    )


def _pills(name: Id, options: list[dict[str, str]], value: str | None, label: str, language: str) -> Component:
    radio = dcc.RadioItems(id=name, options=options, value=value, inline=True, className="choice pills")
    return html.Div([html.Span(say(label, language)), radio], className="field")


def _charts(query: dict[str, str], layer: Layer, language: str) -> Component:
    default: Range = "1y" if layer.series is not None and layer.series.sampled else DEFAULT_RANGE
    options = [{"label": say(f"range.{name}", language), "value": name} for name in (*RANGES, "custom")]
    return _section(
        "charts",
        "charts.title",
        [
            html.Div(
                [
                    _pills(
                        Id.STATION_RANGE, options, read_range(query.get("range"), default), "charts.range", language
                    ),
                    *(
                        html.Label(
                            [
                                html.Span(say(label, language)),
                                dcc.Input(
                                    id=name,
                                    type="text",
                                    value=query.get(part, ""),
                                    debounce=True,
                                    placeholder=say("entry.day", language),
                                    className="text-field short",
                                ),
                            ],
                            className="form-field inline custom-range",
                        )
                        for name, part, label in (
                            (Id.STATION_FROM, "from", "charts.from"),
                            (Id.STATION_TO, "to", "charts.to"),
                        )
                    ),
                ],
                className="filter-row",
            ),
            html.Div(
                dcc.Loading(
                    dcc.Graph(
                        id=Id.STATION_GRAPH,
                        config={
                            "displaylogo": False,
                            "responsive": True,
                            "displayModeBar": True,
                            "locale": language,
                            "modeBarButtons": [["zoom2d", "pan2d", "select2d", "resetScale2d", "toImage"]],
                        },
                        style={"height": HEIGHT},
                        className="graph",
                    ),
                    delay_show=400,
                    type="dot",
                ),
                className="graph-place",
            ),
            html.Div(id=Id.STATION_CHARTS, className="chart-notes", **extra({"aria-live": "polite"})),
        ],
        language,
    )


def _calendar(names: list[dict[str, str]], layer: Layer, language: str) -> Component:
    assert layer.series is not None
    return _section(
        "calendar",
        "calendar.title",
        [
            html.Div(
                [
                    _pills(Id.STATION_YEAR, [], None, "calendar.year", language),
                    _pills(Id.STATION_CALENDAR_OF, names, None, "calendar.of", language),
                ],
                className="filter-row",
            ),
            _loading(Id.STATION_CALENDAR, language),
        ],
        language,
    )


def _rose(names: list[dict[str, str]], language: str) -> Component:
    weather = {"wind_speed", "wind_direction", "temperature", "humidity"}
    options = [option for option in names if option["value"] not in weather]
    return _section(
        "rose",
        "rose.title",
        [
            html.Div(
                _pills(Id.STATION_ROSE_OF, options, options[0]["value"] if options else None, "rose.of", language),
                className="filter-row",
            ),
            _loading(Id.STATION_ROSE, language),
        ],
        language,
    )


def _pair(
    neighbours: list[dict[str, Any]], names: list[dict[str, str]], language: str, first_upstream: bool
) -> Component:
    sides = ["pair.upstream", "pair.downstream"] if first_upstream else ["pair.downstream"]
    options = [
        {"label": say(side, language, name=row["name"]), "value": row["key"]}
        for side, row in zip(sides, neighbours, strict=False)
    ]
    return _section(
        "pair",
        "pair.title",
        [
            html.Div(
                [
                    _pills(
                        Id.STATION_PAIR_WITH, options, options[0]["value"] if options else None, "pair.with", language
                    ),
                    _pills(Id.STATION_PAIR_OF, names, names[0]["value"] if names else None, "pair.of", language),
                ],
                className="filter-row",
            ),
            _loading(Id.STATION_PAIR, language),
        ],
        language,
    )


def _field(label: str, component: Component, language: str) -> Component:
    return html.Label([html.Span(say(label, language)), component], className="form-field")


def _quality(series: list[dict[str, str]], language: str) -> Component:
    moment = say("entry.moment", language)
    return _section(
        "quality",
        "quality.title",
        [
            html.P(say("quality.explain", language), className="muted"),
            html.P(id=Id.REVIEW_MESSAGE, className="form-message", role="status"),
            dcc.Interval(id=Id.REVIEW_TICK, interval=2500, disabled=True),
            _loading(Id.STATION_QUALITY, language),
            html.Details(
                [
                    html.Summary(say("quality.mark_title", language)),
                    html.P(say("quality.mark_explain", language), className="muted"),
                    html.Div(
                        [
                            html.Div(
                                [
                                    html.Span(say("quality.parameter", language)),
                                    dcc.Dropdown(
                                        id=Id.REVIEW_PARAMETER,
                                        options=series,
                                        clearable=False,
                                        value=series[0]["value"] if series else None,
                                        className="unit-choice",
                                    ),
                                ],
                                className="form-field",
                            ),
                            _field(
                                "quality.from", dcc.Input(id=Id.REVIEW_FROM, type="text", placeholder=moment), language
                            ),
                            _field("quality.to", dcc.Input(id=Id.REVIEW_TO, type="text", placeholder=moment), language),
                            html.Button(say("quality.select", language), id=Id.REVIEW_SELECT, className="tool"),
                            html.Button(say("quality.mark", language), id=Id.REVIEW_MARK, className="tool danger"),
                        ],
                        className="filter-row",
                    ),
                ],
                className="more",
                id="review-form",
            ),
        ],
        language,
    )


def _dialog(language: str) -> Component:
    """The step between a button and the deed: what will happen, why, and who says so."""
    return html.Div(
        html.Div(
            [
                html.Div(id=Id.REVIEW_DIALOG),
                _field("review.note", dcc.Textarea(id=Id.REVIEW_NOTE, maxLength=1000), language),
                person_field(language),
                html.Div(
                    [
                        html.Button(say("review.save", language), id=Id.REVIEW_SAVE, className="tool primary"),
                        html.Button(say("review.cancel", language), id=Id.REVIEW_CANCEL, className="tool"),
                    ],
                    className="head-tools",
                ),
            ],
            className="dialog card",
            role="dialog",
            **extra({"aria-modal": "true", "aria-labelledby": "review-title"}),
        ),
        className="dialog-back",
        id=Id.REVIEW_BACK,
        hidden=True,
    )


def _log(language: str) -> Component:
    kinds = [{"label": say(f"note.{kind}", language), "value": kind} for kind in KINDS]
    return _section(
        "log",
        "note.title",
        [
            _loading(Id.STATION_LOG, language),
            html.Details(
                [
                    html.Summary(say("note.add", language)),
                    html.Div(
                        [
                            _field(
                                "note.at",
                                dcc.Input(id=Id.NOTE_AT, type="text", placeholder=say("entry.moment", language)),
                                language,
                            ),
                            html.Div(
                                [
                                    html.Span(say("note.kind", language)),
                                    dcc.Dropdown(
                                        id=Id.NOTE_KIND,
                                        options=kinds,
                                        value="visit",
                                        clearable=False,
                                        className="unit-choice",
                                    ),
                                ],
                                className="form-field",
                            ),
                            html.Button(say("note.save", language), id=Id.NOTE_SAVE, className="tool primary"),
                        ],
                        className="filter-row",
                    ),
                ],
                className="more",
                id="note-form",
            ),
            html.P(id=Id.NOTE_MESSAGE, className="form-message", role="status"),
        ],
        language,
    )
