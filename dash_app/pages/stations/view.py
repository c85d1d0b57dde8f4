"""Pure half of the stations page: what state a station is in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from layers.model import Layer

type Row = dict[str, Any]
type StationState = Literal["online", "late", "silent", "calibrating", "faulty", "never"]

SILENT_AFTER = timedelta(hours=24)
HOURS = 24


@dataclass(frozen=True)
class StationStatus:
    """One line of the station list."""

    layer: Layer
    key: str
    name: str
    lon: float
    lat: float
    state: StationState
    last: Row | None  # newest row of the leading parameter, else of any
    age: timedelta | None
    complete: float  # share of good values of the last 24 hours, over the parameters the station measures


def station_state(newest: Sequence[Row], now: datetime, late_after: timedelta) -> StationState:
    """From the newest row of each parameter: silence first, then what the instrument says of itself."""
    times = [row["time"] for row in newest if row["time"] is not None]
    if not times:
        return "never"
    age = now - max(times)
    if age > SILENT_AFTER:
        return "silent"
    if age > late_after:
        return "late"
    fresh = [row for row in newest if row["time"] is not None and now - row["time"] <= late_after]
    if all(row["status"] == 2 for row in fresh):
        return "faulty"
    if all(row["status"] in (1, 2) for row in fresh):
        return "calibrating"
    return "online"


def station_statuses(
    layer: Layer, stations: Sequence[Row], latest: Sequence[Row], now: datetime
) -> list[StationStatus]:
    """List of an observation layer: troubled stations first, then by name."""
    assert layer.series is not None
    late_after = timedelta(hours=layer.series.late_after_hours)
    leading = [parameter.name for parameter in layer.series.parameters]
    found = []
    for station in stations:
        rows = [row for row in latest if row["key"] == station["key"]]
        with_time = [row for row in rows if row["time"] is not None]
        ordered = sorted(
            with_time, key=lambda row: leading.index(row["parameter"]) if row["parameter"] in leading else 99
        )
        age = now - max(row["time"] for row in with_time) if with_time else None
        good = sum(min(HOURS, row["good"] or 0) for row in rows)
        found.append(
            StationStatus(
                layer, station["key"], station["name"], station["lon"], station["lat"],
                station_state(rows, now, late_after), ordered[0] if ordered else None, age,
                good / (HOURS * len(rows)) if rows else 0.0,
            )
        )  # fmt: skip
    return sorted(found, key=lambda status: (status.state == "online", status.name))


def good_share(values: Sequence[Row]) -> float | None:
    """Part of the rows of a period that entered means; None without rows."""
    if not values:
        return None
    return sum(row["status"] == 0 and row["flag"] == 0 and row["value"] is not None for row in values) / len(values)
