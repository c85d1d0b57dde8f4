"""Kriging between stations, where it is painted, and who lives below it: from numbers in memory."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from dash_app.surface_pack import NOTHING, STEPS, pack_surfaces
from spatial.analysis.kriging import (
    Kriging,
    Variogram,
    fit_variogram,
    leave_one_out,
    leave_one_out_idw,
    root_mean_square,
)
from spatial.analysis.places import distances_km
from spatial.analysis.surface import Lattice, expose, people_by_cell, surfaces
from spatial.queries.surfaces import StoredSurface

SHAPE = Variogram(0.1, 8.0, 0.16)
HANOI = np.array([105.83, 21.02])


def network(count: int, seed: int = 1) -> np.ndarray:
    """Stations within some 20 km."""
    return HANOI + np.random.default_rng(seed).uniform(-0.1, 0.1, (count, 2))


def field(positions: np.ndarray, times: int, reach: float, nugget: float, seed: int = 2) -> np.ndarray:
    """Values of a random field with a known covariance, level 60."""
    rng = np.random.default_rng(seed)
    covariance = (1 - nugget) * np.exp(-distances_km(positions, positions) / reach)
    np.fill_diagonal(covariance, 1.0)
    return 60 + 15 * rng.standard_normal((times, len(positions))) @ np.linalg.cholesky(covariance).T


# ---------------------------------------------------------------- prediction


def test_a_level_field_is_level_everywhere() -> None:
    found = Kriging(network(7), network(40, seed=3), SHAPE).predict(np.full((2, 7), 42.0))
    assert found.mean == pytest.approx(42.0)


def test_far_from_all_stations_the_mean_is_told_and_the_deviation_is_larger() -> None:
    positions = network(7)
    near, far = positions[:1] + 0.001, HANOI[None] + 3
    found = Kriging(positions, np.vstack([near, far]), SHAPE).predict(np.linspace(20, 80, 7)[None])
    assert found.deviation[0, 1] > 1.5 * found.deviation[0, 0]
    assert abs(found.mean[0, 1] - 50) < 15


def test_two_stations_on_one_mast_do_no_harm() -> None:
    positions = np.vstack([network(6), network(6)[:1]])
    found = Kriging(positions, network(5, seed=4), Variogram(0.02, 8.0, 0.16)).predict(np.linspace(10, 70, 7)[None])
    assert np.isfinite(found.mean).all()
    assert found.mean.min() > 0


def test_leaving_one_out_is_what_solving_without_it_gives() -> None:
    positions = network(8)
    values = field(positions, 3, 8.0, 0.1)
    values[1, 2] = np.nan
    error, deviation = leave_one_out(values, distances_km(positions, positions), SHAPE)
    assert np.isnan(error[1, 2])
    others = np.arange(8) != 5
    system = Kriging(positions[others], positions[5:6], SHAPE)
    predicted = system.predict(values[:1, others])
    assert error[0, 5] == pytest.approx(values[0, 5] - predicted.mean[0, 0], rel=1e-6)
    assert deviation[0, 5] > 0


def test_the_variogram_is_found_and_does_better_than_inverse_distances() -> None:
    positions = network(20)
    fit = fit_variogram(field(positions, 400, 10.0, 0.35), positions)
    assert fit is not None
    assert fit.rmse is not None
    assert fit.rmse_idw is not None
    assert fit.rmse < 0.97 * fit.rmse_idw
    assert 0.2 <= fit.variogram.nugget <= 0.5
    assert 5 <= fit.variogram.range_km <= 20
    errors = leave_one_out_idw(field(positions, 400, 10.0, 0.35), distances_km(positions, positions))
    assert root_mean_square(errors) == pytest.approx(fit.rmse_idw)


@pytest.mark.parametrize(
    "values",
    [
        np.empty((0, 6)),
        np.full((100, 6), np.nan),
        np.full((100, 6), 5.0),
        np.where(np.arange(6) < 4, 3.0, np.nan) * np.ones((100, 1)),
        np.random.default_rng(0).normal(size=(10, 6)),
    ],
    ids=["empty", "all missing", "constant", "four stations", "ten hours"],
)
def test_too_little_history_gives_no_variogram(values: np.ndarray) -> None:
    assert fit_variogram(values, network(6)) is None


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0, 2000), min_size=5, max_size=12))
def test_any_hour_gives_finite_values_that_are_not_negative(values: list[float]) -> None:
    positions = network(len(values))
    lattice = Lattice.over((105.7, 20.9, 106.0, 21.15), 12)
    ground = np.ones(lattice.rows * lattice.columns, dtype=bool)
    for mean, deviation in surfaces(np.array([values]), positions, lattice, ground, SHAPE).values():
        assert (np.isfinite(mean) == np.isfinite(deviation)).all()
        assert (mean[np.isfinite(mean)] >= 0).all()


# ---------------------------------------------------------------- where it is painted

LATTICE = Lattice.over((105.0, 20.5, 106.5, 21.5), 48)
EVERYWHERE = np.ones(LATTICE.rows * LATTICE.columns, dtype=bool)


def test_cells_are_about_square_on_the_ground() -> None:
    x, y = LATTICE.centres[0], LATTICE.centres[LATTICE.columns + 1]
    wide = distances_km(np.array([[x[0], x[1]]]), np.array([[y[0], x[1]]]))[0, 0]
    tall = distances_km(np.array([[x[0], x[1]]]), np.array([[x[0], y[1]]]))[0, 0]
    assert wide == pytest.approx(tall, rel=0.05)


def test_a_point_lies_in_the_cell_whose_centre_is_nearest() -> None:
    assert (LATTICE.cells_of(LATTICE.centres) == np.arange(len(LATTICE.centres))).all()
    assert LATTICE.cells_of(np.array([[104.9, 21.0], [105.5, 30.0]])).tolist() == [-1, -1]


def test_nothing_is_painted_far_from_the_stations_or_outside_the_province() -> None:
    positions = network(8)
    ground = LATTICE.touching(shapely.box(105.0, 20.5, 105.85, 21.5))
    (mean, _), *_ = surfaces(field(positions, 1, 8.0, 0.1), positions, LATTICE, ground, SHAPE).values()
    painted = np.isfinite(mean)
    assert painted.any()
    assert not painted[~ground].any()
    assert distances_km(LATTICE.centres[painted], positions).min(axis=1).max() <= 16


def test_fewer_than_five_stations_make_no_surface() -> None:
    values = field(network(6), 2, 8.0, 0.1)
    values[0, :2] = np.nan
    assert list(surfaces(values, network(6), LATTICE, EVERYWHERE, SHAPE)) == [1]


def test_what_is_as_uncertain_as_it_is_large_is_not_painted() -> None:
    values = np.array([[1.0, 300.0, 2.0, 250.0, 1.0, 3.0]])
    found = surfaces(values, network(6), LATTICE, EVERYWHERE, Variogram(0.95, 1.0, 1.0))
    assert not np.isfinite(found[0][0]).any()


# ---------------------------------------------------------------- people


def test_people_are_neither_lost_nor_made() -> None:
    parts = csr_array(np.array([[1.0, 0.5, 0.0], [0.0, 0.5, 1.0]]))
    matrix, people = people_by_cell(parts, np.array([100.0, 40.0, np.nan]), np.array([0, 1, -1]), 4)
    assert people.tolist() == [120.0, 20.0]
    seen = expose(matrix, people, np.array([50.0, 40.0, np.nan, 90.0], dtype=np.float32), 45.0)
    assert seen.covered.tolist() == [120.0, 20.0]
    assert seen.above.tolist() == [100.0, 0.0]
    assert seen.mean == pytest.approx([(100 * 50 + 20 * 40) / 120, 40.0])


def test_people_outside_the_grid_or_below_nothing_painted_are_not_covered() -> None:
    parts = csr_array(np.array([[1.0, 1.0, 1.0]]))
    matrix, people = people_by_cell(parts, np.array([10.0, 20.0, 30.0]), np.array([0, -1, 1]), 2)
    seen = expose(matrix, people, np.array([60.0, np.nan], dtype=np.float32), 45.0)
    assert (seen.people.tolist(), seen.covered.tolist(), seen.above.tolist()) == ([60.0], [10.0], [10.0])
    assert np.isnan(expose(matrix, people, np.full(2, np.nan, dtype=np.float32), 45.0).mean).all()


# ---------------------------------------------------------------- the answer for the browser


def test_the_packed_surface_gives_the_values_back() -> None:
    lattice = Lattice(105.0, 20.5, 105.1, 20.6, 2, 2)
    time = datetime(2026, 11, 21, tzinfo=UTC)
    mean = np.array([10.0, 180.0, np.nan, 44.0], dtype=np.float32)
    item = StoredSurface(time, False, 7, lattice, mean, mean * np.float32(0.2))
    packed = pack_surfaces([time - timedelta(hours=1), time], [item], {"rmse": 1.0})
    length = int.from_bytes(packed[:4], "little")
    head = json.loads(packed[4 : 4 + length])
    body = np.frombuffer(packed[4 + length :], dtype=np.uint8).reshape(-1, 2, len(head["cells"]))
    assert head["slots"] == [-1, 0]
    assert head["cells"] == [0, 1, 3]
    assert NOTHING not in body[0]
    values = (body[0, 0] / STEPS) ** 2 * head["top"]
    assert values == pytest.approx([10.0, 180.0, 44.0], rel=0.02)


def test_without_surfaces_every_hour_says_so() -> None:
    packed = pack_surfaces([datetime(2026, 11, 21, tzinfo=UTC)] * 3, [], {})
    assert json.loads(packed[4:])["slots"] == [-1, -1, -1]
