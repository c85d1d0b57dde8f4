"""Grids by unit against a slow computation that cuts every cell with shapely."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from helpers.toy import AFTER, BEFORE, draw_units
from helpers.toy_data import add_grid, write_grid
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.transform import from_bounds
from sqlalchemy import text

from ingest.jobs import run_job
from spatial.access import SYSTEM, connect
from spatial.analysis.zonal import zonal_statistics
from spatial.crs import transform
from spatial.queries import units

BOUNDS = (105.95, 19.95, 106.65, 20.25)


def slowly(values: np.ndarray, bounds: tuple[float, ...], shape: shapely.Geometry, how: str) -> tuple[float, float]:
    """Statistic and covered part, one cell after the other; a mean by areas on the sphere."""
    west, south, east, north = bounds
    rows, columns = values.shape
    width, height = (east - west) / columns, (north - south) / rows
    total = parts = weights = 0.0
    for row in range(rows):
        for column in range(columns):
            x, y = west + column * width, north - (row + 1) * height
            part = shapely.box(x, y, x + width, y + height).intersection(shape).area / (width * height)
            if np.isfinite(values[row, column]):
                ground = 1.0 if how == "sum" else np.cos(np.radians(y + height / 2))
                total += part * ground * values[row, column]
                weights += part * ground
                parts += part
    if parts == 0:
        return np.nan, 0.0
    return (total if how == "sum" else total / weights), parts * width * height / shape.area


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), how=st.sampled_from(["sum", "mean"]))
def test_zonal_statistics_equal_cutting_every_cell(
    tmp_path_factory: pytest.TempPathFactory, seed: int, how: str
) -> None:
    chance = np.random.default_rng(seed)
    values = chance.gamma(2, 30, size=(6, 9)).round(2)
    values[chance.random(values.shape) < 0.2] = np.nan
    shapes = np.array(
        [
            shapely.Point(*chance.uniform((0, 0), (9, 6))).buffer(chance.uniform(0.1, 3)),
            shapely.convex_hull(shapely.MultiPoint(chance.uniform((-2, -2), (11, 8), size=(6, 2)))),
            shapely.MultiPolygon([shapely.box(0.2, 0.2, 0.4, 5.7), shapely.box(4, 4, 8, 4.1)]),
        ],
        dtype=object,
    )
    path = tmp_path_factory.mktemp("grid") / "grid.tif"
    write_grid(path, values, (0, 0, 9, 6))
    found = zonal_statistics([path], shapes, crs=4326, how=how)  # type: ignore[arg-type]
    for number, shape in enumerate(shapes):
        value, covered = slowly(values, (0, 0, 9, 6), shape, how)
        assert found.value[number, 0] == pytest.approx(value, rel=1e-4, abs=1e-4, nan_ok=True)
        assert found.covered[number, 0] == pytest.approx(covered, rel=1e-4, abs=1e-6)


def test_many_days_of_one_grid_are_columns(tmp_path: Path) -> None:
    paths = []
    for day in range(3):
        paths.append(tmp_path / f"{day}.tif")
        write_grid(paths[-1], np.full((2, 2), float(day)), (0, 0, 2, 2))
    found = zonal_statistics(paths, np.array([shapely.box(0.5, 0.5, 1.5, 1.5)]), crs=4326, how="mean")
    assert found.value.tolist() == [[0.0, 1.0, 2.0]]


def test_a_mean_over_degrees_knows_that_cells_shrink_towards_the_pole(tmp_path: Path) -> None:
    path = tmp_path / "grid.tif"
    write_grid(path, np.array([[0.0], [30.0]]), (0, 0, 60, 60))  # two cells of 30 degrees: 0.5 and 0.366 of the sphere
    found = zonal_statistics([path], np.array([shapely.box(0, 0, 60, 60)]), crs=4326, how="mean")
    assert found.value[0, 0] == pytest.approx(30 * 0.5 / (np.sqrt(3) / 2))
    total = zonal_statistics([path], np.array([shapely.box(0, 0, 60, 60)]), crs=4326, how="sum")
    assert total.value[0, 0] == pytest.approx(30)  # amounts add up whatever the area


def test_a_grid_in_vn2000_is_met_where_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "grid.tif"
    bounds = (500_000, 2_200_000, 520_000, 2_220_000)
    profile = {"driver": "GTiff", "width": 20, "height": 20, "count": 1, "dtype": "float32",
               "transform": from_bounds(*bounds, 20, 20)}  # fmt: skip
    with rasterio.open(path, "w", **profile) as grid:
        grid.write(np.ones((20, 20), dtype="float32"), 1)
    x, y = transform(np.array([505_000, 508_000]), np.array([2_205_000, 2_207_000]), source=5897, target=4326)
    found = zonal_statistics([path], np.array([shapely.box(x[0], y[0], x[1], y[1])]), crs=5897, how="sum")
    assert found.value[0, 0] == pytest.approx(6, rel=2e-3)  # 3 km x 2 km of cells of 1 km2


@pytest.fixture
def grids(database: str, tmp_path: Path) -> Path:
    with connect(SYSTEM) as conn:
        draw_units(conn)
    run_job("links")
    return tmp_path


def stored(layer: str) -> dict[tuple[str, date], tuple[float, float]]:
    with connect(SYSTEM) as conn:
        rows = conn.execute(
            text(
                "SELECT u.key, z.time, z.value, z.covered FROM derived.zonal z JOIN core.admin_unit u"
                " ON u.id = z.unit_id WHERE z.layer_id = :layer"
            ),
            {"layer": layer},
        )
        return {(row[0], row[1]): (row[2], row[3]) for row in rows}


def test_the_job_stores_sums_by_unit(grids: Path) -> None:
    people = np.arange(1.0, 22.0).reshape(3, 7)
    with connect(SYSTEM) as conn:
        add_grid(conn, "population_grid", date(2026, 1, 1), grids / "people.tif", people, BOUNDS)
    run_job("zonal")
    found = stored("population_grid")
    with connect(SYSTEM) as conn:
        commune = units.get_unit(conn, code="10007", as_of=AFTER)
        shape = shapely.from_wkb(
            conn.execute(
                text("SELECT ST_AsBinary(geom) FROM core.admin_unit WHERE id = :id"), {"id": commune.id}
            ).scalar()
        )
    value, covered = found["10007.2025-07-01", date(2026, 1, 1)]
    assert value == pytest.approx(slowly(people, BOUNDS, shape, "sum")[0], rel=1e-5)
    assert covered == pytest.approx(1)


def test_units_of_the_day_of_today_and_former_districts_are_given(grids: Path) -> None:
    with connect(SYSTEM) as conn:
        for number, day in enumerate((BEFORE, AFTER)):
            add_grid(conn, "rainfall_grid", day, grids / f"{number}.tif", np.ones((3, 7)), BOUNDS)
    run_job("zonal")
    keys = {day: {key for key, time in stored("rainfall_grid") if time == day} for day in (BEFORE, AFTER)}
    assert {"12.2020-01-01", "10005.2020-01-01", "103.2020-01-01", "11.2025-07-01", "10007.2025-07-01"} <= keys[BEFORE]
    assert {"103.2020-01-01", "11.2025-07-01", "10007.2025-07-01"} <= keys[AFTER]
    assert not {"12.2020-01-01", "10005.2020-01-01"} & keys[AFTER]


def test_only_new_or_changed_grids_are_computed(grids: Path) -> None:
    first, second = date(2026, 1, 1), date(2026, 1, 2)
    with connect(SYSTEM) as conn:
        add_grid(conn, "rainfall_grid", first, grids / "1.tif", np.ones((3, 7)), BOUNDS)
    run_job("zonal")
    assert run_job("zonal") == "nothing new"
    with connect(SYSTEM) as conn:
        conn.execute(text("UPDATE derived.zonal SET value = -1"))
        add_grid(conn, "rainfall_grid", second, grids / "2.tif", np.full((3, 7), 5.0), BOUNDS)
    run_job("zonal")
    found = stored("rainfall_grid")
    assert found["11.2025-07-01", first][0] == -1
    assert found["11.2025-07-01", second][0] == pytest.approx(5)


def test_a_unit_outside_the_grid_has_no_value_and_one_on_its_edge_says_how_much(grids: Path) -> None:
    bounds = (106.0, 20.0, 106.25, 20.2)
    with connect(SYSTEM) as conn:
        add_grid(conn, "rainfall_grid", date(2026, 1, 1), grids / "1.tif", np.ones((4, 5)), bounds)
    run_job("zonal")
    found = {key: value for (key, _), value in stored("rainfall_grid").items()}
    assert "10011.2025-07-01" not in found
    assert found["104.2020-01-01"] == (pytest.approx(1), pytest.approx(0.25, abs=1e-3))


def test_people_of_the_grid_divide_a_split_commune(database: str, tmp_path: Path) -> None:
    with connect(SYSTEM) as conn:
        draw_units(conn)
        people = np.ones((2, 24))  # columns of a quarter square; the square 10005 has columns 8 to 11
        people[1, 8:10] = 30.0  # its western half is the town
        people[1, 10:12] = 10.0
        add_grid(conn, "population_grid", date(2026, 1, 1), tmp_path / "people.tif", people, (106.0, 20.0, 106.6, 20.2))
    run_job("links")
    with connect(SYSTEM) as conn:
        row = conn.execute(
            text(
                "SELECT l.area_share, l.people_share, l.method FROM core.admin_link l"
                " JOIN core.admin_unit o ON o.id = l.predecessor_id JOIN core.admin_unit n ON n.id = l.successor_id"
                " WHERE o.code = '10005' AND n.code = '10003'"
            )
        ).one()
        assert row[0] == pytest.approx(0.5)
        assert row[1] == pytest.approx(0.75)
        assert row[2] == "by_people"
