"""Values of features as people read them: 1.234,5 and 21/11/2026 22:00, titles instead of codes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from babel.numbers import format_decimal

from layers.model import Layer
from spatial.settings import LOCAL_ZONE

DAY_LENGTH, MOST_DECIMALS = 10, 6


def number(value: float, decimals: int | None, language: str) -> str:
    """1234.5 -> «1.234,5» (vi) or «1,234.5» (en); ``decimals`` None keeps those the value has."""
    digits = "#" * MOST_DECIMALS if decimals is None else "0" * decimals
    return str(format_decimal(value, format=f"#,##0.{digits}" if digits else "#,##0", locale=language))


def day(value: str | date) -> str:
    """«2026-11-21» or a moment -> «21/11/2026» or «21/11/2026 22:00», local time."""
    text = value if isinstance(value, str) else value.isoformat()
    if len(text) == DAY_LENGTH:
        return date.fromisoformat(text).strftime("%d/%m/%Y")
    return datetime.fromisoformat(text).astimezone(LOCAL_ZONE).strftime("%d/%m/%Y %H:%M")


def shown(layer: Layer, name: str, row: dict[str, Any], language: str, word: Callable[[str], str]) -> str:
    """One property of a feature of a layer; a missing value is a dash."""
    value = row.get(name)
    if value is None or value == "":
        return "–"
    if layer.indicators is not None and name in ("indicator", "value", "state", "period"):
        return _indicator(layer, name, row, language, word)
    column = next((item for item in layer.columns if item.name == name), None)
    if column is not None and (title := {code.value: code.title for code in column.codes}.get(str(value))):
        return title[language]
    if isinstance(value, bool):
        return word("yes") if value else word("no")
    if isinstance(value, int | float):
        return number(value, column.decimals if column is not None else None, language)
    if name == "unit_level":
        return word(str(value))
    kind = column.type if column is not None else "datetime" if name == "updated_at" else "text"
    return day(value) if kind in ("date", "datetime") else str(value)


def _indicator(layer: Layer, name: str, row: dict[str, Any], language: str, word: Callable[[str], str]) -> str:
    assert layer.indicators is not None
    found = next((item for item in layer.indicators.indicators if item.code == row.get("indicator")), None)
    match name:
        case "indicator" if found is not None:
            return f"{found.title[language]} ({found.unit[language]})"
        case "value":
            return number(row["value"], found.decimals if found is not None else None, language)
        case "period":
            return date.fromisoformat(str(row["period"])[:DAY_LENGTH]).strftime("%m/%Y")
        case "state":
            return word(str(row["state"]))
    return str(row[name])
