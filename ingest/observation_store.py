"""Observed values as arrays, what the database holds around them, and the merge of both."""
# ruff: noqa: S608 - identifiers come from layer definitions and run numbers alone; values are bound

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv
from psycopg import Connection as PsycopgConnection
from psycopg import sql
from sqlalchemy import Connection, text

from ingest.load import Counts, driver
from ingest.quarantine import copy_rows
from layers.flags import NETWORK_FLAGS
from spatial.queries.statements import sql as sql_text
from spatial.settings import LOCAL_ZONE

MICROSECONDS = 1_000_000
CONTEXT_HOURS = 72  # longer than any FlatLine, on both sides of a file


@dataclass
class Rows:
    """Values of many series. ``time`` in microseconds since 1970 UTC; ``line`` 0 = came from the database."""

    series: npt.NDArray[np.int32]
    time: npt.NDArray[np.int64]
    value: npt.NDArray[np.float64]
    status: npt.NDArray[np.int8]
    flag: npt.NDArray[np.int16]
    line: npt.NDArray[np.int64]

    @classmethod
    def of(cls, series: Any, time: Any, value: Any, status: Any, lines: Any) -> Self:
        """Fresh values without flags."""
        return cls(
            np.asarray(series, np.int32),
            np.asarray(time, np.int64),
            np.asarray(value, np.float64),
            np.asarray(status, np.int8),
            np.zeros(len(lines), np.int16),
            np.asarray(lines, np.int64),
        )

    @classmethod
    def join(cls, parts: Iterable[Rows]) -> Self:
        """Several in one."""
        many = list(parts) or [cls.of([], [], [], [], [])]
        names = ("series", "time", "value", "status", "flag", "line")
        return cls(*(np.concatenate([getattr(part, name) for part in many]) for name in names))

    def where(self, rows: npt.NDArray[Any]) -> Rows:
        """Some of them, by mask or order."""
        return Rows(
            self.series[rows], self.time[rows], self.value[rows], self.status[rows], self.flag[rows], self.line[rows]
        )

    def in_order(self) -> Rows:
        """By series, time, line."""
        return self.where(np.lexsort((self.line, self.time, self.series)))

    def of_series(self, number: int) -> slice:
        """Where a series stands in ordered rows."""
        return slice(int(np.searchsorted(self.series, number)), int(np.searchsorted(self.series, number, "right")))


@dataclass(frozen=True)
class Context:
    """Values the database holds around and between those of a file."""

    rows: Rows

    @classmethod
    def read(cls, connection: Connection, rows: Rows, partners: Iterable[tuple[int, int]]) -> Context:
        """Stored values of the file's series, and of their PM partners, in the file's time and a margin."""
        numbers = set(np.unique(rows.series).tolist())
        for part, whole in partners:
            if part in numbers or whole in numbers:
                numbers |= {part, whole}
        margin = CONTEXT_HOURS * 3600 * MICROSECONDS
        first, last = int(rows.time.min()) - margin, int(rows.time.max()) + margin
        statement = sql.SQL(
            "COPY (SELECT series_id, (extract(epoch FROM time) * 1000000)::bigint, value, status, flag"
            " FROM core.observation WHERE series_id = ANY({numbers})"
            " AND time BETWEEN to_timestamp({first}) AND to_timestamp({last})"
            " ORDER BY series_id, time) TO STDOUT (FORMAT csv)"
        ).format(
            numbers=sql.Literal(sorted(numbers)),
            first=sql.Literal(first / MICROSECONDS),
            last=sql.Literal(last / MICROSECONDS),
        )
        return cls(_read_copy(driver(connection), statement))

    def joined(self, rows: Rows) -> Rows:
        """Both, in order; where both have a time, the file's value stands."""
        if not len(self.rows.time):
            return rows
        both = Rows.join((rows, self.rows))
        # The file's row (line > 0) first among equals.
        both = both.where(np.lexsort((-both.line, both.time, both.series)))
        repeated = np.zeros(len(both.time), dtype=bool)
        repeated[1:] = (both.series[1:] == both.series[:-1]) & (both.time[1:] == both.time[:-1])
        return both.where(~repeated)


def _read_copy(connection: PsycopgConnection[Any], statement: sql.Composed) -> Rows:
    buffer = io.BytesIO()
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for block in copy:
            buffer.write(block)
    if not buffer.tell():
        return Rows.of([], [], [], [], [])
    buffer.seek(0)
    names = ["series", "time", "value", "status", "flag"]
    kinds = dict(zip(names, (pa.int32(), pa.int64(), pa.float64(), pa.int8(), pa.int16()), strict=True))
    table = pyarrow.csv.read_csv(
        buffer,
        read_options=pyarrow.csv.ReadOptions(column_names=names),
        convert_options=pyarrow.csv.ConvertOptions(column_types=kinds),
    )
    series, time, value, status, flag = (np.array(table[name].to_numpy()) for name in names)
    return Rows(series, time, value, status, flag, np.zeros(table.num_rows, np.int64))


