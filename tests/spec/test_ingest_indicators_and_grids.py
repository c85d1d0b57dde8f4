"""Indicator values by unit version, and grids as files named by their content."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio
import xarray as xr
from helpers.ingest import load, query, rejects, scalar, write_csv, write_units
from rasterio.transform import from_origin

from spatial.errors import SourceUnreadable, WrongCRS
from spatial.settings import data_settings

HEADER = ("MA_DVHC", "HIEU_LUC_TU", "CHI_TIEU", "KY", "GIA_TRI", "TINH_TRANG")


@pytest.fixture
def folder(database: str, tmp_path: Path) -> Path:
    load("admin_unit", write_units(tmp_path))
    return tmp_path


def test_values_hang_on_the_version_of_the_unit_in_force_in_their_period(folder):
    rows = [
        ("97", None, "population", "2026-03", 10, "official"),
        ("971", None, "population", "2019-04", 4, "official"),
    ]
    assert load("indicator", write_csv(folder / "i.csv", HEADER, rows)).inserted == 2
    found = query(
        "SELECT s.feature_key, u.level, v.period, v.value FROM core.indicator_value v"
        " JOIN core.series s ON s.id = v.series_id JOIN core.admin_unit u ON u.id = s.unit_id ORDER BY 1"
    )
    assert [tuple(row) for row in found] == [
        ("97.2025-07-01", "province", date(2026, 3, 1), 10.0),
        ("971.1997-01-01", "district", date(2019, 4, 1), 4.0),
    ]


def test_indicators_are_known_by_code_or_title_and_states_in_vietnamese(folder):
    rows = [
        ("97", "2025-07-01", "Dân số", "03/2026", 10, "ước tính"),
        ("97", "2025-07-01", "population", "2026", 12, "Kế hoạch"),
    ]
    load("indicator", write_csv(folder / "i.csv", HEADER, rows))
    assert [tuple(r) for r in query("SELECT period, state, value FROM core.indicator_value")] == [
        (date(2026, 3, 1), "estimate", 10.0)
    ]
    assert [tuple(r) for r in query("SELECT year, issued_on, value, document FROM core.indicator_plan")] == [
        (date(2026, 1, 1), date(2026, 1, 1), 12.0, None)
    ]


def test_unknown_units_indicators_states_and_periods_go_to_quarantine(folder):
    rows = [
        ("98", None, "population", "2026-03", 1, "official"),
        ("971", None, "population", "2026-03", 1, "official"),  # the district ended with the reform
        ("97", None, "happiness", "2026-03", 1, "official"),
        ("97", None, "population", "2026-13", 1, "official"),
        ("97", None, "population", "2026-03", 1, "perhaps"),
        ("97", None, "population", "2026-03", None, "official"),
        ("97", None, "population", "2026-04", 1, "official"),
        ("97", None, "population", "2026-04", 2, "official"),
    ]
    assert load("indicator", write_csv(folder / "i.csv", HEADER, rows)).inserted == 1
    assert rejects("indicator") == [
        (2, "unit_code", "unknown_unit"),
        (3, "unit_code", "unknown_unit"),
        (4, "indicator", "unknown_indicator"),
        (5, "period", "not_a_date"),
        (6, "state", "unknown_state"),
        (7, "value", "not_null"),
        (9, None, "duplicate_key"),
    ]


def test_a_corrected_figure_replaces_the_old_one(folder):
    figure = ("97", None, "population", "2026-03")
    load("indicator", write_csv(folder / "a.csv", HEADER, [(*figure, 10, "official")]))
    report = load("indicator", write_csv(folder / "b.csv", HEADER, [(*figure, 11, "official")]))
    assert (report.inserted, report.updated) == (0, 1)
    assert scalar("SELECT version FROM ops.layer_version WHERE layer_id = 'indicator'") == 2


def geotiff(path: Path, values: np.ndarray, *, west: float = 105.8, north: float = 20.4, crs: int = 4326) -> Path:
    profile = {"driver": "GTiff", "height": values.shape[0], "width": values.shape[1], "count": 1, "dtype": "float32",
               "nodata": -99999, "crs": f"EPSG:{crs}", "transform": from_origin(west, north, 0.1, 0.1)}  # fmt: skip
    with rasterio.open(path, "w", **profile) as target:
        target.write(values.astype(np.float32), 1)
    return path


def test_a_geotiff_becomes_a_cog_with_its_year_extent_and_range(folder):
    values = np.array([[1, 2, -99999, 4], [5, 6, 7, 8]])
    load("population_grid", geotiff(folder / "pop_2024_1km.tif", values))
    row = query("SELECT *, ST_AsText(footprint) AS wkt FROM core.grid")[0]
    assert (row.time, row.crs, row.width, row.height, row.minimum, row.maximum) == (date(2024, 1, 1), 4326, 4, 2, 1, 8)
    assert row.wkt == "POLYGON((105.8 20.2,105.8 20.4,106.2 20.4,106.2 20.2,105.8 20.2))"
    with rasterio.open(data_settings().raster(row.path)) as cog:
        assert cog.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        read = cog.read(1, masked=True)
    np.testing.assert_array_equal(read.filled(np.nan), np.where(values < 0, np.nan, values))


def test_cells_outside_what_the_layer_allows_become_missing_and_are_counted(folder):
    report = load("population_grid", geotiff(folder / "pop_2024.tif", np.array([[1, -5], [3, -7]])))
    assert report.flagged["range"] == 2
    assert scalar("SELECT minimum FROM core.grid") == 1


def test_an_equal_grid_in_another_file_is_found_unchanged(folder):
    values = np.array([[1, 2], [3, 4]])
    load("population_grid", geotiff(folder / "pop_2024.tif", values))
    assert load("population_grid", geotiff(folder / "again_2024.tif", values)).unchanged == 1
    assert load("population_grid", geotiff(folder / "other_2024.tif", values + 1)).updated == 1


def netcdf(path: Path, time_name: str = "valid_time") -> Path:
    days = pd.date_range("2026-01-01", periods=3)
    values = np.arange(12, dtype=np.float32).reshape(3, 2, 2) / 1000
    # South first: the file is turned north up.
    coordinates = {time_name: days, "latitude": [20.25, 20.35], "longitude": [105.85, 105.95]}
    xr.Dataset({"tp": ((time_name, "latitude", "longitude"), values)}, coords=coordinates).to_netcdf(path)
    return path


def test_each_day_of_a_netcdf_file_becomes_a_grid_scaled_and_north_up(folder):
    report = load("rainfall_grid", netcdf(folder / "rain.nc"), scale=1000)
    assert (report.rows_read, report.inserted) == (3, 3)
    paths = dict(query("SELECT time, path FROM core.grid ORDER BY time"))
    assert sorted(paths) == [date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)]
    with rasterio.open(data_settings().raster(paths[date(2026, 1, 2)])) as cog:
        np.testing.assert_allclose(cog.read(1), [[6, 7], [4, 5]])
        assert cog.bounds.top == pytest.approx(20.4)


def test_a_grid_elsewhere_on_earth_is_refused(folder):
    with pytest.raises(WrongCRS, match="not in Vietnam"):
        load("population_grid", geotiff(folder / "pop_2024.tif", np.ones((2, 2)), west=-71, north=42))


def test_a_grid_whose_time_is_unknown_is_refused_unless_it_is_said(folder):
    file = geotiff(folder / "population.tif", np.ones((2, 2)))
    with pytest.raises(SourceUnreadable, match="option time"):
        load("population_grid", file)
    load("population_grid", file, time="2022")
    assert scalar("SELECT time FROM core.grid") == date(2022, 1, 1)
