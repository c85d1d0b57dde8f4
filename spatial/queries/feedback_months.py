"""Figures of reporting months as the statistics page shows them: all from the roll-ups, none from the cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from spatial.queries.statements import Row, select_rows, sql

_FIGURES = (
    "unit_id, period, category, handling_unit, received, processed, on_time, in_progress, overdue, rejected,"
    " duplicates, reopened, rated, satisfied, median_hours, p90_hours, hours_histogram, until"
)


def months_with_cases(conn: Connection, *, unit_id: int) -> list[date]:
    """Reporting months the roll-up has for a unit, newest first."""
    rows = select_rows(
        conn,
        "SELECT period FROM derived.feedback_period WHERE unit_id = :unit_id AND category = '' AND handling_unit = ''"
        " ORDER BY period DESC",
        unit_id=unit_id,
    )
    return [row["period"] for row in rows]


def totals(conn: Connection, *, unit_ids: Sequence[int], periods: Sequence[date]) -> list[Row]:
    """All fields and handling units together, by unit and reporting month."""
    return select_rows(
        conn,
        f"SELECT {_FIGURES} FROM derived.feedback_period WHERE unit_id = ANY(:unit_ids) AND period = ANY(:periods)"  # noqa: S608
        " AND category = '' AND handling_unit = '' ORDER BY period, unit_id",
        unit_ids=list(unit_ids),
        periods=list(periods),
    )


def by_category(conn: Connection, *, unit_id: int, period: date) -> list[Row]:
    """Fields of one unit and month, the largest first."""
    return select_rows(
        conn,
        f"SELECT {_FIGURES} FROM derived.feedback_period WHERE unit_id = :unit_id AND period = :period"  # noqa: S608
        " AND category <> '' AND handling_unit = '' ORDER BY received DESC, category",
        unit_id=unit_id,
        period=period,
    )


def by_handling_unit(conn: Connection, *, unit_id: int, period: date) -> list[Row]:
    """Handling units of one unit and month."""
    return select_rows(
        conn,
        f"SELECT {_FIGURES} FROM derived.feedback_period WHERE unit_id = :unit_id AND period = :period"  # noqa: S608
        " AND category = '' AND handling_unit <> '' ORDER BY handling_unit",
        unit_id=unit_id,
        period=period,
    )


def days(conn: Connection, *, unit_id: int, first: date, last: date) -> list[Row]:
    """Received, processed and processed late by local calendar day."""
    return select_rows(conn, sql("desk_month_days"), unit_id=unit_id, first=first, last=last)


def density(conn: Connection, *, first: datetime, last: datetime, unit_id: int | None, cell: float) -> list[Row]:
    """Cases received in a span by cell of ``cell`` degrees, field and handling unit; public positions.

    The only question of the page that reads cases: by the index of their time, so that a month costs the same however
    long the history is.
    """
    return select_rows(conn, sql("desk_density"), first=first, last=last, unit_id=unit_id, cell=cell)


def forecast(conn: Connection, *, unit_id: int, first: date, last: date) -> list[Row]:
    """Reports expected by local day, all fields together: q10, q50, q90, mean, model, skill, known_until."""
    return select_rows(
        conn,
        "SELECT target, q10, q50, q90, mean, model, skill, known_until FROM derived.feedback_forecast"
        " WHERE unit_id = :unit_id AND category = '' AND target BETWEEN :first AND :last ORDER BY target",
        unit_id=unit_id,
        first=first,
        last=last,
    )
