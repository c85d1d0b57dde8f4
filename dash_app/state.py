"""What the user is looking at, as far as the server must know it; the bridge keeps the same words in the URL hash."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from dash_app.themes import Theme, get_theme

type Via = Literal["today", "former"]
type Look = Literal["light", "dark"]

LANGUAGES = ("vi", "en")
_KEY = re.compile(r"^\d{2,5}\.\d{4}-\d{2}-\d{2}$")


@dataclass(frozen=True)
class ViewState:
    """Chosen unit, way of drilling down, theme, month at rest, station."""

    unit: str | None = None
    via: Via = "today"
    theme: Theme | None = None
    month: date | None = None
    station: tuple[str, str] | None = None  # (observation layer, station key)
    look: Look = "light"


def read_language(search: str | None) -> str:
    """Language of a query string (``?lang=en``); Vietnamese unless it says English."""
    return "en" if search and re.search(r"[?&]lang=en\b", search) else "vi"


def read_state(data: Mapping[str, Any] | None) -> ViewState:
    """State from the store; whatever is not understood falls back to the default, a link never breaks a page."""
    values = data or {}
    unit = values.get("unit")
    station = str(values.get("station") or "").partition(":")
    return ViewState(
        unit=unit if isinstance(unit, str) and _KEY.match(unit) else None,
        via="former" if values.get("via") == "former" else "today",
        theme=get_theme(values.get("theme")),
        month=_month(values.get("month")),
        station=(station[0], station[2]) if station[2] else None,
        look="dark" if values.get("look") == "dark" else "light",
    )


def _month(value: object) -> date | None:
    match = re.match(r"^(\d{4})-(\d{2})", value) if isinstance(value, str) else None
    if match is None or not 1 <= int(match[2]) <= 12:
        return None
    return date(int(match[1]), int(match[2]), 1)
