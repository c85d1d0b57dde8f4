"""Expected reports per day: level, weekday, holiday and time of year, beside the naive methods it has to beat. Pure.

Counts are a matrix of series by consecutive days. A forecast of ``HORIZON`` days is made with what was known on its
origin, so that the past can be forecast as if it were today.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

type Counts = np.ndarray  # series x days

HORIZON = 14
WEEK = 7
YEAR = 364  # whole weeks: the same weekday
HISTORY = 182  # days the weekday's shape is learnt from
HALF_LIFE = 10.0  # days after which a day counts half for the level; measured, see docs/howto/feedback.md
PRIOR = 40.0  # reports' worth of belief in the shape of all series together
LEAST_DAYS = 56
METHODS = ("model", "last_week", "mean_28")


@dataclass(frozen=True)
class Calendar:
    """Weekday (0 Monday) of every day of the counts and of the horizon, and whether it is a holiday."""

    weekday: np.ndarray
    holiday: np.ndarray


def expected(counts: Counts, calendar: Calendar, origin: int, half_life: float = HALF_LIFE) -> np.ndarray:
    """Mean of the model for the days origin + 1 ... origin + HORIZON, series x HORIZON."""
    first = max(0, origin + 1 - HISTORY)
    known, weekday, holiday = counts[:, first : origin + 1], calendar.weekday[first : origin + 1], calendar.holiday
    week = _weekday_factors(known, weekday, holiday[first : origin + 1])
    rest = _holiday_factor(counts[:, : origin + 1], calendar)
    shape = week[:, weekday] * np.where(holiday[first : origin + 1], rest, 1.0)
    weight = 0.5 ** (np.arange(known.shape[1])[::-1] / half_life)
    level = (known * weight).sum(axis=1) / np.maximum((shape * weight).sum(axis=1), 1e-9)
    ahead = slice(origin + 1, origin + 1 + HORIZON)
    factor = np.where(holiday[ahead], rest, 1.0)
    return level[:, None] * week[:, calendar.weekday[ahead]] * factor * _drift(counts, origin)


def _weekday_factors(known: Counts, weekday: np.ndarray, holiday: np.ndarray) -> np.ndarray:
    """Reports of a weekday by those of a mean day, series x 7, drawn to the shape of all series together."""
    usual = ~holiday
    days = np.array([max(1, np.count_nonzero(usual & (weekday == day))) for day in range(WEEK)])
    sums = np.stack([known[:, usual & (weekday == day)].sum(axis=1) for day in range(WEEK)], axis=1)
    pooled = _normed(sums.sum(axis=0) / days)
    total = (sums / days).sum(axis=1, keepdims=True) / WEEK
    per_day = days.sum() / WEEK
    return np.asarray((sums / days * per_day + PRIOR / WEEK * pooled) / (total * per_day + PRIOR / WEEK))


def _normed(values: np.ndarray) -> np.ndarray:
    mean = values.mean()
    return values / mean if mean > 0 else np.ones_like(values)


def _holiday_factor(known: Counts, calendar: Calendar) -> float:
    """Reports of a holiday by those of the same weekday a week before and after, all series together; 1 unknown."""
    total = known.sum(axis=0)
    days = np.flatnonzero(calendar.holiday[: len(total)])
    pairs = [(day, other) for day in days for other in (day - WEEK, day - 2 * WEEK) if other >= 0
             and not calendar.holiday[other]]  # fmt: skip
    if not pairs:
        return 1.0
    own = sum(float(total[day]) for day, _ in pairs)
    usual = sum(float(total[other]) for _, other in pairs)
    return (own + PRIOR) / (usual + PRIOR)


def _drift(counts: Counts, origin: int) -> np.ndarray:
    """How all reports together changed a year ago from the four weeks before this date to the two weeks after it.

    One figure for all series, drawn to 1 by its own noise; 1 without a year of history.
    """
    then = origin - YEAR
    if then - 27 < 0:
        return np.ones(HORIZON)
    total = counts.sum(axis=0)
    before, after = total[then - 27 : then + 1].sum() / 28, total[then + 1 : then + 1 + HORIZON].sum() / HORIZON
    certainty = total[then - 27 : then + 1 + HORIZON].sum()
    ratio = (after + 1e-9) / max(before, 1e-9)
    trust = certainty / (certainty + 400.0)
    course = np.linspace(0.2, 0.8, HORIZON)  # the level is that of some weeks ago: the change comes step by step
    return np.asarray(np.clip(ratio, 0.5, 2.0) ** (trust * course))


def last_week(counts: Counts, origin: int) -> np.ndarray:
    """The same weekday of the last known week, series x HORIZON."""
    week = counts[:, origin + 1 - WEEK : origin + 1]
    return np.tile(week, HORIZON // WEEK + 1)[:, :HORIZON]


def mean_28(counts: Counts, origin: int) -> np.ndarray:
    """The mean of 28 days, series x HORIZON."""
    return np.repeat(counts[:, max(0, origin - 27) : origin + 1].mean(axis=1, keepdims=True), HORIZON, axis=1)


@dataclass(frozen=True)
class Score:
    """What a backtest found: absolute errors by series and method, and the model's share of days inside q10 to q90."""

    mae: dict[str, np.ndarray]
    covered: np.ndarray
    origins: int

    def skill(self) -> np.ndarray:
        """1 - MAE of the model / MAE of the better naive method, by series; NaN where nothing was to be missed."""
        naive = np.minimum(self.mae["last_week"], self.mae["mean_28"])
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(naive > 0, 1 - self.mae["model"] / naive, np.nan)


