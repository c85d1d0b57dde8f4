"""Head of a station's page: who it is, how it is, what the index says and what to do about it."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.components.attributes import extra
from dash_app.components.index_badge import index_badge, period_day
from dash_app.i18n import say
from dash_app.pages.stations.cells import AIR, last_words, old_after, share_cell, state_chip
from dash_app.pages.stations.view import StationStatus, index_of
from dash_app.services import Services
from dash_app.station_services import Network, stations_of
from layers.indices import INDICES, REASONS
from layers.model import Layer

type Row = dict[str, Any]


def head_card(services: Services, network: Network, station: Row, status: StationStatus, language: str) -> Component:
    """Everything of the first view that needs no chart."""
    layer = network.layer
    return html.Section(
        [
            html.Div(
                [
                    html.Div(
                        [
                            html.A(
                                f"‹ {say('stations.title', language)}",
                                href=_link("/stations", language),
                                className="back",
                            ),
                            html.H2(station["name"], className="station-name"),
                            html.P([state_chip(status, language), " ", last_words(status, language), _at(status)]),
                        ]
                    ),
                    html.Div(_tools(services, layer, station, language), className="head-tools"),
                ],
                className="page-head",
            ),
            html.Div(
                [
                    _index_card(status, language),
                    _tiles(network, status, language),
                    _facts(services, layer, station, language),
                ],
                className="station-head",
            ),
        ],
        className="card",
    )


def _link(path: str, language: str, query: str = "", fragment: str = "") -> str:
    parts = [part for part in (query, "lang=en" if language == "en" else "") if part]
    return path + (f"?{'&'.join(parts)}" if parts else "") + fragment


def _at(status: StationStatus) -> str:
    return f" · {formats.moment(status.last['time'])}" if status.last else ""


def _tools(services: Services, layer: Layer, station: Row, language: str) -> list[Component]:
    assert layer.series is not None
    key, first = station["key"], layer.series.parameters[0].name
    month = services.today().strftime("%Y-%m")
    named = f"{layer.id}:{key}"
    links = [
        ("stations.on_map", _link("/map", language, fragment=f"#theme={layer.id}.{first}&station={named}")),
        ("compare.this", _link("/stations/compare", language, f"s={named}")),
        ("station.report", _link("/reports/environment", language, f"station={named}&month={month}")),
        ("station.edr", f"/ogc/collections/{layer.id}/locations/{key}?f=json"),
    ]
    tools: list[Component] = [html.A(say(text, language), href=href, className="tool") for text, href in links]
    return [*tools, html.Button(say("station.print", language), className="tool", **extra({"data-print": "true"}))]


def _index_card(status: StationStatus, language: str) -> Component:
    """The index of the hour in large, that of the day beside it, the dominant parameter and the advice."""
    hour, day = index_of(status, "hour"), index_of(status, "day")
    shown = [row for row in (hour, day) if row is not None]
    if not shown:
        return html.Div(html.P(no_index_words(status, language), className="muted"), className="index-card")
    lead = next((row for row in shown if row["value"] is not None), shown[0])
    parts: list[Component | str] = []
    for row in shown:
        index = INDICES[row["index_id"]]
        at = formats.day(period_day(row["time"])) if index.period == "day" else formats.moment(row["time"])
        lines = [
            html.Span(index.title[language], className="muted small-text"),
            index_badge(row, language, now=status.now, old_after=old_after(status), large=row is lead),
        ]
        if row["value"] is not None:
            lines.append(html.Span(f"{index.level(row['level']).title[language]}, {at}", className="small-text"))
        parts.append(html.Div(lines, className="index-one"))
    return html.Div([html.Div(parts, className="index-pair"), *_advice(status, lead, language)], className="index-card")


def no_index_words(status: StationStatus, language: str) -> str:
    """Why there is no index."""
    if status.reference and status.layer.id == AIR:
        return f"{REASONS['reference_station'][language]}."
    return say("station.no_index", language)


def _advice(status: StationStatus, row: Row, language: str) -> list[Component]:
    if row["value"] is None or row["level"] is None:
        reason = row["reason"]
        return [html.P(REASONS[reason][language], className="muted")] if reason in REASONS else []
    assert status.layer.series is not None
    titles = {parameter.name: parameter.title[language] for parameter in status.layer.series.parameters}
    level = INDICES[row["index_id"]].level(row["level"])
    dominant = ", ".join(titles.get(name, name) for name in row["dominant"])
    found: list[Component] = [html.P([html.B(say("station.dominant", language)), f" {dominant}"])] if dominant else []
    found.append(html.P([html.B(say("station.advice", language)), f" {level.advice[language]}."]))
    if level.advice_sensitive is not None and level.advice_sensitive != level.advice:
        found.append(html.P([html.B(say("station.sensitive", language)), f" {level.advice_sensitive[language]}."]))
    return found


def _tiles(network: Network, status: StationStatus, language: str) -> Component:
    layer = network.layer
    assert layer.series is not None
    titles = {parameter.name: parameter.title[language] for parameter in layer.series.parameters}
    over = [
        say(
            "station.over_one",
            language,
            name=titles.get(row["parameter"], row["parameter"]),
            days=row["days"],
            hours=row["hours"],
        )
        for row in network.over
        if row["key"] == status.key
    ]
    alerts = html.A(
        str(status.alerts), href=_link("/alerts", language, f"station={layer.id}:{status.key}"), className="tile-value"
    )
    tiles: list[tuple[str, list[Component | str]]] = [
        (say("stations.full_24h", language), share_cell(status.complete, language)),
        (say("stations.full_30d", language), share_cell(status.complete_month, language)),
        (
            say("station.over_year", language, year=network.clock.year),
            [html.Span("; ".join(over) if over else say("station.over_none", language), className="tile-text")],
        ),
        (say("stations.alerts", language), [alerts]),
    ]
    return html.Div(
        [
            html.Div([html.Span(label, className="muted small-text"), *value], className="tile")
            for label, value in tiles
        ],
        className="tiles",
    )


def _facts(services: Services, layer: Layer, station: Row, language: str) -> Component:
    """Attributes of the station, with its commune and position."""
    stations = stations_of(layer)
    facts: list[tuple[str, str]] = []
    for column in stations.public_columns:
        value = station.get(column.name)
        if value is None or column.name == "name":
            continue
        code = next((code for code in column.codes if code.value == value), None)
        shown = code.title[language] if code else formats.day(value) if column.type == "date" else str(value)
        facts.append((column.title[language], shown))
    commune = next(
        (unit for unit in services.units() if unit["code"] == station["commune_code"] and unit["valid_to"] is None),
        None,
    )
    if commune:
        facts.append((say("level.commune", language), formats.unit_name(commune, language)))
    place = f"{formats.number(station['lat'], 5, language)}; {formats.number(station['lon'], 5, language)}"
    facts.append((say("station.place", language), place))
    return html.Dl(
        [html.Div([html.Dt(name), html.Dd(value)]) for name, value in facts], className="facts station-facts"
    )
