"""What a briefing stated, as plain facts, and what differs between two of them. Pure: no database, no layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from dash_app.reports.briefing.content import Briefing

type ChangeKind = Literal[
    "new", "gone", "worse", "better", "arrived", "revised", "state", "plan", "air", "feedback_overdue"
]

VERSION = 1
SEVERITIES = ("minor", "moderate", "severe", "extreme")
STATED = 12  # digits a figure is compared with


@dataclass(frozen=True)
class Change:
    """One difference. ``name``: key of an item, code of an indicator or key of a network; values as stated."""

    kind: ChangeKind
    name: str
    old: Any = None
    new: Any = None
    words: Mapping[str, str] | None = None  # of an item that is gone, its own words

    def as_row(self) -> dict[str, Any]:
        return asdict(self)


def facts_of(briefing: Briefing) -> dict[str, Any]:
    """Everything a later briefing is compared with. Words of items are kept: a gone item has no row any more."""
    wanted = briefing.wanted
    newest = briefing.feedback.months[0] if briefing.feedback.months else None
    return {
        "version": VERSION,
        "at": wanted.at.isoformat()[:7] if wanted.at else None,
        "via": wanted.via,
        "domain": wanted.domain,
        "attention": {
            item.key: {"severity": item.severity, "vi": item.text.vi, "en": item.text.en, "place_vi": item.place.vi,
                       "place_en": item.place.en}
            for item in briefing.attention
        },
        "figures": {
            card.kpi.indicator.code: {
                "period": card.kpi.period.isoformat(),
                "value": stated(card.kpi.value),
                "state": card.kpi.state,
                "plan": stated(card.kpi.plan),
            }
            for card in briefing.all_cards
        },
        "air": {
            part.layer.id: {name: worst[name] for name in ("key", "name", "value", "level")}
            for part in briefing.air
            if part.stations and (worst := part.stations[0])["value"] is not None
        },
        "feedback": {"period": newest["period"].isoformat(), "received": newest["received"],
                     "processed": newest["processed"], "overdue": newest["overdue"]} if newest else None,
    }  # fmt: skip


def stated(value: float | None) -> float | None:
    """A figure with as many digits as two computations of the same figure agree in."""
    return None if value is None else float(f"{value:.{STATED}g}")


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """What differs, exceptions first; nothing of what only one of the two was asked about (another domain)."""
    found = [*_figures(old["figures"], new["figures"]), *_air(old["air"], new["air"]), *_feedback(old, new)]
    if old.get("domain") == new.get("domain"):
        found = [*_items(old["attention"], new["attention"]), *found]
    return found


def _items(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for key, item in new.items():
        if key not in old:
            yield Change("new", key, new=item["severity"], words=item)
    for key, item in new.items():
        before = old.get(key)
        if before is not None and before["severity"] != item["severity"]:
            up = SEVERITIES.index(item["severity"]) > SEVERITIES.index(before["severity"])
            yield Change("worse" if up else "better", key, before["severity"], item["severity"], item)
    for key, item in old.items():
        if key not in new:
            yield Change("gone", key, old=item["severity"], words=item)


def _figures(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for code, figure in new.items():
        before = old.get(code)
        if before is None or figure["period"] > before["period"]:
            yield Change("arrived", code, before, figure)
        elif figure["period"] == before["period"]:
            if figure["value"] != before["value"]:
                yield Change("revised", code, before, figure)
            elif figure["state"] != before["state"]:
                yield Change("state", code, before, figure)
        if before is not None and figure["plan"] != before["plan"] and figure["period"][:4] == before["period"][:4]:
            yield Change("plan", code, before, figure)


def _air(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for layer, worst in new.items():
        before = old.get(layer)
        if before is not None and before["level"] != worst["level"]:
            yield Change("air", layer, before, worst)


def _feedback(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    before, now = old.get("feedback"), new.get("feedback")
    if before and now and before["period"] == now["period"] and before["overdue"] != now["overdue"]:
        yield Change("feedback_overdue", "feedback", before, now)
