"""The page of data and jobs."""

from dash_app.pages.data.callbacks import register
from dash_app.pages.data.layout import layout, validation_layout

__all__ = ["layout", "register", "validation_layout"]
