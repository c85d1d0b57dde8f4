"""Files of automatic stations: one file of a few lines every five minutes, or a folder of thousands in one go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from ingest.options import SourceOptions
from ingest.readers.base import BATCH_ROWS, Batch, BrokenRow
from ingest.readers.logger_line import BadLine, LoggerLine, parse_line
from ingest.readers.text import open_bytes
from spatial.errors import SourceUnreadable

# HN_BKHN_KHIKXQ_20260325000500.txt: province, station, type of station, time of sending.
NAME = re.compile(r"(?P<province>[^_]+)_(?P<station>.+)_(?P<type>[A-Z]{6})_(?P<time>\d{14})\.txt", re.IGNORECASE)
# Folders that say when, not where: 2026, 03, 25, 202603, 20260325, 2026-03-25, Thang03, Ngay25.
DATE_FOLDER = re.compile(r"(\d{2}|\d{4}|\d{6}|\d{8}|\d{4}([-_]\d{2}){1,2}|thang ?\d{1,2}|ngay ?\d{1,2})", re.IGNORECASE)
COLUMNS = ("station", "time", "parameter", "value", "unit", "status", "file")


def is_logger_file(path: Path) -> bool:
    """Whether a file is named as loggers name theirs."""
    return NAME.fullmatch(path.name) is not None


def holds_logger_files(folder: Path) -> bool:
    """Whether there is such a file in a folder or below."""
    return any(is_logger_file(path) for path in folder.rglob("*") if path.suffix.lower() == ".txt")


def read_logger(path: Path, options: SourceOptions, known: frozenset[str]) -> Iterator[Batch]:
    """Lines of a logger file, or of all in a folder, the oldest first; station by file name, else by folder.

    The same value sent twice is one value. Of two values for one time the one received last stands; the line before it
    is kept as a broken row. A line that cannot be read is a broken row with the file's name.

    :raises SourceUnreadable: when a folder holds no text file, or a file cannot be read.
    """
    files = [path] if path.is_file() else sorted(_text_files(path), key=_sent)
    if not files:
        raise SourceUnreadable(f"{path} holds no .txt file of a station.")
    content = _Content(known, options)
    for file in files:
        content.add(file, _station(file, path))
    yield from content.batches()


def _text_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.suffix.lower() == ".txt" and path.is_file()]


def _sent(path: Path) -> tuple[str, str]:
    found = NAME.fullmatch(path.name)
    return (found["time"] if found else "", str(path))


def _station(file: Path, root: Path) -> str:
    """Code of the station: in the file's name, else the nearest folder that is not a date."""
    if found := NAME.fullmatch(file.name):
        return found["station"]
    folders = file.relative_to(root).parent.parts if root.is_dir() else file.parent.parts[-4:]
    named = [folder for folder in folders if not DATE_FOLDER.fullmatch(folder)]
    return named[-1] if named else (root.name if root.is_dir() else "")


@dataclass
class _Content:
    """Lines of all files: rows by (station, parameter, time), and what could not be read."""

    known: frozenset[str]
    options: SourceOptions
    rows: dict[tuple[str, str, str], tuple[int, LoggerLine, str, str]] = field(default_factory=dict)
    broken: list[BrokenRow] = field(default_factory=list)

    def add(self, file: Path, station: str) -> None:
        found = NAME.fullmatch(file.name)
        wanted = self.options.station_types
        if found and wanted and found["type"].upper() not in wanted:
            said = f"{file.name}: trạm loại {found['type']}, lớp này nhận {', '.join(wanted)}"
            self.broken.append(BrokenRow(1, file.name, said))
            return
        for number, text in enumerate(_lines(file, self.options.encoding or "utf-8"), start=1):
            if not text.strip():
                continue
            try:
                line = parse_line(text, self.known)
            except BadLine as error:
                self.broken.append(BrokenRow(number, text, f"{file.name}, dòng {number}: {error}"))
                continue
            self._take(station, number, line, text, file.name)

    def _take(self, station: str, number: int, line: LoggerLine, text: str, name: str) -> None:
        key = (station, line.parameter, line.time)
        before = self.rows.pop(key, None)  # the newest goes to the end
        if before is not None and before[1] != line:
            said = f"{before[3]}, dòng {before[0]}: được thay bằng giá trị gửi sau trong {name}"
            self.broken.append(BrokenRow(before[0], before[2], said))
        self.rows[key] = (number, line, text, name)

    def batches(self) -> Iterator[Batch]:
        broken = self.broken
        columns: dict[str, list[str | None]] = {name: [] for name in COLUMNS}
        numbers: list[int] = []
        for (station, _, _), (number, line, _, name) in self.rows.items():
            value = None if self.options.zero_is_error and _is_zero(line.value) else line.value
            said = (station, line.time, line.parameter, value, line.unit, line.status, name)
            for column, text in zip(COLUMNS, said, strict=True):
                columns[column].append(text)
            numbers.append(number)
            if len(numbers) == BATCH_ROWS:
                yield _batch(columns, numbers, broken)
                columns, numbers, broken = {name: [] for name in COLUMNS}, [], []
        if numbers or broken:
            yield _batch(columns, numbers, broken)


def _batch(columns: dict[str, list[str | None]], numbers: list[int], broken: list[BrokenRow]) -> Batch:
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    return Batch(table, np.array(numbers, np.int64), broken=broken)


def _is_zero(value: str | None) -> bool:
    try:
        return value is not None and float(value) == 0
    except ValueError:
        return False


def _lines(file: Path, encoding: str) -> list[str]:
    try:
        with open_bytes(file) as source:
            return source.read().decode("utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding).splitlines()
    except UnicodeDecodeError:
        raise SourceUnreadable(f"{file.name} is not {encoding}. Say the right one with the option encoding.") from None
    except (OSError, EOFError, LookupError) as error:
        raise SourceUnreadable(f"{file.name} cannot be read: {error}.") from None
