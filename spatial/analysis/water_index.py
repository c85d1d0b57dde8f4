"""VN_WQI by Decision 1460/QĐ-TCMT, and the class by QCVN 08:2023. Arrays hold one element per sample; NaN = missing.

Units: mg/L; coliform and E. coli MPN (CFU) per 100 mL; pesticides µg/L; temperature °C. Nutrients as nitrogen and
phosphorus (N-NH4 = NH4 * 0.7765).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layers.index_scales import (
    LEAST_GROUPS,
    LEAST_OF_GROUP_IV,
    OXYGEN_SATURATION,
    OXYGEN_STEPS,
    PH_STEPS,
    QCVN08_CLASSES,
    WATER_GROUPS,
    WATER_LADDERS,
    WORST_Q,
    ClassBound,
    Group,
    Ladder,
    WaterBody,
)
from spatial.analysis.rounding import half_up

type Floats = npt.NDArray[np.float64]
type Bools = npt.NDArray[np.bool_]

WORST_CLASS = 4  # D


@dataclass(frozen=True)
class WaterIndex:
    """VN_WQI of samples; NaN = cannot be given, for one of the reasons."""

    value: Floats  # whole numbers 0..100
    exact: Floats
    parts: Mapping[str, Floats]  # q by parameter, unrounded
    groups: Mapping[Group, Floats]  # scores 10..100
    few_groups: Bools
    group_iv_too_small: Bools


def ladder_q(ladder: Ladder, concentration: Floats | float) -> Floats:
    """q of a falling ladder; at its ends the comparison signs of the Decision decide."""
    value = np.asarray(concentration, dtype=np.float64)
    bounds, scores = zip(*ladder.steps, strict=True)
    q = np.interp(value, bounds, scores)
    best = value <= bounds[0] if ladder.best_holds else value < bounds[0]
    q = np.where(best, 100.0, q)
    if ladder.jump:
        q = np.where(value > bounds[-1], WORST_Q, q)
    return np.asarray(np.where(np.isfinite(value), q, np.nan))


def ph_q(ph: Floats | float) -> Floats:
    """q of pH: 100 from 6 to 8.5, 50 at 5.5 and 9, 10 outside."""
    return _two_sided(PH_STEPS, ph)


def oxygen_saturation(temperature: Floats | float) -> Floats:
    """Oxygen that water at so many °C holds in equilibrium with the air, mg/L."""
    t = np.asarray(temperature, dtype=np.float64)
    return np.asarray(sum(c * t**power for power, c in enumerate(OXYGEN_SATURATION)))


def oxygen_percent(oxygen: Floats | float, temperature: Floats | float) -> Floats:
    """Saturation in percent of dissolved oxygen in mg/L."""
    return np.asarray(np.asarray(oxygen, dtype=np.float64) / oxygen_saturation(temperature) * 100)


def oxygen_q(percent: Floats | float) -> Floats:
    """q of dissolved oxygen in percent of saturation; at exactly 20 and 200 the ladder's 25."""
    return _two_sided(OXYGEN_STEPS, percent)


def _two_sided(steps: tuple[tuple[float, float], ...], values: Floats | float) -> Floats:
    value = np.asarray(values, dtype=np.float64)
    bounds, scores = zip(*steps, strict=True)
    inside = (value >= bounds[0]) & (value <= bounds[-1])
    q = np.where(inside, np.interp(value, bounds, scores), WORST_Q)
    return np.asarray(np.where(np.isfinite(value), q, np.nan))


def sub_indices(values: Mapping[str, Floats]) -> dict[str, Floats]:
    """q by parameter of the Decision. ``do`` is mg/L and needs ``temperature``; a probe's ``do_percent`` needs none."""
    found: dict[str, Floats] = {}
    for name in (name for names in WATER_GROUPS.values() for name in names):
        if name == "ph" and name in values:
            found[name] = ph_q(values[name])
        elif name == "do" and "do_percent" in values:
            found[name] = oxygen_q(values["do_percent"])
        elif name == "do" and "do" in values and "temperature" in values:
            found[name] = oxygen_q(oxygen_percent(values["do"], values["temperature"]))
        elif name in WATER_LADDERS and name in values:
            found[name] = ladder_q(WATER_LADDERS[name], values[name])
    return found


def group_scores(parts: Mapping[str, Floats]) -> dict[Group, Floats]:
    """Score of each group: geometric mean of II and III, mean of IV and V. NaN where it has no parameter."""
    size = len(next(iter(parts.values())))
    scores: dict[Group, Floats] = {}
    for group, names in WATER_GROUPS.items():
        own = [parts[name] for name in names if name in parts]
        if not own:
            scores[group] = np.full(size, np.nan)
            continue
        q = np.stack(own)
        known = np.isfinite(q)
        counts = known.sum(axis=0)
        geometric = group in ("II", "III")
        totals = np.sum(np.log(q) if geometric else q, axis=0, where=known)
        means = np.divide(totals, counts, out=np.full(size, np.nan), where=counts > 0)
        scores[group] = np.exp(means) if geometric else means
    return scores


def wqi(values: Mapping[str, Floats], *, weighted: bool = False) -> WaterIndex:
    """VN_WQI of samples from at least one parameter of the Decision.

    :param weighted: the variant (IV^2 * V)^(1/3) for data with few microbiological values; one source only, off.
    """
    parts = sub_indices(values)
    scores = group_scores(parts)
    present = np.sum([np.isfinite(score) for score in scores.values()], axis=0)
    of_iv = np.sum([np.isfinite(parts[name]) for name in WATER_GROUPS["IV"] if name in parts], axis=0)
    few_groups = present < LEAST_GROUPS
    too_small = ~few_groups & (of_iv < LEAST_OF_GROUP_IV)
    organic, germs = scores["IV"], scores["V"]
    joined = np.cbrt(organic**2 * germs) if weighted else np.sqrt(organic * germs)
    bracket = np.where(np.isfinite(germs), joined, organic)
    factors = [np.where(np.isfinite(scores[group]), scores[group], 100.0) / 100 for group in ("I", "II", "III")]
    exact = np.where(few_groups | too_small, np.nan, np.prod(factors, axis=0) * bracket)
    return WaterIndex(half_up(exact), exact, parts, scores, few_groups, too_small)


def classes(values: Mapping[str, Floats], body: WaterBody = "river") -> dict[str, Floats]:
    """Class by parameter: 1 = A to 4 = D."""
    rules = QCVN08_CLASSES[body]
    found: dict[str, Floats] = {}
    for name, rule in rules.items():
        if name not in values:
            continue
        value = np.asarray(values[name], dtype=np.float64)
        number = np.full(value.shape, float(WORST_CLASS if rule.c is not None else WORST_CLASS - 1))
        for class_number, bound in reversed(list(enumerate(rule.bounds, start=1))):
            number = np.where(_within(bound, value), float(class_number), number)
        found[name] = np.where(np.isfinite(value), number, np.nan)
    return found


def worst_class(parts: Mapping[str, Floats]) -> Floats:
    """Class of the sample: the worst among its parameters; NaN when it has none."""
    worst = np.full(next(iter(parts.values())).shape, np.nan)
    for part in parts.values():
        worst = np.fmax(worst, part)
    return worst


def _within(bound: ClassBound, value: Floats) -> Bools:
    inside = np.isfinite(value)
    if bound.low is not None:
        inside &= value >= bound.low
    if bound.high is not None:
        inside &= value <= bound.high
    return inside
