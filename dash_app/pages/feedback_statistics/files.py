"""The tables of a reporting month as files: what is on screen, with figures instead of words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash_app import formats
from dash_app.i18n import say
from dash_app.pages.feedback.view import category_title
from dash_app.pages.feedback_statistics.view import MEASURES, league
from dash_app.statistics_services import Month, Row

MIME_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COUNTS = ("received", "processed", "on_time", "in_progress", "overdue", "reopened", "rated", "satisfied")

type Cell = str | float | int | None


@dataclass(frozen=True)
class Sheet:
    """One table."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def sheets(month: Month, language: str) -> list[Sheet]:
    """Figures of the month, fields, handling units, areas, days."""
    heads = [say(f"stat.{name}", language) for name in COUNTS]
    rest = [say("stat.on_time_rate", language), say("stat.low", language), say("stat.high", language),
            say("stat.median_hours", language)]  # fmt: skip
    figures = Sheet(
        say("stat.cards", language),
        [say("stat.figure", language), say("stat.this", language), say("stat.against.before", language),
         say("stat.against.year", language)],
        [
            [say("stat.unit", language), formats.unit_name(month.asked.unit, language), None, None],
            [say("stat.from", language), formats.moment(month.begins), None, None],
            [say("stat.to", language), formats.moment(month.until), None, None],
        ]
        + [
            [say(f"stat.{measure.name}", language)]
            + [measure.value(row) for row in (month.total, month.before, month.year_ago)]
            for measure in MEASURES
        ],
    )  # fmt: skip
    fields = [(category_title(row["category"], language), row["category"], row) for row in month.fields]
    handlers = [(row["handling_unit"], row["handling_unit"], row) for row in month.handlers]
    areas = [(formats.unit_name(unit, language), unit["key"], row) for unit, row in month.children]
    return [
        figures,
        *(
            Sheet(say(title, language), [say(head, language), *heads, *rest], _rows(rows, month.asked.least))
            for title, head, rows in (
                ("stat.fields", "desk.filter.category", fields),
                ("stat.league.handlers", "desk.filter.by", handlers),
                ("stat.league.communes", "stat.unit", areas),
            )
        ),
        Sheet(
            say("stat.days", language),
            [say(key, language) for key in ("stat.day", "stat.received", "stat.processed", "stat.processed_late")],
            [
                [f"{row['day']:%Y-%m-%d}", row["received"], row["processed"], row["processed_late"]]
                for row in month.days
            ],
        ),
    ]


def _rows(rows: Sequence[tuple[str, str, Row]], least: int) -> list[list[Cell]]:
    return [
        [
            place.name,
            *(place.row[name] for name in COUNTS),
            place.share,
            place.low,
            place.high,
            place.row["median_hours"],
        ]
        for place in league(rows, least)
    ]
