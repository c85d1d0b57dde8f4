"""Stations, hours, features and grids for the toy province of ``toy.py``."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import from_bounds
from sqlalchemy import Connection, text

from layers.registry import get_layer
from spatial.queries import rollup
from spatial.queries.place import place_features
from spatial.queries.versions import bump_version


def start_run(conn: Connection, layer_id: str, state: str = "done") -> int:
    """An ingest run, as the pipeline records one."""
    return int(
        conn.execute(
            text(
                "INSERT INTO ops.ingest_run (layer_id, source, actor, state) VALUES (:layer, 'test', 'test', :state)"
                " RETURNING id"
            ),
            {"layer": layer_id, "state": state},
        ).scalar_one()
    )


def add_points(conn: Connection, layer_id: str, points: dict[str, tuple[float, float]], **columns: object) -> None:
    """Features of a point layer by key; ``columns`` are equal for all."""
    layer = get_layer(layer_id)
    run_id = start_run(conn, layer_id)
    names = [layer.key_columns[0].name, *columns]
    for key, (lon, lat) in points.items():
        conn.execute(
            text(
                f"INSERT INTO layer.{layer.table} (key, geom, run_id, {', '.join(names)})"
                f" VALUES (:{names[0]}, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), :run_id,"
                f" {', '.join(':' + name for name in names)})"
            ),
            {names[0]: key, "lon": lon, "lat": lat, "run_id": run_id, **columns},
        )
    place_features(conn, layer=layer, run_id=run_id)
    bump_version(conn, layer_id=layer_id)


def add_series(conn: Connection, layer_id: str, station: str, parameter: str) -> int:
    """A series of a station; its id."""
    return int(
        conn.execute(
            text(
                "INSERT INTO core.series (layer_id, feature_key, parameter) VALUES (:layer, :station, :parameter)"
                " RETURNING id"
            ),
            {"layer": layer_id, "station": station, "parameter": parameter},
        ).scalar_one()
    )


def add_hours(
    conn: Connection,
    series: int,
    hours: list[tuple[datetime, float | None, int, int]],
    layer_id: str = "air_observation",
) -> None:
    """Values (end of the hour, value, status, flag) written by one run, as a load does; one that exists is replaced."""
    run_id = start_run(conn, layer_id)
    times = [hour[0] for hour in hours]
    conn.execute(
        text("SELECT core.ensure_observation_partitions(:first, :last)"), {"first": min(times), "last": max(times)}
    )
    conn.execute(
        text(
            "INSERT INTO core.observation (series_id, time, value, status, flag, run_id)"
            " VALUES (:series, :time, :value, :status, :flag, :run_id) ON CONFLICT (series_id, time) DO UPDATE"
            " SET value = excluded.value, status = excluded.status, flag = excluded.flag, run_id = excluded.run_id"
        ),
        [
            {"series": series, "time": time, "value": value, "status": status, "flag": flag, "run_id": run_id}
            for time, value, status, flag in hours
        ],
    )
    rollup.touch(conn, series_ids=[series], first=min(times), last=max(times))


def write_grid(path: Path, values: np.ndarray, bounds: tuple[float, float, float, float]) -> None:
    """A GeoTIFF in EPSG:4326; NaN becomes nodata."""
    height, width = values.shape
    profile = {
        "driver": "GTiff", "width": width, "height": height, "count": 1, "dtype": "float32", "crs": "EPSG:4326",
        "nodata": -9999, "transform": from_bounds(*bounds, width, height),
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as grid:
        grid.write(np.nan_to_num(values, nan=-9999).astype("float32"), 1)


def add_grid(
    conn: Connection,
    layer_id: str,
    day: date,
    path: Path,
    values: np.ndarray,
    bounds: tuple[float, float, float, float],
) -> None:
    """A grid in the catalogue, replacing the one of the same day."""
    write_grid(path, values, bounds)
    conn.execute(
        text(
            "INSERT INTO core.grid (layer_id, time, path, sha256, crs, width, height, footprint)"
            " VALUES (:layer, :day, :path, :sha, 4326, :width, :height,"
            " ST_MakeEnvelope(:west, :south, :east, :north, 4326)) ON CONFLICT (layer_id, time) DO UPDATE"
            " SET path = excluded.path, sha256 = excluded.sha256"
        ),
        {
            "layer": layer_id, "day": day, "path": str(path), "sha": str(hash(values.tobytes())),
            "width": values.shape[1], "height": values.shape[0],
            "west": bounds[0], "south": bounds[1], "east": bounds[2], "north": bounds[3],
        },
    )  # fmt: skip
