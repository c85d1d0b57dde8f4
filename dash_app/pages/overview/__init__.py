"""The overview: ten tabs, one view."""

from dash_app.pages.overview.layout import layout, register, validation_layout

__all__ = ["layout", "register", "validation_layout"]
