"""Components of the list: tabs with counts, one line per case, pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.components.attributes import extra
from dash_app.components.states import empty_state
from dash_app.desk_filters import PAGE_SIZE, Filters
from dash_app.i18n import say
from dash_app.pages.feedback.marks import clock_mark, level_mark, state_mark
from dash_app.pages.feedback.view import Row, category_title, counted, headline, moment_near, place_of
from spatial.queries.feedback_desk import COUNTED, QUEUES

KEYS = (("j k", "move"), ("Enter", "open"), ("x", "mark"), ("/", "find"), ("Esc", "back"))
PRESSING = ("late",)  # queues whose number stands out


def overview(counts: Mapping[str, int], language: str) -> Component:
    """What the right side shows while no case is open: what waits, and how to go on."""
    figures = [
        html.A(
            [html.B(counted(counts[name], language)), html.Span(say(f"desk.queue.{name}", language))],
            href="/feedback" + Filters(queue=name).query(language),
            className="overview-figure" + (" is-pressing" if name in PRESSING and counts[name] else ""),
            **extra({"data-queue": name}),
        )
        for name in ("new", "late", "soon", "waiting")
    ]
    keys = [html.Li([html.Kbd(key), " ", say(f"desk.key.{name}", language)]) for key, name in KEYS]
    return html.Div(
        [
            html.P(say("desk.pick", language)),
            html.Div(figures, className="overview-figures"),
            html.Ul(keys, className="overview-keys"),
        ],
        className="overview",
    )


def tabs(filters: Filters, counts: Mapping[str, int], language: str) -> list[Component]:
    """Links by queue with the number of cases in each."""
    return [
        html.A(
            [
                say(f"desk.queue.{name}", language),
                html.Span(
                    counted(counts[name], language),
                    className="count" + (" is-pressing" if name in PRESSING and counts[name] else ""),
                ),
            ],
            href="/feedback" + filters.query(language, queue=None if name == "new" else name),
            className="alerts-tab desk-tab",
            **extra({"data-queue": name} | ({"aria-current": "true"} if name == filters.queue else {})),
        )
        for name in QUEUES
    ]


def case_list(
    rows: Sequence[Row], filters: Filters, communes: Mapping[str, Row], now: datetime, language: str
) -> list[Component]:
    """The lines of one page in the order of the query."""
    if not rows:
        return [empty_state(say("desk.none_filtered" if filters.narrowed else "desk.none", language))]
    return [
        html.Ul(
            [_line(row, communes, now, language) for row in rows],
            className="alert-lines",
            **extra({"aria-label": say("desk.list", language)}),
        )
    ]


def pager(filters: Filters, shown: int, total: int, language: str) -> list[Component]:
    """«51–100 của 17.003», and the way to the pages around."""
    first = (filters.page - 1) * PAGE_SIZE
    words = say(
        "desk.range",
        language,
        first=formats.number(min(first + 1, first + shown), 0, language),
        last=formats.number(first + shown, 0, language),
        total=counted(total, language),
    )
    more = first + shown < total or (total == COUNTED + 1 and shown == PAGE_SIZE)
    return [
        _step("prev", "‹", filters.page - 1, filters, language, possible=filters.page > 1),
        html.Span(words if shown else "", className="desk-range"),
        _step("next", "›", filters.page + 1, filters, language, possible=more),
    ]


def _step(name: str, arrow: str, page: int, filters: Filters, language: str, *, possible: bool) -> Component:
    words = say(f"desk.page.{name}", language)
    if not possible:
        return html.Span(arrow, className="tool small is-off", **extra({"aria-hidden": "true"}))
    return html.A(
        arrow,
        href="/feedback" + filters.query(language, page=str(page)),
        className="tool small",
        **extra({"data-page": str(page), "aria-label": words, "title": words}),
    )


def _line(row: Row, communes: Mapping[str, Row], now: datetime, language: str) -> Component:
    title, place = headline(row, language), place_of(row, communes, language)
    link = html.A(
        [
            html.Span(
                [*clock_mark(row, now, language), *level_mark(row["level"], language), *_signs(row, language)],
                className="line-marks",
            ),
            html.Span(title, className="line-title"),
            html.Span([category_title(row["category"], language), " · ", place], className="line-place"),
            html.Span(
                html.Span(moment_near(row["received_at"], now, language)),
                className="line-time",
                title=say("desk.received_at", language),
            ),
            html.Span(
                [state_mark(row["state"], language), html.Span(row["handling_unit"] or say("desk.nobody", language))],
                className="line-holder",
            ),
        ],
        href=f"/feedback/{row['key']}" + ("?lang=en" if language == "en" else ""),
        className="line",
    )
    mark = html.Button(
        className="mark",
        role="checkbox",
        **extra({"aria-checked": "false", "aria-label": say("desk.select", language, name=f"{title}, {place}")}),
    )
    return html.Li(
        [mark, link],
        className=f"alert-line desk-line is-{row['state']}",
        **extra(
            {
                "data-case": row["key"],
                "data-seen": str(row["seen"]),
                "data-state": row["state"],
                "data-name": f"{title} · {place}",
            }
        ),
    )


def _signs(row: Row, language: str) -> list[Component]:
    """What deserves a look before the case is opened."""
    signs: list[Component] = []
    if row["pin_check"] == "disagrees":
        signs.append(html.Span(say("desk.sign.place", language), className="chip fb-warn"))
    if row["photos"]:
        words = say("desk.sign.photos", language, n=row["photos"])
        signs.append(html.Span(words, className="chip"))
    return signs
