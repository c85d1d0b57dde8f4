"""Statistics of grids over polygons, with exact fractions of the cells on the border (exactextract)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import geopandas
import numpy as np
import rasterio
import shapely
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from scipy.sparse import csr_array

from spatial.crs import WGS84, is_geographic, project

VALUES_AT_ONCE = 40_000_000  # cells times grids held in memory


@dataclass(frozen=True)
class Zonal:
    """Values by polygon (rows) and grid (columns)."""

    value: np.ndarray  # sum or mean of valid cells, each weighted by its covered part; NaN = no valid cell
    covered: np.ndarray  # part of the polygon covered by valid cells, 0 to 1


@dataclass(frozen=True)
class Cells:
    """Geometry of a north-up grid: bounds in its own system, rows and columns."""

    bounds: tuple[float, float, float, float]
    shape: tuple[int, int]

    @property
    def area(self) -> float:
        """Area of one cell in the grid's units."""
        west, south, east, north = self.bounds
        return (east - west) * (north - south) / (self.shape[0] * self.shape[1])

    def areas_on_sphere(self) -> np.ndarray:
        """Relative areas of the cells of a grid in degrees: between two parallels, sin(north) - sin(south)."""
        edges = np.sin(np.radians(np.linspace(self.bounds[3], self.bounds[1], self.shape[0] + 1)))
        return np.repeat(edges[:-1] - edges[1:], self.shape[1])


def read_cells(path: Path) -> Cells:
    """Where the cells of a GeoTIFF lie."""
    with rasterio.open(path) as grid:
        return Cells(tuple(grid.bounds), grid.shape)


def read_values(paths: Sequence[Path]) -> np.ndarray:
    """First bands as columns (cells x grids), NaN where there is no data."""
    columns = []
    for path in paths:
        with rasterio.open(path) as grid:
            columns.append(grid.read(1, masked=True).astype(float).filled(np.nan).ravel())
    return np.column_stack(columns)


def coverage(cells: Cells, polygons: np.ndarray) -> csr_array:
    """Part of each cell (columns, row by row from the north) that each polygon (rows) covers, 0 to 1.

    Polygons are in the grid's own system.
    """
    # Both sides are in one plane already; exactextract only wants to hear the same name from both.
    frame = geopandas.GeoDataFrame({"row": np.arange(len(polygons))}, geometry=polygons, crs=WGS84)
    ground = NumPyRasterSource(np.zeros(cells.shape, dtype=np.uint8), *cells.bounds, srs_wkt=frame.crs.to_wkt())
    table = exact_extract(ground, frame, ["cell_id", "coverage"], output="pandas")
    counts = [len(ids) for ids in table["cell_id"]]
    rows = np.repeat(np.arange(len(polygons)), counts)
    columns = np.concatenate([np.empty(0, int), *table["cell_id"]]).astype(int)
    parts = np.concatenate([np.empty(0), *table["coverage"]])
    return csr_array((parts, (rows, columns)), shape=(len(polygons), cells.shape[0] * cells.shape[1]))


def weigh(
    parts: csr_array, values: np.ndarray, *, how: Literal["sum", "mean"], areas: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Sum or mean of cell values by polygon, and the number of valid cells (fractions counted).

    :param areas: areas of the cells in any unit, where they differ; a mean is weighted by them, a sum is not.
    """
    valid = np.isfinite(values)
    known = np.where(valid, values, 0.0)
    count = parts @ valid.astype(float)
    if how == "sum":
        result = parts @ known
    else:
        ground = parts if areas is None else csr_array((parts.data * areas[parts.indices], parts.indices, parts.indptr),
                                                       shape=parts.shape)  # fmt: skip
        result = np.divide(ground @ known, ground @ valid.astype(float), out=np.zeros_like(count), where=count > 0)
    return np.where(count > 0, result, np.nan), count


def zonal_statistics(paths: Sequence[Path], geometries: np.ndarray, *, crs: int, how: Literal["sum", "mean"]) -> Zonal:
    """Sum or mean of the first band of each grid over each polygon.

    exactextract gives the covered part of each cell and takes all cells for equally large; in a grid in degrees they
    shrink with the cosine of the latitude, so a mean is weighted by their area on the sphere. A sum needs no weights:
    its cells hold amounts. ``covered`` is measured in the plane of the grid.

    :param paths: GeoTIFF files of one and the same grid (bounds and size), so that fractions are computed once.
    :param geometries: polygons in EPSG:4326.
    :param crs: EPSG code of the grids.
    :raises spatial.errors.WrongCRS: when the code is unknown.
    """
    if not len(geometries) or not paths:
        nothing = np.empty((len(geometries), len(paths)))
        return Zonal(nothing, nothing)
    cells = read_cells(paths[0])
    shapes = project(np.asarray(geometries, dtype=object), source=WGS84, target=crs)
    parts = coverage(cells, shapes)
    step = max(1, VALUES_AT_ONCE // (cells.shape[0] * cells.shape[1]))
    areas = cells.areas_on_sphere() if is_geographic(crs) else None
    blocks = [weigh(parts, read_values(paths[i : i + step]), how=how, areas=areas) for i in range(0, len(paths), step)]
    value = np.hstack([block[0] for block in blocks])
    count = np.hstack([block[1] for block in blocks])
    area = shapely.area(shapes)[:, None]
    covered = np.divide(count * cells.area, area, out=np.zeros_like(count), where=area > 0)
    return Zonal(value, np.clip(covered, 0, 1))
