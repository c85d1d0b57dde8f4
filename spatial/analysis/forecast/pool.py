"""Monthly forecasts of many similar series at once, with intervals and skill pooled over rolling origins."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from spatial.analysis.forecast import QUANTILES, conformal, monthly
from spatial.analysis.forecast.metrics import skill
from spatial.analysis.forecast.monthly import HORIZON, SEASON, Monthly
from spatial.analysis.forecast.transform import Array

ORIGINS = (3, 6, 9, 12)  # months before the end
SAMPLE = 160  # series whose origins are rolled
SKILL_LEAST = 24  # verified months below which a group's skill is not known
MIDDLE = QUANTILES.index(0.5)
# For a pool too small to have a record: normal errors whose mean size is the usual year-on-year change.
USUAL = np.repeat(norm.ppf(QUANTILES)[:, None] * np.sqrt(np.pi / 2.0), HORIZON, axis=1)


@dataclass(frozen=True)
class Pooled:
    """Forecast of one series of a pool: quantiles (5, 12) or a reason; skill of its group over the rolling origins."""

    model: str | None
    reason: str | None
    last: int | None  # row of the last known month
    quantiles: Array | None = None
    skill_persistence: float | None = None
    skill_climatology: float | None = None


@dataclass(frozen=True)
class Archive:
    """Rolled origins: residuals in units of each series' scale, and absolute errors with the group they belong to."""

    residuals: Array  # (forecasts, 12)
    baseline_residuals: Array
    group: NDArray[np.int64]
    own: Array  # relative absolute errors (forecasts, 12)
    baseline: Array
    persistence: Array


def forecast_pool(
    values: Array, groups: NDArray[np.int64], last_month: int, *, thorough: bool, seed: int = 1
) -> list[Pooled]:
    """Forecast (months, series); ``groups`` numbers the indicator of each series, ``last_month`` ends the table."""
    values = monthly.clean(values)
    archive = roll(values, groups, last_month, thorough=thorough, seed=seed)
    offsets = conformal.offsets(archive.residuals, QUANTILES, reach=1)
    simple = conformal.offsets(archive.baseline_residuals, QUANTILES, reach=1)
    offsets = USUAL if offsets is None else offsets
    simple = USUAL if simple is None else simple
    skills = {int(group): _skill(archive, int(group)) for group in np.unique(groups)}
    result = []
    for column in range(values.shape[1]):
        series = values[:, column]
        known = np.nonzero(np.isfinite(series))[0]
        last = int(known[-1]) if len(known) else None
        age = len(series) - 1 - last if last is not None else 0
        item = monthly.forecast(series, last_month, thorough=thorough, last_age=age)
        positive = last is not None and bool(np.nanmin(series) >= 0)
        result.append(_finish(item, last, offsets, simple, skills[int(groups[column])], positive))
    return result


def _finish(
    item: Monthly, last: int | None, offsets: Array, simple: Array,
    skills: tuple[float | None, float | None], positive: bool,
) -> Pooled:  # fmt: skip
    if item.path is None:
        return Pooled(None, item.reason, last)
    persistence, climatology = skills
    if climatology is not None and climatology <= 0 and item.model != monthly.BASELINE:
        item = replace(item, model=monthly.BASELINE, reason="no_skill", path=item.baseline)
        offsets, persistence, climatology = simple, None, 0.0
    if item.scale <= 0:
        table = np.zeros((len(QUANTILES), HORIZON))
    else:
        table = offsets.copy()
        table[MIDDLE] = 0.0
    bands = conformal.monotone(monthly.quantiles(item, table, low=0.0 if positive else None), MIDDLE)
    if not np.isfinite(bands).all():
        return Pooled(None, "not_finite", last)
    return Pooled(item.model, item.reason, last, bands, persistence, climatology)


def roll(values: Array, groups: NDArray[np.int64], last_month: int, *, thorough: bool, seed: int = 1) -> Archive:
    """Forecast again from 3, 6, 9 and 12 months ago for a sample of the series, groups taken in turn."""
    parts: list[tuple[Array, Array, int, Array, Array, Array]] = []
    for column in _sample(groups, seed):
        for back in ORIGINS:
            past, future = values[:-back, column], values[len(values) - back :, column]
            if len(past) < 2 * SEASON or not np.isfinite(past[-3:]).any():
                continue
            item = monthly.forecast(past, (last_month - back - 1) % 12 + 1, thorough=thorough)
            ahead = int(np.argmax(np.isfinite(past[::-1])))  # a path starts after the last known month
            if item.path is None or item.baseline is None or ahead:
                continue
            simple = replace(item, path=item.baseline)
            size = max(float(np.nanmean(np.abs(past[-SEASON:]))), 1e-12)
            truth = np.full(HORIZON, np.nan)
            truth[: len(future)] = future[:HORIZON]
            still = past[-1]
            parts.append(
                (monthly.residuals(truth, item), monthly.residuals(truth, simple), int(groups[column]),
                 np.abs(truth - item.path) / size, np.abs(truth - item.baseline) / size, np.abs(truth - still) / size)
            )  # fmt: skip
    if not parts:
        empty = np.empty((0, HORIZON))
        return Archive(empty, empty, np.empty(0, dtype=np.int64), empty, empty, empty)
    columns = list(zip(*parts, strict=True))
    return Archive(
        np.array(columns[0]), np.array(columns[1]), np.array(columns[2]), np.array(columns[3]), np.array(columns[4]),
        np.array(columns[5]),
    )  # fmt: skip


def _sample(groups: NDArray[np.int64], seed: int) -> list[int]:
    random = np.random.default_rng(seed)
    order = random.permutation(len(groups))
    turn = {int(i): 0 for i in order}
    count: dict[int, int] = {}
    for i in order:
        group = int(groups[i])
        turn[int(i)] = count.get(group, 0)
        count[group] = turn[int(i)] + 1
    return sorted((int(i) for i in order), key=lambda i: turn[i])[:SAMPLE]


def _skill(archive: Archive, group: int) -> tuple[float | None, float | None]:
    rows = archive.group == group
    known = np.isfinite(archive.own[rows])
    if known.sum() < SKILL_LEAST:
        return None, None
    own, simple, still = (
        float(table[rows][known].mean()) for table in (archive.own, archive.baseline, archive.persistence)
    )
    return skill(own, still), skill(own, simple)
