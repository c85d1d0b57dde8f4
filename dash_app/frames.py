"""Frames of the map: one matrix of values and states by time step, sent once; the browser does the stepping.

States are one letter per unit or station: ``.`` measured or official, ``e`` estimate, ``p`` preliminary, ``d`` put
together from other units, ``f`` forecast, ``c`` calibrating, ``x`` fault, ``!`` suspect, ``l`` late (last value held),
``r`` reference sensor that publishes no index, ``m`` no value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dash_app import classes
from dash_app.services import FUTURE_HOURS, PAST_HOURS, Services
from dash_app.state import Via
from dash_app.themes import Theme
from layers.flags import FLAG_TITLES, Flag, flags_of
from layers.model import Text
from spatial.months import list_months

type Row = dict[str, Any]
type Cell = tuple[float, str]

MISSING = "m"
STATE_LETTERS = {"official": ".", "preliminary": "p", "estimate": "e"}
STATUS_TITLES = {1: FLAG_TITLES[Flag.CALIBRATION], 2: FLAG_TITLES[Flag.FAULT]}
YEARS_SHOWN = 5
RAIN_DAYS = 30
CLASSED_PERIODS = 12  # class bounds follow the newest year: over a trend of five, today would be one colour


@dataclass(frozen=True)
class UnitSet:
    """Units drawn together: one level as it was on a day."""

    level: str
    as_of: date
    units: tuple[Row, ...]


def units_on(units: Iterable[Row], level: str, day: date) -> tuple[Row, ...]:
    """Units of a level in force on a day (valid_from <= day < valid_to)."""
    return tuple(
        unit
        for unit in units
        if unit["level"] == level and unit["valid_from"] <= day and (unit["valid_to"] is None or day < unit["valid_to"])
    )


def last_districts(units: Sequence[Row], day: date) -> UnitSet:
    """Districts of a day; after the tier ended, those of its last day."""
    found = units_on(units, "district", day)
    if found:
        return UnitSet("district", day, found)
    ends = [unit["valid_to"] for unit in units if unit["level"] == "district" and unit["valid_to"] is not None]
    last = max(ends, default=day) - timedelta(days=1)
    return UnitSet("district", last, units_on(units, "district", last))


def unit_set(units: Sequence[Row], via: Via, day: date) -> UnitSet:
    """What the map shows for a date: communes in force that day, or (former) districts."""
    return last_districts(units, day) if via == "former" else UnitSet("commune", day, units_on(units, "commune", day))


def canonical_day(units: Iterable[Row], item: UnitSet) -> date:
    """One name for a set of units: the newest start among them, when the same units were in force that day."""
    newest = max((unit["valid_from"] for unit in item.units), default=item.as_of)
    same = [unit["id"] for unit in units_on(units, item.level, newest)] == [unit["id"] for unit in item.units]
    return newest if same else item.as_of


def describe(theme: Theme, language: str) -> Row:
    """What every answer says of its theme."""
    return {
        "theme": theme.id,
        "kind": "stations" if theme.at_stations else "units",
        "title": theme.title[language],
        "group": theme.group[language],
        "unit": theme.unit[language].strip(),
        "decimals": theme.decimals,
        "step": theme.step,
        "agency": theme.layer.agency[language],
    }


# ---------------------------------------------------------------- themes by unit


def build_unit_frames(theme: Theme, services: Services, via: Via, language: str) -> Row:
    """Frames of an indicator or a grid by unit."""
    today = services.today()
    units = services.units()
    times, cells = _indicator_cells(theme, services, units) if theme.indicator else _zonal_cells(theme, services, units)
    now = max((index for index, time in enumerate(times) if _any_actual(cells, time)), default=len(times) - 1)
    sets: list[UnitSet] = []
    set_of: list[int] = []
    for time in times:
        chosen = _set_with_data(units, via, min(time, today) if theme.step == "month" else today, time, cells)
        known = next((i for i, other in enumerate(sets) if _same(other, chosen)), None)
        if known is None:
            sets.append(chosen)
        set_of.append(len(sets) - 1 if known is None else known)
    rows = [
        [cells.get((unit["id"], time)) for unit in sets[index].units] for time, index in zip(times, set_of, strict=True)
    ]
    return describe(theme, language) | {
        "times": [time.isoformat() for time in times],
        "now": now,
        "start": now,
        "sets": [
            _describe_set(theme, item, index, rows, set_of) | {"asOf": canonical_day(units, item).isoformat()}
            for index, item in enumerate(sets)
        ],
        "setOf": set_of,
        "values": [[None if cell is None else short(cell[0]) for cell in row] for row in rows],
        "states": ["".join(MISSING if cell is None else cell[1] for cell in row) for row in rows],
        "counts": [sum(cell is not None for cell in row) / max(1, len(row)) for row in rows],
    }


def _any_actual(cells: dict[tuple[int, date], Cell], time: date) -> bool:
    return any(when == time and letter != "f" for (_, when), (_, letter) in cells.items())


def _same(one: UnitSet, other: UnitSet) -> bool:
    return [unit["id"] for unit in one.units] == [unit["id"] for unit in other.units]


def _set_with_data(
    units: Sequence[Row], via: Via, day: date, time: date, cells: dict[tuple[int, date], Cell]
) -> UnitSet:
    """Communes of the day, unless only the districts of that day have figures (before the reform)."""
    chosen = unit_set(units, via, day)
    if via == "today" and not any((unit["id"], time) in cells for unit in chosen.units):
        districts = UnitSet("district", day, units_on(units, "district", day))
        if any((unit["id"], time) in cells for unit in districts.units):
            return districts
    return chosen


def _describe_set(theme: Theme, item: UnitSet, index: int, rows: list[list[Cell | None]], set_of: list[int]) -> Row:
    own = [row for row, owner in zip(rows, set_of, strict=True) if owner == index]
    shown = [cell[0] for row in own for cell in row if cell]
    recent = [row for row in own if any(cell and cell[1] != "f" for cell in row)][-CLASSED_PERIODS:]
    if theme.layer.kind == "grid" and theme.step == "day":
        breaks: tuple[float, ...] = (0.1, 5, 16, 50, 100, 200)  # classes of daily rain in forecasts of the service
        method = "fixed"
    else:
        breaks, method = classes.quantile_breaks(cell[0] for row in recent for cell in row if cell), "quantile"
    ramp = classes.BLUES if theme.step == "day" else classes.YELLOW_RED if _bad_up(theme) else classes.YELLOW_BLUE
    colours = classes.pick(ramp, len(breaks) + 1)
    return {
        "level": item.level,
        "former": any(unit["valid_to"] is not None for unit in item.units),
        "keys": [unit["key"] for unit in item.units],
        "breaks": list(breaks),
        "colours": list(colours),
        "method": method,
        "range": [min(shown), max(shown)] if shown else None,
    }


def _bad_up(theme: Theme) -> bool:
    return theme.indicator is not None and theme.indicator.direction == "down"


def short(value: float) -> float:
    """Six digits are enough for a map."""
    return float(f"{value:.6g}")


def _indicator_cells(
    theme: Theme, services: Services, units: Sequence[Row]
) -> tuple[list[date], dict[tuple[int, date], Cell]]:
    today = services.today()
    first, last = date(today.year - YEARS_SHOWN, 1, 1), date(today.year, 12, 1)
    ids = [unit["id"] for unit in units if unit["level"] != "province"]
    cells: dict[tuple[int, date], Cell] = {}
    for row in services.indicator_history(ids, [theme], first, last):
        if row["state"] != "plan":
            letter = "d" if row["derived"] else STATE_LETTERS[row["state"]]
            cells[row["unit_id"], row["period"]] = (row["value"], letter)
    first_seen = min((time for _, time in cells), default=first)
    for row in services.indicator_forecasts(ids, [theme]):
        if row["period"] is not None and row["q50"] is not None:
            cells.setdefault((row["unit_id"], row["period"].replace(day=1)), (row["q50"], "f"))
    return list_months(max(first, first_seen), last), cells


def _zonal_cells(
    theme: Theme, services: Services, units: Sequence[Row]
) -> tuple[list[date], dict[tuple[int, date], Cell]]:
    today = services.today()
    ids = [unit["id"] for unit in units if unit["level"] != "province"]
    yearly = theme.step == "year"
    first = date(today.year - 30, 1, 1) if yearly else today - timedelta(days=400)
    rows = [row for row in services.zonal(theme, ids, first, today) if row["value"] is not None]
    times = sorted({row["period"] for row in rows})
    if not yearly:
        times = times[-RAIN_DAYS:]
    kept = set(times)
    cells = {(row["unit_id"], row["period"]): (row["value"], ".") for row in rows if row["period"] in kept}
    return times or [today], cells


# ---------------------------------------------------------------- themes at stations


def build_station_frames(theme: Theme, services: Services, language: str) -> Row:
    """Frames of one parameter at all stations: 168 hours back, 72 hours of forecast."""
    parameter, series = theme.parameter, theme.layer.series
    assert parameter is not None
    assert series is not None
    stations = services.stations(theme.layer)
    now, values, forecasts = services.parameter_frames(theme)
    times = [now + timedelta(hours=offset) for offset in range(-PAST_HOURS, FUTURE_HOURS + 1)]
    measured: dict[str, dict[datetime, Row]] = defaultdict(dict)
    for row in values:
        measured[row["key"]][row["time"]] = row
    future = {(row["key"], row["time"]): row["value"] for row in forecasts}
    columns = [
        _station_column(measured[station["key"]], future, station["key"], times, now, series.late_after_hours)
        for station in stations
    ]
    rows = [list(row) for row in zip(*columns, strict=True)] if columns else [[] for _ in times]
    limit = next(iter(parameter.limits_on(now.date())), None)
    colours = classes.pick(classes.WARNING if limit else classes.NEUTRAL, len(parameter.breaks) + 1)
    received = [sum(cell[1] in ".!" for cell in row) / max(1, len(row)) for row in rows]
    return describe(theme, language) | {
        "times": [time.strftime("%Y-%m-%dT%H:%M:%SZ") for time in times],
        "now": PAST_HOURS,
        "live": services.now() - now < timedelta(hours=2),  # else «now» is the last hour of a feed that went silent
        "start": max((i for i in range(PAST_HOURS + 1) if received[i] > 0), default=PAST_HOURS),
        "surface": parameter.name in series.surface,
        "stations": describe_stations(stations),
        "breaks": list(parameter.breaks),
        "colours": list(colours),
        "texts": [classes.text_on(colour) for colour in colours],
        "limit": limit.high if limit else None,
        "limitHours": limit.hours if limit else None,
        "limitBasis": limit.basis[language] if limit else None,
        "values": [[None if cell[0] is None else round(cell[0], parameter.decimals) for cell in row] for row in rows],
        "states": ["".join(cell[1] for cell in row) for row in rows],
        "notes": number_notes(_doubts(stations, measured, times, language)),
        "counts": [
            count if index <= PAST_HOURS else sum(cell[1] == "f" for cell in row) / max(1, len(row))
            for index, (count, row) in enumerate(zip(received, rows, strict=True))
        ],
    }


def describe_stations(stations: Sequence[Row]) -> list[Row]:
    """Stations as the bridge needs them."""
    names = ("key", "name", "lon", "lat", "commune_code", "former_district_code")
    return [
        {name: station[name] for name in names}
        | {"units": station["unit_ids"], "reference": station.get("station_class") == "reference"}
        for station in stations
    ]


def number_notes(words: Sequence[Sequence[str]]) -> Row:
    """Words by frame and station, each different one once: ``list``, and its number ``of`` each cell (None = none)."""
    known: dict[str, int] = {}
    numbers = [
        [known.setdefault(word, len(known)) if word else None for word in row] if any(row) else None for row in words
    ]
    return {"list": list(known), "of": numbers}


def why_doubtful(status: int, flag: int) -> Text:
    """Why a value may not be used, in words."""
    reasons = [STATUS_TITLES[status]] if status in STATUS_TITLES else [FLAG_TITLES[mark] for mark in flags_of(flag)]
    return Text(vi=", ".join(reason.vi for reason in reasons), en=", ".join(reason.en for reason in reasons))


def _doubts(
    stations: Sequence[Row],
    measured: dict[str, dict[datetime, Row]],
    times: Sequence[datetime],
    language: str,
) -> list[list[str]]:
    """Why the values drawn as doubtful are so, by frame and station."""

    def words(row: Row | None) -> str:
        if row is None or not (row["status"] or row["flag"]):
            return ""
        return why_doubtful(row["status"], row["flag"])[language]

    return [[words(measured[station["key"]].get(time)) for station in stations] for time in times]


def _station_column(
    measured: dict[datetime, Row],
    future: dict[tuple[str, datetime], float],
    key: str,
    times: Sequence[datetime],
    now: datetime,
    late_after_hours: float,
) -> list[tuple[float | None, str]]:
    column: list[tuple[float | None, str]] = []
    held: tuple[datetime, float] | None = None
    for time in times:
        if time > now:
            value = future.get((key, time))
            column.append((value, MISSING if value is None else "f"))
            continue
        cell = _measured_cell(measured.get(time))
        if cell[1] == "." and cell[0] is not None:
            held = (time, cell[0])
        elif cell[1] == MISSING and held and time - held[0] <= timedelta(hours=late_after_hours):
            cell = (held[1], "l")
        column.append(cell)
    return column


def _measured_cell(row: Row | None) -> tuple[float | None, str]:
    if row is None:
        return None, MISSING
    if row["status"] == 1:
        return None, "c"
    if row["status"] == 2:
        return None, "x"
    if row["value"] is None:
        return None, MISSING
    return row["value"], "!" if row["flag"] else "."
