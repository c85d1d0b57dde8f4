"""Joins the sections of a station's page to what they show; each is read when it comes into view."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from dash import Dash, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component

from dash_app import formats
from dash_app.components.states import error_state
from dash_app.figures.rose import CALM, WindHour, pollution_rose, wind_rose
from dash_app.i18n import say
from dash_app.ids import Id
from dash_app.pages.station import actions
from dash_app.pages.station.calendar import (
    calendar_block,
    daily_index,
    index_classes,
    index_days,
    mean_classes,
    mean_days,
)
from dash_app.pages.station.charts import by_series, empty_figure, station_charts, window_words
from dash_app.pages.station.layout import find_layer
from dash_app.pages.station.lineage import lineage_block
from dash_app.pages.station.pair import pair_facts, pair_figure
from dash_app.pages.station.quality import episode_table, history_table
from dash_app.pages.station.view import Window, measured, neighbours_on_river, read_window
from dash_app.services import Services
from dash_app.state import read_language
from dash_app.station_services import StationServices
from layers.model import Layer, Parameter
from spatial.errors import DatabaseUnavailable
from spatial.settings import LOCAL_ZONE

YEARS = 8
INDEX = "index"
WINDOW = {
    "chosen": Input(Id.STATION_RANGE, "value"),
    "first": Input(Id.STATION_FROM, "value"),
    "last": Input(Id.STATION_TO, "value"),
}
SEEN = Input(Id.STATION_SEEN, "data")
STATE = {"station": State(Id.STATION, "data"), "search": State(Id.URL, "search")}
GRAPH: Any = {"displayModeBar": False, "responsive": True}
WRITE_ADDRESS = """(range, first, last) => geoioc.writeQuery(
  { range, from: range === "custom" ? first : "", to: range === "custom" ? last : "" })"""


class Shown:
    """The station a callback is about: its layer, key and series."""

    def __init__(self, reads: StationServices, station: dict[str, str]) -> None:
        layer = find_layer(station["layer"])
        assert layer is not None  # the page was built of it
        self.layer: Layer = layer
        self.key = station["key"]
        self.series = reads.series(layer, self.key)
        self.measured: list[tuple[Parameter, int]] = measured(layer, self.series)
        self.parameters = {parameter.name: parameter for parameter, _ in self.measured}

    def number(self, parameter: str) -> int | None:
        """Series of a parameter."""
        return next((number for found, number in self.measured if found.name == parameter), None)


def register(app: Dash, services: Services) -> None:
    """The callbacks of the page."""
    reads = StationServices(services)
    actions.register(app, reads)

    @app.callback(
        output={
            "figure": Output(Id.STATION_GRAPH, "figure"),
            "style": Output(Id.STATION_GRAPH, "style"),
            "notes": Output(Id.STATION_CHARTS, "children"),
        },
        inputs=dict(WINDOW) | {"look": Input(Id.LOOK, "data"), "_done": Input(Id.REVIEW_DONE, "data")},
        state=dict(STATE),
    )
    def show_charts(
        chosen: str, first: str | None, last: str | None, look: str | None, _done: int, station: Any, search: str | None
    ) -> dict[str, Any]:
        language, look = read_language(search), look or "light"
        notes: list[Component] = []
        try:
            shown = Shown(reads, station)
            window = read_window(chosen, first, last, reads.station_clock(shown.layer, shown.key))
            if window is None:
                figure = empty_figure(say("charts.no_window", language), language, look)
            else:
                figure, notes = station_charts(reads, shown.layer, shown.measured, window, language, look)
        except DatabaseUnavailable:
            figure = empty_figure(say("error.database", language), language, look)
        return {"figure": figure, "style": {"height": figure.layout.height}, "notes": notes}

    app.clientside_callback(
        WRITE_ADDRESS, Output(Id.STATION_ADDRESS, "data"), *WINDOW.values(), prevent_initial_call=True
    )

    @app.callback(
        output={
            "years": Output(Id.STATION_YEAR, "options"),
            "year": Output(Id.STATION_YEAR, "value"),
            "kinds": Output(Id.STATION_CALENDAR_OF, "options"),
            "kind": Output(Id.STATION_CALENDAR_OF, "value"),
        },
        inputs={"seen": SEEN},
        state=STATE | {"year": State(Id.STATION_YEAR, "value")},
        prevent_initial_call=True,
    )
    def offer_years(seen: list[str], year: str | None, station: Any, search: str | None) -> Any:
        if "calendar" not in seen or year is not None:
            return no_update
        shown = Shown(reads, station)
        span = reads.span([number for _, number in shown.measured])
        if span is None:
            return no_update
        index = station_index(reads, shown)
        language = read_language(search)
        kinds = [{"label": index.title[language], "value": INDEX}] if index else []
        kinds += [{"label": p.title[language], "value": p.name} for p, _ in shown.measured if p.how == "mean"]
        newest = min(span[1].year, services.today().year)
        years = range(newest, max(span[0].year, newest - YEARS + 1) - 1, -1)
        return {
            "years": [{"label": str(one), "value": str(one)} for one in years],
            "year": str(newest),
            "kinds": kinds,
            "kind": kinds[0]["value"] if kinds else None,
        }

    @app.callback(
        output=Output(Id.STATION_CALENDAR, "children"),
        inputs={
            "year": Input(Id.STATION_YEAR, "value"),
            "kind": Input(Id.STATION_CALENDAR_OF, "value"),
            "look": Input(Id.LOOK, "data"),
            "_done": Input(Id.REVIEW_DONE, "data"),
        },
        state=STATE | {"seen": State(Id.STATION_SEEN, "data")},
        prevent_initial_call=True,
    )
    def show_calendar(
        year: str | None,
        kind: str | None,
        look: str | None,
        _done: int,
        station: Any,
        search: str | None,
        seen: list[str],
    ) -> Any:
        language = read_language(search)
        if "calendar" not in seen:
            return no_update
        if year is None or kind is None:
            return html.P(say("charts.empty", language), className="chart-note empty")
        return guarded(
            lambda: calendar(reads, Shown(reads, station), int(year), kind, language, look or "light"), language
        )

    @app.callback(
        output=Output(Id.STATION_ROSE, "children"),
        inputs=dict(WINDOW) | {"of": Input(Id.STATION_ROSE_OF, "value"), "seen": SEEN, "look": Input(Id.LOOK, "data")},
        state=dict(STATE),
        prevent_initial_call=True,
    )
    def show_rose(
        chosen: str,
        first: str | None,
        last: str | None,
        of: str | None,
        seen: list[str],
        look: str | None,
        station: Any,
        search: str | None,
    ) -> Any:
        language = read_language(search)
        if "rose" not in seen:
            return no_update

        def build() -> Component:
            shown = Shown(reads, station)
            window = read_window(chosen, first, last, reads.station_clock(shown.layer, shown.key))
            return roses(reads, shown, window, of, language, look or "light")

        return guarded(build, language)

    @app.callback(
        output=Output(Id.STATION_PAIR, "children"),
        inputs=dict(WINDOW)
        | {
            "with_": Input(Id.STATION_PAIR_WITH, "value"),
            "of": Input(Id.STATION_PAIR_OF, "value"),
            "seen": SEEN,
            "look": Input(Id.LOOK, "data"),
        },
        state=dict(STATE),
        prevent_initial_call=True,
    )
    def show_pair(
        chosen: str,
        first: str | None,
        last: str | None,
        with_: str | None,
        of: str | None,
        seen: list[str],
        look: str | None,
        station: Any,
        search: str | None,
    ) -> Any:
        language = read_language(search)
        if "pair" not in seen or with_ is None or of is None:
            return no_update

        def build() -> Component:
            shown = Shown(reads, station)
            window = read_window(chosen, first, last, reads.station_clock(shown.layer, shown.key))
            return pair(reads, shown, with_, of, window, language, look or "light")

        return guarded(build, language)

    @app.callback(
        output=Output(Id.STATION_QUALITY, "children"),
        inputs={"seen": SEEN, "_done": Input(Id.REVIEW_DONE, "data")},
        state=dict(STATE),
        prevent_initial_call=True,
    )
    def show_quality(seen: list[str], _done: int, station: Any, search: str | None) -> Any:
        language = read_language(search)
        if "quality" not in seen:
            return no_update

        def build() -> Component:
            shown = Shown(reads, station)
            table = episode_table(reads.episodes(shown.layer, shown.key), shown.parameters, language)
            gone = history_table(reads.reviews(shown.layer, shown.key), shown.parameters, language)
            return html.Div([table, *([gone] if gone else [])])

        return guarded(build, language)

    @app.callback(
        output=Output(Id.STATION_LINEAGE, "children"),
        inputs={"seen": SEEN},
        state=STATE | {"there": State(Id.STATION_LINEAGE, "className")},
        prevent_initial_call=True,
    )
    def show_lineage(seen: list[str], station: Any, search: str | None, there: str | None) -> Any:
        language = read_language(search)
        if "lineage" not in seen:
            return no_update

        def build() -> Component:
            shown = Shown(reads, station)
            sources = reads.sources(shown.layer, [number for _, number in shown.measured])
            return lineage_block(shown.layer, [parameter for parameter, _ in shown.measured], sources, language)

        return guarded(build, language)


def guarded(build: Callable[[], Component], language: str) -> Component:
    """What a section shows, or that the database is away."""
    try:
        return build()
    except DatabaseUnavailable:
        return error_state(say("error.database", language))


def station_index(reads: StationServices, shown: Shown) -> Any:
    """The index of the day of a station; None when it has none."""
    network = reads.indices(shown.layer, shown.key)
    return daily_index([row["index_id"] for row in network if row["value"] is not None])


def calendar(reads: StationServices, shown: Shown, year: int, kind: str, language: str, look: str) -> Component:
    """Days of a year by the index, or by the daily means of a parameter."""
    if kind == INDEX:
        index = station_index(reads, shown)
        if index is None:
            return html.P(say("charts.empty", language), className="chart-note empty")
        first = datetime.combine(date(year, 1, 1), time(0), LOCAL_ZONE)
        last = datetime.combine(date(year + 1, 1, 1), time(0), LOCAL_ZONE)
        rows = reads.index_history(shown.layer, shown.key, index.id, first, last)
        titles = {name: parameter.title[language] for name, parameter in shown.parameters.items()}
        days, classes = index_days(rows, index, titles, language), index_classes(index, language)
        return calendar_block(year, days, classes, index.title[language], language, look)
    parameter, number = shown.parameters[kind], shown.number(kind)
    assert number is not None
    rows = reads.daily([number], date(year, 1, 1), date(year, 12, 31))
    title = say("calendar.mean_of", language, name=parameter.title[language])
    return calendar_block(
        year, mean_days(rows, parameter, language), mean_classes(parameter, language), title, language, look
    )


def roses(
    reads: StationServices, shown: Shown, window: Window | None, of: str | None, language: str, look: str
) -> Component:
    """Wind rose and pollution rose of the window, or why there is none."""
    speed, direction = shown.number("wind_speed"), shown.number("wind_direction")
    if speed is None or direction is None:
        return html.P(say("rose.no_wind", language), className="chart-note empty")
    if window is None:
        return html.P(say("charts.no_window", language), className="chart-note empty")
    parameter = shown.parameters.get(of or "")
    number = shown.number(of or "")
    first = max(window.first, window.last - timedelta(days=366))
    rows = by_series(reads.hourly([n for n in (speed, direction, number) if n is not None], first, window.last))
    values = {n: {row["time"]: row["value"] for row in found if row["value"] is not None} for n, found in rows.items()}
    speeds, degrees = values.get(speed, {}), values.get(direction, {})
    carried = values.get(number, {}) if number is not None else {}
    hours = [WindHour(degrees[at], speeds[at], carried.get(at)) for at in speeds if at in degrees]
    if not hours:
        return html.P(say("rose.empty", language), className="chart-note empty")
    calm = sum(hour.speed < CALM for hour in hours) / len(hours)
    figures = [(say("rose.wind", language), wind_rose(hours, language=language, look=look))]
    if parameter is not None and carried:
        title = say("rose.pollution", language, name=parameter.title[language], unit=parameter.unit)
        figures.append((title, pollution_rose(hours, parameter.breaks, parameter.unit, language=language, look=look)))
    words = say("rose.words", language, n=len(hours), calm=formats.percent(calm, language), span=window_words(window))
    graphs = [
        html.Div([html.H3(title), dcc.Graph(figure=figure, config=GRAPH, style={"height": 340}, className="graph")])
        for title, figure in figures
    ]
    return html.Div([html.Div(graphs, className="side-by-side"), html.P(words, className="chart-note")])


def pair(
    reads: StationServices, shown: Shown, other_key: str, of: str, window: Window | None, language: str, look: str
) -> Component:
    """Both stations of a river over the window, with lag and difference in words."""
    stations = {row["key"]: row for row in reads.services.stations(shown.layer)}
    own, other = stations[shown.key], stations[other_key]
    series = {row["parameter"]: row["series_id"] for row in reads.series(shown.layer, other_key)}
    parameter, mine, theirs = shown.parameters.get(of), shown.number(of), series.get(of)
    if window is None or parameter is None or mine is None or theirs is None:
        return html.P(say("pair.empty", language), className="chart-note empty")
    first = max(window.first, window.last - timedelta(days=62))
    rows = by_series(reads.hourly([mine, theirs], first, window.last))
    upstream, _ = neighbours_on_river(own, list(stations.values()))
    names = (other, own) if upstream is not None and upstream["key"] == other_key else (own, other)
    numbers = {own["key"]: mine, other_key: theirs}
    upper, lower = ((row["name"], rows.get(numbers[row["key"]], [])) for row in names)
    facts = pair_facts(_values(upper[1]), _values(lower[1]))
    words = []
    if facts.lag is not None:
        words.append(say("pair.lag", language, lag=facts.lag, r=formats.number(facts.correlation or 0, 2, language)))
    else:
        words.append(say("pair.no_lag", language))
    if facts.difference is not None:
        shown_difference = formats.number(facts.difference, parameter.decimals, language)
        sign = "+" if facts.difference > 0 else ""
        words.append(
            say("pair.difference", language, value=f"{sign}{shown_difference} {parameter.unit}".rstrip(), n=facts.hours)
        )
    figure = pair_figure(upper, lower, facts.lag, parameter, language=language, look=look)
    graph = dcc.Graph(figure=figure, config=GRAPH, style={"height": 330}, className="graph")
    return html.Div([graph, html.P(" ".join(words), className="chart-note strong")])


def _values(rows: list[dict[str, Any]]) -> dict[datetime, float]:
    return {row["time"].astimezone(UTC): row["value"] for row in rows if row["value"] is not None}
