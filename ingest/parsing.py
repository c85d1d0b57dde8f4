"""Texts to typed values. Nothing is guessed: what does not read as its type is said to be bad, not dropped."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from layers.model import ColumnType
from spatial.settings import LOCAL_ZONE

type Mask = npt.NDArray[np.bool_]

UTC_MICROSECONDS = pa.timestamp("us", tz="UTC")
ARROW_TYPES: dict[ColumnType, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": UTC_MICROSECONDS,
}
# What people and programs write for «no value»; in text columns these are words like any other.
MISSING = ("na", "n/a", "#n/a", "nan", "null", "none", "-", "--")
BOOLEANS = {
    "true": True, "false": False, "1": True, "0": False, "yes": True, "no": False, "có": True, "không": False,
    "đúng": True, "sai": False, "t": True, "f": False, "x": True,
}  # fmt: skip
NUMBER = {
    ".": r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$",
    # Vietnamese notation: groups of three after a point, decimals after a comma.
    ",": r"^[+-]?(\d{1,3}(\.\d{3})+|\d+)?(,\d+)?([eE][+-]?\d+)?$",
}
_DAY_FIRST = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?$")


@dataclass(frozen=True)
class Notation:
    """How a file writes numbers and times."""

    decimal: Literal[".", ","] = "."
    datetime_format: str | None = None
    zone: ZoneInfo = LOCAL_ZONE


@dataclass(frozen=True)
class Parsed:
    """Typed values; ``bad`` marks the rows whose text is not of the type (their value is null)."""

    values: pa.Array
    bad: Mask


def one_array(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """The column in one piece."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    return pc.cast(column, column.type.value_type) if pa.types.is_dictionary(column.type) else column


def to_text(column: pa.Array) -> pa.Array:
    """Text in NFC without outer blanks and zero characters; empty is null. Whole numbers lose their decimals."""
    if pa.types.is_floating(column.type):
        whole = pc.and_kleene(pc.equal(pc.floor(column), column), pc.less(pc.abs(column), 2.0**53))
        text = pc.if_else(
            pc.fill_null(whole, False),
            pc.cast(pc.cast(pc.if_else(whole, column, None), pa.int64()), pa.string()),
            pc.cast(column, pa.string()),
        )
        return pc.if_else(pc.is_nan(column), pa.scalar(None, pa.string()), text)
    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        return pc.cast(pc.binary_length(column), pa.string())
    text = column if pa.types.is_string(column.type) else pc.cast(column, pa.string())
    text = pc.utf8_trim_whitespace(pc.utf8_normalize(pc.replace_substring(text, "\x00", ""), form="NFC"))
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def parse_date(text: str, form: str | None = None) -> date | None:
    """A day: ``form`` (strptime), ISO 8601, dd/mm/yyyy or yyyymmdd; a time after it is dropped. None = not a day."""
    try:
        if form is not None:
            return datetime.strptime(text, form).date()
        if found := _DAY_FIRST.match(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if found := _COMPACT.match(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        return date.fromisoformat(text[:10]) if len(text) <= 10 else datetime.fromisoformat(text).date()
    except ValueError:
        return None


def parse_datetime(text: str, zone: ZoneInfo, form: str | None = None) -> datetime | None:
    """A moment: ``form``, ISO 8601, dd/mm/yyyy hh:mm[:ss] or yyyymmddhhmmss. Without offset it is in ``zone``."""
    try:
        if form is not None:
            moment = datetime.strptime(text, form)
        elif found := _DAY_FIRST.match(text):
            day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
            moment = datetime(year, month, day, hour, minute, second)
        elif found := _COMPACT.match(text):
            moment = datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type]
        else:
            moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)


def parse_boolean(text: str) -> bool | None:
    """Yes or no in Vietnamese, English and digits."""
    return BOOLEANS.get(text.casefold())


def _missing_to_null(text: pa.Array) -> pa.Array:
    return pc.if_else(pc.is_in(pc.utf8_lower(text), pa.array(MISSING)), pa.scalar(None, pa.string()), text)


