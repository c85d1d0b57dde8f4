"""Working time: how much of it lies between two instants, and when a deadline falls.

A working day is a day of the calendar with the hours of the regulation. Time outside them does not count: what comes in
on a Saturday begins on Monday morning. A deadline is the earliest instant by which so much working time has passed.
"""

from __future__ import annotations

import csv
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from pathlib import Path

from sqlalchemy import Connection, text

from layers.feedback_rules import CALENDAR, CalendarRule, Level
from spatial.errors import SourceUnreadable
from spatial.feedback.rules import regulation
from spatial.settings import LOCAL_ZONE

FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)
_MINUTE = 60_000_000  # microseconds


@dataclass(frozen=True)
class Day:
    """A day that differs from its weekday."""

    day: date
    working: bool
    name_vi: str
    name_en: str


@dataclass(frozen=True)
class WorkCalendar:
    """Working time by the hours of a rule and the days that differ from the week."""

    rule: CalendarRule
    exceptions: tuple[tuple[date, bool], ...]

    @cached_property
    def _days(self) -> list[int]:
        """Ordinals of the working days."""
        differs = dict(self.exceptions)
        first, weekend = FIRST.toordinal(), self.rule.weekend
        ordinals = range(first, LAST.toordinal())
        usual = [(number - 1) % 7 + 1 not in weekend for number in ordinals]  # ordinal 1 was a Monday
        for day, working in differs.items():
            if FIRST <= day < LAST:
                usual[day.toordinal() - first] = working
        return [first + number for number, working in enumerate(usual) if working]

    @cached_property
    def _length(self) -> int:
        return self.rule.minutes * _MINUTE

    def is_working_day(self, day: date) -> bool:
        """Whether offices are open on a local day."""
        place = bisect_left(self._days, day.toordinal())
        return place < len(self._days) and self._days[place] == day.toordinal()

    def minutes_between(self, start: datetime, end: datetime) -> float:
        """Working minutes from one instant to another; negative when ``end`` is earlier.

        :raises ValueError: outside 2000 to 2099.
        """
        return (self._place(end) - self._place(start)) / _MINUTE

    def add_minutes(self, start: datetime, minutes: float) -> datetime:
        """The earliest instant (UTC) by which so many working minutes have passed since ``start``.

        :raises ValueError: for negative minutes, or outside 2000 to 2099.
        """
        if minutes < 0:
            raise ValueError("a deadline lies ahead")
        if minutes == 0:
            return start.astimezone(UTC)
        return self._instant(self._place(start) + round(minutes * _MINUTE))

    def add_days(self, start: datetime, days: float) -> datetime:
        """The same in working days of the rule's hours."""
        return self.add_minutes(start, days * self.rule.minutes)

    def _place(self, moment: datetime) -> int:
        """Working microseconds since the beginning of the calendar."""
        local = moment.astimezone(LOCAL_ZONE).replace(tzinfo=None)
        day = local.date()
        if not FIRST <= day < LAST:
            raise ValueError(f"{day:%d/%m/%Y} lies outside the working calendar")
        number = bisect_left(self._days, day.toordinal())
        whole = number * self._length
        if number == len(self._days) or self._days[number] != day.toordinal():
            return whole
        at = (local - datetime(day.year, day.month, day.day)) // timedelta(microseconds=1)
        return whole + sum(
            min(max(at - session.first * _MINUTE, 0), session.minutes * _MINUTE) for session in self.rule.hours
        )

    def _instant(self, place: int) -> datetime:
        number, rest = divmod(place - 1, self._length)
        if number >= len(self._days):
            raise ValueError("the deadline lies outside the working calendar")
        rest += 1  # 1 ... length: the end of a day, not the beginning of the next
        for session in self.rule.hours:
            whole = session.minutes * _MINUTE
            if rest <= whole:
                break
            rest -= whole
        day = date.fromordinal(self._days[number])
        at = datetime(day.year, day.month, day.day) + timedelta(microseconds=session.first * _MINUTE + rest)
        return at.replace(tzinfo=LOCAL_ZONE).astimezone(UTC)


