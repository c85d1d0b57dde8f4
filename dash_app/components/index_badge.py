"""Badge of an index: number, letter of the class and its colour, so that colour is never the only sign."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from dash import html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.components.attributes import extra
from dash_app.i18n import say
from layers.indices import INDICES, REASONS, Level

OLD_AFTER = {"hour": timedelta(hours=3), "day": timedelta(hours=54)}  # a day's index is complete after the day


def index_badge(
    row: Mapping[str, Any],
    language: str,
    *,
    now: datetime | None = None,
    old_after: timedelta | None = None,
    large: bool = False,
) -> Component:
    """Badge of a row of derived.station_index (index_id, value, level, time, reason); the reason where it has no value.

    A value older than expected at ``now`` is pale and says its time.
    """
    index = INDICES[row["index_id"]]
    if row["value"] is None or row["level"] is None:
        words = REASONS[row["reason"]][language] if row.get("reason") in REASONS else say("state.empty", language)
        return html.Span(words, className="index-none", title=index.title[language])
    level = index.level(row["level"])
    old = now is not None and now - row["time"] > (old_after or OLD_AFTER[index.period])
    at = formats.day(period_day(row["time"])) if index.period == "day" else formats.moment(row["time"])
    shown: Any = level.letter if index.id == "qcvn08" else [str(row["value"]), html.I(level.letter)]
    badge = html.Span(
        shown,
        className=f"index-badge{' is-old' if old else ''}{' is-large' if large else ''}",
        style={"background": level.colour, "color": level.text_colour},
        title=say("index.title", language, index=index.title[language], level=level.title[language], at=at),
        role="img",
        **extra({"aria-label": index_words(row, level, language)}),
    )
    return html.Span([badge, html.Span(at, className="small-text muted")]) if old else badge


def period_day(time: datetime) -> Any:
    """Local day that a day's index is of: its time ends the day."""
    return (time - timedelta(microseconds=1)).astimezone(formats.LOCAL_ZONE).date()


def index_words(row: Mapping[str, Any], level: Level, language: str) -> str:
    """«VN_AQI giờ 85, mức B - Trung bình»."""
    index = INDICES[row["index_id"]]
    value = "" if index.id == "qcvn08" else f" {row['value']}"
    return f"{index.title[language]}{value}, {level.letter} - {level.title[language]}"
