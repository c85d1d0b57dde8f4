"""Frame of the statistics: unit, month and files on top; the panels come by callback, because figures know the look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dash import dcc, html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.address import Address
from dash_app.components.attributes import extra
from dash_app.components.page import framed
from dash_app.components.states import empty_state
from dash_app.i18n import say
from dash_app.pages.feedback_statistics.ids import StatId
from dash_app.services import Services
from dash_app.statistics_services import Asked, Row, StatisticsServices, month_words
from spatial.admin_units import REFORM


def layout(services: Services, address: Address) -> Component:
    """The page of a month and a unit."""
    language = address.language
    reads = StatisticsServices(services)
    asked = reads.read(address.query)
    if asked is None:
        body: Component = html.Main(empty_state(say("state.no_province", language)), id="main", className="page-stack")
        return framed(services, address, body, active="/feedback")
    months = reads.months(asked)
    return framed(
        services,
        address,
        _body(asked, months, services.units(), address, language),
        active="/feedback",
        screen="screen-statistics",
    )


def validation_layout() -> Component:
    """All ids of the page."""
    return html.Main([dcc.Store(id=StatId.QUERY), html.Div(id=StatId.PANELS)], id="main")


def _body(asked: Asked, months: Sequence[date], units: Sequence[Row], address: Address, language: str) -> Component:
    return html.Main(
        [
            dcc.Store(id=StatId.QUERY, data=dict(address.query)),
            html.Header(
                [
                    html.Div(
                        [
                            html.H2(say("stat.title", language)),
                            html.P(month_words(asked.period, language), className="muted"),
                        ],
                        className="stat-title",
                    ),
                    _breadcrumb(asked, units, address, language),
                    _months(asked, months, address, language),
                    _tools(asked, address, language),
                ],
                className="card stat-head",
            ),
            html.Div(
                html.P(say("state.loading", language), className="loading"), id=StatId.PANELS, className="stat-grid"
            ),
        ],
        id="main",
        className="stat-page",
    )


def _breadcrumb(asked: Asked, units: Sequence[Row], address: Address, language: str) -> Component:
    path = unit_path(asked.unit, units)
    parts: list[Component] = [
        dcc.Link(
            formats.unit_name(unit, language),
            href=address.link(unit=unit["key"] if unit["level"] != "province" else None),
        )
        if unit["key"] != asked.unit["key"]
        else html.Span(
            [
                formats.unit_name(unit, language),
                *([html.Small(f" ({say('stations.former', language)})")] if unit["valid_to"] else []),
            ],
            **extra({"aria-current": "location"}),
        )
        for unit in path
    ]
    ways = [
        dcc.Link(
            say(f"map.via_{via}", language),
            href=address.link(via="former" if via == "former" else None),
            className="tool small" + (" is-on" if via == asked.via else ""),
        )
        for via in ("today", "former")
    ]
    switch = [
        html.Div(ways, className="ov-switch stat-via", role="group", **extra({"aria-label": say("map.via", language)}))
    ]
    return html.Div(
        [
            html.Nav(parts, className="breadcrumb", **extra({"aria-label": say("map.breadcrumb", language)})),
            *(switch if asked.unit["level"] == "province" else []),
        ],
        className="stat-unit",
    )


def unit_path(unit: Row, units: Sequence[Row]) -> list[Row]:
    """Province, former district where there is one, unit."""
    by_key = {row["key"]: row for row in units}
    province = next((row for row in units if row["level"] == "province" and row["valid_to"] is None), unit)
    if unit["level"] == "province":
        return [unit]
    district = by_key.get(unit["former_key"] or "") if unit["level"] == "commune" else None
    if district is not None and district["valid_to"] != REFORM:
        district = None
    return [row for row in (province, district, unit) if row is not None]


def _months(asked: Asked, months: Sequence[date], address: Address, language: str) -> Component:
    known = sorted({*months, asked.period}, reverse=True)
    at = known.index(asked.period)

    def step(name: str, arrow: str, index: int) -> Component:
        words = say(f"stat.month.{name}", language)
        if not 0 <= index < len(known):
            return html.Span(arrow, className="tool small is-off", **extra({"aria-hidden": "true"}))
        return dcc.Link(arrow, href=address.link(month=f"{known[index]:%Y-%m}"), className="tool small", title=words)

    options = [
        html.Option(formats.month(month), value=f"{month:%Y-%m}", selected=month == asked.period or None)
        for month in known
    ]
    return html.Div(
        [
            step("previous", "‹", at + 1),
            html.Label(
                [
                    html.Span(say("stat.month", language)),
                    html.Select(options, id="stat-month", **extra({"data-stat": "month"})),
                ]
            ),
            step("next", "›", at - 1),
        ],
        className="stat-months",
    )


def _tools(asked: Asked, address: Address, language: str) -> Component:
    query = address.link(month=f"{asked.period:%Y-%m}").partition("?")[2]
    return html.Div(
        [
            html.A(
                "CSV", href=f"/api/feedback/statistics.csv?{query}", className="tool small", **extra({"download": ""})
            ),
            html.A(
                "Excel",
                href=f"/api/feedback/statistics.xlsx?{query}",
                className="tool small",
                **extra({"download": ""}),
            ),
            html.A(
                say("stat.desk", language),
                href="/feedback" + ("?lang=en" if language == "en" else ""),
                className="tool small",
            ),
        ],
        className="stat-tools",
    )
