"""Frame of the inbox: tabs, filters and list on the left, the evidence of one alert on the right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.address import Address
from dash_app.alert_services import Filters, read_filters
from dash_app.components.attributes import extra
from dash_app.components.page import framed
from dash_app.i18n import say
from dash_app.pages.alerts.ids import AlertId
from dash_app.pages.alerts.view import CAUSES, SEVERITIES
from dash_app.services import Services, observation_layers
from spatial.admin_units import REFORM
from spatial.alerts.words import CAUSE_TITLES, SEVERITY_TITLES

type Row = dict[str, Any]

DAYS = (1, 7, 30, 90)


def layout(services: Services, address: Address) -> Component:
    """The page in one language; the list and the evidence come by callback."""
    language = address.language
    filters = read_filters(address.query)
    opened = address.parts.get("alert")
    stations = [(layer.id, row) for layer in observation_layers() for row in services.stations(layer)]
    body = _body(filters, opened, services.units(), stations, services.today(), language)
    return framed(services, address, body, active="/alerts", screen="screen-alerts")


def validation_layout() -> Component:
    """All ids of the page."""
    return _body(Filters(), None, [], [], date.min, "vi")


def _body(
    filters: Filters, opened: int | None, units: Sequence[Row], stations: Sequence[tuple[str, Row]], month: date,
    language: str,
) -> Component:  # fmt: skip
    view = {
        "state": filters.state, "cause": filters.cause, "severity": filters.severity, "unit": filters.unit,
        "station": ":".join(filters.station) if filters.station else None, "days": filters.days,
    }  # fmt: skip
    return html.Main(
        [
            dcc.Store(id=AlertId.VIEW, data=view),
            dcc.Store(id=AlertId.OPEN, data=opened),
            dcc.Store(id=AlertId.TICK, data=0),
            dcc.Store(id=AlertId.LIST_STAMP),
            dcc.Store(id=AlertId.DETAIL_STAMP),
            html.Section(
                [
                    html.Div(
                        [
                            html.H2(say("alerts.title", language)),
                            html.A(
                                say("alerts.report", language),
                                href=f"/reports/environment?month={month:%Y-%m}"
                                + ("&lang=en" if language == "en" else ""),
                                className="tool small",
                            ),
                            html.A(
                                say("alerts.rules", language),
                                href="/alerts/rules" + ("?lang=en" if language == "en" else ""),
                                className="tool small",
                            ),
                        ],
                        className="alerts-head",
                    ),
                    html.Nav(
                        id=AlertId.TABS, className="alerts-tabs", **extra({"aria-label": say("alerts.tabs", language)})
                    ),
                    _filters(filters, units, stations, language),
                    _bulk(language),
                    html.Div(id=AlertId.NOTICE, className="alerts-notice", role="status"),
                    html.Div(
                        html.P(say("state.loading", language), className="muted loading"),
                        id=AlertId.LIST,
                        className="alerts-list",
                    ),
                    html.P(id=AlertId.REFRESHED, className="alerts-foot muted"),
                ],
                className="alerts-inbox card",
                **extra({"aria-label": say("alerts.title", language)}),
            ),
            html.Section(
                html.P(say("state.loading", language), className="muted loading"),
                id=AlertId.DETAIL,
                className="alerts-detail",
                **extra({"aria-label": say("panel.detail", language)}),
            ),
        ],
        id="main",
        className="alerts-page",
        **extra({"data-open": str(opened or "")}),
    )


def _bulk(language: str) -> Component:
    """Mark all, and what can be done with the marked ones."""
    return html.Div(
        [
            html.Button(
                className="mark",
                id="alerts-mark-all",
                role="checkbox",
                **extra({"aria-checked": "false", "aria-label": say("alerts.select_all", language)}),
            ),
            html.Span(say("alerts.select_all", language), id="alerts-marked", className="muted"),
            html.Button(
                say("alerts.acknowledge_marked", language),
                id="alerts-acknowledge-marked",
                className="tool small primary",
                disabled=True,
            ),
        ],
        className="alerts-bulk",
    )


def _filters(filters: Filters, units: Sequence[Row], stations: Sequence[tuple[str, Row]], language: str) -> Component:
    causes = [(name, CAUSE_TITLES[name][language]) for name in CAUSES]
    severities = [(name, SEVERITY_TITLES[name][language]) for name in SEVERITIES]
    days = [
        (str(n), say("alerts.last_days", language, n=n) if n > 1 else say("alerts.last_day", language)) for n in DAYS
    ]
    places = [(f"{layer}:{row['key']}", row["name"]) for layer, row in stations]
    station = ":".join(filters.station) if filters.station else None
    return html.Div(
        [
            _select("cause", "alerts.any_cause", [(None, causes)], filters.cause, language),
            _select("severity", "alerts.any_severity", [(None, severities)], filters.severity, language),
            _select("days", "alerts.any_time", [(None, days)], str(filters.days or ""), language),
            _select("unit", "alerts.any_unit", _unit_groups(units, language), filters.unit, language),
            _select("station", "alerts.any_station", [(None, places)], station, language),
            html.A(
                say("alerts.clear", language),
                href="/alerts" + ("?lang=en" if language == "en" else ""),
                className="alerts-clear",
                hidden=not filters.narrowed,
            ),
        ],
        className="alerts-filters",
        role="group",
        **extra({"aria-label": say("alerts.filters", language)}),
    )


type Options = Sequence[tuple[str, str]]


def _select(
    name: str, nothing: str, groups: Sequence[tuple[str | None, Options]], chosen: str | None, language: str
) -> Component:
    """A native list: quick on a telephone, and its first entry says what it narrows."""
    entries: list[Component] = [html.Option(say(nothing, language), value="")]
    for title, options in groups:
        items = [html.Option(words, value=value, selected=value == chosen or None) for value, words in options]
        entries += [html.Optgroup(items, label=title)] if title else items
    return html.Select(
        entries,
        id=f"alerts-filter-{name}",
        className="alerts-select",
        **extra({"data-filter": name, "aria-label": say(f"alerts.{name}", language)}),
    )


def _unit_groups(units: Sequence[Row], language: str) -> list[tuple[str | None, Options]]:
    """Communes of today and the districts that ended with the reform."""
    today = [unit for unit in units if unit["level"] == "commune" and unit["valid_to"] is None]
    former = [unit for unit in units if unit["level"] == "district" and unit["valid_to"] == REFORM]
    return [
        (say(title, language), [(unit["key"], formats.unit_name(unit, language)) for unit in found])
        for title, found in (("alerts.units_today", today), ("alerts.units_former", former))
        if found
    ]
