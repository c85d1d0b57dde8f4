"""The panel «Cần chú ý» on the map: the three things that need somebody, one click from their evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dash import Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from dash_app.alert_services import AlertServices
from dash_app.components.attributes import extra
from dash_app.i18n import say
from dash_app.ids import Id
from dash_app.pages.alerts.ids import AlertId
from dash_app.pages.alerts.marks import cause_chip, severity_mark, state_mark
from dash_app.pages.alerts.view import Group, began, communes_by_code, episode_title, headline, place_of, since
from dash_app.services import Services
from dash_app.state import read_language
from spatial.errors import DatabaseUnavailable

type Row = dict[str, Any]

MOST = 3
REFRESH_MS = 60_000


def attention_panel(language: str) -> Component:
    """Place of the panel; its lines come after the map, and again every minute."""
    return html.Section(
        [
            dcc.Interval(id=AlertId.ATTENTION_TICK, interval=REFRESH_MS),
            html.Div(id=AlertId.ATTENTION, **extra({"aria-live": "polite"})),
        ],
        className="card attention",
        **extra({"aria-label": say("attention.title", language)}),
    )


def register_attention(app: Dash, services: Services) -> None:
    """The callback of the panel."""
    alerts = AlertServices(services)

    @app.callback(
        output=Output(AlertId.ATTENTION, "children"),
        inputs={"_tick": Input(AlertId.ATTENTION_TICK, "n_intervals")},
        state={"search": State(Id.URL, "search")},
    )
    def show_attention(_tick: int | None, search: str | None) -> Any:
        language = read_language(search)
        try:
            rows, total = alerts.most_pressing(MOST)
            return attention_lines(rows, total, communes_by_code(services.units()), services.now(), language)
        except DatabaseUnavailable:
            return html.P(say("error.database", language), className="muted")


def attention_lines(
    rows: Sequence[Row], total: int, units: Mapping[str, Row], now: datetime, language: str
) -> list[Component]:
    """Heading with the way to all, and a line per alert or episode."""
    query = "?lang=en" if language == "en" else ""
    head: list[Component] = [html.H2(say("attention.title", language))]
    if not rows:
        return [html.Div(head, className="attention-head"), html.P(say("attention.none", language), className="muted")]
    head.append(html.A(say("attention.all", language, n=total), href=f"/alerts{query}"))
    lines = html.Ul([_line(row, units, now, language, query) for row in rows], className="attention-lines")
    return [html.Div(head, className="attention-head"), lines]


def _line(row: Row, units: Mapping[str, Row], now: datetime, language: str, query: str) -> Component:
    group = Group(tuple(row["together"]))
    many = group.episode is not None
    title = episode_title(group, language) if many else headline(row, language)
    place = headline(row, language) if many else place_of(row, units, language)
    marks = [severity_mark(row["severity"], language), cause_chip(row, language)]
    taken = [state_mark(row["state"], language)] if row["state"] != "new" else []
    begin, lasted = since(min(group.rows, key=began), now, language)
    return html.Li(
        html.A(
            [
                html.Span([*marks, *taken], className="attention-marks"),
                html.B(title),
                html.Span(place, className="attention-place"),
                html.Span(" · ".join(filter(None, (begin, lasted))), className="attention-place"),
            ],
            href=f"/alerts/{row['id']}{query}",
        )
    )
