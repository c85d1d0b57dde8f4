"""Statistics of grids over polygons, with exact fractions of the cells on the border (exactextract)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import geopandas
import numpy as np
import shapely
from exactextract import exact_extract
from exactextract.raster import RasterioRasterSource
from pyproj import Transformer


@dataclass(frozen=True)
class Zonal:
    """Values by polygon (rows) and grid (columns)."""

    value: (
        np.ndarray
    )  # sum or mean of valid cells, each weighted by the part of it that is covered; NaN = no valid cell
    covered: np.ndarray  # part of the polygon covered by valid cells, 0 to 1


def zonal_statistics(paths: Sequence[Path], geometries: np.ndarray, *, crs: int, how: Literal["sum", "mean"]) -> Zonal:
    """Sum or mean of the first band of each grid over each polygon.

    :param paths: GeoTIFF files of one and the same grid (origin, cell size), so that fractions are computed once.
    :param geometries: polygons in EPSG:4326.
    :param crs: EPSG code of the grids.
    """
    if not len(geometries) or not paths:
        return Zonal(np.empty((len(geometries), len(paths))), np.empty((len(geometries), len(paths))))
    shapes = _project(geometries, crs)
    sources = [RasterioRasterSource(str(path), name=f"g{number}") for number, path in enumerate(paths)]
    frame = geopandas.GeoDataFrame({"row": np.arange(len(shapes))}, geometry=shapes, crs=None)
    table = exact_extract(sources, frame, [how, "count"], output="pandas", max_cells_in_memory=50_000_000)
    names = ["g0"] if len(paths) == 1 else [f"g{number}" for number in range(len(paths))]
    prefix = [""] if len(paths) == 1 and how in table.columns else [f"{name}_" for name in names]
    value = np.column_stack([table[f"{p}{how}"].to_numpy(dtype=float) for p in prefix])
    count = np.column_stack([table[f"{p}count"].to_numpy(dtype=float) for p in prefix])
    cell = abs(sources[0].res()[0] * sources[0].res()[1])
    area = shapely.area(shapes)[:, None]
    covered = np.clip(np.divide(count * cell, area, out=np.zeros_like(count), where=area > 0), 0, 1)
    return Zonal(np.where(count > 0, value, np.nan), covered)


def _project(geometries: np.ndarray, crs: int) -> np.ndarray:
    if crs == 4326:
        return geometries
    transformer = Transformer.from_crs(4326, crs, always_xy=True)
    return shapely.transform(geometries, lambda x, y: transformer.transform(x, y), interleaved=False)
