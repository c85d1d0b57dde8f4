"""Frame of the overview. Figures come as JSON (dash_app/overview_routes.py), assets/90_overview.js draws them."""

from __future__ import annotations

from dash import Dash, html
from dash.development.base_component import Component

from dash_app.address import Address
from dash_app.components.attributes import extra
from dash_app.components.page import framed
from dash_app.components.panel import panel
from dash_app.components.states import empty_state, error_state
from dash_app.i18n import say
from dash_app.services import Services
from layers.domains import DOMAINS

FIRST = next(iter(DOMAINS))
WAYS = ("value", "change", "plan")  # to see an indicator on the map and in the ranking


def layout(services: Services, address: Address) -> Component:
    """The tab of the address (``/overview/<domain>``), the first one without."""
    domain = address.parts.get("domain", FIRST)
    if domain not in DOMAINS:
        return error_state(say("error.page", address.language))
    if services.province() is None:
        body: Component = html.Main(empty_state(say("state.no_province", address.language)), id="main")
        return framed(services, address, body, active="/overview")
    return framed(services, address, _body(domain, address.language), active="/overview", screen="screen-overview")


def validation_layout() -> Component:
    """The page without figures."""
    return _body(FIRST, "vi")


def register(app: Dash, services: Services) -> None:
    """No callbacks: the browser asks for small JSON answers and draws them."""


def _body(domain: str, language: str) -> Component:
    return html.Main(
        [
            _tabs(domain, language),
            html.Div(
                [
                    _cards(language),
                    _map(language),
                    _ranking(language),
                    html.Div(_charts(language), className="ov-right", id="ov-right"),
                ],
                className="ov-grid",
            ),
            html.Div(
                id="ov-time",
                className="timebar ov-time",
                role="group",
                **extra({"aria-label": say("panel.time", language)}),
            ),
            html.Div(id="ov-said", className="visually-hidden", **extra({"aria-live": "polite"})),
        ],
        id="main",
        className="ov-page",
        **extra({"data-domain": domain}),
    )


def _tabs(active: str, language: str) -> Component:
    query = "?lang=en" if language == "en" else ""
    return html.Nav(
        [
            html.A(
                [html.Span(domain.icon, className="ov-icon", **extra({"aria-hidden": "true"})), domain.title[language]],
                href=f"/overview/{domain.id}{query}",
                className="ov-tab",
                **extra({"data-domain": domain.id} | ({"aria-current": "page"} if domain.id == active else {})),
            )
            for domain in DOMAINS.values()
        ],
        className="ov-tabs",
        id="ov-tabs",
        **extra({"aria-label": say("overview.tabs", language)}),
    )


def _waiting(name: str, language: str, classes: str = "") -> Component:
    return html.Div(html.P(say("state.loading", language), className="loading"), id=name, className=classes)


def _cards(language: str) -> Component:
    return panel(
        say("overview.cards", language),
        _waiting("ov-cards", language, "ov-cards"),
        time="at",
        language=language,
        table=html.Div(id="ov-cards-twin"),
        id="ov-kpi",
        kind="ov-kpi",
    )


def _map(language: str) -> Component:
    ways = html.Div(
        [
            html.Button(
                say(f"overview.by_{way}", language),
                className="tool small",
                type="button",
                **extra({"data-by": way, "aria-pressed": "true" if way == WAYS[0] else "false"}),
            )
            for way in WAYS
        ],
        className="ov-switch",
        role="group",
        id="ov-by",
        **extra({"aria-label": say("overview.by", language)}),
    )
    return panel(
        say("overview.map", language),
        [
            html.Div(
                [
                    html.Nav(
                        id="ov-path", className="breadcrumb", **extra({"aria-label": say("map.breadcrumb", language)})
                    ),
                    ways,
                    html.Div(
                        [
                            html.Button(
                                say(f"map.via_{via}", language),
                                className="tool small",
                                type="button",
                                **extra({"data-via": via, "aria-pressed": "true" if via == "today" else "false"}),
                            )
                            for via in ("today", "former")
                        ],
                        className="ov-switch",
                        role="group",
                        id="ov-via",
                        **extra({"aria-label": say("map.via", language)}),
                    ),
                ],
                className="ov-tools",
            ),
            html.Div(
                [
                    html.Div(id="ov-map", className="ov-map"),
                    html.P(id="ov-notice", className="ov-notice", hidden=True),
                ],
                className="ov-stage",
            ),
            html.Div(id="ov-legend", className="ov-legend"),
        ],
        time="at",
        language=language,
        table=html.Div(id="ov-map-twin"),
        id="ov-map-panel",
        kind="ov-centre",
    )


def _ranking(language: str) -> Component:
    return panel(
        say("overview.ranking", language),
        _waiting("ov-rank", language),
        time="at",
        language=language,
        id="ov-rank-panel",
        kind="ov-ranking",
    )


def _charts(language: str) -> list[Component]:
    return [
        panel(
            say("overview.exceptions", language),
            _waiting("ov-exceptions", language),
            time="none",
            language=language,
            id="ov-exceptions-panel",
            kind="ov-exceptions",
        ),
        panel(
            say("overview.series", language),
            _waiting("ov-series", language, "ov-chart"),
            time="range",
            language=language,
            table=html.Div(id="ov-series-twin"),
            id="ov-series-panel",
        ),
        panel(
            say("overview.sum", language),
            html.Div(id="ov-sum", className="ov-chart"),
            time="at",
            language=language,
            table=html.Div(id="ov-sum-twin"),
            id="ov-sum-panel",
        ),
        panel(
            say("overview.small", language),
            html.Div(id="ov-small", className="ov-small"),
            time="range",
            language=language,
            table=html.Div(id="ov-small-twin"),
            id="ov-small-panel",
        ),
        html.Div(id="ov-lists", className="ov-lists", **extra({"data-title-mark": say("panel.time_none", language)})),
    ]
