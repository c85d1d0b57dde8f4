"""Observations: values of parameters at stations, long or wide, checked against their neighbours in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import text

from ingest.checks import Finding, Flags, inconsistent_mask, series_flags, value_flags
from ingest.detection_limits import Found, Signs, keep_limits, split_signs, stand_in
from ingest.headers import fold_header
from ingest.load import driver
from ingest.measure_units import factor_between
from ingest.observation_store import (
    MICROSECONDS,
    Context,
    Rows,
    cadence_of,
    make_partitions,
    merge_rows,
    series_ids,
    set_cadence,
    without_values,
)
from ingest.parsing import Parsed, parse_column, to_mask, to_text
from ingest.quarantine import row_json
from ingest.readers import choose_reader
from ingest.readers.logger import COLUMNS
from ingest.rows import NamedRows, filter_batch, name_columns, require
from ingest.run import Run
from layers.flags import NETWORK_FLAGS, Flag
from layers.model import AtMost, Parameter, Series
from layers.registry import get_layer
from spatial.queries.versions import bump_version
from spatial.settings import index_settings

CHUNK_ROWS = 4_000_000  # values held in memory (about 30 bytes each) before they are checked and merged
LOGGER_MINUTES = 5  # how often loggers send, when a file is too short to show it
STATUSES = {"0": 0, "00": 0, "1": 1, "01": 1, "2": 2, "02": 2}
JUDGED = Flag.SPIKE | Flag.FLAT | Flag.INCONSISTENT  # by values about a value: more of them may change the verdict
SURE_HOURS = 36  # stored values so near a file are judged again; those farther out have lost some of their own context


@dataclass
class Stations:
    """Stations the database knows, and the series of their parameters."""

    run: Run
    keys: frozenset[str]
    ids: dict[tuple[str, str], int] = field(default_factory=dict)

    def codes(self, stations: pa.Array) -> tuple[npt.NDArray[np.int64], list[str]]:
        """Index of each row's station among the distinct ones; -1 where unknown or missing."""
        coded = pc.dictionary_encode(stations)
        names = coded.dictionary.to_pylist()
        known = np.array([name in self.keys for name in names], dtype=bool)
        index = np.asarray(pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False), dtype=np.int64)
        if len(names):
            index = np.where((index >= 0) & known[np.maximum(index, 0)], index, -1)
        return index, names

    def series(self, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
        """Series ids of (station, parameter), made where they are new."""
        missing = [pair for pair in pairs if pair not in self.ids]
        if missing:
            self.ids |= series_ids(self.run.connection, self.run.layer.id, missing)
        return self.ids


def load_observations(run: Run) -> None:
    """Load one file of an observation layer."""
    ObservationLoad(run).execute()


class ObservationLoad:
    """The load of one file; collects values and merges them in large chunks."""

    def __init__(self, run: Run) -> None:
        series = run.layer.series
        assert series is not None
        self.run, self.series = run, series
        station_layer = get_layer(series.station_layer)
        keys = run.connection.execute(text(f"SELECT key FROM layer.{station_layer.table}")).scalars()  # noqa: S608
        self.stations = Stations(run, frozenset(keys))
        self.parameters = {parameter.name: parameter for parameter in series.parameters}
        self.names = _parameter_names(series)
        self.logger = run.layer.kind == "observation" and choose_reader(run.path, run.options.reader) == "logger"
        self.wide = run.options.shape == "wide" and not self.logger
        self.wanted = self._wanted()
        self.chunk: list[Rows] = []
        self.held = 0
        self.signs: dict[str, tuple[Signs, npt.NDArray[np.float64]]] = {}  # of the batch: by column, with its limits
        self.limits: Found = {}  # of the chunk

    def _wanted(self) -> dict[str, tuple[str, ...]]:
        s = self.series
        if self.logger:
            return {name: (name,) for name in COLUMNS}
        wanted: dict[str, tuple[str, ...]] = {"station": s.station, "time": s.time, "status": s.status}
        if self.wide:
            return wanted | {p.name: (*p.aliases, p.name) for p in s.parameters}
        wanted |= {"parameter": s.parameter, "value": s.value}
        # A unit is compared where the column is known to say that of the value: a recipe names it.
        return wanted | ({"unit": ("unit",)} if "unit" in self.run.options.columns else {})

    def execute(self) -> None:
        """Read all batches, merging whenever enough is held."""
        run = self.run
        for batch in run.batches():
            named = name_columns(filter_batch(batch, run.options.feature_filter), self.wanted, run.options)
            run.report.rows_read -= len(batch.lines) - len(named.lines)
            needed = ["station", "time"] if self.wide else ["station", "time", "parameter", "value"]
            require(named, self.wanted, needed, run.path.name)
            run.report.headers |= {target: " + ".join(parts) for target, parts in named.headers.items()}
            self.chunk.append(self._wide(named) if self.wide else self._long(named))
            self.held += len(self.chunk[-1].time)
            if self.held >= CHUNK_ROWS:
                self._flush()
        self._flush()
        self._finish()

    def _finish(self) -> None:
        run = self.run
        if not run.report.changed:
            return
        facts = run.connection.execute(
            text(
                "SELECT count(*) AS n, max((SELECT max(o.time) FROM core.observation o WHERE o.series_id = s.id"
                " AND o.time <= now() + interval '1 hour')) AS newest FROM core.series s WHERE s.layer_id = :layer"
            ),
            {"layer": run.layer.id},
        ).one()
        bump_version(run.connection, layer_id=run.layer.id, features=facts.n, data_until=facts.newest)

    # ------------------------------------------------------------ one batch to values

    def _common(self, named: NamedRows) -> tuple[npt.NDArray, list[str], npt.NDArray, npt.NDArray, list[Finding]]:
        """Station index, station names, time in microseconds, status, and what was found."""
        stations = to_text(named.columns["station"])
        index, names = self.stations.codes(stations)
        moment = parse_column(named.columns["time"], "datetime", self.run.notation)
        time = np.asarray(pc.fill_null(pc.cast(moment.values, pa.int64()), 0).to_numpy(zero_copy_only=False))
        if self.series.hour_label == "start":
            time = time + int(self.series.step_hours * 3600 * MICROSECONDS)
        missing_time = to_mask(pc.is_null(moment.values)) & ~moment.bad
        no_station = to_mask(pc.is_null(stations))
        findings = [
            Finding("unknown_station", "station", (index < 0) & ~no_station,
                    lambda row: f"Không có trạm «{stations[row]}»."),
            Finding("not_null", "station", no_station, lambda _: "«Mã trạm» không được để trống."),
            Finding("not_null", "time", missing_time, lambda _: "«Thời gian» không được để trống."),
            Finding("not_a_datetime", "time", moment.bad,
                    lambda row: f"«{named.columns['time'][row]}» không phải là thời điểm hợp lệ."),
        ]  # fmt: skip
        return index, names, time, self._status(named), findings

    def _status(self, named: NamedRows) -> npt.NDArray[np.int8]:
        given = named.get("status")
        if given is None:
            return np.zeros(len(named.lines), dtype=np.int8)
        coded = pc.dictionary_encode(to_text(given))
        # A state the device does not define is no proof of a good value: taken as a fault.
        mapped = pa.array([STATUSES.get(value, 2) for value in coded.dictionary.to_pylist()], pa.int8())
        return np.asarray(pc.fill_null(mapped.take(coded.indices), 0).to_numpy(zero_copy_only=False), dtype=np.int8)

    def _long(self, named: NamedRows) -> Rows:
        index, names, time, status, findings = self._common(named)
        coded = pc.dictionary_encode(to_text(named.columns["parameter"]))
        known = [self.names.get(fold_header(name)) for name in coded.dictionary.to_pylist()]
        code = np.asarray(pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False), dtype=np.int64)
        unknown = np.array([name is None for name in known] + [True], dtype=bool)[code]
        names_given = named.columns["parameter"]
        findings.append(
            Finding("unknown_parameter", "parameter", unknown, lambda row: f"Không có thông số «{names_given[row]}».")
        )
        factors = self.run.options.factors
        factor = np.array([factors.get(str(name), 1.0) for name in known] + [1.0])[code] if factors else 1.0
        if "unit" in named.columns:
            factor = factor * self._unit_factors(named.columns["unit"], known, code, findings)
        value = self._value(named.columns["value"], "value", findings, factor)
        rejected = self.run.quarantine.add_findings([f for f in findings if f.rows.any()], named.lines, named.raw)
        keep = ~rejected
        pairs = {(int(s), int(p)) for s, p in zip(*np.unique(np.stack((index[keep], code[keep])), axis=1), strict=True)}
        ids = self.stations.series([(names[s], str(known[p])) for s, p in pairs])
        table = np.zeros((len(names) + 1, len(known) + 1), dtype=np.int32)
        for s, p in pairs:
            table[s, p] = ids[names[s], str(known[p])]
        rows = Rows.of(table[index, code][keep], time[keep], value[keep], status[keep], named.lines[keep])
        self._remember_limits("value", keep, rows)
        return rows

    def _unit_factors(
        self, column: pa.Array, known: list[str | None], code: npt.NDArray[np.int64], findings: list[Finding]
    ) -> npt.NDArray[np.float64]:
        """Factor of each row from the unit it names to the unit of its parameter; rows nobody can convert are found.

        A logger that was replaced writes another unit without a word: every line is compared.
        """
        coded = pc.dictionary_encode(to_text(column))
        units = coded.dictionary.to_pylist()
        unit = np.asarray(pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False), dtype=np.int64)
        table = np.ones((len(known) + 1, len(units) + 1))
        for row, name in enumerate(known):
            for place, written in enumerate(units):
                found = factor_between(written, self.parameters[name].unit, name) if name is not None else 1.0
                table[row, place] = np.nan if found is None else found
        factor = table[code, unit]
        findings.append(
            Finding("unit_not_convertible", "unit", np.isnan(factor),
                    lambda row: f"Không đổi được đơn vị «{column[row]}» sang đơn vị của thông số.")
        )  # fmt: skip
        return factor

    def _value(
        self, column: pa.Array, name: str, findings: list[Finding], factor: float | npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64]:
        """Numbers of a column in the unit of the layer: those of the file times ``factor``.

        A laboratory's «<0,01» is a value too, and one bad cell is not a bad sample.
        """
        sampled = self.series.sampled
        text_column, signs = split_signs(column, self.run.notation) if sampled else (column, None)
        parsed: Parsed = parse_column(text_column, "number", self.run.notation)
        if parsed.bad.any():
            said = Finding("not_a_number", name, parsed.bad, lambda row: f"«{column[row]}» không phải là số.",
                           kept=sampled and self.wide)  # fmt: skip
            findings.append(said)
        value = np.asarray(parsed.values.to_numpy(zero_copy_only=False), dtype=np.float64) * factor
        if signs is None or not signs.any.any():
            return value
        self.signs[name] = signs, value
        return stand_in(value, signs, index_settings().below_detection_factor)

    def _remember_limits(self, name: str, keep: npt.NDArray[np.bool_], rows: Rows) -> None:
        """Signs and limits of the kept rows of a column, until the values are merged."""
        signs, limit = self.signs.pop(name, (None, None))
        if signs is None or limit is None:
            return
        below, beyond, limit = signs.below[keep], signs.any[keep], limit[keep]
        for row in np.flatnonzero(beyond).tolist():
            key = int(rows.series[row]), int(rows.time[row]), int(rows.line[row])
            self.limits[key] = "<" if below[row] else ">", float(limit[row])

    def _wide(self, named: NamedRows) -> Rows:
        """One row of a wide file gives a value for each parameter that is not empty."""
        index, names, time, status, findings = self._common(named)
        values = {
            name: self._value(named.columns[name], name, findings, self.run.options.factors.get(name, 1.0))
            for name in self.parameters
            if name in named.columns
        }
        rejected = self.run.quarantine.add_findings([f for f in findings if f.rows.any()], named.lines, named.raw)
        parts = []
        for name, value in values.items():
            keep = ~rejected & ~np.isnan(value)
            stations = np.unique(index[keep])
            ids = self.stations.series([(names[s], name) for s in stations])
            table = np.zeros(len(names) + 1, dtype=np.int32)
            for s in stations:
                table[s] = ids[names[s], name]
            rows = Rows.of(table[index[keep]], time[keep], value[keep], status[keep], named.lines[keep])
            self._remember_limits(name, keep, rows)
            parts.append(rows)
        return Rows.join(parts)

    # ------------------------------------------------------------ a chunk to the database

    def _flush(self) -> None:
        run = self.run
        rows = Rows.join(self.chunk).in_order()
        self.chunk, self.held = [], 0
        if not len(rows.time):
            return
        by_id = {number: pair for pair, number in self.stations.ids.items()}
        rows = self._without_repeats(rows, by_id)
        if self.series.sampled:
            keep_limits(run.connection, series=rows.series, time=rows.time, line=rows.line, found=self.limits)
            self.limits = {}
        for number in np.unique(rows.series):
            own = rows.of_series(number)
            value, flag = value_flags(rows.value[own], rows.status[own], self.parameters[by_id[number][1]])
            rows.value[own], rows.flag[own] = value, rows.flag[own] | flag
        make_partitions(run.connection, rows.time)
        self._write_cadence(rows)
        context = Context.read(run.connection, rows, [pair[:2] for pair in self._partners(by_id)])
        rows = self._mark(rows, context, by_id)
        self._count(rows)
        run.progress(f"{run.layer.id}: {len(rows.time):,} values", 0.9)
        counts = merge_rows(run.connection, driver(run.connection), run.id, rows)
        run.report.inserted += counts.inserted
        run.report.updated += counts.updated
        run.report.unchanged += counts.unchanged

    def _write_cadence(self, rows: Rows) -> None:
        """How often series send: what the options say, else what the values of a new series show."""
        seen: dict[int, int] = {}
        asked = self.run.options.cadence
        numbers = np.unique(rows.series).tolist()
        usual = LOGGER_MINUTES if self.logger else None
        for number in numbers if asked else without_values(self.run.connection, numbers):
            minutes = asked or cadence_of(rows.time[rows.of_series(number)]) or usual
            if minutes is not None:
                seen[number] = minutes
        set_cadence(self.run.connection, seen)

    def _without_repeats(self, rows: Rows, by_id: Mapping[int, tuple[str, str]]) -> Rows:
        """The first of several values for one time stays, marked when another one differs; the others are rejected."""
        same = np.zeros(len(rows.time), dtype=bool)
        same[1:] = (rows.series[1:] == rows.series[:-1]) & (rows.time[1:] == rows.time[:-1])
        if not same.any():
            return rows
        first = np.maximum.accumulate(np.where(same, 0, np.arange(len(same))))
        for row in np.flatnonzero(same).tolist():
            kept = int(first[row])
            if rows.value[row] != rows.value[kept] and not (np.isnan(rows.value[row]) and np.isnan(rows.value[kept])):
                rows.flag[kept] |= Flag.DUPLICATE
            station, parameter = by_id[int(rows.series[row])]
            moment = datetime.fromtimestamp(rows.time[row] / MICROSECONDS, UTC)
            content = {"station": station, "parameter": parameter, "time": moment, "value": float(rows.value[row])}
            message = f"Trạm «{station}», {parameter}, {moment:%Y-%m-%d %H:%M} UTC đã có ở dòng {rows.line[kept]}."
            self.run.quarantine.add(int(rows.line[row]), None, "duplicate_key", message, row_json(content), kept=False)
            self.run.report.rows_rejected += 1
        self.run.quarantine.flush()
        return rows.where(~same)

    def _partners(self, by_id: Mapping[int, tuple[str, str]]) -> list[tuple[int, int, AtMost]]:
        """Series ids of a part and its whole (PM2.5 and PM10) at the same station, where one of them is in the file."""
        found = []
        for parameter in self.parameters.values():
            for check in parameter.checks:
                if not isinstance(check, AtMost):
                    continue
                pair = (parameter.name, check.parameter)
                stations = sorted({station for station, name in by_id.values() if name in pair})
                both = self.stations.series([(station, name) for station in stations for name in pair])
                found += [(both[station, pair[0]], both[station, pair[1]], check) for station in stations]
        return found

    def _mark(self, rows: Rows, context: Context, by_id: Mapping[int, tuple[str, str]]) -> Rows:
        """Flags that need neighbours in time; stored values that turn out doubtful, or not, are marked anew."""
        every = context.joined(rows)
        before = every.flag.copy()
        reach = SURE_HOURS * 3600 * MICROSECONDS
        again = (every.time >= rows.time.min() - reach) & (every.time <= rows.time.max() + reach)
        every.flag[again] &= ~JUDGED
        all_ids = {**by_id, **{number: pair for pair, number in self.stations.ids.items()}}
        for number in np.unique(every.series):
            own = every.of_series(number)
            parameter: Parameter = self.parameters[all_ids[int(number)][1]]
            hours = every.time[own] / (3600 * MICROSECONDS)
            every.flag[own] = series_flags(hours, every.value[own], every.flag[own], parameter, self.series.step_hours)
        for part, whole, check in self._partners(by_id):
            a, b = every.of_series(part), every.of_series(whole)
            _, at_a, at_b = np.intersect1d(every.time[a], every.time[b], assume_unique=True, return_indices=True)
            at_a, at_b = at_a + a.start, at_b + b.start
            both = inconsistent_mask(every.value[at_a], every.value[at_b], check)
            both &= (_own(every.flag[at_a]) == 0) & (_own(every.flag[at_b]) == 0)  # else we know which of them is wrong
            every.flag[at_a[both]] |= Flag.INCONSISTENT
            every.flag[at_b[both]] |= Flag.INCONSISTENT
        # Rows of the file all go to the merge; stored ones only when their mark changed.
        return every.where((every.line > 0) | (every.flag != before))

    def _count(self, rows: Rows) -> None:
        own = rows.flag[rows.line > 0]
        for flag in Flag:
            count = int(np.count_nonzero(own & flag))
            if count:
                self.run.report.flagged[str(flag.name).lower()] += count


def _own(flags: Flags) -> Flags:
    """Flags of the value itself: not those of the network, nor of a pair it belongs to."""
    return np.asarray(flags & ~(NETWORK_FLAGS | Flag.INCONSISTENT))


def _parameter_names(series: Series) -> dict[str, str]:
    """Folded names of parameters in files -> name."""
    names: dict[str, str] = {}
    for parameter in series.parameters:
        for alias in (parameter.name, *parameter.aliases):
            names.setdefault(fold_header(alias), parameter.name)
    return names
