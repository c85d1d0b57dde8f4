"""Weather files as drivers of station forecasts: the wide CSV of Open-Meteo, or a CF NetCDF grid sampled at a place.

Tables are indexed by the hour (hours since 1970-01-01T00 UTC) with one column for each of ``drivers.NAMES``; what a
file does not hold stays empty.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from layers.model import Text
from spatial.analysis.forecast.drivers import NAMES, Weather
from spatial.analysis.forecast.windows import HORIZON
from spatial.errors import SourceUnreadable

log = logging.getLogger(__name__)

KELVIN = 273.15
LOW_RAIN, LOW_LAYER = 0.25, 10.0  # mm, m: added or kept before logarithms
# Names in files, first found wins: Open-Meteo, ECMWF short names, CF standard names.
ALIASES = {
    "temperature": ("temperature_2m", "t2m", "air_temperature"),
    "dew_point": ("dew_point_2m", "d2m", "dew_point_temperature"),
    "humidity": ("relative_humidity_2m", "r2m", "rh2m", "relative_humidity"),
    "rain": ("precipitation", "tp", "precipitation_amount"),
    "speed": ("wind_speed_10m", "si10", "wind_speed"),
    "direction": ("wind_direction_10m", "wdir10", "wind_from_direction"),
    "u": ("u10", "eastward_wind"),
    "v": ("v10", "northward_wind"),
    "pressure": ("pressure_msl", "msl", "air_pressure_at_mean_sea_level"),
    "layer": ("boundary_layer_height", "blh", "atmosphere_boundary_layer_thickness"),
}
TIMES = ("datetime", "time", "valid_time")


def read_weather(path: Path, lon: float | None = None, lat: float | None = None) -> pd.DataFrame:
    """Hourly drivers of one place; a grid is sampled bilinearly at ``lon``, ``lat`` (its middle when not given).

    :raises SourceUnreadable: when the file is missing or holds no time or no weather.
    """
    if not path.exists():
        raise _unreadable(path, "không có tệp", "there is no such file")
    try:
        frame = _netcdf(path, lon, lat) if path.suffix in (".nc", ".nc4") else _csv(path)
    except (OSError, ValueError, KeyError) as error:
        raise _unreadable(path, f"không đọc được ({error})", f"it cannot be read ({error})") from error
    return drivers_of(frame)


def weather_at(folder: Path, places: Sequence[tuple[float, float] | None], end_hour: int, hours: int) -> Weather | None:
    """Drivers of stations from the files of a folder; None without files, or when they do not reach beyond now.

    :param places: longitude and latitude of each station, of which a tenth of a degree matters; one without is given
        the first point, or the middle of the grid.
    :param end_hour: hours since 1970 of the last value; ``hours`` rows end there and 72 follow.
    """
    files = sorted(path for path in folder.glob("*") if path.suffix in (".csv", ".gz", ".nc", ".nc4"))
    if not files:
        return None
    near = [None if place is None else (round(place[0], 1), round(place[1], 1)) for place in places]
    points = sorted({place for place in near if place is not None}) or [(math.nan, math.nan)]
    rows = np.arange(end_hour - hours + 1, end_hour + HORIZON + 1)
    columns = []
    for lon, lat in points:
        merged = pd.DataFrame(index=rows, columns=list(NAMES), dtype=float)
        for path in files:  # a later file corrects an earlier one
            try:
                found = _read_once(path, path.stat().st_mtime_ns, lon, lat)
            except SourceUnreadable as error:
                log.warning("forecasts go on without it: %s", error)  # a driver is optional, forecasts are not
                continue
            merged = found.reindex(rows).combine_first(merged)[list(NAMES)]
        columns.append(merged.to_numpy(dtype=float))
    values = np.stack(columns, axis=1)
    if not np.isfinite(values[-HORIZON:]).any():
        return None
    number = {place: index for index, place in enumerate(points)}
    at = np.array([0 if place is None else number[place] for place in near], dtype=np.int64)
    return Weather(values, at)


@lru_cache(maxsize=256)
def _read_once(path: Path, changed: int, lon: float, lat: float) -> pd.DataFrame:
    """The parameters of a layer ask for the same files and places; ``changed`` makes a new file another one."""
    return read_weather(path, None if math.isnan(lon) else lon, None if math.isnan(lat) else lat)


def _unreadable(path: Path, vi: str, en: str) -> SourceUnreadable:
    return SourceUnreadable(Text(vi=f"Tệp thời tiết {path}: {vi}.", en=f"Weather file {path}: {en}.")["en"])


def _csv(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path)
    name = next((name for name in TIMES if name in frame.columns), None)
    if name is None:
        raise ValueError(f"no column {' or '.join(TIMES)}")
    frame.index = _hours(pd.to_datetime(frame.pop(name), utc=True))
    return frame


def _netcdf(path: Path, lon: float | None, lat: float | None) -> pd.DataFrame:
    with xr.open_dataset(path) as data:
        names = {str(name).lower(): str(name) for name in data.coords}
        across = next(names[name] for name in ("longitude", "lon") if name in names)
        along = next(names[name] for name in ("latitude", "lat") if name in names)
        when = next(names[name] for name in ("valid_time", "time") if name in names)
        place = {
            across: float(data[across].mean()) if lon is None else lon,
            along: float(data[along].mean()) if lat is None else lat,
        }
        sample = data.interp(place, method="linear").load()
        frame = pd.DataFrame(index=_hours(pd.to_datetime(np.atleast_1d(data[when].values), utc=True)))
        for name in data.data_vars:
            values = sample[name]
            if values.ndim != 1:
                continue
            keys = (str(name), str(values.attrs.get("standard_name", "")))
            units = str(values.attrs.get("units", ""))
            known = next((key for key in keys if any(key in found for found in ALIASES.values())), None)
            if known is not None:
                frame[known] = _in_our_units(values.to_numpy(), units, rain=known in ALIASES["rain"])
    return frame


def _in_our_units(values: np.ndarray[tuple[int], np.dtype[np.float64]], units: str, *, rain: bool) -> np.ndarray:
    """Kelvin to degrees, metres of rain to millimetres, pascal to hectopascal."""
    match units:
        case "K":
            return values - KELVIN
        case "Pa":
            return values / 100.0
        case "m" if rain:
            return values * 1_000.0
        case _:
            return values


def _hours(times: pd.Series | pd.DatetimeIndex) -> pd.Index:
    index = pd.DatetimeIndex(times).as_unit("s")
    return pd.Index(index.asi8 // 3600, name="hour")


def drivers_of(frame: pd.DataFrame) -> pd.DataFrame:
    """``drivers.NAMES`` from whatever names and wind components a file has.

    :raises SourceUnreadable: when it holds none of them.
    """
    found = {name: _first(frame, aliases) for name, aliases in ALIASES.items()}
    east, north, speed = found["u"], found["v"], found["speed"]
    if east is None and speed is not None and found["direction"] is not None:
        angle = np.deg2rad(found["direction"])
        east, north = -speed * np.sin(angle), -speed * np.cos(angle)
    if speed is None and east is not None and north is not None:
        speed = np.hypot(east, north)
    humidity = found["humidity"]
    if humidity is None and found["temperature"] is not None and found["dew_point"] is not None:
        humidity = 100.0 * _vapour(found["dew_point"]) / _vapour(found["temperature"])
    columns = {
        "temperature": found["temperature"], "humidity": humidity,
        "rain": None if found["rain"] is None else np.log(found["rain"].clip(lower=0.0) + LOW_RAIN),
        "wind": None if speed is None else np.sqrt(speed.clip(lower=0.0)),
        "wind_east": east, "wind_north": north, "pressure": found["pressure"],
        "boundary_layer": None if found["layer"] is None else np.log(found["layer"].clip(lower=LOW_LAYER)),
    }  # fmt: skip
    if all(column is None for column in columns.values()):
        raise SourceUnreadable("The weather file holds none of the known quantities: " + ", ".join(ALIASES))
    table = pd.DataFrame({name: columns[name] for name in NAMES}, index=frame.index, dtype=float)
    return table[~table.index.duplicated(keep="last")].sort_index()


def _first(frame: pd.DataFrame, aliases: tuple[str, ...]) -> pd.Series | None:
    name = next((alias for alias in aliases if alias in frame.columns), None)
    return None if name is None else frame[name].astype(float)


def _vapour(temperature: pd.Series) -> pd.Series:
    """Saturation vapour pressure over water, hPa (Magnus, WMO-No. 8)."""
    return 6.112 * np.exp(17.62 * temperature / (243.12 + temperature))
