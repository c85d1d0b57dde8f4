"""How good the checks are on the data of this database: labelled faults injected, found ones counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from ingest.checks import inconsistent_mask, series_flags, value_flags
from ingest.network_quality import Network, network_checks, network_of, panel_of, parameter_marks
from ingest.quality_injection import DAY, Injected, apply_long, long_faults, short_faults
from layers.flags import Flag
from layers.model import AtMost, Clock, Drift, Layer, Parameter, Range
from spatial.analysis import quality
from spatial.progress import Progress
from spatial.queries import network_marks as store

type Floats = NDArray[np.float64]
type Flags = NDArray[np.int16]

CERTAIN = Flag.RANGE | Flag.SENTINEL | Flag.INCONSISTENT  # impossible values and pairs: no question of thresholds
LEAST_DAYS = 30  # with values, for a station to be measured on
JOIN_DAYS = 7  # marked days no farther apart are one episode


@dataclass
class Score:
    """Figures of one parameter. Shares from 0 to 1; ``found`` by kind: (found, injected), values or episodes."""

    parameter: str
    stations: int
    values: int
    station_years: float
    sentinels: int = 0  # in the data as they are, by which devices said «no value»
    certain: int = 0  # impossible values and pairs in the data as they are
    impossible_hours: int = 0  # approved hours whose value is impossible: must be none
    marked: dict[str, int] = field(default_factory=dict)  # values marked in the data as they are, by flag
    false_series: float = 0.0  # of values that are neither certain nor injected, by the tests of one series
    false_network: float = 0.0  # the same by the tests of the network
    drift_years: float = 0.0  # station-years in which drift could be judged
    drift_false: int = 0  # episodes in the data as they are
    found: dict[str, tuple[int, int]] = field(default_factory=dict)
    delay_days: float | None = None  # median from the begin of a drift to its first marked day, as a pass then knew

    def recall(self, kind: str) -> float | None:
        """Share found; None where nothing was injected."""
        found, injected = self.found.get(kind, (0, 0))
        return found / injected if injected else None

    def as_json(self) -> dict[str, object]:
        """All figures, with the recalls."""
        return asdict(self) | {"recall": {kind: self.recall(kind) for kind in self.found}}


@dataclass(frozen=True)
class Panels:
    """Measured values by parameter: (24 x days, stations) of one network; NaN = none."""

    network: Network
    values: Mapping[str, Floats]


def measure(
    conn: Connection,
    *,
    layer: Layer,
    parameters: list[str],
    first: date,
    last: date,
    seed: int,
    progress: Progress,
    prefix: str | None = None,
) -> list[Score]:
    """Scores of parameters of a layer on the local days first..last; ``prefix`` limits the stations by their key.

    Nothing is written.
    """
    assert layer.series is not None
    network = network_of(conn, layer)
    if prefix is not None:
        own = [number for number, key in enumerate(network.keys) if key.startswith(prefix)]
        network = Network(layer, tuple(network.keys[number] for number in own), network.lonlat[own])
    wanted = [p for p in layer.series.parameters if p.name in parameters or p.name in network_checks(layer)]
    wholes = {check.parameter for p in wanted for check in p.checks if isinstance(check, AtMost)}
    values = {}
    for parameter in layer.series.parameters:
        if parameter in wanted or parameter.name in wholes:
            rows = store.read_values(
                conn, layer_id=layer.id, parameter=parameter.name, first=first, last=last, whatever=True
            )
            values[parameter.name] = panel_of(rows, network.keys, first, last)
    panels = Panels(network, values)
    known = {p.name: p for p in layer.series.parameters}
    scores = []
    for number, name in enumerate(parameters):
        progress(name, number / len(parameters))
        score = _score(panels, known, known[name], seed)
        limits = next((c for c in known[name].checks if isinstance(c, Range)), Range())
        score.sentinels, score.impossible_hours = store.count_impossible(
            conn, layer_id=layer.id, keys=network.keys, parameter=name, first=first, last=last, limits=limits
        )
        scores.append(score)
    return scores


def series_marks(panels: Panels, parameter: Parameter, values: Floats, rows_of: slice = slice(None)) -> Flags:
    """What ingest would mark: flags (hours, stations) of values of one parameter, which are ``rows_of`` the panels."""
    marks = np.zeros(values.shape, dtype=np.int16)
    hours = np.arange(len(values), dtype=np.float64)
    for station in np.flatnonzero(np.isfinite(values).any(axis=0)).tolist():
        rows = np.flatnonzero(np.isfinite(values[:, station]))
        cleaned, flags = value_flags(values[rows, station], np.zeros(len(rows), np.int8), parameter)
        marks[rows, station] = series_flags(hours[rows], cleaned, flags, parameter, 1)
    for check in parameter.checks:
        if isinstance(check, AtMost) and check.parameter in panels.values:
            whole = panels.values[check.parameter][rows_of]
            with np.errstate(invalid="ignore"):
                marks[inconsistent_mask(values, whole, check) & (marks == 0) & (whole > 0)] |= Flag.INCONSISTENT
    return marks


def _standing(values: Floats, marks: Flags) -> Floats:
    return np.where(marks & ~np.int16(Flag.INCONSISTENT), np.nan, values)


def _network_marks(panels: Panels, parameter: Parameter, standing: Floats) -> tuple[Flags, list[Floats], list[Clock]]:
    marks = np.zeros(standing.shape, dtype=np.int16)
    if parameter.name not in network_checks(panels.network.layer):
        return marks, [], []
    masks, products = parameter_marks(standing, panels.network, parameter)
    for flag, mask in masks:
        marks[mask & np.isfinite(standing)] |= flag
    return marks, [sums for sums, _ in products], [check for _, check in products]


def _score(panels: Panels, known: Mapping[str, Parameter], parameter: Parameter, seed: int) -> Score:
    values = panels.values[parameter.name]
    enough = np.isfinite(values).reshape(-1, DAY, values.shape[1]).any(axis=1).sum(axis=0) >= LEAST_DAYS
    values = np.where(enough, values, np.nan)
    own = series_marks(panels, parameter, values)
    standing = _standing(values, own)
    network, _, _ = _network_marks(panels, parameter, standing)
    there = np.isfinite(values)
    possible = there & (own & CERTAIN == 0)
    score = Score(
        parameter=parameter.name,
        stations=int(enough.sum()),
        values=int(there.sum()),
        station_years=float(there.sum() / DAY / 365),
        certain=int((own & CERTAIN > 0).sum()),
    )
    for flag in Flag:
        count = int(((own | network) & flag > 0).sum())
        if count:
            score.marked[str(flag.name).lower()] = count
    _short(score, panels, parameter, values, own, possible, seed)
    score.false_network = float((network[possible] > 0).mean()) if possible.any() else 0.0
    if parameter.name in network_checks(panels.network.layer):
        clean = np.where(own | network, np.nan, values)
        _drift_false(score, panels, parameter, standing, network)
        _long(score, panels, known, parameter, clean, seed)
    return score


def _short(
    score: Score,
    panels: Panels,
    parameter: Parameter,
    values: Floats,
    own: Flags,
    possible: NDArray[np.bool_],
    seed: int,
) -> None:
    """Stuck, zeros, range, sentinel, spikes: injected values that are marked, and others that are as well."""
    clean = np.where(own, np.nan, values)
    changed, made = short_faults(clean, parameter, seed)
    dirty = np.where(np.isfinite(changed), changed, values)
    marks = series_marks(panels, parameter, dirty)
    injected = np.zeros(values.shape, dtype=bool)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for fault in made:
        span = (slice(fault.start, fault.end), fault.station)
        injected[span] = True
        counts[fault.kind][0] += int((marks[span] > 0).sum())
        counts[fault.kind][1] += fault.end - fault.start
    score.found |= {kind: (found, count) for kind, (found, count) in counts.items()}
    others = possible & ~injected
    score.false_series = float((marks[others] > 0).mean()) if others.any() else 0.0


def _drift_false(score: Score, panels: Panels, parameter: Parameter, standing: Floats, network: Flags) -> None:
    check = next((c for c in parameter.checks if isinstance(c, Drift)), None)
    if check is None:
        return
    _, was, now = quality.drift_shift(standing, panels.network.within(check.radius_km), check)
    score.drift_years = float(np.isfinite(now - was).sum() / 365)
    days = (network & Flag.DRIFT > 0).reshape(-1, DAY, network.shape[1]).any(axis=1)
    for station in days.T:
        marked = np.flatnonzero(station)
        score.drift_false += int(len(marked) > 0) + int((np.diff(marked) > JOIN_DAYS).sum())


def _long(
    score: Score, panels: Panels, known: Mapping[str, Parameter], parameter: Parameter, clean: Floats, seed: int
) -> None:
    """Drift by episodes, clocks by episodes, biased values: each alone in an otherwise untouched network."""
    near = panels.network.within(60)
    centre = np.isfinite(quality.reference(clean, near, 3)) & np.isfinite(clean)
    usable = centre.reshape(-1, DAY, clean.shape[1]).sum(axis=1) >= DAY // 2
    kinds = {type(check).__name__ for check in network_checks(panels.network.layer)[parameter.name]}
    tested = {"drift": "Drift", "clock": "Clock", "bias": "Neighbours"}
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    delays: list[int] = []
    for fault in long_faults(len(usable), usable, seed):
        if tested[fault.kind] not in kinds:
            continue
        found = _finds(panels, known, parameter, clean, fault, delays)
        counts[fault.kind][0] += found
        counts[fault.kind][1] += fault.end - fault.start if fault.kind == "bias" else 1
        if fault.kind == "bias":
            counts[fault.kind][1] -= int(np.isnan(clean[fault.start : fault.end, fault.station]).sum())
    score.found |= {kind: (found, count) for kind, (found, count) in counts.items()}
    score.delay_days = float(np.median(delays)) if delays else None


def _finds(
    panels: Panels,
    known: Mapping[str, Parameter],
    parameter: Parameter,
    clean: Floats,
    fault: Injected,
    delays: list[int],
) -> int:
    """Found values of a bias; 1 or 0 for a drift or a clock."""
    low = max(0, fault.start // DAY - quality.BEFORE) * DAY
    high = min(len(clean), fault.end + quality.AFTER * DAY)
    window = slice(low, high)
    inside = slice(fault.start - low, fault.end - low)
    moved = Injected(fault.kind, fault.station, inside.start, inside.stop, fault.size)
    if fault.kind == "clock":
        products, check = [], Clock()
        for name, checks in network_checks(panels.network.layer).items():
            if any(isinstance(item, Clock) for item in checks):
                part = clean if name == parameter.name else panels.values[name]
                _, sums, clocks = _network_marks(panels, known[name], apply_long(moved, part[window]))
                products += sums
                check = clocks[0]
        lags = quality.clock_lags(products, check)[inside.start // DAY : inside.stop // DAY, fault.station]
        return int(((lags != 0) & (np.abs(lags - int(fault.size)) <= 1)).any())
    values = apply_long(moved, clean[window])
    marks, _, _ = _network_marks(panels, parameter, _standing(values, series_marks(panels, parameter, values, window)))
    own = marks[inside, fault.station]
    if fault.kind == "bias":
        return int((own > 0).sum())
    first = _first_known(panels, parameter, values, moved)
    if first is not None:
        delays.append(first)
    return int((own & Flag.DRIFT > 0).any())


def _first_known(panels: Panels, parameter: Parameter, values: Floats, fault: Injected) -> int | None:
    """Days after its begin on which a drift is first seen by a pass that knows no later day."""
    check = next(c for c in parameter.checks if isinstance(c, Drift))
    _, was, now = quality.drift_shift(values, panels.network.within(check.radius_km), check)
    begin = fault.start // DAY
    over = np.flatnonzero(np.abs(now - was)[begin : fault.end // DAY, fault.station] > check.log_ratio)
    return int(over[0]) if len(over) else None