def backtest(counts: Counts, calendar: Calendar, *, origins: int = 26, half_life: float = HALF_LIFE) -> Score:
    """Forecasts from the last ``origins`` fortnights, each with what was known then, against what came."""
    days = counts.shape[1]
    starts = [days - 1 - HORIZON * (number + 1) for number in range(origins)]
    starts = [origin for origin in starts if origin + 1 >= LEAST_DAYS]
    errors: dict[str, list[np.ndarray]] = {name: [] for name in METHODS}
    inside: list[np.ndarray] = []
    for origin in starts:
        truth = counts[:, origin + 1 : origin + 1 + HORIZON]
        mean = expected(counts, calendar, origin, half_life)
        errors["model"].append(np.abs(truth - mean))
        errors["last_week"].append(np.abs(truth - last_week(counts, origin)))
        errors["mean_28"].append(np.abs(truth - mean_28(counts, origin)))
        low, _, high = quantiles(mean, dispersion(counts, calendar, origin))
        inside.append((truth >= low) & (truth <= high))
    if not starts:
        nothing = np.full(counts.shape[0], np.nan)
        return Score(dict.fromkeys(METHODS, nothing), nothing, 0)
    return Score(
        {name: np.mean(found, axis=(0, 2)) for name, found in errors.items()},
        np.mean(inside, axis=(0, 2)),
        len(starts),
    )


def dispersion(counts: Counts, calendar: Calendar, origin: int, weeks: int = 12) -> np.ndarray:
    """Over-dispersion k of each series: variance = mean + k mean^2, by the errors of a forecast 12 weeks ago.

    Drawn to the value of all series together, which a short series cannot tell for itself.
    """
    start = origin - weeks * WEEK
    if start + 1 < LEAST_DAYS:
        return np.full(counts.shape[0], 0.2)
    means, truths = [], []
    for begin in range(start, origin - HORIZON + 1, HORIZON):
        means.append(expected(counts, calendar, begin))
        truths.append(counts[:, begin + 1 : begin + 1 + HORIZON])
    mean, truth = np.concatenate(means, axis=1), np.concatenate(truths, axis=1)
    excess, square = ((truth - mean) ** 2 - mean).sum(axis=1), (mean**2).sum(axis=1)
    pooled = max(0.0, float(excess.sum() / max(square.sum(), 1e-9)))
    weight = square / (square + np.median(square) + 1e-9)
    own = np.maximum(0.0, excess / np.maximum(square, 1e-9))
    return np.asarray(weight * own + (1 - weight) * pooled)


def quantiles(mean: np.ndarray, k: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """q10, q50, q90 of negative binomial counts of these means (series x days) and over-dispersions."""
    means, size = np.maximum(mean, 1e-6), 1 / np.maximum(k[:, None], 1e-6)
    chance = size / (size + means)
    low, middle, high = (stats.nbinom.ppf(q, size, chance) for q in (0.1, 0.5, 0.9))
    return low, middle, high
