"""Weather files as drivers: names, units and components of the field are understood, places are sampled."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from ingest.forecast_weather import read_weather, weather_at
from spatial.analysis.forecast.drivers import NAMES
from spatial.analysis.forecast.windows import HORIZON
from spatial.errors import SourceUnreadable

START = 480_000  # hours since 1970
TIMES = pd.to_datetime((START + np.arange(200)) * 3600, unit="s", utc=True)


def grid(path: Path) -> Path:
    """A CF grid in the units of ECMWF: temperature rises eastwards, wind blows from the west at 4 m/s."""
    shape = (len(TIMES), 3, 4)
    lon = np.array([105.0, 105.25, 105.5, 105.75])
    fields = {
        "t2m": (np.broadcast_to(293.15 + (lon - 105.0) * 4.0, shape), "K"),
        "d2m": (np.broadcast_to(293.15 + (lon - 105.0) * 4.0, shape), "K"),
        "u10": (np.full(shape, 4.0), "m s**-1"),
        "v10": (np.zeros(shape), "m s**-1"),
        "tp": (np.zeros(shape), "m"),
        "msl": (np.full(shape, 101_300.0), "Pa"),
    }
    xr.Dataset(
        {name: (("time", "latitude", "longitude"), values, {"units": unit}) for name, (values, unit) in fields.items()},
        coords={"time": TIMES.tz_localize(None), "latitude": [21.5, 21.25, 21.0], "longitude": lon},
    ).to_netcdf(path)
    return path


def test_a_grid_is_sampled_at_the_place_in_our_units(tmp_path: Path) -> None:
    table = read_weather(grid(tmp_path / "ecmwf.nc"), lon=105.125, lat=21.1)
    assert tuple(table.columns) == NAMES
    assert table.index[0] == START
    row = table.loc[START + 5]
    assert row["temperature"] == pytest.approx(20.5)
    assert row["humidity"] == pytest.approx(100.0)
    assert (row["wind_east"], row["wind_north"]) == (pytest.approx(4.0), pytest.approx(0.0))
    assert row["wind"] == pytest.approx(2.0)  # the square root of the speed
    assert row["pressure"] == pytest.approx(1013.0)
    assert np.isnan(row["boundary_layer"])


def test_rain_in_metres_and_in_millimetres_is_the_same_rain(tmp_path: Path) -> None:
    for name, amount, unit in (("m.nc", 0.002, "m"), ("mm.nc", 2.0, "mm")):
        xr.Dataset(
            {"tp": (("time", "lat", "lon"), np.full((3, 2, 2), amount), {"units": unit})},
            coords={"time": TIMES[:3].tz_localize(None), "lat": [21.0, 21.5], "lon": [105.0, 105.5]},
        ).to_netcdf(tmp_path / name)
    one, other = (read_weather(tmp_path / name)["rain"].to_numpy() for name in ("m.nc", "mm.nc"))
    np.testing.assert_allclose(one, other)


def test_a_wide_table_with_direction_gives_wind_components(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {"datetime": TIMES.tz_convert("Asia/Ho_Chi_Minh"), "wind_speed_10m": 10.0, "wind_direction_10m": 90.0}
    )
    table.to_csv(tmp_path / "town.csv", index=False)
    row = read_weather(tmp_path / "town.csv").loc[START + 3]
    assert row["wind_east"] == pytest.approx(-10.0)  # from the east
    assert row["wind_north"] == pytest.approx(0.0, abs=1e-9)


def test_stations_get_their_own_place_and_hours_beyond_now(tmp_path: Path) -> None:
    grid(tmp_path / "ecmwf.nc")
    found = weather_at(tmp_path, [(105.1, 21.1), (105.5, 21.1), None], START + 100, 90)
    assert found is not None
    assert found.values.shape == (90 + HORIZON, 2, len(NAMES))
    temperature = found.values[-1, :, NAMES.index("temperature")]
    np.testing.assert_allclose(temperature, (20.4, 22.0))
    assert found.point.tolist() == [0, 1, 0]


def test_one_bad_file_does_not_stop_the_forecasts(tmp_path: Path) -> None:
    grid(tmp_path / "ecmwf.nc")
    (tmp_path / "broken.csv").write_text("nothing")
    found = weather_at(tmp_path, [(105.1, 21.1)], START + 100, 90)
    assert found is not None
    assert np.isfinite(found.values[-1, 0, NAMES.index("temperature")])


def test_weather_that_ends_before_now_is_no_driver(tmp_path: Path) -> None:
    assert weather_at(tmp_path, [(105.1, 21.1)], START, 90) is None
    grid(tmp_path / "ecmwf.nc")
    assert weather_at(tmp_path, [(105.1, 21.1)], START + 5_000, 90) is None


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "time,noise\n2026-01-01T00:00Z,1\n"])
def test_a_file_without_weather_is_refused_with_its_reason(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.csv").write_text(text)
    with pytest.raises(SourceUnreadable):
        read_weather(tmp_path / "bad.csv")
