"""Pure half of the feedback desk: rows of cases -> words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from dash_app import formats
from dash_app.i18n import say
from layers.code_lists import FEEDBACK_CATEGORIES, FEEDBACK_STATES
from layers.model import Code
from layers.registry import get_layer
from spatial.queries.feedback_desk import COUNTED, DONE, OPEN
from spatial.settings import LOCAL_ZONE

type Row = dict[str, Any]
type Tone = Literal["late", "soon", "open", "paused", "kept", "missed", "none"]

SOON = timedelta(hours=24)


@dataclass(frozen=True)
class Clock:
    """Where a case stands against its deadline, in words and as a tone."""

    tone: Tone
    words: str


def clock(row: Mapping[str, Any], now: datetime, language: str) -> Clock:
    """«Trễ 3 ngày», «Còn 5 giờ», «Chờ người dân», «Đúng hạn», «Xong trễ 2 ngày», «Chưa có hạn»."""
    due = row["late_at"]
    if row["state"] in DONE:
        closed = row["closed_at"]
        if due is None or closed is None:
            return Clock("none", say("desk.clock.done", language))
        if closed <= due:
            return Clock("kept", say("desk.clock.kept", language))
        return Clock("missed", say("desk.clock.missed", language, age=formats.age(closed - due, language)))
    if row["state"] not in OPEN:
        return Clock("none", "")
    if row.get("paused_since") is not None:
        age = formats.age(now - row["paused_since"], language)
        return Clock("paused", say("desk.clock.paused", language, age=age))
    if due is None:
        return Clock("none", say("desk.clock.no_due", language))
    if due < now:
        return Clock("late", say("desk.clock.late", language, age=formats.age(now - due, language)))
    return Clock(
        "soon" if due - now <= SOON else "open", say("desk.clock.left", language, age=formats.age(due - now, language))
    )


def working_time(minutes: float, language: str, day: int | None = None) -> str:
    """«2 giờ 30 phút»; from two working days of ``day`` minutes on «59 ngày làm việc»."""
    if day and abs(minutes) >= 2 * day:
        return say("desk.working_days", language, n=formats.number(abs(minutes) // day, 0, language))
    hours, rest = divmod(int(abs(minutes)), 60)
    if hours:
        return say("desk.working_hours", language, hours=hours, minutes=rest)
    return say("desk.working_minutes", language, minutes=rest)


def title_of(codes: Sequence[Code], value: str | None, language: str) -> str:
    """Title of a code without what stands after a colon; the code itself when it is not in the list."""
    found = next((code.title[language] for code in codes if code.value == value), value or "")
    return found.split(":")[0]


def category_title(value: str | None, language: str) -> str:
    """Field of a case."""
    return title_of(FEEDBACK_CATEGORIES, value, language)


def state_title(value: str | None, language: str) -> str:
    """State of a case."""
    return title_of(FEEDBACK_STATES, value, language)


def column_title(column: str, value: str | None, language: str) -> str:
    """Level or channel of a case."""
    return title_of(get_layer("feedback").column(column).codes, value, language)


def communes_by_code(units: Sequence[Row]) -> dict[str, Row]:
    """Communes of today by code."""
    return {unit["code"]: unit for unit in units if unit["level"] == "commune" and unit["valid_to"] is None}


def place_of(row: Mapping[str, Any], communes: Mapping[str, Row], language: str) -> str:
    """Commune of today, or that the place is outside the province."""
    unit = communes.get(row.get("commune_code") or "")
    return formats.unit_name(unit, language) if unit else say("desk.outside", language)


def moment_near(time: datetime, now: datetime, language: str) -> str:
    """«05:00 hôm nay», «22:00 hôm qua», «19/11 22:00», with the year when it is another one."""
    at, today = time.astimezone(LOCAL_ZONE), now.astimezone(LOCAL_ZONE).date()
    if at.date() == today:
        return say("alerts.today", language, time=f"{at:%H:%M}")
    if at.date() == today - timedelta(days=1):
        return say("alerts.yesterday", language, time=f"{at:%H:%M}")
    return f"{at:%d/%m %H:%M}" if at.year == today.year else f"{at:%d/%m/%Y %H:%M}"


def counted(number: int, language: str) -> str:
    """«1.204», or «10.000+» where counting stopped (``feedback_desk.count_queues``)."""
    if number == COUNTED + 1:
        return f"{formats.number(COUNTED, 0, language)}+"
    return formats.number(number, 0, language)


def headline(row: Mapping[str, Any], language: str) -> str:
    """Summary of a case; its field where nobody wrote one."""
    return row["title"] or say("desk.untitled", language, category=category_title(row["category"], language))


def stamp(rows: Sequence[Mapping[str, Any]]) -> str:
    """Changes whenever the list would look different (but for the passing of time)."""
    return ";".join(f"{row['key']}.{row['seen']}.{row['state']}.{row['due_at']}.{row['photos']}" for row in rows)
