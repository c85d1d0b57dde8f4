"""The page: numbers by condition, list, map of what is seen, one camera's picture, and the gaps."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from dash import Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component
from flask import Blueprint, Response, abort, request, send_file

from dash_app import formats
from dash_app.address import Address
from dash_app.camera_services import CameraServices
from dash_app.components.attributes import extra
from dash_app.components.page import framed
from dash_app.components.panel import panel
from dash_app.components.states import empty_state
from dash_app.components.table import data_table
from dash_app.i18n import say
from dash_app.ids import Id
from dash_app.pages.cameras.view import (
    camera_table,
    condition_mark,
    condition_tabs,
    gap_section,
    map_shapes,
    seen_last,
)
from dash_app.services import Services
from layers.registry import get_layer
from spatial.camera_frames import frame_path
from spatial.settings import camera_settings

type Row = dict[str, Any]

REFRESH_MS = 60_000
TICK, LIST = "cameras-tick", "cameras-list"


def layout(services: Services, address: Address) -> Component:
    """The list of a unit, or the camera the address names."""
    reads, language = CameraServices(services), address.language
    unit = services.unit(address.query.get("unit"))
    key = address.parts.get("key")
    if key is not None:
        row = reads.camera(str(key))
        body = (
            _camera(reads, row, address, services.now())
            if row
            else html.Main(empty_state(say("cameras.none", language)), id="main", className="page")
        )
        return framed(services, address, body, active="/cameras", screen="screen-cameras")
    every = reads.cameras(unit)
    if not every and unit is not None and not reads.cameras(None):
        nothing = html.Main(empty_state(say("cameras.no_inventory", language)), id="main", className="page")
        return framed(services, address, nothing, active="/cameras")
    return framed(
        services, address, _page(reads, services, unit, every, address), active="/cameras", screen="screen-cameras"
    )


def validation_layout() -> Component:
    """All ids of the page."""
    return html.Main([dcc.Interval(id=TICK), html.Div(id=LIST)], id="main")


def register(app: Dash, services: Services) -> None:
    """The list comes again every minute."""

    @app.callback(
        Output(LIST, "children"), Input(TICK, "n_intervals"), State(Id.URL, "search"), prevent_initial_call=True
    )
    def refresh(_: int | None, search: str | None) -> Component:
        query = dict(parse_qsl((search or "").lstrip("?")))
        address = Address("/cameras", "/cameras", query=query, language="en" if query.get("lang") == "en" else "vi")
        return _list(CameraServices(services), services.unit(query.get("unit")), address, services.now())


def build_camera_routes(services: Services) -> Blueprint:
    """``/api/cameras`` for the map and ``/api/cameras/<key>/frame.jpg``: the last picture, never an address."""
    routes = Blueprint("geoioc_cameras", __name__, url_prefix="/api/cameras")
    reads = CameraServices(services)

    @routes.get("")
    def shapes() -> Row:
        unit = services.unit(request.args.get("unit"))
        rows = reads.cameras(
            unit, condition=request.args.get("condition") or None, sector=request.args.get("sector") or None
        )
        language = "en" if request.args.get("lang") == "en" else "vi"
        return map_shapes(rows, reads.coverage(unit), camera_settings(), language)

    @routes.get("/<path:key>/frame.jpg")
    def frame(key: str) -> Response:
        path = frame_path(key)
        if reads.camera(key) is None or not path.is_file():
            abort(404)
        return send_file(path, mimetype="image/jpeg", max_age=0, conditional=True)

    return routes


def _page(reads: CameraServices, services: Services, unit: Row | None, every: list[Row], address: Address) -> Component:
    language = address.language
    title = (
        say("cameras.of", language, unit=formats.unit_name(unit, language)) if unit else say("cameras.title", language)
    )
    coverage = reads.coverage(unit)
    gaps = [gap_section(found, address) for found in coverage] or [html.P(say("cameras.gaps_wait", language))]
    wanted = {name: address.query[name] for name in ("unit", "condition", "sector", "lang") if name in address.query}
    return html.Main(
        [
            dcc.Interval(id=TICK, interval=REFRESH_MS),
            html.Div([html.H2(title), _filters(services, address)], className="cameras-head"),
            condition_tabs(every, address),
            html.Div(
                [
                    panel(
                        say("cameras.list", language),
                        html.Div(_list(reads, unit, address, services.now()), id=LIST),
                        time="none", language=language, kind="cameras-list",
                    ),
                    panel(say("cameras.map", language), _map(wanted, language), time="none", language=language),
                    panel(say("cameras.gaps", language), html.Div(gaps), time="none", language=language),
                ],
                className="cameras-grid",
            ),
        ],
        id="main",
        className="page cameras-page",
    )  # fmt: skip


def _list(reads: CameraServices, unit: Row | None, address: Address, now: datetime) -> Component:
    query = address.query
    rows = reads.cameras(unit, condition=query.get("condition") or None, sector=query.get("sector") or None)
    return camera_table(rows, address, now)


def _filters(services: Services, address: Address) -> Component:
    """Unit and sector; a form, so that it works by keyboard and without a script."""
    language, query = address.language, address.query
    today = [unit for unit in services.units() if unit["valid_to"] is None]
    chosen = services.unit(query.get("unit"))
    options = [
        html.Option(formats.unit_name(unit, language), value=unit["key"])
        for unit in sorted(today, key=lambda unit: (unit["level"] != "province", unit["name"]))
    ]
    sectors = [html.Option(say("cameras.every_sector", language), value="")] + [
        html.Option(code.title[language], value=code.value) for code in get_layer("camera").columns[2].codes
    ]
    kept = [dcc.Input(type="hidden", name=name, value=query[name]) for name in ("condition", "lang") if name in query]
    return html.Form(
        [
            *kept,
            html.Label(
                [
                    html.Span(say("cameras.unit", language)),
                    html.Select(options, name="unit", **extra({"data-choice": chosen["key"] if chosen else ""})),
                ],
                className="field",
            ),
            html.Label(
                [
                    html.Span(say("cameras.sector", language)),
                    html.Select(sectors, name="sector", **extra({"data-choice": query.get("sector", "")})),
                ],
                className="field",
            ),
        ],
        method="get",
        action="/cameras",
        className="cameras-filters",
    )


def _map(wanted: dict[str, str], language: str, key: str = "") -> Component:
    marks = {"data-shapes": f"/api/cameras?{urlencode(wanted)}", "data-key": key}
    return html.Div(
        id="camera-map", className="cameras-map", tabIndex=0,
        **extra(marks | {"role": "application", "aria-label": say("cameras.map", language)}),
    )  # fmt: skip


def _camera(reads: CameraServices, row: Row, address: Address, now: datetime) -> Component:
    language, key = address.language, row["key"]
    name = row["name"] or key
    facts = [html.P([condition_mark(row, language), f" · {seen_last(row, now, language)}"], className="strong")]
    if row["reason"]:
        facts.append(html.P(say(f"camera.reason.{row['reason']}", language)))
    if row["condition"] == "unchecked":
        facts.append(html.P(say("cameras.unchecked_note", language), className="muted"))
    if row["checked_at"]:
        facts.append(
            html.P(
                say("cameras.checked", language, time=formats.moment(row["checked_at"]), ms=row["latency_ms"]),
                className="muted",
            )
        )
    facts.append(html.P(_sight(row, language), className="muted"))
    picture: Component = html.P(say("cameras.never", language), className="muted cameras-no-picture")
    if row["frame_sha256"]:
        picture = html.Img(
            src=f"/api/cameras/{quote(key, safe='')}/frame.jpg?{row['frame_sha256'][:12]}",
            alt=say("cameras.picture", language, name=name),
            className="cameras-picture" + ("" if row["condition"] == "online" else " is-old"),
            **extra({"data-live": "true"}),
        )
    kept = {name: address.query[name] for name in ("unit", "lang") if name in address.query}
    return html.Main(
        [
            html.Div(
                [html.H2(name), html.A(say("cameras.back", language), href=Address("/cameras", "", query=kept).link())],
                className="cameras-head",
            ),
            html.Div(
                [
                    panel(
                        say("cameras.picture", language, name=name), [picture, *facts], time="none", language=language
                    ),
                    panel(
                        say("cameras.map", language),
                        _map({"lang": language}, language, key=key),
                        time="none",
                        language=language,
                    ),
                    panel(
                        say("cameras.outages", language), _outages(reads.outages(key), language), time="none",
                        language=language,
                    ),
                    *_counts(reads, key, language),
                ],
                className="cameras-grid",
            ),
        ],
        id="main",
        className="page cameras-page",
    )  # fmt: skip


def _sight(row: Row, language: str) -> str:
    if row["heading"] is None:
        return say("cameras.no_heading", language)
    angle = row["field_of_view"] or camera_settings().field_of_view
    return say(
        "cameras.heading", language,
        heading=formats.number(row["heading"], 0, language), angle=formats.number(angle, 0, language),
    )  # fmt: skip


def _outages(rows: list[Row], language: str) -> Component:
    if not rows:
        return html.P(say("cameras.no_outage", language), className="muted")
    heads = [say(f"cameras.{name}", language) for name in ("from", "to", "why")]
    return data_table(
        say("cameras.outages", language),
        heads,
        [
            [
                formats.moment(row["started_at"]),
                formats.moment(row["ended_at"]) if row["ended_at"] else say("cameras.still", language),
                say(f"camera.reason.{row['reason']}", language),
            ]
            for row in rows
        ],
    )


def _counts(reads: CameraServices, key: str, language: str) -> list[Component]:
    lines = reads.counting_lines(key)
    if not lines:
        return []
    query = "?lang=en" if language == "en" else ""
    links = [
        html.Li(
            html.A(
                say("cameras.counts_open", language, name=row["name"]),
                href=f"/stations/counting_observation/{quote(row['key'], safe='')}{query}",
            )
        )
        for row in lines
    ]
    return [panel(say("cameras.counts", language), html.Ul(links), time="none", language=language)]
