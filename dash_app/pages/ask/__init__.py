"""Questions in words, answered with a number, its source and the map that shows it."""

from dash_app.pages.ask.layout import layout, register, validation_layout

__all__ = ["layout", "register", "validation_layout"]
