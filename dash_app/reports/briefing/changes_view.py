"""Sentences about what changed between two briefings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from dash_app import formats
from dash_app.i18n import say
from dash_app.reports.briefing.facts import Change
from layers.indices import INDICES
from layers.registry import registry
from spatial.queries.indicators import catalogue


def change_lines(found: Sequence[Change], language: str) -> list[dict[str, str]]:
    """``kind`` (for the colour), ``label`` and ``text`` of each; indicators that are gone are passed over."""
    lines = []
    for change in found:
        text = _text(change, language)
        if text is not None:
            lines.append({"kind": change.kind, "label": say(f"briefing.change.{change.kind}", language), "text": text})
    return lines


def _text(change: Change, language: str) -> str | None:
    if change.words is not None:
        return _item(change, language)
    if change.kind == "air":
        return _air(change, language)
    if change.kind == "feedback_overdue":
        period = formats.month(date.fromisoformat(change.new["period"]))
        return say("briefing.said.overdue", language, period=period, old=change.old["overdue"],
                   new=change.new["overdue"])  # fmt: skip
    return _figure(change, language)


def _item(change: Change, language: str) -> str:
    assert change.words is not None
    names = {"text": change.words[language], "place": change.words[f"place_{language}"]}
    if change.kind in ("new", "gone"):
        return say("briefing.said.item", language, **names)
    old, new = (say(f"briefing.severity.{name}", language).lower() for name in (change.old, change.new))
    return say("briefing.said.severity", language, **names, old=old, new=new)


def _figure(change: Change, language: str) -> str | None:
    item = catalogue().get(change.name)
    if item is None:
        return None
    new, old = change.new, change.old
    period = date.fromisoformat(new["period"])
    names: dict[str, Any] = {"name": item.title[language], "unit": item.unit[language]}

    def shown(value: float | None) -> str:
        return (
            say("briefing.said.no_plan", language) if value is None else formats.number(value, item.decimals, language)
        )

    if change.kind == "plan":
        return say("briefing.said.plan", language, **names, year=period.year, old=shown(old["plan"]),
                   new=shown(new["plan"]))  # fmt: skip
    names["period"] = formats.month(period)
    if change.kind == "state":
        old_state, new_state = (say(f"kpi.{row['state']}", language) for row in (old, new))
        return say("briefing.said.state", language, **names, old=old_state, new=new_state)
    if change.kind == "revised":
        return say("briefing.said.revised", language, **names, old=shown(old["value"]), value=shown(new["value"]))
    return say("briefing.said.arrived", language, **names, value=shown(new["value"]))


def _air(change: Change, language: str) -> str | None:
    layer = registry().get(change.name)
    if layer is None or layer.series is None:
        return None
    index = next(INDICES[name] for name in layer.series.indices if INDICES[name].period == "hour")
    old, new = change.old, change.new
    return say(
        "briefing.said.air", language, name=layer.title[language], index=index.title[language],
        old=old["value"], oldlevel=index.level(old["level"]).title[language].lower(),
        new=new["value"], level=index.level(new["level"]).title[language].lower(), station=new["name"],
    )  # fmt: skip
