"""Surfaces between stations, and people exposed, as they are stored and read. Times are UTC and end the hour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, text
from sqlalchemy.dialects.postgresql import insert

from layers.model import Layer
from layers.registry import get_layer
from spatial.analysis.places import Array
from spatial.analysis.surface import Exposure, Lattice
from spatial.queries.statements import Row, select_rows, sql
from spatial.schema.derived import exposure as exposure_table
from spatial.schema.derived import surface as surface_table
from spatial.schema.feature import feature_table

HOUR, DAY = 1, 24  # derived.surface.hours


@dataclass(frozen=True)
class Panel:
    """Values of one parameter: times by stations, NaN where there is no good one."""

    times: list[datetime]
    keys: list[str]
    positions: Array  # (stations, 2) degrees
    values: Array


@dataclass(frozen=True)
class StoredSurface:
    """One surface: float32 cells row by row from the north, NaN where nothing is said."""

    time: datetime
    forecast: bool
    stations: int
    lattice: Lattice
    mean: NDArray[np.float32]
    deviation: NDArray[np.float32]


def hourly_panel(conn: Connection, *, layer: Layer, parameter: str, first: datetime, last: datetime) -> Panel:
    """Approved hourly means, first <= time <= last."""
    statement = _located("surface_hours", layer)
    return _panel(select_rows(conn, statement, layer=layer.id, parameter=parameter, first=first, last=last))


def daily_panel(conn: Connection, *, layer: Layer, parameter: str, first: date, last: date, least_hours: int) -> Panel:
    """Means of local days with hours enough; the time is the end of the day."""
    span = {"first": first, "last": last, "least_hours": least_hours}
    return _panel(select_rows(conn, _located("surface_days", layer), layer=layer.id, parameter=parameter, **span))


def forecast_panel(conn: Connection, *, layer: Layer, parameter: str, first: datetime, last: datetime) -> Panel:
    """Medians of each station's newest forecast, first < time <= last."""
    statement = _located("surface_forecasts", layer)
    return _panel(select_rows(conn, statement, layer=layer.id, parameter=parameter, first=first, last=last))


def _located(name: str, layer: Layer) -> str:
    """A statement with the table of the layer's stations."""
    assert layer.series is not None
    return sql(name).format(stations=feature_table(get_layer(layer.series.station_layer)).fullname)


def _panel(rows: Sequence[Row]) -> Panel:
    times = sorted({row["time"] for row in rows})
    places = {row["key"]: (row["lon"], row["lat"]) for row in rows}
    keys = sorted(places)
    values = np.full((len(times), len(keys)), np.nan)
    row_of = {time: number for number, time in enumerate(times)}
    column_of = {key: number for number, key in enumerate(keys)}
    for row in rows:
        values[row_of[row["time"]], column_of[row["key"]]] = row["value"]
    positions = np.array([places[key] for key in keys], dtype=float).reshape(-1, 2)
    return Panel(times, keys, positions, values)


# ---------------------------------------------------------------- surfaces


def marks(conn: Connection, *, layer_id: str, parameter: str, hours: int) -> dict[datetime, str]:
    """What each stored surface was made of, by time."""
    rows = conn.execute(
        text(
            "SELECT time, grid ->> 'input' FROM derived.surface"
            " WHERE layer_id = :layer AND parameter = :parameter AND hours = :hours"
        ),
        {"layer": layer_id, "parameter": parameter, "hours": hours},
    )
    return {row[0]: row[1] or "" for row in rows}


