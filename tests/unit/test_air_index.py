"""VN_AQI against the vectors of Decision 1459/QĐ-TCMT and what follows from its text."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from layers.index_scales import AIR_BREAKPOINTS, PARTICLES
from spatial.analysis import air_index
from spatial.analysis.rounding import half_up
from spatial.settings import REPOSITORY

VECTORS: dict[str, Any] = json.loads((REPOSITORY / "tests" / "data" / "air_test_vectors.json").read_text("utf-8"))
GASES = ("o3", "no2", "so2", "co")


def named(rows: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(row, id=row["name"]) for row in rows]


def column(newest_first: list[float | None]) -> np.ndarray:
    """Hours as one station's column, oldest first."""
    return np.array([np.nan if value is None else value for value in reversed(newest_first)], dtype=float)[:, None]


@pytest.mark.parametrize("row", VECTORS["subindex"], ids=lambda row: f"{row['pollutant']}-{row['concentration']}")
def test_sub_index(row: dict[str, Any]) -> None:
    exact = air_index.sub_index(row["pollutant"], row["concentration"])
    expected = np.nan if row["subindex_exact"] is None else row["subindex_exact"]
    rounded = np.nan if row["subindex_rounded"] is None else row["subindex_rounded"]
    np.testing.assert_allclose(exact, expected, atol=5e-5)
    np.testing.assert_array_equal(half_up(exact), rounded)


@pytest.mark.parametrize("row", named(VECTORS["nowcast"]))
def test_nowcast(row: dict[str, Any]) -> None:
    newest = air_index.nowcast(column(row["hours_newest_first"]))[-1, 0]
    expected = np.nan if row["nowcast_normalised"] is None else row["nowcast_normalised"]
    np.testing.assert_allclose(newest, expected, atol=5e-5)
    for name in PARTICLES:
        sub = np.nan if row[f"{name}_subindex"] is None else row[f"{name}_subindex"]
        np.testing.assert_array_equal(half_up(air_index.sub_index(name, newest)), sub)


@pytest.mark.parametrize("row", named(VECTORS["hourly"]))
def test_index_of_an_hour(row: dict[str, Any]) -> None:
    values = {name: column(row[f"{name}_hours_newest_first"] or [None] * 12) for name in PARTICLES}
    for name in GASES:
        values[name] = column([row[f"{name}_1h"]] + [None] * 11)
    check(air_index.hourly(values), row, "aqi_hour", (-1, 0))


@pytest.mark.parametrize("row", named(VECTORS["daily"]))
def test_index_of_a_day(row: dict[str, Any]) -> None:
    def one(name: str) -> np.ndarray:
        return np.array([np.nan if row[name] is None else row[name]], dtype=float)

    means = air_index.DayMeans(
        {name: one(f"{name}_24h") for name in PARTICLES}, {name: one(f"{name}_1h_max") for name in GASES},
        one("o3_8h_max"),
    )  # fmt: skip
    check(air_index.daily(means), row, "aqi_day", (0,))


def check(found: air_index.Composite, row: dict[str, Any], name: str, at: tuple[int, ...]) -> None:
    parts = {part: values[at] for part, values in found.parts.items() if np.isfinite(values[at])}
    assert parts == {part: value for part, value in row["subindices"].items() if value is not None}
    np.testing.assert_array_equal(found.value[at], np.nan if row[name] is None else row[name])
    assert [part for part, rows in found.dominant.items() if rows[at]] == row["dominant"]


def test_eight_hour_means_of_the_published_day_reach_into_the_day_before() -> None:
    published = VECTORS["ozone_8h_published"]
    hours = np.array(published["o3_1h"], dtype=float)[:, None]
    means = air_index.running_mean(hours, 8, least=6)[7:, 0]
    np.testing.assert_allclose(means, published["mean8_exact"], atol=1e-9)
    day = air_index.day_means({"o3": hours}, lead=7, least_day=18, least_8h=6)
    np.testing.assert_allclose(day.ozone_8h, 74.3875)
    np.testing.assert_allclose(day.highest["o3"], 97.7)


@pytest.mark.parametrize(("known", "given_mean"), [(18, True), (17, False)])
def test_a_day_needs_eighteen_hours_of_particles(known: int, given_mean: bool) -> None:
    hours = np.full((24, 1), 40.0)
    hours[known:] = np.nan
    day = air_index.day_means({"pm25": hours}, lead=0, least_day=18, least_8h=6)
    assert np.isfinite(day.particles["pm25"][0, 0]) == given_mean


@pytest.mark.parametrize(("known", "given_mean"), [(6, True), (5, False)])
def test_an_eight_hour_mean_needs_six_hours(known: int, given_mean: bool) -> None:
    hours = np.full((8, 1), 40.0)
    hours[known:] = np.nan
    assert np.isfinite(air_index.running_mean(hours, 8, 6)[-1, 0]) == given_mean


concentrations = arrays(
    float, st.tuples(st.integers(1, 40), st.integers(1, 3)), elements=st.floats(0, 900) | st.just(np.nan)
)


@given(concentrations)
def test_a_nowcast_lies_between_the_values_it_is_made_of(hours: np.ndarray) -> None:
    found = air_index.nowcast(hours)
    for row, station in zip(*np.nonzero(np.isfinite(found)), strict=True):
        window = hours[max(row - 11, 0) : row + 1, station]
        assert np.nanmin(window) - 1e-9 <= found[row, station] <= np.nanmax(window) + 1e-9


@given(concentrations)
def test_hours_of_one_station_do_not_touch_another(hours: np.ndarray) -> None:
    together = air_index.hourly({"pm25": hours}).value
    alone = [air_index.hourly({"pm25": hours[:, [station]]}).value for station in range(hours.shape[1])]
    np.testing.assert_array_equal(together, np.concatenate(alone, axis=1))


@given(st.sampled_from(sorted(AIR_BREAKPOINTS)), st.floats(0, 5000), st.floats(0, 5000))
def test_more_of_a_pollutant_never_gives_a_lower_sub_index(name: str, one: float, other: float) -> None:
    low, high = sorted((one, other))
    below, above = air_index.sub_index(name, low), air_index.sub_index(name, high)
    assert np.isnan(above) or below <= above
