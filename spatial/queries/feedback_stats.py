"""Statistics of citizen feedback from the roll-ups: reporting months, days, league tables, what is overdue now.

Unit 0 is all reports wherever they are; '' is all fields or all handling units. A month is named by its first day and
runs as the regulation says (``spatial.queries.feedback_rollup.period_span``). Shares are 0 to 1, None where nothing was
counted. Only ``density`` reads cases, and of at most ``DENSITY_DAYS`` days.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from sqlalchemy import Connection

from spatial.feedback.rules import regulation
from spatial.months import add_months
from spatial.queries.feedback_cases import late_at_sql, late_sql, late_values
from spatial.queries.statements import Row, select_rows, sql

EVERYWHERE = 0
DENSITY_DAYS = 400
HISTOGRAM_HOURS = (1, 2, 4, 8, 24, 48, 72, 120, 240, 480, 960)  # upper ends; a twelfth bin is longer
_FIGURES = (
    "received, processed, on_time, in_progress, overdue, rejected, duplicates, reopened, rated, satisfied,"
    " median_hours, p90_hours, hours_histogram, until"
)
_COUNTS = (
    "received", "processed", "on_time", "in_progress", "overdue", "rejected", "duplicates", "reopened", "rated",
    "satisfied",
)  # fmt: skip

type Grouping = Literal["total", "category", "handling_unit", "both"]
type By = Literal["handling_unit", "unit"]


def period_figures(
    conn: Connection,
    *,
    unit_ids: Sequence[int],
    first: date,
    last: date,
    by: Grouping = "total",
    category: str = "",
    handling_unit: str = "",
) -> list[Row]:
    """Figures of months ``first`` to ``last`` by unit, and by field, handling unit or both.

    Beside the columns of derived.feedback_period: on_time_rate (of processed), satisfied_rate (of rated), reopened_rate
    (of received).
    """
    # Columns of the grouping vary over all but ''; the others are held at what is asked for.
    free = {"category": by in ("category", "both"), "handling_unit": by in ("handling_unit", "both")}
    rows = select_rows(
        conn,
        f"SELECT unit_id, period, category, handling_unit, {_FIGURES} FROM derived.feedback_period"  # noqa: S608
        " WHERE unit_id = ANY(:unit_ids) AND period BETWEEN :first AND :last"
        f" AND {'category <> :no' if free['category'] else 'category = :category'}"
        f" AND {'handling_unit <> :no' if free['handling_unit'] else 'handling_unit = :handling_unit'}"
        " ORDER BY period, unit_id, received DESC, category, handling_unit",
        unit_ids=list(unit_ids),
        first=first,
        last=last,
        category=category,
        handling_unit=handling_unit,
        no="",
    )
    return [_with_rates(row) for row in rows]


def _with_rates(row: Row) -> Row:
    return row | {
        "on_time_rate": _share(row["on_time"], row["processed"]),
        "satisfied_rate": _share(row["satisfied"], row["rated"]),
        "reopened_rate": _share(row["reopened"], row["received"]),
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def total(conn: Connection, *, unit_id: int, period: date, category: str = "", handling_unit: str = "") -> Row | None:
    """The figures of one month and unit; None when nothing was received in it."""
    found = period_figures(
        conn, unit_ids=[unit_id], first=period, last=period, category=category, handling_unit=handling_unit
    )
    return found[0] if found else None


def year_to_date(conn: Connection, *, unit_id: int, period: date) -> Row:
    """Sums from the January report to ``period``, with rates of the sums; medians are not summed."""
    rows = period_figures(conn, unit_ids=[unit_id], first=period.replace(month=1), last=period)
    sums = {name: sum(row[name] for row in rows) for name in _COUNTS}
    return _with_rates(sums | {"months": len(rows), "until": max((row["until"] for row in rows), default=None)})


def periods(conn: Connection, *, unit_id: int = EVERYWHERE) -> list[date]:
    """Months with reports, newest first."""
    rows = select_rows(
        conn,
        "SELECT period FROM derived.feedback_period WHERE unit_id = :unit_id AND category = '' AND handling_unit = ''"
        " ORDER BY period DESC",
        unit_id=unit_id,
    )
    return [row["period"] for row in rows]


def days(
    conn: Connection, *, unit_id: int, first: date, last: date, category: str = "", handling_unit: str = ""
) -> list[Row]:
    """Received, processed and processed_late of every local day of a span, quiet days with 0.

    By field or by handling unit, not by both: the roll-up of days does not hold it.
    """
    if category and handling_unit:
        raise ValueError("days are rolled up by field or by handling unit, not by both")
    return select_rows(
        conn,
        "SELECT CAST(every.day AS date) AS day, coalesce(d.received, 0) AS received,"
        " coalesce(d.processed, 0) AS processed, coalesce(d.processed_late, 0) AS processed_late"
        " FROM generate_series(CAST(:first AS date), CAST(:last AS date), interval '1 day') AS every (day)"
        " LEFT JOIN derived.feedback_day d ON d.day = CAST(every.day AS date) AND d.unit_id = :unit_id"
        " AND d.category = :category AND d.handling_unit = :handling_unit ORDER BY 1",
        unit_id=unit_id,
        first=first,
        last=last,
        category=category,
        handling_unit=handling_unit,
    )


def league(
    conn: Connection, *, by: By, period: date, unit_id: int = EVERYWHERE, unit_ids: Sequence[int] = (), months: int = 1
) -> list[Row]:
    """League table of handling units (of the cases of ``unit_id``) or of administrative units (``unit_ids``).

    Over ``months`` months ending with ``period``. Ranked by the lower end of the 95 % Wilson interval of the on-time
    share, so that 3 of 3 does not stand above 95 of 100; units with fewer processed cases than the regulation's
    ``least_cases`` have rank None and stand at the end. Columns: name or unit_id, received, processed, on_time,
    overdue, on_time_rate, low, high, rank, n_least, satisfied_rate, rated, reopened_rate.
    """
    first = add_months(period, 1 - months)
    wanted = [unit_id] if by == "handling_unit" else list(unit_ids)
    grouping: Grouping = "handling_unit" if by == "handling_unit" else "total"
    rows = period_figures(conn, unit_ids=wanted, first=first, last=period, by=grouping)
    sums: dict[int | str, dict[str, int]] = {}
    for row in rows:
        name = row["handling_unit"] if by == "handling_unit" else row["unit_id"]
        kept = sums.setdefault(name, dict.fromkeys(_COUNTS, 0))
        for count in _COUNTS:
            kept[count] += row[count]
    least = regulation().statistics.least_cases
    table = [_with_rates(dict(counts)) | {by if by == "handling_unit" else "unit_id": name, "n_least": least,
             **dict(zip(("low", "high"), wilson(counts["on_time"], counts["processed"]), strict=True))}
             for name, counts in sums.items()]  # fmt: skip
    ranked = sorted((row for row in table if row["processed"] >= least), key=lambda row: -(row["low"] or 0))
    rest = sorted((row for row in table if row["processed"] < least), key=lambda row: -row["received"])
    return [row | {"rank": place} for place, row in enumerate(ranked, start=1)] + [row | {"rank": None} for row in rest]


def wilson(successes: int, n: int, z: float = 1.96) -> tuple[float | None, float | None]:
    """Wilson score interval of a share (Wilson 1927); None without cases."""
    if n == 0:
        return None, None
    p, square = successes / n, z * z
    middle = (p + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * math.sqrt(p * (1 - p) / n + square / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def histogram(
    conn: Connection, *, unit_id: int, period: date, months: int = 1, category: str = "", handling_unit: str = ""
) -> list[int]:
    """Processed cases by time to the result: up to each of HISTOGRAM_HOURS, and longer."""
    rows = period_figures(
        conn, unit_ids=[unit_id], first=add_months(period, 1 - months), last=period, category=category,
        handling_unit=handling_unit,
    )  # fmt: skip
    sums = [0] * (len(HISTOGRAM_HOURS) + 1)
    for row in rows:
        sums = [a + b for a, b in zip(sums, row["hours_histogram"], strict=True)]
    return sums


def overdue_now(
    conn: Connection,
    *,
    by: Literal["commune", "handling_unit"],
    unit_id: int | None = None,
    now: datetime | None = None,
) -> list[Row]:
    """Open cases by commune of today (code) or by handling unit: open, overdue, oldest (deadline passed first).

    Reads open cases only: their number does not grow with history.
    """
    rules, column = regulation(), {"commune": "f.commune_code", "handling_unit": "f.handling_unit"}[by]
    return select_rows(
        conn,
        f"SELECT {column} AS name, count(*) AS open, count(*) FILTER (WHERE {late_sql(rules)}) AS overdue,"  # noqa: S608
        f" min({late_at_sql(rules)}) FILTER (WHERE {late_sql(rules)}) AS oldest"
        " FROM layer.feedback f LEFT JOIN core.feedback_case c USING (key) WHERE f.state = ANY(:open_states)"
        " AND (CAST(:unit_id AS integer) IS NULL OR f.unit_ids @> ARRAY[CAST(:unit_id AS integer)])"
        f" GROUP BY {column} ORDER BY overdue DESC, open DESC, name",
        unit_id=unit_id,
        open_states=rules.open_states,
        **late_values(rules, now or datetime.now(UTC)),
    )


def density(
    conn: Connection,
    *,
    first: datetime,
    last: datetime,
    unit_id: int | None = None,
    category: str | None = None,
    handling_unit: str | None = None,
    cell: float = 0.005,
    limit: int = 4000,
) -> list[Row]:
    """Reports on a grid for a heat map: lon, lat of the cell's centre (WGS 84), n; the fullest cells first.

    Of public cases at their public positions. The span is cut to the last ``DENSITY_DAYS`` days before ``last``.
    """
    return select_rows(
        conn,
        sql("feedback_month_density"),
        first=max(first, last - timedelta(days=DENSITY_DAYS)),
        last=last,
        states=regulation().public_states,
        unit_id=unit_id,
        category=category,
        handling_unit=handling_unit,
        cell=cell,
        limit=limit,
    )


def load_forecast(conn: Connection, *, unit_id: int, category: str = "") -> list[Row]:
    """Expected reports of the next days: target, q10, q50, q90, mean, model, skill, known_until; empty when none."""
    return select_rows(
        conn,
        "SELECT target, q10, q50, q90, mean, model, skill, known_until FROM derived.feedback_forecast"
        " WHERE unit_id = :unit_id AND category = :category ORDER BY target",
        unit_id=unit_id,
        category=category,
    )
