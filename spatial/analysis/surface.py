"""The grid of a province on which surfaces lie, where the data carry them, and who lives below them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array

from spatial.analysis.kriging import LEAST_STATIONS, Kriging, Variogram, by_mask
from spatial.analysis.places import Array, distances_km

MOST_DEVIATION = 0.6  # of the level of the hour: a value ± 60 % says nothing about a class any more
REACH_RANGES = 2.0  # beyond twice the range a station knows next to nothing (correlation below 0.14)
REACH_KM = (5.0, 40.0)  # what an urban background station stands for at least; no field is believed further


@dataclass(frozen=True)
class Lattice:
    """Cells of equal size in degrees, row by row from the north."""

    west: float
    south: float
    east: float
    north: float
    rows: int
    columns: int

    @classmethod
    def over(cls, bounds: Sequence[float], cells: int) -> Lattice:
        """Over west, south, east, north with ``cells`` along the longer side, about square on the ground."""
        west, south, east, north = bounds
        wide = (east - west) * np.cos(np.radians((south + north) / 2))
        tall = north - south
        scale = cells / max(wide, tall)
        return cls(west, south, east, north, max(1, round(tall * scale)), max(1, round(wide * scale)))

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Lattice:
        """From ``derived.surface.grid``."""
        names = ("west", "south", "east", "north", "rows", "columns")
        return cls(*(stored[name] for name in names))

    def describe(self) -> dict[str, float]:
        """As it is stored."""
        return {name: getattr(self, name) for name in ("west", "south", "east", "north", "rows", "columns")}

    @property
    def centres(self) -> Array:
        """(cells, 2) longitudes and latitudes."""
        step_x, step_y = (self.east - self.west) / self.columns, (self.north - self.south) / self.rows
        x = self.west + step_x * (np.arange(self.columns) + 0.5)
        y = self.north - step_y * (np.arange(self.rows) + 0.5)
        return np.column_stack([np.tile(x, self.rows), np.repeat(y, self.columns)])

    def touching(self, polygon: shapely.Geometry) -> NDArray[np.bool_]:
        """Cells that share ground with a polygon."""
        half_x, half_y = (self.east - self.west) / self.columns / 2, (self.north - self.south) / self.rows / 2
        x, y = self.centres.T
        shapely.prepare(polygon)
        boxes = shapely.box(x - half_x, y - half_y, x + half_x, y + half_y)
        return np.asarray(shapely.intersects(polygon, boxes), dtype=bool)

    def cells_of(self, points: Array) -> NDArray[np.intp]:
        """Cell of each point (n, 2); -1 outside."""
        column = np.floor((points[:, 0] - self.west) / (self.east - self.west) * self.columns).astype(int)
        row = np.floor((self.north - points[:, 1]) / (self.north - self.south) * self.rows).astype(int)
        inside = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        return np.where(inside, row * self.columns + column, -1)


def reach_km(variogram: Variogram) -> float:
    """How far from a station its field is painted."""
    low, high = REACH_KM
    return float(np.clip(REACH_RANGES * variogram.range_km, low, high))


def surfaces(
    values: Array, positions: Array, lattice: Lattice, ground: NDArray[np.bool_], variogram: Variogram
) -> dict[int, tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Mean and deviation over the lattice of every time with stations enough, by row of ``values``.

    NaN outside ``ground``, further from every station than they reach, and where the deviation is more than
    MOST_DEVIATION of the mean over the stations. A field of what cannot be negative is cut at zero.

    :param values: (times, stations), NaN where there is none.
    :param positions: (stations, 2) degrees.
    :param ground: cells that may be painted.
    """
    found: dict[int, tuple[NDArray[np.float32], NDArray[np.float32]]] = {}
    cells = np.flatnonzero(ground)
    centres = lattice.centres[cells]
    floor = 0.0 if np.nanmin(values, initial=0.0) >= 0 else -np.inf
    for rows, columns in by_mask(values, LEAST_STATIONS):
        near = distances_km(centres, positions[columns]).min(axis=1) <= reach_km(variogram)
        if not near.any():
            continue
        field = Kriging(positions[columns], centres[near], variogram).predict(values[np.ix_(rows, columns)])
        level = values[np.ix_(rows, columns)].mean(axis=1)
        carried = field.deviation <= MOST_DEVIATION * level[:, None]
        for number, row in enumerate(rows):
            mean, deviation = (np.full(len(ground), np.nan, dtype=np.float32) for _ in range(2))
            kept = cells[near][carried[number]]
            mean[kept] = np.maximum(field.mean[number, carried[number]], floor)
            deviation[kept] = field.deviation[number, carried[number]]
            found[int(row)] = (mean, deviation)
    return found


# ---------------------------------------------------------------- people below the surface


@dataclass(frozen=True)
class Exposure:
    """Of each unit (rows of the people matrix): people, those below a painted cell, those over the limit."""

    people: Array
    covered: Array
    above: Array
    mean: Array  # weighted by people; NaN where nobody is covered


def people_by_cell(parts: csr_array, people: Array, cells: NDArray[np.intp], count: int) -> tuple[csr_array, Array]:
    """People of each unit (rows) by cell of the surface, and all people of each unit.

    :param parts: (units, population cells) share of each population cell in each unit.
    :param people: people of each population cell, NaN = nobody known.
    :param cells: surface cell of each population cell, -1 = outside the lattice: these people are never covered.
    :param count: cells of the lattice.
    """
    weights = parts.tocoo()
    row, source = weights.coords
    number = weights.data * np.nan_to_num(people)[source]
    inside = cells[source] >= 0
    matrix = csr_array((number[inside], (row[inside], cells[source][inside])), shape=(parts.shape[0], count))
    return matrix, np.bincount(row, weights=number, minlength=parts.shape[0])


def expose(matrix: csr_array, people: Array, surface: NDArray[np.float32], limit: float) -> Exposure:
    """People of each unit over a limit, where the surface (cells) says anything."""
    known = np.isfinite(surface)
    values = np.where(known, surface, 0.0).astype(float)
    covered = matrix @ known.astype(float)
    mean = np.divide(matrix @ values, covered, out=np.full(len(people), np.nan), where=covered > 0)
    return Exposure(people, covered, matrix @ (known & (values > limit)).astype(float), mean)
