"""72-hour forecasts of all series of one station parameter: train once a day, issue every hour.

Training makes two models: one that ends 120 days before now, whose errors since then (out of sample, 6-hourly origins,
those of the last weeks counting most) give the intervals and each series' skill, and one over all values, which
forecasts.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spatial.analysis.forecast import BUNDLE_VERSION, QUANTILES, baseline, conformal, drivers, hourly, transform
from spatial.analysis.forecast.drivers import Weather
from spatial.analysis.forecast.metrics import mean_absolute_error, skill
from spatial.analysis.forecast.panel import FEATURES, Panel, prepare, widths
from spatial.analysis.forecast.transform import Array, Transform
from spatial.analysis.forecast.windows import DAY, HORIZON, WINDOW, Index

MODEL = "ridge+lightgbm"
BASELINE = "damped_climatology"
MODEL_WEATHER = "ridge+lightgbm+weather"
ARCHIVE_DAYS = 120
HALF_WEIGHT_DAYS = 60  # age at which an error counts half
SKILL_DAYS = 60
ARCHIVE_PAIRS = 2_400  # at least, and so many a series:
PAIRS_EACH = 30
MARGIN = 0.02  # a model this much worse than the baseline against the climatology is within the noise of two months
OLD_HOURS = 3  # input older than this is said to be old
SKILL_ORIGINS = 8  # verified forecasts below which a series' skill is not known
REACH = 3  # hours on either side pooled for an interval
MIDDLE = QUANTILES.index(0.5)
STALE_HOURS = 7 * DAY
ISSUE_ROWS = 2 * WINDOW + 2 * DAY  # what the features reach back to

type Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Verdict:
    """Recent skill of one way to forecast one series: against the last value, the hour's median, yesterday's hour."""

    persistence: float | None
    climatology: float | None
    seasonal: float | None

    @property
    def known(self) -> bool:
        return None not in (self.persistence, self.climatology, self.seasonal)

    @property
    def positive(self) -> bool:
        return min(self.persistence or 0.0, self.climatology or 0.0, self.seasonal or 0.0) > 0

    @property
    def beats_naive(self) -> bool:
        """Against the two forecasts anyone can make without a computer."""
        return min(self.persistence or 0.0, self.seasonal or 0.0) > 0


UNKNOWN = Verdict(None, None, None)


@dataclass(frozen=True)
class Issue:
    """One forecast: quantiles (5, 72) in the parameter's unit, or a reason why there are none."""

    model: str | None
    reason: str | None  # code of gates.REASONS
    input_age: int | None  # hours from the last good value to the origin
    verdict: Verdict = UNKNOWN
    quantiles: Array | None = None


@dataclass(frozen=True)
class Bundle:
    """All that an hourly issue needs of the training of one parameter."""

    scale: Transform
    model: hourly.HourlyModel | None
    model_offsets: Array | None  # (levels, horizons) in spreads
    baseline_offsets: Array | None
    labels: Labels
    model_verdicts: tuple[Verdict, ...]
    baseline_verdicts: tuple[Verdict, ...]
    trained_at: int  # hours since 1970


