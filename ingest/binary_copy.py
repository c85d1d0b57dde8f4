"""COPY of arrays in PostgreSQL's binary format: no number becomes text on the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from psycopg import Connection, sql

# https://www.postgresql.org/docs/current/sql-copy.html, section Binary Format: signature, flags, extension; trailer.
_HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_TRAILER = b"\xff\xff"
_EPOCH = np.datetime64("2000-01-01")  # day 0 of PostgreSQL
_AT_ONCE = 1 << 18  # rows


def copy_binary(connection: Connection[Any], table: str, columns: Mapping[str, np.ndarray | str]) -> int:
    """Append rows to a table; returns their number. No value may be missing.

    :param columns: arrays of one length, of the width of the table's columns: int32, float64, datetime64[D] (date);
        or one text for all rows. At least one is an array.
    """
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(
        sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    fields = {name: _field(values) for name, values in columns.items()}
    rows = max(len(values) for values in fields.values() if values.ndim)
    layout = np.dtype(
        [("n", ">i2")] + [(f"{name}{part}", kind) for name, values in fields.items()
                          for part, kind in ((" size", ">i4"), ("", values.dtype))]
    )  # fmt: skip
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(_HEADER)
        for start in range(0, rows, _AT_ONCE):
            chunk = slice(start, min(start + _AT_ONCE, rows))
            block = np.empty(chunk.stop - start, dtype=layout)
            block["n"] = len(fields)
            for name, values in fields.items():
                block[f"{name} size"] = values.dtype.itemsize
                block[name] = values[chunk] if values.ndim else values
            copy.write(block.tobytes())
        copy.write(_TRAILER)
    return rows


def _field(values: np.ndarray | str) -> np.ndarray:
    if isinstance(values, str):
        return np.array(np.void(values.encode()))
    if values.dtype.kind == "M":
        return (values.astype("datetime64[D]") - _EPOCH).astype(">i4")
    return values.astype(values.dtype.newbyteorder(">"))
