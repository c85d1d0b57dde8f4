"""Indicators: figures by administrative unit and period, long form."""
# ruff: noqa: S608 - identifiers come from layer definitions and run numbers alone; values are bound

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, text

from ingest.checks import Finding
from ingest.cumulative import Reported, take_apart
from ingest.headers import fold_header
from ingest.keys import KeyIndex, build_keys
from ingest.load import driver
from ingest.parsing import Mask, parse_boolean, parse_column, to_mask, to_text
from ingest.periods import Placed, parse_span, place
from ingest.quarantine import copy_rows, row_json
from ingest.rows import NamedRows, filter_batch, name_columns, require
from ingest.run import Run
from layers.model import IndicatorTable
from spatial.periods import reference_day
from spatial.queries.indicators import history
from spatial.queries.versions import bump_version

PLAN = "plan"
STATES = ("estimate", "preliminary", "official", PLAN)
NEEDED = ("unit_code", "indicator", "period", "value", "state")
CELLS = list("abcdefghij")
OPTIONAL = ("unit_valid_from", "published_on", "cumulative", "issued_on", "document", "units")
STATE_NAMES = {
    "ước tính": "estimate", "uoc thuc hien": "estimate", "sơ bộ": "preliminary", "chính thức": "official",
    "kế hoạch": "plan",
}  # fmt: skip


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
        self.catalogue = {item.code: item for item in table.indicators}
        self.codes = {fold_header(indicator.code): indicator.code for indicator in table.indicators}
        for indicator in table.indicators:
            for title in (indicator.title.vi, indicator.title.en):
                self.codes.setdefault(fold_header(title), indicator.code)
        self.states = {fold_header(state): state for state in STATES}
        self.states |= {fold_header(name): state for name, state in STATE_NAMES.items()}
        self.wanted = {name: getattr(table, name) for name in (*NEEDED, *OPTIONAL)}
        self.keys = KeyIndex()
        self.staging = f"staging.load_{run.id}"
        self.cumulative: list[Reported] = []

    def execute(self) -> None:
        """Read, check, stage, merge."""
        run = self.run
        run.connection.execute(
            text(
                f"CREATE UNLOGGED TABLE {self.staging} (feature_key text, unit_id integer, parameter text,"
                " period date, state text, value double precision, published_on date, issued_on date, document text,"
                " units integer)"
            )
        )
        for batch in run.batches():
            named = name_columns(filter_batch(batch, run.options.feature_filter), self.wanted, run.options)
            run.report.rows_read -= len(batch.lines) - len(named.lines)
            require(named, self.wanted, NEEDED, run.path.name)
            run.report.headers |= {target: " + ".join(parts) for target, parts in named.headers.items()}
            self._batch(named)
        self._take_apart()
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
        issued = self._dates(column("issued_on"), "issued_on", findings)
        published = self._dates(column("published_on"), "published_on", findings)
        placed = self._place(column("period"), indicator, state, findings)
        periods = [None if one is None else one.first for one in placed]
        days = self._days(periods, indicator.to_pylist(), state.to_pylist(), issued.to_pylist())
        keys, ids = self._units(column("unit_code"), column("unit_valid_from"), days, findings)
        value = parse_column(named.columns["value"], "number", self.run.notation)
        texts = named.columns["value"]
        findings.append(Finding("not_a_number", "value", value.bad, lambda row: f"«{texts[row]}» không phải là số."))
        empty = to_mask(pc.is_null(value.values)) & ~value.bad
        findings.append(Finding("not_null", "value", empty, lambda _: "«Giá trị» không được để trống."))
        units = parse_column(column("units"), "integer", self.run.notation)
        findings.append(Finding("not_an_integer", "units", units.bad, lambda _: "«Số đơn vị» không phải là số nguyên."))
        period = pa.array(periods, pa.date32())
        plan = to_mask(pc.fill_null(pc.equal(state, PLAN), False))
        issued = pc.if_else(pa.array(plan), pc.coalesce(issued, period), pa.scalar(None, pa.date32()))
        version = pc.coalesce(pc.cast(issued, pa.string()), pa.scalar(""))
        findings += self.keys.check(build_keys((keys, indicator, period, state, version)), named.lines)
        found = [finding for finding in findings if finding.rows.any()]
        rejected = self.run.quarantine.add_findings(found, named.lines, named.raw)
        apart = self._is_cumulative(column("cumulative"), placed) & ~plan & ~rejected
        table = pa.table([keys, ids, indicator, period, state, value.values, published, issued, column("document"),
                          units.values], names=CELLS)  # fmt: skip
        self._remember(table, np.flatnonzero(apart), named)
        self._stage(table.filter(pa.array(~rejected & ~apart)))

    def _stage(self, table: pa.Table) -> None:
        copy_rows(driver(self.run.connection), f"COPY {self.staging} FROM STDIN (FORMAT csv)", table)

    # ---------------------------------------------------------------- periods

    def _place(
        self, texts: pa.Array, indicators: pa.Array, states: pa.Array, findings: list[Finding]
    ) -> list[Placed | None]:
        """The period of each row; rows with another kind of period than their indicator has are found."""
        spans = _by_text(texts, parse_span)
        self._require(texts, spans, "period", "not_a_date", "không phải là kỳ (tháng, quý, năm)", findings)
        placed: list[Placed | None] = []
        other = np.zeros(len(spans), dtype=bool)
        computed = np.zeros(len(spans), dtype=bool)
        for row, (span, code, state) in enumerate(zip(spans, indicators.to_pylist(), states.to_pylist(), strict=True)):
            item = self.catalogue.get(code or "")
            if span is None or item is None:
                placed.append(None)
                continue
            placed.append(place(span, item, plan=state == PLAN))
            other[row] = placed[-1] is None
            computed[row] = item.computed and state != PLAN
        findings.append(
            Finding("other_period", "period", other,
                    lambda row: f"Kỳ «{texts[row]}» không đúng với chỉ tiêu «{indicators[row]}».")
        )  # fmt: skip
        findings.append(
            Finding("computed_indicator", "indicator", computed,
                    lambda row: f"Chỉ tiêu «{indicators[row]}» do hệ thống tự tính, không nhận từ tệp.")
        )  # fmt: skip
        return placed

    def _days(
        self,
        periods: list[date | None],
        codes: list[str | None],
        states: list[str | None],
        issued: list[date | None],
    ) -> list[date | None]:
        """The day on which the unit of a row must be in force: of the period, or the day a plan was issued."""
        days: list[date | None] = []
        for period, code, state, day in zip(periods, codes, states, issued, strict=True):
            if period is None or code is None:
                days.append(None)
            elif state == PLAN:
                days.append(day or period)
            else:
                days.append(reference_day(self.catalogue[code], period))
        return days

    def _dates(self, texts: pa.Array, name: str, findings: list[Finding]) -> pa.Array:
        parsed = parse_column(texts, "date", self.run.notation)
        findings.append(Finding("not_a_date", name, parsed.bad, lambda row: f"«{texts[row]}» không phải là ngày."))
        return parsed.values

    # ---------------------------------------------------------------- cumulative figures

    def _is_cumulative(self, said: pa.Array, placed: list[Placed | None]) -> Mask:
        """Rows that hold everything since January: their period or column says so, else the recipe."""
        default = self.run.options.cumulative
        yes = [default if word is None else parse_boolean(word) is True for word in said.to_pylist()]
        return np.array([word or (one is not None and one.cumulative) for word, one in zip(yes, placed, strict=True)],
                        dtype=bool)  # fmt: skip

    def _remember(self, table: pa.Table, rows: np.ndarray, named: NamedRows) -> None:
        raws = named.raw(rows.tolist()) if len(rows) else []
        for row, raw, cells in zip(rows.tolist(), raws, table.take(pa.array(rows)).to_pylist(), strict=True):
            self.cumulative.append(
                Reported(int(named.lines[row]), raw, cells["a"], cells["b"], cells["c"], cells["d"], cells["e"],
                         cells["f"], cells["g"])
            )  # fmt: skip

    def _take_apart(self) -> None:
        if not self.cumulative:
            return
        rows = self.cumulative
        keys = {row.unit_id: row.unit_key for row in rows}
        earlier = history(
            self.run.connection,
            unit_ids=list(keys),
            codes=sorted({row.code for row in rows}),
            first=min(row.period for row in rows).replace(month=1),
            last=max(row.period for row in rows),
        )
        known = {(keys[value.unit_id], value.code, value.period): value.value for value in earlier
                 if value.state != PLAN}  # fmt: skip
        same_file = f"SELECT feature_key, parameter, period, value FROM {self.staging} WHERE state <> '{PLAN}'"
        known |= {(row[0], row[1], row[2]): row[3] for row in self.run.connection.execute(text(same_file))}
        good, bad = take_apart(rows, known, self.catalogue)
        for refused in bad:
            row = refused.row
            self.run.quarantine.add(row.line, "value", refused.reason, refused.message, row_json(row.raw), kept=False)
            self.run.report.rows_rejected += 1
        self.run.quarantine.flush()
        cells = [
            (row.unit_key, row.unit_id, row.code, row.period, row.state, row.value, row.published_on, None, None, None)
            for row in good
        ]
        kinds = (pa.string(), pa.int32(), pa.string(), pa.date32(), pa.string(), pa.float64(), pa.date32(),
                 pa.date32(), pa.string(), pa.int32())  # fmt: skip
        columns = [pa.array(values, kind) for values, kind in zip(zip(*cells, strict=True), kinds, strict=True)]
        if columns:
            self._stage(pa.table(columns, names=CELLS))

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
        merged = [run.connection.execute(text(statement), {"layer": run.layer.id, "run": run.id}).one()
                  for statement in (_figures_sql(name), _plans_sql(name))]  # fmt: skip
        staged = run.connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
        run.connection.execute(text(f"DROP TABLE {name}"))
        report = run.report
        report.inserted = sum(row.inserted for row in merged)
        report.updated = sum(row.updated for row in merged)
        report.unchanged = staged - report.inserted - report.updated
        if report.changed:
            facts = run.connection.execute(
                text(
                    "SELECT count(DISTINCT s.id) AS n, max(v.period) AS newest FROM core.series s"
                    " LEFT JOIN core.indicator_value v ON v.series_id = s.id WHERE s.layer_id = :layer"
                ),
                {"layer": run.layer.id},
            ).one()
            bump_version(run.connection, layer_id=run.layer.id, features=facts.n, data_until=facts.newest)