def fit(
    values: Array,
    start_hour: int,
    labels: Labels,
    *,
    low: float | None = None,
    high: float | None = None,
    weather: Weather | None = None,
    seed: int = 1,
) -> Bundle:
    """Train on (hours, series) of one parameter; NaN and infinite values are missing.

    :param start_hour: hours since 1970-01-01T00 UTC of the first row; the last row is now.
    :param low: physical lower bound, for instance 0; forecasts never pass it.
    """
    values, start_hour, weather = _padded(_clean(values), start_hour, weather)
    scale = transform.choose(values, low=low, high=high)
    panel = prepare(scale.forward(values), start_hour, _drivers(weather.noisy(seed) if weather else None))
    now = len(values)
    starts = np.nonzero(panel.usable.any(axis=1))[0]
    span = now - int(starts[0]) if len(starts) else 0
    since = now - min(ARCHIVE_DAYS * DAY, span // 3)
    origins, stations = _archive(panel, since, seed)
    known = hourly.truth(panel, np.repeat(origins, HORIZON), np.repeat(stations, HORIZON), _horizons(len(origins)))
    known = known.reshape(-1, HORIZON)
    spread = widths(panel, origins, stations)
    windows = baseline.windows(values, origins, stations)
    simple = scale.clip(baseline.damped_persistence(windows).T)
    earlier = hourly.train(panel, until=since, seed=seed) if span else None
    model = hourly.train(panel, until=now, seed=seed) if earlier else None
    errors = _Errors(scale.inverse(known), stations, windows, len(labels), origins >= now - SKILL_DAYS * DAY)
    weights = 0.5 ** ((now - origins) / (HALF_WEIGHT_DAYS * DAY))
    model_offsets, model_verdicts = None, (UNKNOWN,) * len(labels)
    if earlier is not None:
        median = hourly.predict(earlier, panel, origins, stations)
        model_offsets = conformal.offsets((known - median) / spread, QUANTILES, reach=REACH, weights=weights)
        model_verdicts = errors.verdicts(scale.inverse(median))
    simple_residuals = (known - scale.forward(simple)) / spread
    baseline_offsets = conformal.offsets(simple_residuals, QUANTILES, reach=REACH, weights=weights)
    return Bundle(
        scale, model if model_offsets is not None else None, model_offsets, baseline_offsets, labels,
        model_verdicts, errors.verdicts(simple), start_hour + now - 1,
    )  # fmt: skip


def _clean(values: Array) -> Array:
    return np.where(np.isfinite(values) & (np.abs(values) < 1e12), values, np.nan)


def _padded(values: Array, start_hour: int, weather: Weather | None) -> tuple[Array, int, Weather | None]:
    """The panel with unknown hours put before it, so that every window is whole."""
    lack = max(0, ISSUE_ROWS - len(values))
    whole = np.vstack([np.full((lack, values.shape[1]), np.nan), values])
    return whole, start_hour - lack, weather.padded(lack) if weather else None


def _drivers(weather: Weather | None) -> drivers.Drivers | None:
    return drivers.prepare(weather.values, weather.point) if weather else None


def _horizons(pairs: int) -> Index:
    return np.tile(np.arange(1, HORIZON + 1), pairs)


def _archive(panel: Panel, since: int, seed: int) -> tuple[Index, Index]:
    """6-hourly origins since a row, thinned evenly when stations are many."""
    origins, stations = hourly.usable_pairs(panel, since, len(panel.z) - 1, every=6)
    most = max(ARCHIVE_PAIRS, PAIRS_EACH * panel.stations)
    if len(origins) <= most:
        return origins, stations
    pick = np.sort(np.random.default_rng(seed).choice(len(origins), most, replace=False))
    return origins[pick], stations[pick]


class _Errors:
    """Errors of the archive's recent forecasts by series, against the three references."""

    def __init__(self, truth: Array, stations: Index, windows: Array, series: int, recent: NDArray[np.bool_]) -> None:
        self.truth, self.stations, self.series, self.recent = truth, stations, series, recent
        simple = (baseline.persistence, baseline.climatology, baseline.seasonal_naive)
        self.references = tuple(np.abs(truth - method(windows).T) for method in simple)

    def verdicts(self, forecast: Array) -> tuple[Verdict, ...]:
        own = np.abs(self.truth - forecast)
        return tuple(self._verdict(own, self.recent & (self.stations == station)) for station in range(self.series))

    def _verdict(self, own: Array, rows: NDArray[np.bool_]) -> Verdict:
        verified = np.isfinite(own[rows]).sum(axis=1) >= DAY
        if verified.sum() < SKILL_ORIGINS:
            return UNKNOWN
        zero = np.zeros_like(own[rows][verified])
        error, *references = (mean_absolute_error(zero, table[rows][verified]) for table in (own, *self.references))
        return Verdict(*(skill(error, reference) for reference in references))


def needs_training(bundle: Bundle, weather: Weather | None) -> bool:
    """Whether weather has come or gone since the bundle was trained."""
    return bundle.model is not None and (len(bundle.model.names) > len(FEATURES)) != (weather is not None)


def issue(
    values: Array, start_hour: int, labels: Labels, bundle: Bundle, *, weather: Weather | None = None
) -> list[Issue]:
    """Forecasts from the last row, one per series; never raises for bad values and never holds a NaN.

    60 days of values are enough here; more change nothing. ``weather`` must be given when, and only when, the bundle
    was trained with it.
    """
    recent = _clean(values)[-ISSUE_ROWS:]
    weather = weather.last(len(recent)) if weather else None
    values, start_hour, weather = _padded(recent, start_hour + len(values) - len(recent), weather)
    panel = prepare(bundle.scale.forward(values), start_hour, _drivers(weather))
    now, window = len(values) - 1, values[-WINDOW:]
    columns = np.arange(values.shape[1])
    spread = _spread(panel, now)
    last, age = baseline.last_value(values)
    simple = bundle.scale.forward(bundle.scale.clip(baseline.damped_persistence(window)))
    modelled = np.full((HORIZON, len(columns)), np.nan)
    usable = np.nonzero(panel.usable[now])[0]
    if bundle.model is not None and len(usable):
        modelled[:, usable] = hourly.predict(bundle.model, panel, np.full(len(usable), now), usable).T
    position = {int(label): index for index, label in enumerate(bundle.labels)}
    issues = []
    for column in columns:
        at = position.get(int(labels[column]))
        code, shown = _gate(values[:, column], float(age[column]), bool(panel.usable[now, column]))
        verdicts = (UNKNOWN, UNKNOWN) if at is None else (bundle.model_verdicts[at], bundle.baseline_verdicts[at])
        code = code or _without_skill(bundle, *verdicts)
        input_age = int(age[column]) if np.isfinite(last[column]) else None
        if not shown:
            issues.append(Issue(None, code, input_age))
            continue
        issues.append(
            _one(bundle, code, input_age, verdicts, modelled[:, column], simple[:, column], spread[:, column])
        )
    return issues


def _spread(panel: Panel, now: int) -> Array:
    """Widths of each series at the origin, (72, series); a young series borrows the parameter's usual one."""
    columns = np.arange(panel.stations)
    own = widths(panel, np.full(len(columns), now), columns).T
    known = own[np.isfinite(own)]
    if len(known):
        usual = float(np.median(known))
    else:
        recent = panel.z[-WINDOW:]
        usual = float(np.std(recent[np.isfinite(recent)])) if np.isfinite(recent).any() else 1.0
    return np.where(np.isfinite(own), own, max(usual, 1e-6))


def _gate(values: Array, age: float, usable: bool) -> tuple[str | None, bool]:
    """Reason of a series that the model may not forecast, and whether the baseline may."""
    known = np.nonzero(np.isfinite(values))[0]
    if not len(known):
        return "empty", False
    if age >= STALE_HOURS:
        return "stale", False
    recent = values[-WINDOW:][np.isfinite(values[-WINDOW:])]
    history = len(values) - int(known[0])
    if history < 7 * DAY or len(recent) < 3 * DAY:
        return "short", False
    if np.ptp(recent) <= 1e-9 * float(np.abs(recent).max()):
        return "constant", False
    if age >= DAY:
        return "late", True
    if history < WINDOW:
        return "young", True
    return (None, True) if usable else ("gaps", True)


def _without_skill(bundle: Bundle, model: Verdict, simple: Verdict) -> str | None:
    if bundle.model is None:
        return "no_training"
    if not model.known:
        return "no_record"
    if model.positive and (model.climatology or 0.0) > (simple.climatology or 0.0) - MARGIN:
        return None
    return "no_skill" if simple.beats_naive else "worse_than_naive"


def _one(
    bundle: Bundle,
    code: str | None,
    age: int | None,
    verdicts: tuple[Verdict, Verdict],
    modelled: Array,
    simple: Array,
    spread: Array,
) -> Issue:
    """The model's quantiles when nothing speaks against them, else the baseline's."""
    if code is None:
        quantiles = _quantiles(bundle, modelled, bundle.model_offsets, spread)
        if quantiles is not None:
            name = MODEL if bundle.model is None or len(bundle.model.names) == len(FEATURES) else MODEL_WEATHER
            return Issue(name, "old_input" if (age or 0) > OLD_HOURS else None, age, verdicts[0], quantiles)
        code = "not_finite"
    quantiles = _quantiles(bundle, simple, bundle.baseline_offsets, spread)
    if quantiles is None:
        return Issue(None, "no_interval", age)
    return Issue(BASELINE, code, age, verdicts[1], quantiles)


def _quantiles(bundle: Bundle, median: Array, offsets: Array | None, spread: Array) -> Array | None:
    if offsets is None or not np.isfinite(median).all():
        return None
    centred = offsets.copy()
    centred[MIDDLE] = 0.0
    quantiles = conformal.monotone(bundle.scale.inverse(median + centred * spread), MIDDLE)
    return quantiles if np.isfinite(quantiles).all() else None


def save(bundle: Bundle, path: Path) -> None:
    """Write a bundle to ``path`` (npz, no pickle)."""
    nothing = np.empty((0, 0))
    arrays: dict[str, object] = {
        "version": BUNDLE_VERSION,
        "labels": bundle.labels, "trained_at": bundle.trained_at,
        "scale": np.array([np.nan if bundle.scale.offset is None else bundle.scale.offset, bundle.scale.low,
                           bundle.scale.high]),
        "model_offsets": nothing if bundle.model_offsets is None else bundle.model_offsets,
        "baseline_offsets": nothing if bundle.baseline_offsets is None else bundle.baseline_offsets,
        "model_verdicts": _verdict_array(bundle.model_verdicts),
        "baseline_verdicts": _verdict_array(bundle.baseline_verdicts),
    }  # fmt: skip
    model = bundle.model
    if model is not None:
        arrays |= {
            "linear": model.linear, "centre": model.centre, "deviation": model.scale, "ridge": model.ridge,
            "boosted": model.boosted, "trees": np.array(model.trees), "tree_weight": model.tree_weight,
            "trees_need_weather": model.trees_need_weather, "features": np.array(model.names),
            "trained_until": model.trained_until, "rows": model.rows,
        }  # fmt: skip
    part = path.with_suffix(".part.npz")
    np.savez_compressed(part, **arrays)  # type: ignore[arg-type]
    part.replace(path)


def load(path: Path) -> Bundle | None:
    """The bundle in ``path``; None when another version wrote it."""
    with np.load(path, allow_pickle=False) as stored:
        if "version" not in stored or int(stored["version"]) != BUNDLE_VERSION:
            return None
        offset, low, high = (float(value) for value in stored["scale"])
        model = None
        if "trees" in stored:
            names = tuple(str(name) for name in stored["features"])
            if names[: len(FEATURES)] != FEATURES:
                return None
            model = hourly.HourlyModel(
                names, stored["linear"], stored["centre"], stored["deviation"], stored["ridge"], stored["boosted"],
                str(stored["trees"]), float(stored["tree_weight"]), bool(stored["trees_need_weather"]),
                int(stored["trained_until"]), int(stored["rows"]),
            )  # fmt: skip
        return Bundle(
            Transform(None if np.isnan(offset) else offset, low, high), model, _or_none(stored["model_offsets"]),
            _or_none(stored["baseline_offsets"]), stored["labels"], _verdicts(stored["model_verdicts"]),
            _verdicts(stored["baseline_verdicts"]), int(stored["trained_at"]),
        )  # fmt: skip


def _or_none(array: Array) -> Array | None:
    return array if array.size else None


def _verdict_array(verdicts: tuple[Verdict, ...]) -> Array:
    rows = [(item.persistence, item.climatology, item.seasonal) for item in verdicts]
    return np.array(rows, dtype=float).reshape(-1, 3)


def _verdicts(array: Array) -> tuple[Verdict, ...]:
    return tuple(Verdict(*(None if np.isnan(value) else float(value) for value in row)) for row in array)
