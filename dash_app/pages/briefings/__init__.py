"""Briefings that were kept: list, open, download, make one now."""

from dash_app.pages.briefings.layout import layout, register, validation_layout

__all__ = ["layout", "register", "validation_layout"]
