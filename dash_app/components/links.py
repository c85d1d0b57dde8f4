"""Links that change the page without loading the application anew (assets/93_home.js)."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from dash_app.components.attributes import extra


def soft_link(children: Any, *, href: str, className: str = "", current: bool = False) -> Component:
    """An ordinary link, so that it opens in a new tab too; ``current``: it leads to what is on screen."""
    marks = {"data-soft": "true"} | ({"aria-current": "true"} if current else {})
    return html.A(children, href=href, className=className, **extra(marks))
