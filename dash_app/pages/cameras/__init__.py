"""Cameras: who answers, with what picture, and which places none of them sees."""

from dash_app.pages.cameras.layout import layout, register, validation_layout

__all__ = ["layout", "register", "validation_layout"]
