"""Attributes that are not Python names: ``data-*`` and ``aria-*``."""

from __future__ import annotations

from typing import Any

from dash_app.i18n import say

DROPDOWN_WORDS = (
    "select_all", "deselect_all", "selected_count", "search", "clear_search", "clear_selection", "no_options_found",
)  # fmt: skip


def dropdown_labels(language: str) -> Any:
    """Words of a drop-down list, which speaks English by itself."""
    return {name: say(f"dropdown.{name}", language) for name in DROPDOWN_WORDS}


def extra(attributes: dict[str, str]) -> Any:
    """Dash takes them as keyword arguments, which its typed signatures do not list."""
    return attributes
