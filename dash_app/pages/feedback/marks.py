"""State, clock and level of a case: always a shape or a word, never a colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from dash_app.components.attributes import extra
from dash_app.pages.feedback.view import clock, column_title, state_title


def state_mark(state: str | None, language: str) -> Component:
    """State of the case."""
    return html.Span(
        [html.Span(className=f"fb-dot fb-dot-{state}", **extra({"aria-hidden": "true"})), state_title(state, language)],
        className=f"chip fb-state fb-state-{state}",
    )


def clock_mark(row: Mapping[str, Any], now: datetime, language: str) -> list[Component]:
    """Lateness, or the time left; nothing where there is no clock."""
    found = clock(row, now, language)
    return [html.Span(found.words, className=f"fb-clock fb-clock-{found.tone}")] if found.words else []


def level_mark(level: str | None, language: str) -> list[Component]:
    """Only what is not ordinary is marked."""
    if level in (None, "ordinary"):
        return []
    return [html.Span(column_title("level", level, language), className=f"chip fb-level fb-level-{level}")]
