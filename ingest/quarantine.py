"""Rejected rows, and kept rows with a finding, written down so that the sender can trace and mend them."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
from psycopg import Connection as PsycopgConnection
from sqlalchemy import Connection, select

from ingest.checks import Finding
from ingest.parsing import Mask
from ingest.readers.base import BrokenRow, Lines
from ingest.report import RunReport
from layers.model import Layer
from layers.reasons import REASONS
from spatial.schema.ops import quarantine

COPY = "COPY ops.quarantine (run_id, layer_id, source, line, field, reason, message, row, kept) FROM STDIN (FORMAT csv)"


def _plain(value: object) -> object:
    """A value JSON knows."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return value if isinstance(value, str | int | float | bool | list | dict | type(None)) else str(value)


def row_json(row: Mapping[str, Any]) -> str:
    """A row as it came, as JSON text; PostgreSQL's JSON knows no zero character."""
    text = json.dumps({name: _plain(value) for name, value in row.items()}, ensure_ascii=False, default=str)
    return text.replace("\\u0000", "")


@dataclass
class Quarantine:
    """Collects the findings of a run and streams them to ``ops.quarantine``, batch by batch."""

    connection: PsycopgConnection[Any]
    run_id: int
    layer: Layer
    source: str
    report: RunReport
    _rows: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, line: int | None, name: str | None, reason: str, message: str, row: str, *, kept: bool) -> None:
        self._rows.append((self.run_id, self.layer.id, self.source, line, name, reason, message, row, kept))
        (self.report.flagged if kept else self.report.rejected)[reason] += 1

    def add_findings(
        self, findings: Sequence[Finding], lines: Lines, raw: Callable[[Sequence[int]], list[dict[str, Any]]]
    ) -> Mask:
        """Write findings down; returns the rows that are rejected. ``raw`` gives rows as they came."""
        rejected = np.zeros(len(lines), dtype=bool)
        for finding in findings:
            if not finding.kept:
                rejected |= finding.rows
        involved = np.zeros(len(lines), dtype=bool)
        for finding in findings:
            involved |= finding.rows
        indexes = np.flatnonzero(involved)
        texts = dict(zip(indexes.tolist(), map(row_json, raw(indexes.tolist())), strict=True)) if len(indexes) else {}
        for finding in findings:
            for row in np.flatnonzero(finding.rows).tolist():
                kept = finding.kept
                if kept and rejected[row]:
                    continue  # a row that is not stored needs no note that it is doubtful
                message = finding.describe(row)
                self.add(int(lines[row]), finding.field, finding.reason, message, texts[row], kept=kept)
        self.report.rows_rejected += int(rejected.sum())
        self.flush()
        return rejected

    def add_broken(self, rows: Iterable[BrokenRow]) -> None:
        """Rows that could not be cut into columns."""
        for row in rows:
            message = f"Không tách được cột: {row.message}."
            self.add(row.line, None, "broken_row", message, row_json({"": row.text}), kept=False)
            self.report.rows_rejected += 1
            self.report.rows_read += 1
        self.flush()

    def flush(self) -> None:
        """Send what was collected."""
        if not self._rows:
            return
        kinds = (pa.int64(), pa.string(), pa.string(), pa.int64(), *(pa.string(),) * 4, pa.bool_())
        columns = [pa.array(values, kind) for values, kind in zip(zip(*self._rows, strict=True), kinds, strict=True)]
        copy_rows(self.connection, COPY, pa.table(columns, names=[str(i) for i in range(len(columns))]))
        self._rows.clear()


def copy_rows(connection: PsycopgConnection[Any], statement: str, table: pa.Table) -> None:
    """Send a table through COPY ... FROM STDIN (FORMAT csv): null is empty, text stands in quotes."""
    buffer = io.BytesIO()
    pyarrow.csv.write_csv(table, buffer, pyarrow.csv.WriteOptions(include_header=False))
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(buffer.getbuffer())


def forget(connection: Connection, *, layer_id: str, source: str) -> None:
    """Remove the rejects of earlier runs of a file; its new run writes its own."""
    connection.execute(quarantine.delete().where(quarantine.c.layer_id == layer_id, quarantine.c.source == source))


def read_quarantine(connection: Connection, *, layer_id: str, limit: int | None = None) -> list[dict[str, Any]]:
    """Rejected rows and findings of a layer, newest file first, by line."""
    q = quarantine.c
    wanted = select(q.source, q.line, q.field, q.reason, q.message, q.kept, q.row).where(q.layer_id == layer_id)
    ordered = wanted.order_by(q.run_id.desc(), q.line, q.id).limit(limit)
    return [dict(row) for row in connection.execute(ordered).mappings()]


def write_csv(rows: Iterable[Mapping[str, Any]], target: Path) -> int:
    """Write rejected rows for the sender: UTF-8 with a mark, which spreadsheet programs need. Returns their number."""
    count = 0
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("tệp", "dòng", "trường", "lý do", "diễn giải", "vẫn được lưu", "dữ liệu"))
        for row in rows:
            reason = REASONS[row["reason"]].vi if row["reason"] in REASONS else row["reason"]
            kept = "có" if row["kept"] else "không"
            cells = json.dumps(row["row"], ensure_ascii=False)
            writer.writerow((row["source"], row["line"], row["field"], reason, row["message"], kept, cells))
            count += 1
    return count
