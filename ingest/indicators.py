"""Indicators: figures by administrative unit and period, long form."""
# ruff: noqa: S608 - identifiers come from layer definitions and run numbers alone; values are bound

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, text

from ingest.checks import Finding
from ingest.headers import fold_header
from ingest.keys import KeyIndex, build_keys
from ingest.load import driver
from ingest.parsing import Mask, parse_column, to_mask, to_text
from ingest.quarantine import copy_rows
from ingest.rows import NamedRows, filter_batch, name_columns, require
from ingest.run import Run
from layers.model import IndicatorTable
from spatial.queries.versions import bump_version

STATES = ("estimate", "preliminary", "official", "plan")
STATE_NAMES = {
    "ước tính": "estimate", "uoc thuc hien": "estimate", "sơ bộ": "preliminary", "chính thức": "official",
    "kế hoạch": "plan",
}  # fmt: skip
_MONTH = re.compile(r"^(\d{4})-(\d{1,2})(?:-\d{1,2})?$|^(\d{1,2})/(\d{4})$")
_YEAR = re.compile(r"^\d{4}$")


def parse_period(text_: str) -> date | None:
    """First day of a month («2026-03», «03/2026») or a year («2026»); None = not a period."""
    if _YEAR.match(text_):
        return date(int(text_), 1, 1)
    if found := _MONTH.match(text_):
        year, month = (found[1], found[2]) if found[1] else (found[4], found[3])
        return date(int(year), int(month), 1) if 1 <= int(month) <= 12 else None
    return None


@dataclass(frozen=True)
class UnitVersions:
    """Versions of units by code: (key, id, first day, day after the last)."""

    by_code: Mapping[str, list[tuple[str, int, date, date]]]

    @classmethod
    def read(cls, connection: Connection) -> UnitVersions:
        by_code = defaultdict(list)
        for row in connection.execute(text("SELECT id, key, code, valid_from, valid_to FROM core.admin_unit")):
            by_code[row.code].append((row.key, row.id, row.valid_from, row.valid_to or date.max))
        return cls(by_code)

    def find(self, code: str, valid_from: date | None, day: date) -> tuple[str, int] | None:
        """Key and id of a version: the one that starts on ``valid_from``, else the one in force on ``day``."""
        for key, number, start, stop in self.by_code.get(code, ()):
            if (start == valid_from) if valid_from is not None else (start <= day < stop):
                return key, number
        return None


def load_indicators(run: Run) -> None:
    """Load one file of an indicator layer."""
    table = run.layer.indicators
    assert table is not None
    IndicatorLoad(run, table).execute()


