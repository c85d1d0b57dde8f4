"""People below the surface by unit: above the limit by day, mean by hour. A step of the job ``surface``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import shapely
from scipy.sparse import csr_array
from sqlalchemy import Connection, Row, text

from layers.model import Layer, Limit
from layers.registry import get_layer
from spatial.admin_units import LAST_DISTRICT_DAY, valid_on
from spatial.analysis import surface
from spatial.analysis.places import Array
from spatial.analysis.surface import Lattice, people_by_cell
from spatial.analysis.zonal import Cells, coverage, read_cells, read_values
from spatial.crs import WGS84, project, transform
from spatial.queries import screens
from spatial.queries import surfaces as store
from spatial.queries.grids import GridFile, list_grids
from spatial.queries.surfaces import DAY, HOUR, StoredSurface
from spatial.queries.versions import get_watermark, set_watermark, version_mark
from spatial.settings import LOCAL_ZONE, data_settings

PEOPLE = "population_grid"
LIMIT_HOURS = 24


@dataclass(frozen=True)
class Population:
    """People of each unit by cell of the lattice."""

    unit_ids: list[int]
    by_cell: csr_array
    people: Array


@dataclass
class Residents:
    """Who lives where: read when the first surface asks for it, then kept for the run."""

    province_id: int
    lattice: Lattice
    _read: list[Population | None] = field(default_factory=list)

    def mark(self, conn: Connection) -> str:
        """Changes when units, people or the grid do."""
        return f"{self.province_id} {version_mark(conn, layer_ids=['admin_unit', PEOPLE])} {self.lattice}"

    def population(self, conn: Connection) -> Population | None:
        """None without a grid of people."""
        if not self._read:
            self._read.append(read_population(conn, lattice=self.lattice, province_id=self.province_id))
        return self._read[0]


def expose(
    conn: Connection,
    *,
    layer: Layer,
    parameter: str,
    hours: Mapping[datetime, StoredSurface],
    days: Mapping[date, StoredSurface],
    residents: Residents,
) -> int:
    """Figures of units for the surfaces that changed, for all of them when units or people did.

    Returns the rows written.
    """
    name = f"exposure.{layer.id}.{parameter}"
    mark = residents.mark(conn)
    if get_watermark(conn, name=name) != mark:
        hours = {item.time: item for item in _all(conn, layer, parameter, HOUR)}
        days = {_day(item.time): item for item in _all(conn, layer, parameter, DAY)}
        set_watermark(conn, name=name, value=mark)
    store.keep_unit_hours(conn, layer_id=layer.id, parameter=parameter)
    stored = store.marks(conn, layer_id=layer.id, parameter=parameter, hours=DAY)
    store.forget_exposure(conn, layer_id=layer.id, parameter=parameter, kept=[_day(time) for time in stored])
    population = residents.population(conn) if hours or days else None
    if population is None:
        return 0
    return _by_hour(conn, layer, parameter, hours, population) + _by_day(conn, layer, parameter, days, population)


def _all(conn: Connection, layer: Layer, parameter: str, hours: int) -> list[StoredSurface]:
    times = store.marks(conn, layer_id=layer.id, parameter=parameter, hours=hours)
    if not times:
        return []
    return store.read_surfaces(
        conn, layer_id=layer.id, parameter=parameter, hours=hours, first=min(times), last=max(times)
    )


def _by_hour(
    conn: Connection,
    layer: Layer,
    parameter: str,
    hours: Mapping[datetime, StoredSurface],
    population: Population,
) -> int:
    found = [
        (time, surface.expose(population.by_cell, population.people, item.mean, np.inf)) for time, item in hours.items()
    ]
    return store.store_unit_hours(
        conn, layer_id=layer.id, parameter=parameter, unit_ids=population.unit_ids, found=found
    )


def _by_day(
    conn: Connection, layer: Layer, parameter: str, days: Mapping[date, StoredSurface], population: Population
) -> int:
    assert layer.series is not None
    item = next(p for p in layer.series.parameters if p.name == parameter)
    rows = 0
    for day, found in days.items():
        limit = _limit(item.limits_on(day))
        if limit is not None:
            seen = surface.expose(population.by_cell, population.people, found.mean, limit)
            rows += store.store_exposure(
                conn,
                layer_id=layer.id,
                parameter=parameter,
                day=day,
                unit_ids=population.unit_ids,
                found=seen,
                limit=limit,
            )
    return rows


def _limit(limits: tuple[Limit, ...]) -> float | None:
    """The upper bound of a mean of 24 hours."""
    return next((limit.high for limit in limits if limit.hours == LIMIT_HOURS and limit.high is not None), None)


def _day(time: datetime) -> date:
    return (time.astimezone(LOCAL_ZONE) - timedelta(seconds=1)).date()


# ---------------------------------------------------------------- people and units


def read_population(conn: Connection, *, lattice: Lattice, province_id: int) -> Population | None:
    """People of the communes of today, the districts of 30 June 2025 and the province; None without a grid.

    The province is the sum of its communes, so that figures add up where drawn boundaries differ by a few metres.
    """
    today = datetime.now(LOCAL_ZONE).date()
    grids = list_grids(conn, layer_id=get_layer(PEOPLE).id, high=today, limit=1)
    if not grids:
        return None
    path = data_settings().raster(grids[0].path)
    units, shapes = _units(conn, province_id, today)
    parts = coverage(cells := read_cells(path), project(shapes, source=WGS84, target=grids[0].crs))
    people = read_values([path])[:, 0]
    below = lattice.cells_of(_centres(cells, grids[0]))
    by_cell, total = people_by_cell(parts, people, below, lattice.rows * lattice.columns)
    sums = _sums(units)
    return Population([unit.id for unit in units], csr_array(sums @ by_cell), sums @ total)


def _sums(units: Sequence[Row[Any]]) -> csr_array:
    """Every unit is itself, but the province is all its communes (where it has any)."""
    communes = [number for number, unit in enumerate(units) if unit.level == "commune"]
    pairs = [
        (row, column)
        for row, unit in enumerate(units)
        for column in (communes if unit.level == "province" and communes else [row])
    ]
    rows, columns = zip(*pairs, strict=True)
    return csr_array((np.ones(len(pairs)), (rows, columns)), shape=(len(units), len(units)))


def _centres(cells: Cells, grid: GridFile) -> Array:
    """Centres of the cells of a grid in degrees, row by row from the north."""
    west, south, east, north = cells.bounds
    rows, columns = cells.shape
    x = west + (east - west) / columns * (np.arange(columns) + 0.5)
    y = north - (north - south) / rows * (np.arange(rows) + 0.5)
    lon, lat = transform(np.tile(x, rows), np.repeat(y, columns), source=grid.crs, target=WGS84)
    return np.column_stack([lon, lat])


def _units(conn: Connection, province_id: int, today: date) -> tuple[Sequence[Row[Any]], np.ndarray]:
    """Rows with id and level, and polygons (EPSG:4326)."""
    ids = [
        unit["id"]
        for unit in screens.list_screen_units(conn, province_id=province_id)
        if valid_on(unit["valid_from"], unit["valid_to"], today)
        or (unit["level"] == "district" and valid_on(unit["valid_from"], unit["valid_to"], LAST_DISTRICT_DAY))
    ]
    rows = conn.execute(
        text("SELECT id, level, ST_AsBinary(geom) AS wkb FROM core.admin_unit WHERE id = ANY(:ids) ORDER BY id"),
        {"ids": ids},
    ).all()
    return rows, np.array(shapely.from_wkb([row.wkb for row in rows]), dtype=object)
