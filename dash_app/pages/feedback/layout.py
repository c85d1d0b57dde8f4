"""Frame of the feedback desk: who works, queues, filters and list on the left, one case on the right."""

from __future__ import annotations

import json
from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.address import Address
from dash_app.components.attributes import extra
from dash_app.components.page import framed
from dash_app.desk_filters import CATEGORIES, CHANNELS, DAYS, LEVELS, SORTS, Filters, read_filters
from dash_app.desk_services import DeskServices
from dash_app.i18n import say
from dash_app.pages.feedback.ids import DeskId
from dash_app.pages.feedback.view import Row, category_title, column_title
from dash_app.services import Services
from dash_app.words import alphabetical
from spatial.admin_units import REFORM

type Options = Sequence[tuple[str, str]]


def layout(services: Services, address: Address) -> Component:
    """The page in one language; the list and the case come by callback."""
    handlers = DeskServices(services).handlers()
    body = _body(read_filters(address.query), address.parts.get("code"), services.units(), handlers, address.language)
    return framed(services, address, body, active="/feedback", screen="screen-alerts screen-desk")


def validation_layout() -> Component:
    """All ids of the page."""
    return _body(Filters(), None, [], [], "vi")


def _body(
    filters: Filters, opened: str | None, units: Sequence[Row], handlers: Sequence[Row], language: str
) -> Component:
    view = {
        name: getattr(filters, name)
        for name in ("queue", "unit", "category", "by", "level", "channel", "q", "days", "sort", "page")
    }
    names = [str(row["name"]) for row in handlers]
    return html.Main(
        [
            dcc.Store(id=DeskId.VIEW, data=view),
            dcc.Store(id=DeskId.OPEN, data=opened),
            dcc.Store(id=DeskId.ROLE),
            dcc.Store(id=DeskId.TICK, data=0),
            dcc.Store(id=DeskId.LIST_STAMP),
            dcc.Store(id=DeskId.DETAIL_STAMP),
            html.Section(
                [
                    _head(names, language),
                    html.Nav(
                        id=DeskId.TABS,
                        className="alerts-tabs desk-tabs",
                        **extra({"aria-label": say("desk.queues", language)}),
                    ),
                    _filters(filters, units, names, language),
                    _bulk(language),
                    html.Div(id=DeskId.NOTICE, className="alerts-notice", role="status"),
                    html.Div(
                        html.P(say("state.loading", language), className="muted loading"),
                        id=DeskId.LIST,
                        className="alerts-list",
                    ),
                    html.Nav(
                        id=DeskId.PAGER,
                        className="alerts-foot desk-pager muted",
                        **extra({"aria-label": say("desk.pages", language)}),
                    ),
                ],
                className="alerts-inbox desk-inbox card",
                **extra({"aria-label": say("desk.title", language)}),
            ),
            html.Section(
                html.P(say("state.loading", language), className="muted loading"),
                id=DeskId.DETAIL,
                className="alerts-detail desk-detail",
                **extra({"aria-label": say("desk.case", language)}),
            ),
        ],
        id="main",
        className="desk-page",
        **extra({"data-open": str(opened or ""), "data-handlers": json.dumps(names, ensure_ascii=False)}),
    )


def _head(handlers: Sequence[str], language: str) -> Component:
    query = "?lang=en" if language == "en" else ""
    who: list[Component] = [
        html.Option(say("desk.role.operator", language), value="operator"),
        html.Option(say("desk.role.leader", language), value="leader"),
        html.Optgroup(
            [html.Option(name, value=f"unit:{name}") for name in sorted(handlers, key=alphabetical)],
            label=say("desk.role.units", language),
        ),
    ]
    return html.Div(
        [
            html.H2(say("desk.title", language)),
            html.Label(
                [
                    html.Span(say("desk.role", language)),
                    html.Select(who, id="desk-who", title=say("desk.role.note", language)),
                ],
                className="desk-who",
            ),
            html.A(say("desk.statistics", language), href=f"/feedback/statistics{query}", className="tool small"),
        ],
        className="alerts-head desk-head",
    )


def _bulk(language: str) -> Component:
    """Mark all, and assign the marked ones together."""
    return html.Div(
        [
            html.Button(
                className="mark",
                id="desk-mark-all",
                role="checkbox",
                **extra({"aria-checked": "false", "aria-label": say("desk.select_all", language)}),
            ),
            html.Span(say("desk.select_all", language), id="desk-marked", className="muted"),
            html.Button(
                say("desk.assign_marked", language),
                id="desk-assign-marked",
                className="tool small primary",
                disabled=True,
            ),
        ],
        className="alerts-bulk desk-bulk",
    )


def _filters(filters: Filters, units: Sequence[Row], handlers: Sequence[str], language: str) -> Component:
    fields = [(name, category_title(name, language)) for name in CATEGORIES]
    levels = [(name, column_title("level", name, language)) for name in LEVELS]
    channels = [(name, column_title("channel", name, language)) for name in CHANNELS]
    days = [(str(n), say("alerts.last_days", language, n=n)) for n in DAYS]
    sorts = [(name, say(f"desk.sort.{name}", language)) for name in SORTS]
    by = [(name, name) for name in sorted(handlers, key=alphabetical)]
    return html.Div(
        [
            html.Label(
                [
                    html.Span(say("desk.find", language), className="visually-hidden"),
                    dcc.Input(
                        id="desk-find",
                        type="search",
                        value=filters.q or "",
                        placeholder=say("desk.find", language),
                        className="text-field",
                    ),
                ],
                className="desk-find",
            ),
            _select("sort", "desk.any_sort", [(None, sorts)], filters.sort, language),
            html.Details(
                [
                    html.Summary(say("desk.filters", language), className="tool small"),
                    html.Div(
                        [
                            _select("unit", "desk.any_unit", unit_groups(units, language), filters.unit, language),
                            _select("category", "desk.any_category", [(None, fields)], filters.category, language),
                            _select("by", "desk.any_by", [(None, by)], filters.by, language),
                            _select("level", "desk.any_level", [(None, levels)], filters.level, language),
                            _select("channel", "desk.any_channel", [(None, channels)], filters.channel, language),
                            _select("days", "desk.any_days", [(None, days)], str(filters.days or ""), language),
                        ],
                        className="desk-more",
                    ),
                ],
                className="desk-narrow",
                open=True,
            ),
            html.A(
                say("alerts.clear", language),
                href="/feedback" + ("?lang=en" if language == "en" else ""),
                className="alerts-clear desk-clear",
                hidden=not filters.narrowed,
            ),
        ],
        className="desk-filters",
        role="group",
        **extra({"aria-label": say("desk.filters", language)}),
    )


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
        id=f"desk-filter-{name}",
        className="alerts-select",
        **extra({"data-desk-filter": name, "aria-label": say(f"desk.filter.{name}", language)}),
    )


def unit_groups(units: Sequence[Row], language: str) -> list[tuple[str | None, Options]]:
    """Communes of today and the districts that ended with the reform."""
    today = [unit for unit in units if unit["level"] == "commune" and unit["valid_to"] is None]
    former = [unit for unit in units if unit["level"] == "district" and unit["valid_to"] == REFORM]
    return [
        (say(title, language), [(unit["key"], formats.unit_name(unit, language)) for unit in found])
        for title, found in (("alerts.units_today", today), ("alerts.units_former", former))
        if found
    ]
