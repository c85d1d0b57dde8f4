"""``/briefings?unit=KEY``: what was kept of a unit, or of all."""

from __future__ import annotations

from urllib.parse import urlencode

from dash import Dash, html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.address import Address
from dash_app.components.page import framed
from dash_app.components.states import empty_state
from dash_app.components.table import data_table
from dash_app.i18n import say
from dash_app.reports.briefing.store import stored_file
from dash_app.services import Row, Services
from spatial.access import SYSTEM, connect
from spatial.queries.briefings import list_briefings

COLUMNS = ("made", "unit", "cycle", "as_of", "changes", "by")
NUMBERS = (4,)


def layout(services: Services, address: Address) -> Component:
    """The list, the newest first."""
    language = address.language
    unit = next((row for row in services.units() if row["key"] == address.query.get("unit")), None)
    with connect(services.actor) as conn:
        rows = list_briefings(conn, unit_key=unit["key"] if unit else None)
    return framed(services, address, _body(rows, unit, language), active="/")


def validation_layout() -> Component:
    """The page without briefings."""
    return _body([], None, "vi")


def register(app: Dash, services: Services) -> None:
    """Nothing on this page changes by itself."""


def _body(rows: list[Row], unit: Row | None, language: str) -> Component:
    place = formats.unit_name(unit, language) if unit else say("briefings.everywhere", language)
    own = {"lang": "en"} if language == "en" else {}
    asked = urlencode(({"unit": unit["key"]} if unit else {}) | own)
    shown: Component = (
        data_table(say("briefings.title", language), _heads(language), [_row(row, language) for row in rows], NUMBERS)
        if rows
        else empty_state(say("briefings.none", language, name=place))
    )
    links = [html.A(say("briefings.now", language), href=f"/reports/briefing?{asked}", className="tool primary")]
    if unit is not None:
        query = f"?{urlencode(own)}" if own else ""
        links.append(html.A(say("briefings.show_all", language), href=f"/briefings{query}", className="tool"))
    return html.Main(
        html.Section(
            [
                html.Div(
                    [html.H2(f"{say('briefings.title', language)}: {place}"), html.Div(links, className="tools")],
                    className="briefings-head",
                ),
                html.P(say("briefings.lead", language), className="muted"),
                shown,
            ],
            className="card briefings",
        ),
        id="main",
        className="page-stack",
    )


def _heads(language: str) -> list[str]:
    return [*(say(f"briefings.{name}", language) for name in COLUMNS), "PDF"]


def _row(row: Row, language: str) -> list[Component | str]:
    name = formats.unit_name(row, language) if row["name"] else row["unit_key"]
    by_clock = row["actor"] == SYSTEM.name
    return [
        formats.moment(row["made_at"]),
        name,
        say(f"briefing.cycle.{row['cycle']}", language),
        formats.moment(row["as_of"]),
        str(row["changes"]),
        say("briefings.by_system", language) if by_clock else row["actor"],
        _file(row, language),
    ]


def _file(row: Row, language: str) -> Component:
    if stored_file(row) is None:
        return html.Span(say("briefings.gone", language), className="muted")
    address = f"/reports/briefings/{row['id']}.pdf"
    return html.Span(
        [
            html.A(say("briefings.open", language), href=address, target="_blank"),
            " · ",
            html.A(say("briefings.download", language), href=f"{address}?download=1"),
        ]
    )
