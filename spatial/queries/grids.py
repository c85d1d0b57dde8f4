"""The catalogue of grids; their cells lie in GeoTIFF files below data/rasters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text


@dataclass(frozen=True)
class GridFile:
    """One grid at one time. ``bbox`` is west, south, east, north of the footprint in degrees."""

    time: date
    path: str
    crs: int
    width: int
    height: int
    bbox: tuple[float, float, float, float]


def list_grids(
    conn: Connection, *, layer_id: str, low: date | None = None, high: date | None = None, limit: int | None = None
) -> list[GridFile]:
    """Grids of a layer by time, between two days (None = open); with a limit, the newest ones."""
    rows = conn.execute(
        text(
            "SELECT time, path, crs, width, height, ST_XMin(footprint), ST_YMin(footprint), ST_XMax(footprint),"
            " ST_YMax(footprint) FROM core.grid WHERE layer_id = :layer"
            " AND time >= coalesce(CAST(:low AS date), '-infinity')"
            " AND time <= coalesce(CAST(:high AS date), 'infinity')"
            " ORDER BY time DESC LIMIT :limit"
        ),
        {"layer": layer_id, "low": low, "high": high, "limit": limit},
    ).all()
    found = [GridFile(row[0], row[1], row[2], row[3], row[4], (row[5], row[6], row[7], row[8])) for row in rows]
    return sorted(found, key=lambda item: item.time)