def series_ids(connection: Connection, layer_id: str, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Ids of (feature key, parameter), made where they are new."""
    values = {
        "layer": layer_id,
        "keys": [key for key, _ in pairs],
        "names": [name for _, name in pairs],
    }
    connection.execute(
        text(
            "INSERT INTO core.series (layer_id, feature_key, parameter)"
            " SELECT :layer, k, p FROM unnest(CAST(:keys AS text[]), CAST(:names AS text[])) AS wanted (k, p)"
            " ORDER BY k, p ON CONFLICT DO NOTHING"
        ),
        values,
    )
    found = connection.execute(
        text(
            "SELECT s.id, s.feature_key, s.parameter FROM core.series s"
            " JOIN unnest(CAST(:keys AS text[]), CAST(:names AS text[])) AS wanted (k, p)"
            " ON s.feature_key = k AND s.parameter = p WHERE s.layer_id = :layer"
        ),
        values,
    )
    return {(row.feature_key, row.parameter): row.id for row in found}


def make_partitions(connection: Connection, time: npt.NDArray[np.int64]) -> None:
    """Partitions of the months that hold times (microseconds) or end their hours; not of those between."""
    hours = np.unique(
        np.concatenate((time, time + 3600 * MICROSECONDS)).astype("datetime64[us]").astype("datetime64[M]")
    )
    connection.execute(
        text(
            "SELECT core.ensure_observation_partitions(m AT TIME ZONE 'UTC', m AT TIME ZONE 'UTC')"
            " FROM unnest(CAST(:months AS timestamp[])) AS m"
        ),
        {"months": [f"{month}-01" for month in hours]},
    )


def without_values(connection: Connection, numbers: Sequence[int]) -> list[int]:
    """Which series have no stored value yet."""
    found = connection.execute(
        text(
            "SELECT id FROM unnest(CAST(:numbers AS integer[])) AS id"
            " WHERE NOT EXISTS (SELECT FROM core.observation o WHERE o.series_id = id)"
        ),
        {"numbers": list(numbers)},
    )
    return list(found.scalars())


def cadence_of(time: npt.NDArray[np.int64]) -> int | None:
    """Minutes between the values of a series (ordered times in microseconds): the median spacing, 1 to 60.

    None with fewer than four values: nobody can say.
    """
    if len(time) < 4:
        return None
    minutes = float(np.median(np.diff(time))) / (60 * MICROSECONDS)
    return int(min(max(round(minutes), 1), 60))


def set_cadence(connection: Connection, minutes: Mapping[int, int]) -> None:
    """Write how often series send; the stored days of one that changes are to be rolled up again."""
    changed = connection.execute(
        text(
            "UPDATE core.series s SET cadence_minutes = new.minutes FROM unnest(CAST(:ids AS integer[]),"
            " CAST(:minutes AS smallint[])) AS new (id, minutes)"
            " WHERE s.id = new.id AND s.cadence_minutes <> new.minutes RETURNING s.id"
        ),
        {"ids": list(minutes), "minutes": list(minutes.values())},
    ).scalars()
    connection.execute(
        text(
            "INSERT INTO ops.touched_day (series_id, day) SELECT series_id, day FROM derived.observation_daily"
            " WHERE series_id = ANY(:ids)"
        ),
        {"ids": list(changed)},
    )


def merge_rows(connection: Connection, raw: PsycopgConnection[Any], run_id: int, rows: Rows) -> Counts:
    """Insert new values, update those that differ; values of the file that are as stored count as unchanged.

    The local day of every change goes to ops.touched_day, in the same transaction, for the roll-up.
    """
    staging = f"staging.load_{run_id}"
    connection.execute(
        text(
            f"CREATE UNLOGGED TABLE {staging} (series_id integer, time timestamptz, value double precision,"
            " status smallint, flag smallint)"
        )
    )
    value = pa.array(rows.value, pa.float64(), mask=np.isnan(rows.value))
    moment = pa.array(rows.time, pa.int64()).cast(pa.timestamp("us", tz="UTC"))
    table = pa.table([pa.array(rows.series), moment, value, pa.array(rows.status), pa.array(rows.flag)], names="abcde")
    copy_rows(raw, f"COPY {staging} FROM STDIN (FORMAT csv)", table)
    connection.execute(text(f"ANALYZE {staging}"))
    stored = connection.execute(
        text(f"SELECT count(*) FROM {staging} s JOIN core.observation o USING (series_id, time)")
    ).scalar_one()
    written = connection.execute(
        text(sql_text("observation_merge").format(staging=staging)),
        {"run": run_id, "network": int(NETWORK_FLAGS), "zone": LOCAL_ZONE.key},
    ).scalar_one()
    connection.execute(text(f"DROP TABLE {staging}"))
    total = len(rows.time)
    inserted = total - stored
    return Counts(inserted, written - inserted, total - written)
