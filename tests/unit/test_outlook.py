"""Where a year will end: every way of adding up, no look into the future, honest intervals and chances."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from spatial.analysis.outlook import METHODS, NAIVE, How, cumulated, project, year_value
from spatial.analysis.outlook_record import choose, make_record, past_starts
from spatial.analysis.outlook_words import MODELS, REASONS, skill_words
from spatial.analysis.outlook_year import COMPLETE, Table, YearEnd, quantile_of, roughness, year_ends

YEARS, SERIES = 6, 120
SEASON = 1 + 0.3 * np.sin(2 * np.pi * np.arange(12) / 12)
KINDS: tuple[How, ...] = ("sum", "last", "weighted_mean")


def figures(how: How, seed: int = 3, years: int = YEARS, noise: float = 0.05) -> np.ndarray:
    """(months, series) with a season, growth, a shared course and noise."""
    random = np.random.default_rng(seed)
    months = np.arange(years * 12)
    season = np.tile(SEASON, years)[:, None] if how != "last" else np.ones((years * 12, 1))
    shared = np.cumsum(random.normal(size=(len(months), 1)), axis=0) * 0.01
    values = 100 * np.exp(0.006 * months[:, None] + shared + noise * random.normal(size=(len(months), SERIES))) * season
    return 40 + values / 20 if how == "weighted_mean" else values


def table(how: How = "sum", known: int = 6, **changes: object) -> Table:
    values = figures(how)
    values[(YEARS - 1) * 12 + known :] = np.nan
    usual = Table(
        values, (YEARS - 1) * 12, 12, how, np.arange(SERIES) % 4, np.arange(SERIES) % 2,
        low=np.zeros(SERIES), high=np.full(SERIES, np.inf), plans=np.full(SERIES, np.nan),
        aim=np.ones(SERIES, dtype=int), counts=np.zeros(SERIES, dtype=bool), widened=np.zeros(SERIES, dtype=bool),
        roughness=np.ones(SERIES),
    )  # fmt: skip
    return replace(usual, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("how", KINDS)
@pytest.mark.parametrize("known", [1, 3, 9, 11])
def test_what_happens_after_the_known_months_changes_no_projection(how: How, known: int) -> None:
    values = figures(how)
    start = (YEARS - 1) * 12
    groups = np.arange(SERIES) % 4
    before = project(values, start, known, how=how, groups=groups)
    values[start + known :] = 1e9
    assert np.array_equal(project(values, start, known, how=how, groups=groups), before)


@pytest.mark.parametrize("how", KINDS)
def test_a_course_that_repeats_with_growth_is_projected_exactly(how: How) -> None:
    years = np.repeat(1.1 ** np.arange(4), 12)[:, None]
    values = 50 * years * np.tile(SEASON, 4)[:, None] if how != "weighted_mean" else 50 + np.tile(SEASON, 4)[:, None]
    found = project(values, 36, 5, how=how, groups=np.zeros(1, dtype=int))
    truth = year_value(values, 36, 12, how)
    assert found[[NAIVE, METHODS.index("share")], 0] == pytest.approx(truth[0], rel=1e-9)


def test_the_year_is_the_sum_the_last_figure_or_the_mean_and_nothing_with_a_hole() -> None:
    year = np.array([[1.0, 1.0], [2.0, np.nan], [6.0, 6.0]])
    assert cumulated(year, "sum")[0] == 9
    assert cumulated(year, "last")[0] == 6
    assert cumulated(year, "weighted_mean")[0] == 3
    assert all(np.isnan(cumulated(year, how)[1]) for how in KINDS)


@pytest.mark.parametrize("how", KINDS)
def test_quantiles_are_in_order_and_an_amount_never_ends_below_what_is_there(how: How) -> None:
    ends = year_ends(table(how))
    assert (ends.q10 <= ends.q50).all()
    assert (ends.q50 <= ends.q90).all()
    if how == "sum":
        assert (ends.q10 >= ends.actual).all()


def test_a_month_more_makes_the_range_narrower() -> None:
    width = [
        float(np.mean((ends.q90 - ends.q10) / ends.q50)) for ends in (year_ends(table(known=k)) for k in (3, 6, 11))
    ]
    assert width[0] > width[1] > width[2]


def test_four_in_five_truths_lie_in_the_range() -> None:
    inside = []
    for seed in range(6):
        values = figures("sum", seed=seed)
        start = (YEARS - 1) * 12
        truth = year_value(values, start, 12, "sum")
        values[start + 6 :] = np.nan
        ends = year_ends(table(values=values))
        inside.append(np.mean((truth >= ends.q10) & (truth <= ends.q90)))
    assert 0.7 <= np.mean(inside) <= 0.95


def test_the_choice_beats_last_years_months_times_growth_on_noisy_series() -> None:
    same = np.zeros(SERIES, dtype=int)
    record = make_record(
        figures("sum", noise=0.2),
        3,
        how="sum",
        groups=same,
        families=same,
        offset=np.full(SERIES, 0.1),
        rows=YEARS * 12,
    )
    assert np.nanmean(record.chosen_errors) < np.nanmean(record.errors[:, NAIVE])


def test_the_method_that_was_always_right_is_chosen() -> None:
    errors = np.full((5, len(METHODS), SERIES), 0.2)
    errors[:, METHODS.index("half")] = 0.01
    assert (
        choose(errors, np.zeros(SERIES, dtype=int), np.zeros(SERIES, dtype=int), "sum") == METHODS.index("half")
    ).all()


def test_skill_is_said_when_it_is_negative_and_a_hopeless_choice_becomes_the_naive_one() -> None:
    values = figures("sum")
    ends = year_ends(table(values=np.where(np.arange(len(values))[:, None] < (YEARS - 1) * 12 + 6, values, np.nan)))
    assert np.isfinite(ends.skill).all()
    assert skill_words(-0.12, "vi") == "sai số lớn hơn cách tính đơn giản 12%"
    assert skill_words(0.3, "en") == "errors 30% smaller than of the simple projection"


class TestChance:
    def test_rises_with_the_projection_and_is_never_certain_before_the_end(self) -> None:
        middle = year_ends(table()).q50
        chances = [year_ends(table(plans=middle * factor)).chance for factor in (0.7, 0.98, 1.0, 1.02, 1.4)]
        for higher, lower in pairwise(chances):
            assert (higher >= lower).all()
        assert chances[2] == pytest.approx(0.5, abs=0.02)
        assert chances[4].min() == 0.01
        assert chances[0].max() <= 0.99

    def test_is_one_when_the_plan_is_passed_already(self) -> None:
        ends = year_ends(table())
        assert (year_ends(table(plans=ends.actual * 0.9)).chance == 1.0).all()

    def test_turns_round_where_less_is_better(self) -> None:
        plans = year_ends(table()).q50 * 1.02
        more = year_ends(table(plans=plans)).chance
        less = year_ends(table(plans=plans, aim=-np.ones(SERIES, dtype=int))).chance
        assert more + less == pytest.approx(np.ones(SERIES))

    def test_is_not_given_without_a_plan_or_a_direction(self) -> None:
        assert np.isnan(year_ends(table()).chance).all()
        neutral = table(plans=year_ends(table()).q50, aim=np.zeros(SERIES, dtype=int))
        assert np.isnan(year_ends(neutral).chance).all()

    def test_of_a_finished_year_is_zero_or_one(self) -> None:
        values = figures("sum")
        whole = year_value(values, (YEARS - 1) * 12, 12, "sum")
        plans = np.where(np.arange(SERIES) % 2 == 0, whole, whole * 1.001)
        ends = year_ends(table(values=values, plans=plans))
        assert set(ends.model) == {COMPLETE}
        assert (ends.chance == (np.arange(SERIES) % 2 == 0)).all()
        assert np.array_equal(ends.q10, ends.q90)


class TestReasons:
    def one(self, values: np.ndarray, **changes: object) -> YearEnd:
        return year_ends(table(values=values, **changes))

    def test_a_missing_month_leaves_no_projection(self) -> None:
        values = table().values.copy()
        values[(YEARS - 1) * 12 + 2, 0] = np.nan
        ends = self.one(values)
        assert ends.reason[0] == "period_missing"
        assert np.isnan(ends.q50[0])
        assert ends.reason[1] is None

    def test_a_series_without_last_year_has_none(self) -> None:
        values = table().values.copy()
        values[: (YEARS - 1) * 12 - 3, 0] = np.nan
        assert self.one(values).reason[0] == "no_last_year"

    def test_a_year_without_figures_has_none(self) -> None:
        values = table().values.copy()
        values[(YEARS - 1) * 12 :, 0] = np.nan
        assert self.one(values).reason[0] == "no_figure_this_year"

    def test_estimates_from_before_the_reform_are_marked_and_widen_the_range(self) -> None:
        marked = table(widened=np.ones(SERIES, dtype=bool), roughness=np.full(SERIES, 2.0))
        plain, wide = year_ends(table()), year_ends(marked)
        assert set(wide.reason) == {"estimated_history"}
        assert (wide.q90 - wide.q10 > 1.5 * (plain.q90 - plain.q10)).all()

    def test_every_reason_and_method_has_words(self) -> None:
        assert {*METHODS, COMPLETE} == set(MODELS)
        assert {"period_missing", "no_last_year", "no_figure_this_year", "estimated_history"} <= set(REASONS)


@pytest.mark.parametrize(
    "odd",
    [np.zeros, lambda shape: np.full(shape, 7.0), lambda shape: np.full(shape, np.nan),
     lambda shape: -np.arange(np.prod(shape), dtype=float).reshape(shape),
     lambda shape: np.where(np.arange(np.prod(shape)).reshape(shape) % 7 == 0, 5.0, 0.0),
     lambda shape: np.full(shape, 1e14)],
    ids=["zeros", "constant", "nothing", "negative", "mostly zero", "huge"],
)  # fmt: skip
@pytest.mark.parametrize("how", KINDS)
def test_odd_series_give_finite_numbers_or_a_reason(how: How, odd: object) -> None:
    values = odd((YEARS * 12, SERIES))  # type: ignore[operator]
    values[(YEARS - 1) * 12 + 6 :] = np.nan
    ends = year_ends(table(how, values=values, low=np.full(SERIES, -np.inf)))
    for model, reason, low, high in zip(ends.model, ends.reason, ends.q10, ends.q90, strict=True):
        if model is None:
            assert reason in REASONS
        else:
            assert np.isfinite([low, high]).all()


def test_short_histories_try_years_that_begin_in_other_months() -> None:
    assert past_starts(0, 60, 12) == (12, 24, 36, 48)
    assert past_starts(10, 36, 12) == (24,)
    assert past_starts(4, 36, 12) == (18, 21, 24)


def test_quarters_are_projected_as_months_are() -> None:
    quarters = figures("sum").reshape(YEARS * 4, 3, SERIES).sum(axis=1)
    truth = year_value(quarters, (YEARS - 1) * 4, 4, "sum")
    quarters[(YEARS - 1) * 4 + 2 :] = np.nan
    ends = year_ends(table(values=quarters, start=(YEARS - 1) * 4, steps=4))
    assert np.mean(np.abs(ends.q50 / truth - 1)) < 0.05


def test_own_figures_rougher_than_estimates_are_noticed() -> None:
    values = figures("sum", noise=0.02)
    estimated = np.zeros(values.shape, dtype=bool)
    estimated[:48] = True
    values[48:] *= np.exp(0.06 * np.random.default_rng(1).normal(size=values[48:].shape))
    factor = roughness(values, estimated, np.zeros(SERIES, dtype=int))
    assert 2 < factor[0] <= 3


def test_a_conformal_quantile_counts_one_more_error_than_there_are() -> None:
    assert quantile_of(np.arange(1.0, 10.0), 0.8) == 8.0
    assert quantile_of(np.array([1.0, 2.0]), 0.8) == 2.0
