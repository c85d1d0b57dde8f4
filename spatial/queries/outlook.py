"""Projections of years and unusual figures as the job «outlook» last made them, and the figures it makes them from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from spatial.analysis.indicators import STATES
from spatial.queries.statements import Row, select_rows, sql
from spatial.settings import indicator_settings


@dataclass(frozen=True, slots=True)
class Course:
    """Figures of one indicator of one unit, as every screen shows them; ``days`` since 1970, rising.

    ``estimated``: put together from parts of divided units (by people or by area); ``own``: reported by the unit.
    """

    unit_id: int
    level: str
    code: str
    days: NDArray[np.int64]
    values: NDArray[np.float64]
    estimated: NDArray[np.bool_]
    own: NDArray[np.bool_]
    plans: dict[int, float]  # by year


def outlooks(conn: Connection, *, unit_ids: Sequence[int], codes: Sequence[str] | None, year: int) -> list[Row]:
    """Projections of a year, columns as in ``derived.indicator_outlook``; codes None = all indicators."""
    return select_rows(
        conn,
        "SELECT * FROM derived.indicator_outlook WHERE unit_id = ANY(:unit_ids) AND year = :year"
        " AND (CAST(:codes AS text[]) IS NULL OR code = ANY(:codes)) ORDER BY unit_id, code",
        unit_ids=list(unit_ids),
        codes=None if codes is None else list(codes),
        year=date(year, 1, 1),
    )


def anomalies(
    conn: Connection, *, unit_ids: Sequence[int], codes: Sequence[str] | None = None, first: date, last: date
) -> list[Row]:
    """Unusual figures with ``first`` <= period <= ``last``, newest first, then the most unusual.

    Columns as in ``derived.indicator_anomaly``.
    """
    return select_rows(
        conn,
        "SELECT * FROM derived.indicator_anomaly WHERE unit_id = ANY(:unit_ids) AND period BETWEEN :first AND :last"
        " AND (CAST(:codes AS text[]) IS NULL OR code = ANY(:codes)) ORDER BY period DESC, abs(score) DESC, code",
        unit_ids=list(unit_ids),
        codes=None if codes is None else list(codes),
        first=first,
        last=last,
    )


def replace_outlooks(conn: Connection, *, rows: Iterable[Sequence[object]]) -> None:
    """Write all projections anew, ``rows`` in the order of the columns below; those no longer made go with it."""
    conn.execute(text("DELETE FROM derived.indicator_outlook"))
    _copy(
        conn,
        "COPY derived.indicator_outlook (unit_id, code, year, known_until, actual, q10, q50, q90, plan, chance, skill,"
        " model, reason) FROM STDIN",
        rows,
    )
    conn.execute(text("ANALYZE derived.indicator_outlook"))


def replace_anomalies(conn: Connection, *, rows: Iterable[Sequence[object]]) -> None:
    """The same for unusual figures."""
    conn.execute(text("DELETE FROM derived.indicator_anomaly"))
    _copy(
        conn,
        "COPY derived.indicator_anomaly (unit_id, code, period, value, expected, low, high, score, kind, cause)"
        " FROM STDIN",
        rows,
    )
    conn.execute(text("ANALYZE derived.indicator_anomaly"))


def _copy(conn: Connection, statement: str, rows: Iterable[Sequence[object]]) -> None:
    cursor = conn.connection.cursor()
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def courses(conn: Connection, *, codes: Sequence[str], first: date, last: date, today: date) -> list[Course]:
    """Figures of the units of today and of the former districts, through every boundary reform.

    Read by the statement of ``indicators.history``, so that they are the figures of every screen.
    """
    rows = conn.execute(
        text(sql("indicator_courses").replace("{history}", sql("indicator_history"))),
        {
            "unit_ids": _watched(conn, today),
            "codes": list(codes),
            "first": first,
            "last": last,
            "plans_on": today,
            "every_plan": False,
            "states": list(STATES),
            "fewest": indicator_settings().small_cell,
            "today": today,
        },
    ).all()
    plans = {
        (row.unit_id, row.code): {
            int(np.datetime64(day, "D").astype(object).year): value
            for day, value in zip(row.days, row.values, strict=True)
        }
        for row in rows
        if row.plan
    }
    return [
        Course(row.unit_id, row.level, row.code, np.array(row.days), np.array(row.values, dtype=float),
               np.array(row.estimated), np.array(row.own), plans.get((row.unit_id, row.code), {}))
        for row in rows
        if not row.plan
    ]  # fmt: skip


def _watched(conn: Connection, today: date) -> list[int]:
    rows = conn.execute(
        text("SELECT id FROM core.admin_unit WHERE level = 'district' OR valid_to IS NULL OR valid_to > :today"),
        {"today": today},
    )
    return [int(row.id) for row in rows]
