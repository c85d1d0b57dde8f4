"""One line of an automatic station's logger file, in any of the orders in which loggers write.

Sources: Circular 10/2021/TT-BTNMT article 39 and files seen; tab, comma or several blanks between fields, status may
be absent, time may come first. Times are local (UTC+7), written yyyyMMddHHmmss.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from ingest.headers import fold_header

TIME = re.compile(r"\d{14}|\d{12}")
BLANKS = re.compile(r" {2,}")
NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")
NO_VALUE = frozenset({"", "-", "--", "---", "nan", "null", "n/a", "na", "none", "*", "****"})
UNKNOWN_STATUS = "?"  # absent or not defined: no proof of a good value
STATUSES = frozenset({"00", "01", "02"})
# Where the fields stand, by the place of the time: parameter, value, unit, status.
ORDERS = {3: (0, 1, 2, 4), 0: (1, 2, 3, 4), 2: (0, 1, None, 3)}


class BadLine(ValueError):
    """A line that says nothing one can rely on; the sentence is for the sender, in Vietnamese."""


@dataclass(frozen=True)
class LoggerLine:
    """What a line says. ``value`` None = said to be missing; ``time`` ISO 8601 with offset; ``unit`` as written."""

    parameter: str
    value: str | None
    unit: str | None
    time: str
    status: str


def parse_line(line: str, known: frozenset[str] = frozenset()) -> LoggerLine:
    """Read one line. ``known`` are folded parameter names: «PM2,5» in a line with commas is put together by them.

    :raises BadLine: saying what is wrong.
    """
    fields = _split(line.strip("\r\n"), known)
    at = next((place for place in ORDERS if place < len(fields) and TIME.fullmatch(fields[place])), None)
    if at is None:
        raise BadLine("không tìm thấy thời gian dạng yyyyMMddHHmmss ở vị trí nào đã biết")
    places = ORDERS[at]
    parameter, value, unit, status = (
        fields[place] if place is not None and place < len(fields) else "" for place in places
    )
    expected = max(at, *(place for place in places if place is not None)) + 1
    if len(fields) > expected:
        raise BadLine(f"dòng có {len(fields)} trường, nhiều nhất {expected}")
    if not parameter:
        raise BadLine("thiếu tên thông số")
    return LoggerLine(
        parameter, _value(value), unit or None, _time(fields[at]), status if status in STATUSES else UNKNOWN_STATUS
    )


def _split(line: str, known: frozenset[str]) -> list[str]:
    if "\t" in line:
        return [field.strip() for field in line.split("\t")]
    if "," in line:
        return _rejoined([field.strip() for field in line.split(",")], known)
    return [field.strip() for field in (line.split(";") if ";" in line else BLANKS.split(line.strip()))]


def _rejoined(fields: list[str], known: frozenset[str]) -> list[str]:
    """Fields of a line with commas, with a name that holds a comma itself put together again.

    :raises BadLine: when the line could mean two things.
    """
    for start in (0, 1):
        joined = ",".join(fields[start : start + 2])
        if start + 1 < len(fields) and fold_header(joined) in known and fold_header(fields[start]) not in known:
            return [*fields[:start], joined, *fields[start + 2 :]]
    if len(fields) > 5:
        raise BadLine(f"dòng ngăn bằng dấu phẩy có {len(fields)} trường, không rõ dấu phẩy nào thuộc tên thông số")
    return fields


def _value(text: str) -> str | None:
    """The number as text with a point, None for «no value»; anything else stays, and is rejected as no number."""
    if text.casefold() in NO_VALUE:
        return None
    return text.replace(",", ".") if NUMBER.fullmatch(text) else text


def _time(digits: str) -> str:
    """:raises BadLine: for a moment that does not exist."""
    padded = digits.ljust(14, "0")
    try:
        moment = datetime.strptime(padded, "%Y%m%d%H%M%S")
    except ValueError:
        raise BadLine(f"«{digits}» không phải là thời điểm có thật") from None
    return f"{moment:%Y-%m-%dT%H:%M:%S}+07:00"
