"""Numbers, dates and ages as Vietnamese offices write them: 1.234,5 and dd/MM/yyyy HH:mm +07."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from dash_app.i18n import say
from layers.model import Layer
from spatial.admin_units import full_name
from spatial.settings import LOCAL_ZONE


def number(value: float, decimals: int, language: str) -> str:
    """1234.5 -> «1.234,5» (vi) or «1,234.5» (en)."""
    shown = f"{value:,.{decimals}f}"
    if shown.strip("-0.,") == "":
        shown = shown.lstrip("-")  # no minus zero
    return shown if language == "en" else shown.translate(str.maketrans(",.", ".,"))


def percent(share: float, language: str, *, signed: bool = False) -> str:
    """0.064 -> «6,4%», «+6,4%» when signed."""
    sign = "+" if signed and share > 0 else ""
    return f"{sign}{number(share * 100, 1, language)}%"


def moment(value: datetime) -> str:
    """«21/11/2026 22:00», local time."""
    return value.astimezone(LOCAL_ZONE).strftime("%d/%m/%Y %H:%M")


def day(value: date) -> str:
    """«21/11/2026»."""
    return value.strftime("%d/%m/%Y")


def month(value: date) -> str:
    """«11/2026»."""
    return value.strftime("%m/%Y")


def unit_name(unit: Mapping[str, Any], language: str) -> str:
    """«Xã Bình An», «Bình An Commune»; a remark in brackets, as the sample's province has one, stays out."""
    return full_name(unit["type_vi"], str(unit["name"]).split(" (")[0], language)


def data_time(layer: Layer, until: datetime | None, changed: datetime) -> str:
    """How far a layer's data reach, no finer than they are: month, day or minute; else when it was loaded."""
    if until is None:
        return moment(changed)
    if layer.kind == "indicator":
        return month(until.astimezone(LOCAL_ZONE).date())
    times = [column for column in layer.columns if column.name == layer.time_column]
    if layer.kind == "grid" or any(column.type == "date" for column in times):
        return day(until.date())
    return moment(until)


def age(span: timedelta, language: str) -> str:
    """«3 ngày», «5 giờ», «12 phút»: one unit, rounded down."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes >= 2 * 24 * 60:
        return say("age.days", language, n=minutes // (24 * 60))
    if minutes >= 120:
        return say("age.hours", language, n=minutes // 60)
    return say("age.minutes", language, n=minutes)