_COUNTED = (
    " RETURNING xmax = 0 AS fresh) SELECT count(*) FILTER (WHERE fresh) AS inserted,"
    " count(*) FILTER (WHERE NOT fresh) AS updated FROM merged"
)


def _figures_sql(staging: str) -> str:
    """A figure is kept for each state: an official one stands beside the estimate it replaces."""
    return (
        "WITH merged AS (INSERT INTO core.indicator_value AS v (series_id, period, state, value, published_on, units,"
        " run_id) SELECT s.id, l.period, l.state, l.value, l.published_on, l.units, :run"
        f" FROM {staging} l JOIN core.series s"
        " ON s.layer_id = :layer AND s.feature_key = l.feature_key AND s.parameter = l.parameter"
        f" WHERE l.state <> '{PLAN}'"
        " ON CONFLICT (series_id, period, state) DO UPDATE SET value = excluded.value, run_id = excluded.run_id,"
        " published_on = coalesce(excluded.published_on, v.published_on), units = excluded.units, updated_at = now()"
        " WHERE v.value IS DISTINCT FROM excluded.value OR v.units IS DISTINCT FROM excluded.units"
        f" OR coalesce(excluded.published_on, v.published_on) IS DISTINCT FROM v.published_on{_COUNTED}"
    )


def _plans_sql(staging: str) -> str:
    """A plan is kept for each day on which one was issued."""
    return (
        "WITH merged AS (INSERT INTO core.indicator_plan AS p (series_id, year, issued_on, value, document, run_id)"
        f" SELECT s.id, l.period, l.issued_on, l.value, l.document, :run FROM {staging} l JOIN core.series s"
        " ON s.layer_id = :layer AND s.feature_key = l.feature_key AND s.parameter = l.parameter"
        f" WHERE l.state = '{PLAN}'"
        " ON CONFLICT (series_id, year, issued_on) DO UPDATE SET value = excluded.value, run_id = excluded.run_id,"
        " document = coalesce(excluded.document, p.document), updated_at = now()"
        " WHERE p.value IS DISTINCT FROM excluded.value"
        f" OR coalesce(excluded.document, p.document) IS DISTINCT FROM p.document{_COUNTED}"
    )


def _by_text[T](texts: pa.Array, parse: Callable[[str], T | None]) -> list[T | None]:
    """Parse each distinct text once."""
    memory = {value: None if value is None else parse(value) for value in pc.unique(texts).to_pylist()}
    return [memory[value] for value in texts.to_pylist()]