def store_surfaces(
    conn: Connection, *, layer_id: str, parameter: str, hours: int, found: Iterable[tuple[StoredSurface, str]]
) -> int:
    """Write surfaces, each with the mark of its input; one of the same time is replaced. Returns how many."""
    rows = [
        {
            "layer_id": layer_id,
            "parameter": parameter,
            "time": item.time,
            "hours": hours,
            "forecast": item.forecast,
            "stations": item.stations,
            "mean": item.mean.astype("<f4").tobytes(),
            "deviation": item.deviation.astype("<f4").tobytes(),
            "grid": item.lattice.describe() | {"input": mark},
        }
        for item, mark in found
    ]
    if rows:
        statement = insert(surface_table)
        changed = {name: statement.excluded[name] for name in ("forecast", "stations", "mean", "deviation", "grid")}
        conn.execute(statement.on_conflict_do_update(index_elements=surface_table.primary_key, set_=changed), rows)
    return len(rows)


def delete_surfaces(conn: Connection, *, layer_id: str, parameter: str, hours: int, times: Sequence[datetime]) -> None:
    """Forget surfaces that are no longer wanted."""
    table = surface_table.c
    conn.execute(
        delete(surface_table).where(
            table.layer_id == layer_id,
            table.parameter == parameter,
            table.hours == hours,
            table.time.in_(list(times)),
        )
    )


def read_surfaces(
    conn: Connection, *, layer_id: str, parameter: str, hours: int, first: datetime, last: datetime
) -> list[StoredSurface]:
    """Surfaces with first <= time <= last, by time."""
    rows = select_rows(
        conn,
        "SELECT time, forecast, stations, mean, deviation, grid FROM derived.surface WHERE layer_id = :layer"
        " AND parameter = :parameter AND hours = :hours AND time BETWEEN :first AND :last ORDER BY time",
        layer=layer_id,
        parameter=parameter,
        hours=hours,
        first=first,
        last=last,
    )
    return [
        StoredSurface(
            row["time"],
            row["forecast"],
            row["stations"],
            Lattice.read(row["grid"]),
            np.frombuffer(row["mean"], dtype="<f4"),
            np.frombuffer(row["deviation"], dtype="<f4"),
        )
        for row in rows
    ]


def surface_mark(conn: Connection, *, layer_id: str) -> str:
    """Changes whenever a surface or an exposure of the layer does."""
    mark = conn.execute(
        text("SELECT value FROM ops.watermark WHERE name = :name"), {"name": f"surface.version.{layer_id}"}
    ).scalar()
    return str(mark or "")


# ---------------------------------------------------------------- exposure


def store_exposure(
    conn: Connection,
    *,
    layer_id: str,
    parameter: str,
    day: date,
    unit_ids: Sequence[int],
    found: Exposure,
    limit: float,
) -> int:
    """Replace the exposure of a day. Units without people on the grid are left out."""
    conn.execute(
        text("DELETE FROM derived.exposure WHERE layer_id = :layer AND parameter = :parameter AND day = :day"),
        {"layer": layer_id, "parameter": parameter, "day": day},
    )
    rows = [
        {
            "unit_id": unit_id,
            "layer_id": layer_id,
            "parameter": parameter,
            "day": day,
            "people": float(found.people[number]),
            "covered": float(found.covered[number]),
            "above": float(found.above[number]),
            "mean": None if np.isnan(found.mean[number]) else float(found.mean[number]),
            "limit_value": limit,
        }
        for number, unit_id in enumerate(unit_ids)
        if found.people[number] > 0
    ]
    if rows:
        conn.execute(insert(exposure_table), rows)
    return len(rows)


def forget_exposure(conn: Connection, *, layer_id: str, parameter: str, kept: Sequence[date]) -> None:
    """Delete exposures of days that have no surface any more."""
    conn.execute(
        text(
            "DELETE FROM derived.exposure WHERE layer_id = :layer AND parameter = :parameter AND NOT day = ANY(:kept)"
        ),
        {"layer": layer_id, "parameter": parameter, "kept": list(kept)},
    )