def deadlines(calendar: WorkCalendar, level: Level, start: datetime) -> tuple[datetime, datetime]:
    """Deadline of the first answer and of the result (UTC) of a case of a level received at ``start``."""
    return (
        _deadline(calendar, level, start, level.first_days, level.first_minutes),
        _deadline(calendar, level, start, level.due_days, level.due_minutes),
    )


def _deadline(
    calendar: WorkCalendar, level: Level, start: datetime, days: float | None, minutes: int | None
) -> datetime:
    if level.clock == "elapsed":
        span = timedelta(days=days) if days is not None else timedelta(minutes=minutes or 0)
        return (start + span).astimezone(UTC)
    return calendar.add_days(start, days) if days is not None else calendar.add_minutes(start, minutes or 0)


def clock_minutes(calendar: WorkCalendar, level: Level, start: datetime, end: datetime) -> float:
    """Minutes between two instants by the level's clock."""
    if level.clock == "elapsed":
        return (end - start) / timedelta(minutes=1)
    return calendar.minutes_between(start, end)


def later(calendar: WorkCalendar, level: Level, deadline: datetime, minutes: float) -> datetime:
    """A deadline moved on by minutes of the level's clock."""
    if level.clock == "elapsed":
        return deadline + timedelta(minutes=minutes)
    return calendar.add_minutes(deadline, minutes)


# ---------------------------------------------------------------- the days, in file and database


def read_days(path: Path = CALENDAR) -> list[Day]:
    """Days of a calendar file: columns day, working (yes/no), name_vi, name_en; further columns are comments.

    :raises SourceUnreadable: naming the line that is wrong.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise SourceUnreadable(f"{path} cannot be read: {error}.") from None
    found: dict[date, Day] = {}
    for line, row in enumerate(rows, start=2):
        day = _day(path, line, row)
        if day.day in found:
            raise SourceUnreadable(f"{path.name}, line {line}: {day.day:%d/%m/%Y} stands twice.")
        found[day.day] = day
    if not found:
        raise SourceUnreadable(f"{path.name} has no day; its columns must be day, working, name_vi, name_en.")
    return list(found.values())


def _day(path: Path, line: int, row: Mapping[str, str | None]) -> Day:
    try:
        day = date.fromisoformat((row["day"] or "").strip())
        working = {"yes": True, "no": False}[(row["working"] or "").strip().lower()]
        names = ((row["name_vi"] or "").strip(), (row["name_en"] or "").strip())
    except KeyError as error:
        raise SourceUnreadable(
            f"{path.name}, line {line}: {error} - the columns are day, working (yes or no), name_vi, name_en."
        ) from None
    except ValueError:
        raise SourceUnreadable(f"{path.name}, line {line}: {row['day']!r} is no date (2026-02-16).") from None
    if not all(names):
        raise SourceUnreadable(f"{path.name}, line {line}: the day has no name in both languages.")
    return Day(day, working, *names)


def write_days(conn: Connection, days: Iterable[Day]) -> int:
    """Replace the calendar. Returns the number of days."""
    rows = [{"day": d.day, "working": d.working, "vi": d.name_vi, "en": d.name_en} for d in days]
    conn.execute(text("DELETE FROM core.calendar_day"))
    conn.execute(
        text("INSERT INTO core.calendar_day (day, working, name_vi, name_en) VALUES (:day, :working, :vi, :en)"), rows
    )
    return len(rows)


def list_days(conn: Connection) -> list[Day]:
    """The days of the database that differ from the week, in order."""
    rows = conn.execute(text("SELECT day, working, name_vi, name_en FROM core.calendar_day ORDER BY day"))
    return [Day(*row) for row in rows]


def load_calendar(conn: Connection) -> WorkCalendar:
    """The working calendar of the database; before it is filled, that of the program's file."""
    rows = conn.execute(text("SELECT day, working FROM core.calendar_day ORDER BY day")).all()
    days = tuple((row.day, row.working) for row in rows) or _default_days()
    return _calendar(regulation().calendar, days)


@lru_cache(maxsize=1)
def _default_days() -> tuple[tuple[date, bool], ...]:
    return tuple((day.day, day.working) for day in read_days())


@lru_cache(maxsize=4)
def _calendar(rule: CalendarRule, days: tuple[tuple[date, bool], ...]) -> WorkCalendar:
    return WorkCalendar(rule, days)
