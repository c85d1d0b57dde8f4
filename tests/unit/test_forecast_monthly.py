"""Monthly indicators: gates by length, paths that stay sane, and intervals pooled over similar series."""

from __future__ import annotations

import numpy as np
import pytest

from spatial.analysis.forecast import QUANTILES, gates, monthly, pool

MONTHS = 60
MONTH = np.arange(MONTHS)


def economy(series: int = 60, months: int = MONTHS, seed: int = 5) -> np.ndarray:
    """Growing seasonal series."""
    random = np.random.default_rng(seed)
    season = 0.3 * random.random(series) * np.sin(2 * np.pi * np.arange(months) / 12)[:, None]
    growth = 0.006 * random.random(series) * np.arange(months)[:, None]
    return np.exp(4 + growth + season + 0.05 * random.normal(size=(months, series)))


GOOD = economy(1)[:, 0]
NOTHING = np.full(MONTHS, np.nan)
DEGENERATE = {
    "nothing": NOTHING,
    "one value": np.where(MONTH == MONTHS - 1, 5.0, np.nan),
    "constant": np.full(MONTHS, 3.0),
    "all zero": np.zeros(MONTHS),
    "every third infinite": np.where(MONTH % 3 == 0, np.inf, GOOD),
    "all infinite": np.full(MONTHS, -np.inf),
    "negative": -GOOD,
    "beyond all bounds": GOOD * 1e200,
    "large": GOOD * 1e10,
    "small": GOOD * 1e-12,
    "one season": np.where(MONTH >= MONTHS - 12, GOOD, np.nan),
    "eight months": np.where(MONTH >= MONTHS - 8, GOOD, np.nan),
    "eighteen months": np.where(MONTH >= MONTHS - 18, GOOD, np.nan),
    "thirty months": np.where(MONTH >= MONTHS - 30, GOOD, np.nan),
    "ended long ago": np.where(MONTH < MONTHS - 18, GOOD, np.nan),
    "two months late": np.where(MONTH < MONTHS - 2, GOOD, np.nan),
    "every other month": np.where(MONTH % 2 == 0, GOOD, np.nan),
    "mostly zero": np.where(MONTH % 7 == 0, 5.0, 0.0),
    "a step": np.where(MONTH > 50, 1e6, 1.0),
    "a spike at the end": np.where(MONTH == MONTHS - 1, 1e9, 1.0),
    "a straight line": MONTH * 1.0,
    "noise around zero": np.random.default_rng(8).normal(size=MONTHS),
    "negative at the end": np.where(MONTH == MONTHS - 1, -5.0, GOOD),
    "one gap": np.where(MONTH == 20, np.nan, GOOD),
}  # fmt: skip
WITHOUT = {"nothing", "one value", "every third infinite", "all infinite", "beyond all bounds", "ended long ago",
           "every other month"}  # fmt: skip


@pytest.fixture(scope="module", params=[True, False], ids=["thorough", "cheap"])
def degenerate(request: pytest.FixtureRequest) -> dict[str, pool.Pooled]:
    values = np.column_stack([*DEGENERATE.values(), economy(30)])
    groups = np.arange(values.shape[1]) % 5
    return dict(zip(DEGENERATE, pool.forecast_pool(values, groups, 12, thorough=request.param), strict=False))


@pytest.mark.parametrize("name", DEGENERATE)
def test_any_series_gives_finite_quantiles_or_a_reason(name: str, degenerate: dict[str, pool.Pooled]) -> None:
    item = degenerate[name]
    if name in WITHOUT:
        assert item.model is None
        assert item.reason in gates.REASONS
        return
    assert item.quantiles is not None
    assert item.quantiles.shape == (len(QUANTILES), 12)
    assert np.isfinite(item.quantiles).all()
    assert (np.diff(item.quantiles, axis=0) >= 0).all()
    if DEGENERATE[name][np.isfinite(DEGENERATE[name])].min() >= 0:
        assert (item.quantiles >= 0).all()


@pytest.mark.parametrize(("months", "code"), [(8, "under_one_year"), (18, "under_two_years"), (30, None)])
def test_a_short_series_says_so(months: int, code: str | None) -> None:
    assert monthly.forecast(GOOD[-months:], 12, thorough=True).reason == code


def test_seasonal_series_are_forecast_better_than_last_year_repeated() -> None:
    values = economy(80)
    ours, simple = [], []
    for series in values.T:
        item = monthly.forecast(series[:-12], 12, thorough=True)
        assert item.path is not None
        assert item.baseline is not None
        ours.append(np.abs(series[-12:] - item.path).mean())
        simple.append(np.abs(series[-12:] - item.baseline).mean())
    assert np.mean(ours) < np.mean(simple)


def test_the_year_goes_on_as_it_began() -> None:
    last_year = np.arange(1.0, 13.0)
    so_far = last_year[:6] * 1.2
    path = monthly.year_ratio(np.concatenate([last_year, so_far]), 6, 6)
    np.testing.assert_allclose(path, last_year[6:] * 1.2)


def test_pooled_intervals_cover_about_what_they_promise() -> None:
    values = economy(120, 72)
    items = pool.forecast_pool(values[:-6], np.arange(120) % 4, 6, thorough=True)
    inside = [
        ((item.quantiles[1, :6] <= truth) & (truth <= item.quantiles[3, :6])).mean()
        for item, truth in zip(items, values[-6:].T, strict=True)
        if item.quantiles is not None
    ]
    assert 0.65 < np.mean(inside) < 0.95


def test_a_pool_of_one_series_still_has_an_interval() -> None:
    (item,) = pool.forecast_pool(GOOD[:, None], np.array([0]), 12, thorough=False)
    assert item.quantiles is not None
    assert (item.quantiles[0] < item.quantiles[4]).all()


def test_a_table_without_months_has_a_reason_for_every_series() -> None:
    items = pool.forecast_pool(np.empty((0, 3)), np.arange(3), 12, thorough=True)
    assert [item.reason for item in items] == ["empty"] * 3
