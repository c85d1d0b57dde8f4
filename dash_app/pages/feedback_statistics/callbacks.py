"""Joins the statistics to the roll-ups."""

from __future__ import annotations

from dash import Dash

from dash_app.services import Services


def register(app: Dash, services: Services) -> None:
    """The callbacks of the page."""
