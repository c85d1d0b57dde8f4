"""Grids: bands of a GeoTIFF and time steps of a NetCDF file, one at a time."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import rasterio
import xarray as xr
from affine import Affine
from rasterio.errors import NotGeoreferencedWarning, RasterioIOError

from ingest.options import SourceOptions
from ingest.parsing import parse_date
from ingest.readers.vector import crs_of
from layers.model import Grid
from spatial.errors import SourceUnreadable

# A day or a year inside a file name: rain_2020-05-01.tif, pop_2020_1km.tif.
_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:[-_]?(0[1-9]|1[0-2])[-_]?(0[1-9]|[12]\d|3[01]))?(?!\d)")
TIMELESS = date(1970, 1, 1)  # a grid that holds for all time


@dataclass(frozen=True)
class Slice:
    """One grid: north up, missing cells NaN. ``number`` is the band or time step, from 1."""

    number: int
    time: date
    values: npt.NDArray[np.float32]
    transform: Affine
    crs: int | str | None


def read_geotiff(path: Path, options: SourceOptions, grid: Grid) -> Iterator[Slice]:
    """Bands of a GeoTIFF. With several bands each needs a date as its description, unless it is the only one.

    :raises SourceUnreadable: when the file is damaged or its time is not known.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            source = rasterio.open(path)
        with source:
            if source.transform.is_identity:
                raise SourceUnreadable(f"{path.name} has no georeference.")
            crs = crs_of(source.crs.to_wkt()) if source.crs else None
            for band, label in zip(source.indexes, source.descriptions, strict=True):
                values = source.read(band, masked=True).astype(np.float32).filled(np.nan)
                yield _north_up(Slice(band, _band_time(path, options, grid, label), values, source.transform, crs))
    except RasterioIOError as error:
        raise SourceUnreadable(f"{path.name} is not a raster that can be read: {str(error).splitlines()[0]}.") from None


def _band_time(path: Path, options: SourceOptions, grid: Grid, label: str | None) -> date:
    if grid.time == "none":
        return TIMELESS
    for text in (label, options.time):
        if text and (moment := parse_time(text)) is not None:
            return moment if grid.time == "day" else moment.replace(month=1, day=1)
    found = _IN_NAME.search(path.stem)
    if found is None or (grid.time == "day" and found[2] is None):
        raise SourceUnreadable(f"The time of {path.name} is not known: say it with the option time, as 2020-05-01.")
    return (
        date(int(found[1]), int(found[2] or 1), int(found[3] or 1)) if grid.time == "day" else date(int(found[1]), 1, 1)
    )


def parse_time(text: str) -> date | None:
    """A day, or 1 January of a year."""
    return date(int(text), 1, 1) if re.fullmatch(r"\d{4}", text) else parse_date(text)


def read_netcdf(path: Path, options: SourceOptions, grid: Grid) -> Iterator[Slice]:
    """Time steps of one variable on a regular grid.

    :raises SourceUnreadable: when the file is damaged, or has no such variable, or its grid is not regular.
    """
    try:
        data = xr.open_dataset(path, decode_coords="all")
    except (OSError, ValueError) as error:
        raise SourceUnreadable(f"{path.name} is not a NetCDF file that can be read: {_first_line(error)}.") from None
    with data:
        variable = _variable(data, path, options.variable or grid.variable, named=options.variable is not None)
        x, y = (_axis(variable, path, names) for names in (("lon", "longitude", "x"), ("lat", "latitude", "y")))
        transform = _transform(variable[x].values, variable[y].values, path)
        crs = _crs(data, variable)
        steps = _time_axis(variable)
        variable = variable.transpose(*([steps] if steps else []), y, x, missing_dims="raise")
        count = variable.sizes[steps] if steps else 1
        for index in range(count):
            one = variable.isel({steps: index}) if steps else variable
            moment = _step_time(path, options, grid, one, steps)
            yield _north_up(Slice(index + 1, moment, np.asarray(one.values, np.float32), transform, crs))


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _variable(data: xr.Dataset, path: Path, name: str, *, named: bool) -> xr.DataArray:
    if name in data.data_vars:
        return data[name]
    grids = [str(key) for key, value in data.data_vars.items() if value.ndim >= 2]
    if named or len(grids) != 1:
        raise SourceUnreadable(f"{path.name} has no variable {name!r}; its grids are: {', '.join(grids) or 'none'}.")
    return data[grids[0]]


def _axis(variable: xr.DataArray, path: Path, names: tuple[str, ...]) -> str:
    for dimension in map(str, variable.dims):
        if dimension.lower() in names:
            return dimension
    raise SourceUnreadable(f"{path.name}: no axis {names[0]} in {', '.join(map(str, variable.dims))}.")


def _transform(x: npt.NDArray, y: npt.NDArray, path: Path) -> Affine:
    """Affine of a grid whose coordinates are cell centres."""
    if len(x) < 2 or len(y) < 2:
        raise SourceUnreadable(f"{path.name}: a grid needs two cells at least in each direction.")
    dx, dy = np.diff(x.astype(float)), np.diff(y.astype(float))
    if not (np.allclose(dx, dx[0], rtol=1e-3) and np.allclose(dy, dy[0], rtol=1e-3)):
        raise SourceUnreadable(f"{path.name}: the grid is not regular.")
    step_x, step_y = float(x[-1] - x[0]) / (len(x) - 1), float(y[-1] - y[0]) / (len(y) - 1)
    return Affine(step_x, 0, float(x[0]) - step_x / 2, 0, step_y, float(y[0]) - step_y / 2)


def _crs(data: xr.Dataset, variable: xr.DataArray) -> int | str | None:
    name = variable.encoding.get("grid_mapping") or variable.attrs.get("grid_mapping")
    mapping = data.variables.get(str(name)) if name else None
    wkt = None if mapping is None else mapping.attrs.get("crs_wkt") or mapping.attrs.get("spatial_ref")
    return crs_of(wkt)


def _time_axis(variable: xr.DataArray) -> str | None:
    times = [str(name) for name in variable.dims if np.issubdtype(variable[name].dtype, np.datetime64)]
    return times[0] if times else None


def _step_time(path: Path, options: SourceOptions, grid: Grid, one: xr.DataArray, steps: str | None) -> date:
    if steps is None or grid.time == "none":
        return _band_time(path, options, grid, None)
    day = pd.Timestamp(one[steps].values).date()
    return day if grid.time == "day" else day.replace(month=1, day=1)


def _north_up(piece: Slice) -> Slice:
    """The same with the first row in the north and the first column in the west."""
    values, t = piece.values, piece.transform
    if t.e > 0:
        values, t = values[::-1], Affine(t.a, t.b, t.c, t.d, -t.e, t.f + t.e * values.shape[0])
    if t.a < 0:
        values, t = values[:, ::-1], Affine(-t.a, t.b, t.c + t.a * values.shape[1], t.d, t.e, t.f)
    return Slice(piece.number, piece.time, np.ascontiguousarray(values), t, piece.crs)