class IndicatorLoad:
    """The load of one file of indicator values."""

    def __init__(self, run: Run, table: IndicatorTable) -> None:
        self.run, self.table = run, table
        self.units = UnitVersions.read(run.connection)
        self.codes = {fold_header(indicator.code): indicator.code for indicator in table.indicators}
        for indicator in table.indicators:
            for title in (indicator.title.vi, indicator.title.en):
                self.codes.setdefault(fold_header(title), indicator.code)
        self.states = {fold_header(state): state for state in STATES}
        self.states |= {fold_header(name): state for name, state in STATE_NAMES.items()}
        self.wanted = {
            name: getattr(table, name)
            for name in ("unit_code", "unit_valid_from", "indicator", "period", "value", "state")
        }
        self.keys = KeyIndex()
        self.staging = f"staging.load_{run.id}"

    def execute(self) -> None:
        """Read, check, stage, merge."""
        run = self.run
        run.connection.execute(
            text(
                f"CREATE UNLOGGED TABLE {self.staging} (feature_key text, unit_id integer, parameter text,"
                " period date, state text, value double precision)"
            )
        )
        for batch in run.batches():
            named = name_columns(filter_batch(batch, run.options.feature_filter), self.wanted, run.options)
            run.report.rows_read -= len(batch.lines) - len(named.lines)
            require(named, self.wanted, ("unit_code", "indicator", "period", "value", "state"), run.path.name)
            run.report.headers |= {target: " + ".join(parts) for target, parts in named.headers.items()}
            self._batch(named)
        self._merge()

    def _batch(self, named: NamedRows) -> None:
        count = len(named.lines)
        findings: list[Finding] = []

        def column(name: str) -> pa.Array:
            given = named.get(name)
            return pa.nulls(count, pa.string()) if given is None else to_text(given)

        indicator = self._translate(column("indicator"), self.codes, "indicator", "unknown_indicator",
                                    "Không có chỉ tiêu", findings)  # fmt: skip
        state = self._translate(column("state"), self.states, "state", "unknown_state",
                                "Không rõ tình trạng số liệu", findings)  # fmt: skip
        periods = _by_text(column("period"), parse_period)
        self._require(column("period"), periods, "period", "not_a_date", "không phải là kỳ (tháng, năm)", findings)
        keys, ids = self._units(column("unit_code"), column("unit_valid_from"), periods, findings)
        value = parse_column(named.columns["value"], "number", self.run.notation)
        texts = named.columns["value"]
        findings.append(Finding("not_a_number", "value", value.bad, lambda row: f"«{texts[row]}» không phải là số."))
        empty = to_mask(pc.is_null(value.values)) & ~value.bad
        findings.append(Finding("not_null", "value", empty, lambda _: "«Giá trị» không được để trống."))
        period = pa.array(periods, pa.date32())
        findings += self.keys.check(build_keys((keys, indicator, period, state)), named.lines)
        found = [finding for finding in findings if finding.rows.any()]
        rejected = self.run.quarantine.add_findings(found, named.lines, named.raw)
        table = pa.table([keys, ids, indicator, period, state, value.values], names=list("abcdef"))
        raw = driver(self.run.connection)
        copy_rows(raw, f"COPY {self.staging} FROM STDIN (FORMAT csv)", table.filter(pa.array(~rejected)))

    def _translate(
        self, texts: pa.Array, known: Mapping[str, str], name: str, reason: str, says: str, findings: list[Finding]
    ) -> pa.Array:
        values = _by_text(texts, lambda value: known.get(fold_header(value)))
        self._require(texts, values, name, reason, "", findings, lambda row: f"{says} «{texts[row]}».")
        return pa.array(values, pa.string())

    def _require(
        self,
        texts: pa.Array,
        values: Sequence[object],
        name: str,
        reason: str,
        complaint: str,
        findings: list[Finding],
        describe: Callable[[int], str] | None = None,
    ) -> None:
        absent: Mask = np.array([value is None for value in values], dtype=bool)
        blank = to_mask(pc.is_null(texts))
        describe = describe or (lambda row: f"«{texts[row]}» {complaint}.")
        findings.append(Finding("not_null", name, blank, lambda _: f"«{name}» không được để trống."))
        findings.append(Finding(reason, name, absent & ~blank, describe))

    def _units(
        self, codes: pa.Array, starts: pa.Array, periods: list[date | None], findings: list[Finding]
    ) -> tuple[pa.Array, pa.Array]:
        valid_from = parse_column(starts, "date", self.run.notation)
        findings.append(
            Finding("not_a_date", "unit_valid_from", valid_from.bad, lambda row: f"«{starts[row]}» không phải là ngày.")
        )
        memory: dict[tuple[str | None, date | None, date | None], tuple[str, int] | None] = {}
        found = []
        for wanted in zip(codes.to_pylist(), valid_from.values.to_pylist(), periods, strict=True):
            code, start, day = wanted
            if wanted not in memory:
                memory[wanted] = None if code is None or day is None else self.units.find(code, start, day)
            found.append(memory[wanted])
        unknown = np.array([one is None for one in found], dtype=bool)
        unknown &= to_mask(pc.is_valid(codes)) & np.array([day is not None for day in periods], dtype=bool)
        findings.append(
            Finding("unknown_unit", "unit_code", unknown,
                    lambda row: f"Không có đơn vị hành chính mã «{codes[row]}» trong kỳ này.")
        )  # fmt: skip
        keys = pa.array([one[0] if one else None for one in found], pa.string())
        return keys, pa.array([one[1] if one else None for one in found], pa.int32())

    def _merge(self) -> None:
        run, name = self.run, self.staging
        run.connection.execute(
            text(
                "INSERT INTO core.series (layer_id, feature_key, parameter, unit_id)"
                f" SELECT DISTINCT :layer, feature_key, parameter, unit_id FROM {name} ORDER BY 2, 3"
                " ON CONFLICT DO NOTHING"
            ),
            {"layer": run.layer.id},
        )
        result = run.connection.execute(
            text(
                "WITH merged AS (INSERT INTO core.indicator_value AS v (series_id, period, state, value, run_id)"
                f" SELECT s.id, l.period, l.state, l.value, :run FROM {name} l JOIN core.series s"
                " ON s.layer_id = :layer AND s.feature_key = l.feature_key AND s.parameter = l.parameter"
                " ON CONFLICT (series_id, period, state) DO UPDATE SET value = excluded.value,"
                " run_id = excluded.run_id, updated_at = now() WHERE v.value IS DISTINCT FROM excluded.value"
                " RETURNING xmax = 0 AS fresh)"
                " SELECT count(*) FILTER (WHERE fresh) AS inserted, count(*) FILTER (WHERE NOT fresh) AS updated,"
                f" (SELECT count(*) FROM {name}) AS staged FROM merged"
            ),
            {"layer": run.layer.id, "run": run.id},
        ).one()
        run.connection.execute(text(f"DROP TABLE {name}"))
        report = run.report
        report.inserted, report.updated = result.inserted, result.updated
        report.unchanged = result.staged - result.inserted - result.updated
        if report.changed:
            facts = run.connection.execute(
                text(
                    "SELECT count(DISTINCT s.id) AS n, max(v.period) FILTER (WHERE v.state <> 'plan') AS newest"
                    " FROM core.series s JOIN core.indicator_value v ON v.series_id = s.id WHERE s.layer_id = :layer"
                ),
                {"layer": run.layer.id},
            ).one()
            bump_version(run.connection, layer_id=run.layer.id, features=facts.n, data_until=facts.newest)


def _by_text[T](texts: pa.Array, parse: Callable[[str], T | None]) -> list[T | None]:
    """Parse each distinct text once."""
    memory = {value: None if value is None else parse(value) for value in pc.unique(texts).to_pylist()}
    return [memory[value] for value in texts.to_pylist()]
