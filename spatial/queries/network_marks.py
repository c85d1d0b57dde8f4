"""Raw values for the tests of the network, and the marks these set and take back on core.observation."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from layers.flags import NETWORK_FLAGS, Flag
from layers.model import Layer, Range
from spatial.queries.statements import Row, select_rows, sql
from spatial.schema.feature import feature_table
from spatial.settings import LOCAL_ZONE

# One row of a binary COPY of (integer, bigint, double precision), none of them NULL; see PostgreSQL's COPY manual.
_COPY_HEADER = 19
_COPY_ROW = np.dtype(
    [
        ("fields", ">i2"),
        ("n1", ">i4"),
        ("series", ">i4"),
        ("n2", ">i4"),
        ("time", ">i8"),
        ("n3", ">i4"),
        ("value", ">f8"),
    ]
)
# Marks of ingest with which a value says nothing. A contradiction between PM2.5 and PM10 is no such mark: which of the
# two is wrong, the network may tell.
REFUSED = ~int(NETWORK_FLAGS | Flag.INCONSISTENT) & 0x7FFF
_HOUR = 3_600_000_000  # microseconds
_ZONE_HOURS = 7  # +07 the year round


@dataclass(frozen=True)
class Values:
    """Good values of one parameter. ``time`` in microseconds since 1970 UTC; ``key`` names the station of a series."""

    series: NDArray[np.int32]
    time: NDArray[np.int64]
    value: NDArray[np.float64]
    key: dict[int, str]

    @property
    def local_hour(self) -> NDArray[np.int64]:
        """Hours since 1970 local time in which they end."""
        return -(-self.time // _HOUR) + _ZONE_HOURS

    def column(self, keys: Sequence[str]) -> NDArray[np.int64]:
        """Number of each value's station in ``keys``; -1 where it is none of them."""
        place = {key: number for number, key in enumerate(keys)}
        known, inverse = np.unique(self.series, return_inverse=True)
        return np.array([place.get(self.key[int(number)], -1) for number in known], dtype=np.int64)[inverse]

    def at(self, rows: NDArray[np.intp]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Series and time of some of them."""
        return self.series[rows], self.time[rows]


@dataclass
class Marks:
    """What a stretch of days should be marked with: single values, and all good values of stations on days."""

    values: list[tuple[NDArray[np.int32], NDArray[np.int64], Flag]] = field(default_factory=list)
    stations: list[tuple[str, date]] = field(default_factory=list)

    def add_values(self, rows: tuple[NDArray[np.int32], NDArray[np.int64]], flag: Flag) -> None:
        """Series and time of values that get a mark."""
        if len(rows[0]):
            self.values.append((*rows, flag))


def touched_days(conn: Connection, *, layer_id: str, parameters: Sequence[str]) -> list[date]:
    """Days of the temporary table ``touched`` on which one of the parameters changed at any station."""
    return list(
        conn.execute(
            text(
                "SELECT DISTINCT t.day FROM touched t JOIN core.series s ON s.id = t.series_id"
                " WHERE s.layer_id = :layer AND s.parameter = ANY(:parameters) ORDER BY t.day"
            ),
            {"layer": layer_id, "parameters": list(parameters)},
        ).scalars()
    )


def span_of_days(conn: Connection, *, layer_id: str) -> tuple[date, date] | None:
    """First and last local day of a layer's raw values; None when there are none."""
    row = conn.execute(
        text(
            "SELECT CAST((min(f.time) - interval '1 microsecond') AT TIME ZONE :zone AS date) AS first,"
            " CAST((max(l.time) - interval '1 microsecond') AT TIME ZONE :zone AS date) AS last FROM core.series s"
            " CROSS JOIN LATERAL (SELECT min(o.time) AS time FROM core.observation o WHERE o.series_id = s.id) AS f"
            " CROSS JOIN LATERAL (SELECT max(o.time) AS time FROM core.observation o WHERE o.series_id = s.id) AS l"
            " WHERE s.layer_id = :layer"
        ),
        {"layer": layer_id, "zone": LOCAL_ZONE.key},
    ).one()
    return None if row.first is None else (row.first, row.last)


def station_places(conn: Connection, *, station_layer: Layer) -> list[Row]:
    """Key, lon and lat (degrees) of the stations that have a place."""
    return select_rows(
        conn,
        f"SELECT key, ST_X(geom) AS lon, ST_Y(geom) AS lat FROM {feature_table(station_layer).fullname}"  # noqa: S608
        " WHERE geom IS NOT NULL ORDER BY key",
    )


def read_values(
    conn: Connection, *, layer_id: str, parameter: str, first: date, last: date, whatever: bool = False
) -> Values:
    """Values of the local days first..last that ingest left standing: measured, present, without a ``REFUSED`` mark.

    ``whatever``: all that were measured, marked or not.
    """
    series = {
        int(row["id"]): str(row["feature_key"])
        for row in select_rows(
            conn,
            "SELECT id, feature_key FROM core.series WHERE layer_id = :layer AND parameter = :parameter",
            layer=layer_id,
            parameter=parameter,
        )
    }
    buffer = io.BytesIO()
    cursor = conn.connection.cursor()
    with cursor.copy(
        "COPY (SELECT series_id, (extract(epoch FROM time) * 1000000)::bigint, value FROM core.observation"
        " WHERE series_id = ANY(%s) AND time > CAST(%s AS timestamp) AT TIME ZONE %s"
        " AND time <= CAST(%s AS timestamp) AT TIME ZONE %s"
        " AND status = 0 AND flag & %s = 0 AND value IS NOT NULL) TO STDOUT (FORMAT BINARY)",
        (
            list(series),
            first,
            LOCAL_ZONE.key,
            date.fromordinal(last.toordinal() + 1),
            LOCAL_ZONE.key,
            0 if whatever else REFUSED,
        ),
    ) as copy:
        for block in copy:
            buffer.write(block)
    count = (buffer.getbuffer().nbytes - _COPY_HEADER) // _COPY_ROW.itemsize
    rows = np.frombuffer(buffer.getvalue(), dtype=_COPY_ROW, count=count, offset=_COPY_HEADER)
    return Values(
        rows["series"].astype(np.int32), rows["time"].astype(np.int64), rows["value"].astype(np.float64), series
    )


def count_impossible(
    conn: Connection, *, layer_id: str, keys: Sequence[str], parameter: str, first: date, last: date, limits: Range
) -> tuple[int, int]:
    """Values said to be missing by a number, and approved hours beyond the limits, on local days first..last."""
    row = conn.execute(
        text(
            "WITH series AS (SELECT id FROM core.series WHERE layer_id = :layer AND parameter = :parameter"
            " AND feature_key = ANY(:keys)), span AS (SELECT CAST(:first AS timestamp) AT TIME ZONE :zone AS low,"
            " CAST(:end AS timestamp) AT TIME ZONE :zone AS high)"
            " SELECT (SELECT count(*) FROM span, series s JOIN core.observation o ON o.series_id = s.id"
            " WHERE o.time > span.low AND o.time <= span.high AND o.flag & :sentinel <> 0) AS sentinels,"
            " (SELECT count(*) FROM span, series s JOIN derived.observation_hourly h ON h.series_id = s.id"
            " WHERE h.time > span.low AND h.time <= span.high"
            " AND (h.value < coalesce(:low, '-infinity') OR h.value > coalesce(:high, 'infinity'))) AS impossible"
        ),
        {
            "layer": layer_id,
            "parameter": parameter,
            "keys": list(keys),
            "first": first,
            "end": date.fromordinal(last.toordinal() + 1),
            "zone": LOCAL_ZONE.key,
            "sentinel": int(Flag.SENTINEL),
            "low": limits.low,
            "high": limits.high,
        },
    ).one()
    return int(row.sentinels), int(row.impossible)


def write(conn: Connection, *, layer_id: str, first: date, last: date, marks: Marks) -> int:
    """Make the network's marks of the layer's days first..last what they should be; changed days become ``touched``.

    Returns the number of values whose marks changed.
    """
    conn.execute(text("DROP TABLE IF EXISTS network_mark, network_clock"))
    conn.execute(
        text("CREATE TEMPORARY TABLE network_mark (series_id integer, time timestamptz, flag smallint) ON COMMIT DROP")
    )
    conn.execute(text("CREATE TEMPORARY TABLE network_clock (feature_key text, day date) ON COMMIT DROP"))
    cursor = conn.connection.cursor()
    with cursor.copy("COPY network_mark FROM STDIN") as copy:
        for series, time, flag in marks.values:
            moments = time.astype("datetime64[us]").astype(str)
            for number, moment in zip(series.tolist(), moments.tolist(), strict=True):
                copy.write_row((number, f"{moment}Z", int(flag)))
    with cursor.copy("COPY network_clock FROM STDIN") as copy:
        for key, day in marks.stations:
            copy.write_row((key, day))
    conn.execute(text("ANALYZE network_mark, network_clock"))
    return conn.execute(
        text(sql("network_marks")),
        {
            "layer": layer_id,
            "first": first,
            "end": date.fromordinal(last.toordinal() + 1),
            "zone": LOCAL_ZONE.key,
            "network": int(NETWORK_FLAGS),
            "refused": REFUSED,
            "clock": int(Flag.CLOCK),
        },
    ).scalar_one()
