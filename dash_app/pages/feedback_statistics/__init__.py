"""Statistics of citizen feedback by reporting month."""

from dash_app.pages.feedback_statistics.callbacks import register
from dash_app.pages.feedback_statistics.layout import layout, validation_layout

__all__ = ["layout", "register", "validation_layout"]
