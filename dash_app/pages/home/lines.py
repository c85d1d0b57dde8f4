"""The lines of the first page: three large ones, then the rest by domain."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.attention_words import Units, Words, moment_near, words_of
from dash_app.components.attributes import extra
from dash_app.components.links import soft_link
from dash_app.components.states import empty_state
from dash_app.i18n import say
from dash_app.pages.alerts.marks import severity_mark
from dash_app.pages.home.view import STALE, Morning, link, with_language
from dash_app.services import Row
from layers.domains import DOMAINS

LARGE = 3
FOLDED_FROM = 8  # lines of a domain that are shown before the rest is folded


def body_lines(morning: Morning, units: Units, language: str) -> list[Component]:
    """Everything of the left column."""
    shown = morning.shown
    head = [_looked(morning, language)]
    if not shown:
        return [*head, _nothing(morning, language)]
    first = html.Ol(
        [
            _line(row, morning, units, language, large=True, first=number == 0)
            for number, row in enumerate(shown[:LARGE])
        ],
        className="need-list need-large",
        **extra({"aria-label": say("home.first", language)}),
    )
    return [*head, first, *_rest(shown[LARGE:], morning, units, language)]


def _looked(morning: Morning, language: str) -> Component:
    if morning.looked is None:
        return html.P(say("home.never", language), className="need-looked need-warn", role="status")
    if morning.now - morning.looked > STALE:
        age = formats.age(morning.now - morning.looked, language)
        return html.P(say("home.stale", language, age=age), className="need-looked need-warn", role="status")
    return html.Span()


def _nothing(morning: Morning, language: str) -> Component:
    if morning.choice.domain:
        sentence = say("home.nothing_domain", language)
    elif morning.unit is not None and len(morning.path) > 1:
        sentence = say("home.nothing_here", language, unit=formats.unit_name(morning.unit, language))
    else:
        sentence = say("home.nothing", language)
    if morning.looked is None:
        return empty_state(sentence)
    checked = say("home.checked", language, time=moment_near(morning.looked, morning.now, language))
    return html.Div([empty_state(sentence), html.P(checked, className="muted need-checked")], className="need-nothing")


def _rest(rows: Sequence[Row], morning: Morning, units: Units, language: str) -> list[Component]:
    by_domain: dict[str, list[Row]] = {}
    for row in rows:
        by_domain.setdefault(row["domain"], []).append(row)
    sections: list[Component] = []
    for name in sorted(by_domain, key=lambda name: -by_domain[name][0]["rank"]):
        found = by_domain[name]
        # What is minor is one click away, so that the page stays a list of exceptions; a chosen domain shows it.
        open_ = [row for row in found if row["severity"] != "minor" or morning.choice.domain][:FOLDED_FROM]
        lines = [_line(row, morning, units, language) for row in open_]
        domain = DOMAINS.get(name)
        title = domain.title[language] if domain else name
        heading = [html.H3([title, html.Span(str(len(found)), className="need-count")])]
        more = [_line(row, morning, units, language) for row in found if row not in open_]
        folded = (
            [
                html.Details(
                    [
                        html.Summary(say("home.more", language, n=len(more))),
                        html.Ul(more, className="need-list"),
                    ]
                )
            ]
            if more
            else []
        )
        sections.append(
            html.Section(
                [*heading, *([html.Ul(lines, className="need-list")] if lines else []), *folded],
                className="need-domain",
            )
        )
    return [html.Div(sections, className="home-rest")]


def _line(
    row: Row, morning: Morning, units: Units, language: str, *, large: bool = False, first: bool = False
) -> Component:
    words = words_of(row, units, morning.now, language)
    tag = html.H3 if large else html.P
    return html.Li(
        [
            html.Div(
                [
                    severity_mark(row["severity"], language),
                    *([_domain_chip(row, language)] if large else []),
                    html.Span(say("home.new", language), className="chip need-new", hidden=True),
                ],
                className="need-marks",
            ),
            tag(html.A(words.title, href=with_language(row["url"], language), className="need-title")),
            html.P(
                [
                    _place(row, words, morning, units, language),
                    html.Span(words.since, className="need-since"),
                    html.Span(words.who, className="need-who" + (" is-nobody" if row["facts"]["nobody"] else "")),
                ],
                className="need-facts",
            ),
            html.P(
                [
                    html.Span(say("home.why_first" if first else "home.why", language) + ": ", className="muted"),
                    words.why,
                ],
                className="need-why",
            )
            if large
            else html.Span(words.why, className="visually-hidden"),
        ],
        className=f"need need-{row['severity']}" + (" card" if large else ""),
        title=None if large else words.why,
        **extra({"data-need": str(row["id"]), "data-unit": row["unit_key"]}),
    )


def _domain_chip(row: Row, language: str) -> Component:
    domain = DOMAINS.get(row["domain"])
    words = f"{domain.icon} {domain.title[language]}" if domain else row["domain"]
    return html.Span(words, className="chip")


def _place(row: Row, words: Words, morning: Morning, units: Units, language: str) -> Component:
    """A place below the page's own unit is the way down; a line of several places leads to the first of them."""
    here = morning.unit["id"] if morning.unit else None
    targets = [row["unit_id"], *row["facts"]["places"]]
    unit = next((units[number] for number in targets if number != here and number in units), None)
    if unit is None:
        return html.Span(words.place, className="need-place")
    href = link("/", language, unit=unit["key"], via=morning.choice.via if morning.choice.via != "today" else None)
    return soft_link(words.place, href=href, className="need-place link")
