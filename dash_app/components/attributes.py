"""Attributes that are not Python names: ``data-*`` and ``aria-*``."""

from __future__ import annotations

from typing import Any


def extra(attributes: dict[str, str]) -> Any:
    """Dash takes them as keyword arguments, which its typed signatures do not list."""
    return attributes
