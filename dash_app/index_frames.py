"""Frames of an index at stations: number, letter and colour of the law; in the forecast, from the medians.

Hours of VN_AQI reach 168 back and 72 ahead; an index of days shows the last 30. A reference sensor publishes no index
(Circular 10/2021/TT-BTNMT, article 29): its state is ``r``, and its values are shown by the themes of parameters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from dash_app.environment import TIME_FORMAT, IndexHours, read_index_days, read_index_hours
from dash_app.frames import MISSING, Row, describe, describe_stations, number_notes, why_doubtful
from dash_app.services import FUTURE_HOURS, PAST_HOURS, Services
from dash_app.themes import Theme
from layers.index_scales import AIR_POLLUTANTS, PARTICLES
from layers.indices import REASONS, Index, level_of
from layers.model import Text
from spatial.analysis.air_index import NOWCAST_HOURS, hourly
from spatial.settings import LOCAL_ZONE

DAYS_SHOWN = 30


@dataclass(frozen=True)
class Cell:
    """What one badge says at one time; ``doubts`` tell why there is no number, or which part is left out."""

    value: int | None
    state: str
    level: int | None = None
    dominant: tuple[str, ...] = ()
    parts: tuple[tuple[str, int], ...] = ()
    doubts: tuple[tuple[str, Text], ...] = ()  # parameter ('' = the station) and why


REFERENCE = Cell(None, "r", doubts=(("", REASONS["reference_station"]),))


def build_index_frames(theme: Theme, services: Services, language: str) -> Row:
    """Frames of an index at all stations of its layer."""
    index = theme.index
    assert index is not None
    if index.period == "hour":
        hours = read_index_hours(services, theme)
        times: list[datetime] = hours.span.times
        stations, cells, now = hours.stations, hour_cells(hours, times), PAST_HOURS
        live = services.now() - hours.span.now < timedelta(hours=2)
        shown = [time.strftime(TIME_FORMAT) for time in times]
    else:
        today, stations, rows = read_index_days(services, theme, DAYS_SHOWN)
        days = [today - timedelta(days=back) for back in range(DAYS_SHOWN, -1, -1)]
        cells, now, live = _days(stations, rows, days), DAYS_SHOWN, True
        shown = [day.isoformat() for day in days]
    assert theme.layer.series is not None
    titles = {parameter.name: parameter.title[language] for parameter in theme.layer.series.parameters}
    columns = [cells[station["key"]] for station in stations]
    frames = [list(row) for row in zip(*columns, strict=True)] if columns else [[] for _ in shown]
    counts = [
        sum(cell.value is not None for cell in row) / max(1, sum(cell.state != "r" for cell in row)) for row in frames
    ]
    return describe(theme, language) | {
        "times": shown,
        "now": now,
        "live": live,
        "start": max((i for i in range(now + 1) if counts[i] > 0), default=now),
        "stations": describe_stations(stations),
        "index": index.id,
        "values": [[cell.value for cell in row] for row in frames],
        "states": ["".join(cell.state for cell in row) for row in frames],
        "levels": [[cell.level for cell in row] for row in frames],
        "notes": number_notes([[_words(cell, titles, language) for cell in row] for row in frames]),
        "counts": counts,
    } | describe_levels(index, language)  # fmt: skip


def describe_levels(index: Index, language: str) -> Row:
    """Levels as classes: bounds, colours, letters and words."""
    levels = index.levels
    rising = sorted(levels, key=lambda level: level.low)
    return {
        "breaks": [level.low for level in rising[1:]],
        "colours": [level.colour for level in rising],
        "texts": [level.text_colour for level in rising],
        "letters": [level.letter for level in rising],
        "words": [level.title[language] for level in rising],
        "bounds": [[level.low, level.high] for level in rising],
        "lettersOnly": all(level.low == level.high for level in levels),
        "source": index.source[language],
        "limit": None,
        "limitHours": None,
        "limitBasis": None,
    }


def _words(cell: Cell, titles: dict[str, str], language: str) -> str:
    parts = [
        f"{titles.get(name, name)} {value}{' ◂' if name in cell.dominant else ''}"
        for name, value in sorted(cell.parts, key=lambda part: -part[1])
    ]
    return "\n".join([" · ".join(parts), *_reasons(cell, titles, language)]).strip()


def _reasons(cell: Cell, titles: dict[str, str], language: str) -> list[str]:
    return [f"{titles[name]}: {why[language]}" if name else why[language] for name, why in cell.doubts]


# ---------------------------------------------------------------- hours


def hour_cells(hours: IndexHours, times: Sequence[datetime]) -> dict[str, list[Cell]]:
    """Cells by station: what the roll-up computed, what the device says where there is none, and the forecast."""
    stored = {(row["key"], row["time"]): row for row in hours.values}
    doubtful: dict[tuple[str, datetime], list[Row]] = defaultdict(list)
    for row in hours.doubtful:
        doubtful[row["key"], row["time"]].append(row)
    ahead = forecast_cells(hours)

    def cell(station: Row, time: datetime) -> Cell:
        place = station["key"], time
        if station.get("station_class") == "reference":
            return REFERENCE
        if time > hours.span.now:
            return ahead.get(place, Cell(None, MISSING))
        return _cell(stored.get(place), doubtful.get(place, []))

    return {station["key"]: [cell(station, time) for time in times] for station in hours.stations}


def _cell(row: Row | None, doubtful: Sequence[Row]) -> Cell:
    doubts = tuple((item["parameter"], why_doubtful(item["status"], item["flag"])) for item in doubtful)
    if row is not None and row["value"] is not None:
        parts = tuple((name, int(value)) for name, value in row["parts"].items() if value is not None)
        return Cell(row["value"], ".", row["level"], tuple(row["dominant"]), parts, doubts)
    # Without particles there is no index: what their instruments say is the state of the station.
    telling = [item for item in doubtful if item["parameter"] in PARTICLES] or doubtful
    if telling:
        statuses = {item["status"] for item in telling}
        return Cell(None, "x" if 2 in statuses else "c" if 1 in statuses else "!", doubts=doubts)
    reason = REASONS.get(row["reason"]) if row is not None else None
    return Cell(None, MISSING, doubts=(("", reason),) if reason else ())


def forecast_cells(hours: IndexHours) -> dict[tuple[str, datetime], Cell]:
    """VN_AQI of the forecast medians: NowCast over the last measured hours followed by the medians of PM."""
    times = hours.span.times
    start = PAST_HOURS - NOWCAST_HOURS + 1
    wanted = times[start:]
    row_of = {time: number for number, time in enumerate(wanted)}
    keys = [station["key"] for station in hours.stations]
    column_of = {key: number for number, key in enumerate(keys)}
    values: dict[str, NDArray[np.float64]] = defaultdict(lambda: np.full((len(wanted), len(keys)), np.nan))
    for row in hours.inputs:
        if row["parameter"] in AIR_POLLUTANTS and row["time"] in row_of and row["key"] in column_of:
            values[row["parameter"]][row_of[row["time"]], column_of[row["key"]]] = row["value"]
    if not values:
        return {}
    found = hourly(dict(values))
    dominant = found.dominant
    cells: dict[tuple[str, datetime], Cell] = {}
    for number in range(NOWCAST_HOURS, NOWCAST_HOURS + FUTURE_HOURS):
        for key, column in column_of.items():
            value = found.value[number, column]
            if np.isfinite(value):
                parts = tuple(
                    (name, int(part[number, column]))
                    for name, part in found.parts.items()
                    if np.isfinite(part[number, column])
                )
                names = tuple(name for name, mask in dominant.items() if mask[number, column])
                level = level_of(hours.index.id, float(value)).number
                cells[key, wanted[number]] = Cell(int(value), "f", level, names, parts)
    return cells


# ---------------------------------------------------------------- days


def _days(stations: Sequence[Row], rows: Sequence[Row], days: Sequence[date]) -> dict[str, list[Cell]]:
    stored = {(row["key"], _day(row["time"])): row for row in rows}
    return {
        station["key"]: [
            REFERENCE if station.get("station_class") == "reference" else _cell(stored.get((station["key"], day)), [])
            for day in days
        ]
        for station in stations
    }


def _day(time: datetime) -> date:
    """The local day that ends at a time."""
    return (time.astimezone(LOCAL_ZONE) - timedelta(seconds=1)).date()
