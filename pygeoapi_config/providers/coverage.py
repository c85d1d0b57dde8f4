"""OGC API - Coverages over the grids: CoverageJSON and GeoTIFF, cut by box and time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import rasterio
from pygeoapi.provider.base import BaseProvider
from rasterio.io import MemoryFile
from rasterio.transform import Affine
from rasterio.warp import transform_bounds
from rasterio.windows import Window, from_bounds
from rasterio.windows import transform as window_transform

from layers.model import Grid
from layers.registry import get_layer
from pygeoapi_config.crs import srid_of
from pygeoapi_config.errors import BadRequest, NotFound
from pygeoapi_config.times import read_period
from pygeoapi_config.versions import VERSIONS
from spatial.access import PUBLIC, connect
from spatial.queries.grids import GridFile, list_grids
from spatial.settings import LOCAL_ZONE, data_settings

MAX_CELLS = 4_000_000  # cells times days in one answer
MAX_TIMES = 400
LONGITUDE, LATITUDE = ("Lon", "lon", "x"), ("Lat", "lat", "y")


@dataclass(frozen=True)
class Cells:
    """Cells of one or more days: days, rows from north, columns from west; NaN = no value."""

    values: np.ndarray
    transform: Affine
    crs: int
    times: tuple[date, ...]


_properties: dict[tuple[str, int | None], dict[str, Any]] = {}


class GridProvider(BaseProvider):
    """Grids of one layer; ``data`` in the configuration is its id."""

    def __init__(self, definition: dict[str, Any]) -> None:
        self.name, self.type, self.data = definition["name"], definition["type"], definition["data"]
        self.editable = False
        self.id_field = self.time_field = self.title_field = self.uri_field = None
        self.properties: list[str] = []
        self.filename = f"{self.data}.tif"
        self.axes = [*LONGITUDE, *LATITUDE]
        self.crs = None
        self.num_bands = 1
        grid = get_layer(self.data).grid
        assert grid is not None
        self._grid: Grid = grid

    def get_fields(self) -> dict[str, dict[str, Any]]:
        """The one quantity of the grid."""
        return {self._grid.variable: {"type": "number", "title": self._grid.title.vi, "x-ogc-unit": self._grid.unit}}

    @property
    def fields(self) -> dict[str, dict[str, Any]]:
        return self.get_fields()

    @property
    def _coverage_properties(self) -> dict[str, Any]:
        """What pygeoapi says about the grid in the collection; remembered until the layer changes."""
        key = (self.data, VERSIONS.of(self.data))
        if key not in _properties:
            with connect(PUBLIC) as conn:
                grids = list_grids(conn, layer_id=self.data)
            _properties[key] = _describe(grids, timed=self._grid.time != "none")
        return _properties[key]

    def query(
        self,
        properties: list[str] | None = None,
        subsets: dict[str, list[Any]] | None = None,
        bbox: list[float] | None = None,
        bbox_crs: str | None = None,
        datetime_: str | None = None,
        format_: str = "json",
        **_: Any,
    ) -> Any:
        """Cells in a box at a time; the newest when no time is asked for.

        :raises BadRequest: when a parameter is wrong or the answer would be too large.
        :raises NotFound: when there is no grid then or there.
        """
        box = self._box(subsets or {}, bbox or [], bbox_crs)
        grids = self._grids(datetime_)
        cells = _read(grids, box)
        return self._geotiff(cells) if format_ == "GTiff" else self._coveragejson(cells)

    def _grids(self, datetime_: str | None) -> list[GridFile]:
        try:
            period = read_period(datetime_)
        except ValueError as error:
            raise BadRequest(str(error)) from None
        low = period.low.astimezone(LOCAL_ZONE).date() if period and period.low else None
        high = period.high.astimezone(LOCAL_ZONE).date() if period and period.high else None
        if self._grid.time == "year" and low is not None:
            low = date(low.year, 1, 1)  # a year's grid stands under 1 January
        with connect(PUBLIC) as conn:
            grids = list_grids(
                conn, layer_id=self.data, low=low, high=high, limit=1 if period is None else MAX_TIMES + 1
            )
        if not grids:
            raise NotFound(f"There is no grid of {self.data} at that time.")
        if len(grids) > MAX_TIMES:
            raise BadRequest(f"That is more than {MAX_TIMES} days: ask for a shorter datetime interval.")
        return grids

    def _box(self, subsets: dict[str, list[Any]], bbox: list[float], bbox_crs: str | None) -> list[float] | None:
        try:
            srid = srid_of(bbox_crs)
        except ValueError as error:
            raise BadRequest(str(error)) from None
        box = list(bbox) or None
        if box is not None and len(box) == 6:
            box = [*box[:2], *box[3:5]]
        if box is not None and srid is not None:
            if srid in (4326, 4756):
                box = [box[1], box[0], box[3], box[2]]
            box = list(transform_bounds(f"EPSG:{srid}", "EPSG:4326", *box))
        for axis, values in subsets.items():
            box = box or [-180.0, -90.0, 180.0, 90.0]
            first = 0 if axis in LONGITUDE else 1
            if not all(isinstance(value, int | float) for value in values):
                raise BadRequest(f"subset={axis}(...) takes numbers in degrees: Lon(105.9:106.1).")
            box[first], box[first + 2] = max(box[first], min(values)), min(box[first + 2], max(values))
        return box

    def _geotiff(self, cells: Cells) -> bytes:
        days, height, width = cells.values.shape
        with MemoryFile() as memory:
            with memory.open(
                driver="GTiff", dtype="float32", count=days, height=height, width=width, nodata=np.nan,
                crs=f"EPSG:{cells.crs}", transform=cells.transform, compress="deflate",
            ) as file:  # fmt: skip
                file.write(cells.values)
                for band, day in enumerate(cells.times, start=1):
                    file.set_band_description(band, f"{self._grid.variable} {day.isoformat()}")
                    file.update_tags(band, unit=self._grid.unit, time=day.isoformat())
            return bytes(memory.read())

    def _coveragejson(self, cells: Cells) -> dict[str, Any]:
        days, height, width = cells.values.shape
        a, e, west, north = cells.transform.a, cells.transform.e, cells.transform.c, cells.transform.f
        rounded = np.round(cells.values.astype(float), 4)
        values = [None if np.isnan(value) else value for value in rounded.ravel().tolist()]
        system = (
            {"type": "GeographicCRS", "id": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}
            if cells.crs == 4326
            else {"type": "ProjectedCRS", "id": f"http://www.opengis.net/def/crs/EPSG/0/{cells.crs}"}
        )
        return {
            "type": "Coverage",
            "domain": {
                "type": "Domain",
                "domainType": "Grid",
                "axes": {
                    # Centres of the first and last cell.
                    "x": {"start": west + a / 2, "stop": west + a * (width - 0.5), "num": width},
                    "y": {"start": north + e / 2, "stop": north + e * (height - 0.5), "num": height},
                    "t": {"values": [day.isoformat() for day in cells.times]},
                },
                "referencing": [
                    {"coordinates": ["x", "y"], "system": system},
                    {"coordinates": ["t"], "system": {"type": "TemporalRS", "calendar": "Gregorian"}},
                ],
            },
            "parameters": {
                self._grid.variable: {
                    "type": "Parameter",
                    "observedProperty": {"label": {"vi": self._grid.title.vi, "en": self._grid.title.en}},
                    "unit": {"symbol": self._grid.unit},
                }
            },
            "ranges": {
                self._grid.variable: {
                    "type": "NdArray", "dataType": "float", "axisNames": ["t", "y", "x"],
                    "shape": [days, height, width], "values": values,
                }
            },
        }  # fmt: skip

    def __repr__(self) -> str:
        return f"<GridProvider> {self.data}"


def _describe(grids: list[GridFile], *, timed: bool) -> dict[str, Any]:
    if not grids:
        return {"width": 0, "height": 0, "resx": 0.0, "resy": 0.0}
    newest = grids[-1]
    west, south, east, north = newest.bbox
    described: dict[str, Any] = {
        "width": newest.width,
        "height": newest.height,
        "resx": (east - west) / newest.width,
        "resy": (north - south) / newest.height,
    }
    if timed:
        described["time_range"] = [grids[0].time.isoformat(), newest.time.isoformat()]
    return described


def _read(grids: list[GridFile], box: list[float] | None) -> Cells:
    bands: list[np.ndarray] = []
    transform: Affine | None = None
    for item in grids:
        with rasterio.open(data_settings().raster(item.path)) as file:
            window = _window(file, item.crs, box)
            if len(grids) * window.width * window.height > MAX_CELLS:
                raise BadRequest(f"That is more than {MAX_CELLS:,} cells: ask for a smaller bbox or fewer days.")
            band = file.read(1, window=window, masked=True).astype("float32").filled(np.nan)
            if bands and band.shape != bands[0].shape:
                raise BadRequest("The grids of that interval differ in size: ask for one day.")
            bands.append(band)
            transform = window_transform(window, file.transform)
    assert transform is not None
    return Cells(np.stack(bands), transform, grids[0].crs, tuple(item.time for item in grids))


def _window(file: Any, crs: int, box: list[float] | None) -> Window:
    whole = Window(0, 0, file.width, file.height)
    if box is None:
        return whole
    west, south, east, north = box if crs == 4326 else transform_bounds("EPSG:4326", f"EPSG:{crs}", *box)
    bounds = file.bounds
    west, east = max(west, bounds.left), min(east, bounds.right)
    south, north = max(south, bounds.bottom), min(north, bounds.top)
    if west > east or south > north:
        raise NotFound("The grid does not reach that box.")
    window = from_bounds(west, south, east, north, file.transform)
    # Every cell the box touches, and at least one.
    column, row = int(np.floor(window.col_off + 1e-9)), int(np.floor(window.row_off + 1e-9))
    right = max(int(np.ceil(window.col_off + window.width - 1e-9)), column + 1)
    bottom = max(int(np.ceil(window.row_off + window.height - 1e-9)), row + 1)
    column, row = min(column, file.width - 1), min(row, file.height - 1)
    return Window(column, row, min(right, file.width) - column, min(bottom, file.height) - row)
