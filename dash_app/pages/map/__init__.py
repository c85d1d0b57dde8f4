"""The map page."""

from dash_app.pages.map.callbacks import register
from dash_app.pages.map.layout import layout, validation_layout

__all__ = ["layout", "register", "validation_layout"]
