"""Grids: people per cell of 30 arc seconds, and daily rain per cell of 0.05 degree."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import rasterio
import shapely
import xarray as xr
from rasterio.transform import from_origin

from ingest.sample import chance
from ingest.sample.boundaries import REFORM, Land
from ingest.sample.chance import Floats
from ingest.sample.ground import lonlat, to_wgs84

_PER_DEGREE = 120
_NODATA = -99999.0


def _bounds(land: Land) -> tuple[float, float, float, float]:
    polygon = shapely.transform(shapely.coverage_union_all(land.mosaic.cells), lonlat)
    return tuple(float(value) for value in polygon.bounds)  # type: ignore[return-value]


def write_population(land: Land, folder: Path, *, until: datetime) -> list[Path]:
    """GeoTIFFs of two years; the cells of a commune add up to its people."""
    west, south, east, north = _bounds(land)
    left, top = np.floor(west * _PER_DEGREE) - 1, np.ceil(north * _PER_DEGREE) + 1
    columns = int(np.ceil(east * _PER_DEGREE) + 1 - left)
    rows = int(top - np.floor(south * _PER_DEGREE) + 1)
    fine = 4  # sub-points of each cell in each direction: border cells are shared out
    lon = (left + (np.arange(columns * fine) + 0.5) / fine) / _PER_DEGREE
    lat = (top - (np.arange(rows * fine) + 0.5) / fine) / _PER_DEGREE
    mesh_lon, mesh_lat = np.meshgrid(lon, lat)
    x, y = to_wgs84.transform(mesh_lon.ravel(), mesh_lat.ravel(), direction="INVERSE")
    points = np.column_stack([x, y])
    owner = np.full(len(points), -1)
    inside, cell = shapely.STRtree(land.mosaic.cells).query(shapely.points(points), predicate="within")
    owner[inside] = cell
    weight = _crowding(land, points, owner)
    total = np.bincount(owner[owner >= 0], weights=weight[owner >= 0], minlength=len(land.population))
    share = np.where(owner >= 0, weight / np.where(total > 0, total, 1)[np.maximum(owner, 0)], 0)
    paths = []
    for year in (until.year - 4, until.year - 2, until.year):
        growth = 1.0085 ** (year + 0.5 - REFORM.year - (REFORM.month - 1) / 12)
        people = share * land.population[np.maximum(owner, 0)] * growth
        blocks = people.reshape(rows, fine, columns, fine).sum(axis=(1, 3))
        known = (owner >= 0).reshape(rows, fine, columns, fine).any(axis=(1, 3))
        path = folder / f"population_{year}.tif"
        with rasterio.open(
            path, "w", driver="GTiff", width=columns, height=rows, count=1, dtype="float32", nodata=_NODATA,
            crs="EPSG:4326", compress="deflate",
            transform=from_origin(left / _PER_DEGREE, top / _PER_DEGREE, 1 / _PER_DEGREE, 1 / _PER_DEGREE),
        ) as sink:  # fmt: skip
            sink.write(np.where(known, blocks, _NODATA).astype("float32"), 1)
            sink.set_band_description(1, "population")
            sink.update_tags(TITLE="Dân số theo ô lưới (mẫu tổng hợp)", YEAR=str(year))
        paths.append(path)
    return paths


def _crowding(land: Land, points: Floats, owner: np.ndarray) -> Floats:
    """Relative density inside a commune: its settlement and scattered hamlets."""
    home = land.mosaic.points[np.maximum(owner, 0)]
    away = np.hypot(*(points - home).T) / land.ground.spacing
    hamlets = np.zeros(len(points))
    for n, length in enumerate((2300.0, 1100.0)):
        angle = chance.uniform(land.seed, "hamlet", n, np.arange(6)) * np.pi
        phase = chance.uniform(land.seed, "hamlet phase", n, np.arange(6)) * 2 * np.pi
        for a, p in zip(angle, phase, strict=True):
            hamlets += np.sin(2 * np.pi / length * (points[:, 0] * np.cos(a) + points[:, 1] * np.sin(a)) + p)
    return np.asarray(0.25 + 3 * np.exp(-((away / 0.25) ** 2)) + np.exp(0.4 * hamlets))


def write_rain(land: Land, folder: Path, *, until: datetime) -> Path:
    """CF NetCDF of the last days before ``until``: dry winters, monsoon showers and a few storms that pass over."""
    west, south, east, north = _bounds(land)
    step = 0.05
    lon = np.arange(np.floor(west / step), np.ceil(east / step) + 1) * step + step / 2
    lat = (np.arange(np.floor(south / step), np.ceil(north / step) + 1) * step + step / 2)[::-1]
    last = until.date() - timedelta(days=1)
    days = [last - timedelta(days=n) for n in range(land.scale.rain_days - 1, -1, -1)]
    number = np.array([day.toordinal() for day in days])
    phase = 2 * np.pi * np.array([day.timetuple().tm_yday for day in days]) / 365.25
    wet = 0.5 - 0.5 * np.cos(phase - 0.7)
    weather = 0.8 * chance.smooth(land.seed, "rain day", at=number.astype(float), period=2.6) + 0.5 * chance.normal(
        land.seed, "rain now", number
    )
    east_west, north_south = np.meshgrid((lon - lon.mean()) / 0.5, (lat - lat.mean()) / 0.5)
    field = np.zeros((len(days), len(lat), len(lon)))
    for wave in range(5):
        kx, ky = (chance.normal(land.seed, "wave", name, wave) * (1.2 + wave) for name in ("x", "y"))
        moving = 2 * np.pi * chance.uniform(land.seed, "wave phase", wave, number)
        field += np.sin(kx * east_west + ky * north_south + moving[:, None, None]) / (1 + 0.5 * wave)
    storm = 3.2 * (chance.uniform(land.seed, "storm", number) < 0.035) * (wet > 0.75)
    index = (weather + 1.1 * wet - 1.05 + storm)[:, None, None] + 0.42 * field - 0.12 * east_west
    rain = np.maximum(0, index) ** 1.65 * (3 + 12 * wet)[:, None, None]
    data = xr.Dataset(
        {
            "rain": (
                ("time", "lat", "lon"), np.round(rain, 1).astype("float32"),
                {"units": "mm", "long_name": "Lượng mưa ngày (mẫu tổng hợp)", "cell_methods": "time: sum",
                 "standard_name": "thickness_of_rainfall_amount"},
            )
        },
        coords={
            "time": ("time", np.array(days, dtype="datetime64[ns]"), {"standard_name": "time", "axis": "T"}),
            "lat": ("lat", np.round(lat, 4), {"units": "degrees_north", "standard_name": "latitude", "axis": "Y"}),
            "lon": ("lon", np.round(lon, 4), {"units": "degrees_east", "standard_name": "longitude", "axis": "X"}),
        },
        attrs={"Conventions": "CF-1.8", "title": "Lượng mưa ngày (mẫu tổng hợp)", "institution": "GeoIOC"},
    )  # fmt: skip
    path = folder / "rainfall.nc"
    encoding: dict[str, dict[str, object]] = {
        "rain": {"zlib": True, "complevel": 4},
        "time": {"units": "days since 2020-01-01", "dtype": "int32"},
    }
    data.to_netcdf(path, engine="netcdf4", encoding=encoding)
    return path
