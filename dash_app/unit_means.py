"""Frames of a station theme by unit: the mean of its stations, else of the surface between them, and marked so.

States beside those of ``dash_app.frames``: ``i`` interpolated (people-weighted mean of the surface), ``g`` the same of
a forecast.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from dash_app import classes
from dash_app.environment import TIME_FORMAT, UnitHours, read_unit_hours
from dash_app.frames import MISSING, Row, canonical_day, describe, short, unit_set
from dash_app.services import PAST_HOURS, Services
from dash_app.state import Via
from dash_app.themes import Theme

LEAST_COVERED = 0.5  # a mean that leaves out more people than it speaks of is none

type Cell = tuple[float, str]


def build_unit_means(theme: Theme, services: Services, via: Via, language: str) -> Row:
    """Frames of one parameter by unit: 168 hours back, 72 hours of forecast."""
    parameter = theme.parameter
    assert parameter is not None
    units = services.units()
    shown = unit_set(units, via, services.today())
    hours = read_unit_hours(services, theme, [unit["id"] for unit in shown.units])
    cells = unit_cells(hours)
    times = hours.span.times
    rows = [[cells.get((unit["id"], time)) for unit in shown.units] for time in times]
    values = [cell[0] for row in rows for cell in row if cell]
    limited = next(iter(parameter.limits_on(hours.span.now.date())), None)
    colours = classes.pick(classes.WARNING if limited else classes.NEUTRAL, len(parameter.breaks) + 1)
    counts = [sum(cell is not None for cell in row) / max(1, len(row)) for row in rows]
    return describe(theme, language) | {
        "kind": "units",
        "times": [time.strftime(TIME_FORMAT) for time in times],
        "now": PAST_HOURS,
        "live": services.now() - hours.span.now < timedelta(hours=2),
        "start": max((i for i in range(PAST_HOURS + 1) if counts[i] > 0), default=PAST_HOURS),
        "surface": theme.has_surface,
        "show": "units",
        "sets": [
            {
                "level": shown.level,
                "former": any(unit["valid_to"] is not None for unit in shown.units),
                "keys": [unit["key"] for unit in shown.units],
                "breaks": list(parameter.breaks),
                "colours": list(colours),
                "method": "fixed",
                "range": [min(values), max(values)] if values else None,
                "asOf": canonical_day(units, shown).isoformat(),
            }
        ],
        "setOf": [0] * len(times),
        "values": [[cell and short(round(cell[0], parameter.decimals)) for cell in row] for row in rows],
        "states": ["".join(MISSING if cell is None else cell[1] for cell in row) for row in rows],
        "counts": counts,
    }  # fmt: skip


def unit_cells(hours: UnitHours) -> dict[tuple[int, datetime], Cell]:
    """Value and state by unit and time; stations go before the surface, which goes only where it covers people."""
    now = hours.span.now
    cells: dict[tuple[int, datetime], Cell] = {
        (row["unit_id"], row["time"]): (row["mean"], "g" if row["time"] > now else "i")
        for row in hours.surface
        if row["covered"] >= LEAST_COVERED
    }
    cells |= {(row["unit_id"], row["time"]): (row["mean"], ".") for row in hours.stations}
    return cells | {key: (value, "f") for key, value in hours.forecasts.items()}