def exposure_days(
    conn: Connection, *, layer_id: str, parameter: str, first: date, last: date, unit_ids: Sequence[int] | None = None
) -> list[Row]:
    """People by unit and day: unit_id, day, people, covered, above, mean, limit_value; all units when none is named."""
    return select_rows(
        conn,
        "SELECT unit_id, day, people, covered, above, mean, limit_value FROM derived.exposure"
        " WHERE layer_id = :layer AND parameter = :parameter AND day BETWEEN :first AND :last"
        " AND (CAST(:units AS integer[]) IS NULL OR unit_id = ANY(:units)) ORDER BY day, unit_id",
        layer=layer_id,
        parameter=parameter,
        first=first,
        last=last,
        units=None if unit_ids is None else list(unit_ids),
    )


def store_unit_hours(
    conn: Connection,
    *,
    layer_id: str,
    parameter: str,
    unit_ids: Sequence[int],
    found: Sequence[tuple[datetime, Exposure]],
) -> int:
    """Write means of the surface by unit and hour; an hour that is there is replaced. Returns the rows written."""
    conn.execute(
        text(
            "DELETE FROM derived.unit_surface WHERE layer_id = :layer AND parameter = :parameter AND time = ANY(:times)"
        ),
        {"layer": layer_id, "parameter": parameter, "times": [time for time, _ in found]},
    )
    rows = 0
    cursor = conn.connection.cursor()
    with cursor.copy(
        "COPY derived.unit_surface (unit_id, layer_id, parameter, time, mean, covered) FROM STDIN"
    ) as copy:
        for time, seen in found:
            for number in map(int, np.flatnonzero(seen.covered > 0)):
                share = float(seen.covered[number] / seen.people[number])
                copy.write_row((unit_ids[number], layer_id, parameter, time, float(seen.mean[number]), share))
                rows += 1
    return rows


def keep_unit_hours(conn: Connection, *, layer_id: str, parameter: str) -> None:
    """Delete hours of which there is no surface any more."""
    conn.execute(
        text(
            "DELETE FROM derived.unit_surface u WHERE layer_id = :layer AND parameter = :parameter AND NOT EXISTS ("
            "SELECT FROM derived.surface s WHERE s.layer_id = u.layer_id AND s.parameter = u.parameter"
            " AND s.hours = 1 AND s.time = u.time)"
        ),
        {"layer": layer_id, "parameter": parameter},
    )


def unit_surface_hours(
    conn: Connection,
    *,
    layer_id: str,
    parameter: str,
    first: datetime,
    now: datetime,
    last: datetime,
    unit_ids: Sequence[int],
) -> list[Row]:
    """Means of the surface by unit and hour: unit_id, time, mean, covered (share of the people).

    Of a forecast only what lies after ``now``: an hour that has come since is no forecast any more.
    """
    return select_rows(
        conn,
        "SELECT u.unit_id, u.time, u.mean, u.covered FROM derived.unit_surface u JOIN derived.surface s"
        " ON s.layer_id = u.layer_id AND s.parameter = u.parameter AND s.time = u.time AND s.hours = 1"
        " WHERE u.layer_id = :layer AND u.parameter = :parameter AND u.time BETWEEN :first AND :last"
        " AND u.unit_id = ANY(:units) AND (NOT s.forecast OR u.time > :now)",
        layer=layer_id,
        parameter=parameter,
        first=first,
        now=now,
        last=last,
        units=list(unit_ids),
    )


def unit_hours(
    conn: Connection, *, layer_id: str, parameter: str, first: datetime, last: datetime, unit_ids: Sequence[int]
) -> list[Row]:
    """Means of the stations of each unit by hour: unit_id, time, mean, stations."""
    return select_rows(
        conn,
        "SELECT unit_id, time, mean, stations FROM derived.unit_hourly WHERE layer_id = :layer"
        " AND parameter = :parameter AND time BETWEEN :first AND :last AND unit_id = ANY(:units)"
        " AND mean IS NOT NULL ORDER BY time, unit_id",
        layer=layer_id,
        parameter=parameter,
        first=first,
        last=last,
        units=list(unit_ids),
    )
