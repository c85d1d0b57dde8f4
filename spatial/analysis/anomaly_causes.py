"""Why a figure is unusual: the signs of a slip in the report, else of something that happened.

Every cause is a hypothesis with evidence, never a correction: nothing is altered by it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from spatial.analysis.anomaly_indicator import MAD, THRESHOLD, Array, Expectation, Flags, Numbers, median

type Kind = Literal["report", "event"]

REPORT_CAUSES = ("sign", "zero", "unit_factor", "digit", "cumulative", "repeated", "parts_differ")
EVENT_CAUSES = ("together", "related", "persists", "sudden")
CAUSES = ("", *REPORT_CAUSES, *EVENT_CAUSES)  # a cause is stored as its place here; 0 = nothing unusual
NUMBER = {cause: number for number, cause in enumerate(CAUSES)}

FACTORS = (-6, -3, -2, -1, 1, 2, 3, 6)  # powers of ten by which units are mixed up
FEW_CASES = 10.0  # expected of a period, below which an outbreak and a total since January look alike
TWICE = 4.0  # robust deviations, for two periods in a row
MATERIAL = 0.03  # smaller departures of an amount are no news, however quiet the series is
TOLERANCE = 0.45  # of the logarithm, for a power of ten ...
TOLERANCE_TEN = 0.25  # ... for a single one, which events come near to, between this ...
SMALL = 0.05  # ... and this
FAR = 2.5  # a digit more or less moves a figure by at least this factor, nearly always
SELDOM = 0.02  # chance of one equal pair beyond which no run of them says anything
CLEAR = 0.0005  # chance below which two equal figures in a row are no coincidence
USUAL_REPEATS = 2  # times beyond which, but for chance, standing still is a habit of the series
PART_GAP = 0.0005  # the sum of the parts is off by this share of the whole ...
PART_SCORE = 5.0  # ... and by so many deviations of what it usually is off
CROWD = 3  # other units that move the same way ...
CROWD_SHARE = 0.3  # ... and which share of all that report
MOVED = 2.0  # robust deviations by which another unit or indicator must have moved


@dataclass(frozen=True)
class Case:
    """One table of figures with what was expected of them; (periods, series), January first."""

    values: Array
    expectation: Expectation
    judged: Flags
    groups: Numbers
    counts: Flags  # (series,)
    steps: int
    adds_up: bool  # over the months of a year
    rate: bool


def find_causes(case: Case) -> NDArray[np.int8]:
    """(periods, series) place of the cause in ``CAUSES``; related indicators and parts are looked at by others."""
    result = np.zeros(case.values.shape, dtype=np.int8)
    outside = unusual(case)
    result[outside] = NUMBER["sudden"]
    _events(case, outside, result)
    _digits(case, outside, result)
    _unit_factors(case, outside, result)
    if case.adds_up:
        _cumulative(case, outside, result)
    _zeros_and_signs(case, outside, result)
    repeated = _repeated(case) & ~np.isin(result, [NUMBER[cause] for cause in REPORT_CAUSES])
    result[repeated] = NUMBER["repeated"]
    return result


def unusual(case: Case) -> Flags:
    """Own figures outside their band by enough to matter."""
    found = case.expectation
    with np.errstate(invalid="ignore"):
        outside = case.judged & (np.abs(found.score) > THRESHOLD)
        for sign in (-1, 1):  # two in a row are as good as one that is farther away
            twice = case.judged & (sign * found.score > TWICE)
            pair = twice[1:] & twice[:-1]
            outside[1:] |= pair
            outside[:-1] |= pair
        if not case.rate:
            outside &= np.abs(case.values - found.expected) > MATERIAL * np.abs(found.expected)
    return outside


def kind_of(cause: str) -> Kind:
    """``report``: somebody should look at the figure; ``event``: at what happened."""
    return "report" if cause in REPORT_CAUSES else "event"


def _events(case: Case, outside: Flags, result: NDArray[np.int8]) -> None:
    score = np.where(np.isfinite(case.expectation.score), case.expectation.score, 0.0)
    for sign in (-1, 1):
        moved = sign * score > MOVED
        same = np.zeros_like(moved)
        same[1:] |= sign * score[:-1] > THRESHOLD / 2
        same[:-1] |= sign * score[1:] > THRESHOLD / 2
        result[outside & (sign * score > 0) & same] = NUMBER["persists"]
        for group in np.unique(case.groups):
            mine = case.groups == group
            known = (case.judged[:, mine] & np.isfinite(case.expectation.score[:, mine])).sum(axis=1, keepdims=True)
            others = moved[:, mine].sum(axis=1, keepdims=True) - moved[:, mine]
            crowd = (others >= CROWD) & (others >= CROWD_SHARE * known)
            part = result[:, mine]
            part[outside[:, mine] & (sign * score[:, mine] > 0) & crowd] = NUMBER["together"]
            result[:, mine] = part


def _log_ratio(case: Case) -> tuple[Array, Array]:
    """Logarithm of figure over expected, and its usual size."""
    found = case.expectation
    with np.errstate(invalid="ignore", divide="ignore"):
        both = (case.values > 0) & (found.expected > 0)
        ratio = np.where(both, np.log(np.where(both, case.values / found.expected, 1.0)), np.nan)
        size = found.deviation / found.expected if case.rate else found.deviation
    return ratio, size


def _unit_factors(case: Case, outside: Flags, result: NDArray[np.int8]) -> None:
    ratio, size = _log_ratio(case)
    for power in FACTORS:
        tolerance = np.clip(2.5 * size, SMALL, TOLERANCE_TEN) if abs(power) == 1 else TOLERANCE
        hit = outside & (np.abs(ratio - power * np.log(10.0)) < tolerance)
        if abs(power) == 1:
            result[hit & case.counts] = NUMBER["digit"]
            result[hit & ~case.counts] = NUMBER["unit_factor"]
        else:
            result[hit] = NUMBER["unit_factor"]


def _digits(case: Case, outside: Flags, result: NDArray[np.int8]) -> None:
    """A count that would be as expected with one digit more or less."""
    found = case.expectation
    for row, column in zip(*np.nonzero(outside & case.counts), strict=True):
        value, expected = case.values[row, column], found.expected[row, column]
        if value <= 0 or value != round(value) or expected < 100 or 1 / FAR < value / expected < FAR:
            continue
        near = min(2 * found.deviation[row, column], 0.12)
        text = str(int(value))
        if _fits(_with_digit(text) if value < expected else _without_digit(text), expected, near):
            result[row, column] = NUMBER["digit"]


def _fits(candidates: Sequence[int], expected: float, near: float) -> bool:
    return any(value > 0 and abs(np.log(value / expected)) < near for value in candidates)


def _with_digit(text: str) -> list[int]:
    return [int(text[:place] + digit + text[place:]) for place in range(len(text) + 1) for digit in "0123456789"]


def _without_digit(text: str) -> list[int]:
    return [int(text[:place] + text[place + 1 :] or "0") for place in range(len(text))]


def _cumulative(case: Case, outside: Flags, result: NDArray[np.int8]) -> None:
    """The figure is the total since January: what was expected on top of the months before."""
    found, running = case.expectation, np.zeros(case.values.shape[1])
    expected = np.where(np.isfinite(found.expected), found.expected, 0.0)
    for row in range(len(case.values)):
        phase = row % case.steps
        value, plain = (
            case.values[row],
            np.where(outside[row] | ~np.isfinite(case.values[row]), expected[row], case.values[row]),
        )
        if phase == 0:
            running = plain
            continue
        target = running + expected[row]
        with np.errstate(invalid="ignore", divide="ignore"):
            near = np.minimum(3 * np.where(np.isfinite(found.deviation[row]), found.deviation[row], 0) * expected[row],
                              0.1 * target)  # fmt: skip
            miss = np.abs(value - target)
            hit = outside[row] & (found.score[row] > 0) & (miss < near + 1e-3 * target) & (running > 0)
            hit &= ~case.counts | (expected[row] >= FEW_CASES)
            tenfold = np.abs(value - 10 * expected[row])
        taken = (result[row] == NUMBER["unit_factor"]) | (result[row] == NUMBER["digit"])
        hit &= ~taken | (miss < tenfold)
        result[row, hit] = NUMBER["cumulative"]
        running = np.where(hit, value, running + plain)


def _zeros_and_signs(case: Case, outside: Flags, result: NDArray[np.int8]) -> None:
    found = case.expectation
    with np.errstate(invalid="ignore"):
        zero = outside & (case.values == 0) & (found.expected > np.where(case.counts, 10.0, 0.0))
        inside = (-case.values >= found.low) & (-case.values <= found.high)
        usually = median(case.values) > 0
        result[zero] = NUMBER["zero"]
        result[outside & (case.values < 0) & inside & usually] = NUMBER["sign"]


def _repeated(case: Case) -> Flags:
    """The same figure as the period before (or a year ago) to the last decimal, where that cannot be chance."""
    result = np.zeros(case.values.shape, dtype=bool)
    step = resolution(np.where(case.judged, case.values, np.nan))
    for lag in (1, case.steps):
        if len(case.values) <= lag + 4:
            continue
        change = case.values[lag:] - case.values[:-lag]
        both = case.judged[lag:] & case.judged[:-lag] & np.isfinite(change)
        usual = MAD * median(np.where(both, np.abs(change), np.nan))
        with np.errstate(invalid="ignore", divide="ignore"):
            chance = step / (np.sqrt(2 * np.pi) * usual)
        equal = both & (change == 0) & (case.values[lag:] != 0)
        runs = _run_lengths(equal)
        starts = (equal & (runs == 1)).sum(axis=0)  # a run counts once
        seldom = starts <= USUAL_REPEATS + 2 * np.where(np.isfinite(chance), chance, 0.0) * both.sum(axis=0)
        with np.errstate(invalid="ignore", over="ignore"):
            clear = (chance < SELDOM) & (np.minimum(chance, 1.0) ** _longest(runs) < CLEAR)
        result[lag:] |= equal & seldom & clear
    return result


def _run_lengths(equal: Flags) -> Numbers:
    """How many in a row are true, up to and including each row."""
    result = np.zeros(equal.shape, dtype=np.int64)
    for row in range(len(equal)):
        result[row] = np.where(equal[row], 1 + (result[row - 1] if row else 0), 0)
    return result


def _longest(runs: Numbers) -> Numbers:
    """Length of the whole run each row belongs to."""
    result = runs.copy()
    for row in range(len(runs) - 2, -1, -1):
        result[row] = np.where((runs[row] > 0) & (runs[row + 1] > 0), result[row + 1], runs[row])
    return result


def resolution(values: Array) -> Array:
    """(series,) step of the figures as printed: 1, 0.1, 0.01 ..., down to a millionth; that of nine in ten of them."""
    step = np.full(values.shape[1], 1e-6)
    left = np.ones(values.shape[1], dtype=bool)
    known = np.isfinite(values)
    for decimals in range(6):
        scaled = np.where(known, values, 0.0) * 10.0**decimals
        whole = known & (np.abs(scaled - np.round(scaled)) < 1e-6 * np.maximum(np.abs(scaled), 1.0))
        fits = whole.sum(axis=0) >= 0.9 * known.sum(axis=0)
        step[left & fits] = 10.0**-decimals
        left &= ~fits
    return step


def parts_differ(whole: Array, parts: Array) -> tuple[Flags, Array]:
    """Periods in which a whole is not the sum of its parts as it usually is, and what the sum should have been.

    :param whole: (periods,) figure of the unit.
    :param parts: (periods,) sum of the figures its parts reported; NaN where one of them did not.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where((whole > 0) & (parts > 0), np.log(parts / whole), np.nan)
    known = np.isfinite(ratio)
    if known.sum() < 4:
        return np.zeros(len(whole), dtype=bool), np.full(len(whole), np.nan)
    middle = float(np.median(ratio[known]))
    usual = MAD * float(np.median(np.abs(ratio[known] - middle)))
    apart = np.abs(ratio - middle)
    return known & (apart > max(PART_SCORE * usual, PART_GAP)), whole * np.exp(middle)


def related_moves(
    causes: NDArray[np.int8], score: Array, lookup: Callable[[int, int], Sequence[tuple[float, int]]]
) -> None:
    """Give «sudden» and «persists» the cause «related» where a related indicator of the unit moved as it usually does.

    :param lookup: scores of related indicators of a cell (row, series) in its period, with the usual sign.
    """
    plain = np.isin(causes, [NUMBER["sudden"], NUMBER["persists"]])
    for row, column in zip(*np.nonzero(plain), strict=True):
        own = np.sign(score[row, column])
        if any(np.isfinite(other) and other * sign * own > MOVED for other, sign in lookup(int(row), int(column))):
            causes[row, column] = NUMBER["related"]
