"""Unusual figures: what is expected of them, the signs of a slip in the report, and of something that happened."""

from __future__ import annotations

import numpy as np
import pytest

from spatial.analysis.anomaly_causes import (
    CAUSES,
    EVENT_CAUSES,
    REPORT_CAUSES,
    Case,
    find_causes,
    kind_of,
    parts_differ,
    resolution,
    unusual,
)
from spatial.analysis.anomaly_indicator import THRESHOLD, expect, median
from spatial.analysis.outlook_words import CAUSES as WORDS
from spatial.analysis.outlook_words import KINDS, cause_words
from spatial.analysis.tet import tet_in_january

MONTHS, SERIES = 58, 40
FIRST_YEAR = 2022


def figures(seed: int = 2, noise: float = 0.04, *, counts: bool = False) -> np.ndarray:
    """Amounts with a season, growth and a February that is low in the years with Tết in it."""
    random = np.random.default_rng(seed)
    rows = np.arange(MONTHS)
    season = 1 + 0.2 * np.sin(2 * np.pi * rows / 12)
    tet = [0.7 if month % 12 == (0 if tet_in_january(FIRST_YEAR + month // 12) else 1) else 1 for month in rows]
    size = np.exp(random.normal(6, 0.5, SERIES))
    values = size * (season * tet * 1.007**rows)[:, None] * np.exp(noise * random.normal(size=(MONTHS, SERIES)))
    return np.round(values) if counts else np.round(values, 3)


def judge(values: np.ndarray, *, counts: bool = False, rate: bool = False, adds_up: bool = True) -> np.ndarray:
    """Causes as words."""
    groups, judged = np.zeros(SERIES, dtype=int), np.isfinite(values)
    flags = np.full(SERIES, counts)
    found = expect(
        values, rate=rate, groups=groups, families=groups, judged=judged, counts=flags, first_year=FIRST_YEAR
    )
    case = Case(values, found, judged, groups, flags, 12, adds_up=adds_up, rate=rate)
    return np.array(CAUSES)[find_causes(case)]


def test_clean_figures_are_left_alone_in_all_but_a_few_of_a_thousand() -> None:
    wrong = np.mean([np.mean(judge(figures(seed)) != "") for seed in range(5)])
    assert wrong < 0.004


def test_tet_in_january_or_february_is_no_surprise() -> None:
    causes = judge(figures(noise=0.02))
    rows = np.arange(MONTHS) % 12 < 2
    assert (causes[rows] != "").mean() < 0.01


def test_a_february_as_if_tet_were_in_january_is_one() -> None:
    values = figures(noise=0.02)
    values[49, 3] /= 0.7  # February 2026, with Tết on the 17th
    assert judge(values)[49, 3] != ""


@pytest.mark.parametrize("power", [-6, -3, -2, 2, 3, 6])
def test_a_figure_in_another_unit_is_named(power: int) -> None:
    values = figures()
    values[50, 7] *= 10.0**power
    assert judge(values)[50, 7] == "unit_factor"


def test_a_count_that_lost_a_digit_is_named() -> None:
    values = figures(counts=True) + 2000
    text = str(int(values[50, 7]))
    values[50, 7] = float(text[:2] + text[3:])
    assert judge(values, counts=True)[50, 7] == "digit"


def test_the_total_since_january_is_named() -> None:
    values = figures()
    values[53, 7] = values[48:54, 7].sum()
    assert judge(values)[53, 7] == "cumulative"


def test_two_totals_in_a_row_are_both_named() -> None:
    values = figures()
    clean = values.copy()
    values[53, 7], values[54, 7] = clean[48:54, 7].sum(), clean[48:55, 7].sum()
    assert list(judge(values)[53:55, 7]) == ["cumulative", "cumulative"]


def test_a_stock_is_never_taken_for_a_total_since_january() -> None:
    values = figures()
    values[53, 7] = values[48:54, 7].sum()
    assert judge(values, adds_up=False)[53, 7] in EVENT_CAUSES


def test_last_months_figure_again_is_named() -> None:
    values = figures()
    values[50, 7] = values[49, 7]
    assert judge(values)[50, 7] == "repeated"


def test_counts_that_stand_still_for_months_are_named_though_two_equal_ones_are_chance() -> None:
    values = np.round(1500 + 60 * np.random.default_rng(9).normal(size=(MONTHS, SERIES)))
    values[40, 3] = values[39, 3]
    values[50:53, 7] = values[49, 7]
    causes = judge(values, counts=True)
    assert causes[40, 3] != "repeated"
    assert set(causes[50:53, 7]) == {"repeated"}


def test_small_counts_that_happen_to_be_equal_are_not() -> None:
    values = np.random.default_rng(4).poisson(4, (MONTHS, SERIES)).astype(float)
    assert not (judge(values, counts=True) == "repeated").any()


def test_a_wrong_sign_and_a_zero_that_means_nothing_yet_are_named() -> None:
    values = figures()
    values[50, 7] *= -1
    values[51, 9] = 0
    causes = judge(values)
    assert causes[50, 7] == "sign"
    assert causes[51, 9] == "zero"


def test_an_outbreak_of_few_cases_is_seen() -> None:
    values = np.random.default_rng(4).poisson(2.5, (MONTHS, SERIES)).astype(float)
    values[55:57, 7] = 24, 26
    causes = judge(values, counts=True)
    assert set(causes[55:57, 7]) <= set(EVENT_CAUSES)
    assert (causes != "").mean() < 0.004


def test_many_units_moving_at_once_are_an_event() -> None:
    values = figures()
    values[50, :25] *= 1.6
    causes = judge(values)[50, :25]
    assert (causes == "together").mean() > 0.9


def test_a_change_that_lasts_is_an_event_and_a_lone_one_has_no_known_cause() -> None:
    values = figures()
    values[55:58, 7] *= 1.7
    values[50, 9] *= 1.45
    causes = judge(values)
    assert set(causes[55:58, 7]) == {"persists"}
    assert causes[50, 9] == "sudden"


def test_a_rate_is_judged_in_points() -> None:
    rates = 95 + np.random.default_rng(6).normal(size=(MONTHS, SERIES)) * 0.4
    rates[50, 7] -= 4
    rates[50, 8] = 0.95
    causes = judge(rates, rate=True, adds_up=False)
    assert causes[50, 7] in EVENT_CAUSES
    assert causes[50, 8] == "unit_factor"


def test_the_band_holds_what_is_expected_and_its_edge_is_the_threshold() -> None:
    values, groups = figures(), np.zeros(SERIES, dtype=int)
    found = expect(values, rate=False, groups=groups, families=groups, judged=np.isfinite(values),
                   counts=np.zeros(SERIES, dtype=bool), first_year=FIRST_YEAR)  # fmt: skip
    assert (found.low < found.expected).all()
    assert (found.expected < found.high).all()
    inside = (values >= found.low) & (values <= found.high)
    assert np.array_equal(inside, np.abs(found.score) <= THRESHOLD)


def test_only_figures_of_the_unit_itself_are_judged() -> None:
    values, groups = figures(), np.zeros(SERIES, dtype=int)
    values[50, 7] *= 1000
    judged = np.ones(values.shape, dtype=bool)
    judged[50, 7] = False
    flags = np.zeros(SERIES, dtype=bool)
    found = expect(
        values, rate=False, groups=groups, families=groups, judged=judged, counts=flags, first_year=FIRST_YEAR
    )
    assert not unusual(Case(values, found, judged, groups, flags, 12, adds_up=True, rate=False))[50, 7]


@pytest.mark.parametrize("odd", [0.0, 5.0, -3.0, np.nan, 1e14])
def test_odd_tables_are_judged_without_an_error(odd: float) -> None:
    values = np.full((MONTHS, SERIES), odd)
    for counts in (True, False):
        assert judge(values, counts=counts).shape == values.shape


def test_a_whole_that_is_not_the_sum_of_its_parts_as_usual_is_found() -> None:
    parts = np.linspace(100, 130, 16)
    whole = parts * 1.05  # enterprises counted at head office
    assert not parts_differ(whole, parts)[0].any()
    whole[12] *= 1.04
    flagged, should = parts_differ(whole, parts)
    assert list(np.flatnonzero(flagged)) == [12]
    assert should[11] == pytest.approx(parts[11])


def test_the_step_of_printed_figures_is_that_of_nearly_all() -> None:
    values = np.tile(np.array([[1.25, 7.0, 1.5]]), (20, 1))
    values[3, 1] = 0.007
    assert resolution(values) == pytest.approx([0.01, 1.0, 0.1])


def test_the_median_without_the_unknown_is_the_librarys() -> None:
    values = np.random.default_rng(1).normal(size=(9, 30))
    values[values > 0.8] = np.nan
    assert median(values) == pytest.approx(np.nanmedian(values, axis=0))


def test_every_cause_has_a_kind_and_words_in_both_languages() -> None:
    assert set(WORDS) == set(CAUSES[1:])
    assert {kind_of(cause) for cause in REPORT_CAUSES} == {"report"}
    assert set(KINDS) == {"report", "event"}
    said = cause_words("unit_factor", value=5_020_000, expected=5_000, language="vi")
    assert said == "Số liệu có thể sai đơn vị (gấp khoảng 1.000 lần)"
    assert "1,000 times too low" in cause_words("unit_factor", value=5, expected=5_100, language="en")