def parse_numbers(text: pa.Array, decimal: Literal[".", ","]) -> Parsed:
    """Numbers in the declared notation. A comma where the point is declared is bad, never a guess."""
    plain = pc.replace_substring_regex(text, r"[\s\x{00A0}\x{202F}]+", "")
    fits = pc.fill_null(pc.match_substring_regex(plain, NUMBER[decimal]), False)
    digits = pc.fill_null(pc.match_substring_regex(plain, r"\d"), False)
    fits = pc.and_(fits, digits)
    bad = pc.and_(pc.is_valid(text), pc.invert(fits))
    plain = pc.if_else(fits, plain, pa.scalar(None, pa.string()))
    if decimal == ",":
        plain = pc.replace_substring(pc.replace_substring(plain, ".", ""), ",", ".")
    values = pc.cast(pc.replace_substring_regex(plain, r"^\+", ""), pa.float64())
    infinite = pc.fill_null(pc.is_inf(values), False)
    values = pc.if_else(infinite, pa.scalar(None, pa.float64()), values)
    return Parsed(values, to_mask(pc.or_(bad, infinite)))


def to_mask(values: pa.Array | pa.ChunkedArray) -> Mask:
    """Boolean array, null = False."""
    return np.asarray(pc.fill_null(values, False).to_numpy(zero_copy_only=False), dtype=bool)


def _integers(numbers: pa.Array, bad: Mask) -> Parsed:
    whole = to_mask(pc.and_(pc.equal(pc.floor(numbers), numbers), pc.less(pc.abs(numbers), 2.0**53)))
    present = to_mask(pc.is_valid(numbers))
    kept = pc.if_else(pa.array(whole), numbers, pa.scalar(None, pa.float64()))
    return Parsed(pc.cast(kept, pa.int64()), bad | (present & ~whole))


def _by_distinct[T](text: pa.Array, parse: Callable[[str], T | None], kind: pa.DataType) -> Parsed:
    """Parse each distinct text once: a file has far fewer days and hours than rows."""
    coded = pc.dictionary_encode(text)
    parsed = [parse(value) for value in coded.dictionary.to_pylist()]
    values = pa.array(parsed, kind).take(coded.indices)
    return Parsed(values, to_mask(pc.and_(pc.is_valid(text), pc.is_null(values))))


def parse_column(column: pa.ChunkedArray | pa.Array, kind: ColumnType, notation: Notation) -> Parsed:
    """Values of a column as the type its layer declares."""
    array = one_array(column)
    none = np.zeros(len(array), dtype=bool)
    if kind == "text":
        return Parsed(to_text(array), none)
    if pa.types.is_null(array.type):
        return Parsed(pa.nulls(len(array), ARROW_TYPES[kind]), none)
    if kind in ("number", "integer") and (pa.types.is_integer(array.type) or pa.types.is_floating(array.type)):
        numbers = pc.cast(array, pa.float64())
        numbers = pc.if_else(pc.is_finite(numbers), numbers, pa.scalar(None, pa.float64()))
        return Parsed(numbers, none) if kind == "number" else _integers(numbers, none)
    if kind == "boolean" and pa.types.is_boolean(array.type):
        return Parsed(array, none)
    if kind == "date" and pa.types.is_date(array.type):
        return Parsed(pc.cast(array, pa.date32()), none)
    if kind == "datetime" and pa.types.is_timestamp(array.type) and array.type.tz is not None:
        return Parsed(pc.cast(array, UTC_MICROSECONDS), none)
    if pa.types.is_timestamp(array.type):
        array = pc.strftime(pc.cast(array, pa.timestamp("s"), safe=False), format="%Y-%m-%dT%H:%M:%S")
        notation = Notation(zone=notation.zone)
    return _parse_text(_missing_to_null(to_text(array)), kind, notation)


def _parse_text(text: pa.Array, kind: ColumnType, notation: Notation) -> Parsed:
    form = notation.datetime_format
    match kind:
        case "number":
            return parse_numbers(text, notation.decimal)
        case "integer":
            numbers = parse_numbers(text, notation.decimal)
            return _integers(numbers.values, numbers.bad)
        case "boolean":
            return _by_distinct(text, parse_boolean, pa.bool_())
        case "date":
            # The declared form is of the file's times; its plain days may still be ISO.
            return _by_distinct(text, lambda value: parse_date(value, form) or parse_date(value), pa.date32())
        case "datetime":
            return _by_distinct(text, lambda value: parse_datetime(value, notation.zone, form), UTC_MICROSECONDS)
        case _:
            raise AssertionError(kind)
