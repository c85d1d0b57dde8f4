"""The frame of every page: header with clocks on top, the page's own body below."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dash_app.address import Address
from dash_app.components.header import header
from dash_app.services import Services


def framed(services: Services, address: Address, *body: Component, active: str, screen: str = "") -> Component:
    """A whole page; ``active`` is the tab it belongs to, a path of ``header.TABS``, ``screen`` a class of its own."""
    versions = services.layer_versions()
    newest = max((row["data_until"] for row in versions.values() if row["data_until"]), default=None)
    now = services.now()
    top = header(
        address.language,
        active=active,
        province=services.province(),
        synthetic=services.synthetic(),
        newest=min(newest, now) if newest else None,
        now=now,
        address=address,
    )
    return html.Div([top, *body], className=f"screen screen-page {screen}".strip())
