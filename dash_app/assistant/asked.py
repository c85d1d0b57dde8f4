"""What every answer needs: the query with its unit, words, numbers and links; and what an answer is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from dash_app import formats
from dash_app.assistant.words import word
from dash_app.services import Services
from layers.model import Layer
from layers.registry import get_layer
from spatial.access import Connection
from spatial.admin_units import REFORM
from spatial.assistant.query import Period, Query
from spatial.settings import LOCAL_ZONE

type Row = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One row of a ranking or list."""

    name: str
    value: float | None
    shown: str
    link: str | None = None


@dataclass(frozen=True)
class Answer:
    """What is said. ``value`` is None when nothing is held for the question; the sentence then says so."""

    sentence: str
    value: float | None = None
    unit: str = ""
    lines: tuple[Line, ...] = ()
    source: str = ""
    until: str = ""
    link: str | None = None


@dataclass(frozen=True)
class Asked:
    """A query with what every answer needs."""

    services: Services
    conn: Connection
    query: Query
    language: str
    unit: Row  # the unit of the question, the province by default

    @property
    def layer(self) -> Layer:
        return get_layer(self.query.measure.layer)

    @property
    def where(self) -> str:
        if self.query.place is not None and self.query.place.kind == "station":
            return self.query.place.title
        return formats.unit_name(self.unit, self.language)

    def word(self, key: str, **values: object) -> str:
        return word(key, self.language, **values)

    def number(self, value: float, decimals: int) -> str:
        return formats.number(value, decimals, self.language)

    def nothing(self, what: str) -> Answer:
        """There is no such figure: said, never made up."""
        return Answer(self.word("nothing", what=what, where=self.where, when=self.when()), source=self.source())

    def source(self) -> str:
        return f"{self.layer.title[self.language]} ({self.layer.agency[self.language]})"

    def when(self) -> str:
        return period_words(self.query.period, self.language)

    def link(self, theme: str, station: str | None = None, unit: Row | None = None) -> str:
        parts = [f"theme={theme}"]
        shown = unit or (self.unit if self.query.place and self.query.place.kind == "unit" else None)
        if shown is not None:
            parts.append(f"unit={shown['key']}")
            if shown["level"] == "district":
                parts.append("via=former")
        if station:
            parts.append(f"station={station}")
        return f"/map{'?lang=en' if self.language == 'en' else ''}#{'&'.join(parts)}"

    def page(self) -> str:
        """The map at the unit of the question, without any theme."""
        return f"/map{'?lang=en' if self.language == 'en' else ''}#unit={self.unit['key']}"

    def places(self) -> dict[int, Row]:
        """Units to count in: those of a ranking, else the one of the question."""
        if self.query.what == "rank" and self.query.by not in (None, "station"):
            return {row["id"]: row for row in self.units_of(str(self.query.by))}
        return {self.unit["id"]: self.unit}

    def ranked(
        self,
        what: str,
        values: dict[int, float],
        places: dict[int, Row],
        decimals: int,
        unit: str,
        theme: str | None,
        when: str | None = None,
    ) -> Answer:
        """The first units of a ranking; ties in order of name."""
        up = self.query.ascending
        ordered = sorted(values.items(), key=lambda pair: (pair[1] if up else -pair[1], places[pair[0]]["name"]))
        lines = tuple(
            Line(
                formats.unit_name(places[number], self.language),
                value,
                f"{self.number(value, decimals)} {unit}".strip(),
                self.link(theme, unit=places[number]) if theme else None,
            )
            for number, value in ordered[: self.query.limit]
        )
        key = "rank.least" if up else "rank.most"
        sentence = self.word(
            key, what=what, where=lines[0].name, value=lines[0].shown, n=len(values), when=when or self.when()
        )
        return Answer(sentence, lines[0].value, unit, lines, self.source(), self.until(), lines[0].link)

    def until(self) -> str:
        """Last day asked about that has come."""
        return formats.day(min(self.query.period.last, self.services.today()))

    def units_of(self, level: str) -> list[Row]:
        """Units a ranking is made over: of the level in force on the last day asked about, inside the place."""
        day = min(self.query.period.last, self.services.today())
        if level == "district" and day >= REFORM:
            day = REFORM - timedelta(days=1)
        inside = [row for row in self.services.units() if row["level"] == level and _in_force(row, day)]
        if self.query.place is None or self.query.place.kind == "station" or self.unit["level"] == "province":
            return inside
        return [row for row in inside if self.unit["key"] in (row["parent_key"], row["former_key"])]


def period_words(period: Period, language: str) -> str:
    """«tháng 10/2026», «7 ngày 16/11-22/11/2026», «lũy kế đến tháng 9/2026»."""
    if period.grain == "now":
        return word("when.now", language)
    if period.grain == "hours":
        return word("when.hours", language, n=period.hours)
    if period.grain == "day":
        return word("when.day", language, day=formats.day(period.first))
    if period.grain == "month":
        return word("when.month", language, month=formats.month(period.first))
    if period.grain == "quarter":
        return word(
            "when.quarter", language, n=("I", "II", "III", "IV")[(period.first.month - 1) // 3], year=period.first.year
        )
    if period.grain == "year":
        return word("when.year", language, year=period.first.year)
    if period.cumulative:
        return word("when.cumulative", language, month=formats.month(period.last))
    return word("when.span", language, first=formats.day(period.first), last=formats.day(period.last))


def _in_force(row: Row, day: date) -> bool:
    return row["valid_from"] <= day and (row["valid_to"] is None or day < row["valid_to"])


def moment(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=LOCAL_ZONE)
