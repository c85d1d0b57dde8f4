"""Interface texts, Vietnamese first. Texts of the data itself come from the layer definitions."""

from __future__ import annotations

from dash_app.i18n.texts import TEXTS

BRIDGE = "js."


def say(key: str, language: str, **values: object) -> str:
    """A text with its placeholders filled; KeyError when the catalogue lacks it, which a test finds first."""
    text = TEXTS[key][language]
    return text.format(**values) if values else text


def bridge_texts(language: str) -> dict[str, str]:
    """Texts the map bridge shows, without their prefix."""
    return {key.removeprefix(BRIDGE): text[language] for key, text in TEXTS.items() if key.startswith(BRIDGE)}
