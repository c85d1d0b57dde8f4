"""CSV and TSV, plain or compressed, every value as text."""

from __future__ import annotations

import bz2
import codecs
import csv
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from ingest.options import SourceOptions
from ingest.readers.base import BATCH_ROWS, Batch, BrokenRow, Lines
from spatial.errors import SourceUnreadable, WrongEncoding

BLOCK = 4 << 20
HEAD = 1 << 18  # the header row lies within
DELIMITERS = ",;\t|"


def open_bytes(path: Path) -> BinaryIO:
    """The file's bytes, unpacked when its first bytes say that it is packed."""
    with path.open("rb") as file:
        magic = file.read(6)
    if magic.startswith(b"\x1f\x8b"):
        return cast(BinaryIO, gzip.open(path, "rb"))
    if magic.startswith(b"BZh"):
        return cast(BinaryIO, bz2.open(path, "rb"))
    if magic.startswith(b"\xfd7zXZ"):
        return cast(BinaryIO, lzma.open(path, "rb"))
    if magic.startswith(b"PK\x03\x04"):
        return _open_only_member(path)
    return path.open("rb")


def _open_only_member(path: Path) -> BinaryIO:
    archive = zipfile.ZipFile(path)
    names = [name for name in archive.namelist() if not name.endswith("/")]
    if len(names) != 1:
        raise SourceUnreadable(f"{path.name} holds {len(names)} files; a zipped table must hold one.")
    return cast(BinaryIO, archive.open(names[0]))


class Utf8Stream(io.RawIOBase):
    """Bytes of a file in a declared encoding, handed on as UTF-8 and checked on the way."""

    def __init__(self, source: BinaryIO, encoding: str, name: str) -> None:
        self._source = source
        self._encoding = encoding
        self._name = name
        self._decoder = codecs.getincrementaldecoder("utf-8-sig" if _is_utf8(encoding) else encoding)()
        self._pending = b""
        self._lines = 0
        self.quoted = False  # a quotation mark was seen: line breaks inside values are possible

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        while not self._pending:
            block = self._source.read(BLOCK)
            text = self._decode(block)
            if not block and not text:
                return 0
            self._pending = text.encode("utf-8")
            self.quoted = self.quoted or '"' in text
        part = self._pending[: len(view)]
        view[: len(part)] = part
        self._pending = self._pending[len(part) :]
        return len(part)

    def _decode(self, block: bytes) -> str:
        try:
            text = self._decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            held = cast(bytes, error.object)
            line = self._lines + held[: error.start].count(b"\n") + 1
            raise WrongEncoding(
                f"{self._name} is not {self._encoding}: line {line} holds bytes that encoding does not know. "
                "Say the right one with the option encoding, for example windows-1258 or utf-16."
            ) from None
        self._lines += text.count("\n")
        return text


def _is_utf8(encoding: str) -> bool:
    return codecs.lookup(encoding).name in ("utf-8", "utf-8-sig")


def _open_text(path: Path, encoding: str) -> Utf8Stream:
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise SourceUnreadable(f"There is no encoding named {encoding!r}.") from None
    return Utf8Stream(open_bytes(path), encoding, path.name)


def _read_header(path: Path, options: SourceOptions) -> tuple[list[str], str, int]:
    """Headers, delimiter, and the number of lines the header takes."""
    with io.BufferedReader(_open_text(path, options.encoding or "utf-8")) as stream:
        head = stream.read(HEAD).decode("utf-8", errors="ignore")
    if not head.strip():
        raise SourceUnreadable(f"{path.name} is empty.")
    if "\x00" in head:
        raise SourceUnreadable(f"{path.name} is not a text file: it holds zero bytes.")
    first = head.splitlines()[0]
    delimiter = options.delimiter or max(DELIMITERS, key=first.count)
    rows = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    header = [name.strip() for name in next(rows)]
    return _unique(header), delimiter, rows.line_num


def _unique(header: list[str]) -> list[str]:
    """Headers told apart: a repeated or empty one gets its column number."""
    seen: set[str] = set()
    names = []
    for number, name in enumerate(header, start=1):
        unique = name if name and name not in seen else f"{name or 'column'} #{number}"
        seen.add(unique)
        names.append(unique)
    return names


