"""«Việc cần chú ý»: exceptions of all subjects, ranked, each one click from its evidence."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.address import Address
from dash_app.attention_words import unit_title
from dash_app.components.attributes import extra
from dash_app.components.links import soft_link
from dash_app.components.page import framed
from dash_app.components.states import empty_state
from dash_app.components.table import data_table
from dash_app.i18n import say
from dash_app.pages.home.ids import HomeId
from dash_app.pages.home.lines import body_lines
from dash_app.pages.home.view import Fresh, Morning, link, read_choice, read_morning
from dash_app.services import Services
from layers.domains import DOMAINS

REFRESH_MS = 60_000


def layout(services: Services, address: Address) -> Component:
    """The list for the unit of the address (``?unit=``), else for the province."""
    morning = read_morning(services, read_choice(address.query))
    units = {row["id"]: row for row in services.units()}
    return framed(services, address, _body(morning, units, address.language), active="/", screen="screen-home")


def validation_layout() -> Component:
    """All ids of the page."""
    return html.Main(
        [
            dcc.Interval(id=HomeId.TICK),
            *(dcc.Store(id=name) for name in (HomeId.STAMP, HomeId.CHOICE)),
            *(html.Div(id=name) for name in (HomeId.LIST, HomeId.SIDE, HomeId.TOLD)),
        ],
        id="main",
    )


def _body(morning: Morning, units: Any, language: str) -> Component:
    if morning.unit is None:
        return html.Main(
            [*_stores(morning), html.Div(id=HomeId.LIST, children=empty_state(say("state.no_province", language))),
             html.Div(id=HomeId.SIDE)],
            id="main", className="page",
        )  # fmt: skip
    return html.Main(
        [
            *_stores(morning),
            _head(morning, language),
            html.Div(
                [
                    html.Div(body_lines(morning, units, language), id=HomeId.LIST, className="home-lines"),
                    html.Aside(side(morning, language), id=HomeId.SIDE, className="home-side"),
                ],
                className="home-grid",
            ),
        ],
        id="main",
        className="page home",
    )


def _stores(morning: Morning) -> list[Component]:
    choice = morning.choice
    return [
        dcc.Interval(id=HomeId.TICK, interval=REFRESH_MS),
        dcc.Store(id=HomeId.STAMP, data=morning.stamp),
        dcc.Store(id=HomeId.CHOICE, data={"unit": choice.unit, "via": choice.via, "domain": choice.domain}),
        html.Div(id=HomeId.TOLD, className="visually-hidden", role="status", **extra({"aria-live": "polite"})),
    ]


def _head(morning: Morning, language: str) -> Component:
    unit, choice = morning.unit, morning.choice
    assert unit is not None
    via = None if choice.via == "today" else choice.via
    month = f"{morning.now:%Y-%m}"
    hash_of = "" if len(morning.path) == 1 else f"#unit={unit['key']}"
    tools = [
        html.A(
            say("home.briefing", language), href=link("/reports/briefing", language, unit=unit["key"]), className="tool"
        ),
        html.A(
            say("home.compare", language), href=link("/compare", language, a=f"{unit['key']}@{month}"), className="tool"
        ),
        html.A(
            say("home.overview", language),
            href=link("/overview", language, unit=unit["key"], via=via),
            className="tool",
        ),
        html.A(say("home.on_map", language), href=link("/map", language) + hash_of, className="tool"),
    ]
    severe = sum(row["severity"] in ("severe", "extreme") for row in morning.lines)
    count = say("home.count", language, n=len(morning.lines), severe=severe)
    return html.Div(
        [
            html.Div(
                [
                    html.Div(
                        [html.H2(say("home.title", language)), html.Span(count, className="muted", id="need-count")],
                        className="home-title",
                    ),
                    html.Div(tools, className="head-tools"),
                ],
                className="page-head",
            ),
            html.Div([_breadcrumb(morning, language), *_via(morning, language)], className="home-row"),
            _domains(morning, language),
        ],
        className="home-head",
    )


def _breadcrumb(morning: Morning, language: str) -> Component:
    via = None if morning.choice.via == "today" else morning.choice.via
    top = morning.path[0]["key"]
    parts: list[Component] = []
    for number, unit in enumerate(morning.path):
        name = unit_title(unit, language)
        if number == len(morning.path) - 1:
            parts.append(html.Span(name, **extra({"aria-current": "location"})))
        else:
            key = None if unit["key"] == top else unit["key"]
            href = link("/", language, unit=key, via=via, domain=morning.choice.domain)
            parts.append(soft_link(name, href=href, className="link"))
    return html.Nav(parts, className="breadcrumb home-path", **extra({"aria-label": say("home.breadcrumb", language)}))


def _via(morning: Morning, language: str) -> list[Component]:
    if morning.unit is None or morning.unit["level"] != "province":
        return []
    choice = morning.choice
    links = []
    for via in ("today", "former"):
        href = link("/", language, via=None if via == "today" else via, domain=choice.domain)
        links.append(
            soft_link(say(f"home.via_{via}", language), href=href, className="tool small", current=choice.via == via)
        )
    return [html.Div([html.Span(say("home.via", language), className="muted"), *links], className="home-via")]


def _domains(morning: Morning, language: str) -> Component:
    counts = Counter(row["domain"] for row in morning.lines)
    choice = morning.choice

    def one(name: str | None, words: str, number: int) -> Component:
        via = None if choice.via == "today" else choice.via
        href = link("/", language, unit=choice.unit, via=via, domain=name)
        return soft_link(
            [words, html.Span(str(number), className="need-count")],
            href=href,
            className="need-filter",
            current=choice.domain == name,
        )

    shown = [name for name in DOMAINS if counts[name] or name == choice.domain]
    return html.Nav(
        [one(None, say("home.all", language), len(morning.lines))]
        + [one(name, DOMAINS[name].title[language], counts[name]) for name in shown],
        className="need-filters",
        **extra({"aria-label": say("home.domains", language)}),
    )


# ---------------------------------------------------------------- beside the list


def side(morning: Morning, language: str) -> list[Component]:
    """Map and table of the units below, and how fresh the data are."""
    return [*_where(morning, language), _data(morning, language)]


def _where(morning: Morning, language: str) -> list[Component]:
    unit, choice = morning.unit, morning.choice
    if unit is None or unit["level"] == "commune":
        return []
    level = "district" if choice.via == "former" and unit["level"] == "province" else "commune"
    via = None if choice.via == "today" else choice.via
    rows: list[list[Component | str]] = [
        [
            soft_link(unit_title(row, language), href=link("/", language, unit=row["key"], via=via), className="link"),
            formats.number(number, 0, language),
            formats.number(severe, 0, language),
        ]
        for row, number, severe in morning.below
        if number
    ]
    heads = [say(f"home.{name}", language) for name in ("unit", "number", "severe")]
    table = (
        data_table(say("home.where", language), heads, rows, (1, 2))
        if rows
        else html.P(say("home.where_none", language), className="muted")
    )
    marks = {row["key"]: 3 if severe >= 3 else 2 if severe else 1 for row, number, severe in morning.below if number}
    legend = html.Ul(
        [
            html.Li([html.Span(className=f"places-key places-{name}"), say(f"home.legend_{name}", language)])
            for name in ("none", "some", "severe", "many")
        ],
        className="places-legend",
    )
    small_map = html.Div(
        className="places-map",
        **extra(
            {
                "data-places": level,
                "data-marks": _json(marks),
                "data-inside": "" if unit["level"] == "province" else unit["key"],
                "data-via": choice.via,
                "aria-label": say("home.map", language),
                "role": "group",
            }
        ),
    )
    return [html.Section([html.H3(say("home.where", language)), small_map, legend, table], className="card home-where")]


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _data(morning: Morning, language: str) -> Component:
    newest = max((item.until for item in morning.fresh if item.until and item.until <= morning.now), default=None)
    clock = formats.moment(newest) if newest else say("home.data_none", language)
    heads = [say(f"home.data_{name}", language) for name in ("layer", "until", "state")]
    rows: list[list[Component | str]] = [
        [item.layer.title[language], _until(item, language), _late(item, morning, language)] for item in morning.fresh
    ]
    return html.Section(
        [
            html.H3(say("home.data", language)),
            html.P(clock, className="home-clock"),
            data_table(say("home.data", language), heads, rows),
        ],
        className="card home-data",
    )


def _until(item: Fresh, language: str) -> str:
    if item.until is None:
        return say("home.data_none", language)
    return formats.data_time(item.layer, item.until, item.until)


def _late(item: Fresh, morning: Morning, language: str) -> Component:
    if item.late is not None:
        return html.Span(say("home.data_late", language, age=formats.age(item.late, language)), className="late")
    if item.layer.series is None:
        return html.Span("")
    return html.Span(say("home.data_ok", language), className="chip chip-official")
