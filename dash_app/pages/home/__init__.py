"""The first page: only what needs somebody today."""

from dash_app.pages.home.callbacks import register
from dash_app.pages.home.layout import layout, validation_layout

__all__ = ["layout", "register", "validation_layout"]
