"""Forecast of the daily load by former district and field: counts from the roll-up, quantiles into the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from sqlalchemy import Connection, text

from spatial.admin_units import LAST_DISTRICT_DAY
from spatial.analysis import feedback_load as load
from spatial.feedback.calendar import WorkCalendar, load_calendar
from spatial.queries.feedback_stats import EVERYWHERE

LONGEST = 1100  # days of history read
LEAST = 20  # reports in the history for a series of its own


@dataclass(frozen=True)
class Series:
    """Counts of the days ``first`` ... ``last``, a row by unit and field."""

    names: list[tuple[int, str]]
    counts: load.Counts
    first: date
    last: date
    calendar: load.Calendar


def read_series(conn: Connection, *, last: date) -> Series | None:
    """Daily counts of everything, the provinces and the former districts, in all and by field, up to a whole day."""
    rows = conn.execute(
        text(
            "SELECT unit_id, category, day, received FROM derived.feedback_day"
            " WHERE handling_unit = '' AND received > 0 AND day > :first AND day <= :last"
            " AND (unit_id = :everywhere OR unit_id IN (SELECT id FROM core.admin_unit"
            " WHERE level = 'province' AND valid_to IS NULL OR level = 'district' AND (valid_to IS NULL"
            " OR valid_from <= :reform AND valid_to > :reform)))"
        ),
        {"first": last - timedelta(days=LONGEST), "last": last, "everywhere": EVERYWHERE, "reform": LAST_DISTRICT_DAY},
    ).all()
    if not rows:
        return None
    first = min(row.day for row in rows)
    names = sorted({(row.unit_id, row.category) for row in rows})
    place = {name: number for number, name in enumerate(names)}
    counts = np.zeros((len(names), (last - first).days + 1))
    for row in rows:
        counts[place[row.unit_id, row.category], (row.day - first).days] = row.received
    kept = np.flatnonzero(counts.sum(axis=1) >= LEAST)
    days = counts.shape[1] + load.HORIZON
    return Series([names[n] for n in kept], counts[kept], first, last, _calendar(load_calendar(conn), first, days))


def _calendar(work: WorkCalendar, first: date, days: int) -> load.Calendar:
    """Holidays are days on which offices are shut though the weekday is theirs."""
    every = [first + timedelta(days=n) for n in range(days)]
    weekend = work.rule.weekend
    return load.Calendar(
        np.array([day.weekday() for day in every]),
        np.array([day.isoweekday() not in weekend and not work.is_working_day(day) for day in every]),
    )


def write_forecast(conn: Connection, *, today: date) -> int:
    """Forecast the fortnight after the last whole day. Returns the number of series; where the model did not beat the
    naive methods on the last half year, the better of those stands, and its name with it."""
    conn.execute(text("DELETE FROM derived.feedback_forecast"))
    series = read_series(conn, last=today - timedelta(days=1))
    if series is None or not series.names or series.counts.shape[1] < load.LEAST_DAYS:
        return 0
    counts, calendar, origin = series.counts, series.calendar, series.counts.shape[1] - 1
    score = load.backtest(counts, calendar, origins=13)
    ways = {
        "model": load.expected(counts, calendar, origin),
        "last_week": load.last_week(counts, origin),
        "mean_28": load.mean_28(counts, origin),
    }
    errors = np.stack([np.nan_to_num(score.mae[name]) for name in load.METHODS])
    best = errors.argmin(axis=0)
    mean = np.stack([ways[name] for name in load.METHODS])[best, np.arange(len(best))]
    naive = np.minimum(errors[1], errors[2])
    skill = np.where(naive > 0, 1 - errors.min(axis=0) / np.where(naive > 0, naive, 1), np.nan)
    low, middle, high = load.quantiles(mean, load.dispersion(counts, calendar, origin))
    conn.execute(
        text(
            "INSERT INTO derived.feedback_forecast (unit_id, category, target, q10, q50, q90, mean, model, skill,"
            " known_until) VALUES (:unit, :category, :target, :q10, :q50, :q90, :mean, :model, :skill, :until)"
        ),
        [
            {"unit": unit_id, "category": category, "target": series.last + timedelta(days=ahead + 1),
             "q10": float(low[n, ahead]), "q50": float(middle[n, ahead]), "q90": float(high[n, ahead]),
             "mean": float(mean[n, ahead]), "model": load.METHODS[best[n]],
             "skill": float(skill[n]) if score.origins and np.isfinite(skill[n]) else None, "until": series.last}
            for n, (unit_id, category) in enumerate(series.names)
            for ahead in range(load.HORIZON)
        ],
    )  # fmt: skip
    return len(series.names)
