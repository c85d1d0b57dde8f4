"""Frame of the statistics: month, unit and panels."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dash_app.address import Address
from dash_app.components.page import framed
from dash_app.i18n import say
from dash_app.services import Services


def layout(services: Services, address: Address) -> Component:
    """The page of a month and a unit."""
    body = html.Main(html.H2(say("desk.statistics", address.language)), id="main", className="page-stack")
    return framed(services, address, body, active="/feedback")


def validation_layout() -> Component:
    """All ids of the page."""
    return html.Div()
