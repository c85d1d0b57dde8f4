"""Joins the choice of stations to chart and table."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from dash import Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.components.states import empty_state, error_state
from dash_app.components.table import data_table
from dash_app.figures.compare import HEIGHT, Line, compare_figure
from dash_app.i18n import say
from dash_app.ids import Id
from dash_app.pages.compare.layout import parameter_options
from dash_app.pages.compare.view import COLOURS, DASHES, MOST, Facts, facts_of, read_days, read_picks
from dash_app.pages.station.layout import find_layer
from dash_app.pages.station.view import HOURLY_DAYS, Window
from dash_app.pages.stations.cells import station_href
from dash_app.services import Services
from dash_app.state import read_language
from dash_app.station_services import StationServices
from layers.model import Layer, Parameter
from spatial.errors import DatabaseUnavailable
from spatial.settings import LOCAL_ZONE

type Row = dict[str, Any]

GRAPH: Any = {"displaylogo": False, "responsive": True, "displayModeBar": False}
CHOICE = {
    "picks": Input(Id.COMPARE_PICK, "value"),
    "parameter": Input(Id.COMPARE_PARAMETER, "value"),
    "days": Input(Id.COMPARE_DAYS, "value"),
}
WRITE_ADDRESS = """(picks, parameter, days) => geoioc.writeQuery(
  { s: (picks || []).slice(0, 6).join(","), p: parameter, days: days === "7" ? "" : days })"""


def register(app: Dash, services: Services) -> None:
    """The callbacks of the comparison."""
    reads = StationServices(services)

    @app.callback(
        output={
            "options": Output(Id.COMPARE_PARAMETER, "options"),
            "value": Output(Id.COMPARE_PARAMETER, "value"),
            "picks": Output(Id.COMPARE_PICK, "value"),
        },
        inputs={"picks": Input(Id.COMPARE_PICK, "value")},
        state={"value": State(Id.COMPARE_PARAMETER, "value"), "search": State(Id.URL, "search")},
        prevent_initial_call=True,
    )
    def offer_parameters(picks: list[str] | None, value: str | None, search: str | None) -> dict[str, Any]:
        """Parameters of what is picked; a seventh station is not taken."""
        kept = (picks or [])[:MOST]
        layers = [layer for layer in (find_layer(name) for name in dict.fromkeys(_layer(p) for p in kept)) if layer]
        options = parameter_options(layers, read_language(search))
        names = [option["value"] for option in options]
        return {"options": options, "value": value if value in names else next(iter(names), None), "picks": kept}

    @app.callback(
        output=Output(Id.COMPARE_RESULT, "children"),
        inputs=dict(CHOICE) | {"look": Input(Id.LOOK, "data")},
        state={"search": State(Id.URL, "search")},
    )
    def show(picks: list[str] | None, parameter: str | None, days: str, look: str | None, search: str | None) -> Any:
        language = read_language(search)
        kept = read_picks(",".join(picks or []))
        if not kept or parameter is None:
            return empty_state(say("compare.nothing", language))
        try:
            return comparison(reads, kept, parameter, read_days(days), language, look or "light")
        except DatabaseUnavailable:
            return error_state(say("error.database", language))

    app.clientside_callback(WRITE_ADDRESS, Output(Id.COMPARE_ADDRESS, "data"), *CHOICE.values())


def _layer(pick: str) -> str:
    return pick.partition(":")[0]


def comparison(reads: StationServices, picks: list[str], name: str, days: int, language: str, look: str) -> Component:
    """Chart and its table twin; both speak of the same window, which ends with the newest hour."""
    layers = {layer.id: layer for layer in (find_layer(_layer(pick)) for pick in picks) if layer}
    lead = next((layer for layer in layers.values() if _parameter(layer, name)), None)
    parameter = _parameter(lead, name) if lead else None
    if lead is None or parameter is None:
        return empty_state(say("compare.nothing", language))
    clock = max(reads.data_clock(layer) for layer in layers.values())
    window = Window(clock - timedelta(days=days), clock, "hour" if days <= HOURLY_DAYS else "day")
    median = {_moment(row): _number(row) for row in reads.median(lead, name, window.first, window.last, window.step)}
    lines: list[Line] = []
    cells: list[list[Any]] = []
    for number, pick in enumerate(picks):
        layer, key = layers.get(_layer(pick)), pick.partition(":")[2]
        station = next((row for row in reads.services.stations(layer) if row["key"] == key), None) if layer else None
        if layer is None or station is None:
            continue
        rows = _rows(reads, layer, key, name, window)
        label = station["name"]
        head = _name_cell(label, layer, key, COLOURS[number], language)
        if rows is None:
            cells.append([head, say("compare.not_measured", language), "", "", "", "", ""])
            continue
        values = [(_moment(row), _number(row)) for row in rows]
        steps = days * 24 if window.step == "hour" else days
        facts = facts_of(values, median, steps)
        lines.append(_line(label, number, values, median, window))
        cells.append([head, *_fact_cells(facts, parameter, language), _over(reads, layer, key, name, window, language)])
        cells[-1].append(_signed(facts.difference, parameter, language))
    drawn = _points(list(median.items()), window)
    figure = compare_figure(lines, drawn, parameter, by_day=window.step == "day", language=language, look=look)
    heads = [
        say(f"compare.column_{column}", language)
        for column in ("name", "mean", "highest", "at", "full", "over", "difference")
    ]
    return html.Div(
        [
            dcc.Graph(figure=figure, config=GRAPH, style={"height": HEIGHT}, className="graph"),
            html.P(say("compare.note", language), className="chart-note"),
            data_table(say("compare.table", language), heads, cells, (1, 2, 4, 5, 6)),
        ]
    )


def _parameter(layer: Layer | None, name: str) -> Parameter | None:
    if layer is None or layer.series is None:
        return None
    return next((parameter for parameter in layer.series.parameters if parameter.name == name), None)


def _rows(reads: StationServices, layer: Layer, key: str, name: str, window: Window) -> list[Row] | None:
    """Hours or days of a station's parameter; None when it does not measure it."""
    number = next((row["series_id"] for row in reads.series(layer, key) if row["parameter"] == name), None)
    if number is None:
        return None
    if window.step == "hour":
        return reads.hourly([number], window.first + timedelta(hours=1), window.last)
    return reads.daily([number], *window.days)


