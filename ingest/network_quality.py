"""Marks that need the whole network: neighbours that disagree, drift, clocks. A step of the job ``rollup``.

Marks are a function of the values that ingest left standing, never of other network marks or of reviews, and of a
bounded stretch of days about them; so the days around a change give the same marks as a pass over everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from sqlalchemy import Connection

from layers.flags import Flag
from layers.model import Clock, Drift, Layer, Neighbours, Parameter
from layers.registry import get_layer, registry
from spatial.analysis import quality
from spatial.progress import Progress, part
from spatial.queries import network_marks as store
from spatial.queries.network_marks import Marks, Values

CHUNK_DAYS = 366  # computed at a time
EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Network:
    """Stations of a layer that have a place: what all its tests share."""

    layer: Layer
    keys: tuple[str, ...]
    lonlat: quality.Floats
    near: dict[float, list[quality.Index]] = field(default_factory=dict)

    def within(self, radius_km: float) -> list[quality.Index]:
        """Neighbours of each station, computed once for a radius."""
        if radius_km not in self.near:
            self.near[radius_km] = quality.neighbours(self.lonlat, radius_km)
        return self.near[radius_km]


def mark_network(conn: Connection, progress: Progress) -> int:
    """Set and take back NEIGHBOUR, DRIFT and CLOCK around the days in the temporary table ``touched`` (series_id, day).

    Days whose marks changed are added to ``touched``. Returns the number of values whose marks changed.
    """
    progress("network", 0.0)
    layers = [layer for layer in registry().values() if network_checks(layer)]
    changed = 0
    for number, layer in enumerate(layers):
        step = part(progress, number / len(layers), (number + 1) / len(layers))
        days = store.touched_days(conn, layer_id=layer.id, parameters=list(network_checks(layer)))
        spans = list(affected_spans(days, store.span_of_days(conn, layer_id=layer.id)))
        if not spans:
            continue
        network = network_of(conn, layer)
        if not network.keys:
            continue  # no station is on the map yet: nobody has neighbours
        for done, (first, last) in enumerate(spans):
            step(f"network: {layer.title.vi}", done / len(spans))
            marks = _marks(conn, network, first, last)
            changed += store.write(conn, layer_id=layer.id, first=first, last=last, marks=marks)
    return changed


def network_checks(layer: Layer) -> Mapping[str, list[Neighbours | Drift | Clock]]:
    """Parameters of a layer with checks that need other stations."""
    parameters = layer.series.parameters if layer.series else ()
    found = {p.name: [check for check in p.checks if isinstance(check, Neighbours | Drift | Clock)] for p in parameters}
    return {name: checks for name, checks in found.items() if checks}


def affected_spans(days: Sequence[date], known: tuple[date, date] | None) -> Iterator[tuple[date, date]]:
    """Spans (first, last) of days whose marks may change with the values of some days; no longer than a chunk.

    ``known`` is the span of days the layer has values for.
    """
    if known is None or not days:
        return
    wanted = np.zeros(known[1].toordinal() - known[0].toordinal() + 1, dtype=bool)
    for day in days:
        offset = day.toordinal() - known[0].toordinal()
        wanted[max(0, offset - quality.AFTER) : max(0, offset + quality.BEFORE + 1)] = True
    edges = np.flatnonzero(np.diff(np.concatenate([[False], wanted, [False]]).astype(np.int8)))
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        for low in range(start, end, CHUNK_DAYS):
            high = min(low + CHUNK_DAYS, end) - 1
            yield date.fromordinal(known[0].toordinal() + low), date.fromordinal(known[0].toordinal() + high)


def network_of(conn: Connection, layer: Layer) -> Network:
    """Stations of a layer that have a place."""
    assert layer.series is not None
    stations = store.station_places(conn, station_layer=get_layer(layer.series.station_layer))
    lonlat = np.array([(row["lon"], row["lat"]) for row in stations], dtype=np.float64).reshape(-1, 2)
    return Network(layer, tuple(row["key"] for row in stations), lonlat)


def _marks(conn: Connection, network: Network, first: date, last: date) -> Marks:
    """Marks of the days first..last, from their values and those of the days about them."""
    begin = date.fromordinal(first.toordinal() - quality.BEFORE)
    end = date.fromordinal(last.toordinal() + quality.AFTER)
    inner = slice(quality.BEFORE, quality.BEFORE + last.toordinal() - first.toordinal() + 1)
    marks = Marks()
    assert network.layer.series is not None
    parameters = [p for p in network.layer.series.parameters if p.name in network_checks(network.layer)]
    products: list[tuple[quality.Floats, Clock]] = []
    for parameter in parameters:
        values = store.read_values(conn, layer_id=network.layer.id, parameter=parameter.name, first=begin, last=end)
        if not len(values.series):
            continue
        panel = panel_of(values, network.keys, begin, end)
        masks, product = parameter_marks(panel, network, parameter)
        products += product
        for flag, mask in masks:
            marks.add_values(values.at(mask_rows(values, mask, network.keys, begin, inner)), flag)
    if products:
        lags = quality.clock_lags([sums for sums, _ in products], products[0][1])
        for day, station in np.argwhere(lags[inner] != 0).tolist():
            marks.stations.append((network.keys[station], date.fromordinal(first.toordinal() + day)))
    return marks


def parameter_marks(
    panel: quality.Floats, network: Network, parameter: Parameter
) -> tuple[list[tuple[Flag, quality.Mask]], list[tuple[quality.Floats, Clock]]]:
    """Marks of one parameter by hour (hours, stations), and what the clock test needs of it."""
    masks: list[tuple[Flag, quality.Mask]] = []
    products: list[tuple[quality.Floats, Clock]] = []
    for check in network_checks(network.layer)[parameter.name]:
        if isinstance(check, Neighbours):
            near = network.within(check.radius_km)
            masks.append((Flag.NEIGHBOUR, quality.neighbour_mask(panel, near, check)))
        elif isinstance(check, Drift):
            days = quality.drift_mask(panel, network.within(check.radius_km), check)
            masks.append((Flag.DRIFT, np.repeat(days, quality.DAY, axis=0)))
        elif isinstance(check, Clock):
            near = network.within(check.radius_km)
            products.append((quality.clock_products(quality.levelled(panel, check), near, check.least), check))
    return masks, products


def panel_of(values: Values, keys: Sequence[str], first: date, last: date) -> quality.Floats:
    """Hourly means (24 x days, stations); NaN where there is no good value."""
    shape = ((last.toordinal() - first.toordinal() + 1) * quality.DAY, len(keys))
    place = _row(values, first) * shape[1] + values.column(keys)
    known = values.column(keys) >= 0
    total = np.bincount(place[known], weights=values.value[known], minlength=shape[0] * shape[1])
    count = np.bincount(place[known], minlength=shape[0] * shape[1])
    with np.errstate(invalid="ignore"):
        return np.asarray((total / np.where(count > 0, count, np.nan)).reshape(shape))


def mask_rows(
    values: Values, mask: quality.Mask, keys: Sequence[str], first: date, inner: slice
) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Which values lie in marked hours of the days ``inner``."""
    row, column = _row(values, first), values.column(keys)
    inside = (row >= inner.start * quality.DAY) & (row < inner.stop * quality.DAY) & (column >= 0)
    return np.flatnonzero(inside & mask[row, np.maximum(column, 0)])


def _row(values: Values, first: date) -> quality.Index:
    """Row of each value in a panel whose first row is the hour that ends at 01:00 local time of day ``first``."""
    return np.asarray(values.local_hour - (first.toordinal() - EPOCH) * quality.DAY - 1, dtype=np.intp)
