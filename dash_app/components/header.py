"""The header of every page: mark, province, tabs, clock and data clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from dash import html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.address import Address
from dash_app.components.attributes import extra
from dash_app.i18n import say

ALERTS = "/alerts"
TABS = (
    ("/", "nav.home"),
    ("/overview", "nav.overview"),
    ("/map", "nav.map"),
    ("/feedback", "nav.feedback"),
    ("/cameras", "nav.cameras"),
    (ALERTS, "nav.alerts"),
    ("/stations", "nav.stations"),
    ("/ask", "nav.ask"),
    ("/data", "nav.data"),
)
LATE_AFTER = timedelta(hours=3)


def header(
    language: str,
    *,
    active: str,
    province: dict[str, Any] | None,
    synthetic: bool,
    newest: datetime | None,
    now: datetime,
    address: Address | None = None,
) -> Component:
    """Header in one language; links keep the language, the switch of language keeps the address."""
    query = "?lang=en" if language == "en" else ""
    here = address or Address(active, active)
    other = here.link(lang=None if language == "en" else "en")
    name = _province_name(province, language)
    return html.Header(
        [
            html.A(say("app.skip", language), href="#main", className="skip"),
            html.Div(
                [
                    html.Span(className="crest", **extra({"aria-hidden": "true"})),
                    html.Div(
                        [
                            html.H1(name),
                            html.P(say("app.centre", language)),
                        ],
                        className="brand-text",
                    ),
                    *(
                        [html.Span(say("app.synthetic", language), className="badge-synthetic", id="synthetic-badge")]
                        if synthetic
                        else []
                    ),
                ],
                className="brand",
            ),
            html.Button(
                [html.Span("☰", **extra({"aria-hidden": "true"})), say("nav.menu", language)],
                className="tool menu-button",
                type="button",
                **extra({"aria-expanded": "false", "aria-controls": "tabs"}),
            ),
            html.Nav(
                [
                    html.A(
                        [say(text, language), *(_alert_count() if path == ALERTS else [])],
                        href=path + query,
                        className="tab",
                        **extra({"aria-current": "page"} if path == active else {}),
                    )
                    for path, text in TABS
                ],
                className="tabs",
                id="tabs",
                **extra({"aria-label": say("nav.label", language)}),
            ),
            html.Div(
                [
                    _clock(say("clock.now", language), html.Span(formats.moment(now), id="clock-now")),
                    _data_clock(language, newest, now),
                    html.A(
                        say("nav.language", language),
                        href=other,
                        className="tool",
                        id="language-switch",
                        lang="vi" if language == "en" else "en",
                        **extra({"data-keep-hash": "true"}),
                    ),
                    html.Button(
                        "◐",
                        className="tool look",
                        id="look-switch",
                        title=say("nav.look", language),
                        **extra({"aria-label": say("nav.look", language)}),
                    ),
                ],
                className="clocks",
            ),
        ],
        className="header",
    )


def _alert_count() -> list[Component]:
    """Place of the number of open alerts; the browser asks for it, so that no page waits."""
    badge = html.Span(id="alerts-badge", className="count-badge", **extra({"aria-hidden": "true"}))
    return [badge, html.Span(className="visually-hidden")]


def _province_name(province: dict[str, Any] | None, language: str) -> str:
    if province is None:
        return say("app.short", language)
    return formats.unit_name(province, language)


def _clock(label: str, *value: Component | str) -> Component:
    return html.Div(
        [html.Span(label, className="clock-label"), html.Span(value, className="clock-value")], className="clock"
    )


def _data_clock(language: str, newest: datetime | None, now: datetime) -> Component:
    label = say("clock.data", language)
    if newest is None:
        return _clock(label, html.Span(say("clock.none", language), className="late"))
    value: list[Component | str] = [html.Span(formats.moment(newest), id="clock-data")]
    if now - newest > LATE_AFTER:
        value.append(html.Span(say("clock.late", language, age=formats.age(now - newest, language)), className="late"))
    return _clock(label, *value)
