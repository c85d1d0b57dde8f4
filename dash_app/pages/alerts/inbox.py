"""Components of the list: tabs with counts, one line per alert, folded lines per episode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from dash import html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.alert_services import OPEN, SHOWN, Filters
from dash_app.components.attributes import extra
from dash_app.components.states import empty_state
from dash_app.i18n import say
from dash_app.pages.alerts.marks import cause_chip, severity_mark, state_mark
from dash_app.pages.alerts.view import (
    CAUSES,
    STATES,
    Group,
    Row,
    against,
    began,
    episode_title,
    group_rows,
    headline,
    holder,
    place_of,
    since,
)
from spatial.alerts.words import CAUSE_TITLES, STATE_TITLES

KEYS = (("j k", "move"), ("Enter", "open"), ("x", "mark"), ("a", "acknowledge"), ("n", "note"), ("Esc", "back"))


def overview(counts: Mapping[str, Any], language: str) -> Component:
    """What the right side shows while no alert is open: how many of what is open, and how to go on."""
    causes = [
        html.A(
            [
                html.B(formats.number(counts["cause"].get(name, 0), 0, language)),
                html.Span(CAUSE_TITLES[name][language]),
            ],
            href="/alerts" + query_of(Filters(cause=name), language),
            className="overview-figure",
        )
        for name in CAUSES
    ]
    keys = [html.Li([html.Kbd(key), " ", say(f"alerts.key.{name}", language)]) for key, name in KEYS]
    return html.Div(
        [
            html.P(say("alerts.pick", language)),
            html.Div(causes, className="overview-figures"),
            html.Ul(keys, className="overview-keys"),
        ],
        className="overview",
    )


def query_of(filters: Filters, language: str, **changes: str | None) -> str:
    """The filters as a query string, with changes; empty when nothing is chosen."""
    values = {
        "state": None if filters.state == "open" else filters.state,
        "cause": filters.cause,
        "severity": filters.severity,
        "unit": filters.unit,
        "station": ":".join(filters.station) if filters.station else None,
        "days": str(filters.days) if filters.days else None,
        "lang": "en" if language == "en" else None,
    } | changes
    kept = {name: value for name, value in values.items() if value}
    return f"?{urlencode(kept, safe=':,')}" if kept else ""


def tabs(filters: Filters, counts: Mapping[str, int], language: str) -> list[Component]:
    """Links by state with the number of alerts in each."""
    return [_tab(name, filters, counts, language) for name in STATES]


def _tab(name: str, filters: Filters, counts: Mapping[str, int], language: str) -> Component:
    number = sum(counts.get(state, 0) for state in OPEN) if name == "open" else counts.get(name, 0)
    words = say("alert.state.open", language) if name == "open" else STATE_TITLES[name][language]
    return html.A(
        [words, html.Span(f"{number}", className="count")],
        href="/alerts" + query_of(filters, language, state=None if name == "open" else name),
        className="alerts-tab",
        **extra({"data-state": name} | ({"aria-current": "true"} if name == filters.state else {})),
    )


def alert_list(
    rows: Sequence[Row], filters: Filters, units: Mapping[str, Row], now: datetime, language: str
) -> list[Component]:
    """The lines in the order of the query; at most as many as are shown at once."""
    if not rows:
        return [empty_state(_nothing(filters, language))]
    lines = html.Ul(
        [_group(group, units, now, language) for group in group_rows(rows[:SHOWN])],
        className="alert-lines",
        **extra({"aria-label": say("alerts.list", language)}),
    )
    more = [html.P(say("alerts.more", language, n=SHOWN), className="muted small-text")] if len(rows) > SHOWN else []
    return [lines, *more]


def _nothing(filters: Filters, language: str) -> str:
    if filters.narrowed:
        return say("alerts.none_filtered", language)
    return say("alerts.none_closed" if filters.state == "closed" else "alerts.none", language)


def _group(group: Group, units: Mapping[str, Row], now: datetime, language: str) -> Component:
    if group.episode is None:
        return _line(group.rows[0], units, now, language)
    first = group.rows[0]
    begin, lasted = since(min(group.rows, key=began), now, language)
    fresh = sum(row["state"] == "new" for row in group.rows)
    summary = html.Summary(
        [
            html.Span(
                [severity_mark(first["severity"], language), cause_chip(first, language), _new_count(fresh, language)],
                className="line-marks",
            ),
            html.Span(episode_title(group, language), className="line-title"),
            html.Span(
                [html.B(headline(first, language)), html.Span(f"{place_of(first, units, language)}")],
                className="line-place",
            ),
            html.Span([html.Span(begin), html.Span(lasted, className="strong")], className="line-time"),
        ],
        className="line line-episode",
        **extra({"data-line": "episode"}),
    )
    inner = html.Ul([_line(row, units, now, language) for row in group.rows], className="alert-lines inner")
    fold = html.Details([summary, inner], **extra({"data-episode": str(group.episode)}))
    return html.Li([_mark(episode_title(group, language), language), fold], className="alert-line is-episode")


def _mark(name: str, language: str) -> Component:
    """A box that the browser ticks: what is marked can be taken on together."""
    return html.Button(
        className="mark",
        role="checkbox",
        **extra({"aria-checked": "false", "aria-label": say("alerts.select", language, name=name)}),
    )


def _new_count(number: int, language: str) -> Component:
    return html.Span(f"{number} {STATE_TITLES['new'][language].lower()}" if number else "", className="work-new-count")


def _line(row: Row, units: Mapping[str, Row], now: datetime, language: str) -> Component:
    begin, lasted = since(row, now, language)
    title = headline(row, language)
    place = place_of(row, units, language)
    figure = against(row, language)
    link = html.A(
        [
            html.Span([severity_mark(row["severity"], language), cause_chip(row, language)], className="line-marks"),
            html.Span(title, className="line-title"),
            html.Span(place, className="line-place"),
            html.Span(figure or "", className="line-figure"),
            html.Span([html.Span(begin), html.Span(lasted, className="strong")], className="line-time"),
            html.Span([state_mark(row["state"], language), html.Span(holder(row, language))], className="line-holder"),
        ],
        href=f"/alerts/{row['id']}" + ("?lang=en" if language == "en" else ""),
        className="line",
        **extra({"data-line": "alert"}),
    )
    return html.Li(
        [_mark(f"{title}, {place}", language), link],
        className=f"alert-line is-{row['state']}" + (" is-over" if row["ended_at"] else ""),
        **extra(
            {
                "data-alert": str(row["id"]),
                "data-seen": str(row["deed"]["last_event"] or 0),
                "data-work": row["state"],
                "data-name": f"{title} · {place}",
            }
        ),
    )
