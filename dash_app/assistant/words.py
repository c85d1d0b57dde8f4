"""Words of the assistant: the part ``ask.`` of the catalogue."""

from __future__ import annotations

from dash_app.i18n import say


def word(key: str, language: str, **values: object) -> str:
    """A text of the assistant with its placeholders filled."""
    return say(f"ask.{key}", language, **values)
