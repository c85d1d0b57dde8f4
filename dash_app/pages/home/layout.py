"""«Việc cần chú ý»: exceptions of all subjects, ranked, each one click from its evidence."""

from __future__ import annotations

from dash import Dash, html
from dash.development.base_component import Component

from dash_app.address import Address
from dash_app.components.page import framed
from dash_app.i18n import say
from dash_app.services import Services
from spatial.access import connect
from spatial.queries.attention import list_attention


def layout(services: Services, address: Address) -> Component:
    """The list for the unit of the address (``?unit=``), else for the province."""
    unit = services.unit(address.query.get("unit"))
    with connect(services.actor) as conn:
        rows = list_attention(conn, unit_id=unit["id"] if unit else None)
    return framed(services, address, _body(rows, address.language), active="/")


def validation_layout() -> Component:
    """The page without items."""
    return _body([], "vi")


def register(app: Dash, services: Services) -> None:
    """No callbacks yet."""


def _body(rows: list[dict[str, object]], language: str) -> Component:
    lines = [html.Li(html.A(f"{row['subject']} {row['unit_name']}", href=str(row["url"]))) for row in rows]
    shown: Component = html.Ol(lines) if lines else html.P(say("home.nothing", language))
    return html.Main([html.H2(say("home.title", language)), shown], id="main", className="page")
