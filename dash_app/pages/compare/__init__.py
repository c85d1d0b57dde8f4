"""Stations side by side."""

from dash_app.pages.compare.callbacks import register
from dash_app.pages.compare.layout import layout, validation_layout

__all__ = ["layout", "register", "validation_layout"]
