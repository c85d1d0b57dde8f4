"""Sheets of a workbook (xlsx, xls, xlsb, ods), every value as text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from ingest.headers import fold_header
from ingest.options import SourceOptions
from ingest.readers.base import BATCH_ROWS, Batch
from spatial.errors import SourceUnreadable
from spatial.workbooks import unreadable_workbook

HEADER_WITHIN = 30  # rows above the header hold the title and the agency of an official form

type Cell = str | float | int | bool | date | datetime | time | timedelta | None


def cell_text(cell: Cell, decimal: str) -> str | None:
    """A cell as the text a person would type: whole numbers without decimals, dates in ISO 8601.

    Numbers are written with ``decimal``, so that typed and text cells of a column are parsed alike.
    """
    match cell:
        case None:
            return None
        case str():
            return cell.strip() or None
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer() and abs(cell) < 2**53:
            return str(int(cell))
        case float():
            return repr(cell).replace(".", decimal)
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime() | date() | time():
            return cell.isoformat()
        case _:
            return str(cell)


def find_header_row(rows: list[list[Cell]], known: frozenset[str]) -> int:
    """Index of the header row: the one with most headers the layer knows, else the one with most texts."""

    def score(row: list[Cell]) -> tuple[int, int]:
        texts = [cell for cell in row if isinstance(cell, str) and cell.strip()]
        return sum(fold_header(text) in known for text in texts), len(texts)

    # The first of equals, so that a repeated header further down stays a data row and is rejected as such.
    candidates = range(min(len(rows), HEADER_WITHIN))
    return max(candidates, key=lambda index: (*score(rows[index]), -index))


def _fill_merged(rows: list[list[Cell]], sheet: CalamineSheet) -> None:
    """Give every cell of a merged range the value of its first cell."""
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top >= len(rows):
            continue
        value = rows[top][left] if left < len(rows[top]) else None
        for row in rows[top : bottom + 1]:
            for index in range(left, min(right + 1, len(row))):
                row[index] = value


def _open_sheet(path: Path, name: str | None) -> CalamineSheet:
    try:
        book = CalamineWorkbook.from_path(path)
        if name is not None and name not in book.sheet_names:
            raise SourceUnreadable(f"{path.name} has no sheet {name!r}; its sheets are: {', '.join(book.sheet_names)}.")
        return book.get_sheet_by_name(name or book.sheet_names[0])
    except (CalamineError, BadZipFile, OSError) as error:
        raise unreadable_workbook(path, error) from None


def read_excel(path: Path, options: SourceOptions, known: frozenset[str]) -> Iterator[Batch]:
    """Rows below the header row of one sheet (the first, unless the options name one).

    :raises SourceUnreadable: when the workbook is damaged, or has no such sheet or no rows.
    """
    sheet = _open_sheet(path, options.sheet)
    rows: list[list[Cell]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    if not rows:
        raise SourceUnreadable(f"Sheet {sheet.name!r} of {path.name} is empty.")
    _fill_merged(rows, sheet)
    top = find_header_row(rows, known)
    decimal = options.decimal or "."
    columns = {}
    for index, cell in enumerate(rows[top]):
        header = cell_text(cell, ".")
        if header is not None and header not in columns:
            columns[header] = index
    if not columns:
        raise SourceUnreadable(f"Sheet {sheet.name!r} of {path.name} has no header row.")
    for start in range(top + 1, len(rows), BATCH_ROWS):
        yield _batch(rows[start : start + BATCH_ROWS], start, columns, decimal)


def _batch(rows: list[list[Cell]], start: int, columns: dict[str, int], decimal: str) -> Batch:
    kept = [
        (start + offset + 1, row)
        for offset, row in enumerate(rows)
        if any(cell not in ("", None) for cell in (row[index] for index in columns.values() if index < len(row)))
    ]
    table = pa.table(
        {
            header: pa.array(
                [cell_text(row[index], decimal) if index < len(row) else None for _, row in kept], pa.string()
            )
            for header, index in columns.items()
        }
    )
    return Batch(table, np.array([line for line, _ in kept], dtype=np.int64))