def _moment(row: Row) -> Any:
    return row["time"] if "time" in row else row["day"]


def _number(row: Row) -> Any:
    return row["value"] if "value" in row else row["mean"]


def _line(
    name: str, number: int, values: list[tuple[Any, float | None]], median: dict[Any, float], window: Window
) -> Line:
    times, shown = _points(values, window)
    apart = [(at, value - median[at] if value is not None and at in median else None) for at, value in values]
    return Line(name, COLOURS[number], DASHES[number], times, shown, _points(apart, window)[1])


def _points(values: list[tuple[Any, float | None]], window: Window) -> tuple[list[str], list[float | None]]:
    """Local times and values, with a hole wherever steps are missing."""
    step = timedelta(hours=1) if window.step == "hour" else timedelta(days=1)
    times: list[str] = []
    shown: list[float | None] = []
    before: Any = None
    for at, value in values:
        if before is not None and at - before > step:
            times.append(_text(before + step))
            shown.append(None)
        times.append(_text(at))
        shown.append(value)
        before = at
    return times, shown


def _text(at: Any) -> str:
    return at.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M") if isinstance(at, datetime) else f"{at}"


def _name_cell(name: str, layer: Layer, key: str, colour: str, language: str) -> Component:
    link = html.A(name, href=station_href(layer.id, key, language), className="link")
    return html.Span([html.Span(className="dot", style={"background": colour}), link], className="swatch-name")


def _fact_cells(facts: Facts, parameter: Parameter, language: str) -> list[Any]:
    if facts.mean is None or facts.highest is None or facts.at is None:
        return [say("compare.no_data", language), "", "", formats.percent(0, language)]
    at = formats.moment(facts.at) if isinstance(facts.at, datetime) else formats.day(facts.at)
    shown = [formats.number(value, parameter.decimals, language) for value in (facts.mean, facts.highest)]
    return [*shown, at, formats.percent(facts.full, language)]


def _signed(value: float | None, parameter: Parameter, language: str) -> str:
    if value is None:
        return ""
    return ("+" if value > 0 else "") + formats.number(value, parameter.decimals, language)


def _over(reads: StationServices, layer: Layer, key: str, name: str, window: Window, language: str) -> str:
    rows = [row for row in reads.days_over(layer, key, *window.days) if row["parameter"] == name]
    if rows:
        return "; ".join(say("compare.over", language, days=row["days"], hours=row["hours"]) for row in rows)
    parameter = _parameter(layer, name)
    return "0" if parameter and parameter.limits else ""
