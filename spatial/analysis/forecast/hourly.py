"""The pooled 72-hour model of one parameter: a ridge per hour ahead, and small boosted trees for what it leaves over.

Both work on the anomaly against the 28-day hour-of-day climatology in units of the station's spread (see
:mod:`panel`), are trained on all stations together, and cost next to nothing to apply. The trees see the residuals of
the ridge and are few and shallow: stations of one town share one weather, so hours are many but independent situations
are not. Deeper trees, and trees in the place of the ridge, were worse on every city tried. The same thought sets the
ridge penalty and gives the trees less weight while station-days are few. With a weather forecast the trees are more.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import lightgbm
import numpy as np
from numpy.typing import NDArray

from spatial.analysis.forecast import drivers
from spatial.analysis.forecast.panel import Panel, climatology, features
from spatial.analysis.forecast.transform import Array
from spatial.analysis.forecast.windows import DAY, HORIZON, Index

RIDGE_PENALTY = 1_000.0
RIDGE_ROWS = 4_000  # per horizon
TREE_ROWS = 40_000
TREES, LEAVES = 30, 4
WEATHER_TREES, WEATHER_LEAVES, WEATHER_LEAF_ROWS = 100, 4, 2_000
TREES_TRUSTED_AT = 1_000.0  # station-days at which the trees have half of their weight; all of it with weather
LEAST_TOLD = 500  # origins with known weather below which the trees do not use it
CLIP = 6.0  # targets beyond this many spreads carry no more weight
SHORT_TRAINING_DAYS = 400  # below it the season of the year is not a feature: there is nothing to learn it from
# What does not carry over to another year or town is left to the trees.
NOT_LINEAR = ("spread", "weekend", "trend_level", "year_sin", "year_cos", "network_", "weather_")

TREE_PARAMETERS: dict[str, object] = {
    "objective": "regression_l1",
    "learning_rate": 0.04,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 63,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "seed": 1,
    "verbosity": -1,
}


@dataclass(frozen=True)
class HourlyModel:
    """A trained model; plain arrays and LightGBM text, so that it can be kept without pickle."""

    names: tuple[str, ...]  # of all features it was trained on
    linear: NDArray[np.int64]  # features of the ridge
    centre: Array  # of those
    scale: Array
    ridge: Array  # (horizon, 1 + linear features)
    boosted: NDArray[np.int64]  # features of the trees, the horizon comes last
    trees: str
    tree_weight: float
    trees_need_weather: bool  # they saw no hour without it
    trained_until: int  # hours since 1970 of the last target seen
    rows: int
    _booster: list[lightgbm.Booster] = field(default_factory=list, repr=False, compare=False)

    def booster(self) -> lightgbm.Booster:
        if not self._booster:
            self._booster.append(lightgbm.Booster(model_str=self.trees))
        return self._booster[0]


def truth(panel: Panel, origins: Index, stations: Index, horizons: Index) -> Array:
    """Known values on the model scale at the targets, NaN where unknown or after the end."""
    rows = origins + horizons
    inside = rows < len(panel.z)
    return np.where(inside, panel.z[np.minimum(rows, len(panel.z) - 1), stations], np.nan)


def _targets(panel: Panel, origins: Index, stations: Index, horizons: Index) -> Array:
    base = climatology(panel, origins, stations, horizons)
    return np.clip(
        (truth(panel, origins, stations, horizons) - base) / panel.spread[origins, stations], -CLIP, CLIP
    )  # fmt: skip


def usable_pairs(panel: Panel, first: int, last: int, *, every: int) -> tuple[Index, Index]:
    """(origin, station) pairs with enough history between two rows, ``last`` excluded, every so many hours."""
    rows = np.arange(max(first, 0), min(last, len(panel.z)), every)
    origin, station = np.nonzero(panel.usable[rows])
    return rows[origin].astype(np.int64), station.astype(np.int64)


def train(
    panel: Panel, *, until: int, seed: int = 1, tree_rows: int = TREE_ROWS, ridge_rows: int = RIDGE_ROWS
) -> HourlyModel | None:
    """Train on origins whose 72 hours lie before row ``until``; None when there is too little to learn from."""
    random = np.random.default_rng(seed)
    origins, stations = usable_pairs(panel, 0, until - HORIZON, every=1)
    if len(origins) < 500:
        return None
    short = until - int(origins.min()) < SHORT_TRAINING_DAYS * DAY
    linear = np.array([i for i, name in enumerate(panel.names) if not name.startswith(NOT_LINEAR)])
    boosted = np.array([i for i, name in enumerate(panel.names) if not (short and name.startswith("year_"))])

    told = None if panel.drivers is None else np.nonzero(drivers.known(panel.drivers, origins, stations))[0]
    told = told if told is not None and len(told) >= LEAST_TOLD else None
    pick = _rows_of_ridge(random, len(origins), told, ridge_rows)
    ridge, centre, scale = _fit_ridge(panel, origins[pick], stations[pick], linear)
    pick = random.integers(0, len(origins), size=min(tree_rows, len(origins) * HORIZON))
    pick = pick if told is None else told[random.integers(0, len(told), size=len(pick))]
    horizons = random.integers(1, HORIZON + 1, size=len(pick))
    x = features(panel, origins[pick], stations[pick], horizons)
    design = _design(x[:, linear], centre, scale)
    left = _targets(panel, origins[pick], stations[pick], horizons) - (design * ridge[horizons - 1]).sum(axis=1)
    trees = _fit_trees(np.column_stack([x[:, boosted], horizons]), left, weather=told is not None)
    days = len(origins) / DAY
    weight = 1.0 if told is not None else days / (days + TREES_TRUSTED_AT)
    return HourlyModel(
        panel.names, linear, centre, scale, ridge, boosted, trees, weight, told is not None,
        panel.start_hour + until, len(pick),
    )  # fmt: skip


def _rows_of_ridge(
    random: np.random.Generator, count: int, told: NDArray[np.int64] | None, rows: int
) -> NDArray[np.int64]:
    """Rows the ridge learns from; half of them have a weather forecast when there is any."""
    pick = random.choice(count, size=min(count, rows), replace=False)
    if told is None:
        return pick
    return np.union1d(pick, random.choice(told, size=min(len(told), rows), replace=False))


def _fit_ridge(panel: Panel, origins: Index, stations: Index, columns: Index) -> tuple[Array, Array, Array]:
    middle = features(panel, origins, stations, np.full(len(origins), HORIZON // 2))[:, columns]
    known = np.isfinite(middle)
    count = np.maximum(known.sum(axis=0), 1)
    centre = np.where(known, middle, 0.0).sum(axis=0) / count
    scale = np.sqrt((np.where(known, middle - centre, 0.0) ** 2).sum(axis=0) / count)
    scale = np.where(scale > 1e-9, scale, 1.0)
    weights = np.zeros((HORIZON, len(columns) + 1))
    for horizon in range(1, HORIZON + 1):
        steps = np.full(len(origins), horizon)
        target = _targets(panel, origins, stations, steps)
        have = np.isfinite(target)
        if have.sum() < 100:
            continue
        x = _design(features(panel, origins[have], stations[have], steps[have])[:, columns], centre, scale)
        penalty = np.full(x.shape[1], RIDGE_PENALTY)
        penalty[0] = 1e-6
        weights[horizon - 1] = np.linalg.solve(x.T @ x + np.diag(penalty), x.T @ target[have])
    return weights, centre, scale


def _design(x: Array, centre: Array, scale: Array) -> Array:
    """Standardised features with a leading one; unknown ones sit at the mean."""
    normal = np.nan_to_num(np.clip((x - centre) / scale, -CLIP, CLIP))
    return np.column_stack([np.ones(len(x)), normal])


def _fit_trees(x: Array, target: Array, *, weather: bool) -> str:
    have = np.isfinite(target)
    rows = x[have].astype(np.float32)
    parameters = TREE_PARAMETERS | {
        "num_leaves": WEATHER_LEAVES if weather else LEAVES,
        "min_data_in_leaf": WEATHER_LEAF_ROWS if weather else 1_500,
    }
    data = lightgbm.Dataset(rows, target[have], params=dict(parameters))
    rounds = WEATHER_TREES if weather else TREES
    return str(lightgbm.train(dict(parameters), data, num_boost_round=rounds).model_to_string())


def predict(model: HourlyModel, panel: Panel, origins: Index, stations: Index, *, chunk: int = 2_000) -> Array:
    """Median forecasts on the model scale, (pairs, 72)."""
    parts = [
        _predict(model, panel, origins[first : first + chunk], stations[first : first + chunk])
        for first in range(0, len(origins), chunk)
    ]
    return np.concatenate(parts) if parts else np.empty((0, HORIZON))


def _predict(model: HourlyModel, panel: Panel, origins: Index, stations: Index) -> Array:
    pairs = len(origins)
    origin, station = np.repeat(origins, HORIZON), np.repeat(stations, HORIZON)
    horizons = np.tile(np.arange(1, HORIZON + 1), pairs)
    x = features(panel, origin, station, horizons)
    design = _design(x[:, model.linear], model.centre, model.scale).reshape(pairs, HORIZON, -1)
    linear = np.einsum("phf,hf->ph", design, model.ridge)
    rows = np.column_stack([x[:, model.boosted], horizons])
    boosted = np.asarray(model.booster().predict(rows, num_threads=1)).reshape(pairs, HORIZON)
    if model.trees_need_weather and panel.drivers is not None:
        boosted = np.where(drivers.known(panel.drivers, origins, stations)[:, None], boosted, 0.0)
    base = climatology(panel, origin, station, horizons).reshape(pairs, HORIZON)
    return base + panel.spread[origins, stations][:, None] * (linear + model.tree_weight * boosted)
