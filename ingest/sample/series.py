"""Hourly values as the agencies send them: long CSV, local time, status of the instrument."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from ingest.sample.air import Clock, air_values
from ingest.sample.chance import Floats
from ingest.sample.episodes import apply_episode, promised_episode
from ingest.sample.faults import CLOCK_HOURS, EVERY, Fault, apply_fault, chance_faults, promised_faults
from ingest.sample.stations import Stations
from ingest.sample.water import water_values
from layers.definitions import air_observation, water_observation
from layers.model import Layer, Parameter

LAYERS: dict[str, Layer] = {"air_station": air_observation.LAYER, "water_station": water_observation.LAYER}


@dataclass(frozen=True, slots=True)
class Block:
    """Values by station, parameter and hour; NaN = not sent."""

    stations: Stations
    parameters: tuple[Parameter, ...]
    hours: np.ndarray
    values: Floats
    status: np.ndarray
    faults: list[Fault]


def layer_of(stations: Stations) -> Layer:
    """The observation layer of a network."""
    return LAYERS[stations.layer]


def make_block(seed: int, stations: Stations, start: int, end: int, *, until: int, rate: float) -> Block:
    """Values sent in ``start < hour <= end`` (hours since 1970 UTC); ``until`` anchors faults and the episode.

    Stations send at the end of the hour, and label the hour so. One whose clock lags sends earlier labels.
    """
    series = layer_of(stations).series
    if series is None:
        raise ValueError(f"{stations.layer} has no series")
    parameters = series.parameters
    promised = promised_faults(stations, until)
    clocks = [f for f in promised if f.kind == "clock" and f.start + CLOCK_HOURS <= end and f.end + CLOCK_HOURS > start]
    first = min([start + 1, *(max(fault.start, start + 1 - CLOCK_HOURS) for fault in clocks)])
    hours = np.arange(first, end + 1, dtype=np.int64)
    raw = _raw(seed, stations, np.arange(first, end + 1 + CLOCK_HOURS, dtype=np.int64), until)
    truth = np.stack([raw[p.name] for p in parameters], axis=1)
    values = truth[:, :, : len(hours)].copy()
    values[:, :, hours <= start] = np.nan
    for fault in clocks:
        number = stations.codes.index(fault.station)
        _shift(fault, hours, start, end, values[number], truth[number])
    for number, names in enumerate(stations.parameters):
        for index, parameter in enumerate(parameters):
            if parameter.name not in names:
                values[number, index] = np.nan
            else:
                values[number, index] = np.round(values[number, index], max(parameter.decimals, 1))
    status = np.zeros(values.shape, dtype=np.int8)
    by_name = {p.name: p for p in parameters}
    faults = chance_faults(seed, stations, by_name, promised, start + 1, end + 1, rate)
    faults += [fault for fault in promised if fault.end > start + 1 and fault.start <= end]
    faults = [
        f for f in faults if f.parameter == EVERY or f.parameter in stations.parameters[stations.codes.index(f.station)]
    ]
    starts = _values_at(seed, stations, np.array([fault.start for fault in faults], dtype=np.int64), until)
    for order, fault in enumerate(faults):
        number = stations.codes.index(fault.station)
        for index, parameter in enumerate(parameters):
            if parameter.name in stations.parameters[number] and fault.parameter in (EVERY, parameter.name):
                at_start = float(starts[parameter.name][number, order])
                apply_fault(fault, parameter, seed, hours, values[number, index], status[number, index], at_start)
    values[:, :, hours <= start] = np.where(_lagging(stations, clocks), values[:, :, hours <= start], np.nan)
    return Block(stations=stations, parameters=parameters, hours=hours, values=values, status=status, faults=faults)


def _shift(fault: Fault, hours: np.ndarray, start: int, end: int, values: Floats, truth: Floats) -> None:
    """One station (parameter, hour) whose clock lags, in place; ``truth`` reaches ``CLOCK_HOURS`` farther."""
    wrong = (hours >= fault.start) & (hours < fault.end)
    sent = (hours + CLOCK_HOURS > start) & (hours + CLOCK_HOURS <= end)
    values[:, wrong] = np.where(sent[wrong], truth[:, CLOCK_HOURS:][:, wrong], np.nan)
    values[:, (hours >= fault.end) & (hours < fault.end + CLOCK_HOURS)] = np.nan  # put right: the labels leap ahead


def _lagging(stations: Stations, clocks: list[Fault]) -> np.ndarray:
    """Mask (station, 1, 1) of those whose labels lag behind."""
    late = {fault.station for fault in clocks}
    return np.array([code in late for code in stations.codes])[:, None, None]


def _raw(seed: int, stations: Stations, hours: np.ndarray, until: int) -> dict[str, Floats]:
    if stations.layer != "air_station":
        return water_values(seed, stations, Clock(hours))
    values = air_values(seed, stations, Clock(hours))
    apply_episode(promised_episode(stations, until), seed, hours, values)
    return values


def _values_at(seed: int, stations: Stations, hours: np.ndarray, until: int) -> dict[str, Floats]:
    """True values at single hours (where faults begin), so that a fault needs no earlier block."""
    if not len(hours):
        return {}
    each = (
        [_raw(seed, stations, hours[[n]], until) for n in range(len(hours))]
        if stations.layer == "water_station"
        else None
    )
    if each is None:
        return _raw(seed, stations, hours, until)
    return {name: np.concatenate([part[name] for part in each], axis=1) for name in each[0]}


def write_block(block: Block, folder: Path, *, by_month: bool, compressed: bool = True) -> Iterator[Path]:
    """Write the values, one file per local month or one file in all; yields each path when it is complete."""
    layer = layer_of(block.stations).id
    local = block.hours + 7
    # The hour that ends at 00:00 belongs to the month before.
    month = ((local - 1).astype("datetime64[h]")).astype("datetime64[M]")
    groups = [(str(m), month == m) for m in np.unique(month)] if by_month else [(_stamp(block.hours), month == month)]
    for name, hit in groups:
        path = folder / f"{layer}_{name}.csv{'.gz' if compressed else ''}"
        table = _table(block, hit)
        options = pa.csv.WriteOptions(quoting_style="none")
        if compressed:
            with path.open("wb") as raw, gzip.GzipFile("", "wb", compresslevel=1, fileobj=raw, mtime=0) as sink:
                pa.csv.write_csv(table, sink, options)
        else:
            pa.csv.write_csv(table, path, options)
        yield path


def _stamp(hours: np.ndarray) -> str:
    first, last = (
        np.datetime_as_string(np.datetime64(int(h) + 7, "h")).replace("-", "") for h in (hours[0], hours[-1])
    )
    return f"{first}_{last}"


def _table(block: Block, hit: np.ndarray) -> pa.Table:
    values = block.values[:, :, hit].transpose(2, 0, 1)  # time first, as a data logger sends
    status = block.status[:, :, hit].transpose(2, 0, 1)
    hour, station, parameter = np.nonzero(~np.isnan(values))
    local = (block.hours[hit] + 7).astype("datetime64[h]").astype("datetime64[s]")
    times = pa.array([str(t).replace("T", " ") for t in local])
    names = pa.array([p.aliases[0] if p.aliases else p.name for p in block.parameters])
    return pa.table(
        {
            "MA_TRAM": pa.array(block.stations.codes).take(pa.array(station)),
            "THOI_GIAN": times.take(pa.array(hour)),
            "THONG_SO": names.take(pa.array(parameter)),
            "GIA_TRI": pa.array(np.round(values[hour, station, parameter], 4)),
            "TRANG_THAI": pa.array(["00", "01", "02"]).take(pa.array(status[hour, station, parameter])),
        }
    )
