"""Joins filters, order, table and file of the list of stations."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component

from dash_app import formats
from dash_app.components.states import error_state
from dash_app.i18n import say
from dash_app.ids import Id
from dash_app.pages.stations.cells import csv_rows
from dash_app.pages.stations.layout import SHOWN, state_options, station_table
from dash_app.pages.stations.view import (
    COLUMNS,
    ListState,
    StationStatus,
    filtered,
    network_statuses,
    ordered,
    read_list_state,
)
from dash_app.services import Services, observation_layers
from dash_app.state import read_language
from dash_app.station_services import StationServices
from spatial.errors import DatabaseUnavailable

FILTERS = {
    "net": Input(Id.STATIONS_NETWORK, "value"),
    "state": Input(Id.STATIONS_STATE, "value"),
    "unit": Input(Id.STATIONS_UNIT, "value"),
    "q": Input(Id.STATIONS_TEXT, "value"),
    "sort": Input(Id.STATIONS_SORT, "data"),
}
# The address follows the filters, so that a link opens the same list; no step back in history for each letter.
WRITE_ADDRESS = """(net, state, unit, text, sort) => {
  const column = sort && (sort.column !== "state" || sort.down) ? `${sort.column}${sort.down ? ".down" : ""}` : "";
  return geoioc.writeQuery({ net, state, unit, q: text, sort: column });
}"""


def register(app: Dash, services: Services) -> None:
    """The callbacks of the list."""
    reads = StationServices(services)

    @app.callback(
        output={"table": Output(Id.STATIONS_TABLE, "children"), "states": Output(Id.STATIONS_STATE, "options")},
        inputs=dict(FILTERS),
        state={"search": State(Id.URL, "search")},
    )
    def show_rows(search: str | None, **filters: Any) -> dict[str, Any]:
        language = read_language(search)
        try:
            statuses = read_statuses(reads)
            state = read_filters(filters)
            left, shown = choose(services, statuses, state)
            table = station_table(shown, state, communes(services, language), language)
        except DatabaseUnavailable:
            return {"table": error_state(say("error.database", language)), "states": no_update}
        counts = Counter(str(status.state) for status in left)
        return {
            "table": [summary(shown, left, language), table],
            "states": state_options(dict(counts), language),
        }

    @app.callback(
        output=Output(Id.STATIONS_SORT, "data"),
        inputs={"clicks": Input({"type": "stations-sort", "column": ALL}, "n_clicks")},
        state={"now": State(Id.STATIONS_SORT, "data")},
        prevent_initial_call=True,
    )
    def sort_by(clicks: list[int | None], now: dict[str, Any]) -> Any:
        if not any(clicks) or not isinstance(ctx.triggered_id, dict):
            return no_update
        column = ctx.triggered_id["column"]
        # Figures are first read from the largest, names and states from the first.
        first_down = column in COLUMNS[2:]
        return {"column": column, "down": not now["down"] if now["column"] == column else first_down}

    @app.callback(
        output=Output(Id.STATIONS_FILE, "data"),
        inputs={"clicks": Input(Id.STATIONS_CSV, "n_clicks")},
        state={name: State(part.component_id, part.component_property) for name, part in FILTERS.items()}
        | {"search": State(Id.URL, "search")},
        prevent_initial_call=True,
    )
    def download(clicks: int | None, search: str | None, **filters: Any) -> Any:
        if not clicks:
            return no_update
        language = read_language(search)
        _, shown = choose(services, read_statuses(reads), read_filters(filters))
        name = f"{say('stations.file', language)}-{services.today():%Y%m%d}.csv"
        return dcc.send_string(as_csv(csv_rows(shown, language), language), name, type="text/csv")

    app.clientside_callback(WRITE_ADDRESS, Output(Id.STATIONS_ADDRESS, "data"), *FILTERS.values())


def read_statuses(reads: StationServices) -> list[StationStatus]:
    """All stations of all networks."""
    now = reads.services.now()
    return [status for layer in observation_layers() for status in network_statuses(reads.network(layer), now)]


def read_filters(filters: dict[str, Any]) -> ListState:
    """The state of the list from the values of its fields."""
    sort = filters["sort"] or {}
    words = {name: str(filters[name] or "") for name in ("net", "state", "unit", "q")}
    words["sort"] = f"{sort.get('column', '')}{'.down' if sort.get('down') else ''}"
    return read_list_state(words, [layer.id for layer in observation_layers()])


def choose(
    services: Services, statuses: list[StationStatus], state: ListState
) -> tuple[list[StationStatus], list[StationStatus]]:
    """(what network, unit and text leave; of it what the state leaves, in order)."""
    unit = next((row for row in services.units() if row["key"] == state.unit), None) if state.unit else None
    left = filtered(statuses, state, unit["id"] if unit else None)
    shown = [status for status in left if not state.state or status.state == state.state]
    return left, ordered(shown, state.sort, state.down)


def communes(services: Services, language: str) -> dict[str, str]:
    """Names of the communes of today by code."""
    return {
        unit["code"]: formats.unit_name(unit, language)
        for unit in services.units()
        if unit["level"] == "commune" and unit["valid_to"] is None
    }


def summary(shown: list[StationStatus], left: list[StationStatus], language: str) -> Component:
    """«12 trên 43 trạm; 9 đang hoạt động»."""
    words = say(
        "stations.summary", language, shown=len(shown), total=len(left), online=sum(s.state == "online" for s in left)
    )
    more = say("stations.more", language, n=SHOWN) if len(shown) > SHOWN else ""
    return html.P(f"{words} {more}".strip(), className="muted", role="status")


def as_csv(rows: list[list[str]], language: str) -> str:
    """A file that a spreadsheet of that language opens at a double click: byte order mark, its own separator."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter="," if language == "en" else ";", lineterminator="\r\n").writerows(rows)
    return "\ufeff" + buffer.getvalue()
