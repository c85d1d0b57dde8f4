"""The stations page."""

from dash_app.pages.stations.callbacks import register
from dash_app.pages.stations.layout import layout, validation_layout

__all__ = ["layout", "register", "validation_layout"]
