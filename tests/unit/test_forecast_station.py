"""72-hour forecasts of station parameters: no leak, honest skill, honest intervals, and an answer for any input."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from spatial.analysis.forecast import QUANTILES, backtest, baseline, conformal, drivers, gates, station
from spatial.analysis.forecast.panel import prepare
from spatial.analysis.forecast.transform import choose
from spatial.analysis.forecast.windows import DAY, HORIZON

HOURS, START = 150 * DAY, 480_000
RANDOM = np.random.default_rng(7)


def town(stations: int = 6, hours: int = HOURS, seed: int = 3) -> np.ndarray:
    """Skewed positive values with a daily shape, weather that stations share, noise and a tenth of gaps."""
    random = np.random.default_rng(seed)
    weather = np.zeros(hours)
    for hour in range(1, hours):
        weather[hour] = 0.97 * weather[hour - 1] + 0.1 * random.normal()
    day = 0.4 * np.sin(2 * np.pi * np.arange(hours) / DAY)
    values = np.exp(3.3 + (day + weather)[:, None] + 0.15 * random.normal(size=(hours, stations)))
    values[random.random(values.shape) < 0.1] = np.nan
    return values


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    return town()


@pytest.fixture(scope="module")
def bundle(values: np.ndarray) -> station.Bundle:
    return station.fit(values, START, np.arange(6), low=0, high=1000)


def test_a_trained_parameter_gets_ordered_quantiles_for_each_of_72_hours(
    values: np.ndarray, bundle: station.Bundle
) -> None:
    for issue in station.issue(values, START, np.arange(6), bundle):
        assert issue.model == station.MODEL
        assert issue.quantiles is not None
        assert issue.quantiles.shape == (len(QUANTILES), HORIZON)
        assert (np.diff(issue.quantiles, axis=0) >= 0).all()
        assert (issue.quantiles >= 0).all()
        assert issue.verdict.positive


def test_a_series_without_a_record_is_shown_as_the_baseline_in_the_units_of_its_values(
    values: np.ndarray, bundle: station.Bundle
) -> None:
    strangers = station.issue(values, START, np.arange(100, 106), bundle)
    for column, issue in enumerate(strangers):
        assert (issue.model, issue.reason) == (station.BASELINE, "no_record")
        assert issue.quantiles is not None
        expected = baseline.damped_persistence(values[-28 * DAY :, [column]])[:, 0]
        np.testing.assert_allclose(issue.quantiles[station.MIDDLE], expected, rtol=1e-6)


def test_a_forecast_does_not_depend_on_what_came_before_the_last_sixty_days(
    values: np.ndarray, bundle: station.Bundle
) -> None:
    whole = station.issue(values, START, np.arange(6), bundle)
    recent = station.issue(values[-60 * DAY :], START + HOURS - 60 * DAY, np.arange(6), bundle)
    for one, other in zip(whole, recent, strict=True):
        np.testing.assert_allclose(one.quantiles, other.quantiles, rtol=1e-9)


def test_features_of_an_origin_do_not_change_when_the_future_does(values: np.ndarray) -> None:
    now = 100 * DAY
    changed = values.copy()
    changed[now + 1 :] *= 50.0
    before, after = prepare(np.log(values), START), prepare(np.log(changed), START)
    for name in ("same_hour", "level", "anomaly", "last"):
        np.testing.assert_array_equal(getattr(before, name)[: now + 1], getattr(after, name)[: now + 1])
    for mine, other in zip(before.means, after.means, strict=True):
        np.testing.assert_array_equal(mine[: now + 1], other[: now + 1])


def test_skill_vanishes_when_the_hours_are_shuffled(values: np.ndarray) -> None:
    shuffled = values[np.random.default_rng(1).permutation(len(values))]
    bundle = station.fit(shuffled, START, np.arange(6), low=0, high=1000)
    for verdict in bundle.model_verdicts:
        assert verdict.climatology is not None
        assert verdict.climatology < 0.05


def test_intervals_cover_about_what_they_promise() -> None:
    result = backtest.run(town(hours=260 * DAY), START, low=0, high=1000)
    assert result is not None
    ours = result.scores[-1]
    assert ours.cover80 is not None
    assert ours.cover95 is not None
    assert 0.7 < ours.cover80 < 0.9
    assert 0.88 < ours.cover95 <= 0.99


def test_a_kept_bundle_forecasts_the_same(values: np.ndarray, bundle: station.Bundle, tmp_path: Path) -> None:
    station.save(bundle, tmp_path / "pm25.npz")
    kept = station.load(tmp_path / "pm25.npz")
    assert kept is not None
    for one, other in zip(
        station.issue(values, START, np.arange(6), bundle),
        station.issue(values, START, np.arange(6), kept),
        strict=True,
    ):
        np.testing.assert_allclose(one.quantiles, other.quantiles)
        assert one.verdict == other.verdict


def test_a_bundle_of_another_version_is_not_used(bundle: station.Bundle, tmp_path: Path) -> None:
    np.savez(tmp_path / "old.npz", features=np.array(["another"]))
    assert station.load(tmp_path / "old.npz") is None


HOUR = np.arange(HOURS)
GOOD = town(1, seed=9)[:, 0]
NOTHING = np.full(HOURS, np.nan)
DEGENERATE = {
    "nothing": (NOTHING, None),
    "one value": (np.where(HOUR == HOURS - 1, 5.0, np.nan), None),
    "constant": (np.full(HOURS, 7.0), None),
    "all zero": (np.zeros(HOURS), None),
    "half infinite": (np.where(HOUR % 2 == 0, np.inf, GOOD), "any"),
    "all infinite": (np.full(HOURS, np.inf), None),
    "minus infinity": (np.full(HOURS, -np.inf), None),
    "negative where impossible": (-GOOD, "any"),
    "beyond all bounds": (GOOD * 1e300, None),
    "very large": (GOOD * 1e9, "any"),
    "very small": (GOOD * 1e-12, "any"),
    "silent for ten days": (np.where(HOUR < HOURS - 240, GOOD, np.nan), None),
    "silent for thirty hours": (np.where(HOUR < HOURS - 30, GOOD, np.nan), station.BASELINE),
    "ten days old": (np.where(HOUR >= HOURS - 240, GOOD, np.nan), station.BASELINE),
    "four days old": (np.where(HOUR >= HOURS - 96, GOOD, np.nan), None),
    "two thirds missing": (np.where(HOUR % 3 == 0, GOOD, np.nan), station.BASELINE),
    "one hour a day": (np.where(HOUR % DAY == 5, GOOD, np.nan), None),
    "two values in turn": (np.where(HOUR % 2 == 0, 1.0, 2.0), "any"),
    "a step up a week ago": (np.where(HOUR > HOURS - 170, 1e6, 1.0), "any"),
    "one huge spike": (np.where(HOUR == HOURS - 5, 1e11, GOOD), "any"),
    "a straight line": (HOUR.astype(float), "any"),
    "mostly zero": (np.where(HOUR % 50 == 0, 3.0, 0.0), "any"),
    "only the last month": (np.where(HOUR >= HOURS - 29 * DAY, GOOD, np.nan), "any"),
    "noise around zero": (RANDOM.normal(size=HOURS), "any"),
}  # fmt: skip


@pytest.fixture(scope="module")
def degenerate() -> dict[str, station.Issue]:
    panel = np.column_stack([*(values for values, _ in DEGENERATE.values()), town(4)])
    labels = np.arange(panel.shape[1])
    bundle = station.fit(panel, START, labels, low=0)
    return dict(zip(DEGENERATE, station.issue(panel, START, labels, bundle), strict=False))


@pytest.mark.parametrize("name", DEGENERATE)
def test_any_input_gives_finite_quantiles_or_a_reason(name: str, degenerate: dict[str, station.Issue]) -> None:
    issue, expected = degenerate[name], DEGENERATE[name][1]
    if expected is None:
        assert issue.model is None
        assert issue.quantiles is None
    if issue.model != station.MODEL:
        assert issue.reason is not None
        assert gates.explain(gates.reason(issue.reason), "vi") != gates.explain(gates.reason(issue.reason), "en")
    if issue.model is not None:
        assert issue.quantiles is not None
        assert np.isfinite(issue.quantiles).all()
        assert (issue.quantiles >= 0).all()
        assert (np.diff(issue.quantiles, axis=0) >= 0).all()
    if expected not in (None, "any"):
        assert issue.model == expected


@pytest.mark.parametrize("hours", [0, 1, 50, 8 * DAY])
def test_a_parameter_with_hardly_any_history_never_fails(hours: int) -> None:
    panel = town(3)[HOURS - hours :] if hours else np.empty((0, 3))
    bundle = station.fit(panel, START, np.arange(3), low=0)
    for issue in station.issue(panel, START, np.arange(3), bundle):
        assert issue.model != station.MODEL
        assert issue.reason is not None


def test_the_last_value_decays_to_the_usual_value_of_the_hour() -> None:
    window = np.tile(np.arange(24.0), 28)[:, None]
    window[-1] = 33.0  # ten above the usual 23
    path = baseline.damped_persistence(window)[:, 0]
    assert path[11] == pytest.approx(11 + 10 * 0.5)
    assert path[23] == pytest.approx(23 + 10 * 0.25)


def test_logs_are_taken_of_skewed_positive_values_only() -> None:
    skewed = np.exp(np.random.default_rng(2).normal(size=500))
    assert choose(skewed, low=0, high=None).offset is not None
    assert choose(skewed, low=None, high=None).offset is None
    assert choose(np.linspace(5, 9, 500), low=0, high=14).offset is None


def test_pooled_offsets_are_the_quantiles_of_the_residuals() -> None:
    residuals = np.random.default_rng(4).normal(size=(4000, 3))
    offsets = conformal.offsets(residuals, (0.1, 0.5, 0.9), reach=1)
    assert offsets is not None
    np.testing.assert_allclose(offsets[:, 1], (-1.2816, 0.0, 1.2816), atol=0.05)
    assert conformal.offsets(residuals[:5], (0.1, 0.5, 0.9), reach=1) is None


def blown_town(hours: int = 200 * DAY) -> tuple[np.ndarray, drivers.Weather]:
    """Stations whose values fall when the wind rises, and that wind, known 72 hours ahead."""
    random = np.random.default_rng(21)
    wind = np.zeros(hours + HORIZON)
    for hour in range(1, len(wind)):
        wind[hour] = 0.95 * wind[hour - 1] + 0.3 * random.normal()
    day = 0.3 * np.sin(2 * np.pi * np.arange(hours) / DAY)
    values = np.exp(3.3 + (day - 0.5 * wind[:hours])[:, None] + 0.15 * random.normal(size=(hours, 4)))
    table = np.full((len(wind), 1, len(drivers.NAMES)), np.nan)
    table[:, 0, drivers.NAMES.index("wind")] = wind
    return values, drivers.Weather(table, np.zeros(4, dtype=np.int64))


def test_a_weather_forecast_makes_a_forecast_better_and_without_it_nothing_is_made_up() -> None:
    values, weather = blown_town()
    blind = backtest.run(values, START, low=0, high=1000)
    seeing = backtest.run(values, START, low=0, high=1000, weather=weather)
    noisy = drivers.Weather(drivers.noisy(weather.values, 3.0), weather.point)
    misled = backtest.run(values, START, low=0, high=1000, weather=noisy)
    assert blind is not None
    assert seeing is not None
    assert misled is not None
    assert seeing.scores[-1].mae < 0.85 * blind.scores[-1].mae
    assert misled.scores[-1].mae > 0.9 * blind.scores[-1].mae


def test_a_bundle_trained_with_weather_is_kept_names_it_and_is_trained_again_when_it_is_gone(tmp_path: Path) -> None:
    values, weather = blown_town()
    labels = np.arange(4)
    bundle = station.fit(values, START, labels, low=0, weather=weather)
    station.save(bundle, tmp_path / "windy.npz")
    kept = station.load(tmp_path / "windy.npz")
    assert kept is not None
    for one, other in zip(
        station.issue(values, START, labels, bundle, weather=weather),
        station.issue(values, START, labels, kept, weather=weather),
        strict=True,
    ):
        assert one.model == other.model == station.MODEL_WEATHER
        np.testing.assert_allclose(one.quantiles, other.quantiles)
    assert not station.needs_training(kept, weather)
    assert station.needs_training(kept, None)


def test_weather_that_ends_now_still_gives_72_hours() -> None:
    values, weather = blown_town()
    bundle = station.fit(values, START, np.arange(4), low=0, weather=weather)
    short = weather.values.copy()
    short[-HORIZON:] = np.nan
    for issue in station.issue(values, START, np.arange(4), bundle, weather=drivers.Weather(short, weather.point)):
        assert issue.quantiles is not None
        assert np.isfinite(issue.quantiles).all()


def test_input_older_than_three_hours_is_said_to_be_old(values: np.ndarray, bundle: station.Bundle) -> None:
    late = values.copy()
    late[-6:, 0] = np.nan
    late[-6:, 1] = 30.0
    late[-2:, 1] = np.nan
    issues = station.issue(late, START, np.arange(6), bundle)
    assert (issues[0].model, issues[0].reason) == (station.MODEL, "old_input")
    assert (issues[1].model, issues[1].reason) == (station.MODEL, None)


@pytest.mark.parametrize(
    ("model", "simple", "reason"),
    [
        ((0.3, 0.1, 0.3), (0.2, 0.05, 0.2), None),
        ((0.3, -0.1, 0.3), (0.2, 0.05, 0.2), "no_skill"),
        ((0.3, 0.1, 0.3), (0.4, 0.2, 0.3), "no_skill"),  # the baseline is clearly better
        ((-0.3, 0.1, 0.3), (-0.2, 0.05, 0.2), "worse_than_naive"),
        ((0.3, 0.1, -0.2), (0.2, 0.05, -0.1), "worse_than_naive"),
    ],
)
def test_a_model_worse_than_naive_gives_way_or_says_so(
    bundle: station.Bundle,
    model: tuple[float, float, float],
    simple: tuple[float, float, float],
    reason: str | None,
) -> None:
    assert station._without_skill(bundle, station.Verdict(*model), station.Verdict(*simple)) == reason


def test_every_reason_has_a_sentence_in_both_languages() -> None:
    for code, sentence in gates.REASONS.items():
        assert gates.reason(code) == code
        assert gates.explain(code, "vi") == sentence.vi != gates.explain(code, "en") == sentence.en
    assert gates.explain("constant: Giá trị không đổi", "en") == gates.REASONS["constant"].en
    with pytest.raises(KeyError):
        gates.reason("because")
