"""Job ``zonal``: statistics of grids by administrative unit."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial

import numpy as np
import shapely
from sqlalchemy import Connection, Row, text

from ingest.binary_copy import copy_binary
from ingest.load import driver
from layers.model import Layer
from layers.registry import registry
from spatial.access import SYSTEM, connect
from spatial.admin_units import LAST_DISTRICT_DAY, valid_on
from spatial.analysis.zonal import Zonal, zonal_statistics
from spatial.progress import Progress
from spatial.queries.versions import bump_version, get_watermark, set_watermark, version_mark
from spatial.settings import LOCAL_ZONE, data_settings


@dataclass(frozen=True)
class Batch:
    """Grids of one layer with the same cells, of days with the same units."""

    rows: list[Row]
    units: np.ndarray  # indices


def compute_zonal(progress: Progress) -> str:
    """Grids that are new or changed, or all of them when units changed; one transaction per layer."""
    layers = [layer for layer in registry().values() if layer.grid is not None]
    written = 0
    for number, layer in enumerate(layers):
        progress(layer.title.vi, number / len(layers))
        with connect(SYSTEM) as conn:
            written += _layer(conn, layer)
    return f"{written} values by unit" if written else "nothing new"


def _layer(conn: Connection, layer: Layer) -> int:
    assert layer.grid is not None
    name = f"zonal.{layer.id}"
    places = version_mark(conn, layer_ids=["admin_unit"])
    known = json.loads(get_watermark(conn, name=name) or "{}")
    done = known.get("grids", {}) if known.get("units") == places else {}
    grids = list(
        conn.execute(
            text("SELECT time, path, sha256, crs, width, height, ST_AsText(footprint) AS footprint FROM core.grid"
                 " WHERE layer_id = :layer ORDER BY time"),
            {"layer": layer.id},
        )
    )  # fmt: skip
    stale = [row for row in grids if done.get(row.time.isoformat()) != row.sha256]
    conn.execute(
        text("DELETE FROM derived.zonal WHERE layer_id = :layer AND (time = ANY(:stale) OR NOT time = ANY(:all))"),
        {"layer": layer.id, "stale": [row.time for row in stale], "all": [row.time for row in grids]},
    )
    if not stale:
        return 0
    units, shapes = _read_units(conn)
    written = 0
    for batch in _batches(stale, units):
        paths = [data_settings().raster(row.path) for row in batch.rows]
        found = zonal_statistics(paths, shapes[batch.units], crs=batch.rows[0].crs, how=layer.grid.zonal)
        ids = [units[i].id for i in batch.units]
        written += _copy(conn, layer, ids, [row.time for row in batch.rows], found)
    state = {"units": places, "grids": {row.time.isoformat(): row.sha256 for row in grids}}
    set_watermark(conn, name=name, value=json.dumps(state))
    bump_version(conn, layer_id=layer.id)
    return written


def _read_units(conn: Connection) -> tuple[list[Row], np.ndarray]:
    rows = list(
        conn.execute(
            text("SELECT id, level, valid_from, valid_to, ST_AsBinary(geom) AS wkb FROM core.admin_unit ORDER BY id")
        )
    )
    return rows, np.array(shapely.from_wkb([row.wkb for row in rows]), dtype=object)


def _batches(grids: list[Row], units: list[Row]) -> Iterator[Batch]:
    """Group grids so that the fractions of cells are computed once for many days."""
    today = datetime.now(LOCAL_ZONE).date()
    wanted = cache(partial(_wanted, tuple(units), today))
    reforms = sorted({day for unit in units for day in (unit.valid_from, unit.valid_to) if day is not None})
    groups: dict[tuple, list[Row]] = {}
    for row in grids:
        era = bisect_right(reforms, row.time)
        groups.setdefault((row.crs, row.width, row.height, row.footprint, era), []).append(row)
    for (*_, era), rows in groups.items():
        yield Batch(rows, wanted(reforms[era - 1] if era else date.min))


def _wanted(units: tuple[Row, ...], today: date, day: date) -> np.ndarray:
    """Units in force on the day, units of today, and the districts of 30 June 2025: indices."""
    return np.array(
        [
            number
            for number, unit in enumerate(units)
            if valid_on(unit.valid_from, unit.valid_to, day)
            or valid_on(unit.valid_from, unit.valid_to, today)
            or (unit.level == "district" and valid_on(unit.valid_from, unit.valid_to, LAST_DISTRICT_DAY))
        ],
        dtype=int,
    )


def _copy(conn: Connection, layer: Layer, ids: list[int], days: list[date], found: Zonal) -> int:
    """Write values in the order of the primary key; units without one valid cell are left out."""
    row, column = np.nonzero(np.isfinite(found.value))
    columns: dict[str, np.ndarray | str] = {
        "layer_id": layer.id,
        "unit_id": np.array(ids, dtype=np.int32)[row],
        "time": np.array(days, dtype="datetime64[D]")[column],
        "value": found.value[row, column],
        "covered": found.covered[row, column],
    }
    return copy_binary(driver(conn), "derived.zonal", columns)
