"""Two units, or two times, side by side."""

from dash_app.pages.twin.callbacks import register
from dash_app.pages.twin.layout import layout, validation_layout

__all__ = ["layout", "register", "validation_layout"]
