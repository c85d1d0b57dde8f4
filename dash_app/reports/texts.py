"""Words of the reports: the part ``report.`` of the catalogue."""

from __future__ import annotations

from dash_app.i18n import say


def word(key: str, language: str, **values: object) -> str:
    """A text of the reports with its placeholders filled."""
    return say(f"report.{key}", language, **values)
