"""The inbox of alerts with the evidence of each."""

from dash_app.pages.alerts.callbacks import register
from dash_app.pages.alerts.layout import layout, validation_layout

__all__ = ["layout", "register", "validation_layout"]
