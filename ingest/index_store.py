"""Rows of indices and exceedances: made of arrays, sent by COPY."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection

from ingest.load import driver
from ingest.quarantine import copy_rows
from layers.indices import Index

type Floats = npt.NDArray[np.float64]
type Bools = npt.NDArray[np.bool_]

INDEX_COLUMNS = "layer_id, feature_key, index_id, time, value, level, dominant, parts, reason, scale"
PART_DECIMALS = 3


@dataclass(frozen=True)
class Judged:
    """An index by time and station; every array has shape (times, stations)."""

    value: Floats  # whole numbers; NaN with a reason
    parts: Mapping[str, Floats]  # sub-index by parameter
    dominant: Mapping[str, Bools]
    reasons: Mapping[str, Bools]  # code -> where it is why there is no value
    given: Bools  # where a row is written


def level_numbers(index: Index, value: Floats) -> Floats:
    """Number of the level of each whole value; NaN stays."""
    found = np.full(value.shape, np.nan)
    for level in index.levels:
        found[(value >= level.low) & (value <= level.high)] = level.number
    return found


def write_index(
    conn: Connection, *, layer_id: str, index: Index, scale: str, keys: list[str], times: npt.NDArray[np.int64],
    judged: Judged,
) -> int:  # fmt: skip
    """Append rows to derived.station_index; ``times`` are hours since 1970 UTC. Returns their number."""
    at = np.nonzero(judged.given)
    count = len(at[0])
    if not count:
        return 0
    value = judged.value[at]
    seconds = pa.array(times[at[0]] * 3600, pa.int64()).cast(pa.timestamp("s", tz="UTC"))
    table = pa.table(
        {
            "layer_id": pa.array([layer_id]).take(pa.array(np.zeros(count, dtype=np.int64))),
            "feature_key": pa.array(keys, pa.string()).take(pa.array(at[1])),
            "index_id": pa.array([index.id]).take(pa.array(np.zeros(count, dtype=np.int64))),
            "time": seconds,
            "value": _integers(value),
            "level": _integers(level_numbers(index, value)),
            "dominant": _braced([_named(name, where[at]) for name, where in judged.dominant.items()]),
            "parts": _braced([_pair(name, part[at]) for name, part in judged.parts.items()]),
            "reason": _first([_named(code, where[at]) for code, where in judged.reasons.items()]),
            "scale": pa.array([scale]).take(pa.array(np.zeros(count, dtype=np.int64))),
        }
    )
    copy_rows(driver(conn), f"COPY derived.station_index ({INDEX_COLUMNS}) FROM STDIN (FORMAT csv)", table)
    return count


def write_exceedances(conn: Connection, rows: Mapping[str, npt.NDArray[np.generic]]) -> int:
    """Append rows (series, day as days since 1970, hours, n, worst, limit) to derived.exceedance."""
    count = len(rows["series"])
    if not count:
        return 0
    columns = {name: pa.array(column) for name, column in rows.items()}
    columns["day"] = pa.array(rows["day"].astype(np.int32), pa.int32()).cast(pa.date32())
    copy_rows(
        driver(conn),
        "COPY derived.exceedance (series_id, day, hours, n, worst, limit_value) FROM STDIN (FORMAT csv)",
        pa.table([columns[name] for name in ("series", "day", "hours", "n", "worst", "limit")], names="abcdef"),
    )
    return count


def _integers(values: Floats) -> pa.Array:
    known = np.isfinite(values)
    return pa.array(np.where(known, values, 0).astype(np.int64), mask=~known)


def _named(name: str, where: Bools) -> pa.Array:
    return pc.if_else(pa.array(where), pa.scalar(name), pa.scalar(None, pa.string()))


def _pair(name: str, values: Floats) -> pa.Array:
    """``"name": number`` of each known value, else null."""
    known = np.isfinite(values)
    kept = np.where(known, np.round(values, PART_DECIMALS), 0.0)
    whole = bool((kept == np.floor(kept)).all())
    numbers = pc.cast(pa.array(kept.astype(np.int64) if whole else kept), pa.string())
    joined = pc.binary_join_element_wise(pa.scalar(f'"{name}": '), numbers, pa.scalar(""))
    return pc.if_else(pa.array(known), joined, pa.scalar(None, pa.string()))


def _first(columns: list[pa.Array]) -> pa.Array:
    return pc.coalesce(*columns)


def _braced(columns: list[pa.Array]) -> pa.Array:
    """``{a,b}`` of what is not null in each row: an array of PostgreSQL, or an object of JSON."""
    # A first column without nulls: pyarrow 26 loses rows in which everything is skipped.
    empty = pa.array([""]).take(pa.array(np.zeros(len(columns[0]), dtype=np.int64)))
    inner = pc.binary_join_element_wise(empty, *columns, pa.scalar(","), null_handling="skip")
    return pc.binary_join_element_wise(
        pa.scalar("{"), pc.ascii_ltrim(inner, characters=","), pa.scalar("}"), pa.scalar("")
    )