class _Lines:
    """Line numbers of rows: the reader counts records, people count lines."""

    def __init__(self, stream: Utf8Stream, first: int) -> None:
        self.stream = stream
        self.next_record = first  # line on which the next record would start if no value held a line break
        self.extra = 0  # line breaks inside values so far
        self.broken: dict[int, pyarrow.csv.InvalidRow] = {}

    def refuse(self, row: pyarrow.csv.InvalidRow) -> str:
        self.broken[row.number] = row
        return "skip"

    def take(self, table: pa.Table) -> tuple[np.ndarray, list[BrokenRow]]:
        """Lines of the rows of the next table, and the broken rows before its end."""
        rows = table.num_rows
        span = np.arange(self.next_record, self.next_record + rows + len(self.broken))
        good = span[~np.isin(span, list(self.broken))][:rows] if self.broken else span
        last = int(good[-1]) if rows else self.next_record - 1
        ended = sorted(number for number in self.broken if number < last)
        # breaks[i]: line breaks inside the values of the first i rows
        breaks = np.zeros(rows + 1, dtype=np.int64)
        if self.stream.quoted:
            np.cumsum(_breaks(table), out=breaks[1:])
        broken = [self._broken(number, int(breaks[np.searchsorted(good, number)])) for number in ended]
        lines = good + self.extra + breaks[:rows]
        self.next_record = last + 1
        self.extra += int(breaks[-1])
        return lines.astype(np.int64), broken

    def rest(self) -> list[BrokenRow]:
        return [self._broken(number, 0) for number in sorted(self.broken)]

    def _broken(self, number: int, breaks: int) -> BrokenRow:
        row = self.broken.pop(number)
        message = f"dòng có {row.actual_columns} cột, cần {row.expected_columns} cột"
        return BrokenRow(number + self.extra + breaks, row.text, message)


def _breaks(table: pa.Table) -> np.ndarray:
    """Line breaks inside the values of each row."""
    counts = np.zeros(table.num_rows, dtype=np.int64)
    for column in table.columns:
        counts += pc.fill_null(pc.count_substring(column, "\n"), 0).to_numpy()
    return counts


def drop_empty_rows(table: pa.Table, lines: Lines) -> tuple[pa.Table, Lines]:
    """Without the rows in which every column is empty."""
    filled = np.zeros(table.num_rows, dtype=bool)
    for column in table.columns:
        filled |= pc.is_valid(column).to_numpy()
        if filled.all():
            return table, lines
    return table.filter(pa.array(filled)), lines[filled]


def read_text(path: Path, options: SourceOptions, known: frozenset[str]) -> Iterator[Batch]:
    """Rows of a delimited text file; the first line holds the headers.

    :raises WrongEncoding: naming the line, when the bytes are not in the declared encoding.
    :raises SourceUnreadable: when the file is missing, damaged, empty or not text.
    """
    try:
        yield from _read_text(path, options)
    except WrongEncoding:
        raise
    except (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile) as error:
        raise SourceUnreadable(f"{path.name} cannot be read: {_reason(error)}.") from None
    except (pa.ArrowInvalid, csv.Error) as error:
        raise SourceUnreadable(f"{path.name} is not a table of text: {_reason(error)}.") from None


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__


def _read_text(path: Path, options: SourceOptions) -> Iterator[Batch]:
    header, delimiter, header_lines = _read_header(path, options)
    stream = _open_text(path, options.encoding or "utf-8")
    lines = _Lines(stream, header_lines + 1)
    with stream:
        reader = pyarrow.csv.open_csv(
            pa.PythonFile(stream, mode="r"),
            # One thread: only then does pyarrow say the number of a row it refuses.
            read_options=pyarrow.csv.ReadOptions(
                skip_rows=header_lines, column_names=header, use_threads=False, block_size=BLOCK
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=lines.refuse,
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=True, null_values=[""]
            ),
        )
        for block in reader:
            table = pa.Table.from_batches([block])
            numbers, broken = lines.take(table)
            table, numbers = drop_empty_rows(table, numbers)
            broken = [row for row in broken if row.text.strip()]
            for start in range(0, max(table.num_rows, 1), BATCH_ROWS):
                stop = start + BATCH_ROWS
                yield Batch(table.slice(start, BATCH_ROWS), numbers[start:stop], broken=broken)
                broken = []
    rest = [row for row in lines.rest() if row.text.strip()]
    if rest:
        yield Batch(pa.table({name: pa.array([], pa.string()) for name in header}), np.array([], np.int64), broken=rest)
