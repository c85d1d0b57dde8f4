"""The page of one station."""

from dash_app.pages.station.callbacks import register
from dash_app.pages.station.layout import layout, validation_layout

__all__ = ["layout", "register", "validation_layout"]
