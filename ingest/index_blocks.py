"""The approved hours of a block of days as matrices: hours by stations, one for each parameter."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
from psycopg import Connection as PsycopgConnection
from sqlalchemy import Connection

from ingest.load import driver

type Floats = npt.NDArray[np.float64]
type Bools = npt.NDArray[np.bool_]

EPOCH = date(1970, 1, 1)
OFFSET_HOURS = 7  # local time is UTC+7, without summer time
LEAD_HOURS = 12  # hours before the first day: a NowCast looks back 11, an 8 h mean 7
MOST_DAYS = 31
MOST_CELLS = 12_000_000  # numbers held at once, 8 bytes each
LARGEST_GAP = 3  # untouched days between touched ones that are read along with them

# An hour as the statement below packs it, big endian.
HOUR = np.dtype([("hour", ">i4"), ("value", ">f8"), ("n", ">i2")])


@dataclass(frozen=True)
class Block:
    """Days in a row and the stations to be judged on them.

    ``values[parameter]`` has shape (LEAD_HOURS + 24 * days, stations), NaN = no approved value; ``received`` likewise:
    whether anything came in that hour.
    """

    days: Sequence[date]
    keys: Sequence[str]
    wanted: Bools  # (days, stations): the station-days that are computed anew
    values: Mapping[str, Floats]
    received: Mapping[str, Bools]
    ids: Mapping[tuple[str, str], int]  # (key, parameter) -> series

    def without(self, keys: Collection[str]) -> Block:
        """The same with nothing wanted of some stations."""
        kept = np.array([key not in keys for key in self.keys], dtype=bool)
        return replace(self, wanted=self.wanted & kept)

    def hour_times(self) -> npt.NDArray[np.int64]:
        """End of each hour after the lead, in hours since 1970 UTC."""
        return first_hour(self.days[0]) + np.arange(24 * len(self.days), dtype=np.int64)

    def day_times(self) -> npt.NDArray[np.int64]:
        """End of each day, in hours since 1970 UTC."""
        return self.hour_times()[23::24]


def first_hour(day: date) -> int:
    """Label of a local day's first hour, in hours since 1970 UTC."""
    return 24 * (day - EPOCH).days + 1 - OFFSET_HOURS


def split(wanted: Sequence[tuple[date, str]], parameters: int) -> Iterator[list[tuple[date, str]]]:
    """Station-days, ordered by day, in portions that are close in time and fit in memory."""
    portion: list[tuple[date, str]] = []
    keys: set[str] = set()
    for day, key in wanted:
        if portion:
            days = (day - portion[0][0]).days + 1
            cells = (24 * days + LEAD_HOURS) * len(keys | {key}) * max(parameters, 1)
            apart = (day - portion[-1][0]).days > LARGEST_GAP
            if day != portion[-1][0] and (apart or days > MOST_DAYS or cells > MOST_CELLS):
                yield portion
                portion, keys = [], set()
        portion.append((day, key))
        keys.add(key)
    if portion:
        yield portion


def read_block(
    conn: Connection, portion: Sequence[tuple[date, str]], ids: Mapping[tuple[str, str], int], parameters: Sequence[str]
) -> Block:
    """Read the hours of a portion of station-days, and the hours before that reach into them."""
    first, last = portion[0][0], portion[-1][0]
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    keys = sorted({key for _, key in portion})
    column = {key: number for number, key in enumerate(keys)}
    wanted = np.zeros((len(days), len(keys)), dtype=bool)
    for day, key in portion:
        wanted[(day - first).days, column[key]] = True
    own = {ids[key, name]: (name, column[key]) for key in keys for name in parameters if (key, name) in ids}
    start = first_hour(first) - LEAD_HOURS
    shape = (LEAD_HOURS + 24 * len(days), len(keys))
    values = {name: np.full(shape, np.nan) for name in parameters}
    received = {name: np.zeros(shape, dtype=bool) for name in parameters}
    for number, part in _read_hours(driver(conn), sorted(own), start, start + shape[0] - 1):
        name, at = own[number]
        hour = part["hour"].astype(np.int64) - start
        values[name][hour, at] = part["value"]
        received[name][hour, at] = part["n"] > 0
    return Block(days, keys, wanted, values, received, ids)


def _read_hours(
    connection: PsycopgConnection[Any], series: Sequence[int], first: int, last: int
) -> Iterator[tuple[int, npt.NDArray[Any]]]:
    """Hours by series. Packed by the server: a row for each hour would cost more here than the arithmetic."""
    statement = (
        "SELECT series_id, string_agg(int4send(CAST(extract(epoch FROM time) / 3600 AS integer))"
        " || float8send(coalesce(value, 'NaN')) || int2send(n), CAST('' AS bytea))"
        " FROM derived.observation_hourly WHERE series_id = ANY(%s)"
        " AND time BETWEEN to_timestamp(%s) AND to_timestamp(%s) GROUP BY series_id"
    )
    with connection.cursor(binary=True) as cursor:
        cursor.execute(statement, (list(series), 3600.0 * first, 3600.0 * last))
        for number, packed in cursor:
            yield number, np.frombuffer(packed, dtype=HOUR)
