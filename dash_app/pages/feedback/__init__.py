"""The feedback desk: the queue of cases and the panel of each."""

from dash_app.pages.feedback.callbacks import register
from dash_app.pages.feedback.layout import layout, validation_layout

__all__ = ["layout", "register", "validation_layout"]
