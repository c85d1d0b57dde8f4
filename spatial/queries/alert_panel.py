"""What alerts are judged by, read from the roll-ups in one go: approved hours, indices, newest forecasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from spatial.queries.statements import Row, select_rows, sql

# One hour as PostgreSQL's send functions write it. A string of them per series costs a tenth of a row per hour.
_HOUR = np.dtype([("hour", ">i4"), ("value", ">f8"), ("status", ">i2"), ("flag", ">i2")])
_PANEL = (
    "SELECT series_id, string_agg(int4send((extract(epoch FROM time) / 3600)::integer)"
    " || float8send(coalesce(value, 'NaN')) || int2send(status) || int2send(flag), ''::bytea)"
    " FROM derived.observation_hourly WHERE series_id = ANY(%s) AND time > to_timestamp(%s)"
    " AND time <= to_timestamp(%s) GROUP BY series_id"
)


@dataclass(frozen=True)
class Panel:
    """Approved hours of series: (hours, series) each. ``last_hour`` is the last row, in hours since 1970 (UTC)."""

    last_hour: int
    series_ids: tuple[int, ...]
    value: NDArray[np.float64]  # NaN: no approved value
    received: NDArray[np.bool_]  # anything came in that hour
    status: NDArray[np.int16]
    flag: NDArray[np.int16]


def hour_of(moment: datetime) -> int:
    """Full hours since 1970 (UTC)."""
    return int(moment.timestamp()) // 3600


def read_panel(conn: Connection, *, series_ids: Sequence[int], last_hour: int, hours: int) -> Panel:
    """The ``hours`` hours up to and with ``last_hour`` from derived.observation_hourly."""
    first_hour = last_hour - hours + 1
    column = {number: place for place, number in enumerate(series_ids)}
    shape = (hours, len(column))
    panel = Panel(
        last_hour, tuple(series_ids), np.full(shape, np.nan), np.zeros(shape, dtype=np.bool_),
        np.zeros(shape, dtype=np.int16), np.zeros(shape, dtype=np.int16),
    )  # fmt: skip
    cursor = conn.connection.cursor(binary=True)
    cursor.execute(_PANEL, (list(series_ids), (first_hour - 1) * 3600, last_hour * 3600))
    for number, content in cursor.fetchall():
        rows = np.frombuffer(content, dtype=_HOUR)
        place = (rows["hour"] - first_hour, column[number])
        panel.value[place], panel.received[place] = rows["value"], True
        panel.status[place], panel.flag[place] = rows["status"], rows["flag"]
    return panel


def newest_before(conn: Connection, *, series_ids: Sequence[int], last: datetime, days: int) -> dict[int, int]:
    """By series: its newest hour up to ``last`` (hours since 1970), of the ``days`` days before only."""
    rows = select_rows(
        conn,
        "SELECT s.id, newest.time FROM unnest(CAST(:ids AS integer[])) AS s (id) CROSS JOIN LATERAL ("
        "SELECT time FROM derived.observation_hourly h WHERE h.series_id = s.id AND h.time <= :last"
        " AND h.time > CAST(:last AS timestamptz) - make_interval(days => :days)"
        " ORDER BY h.time DESC LIMIT 1) AS newest",
        ids=list(series_ids),
        last=last,
        days=days,
    )
    return {row["id"]: hour_of(row["time"]) for row in rows}


def index_rows(conn: Connection, *, layer_id: str, index_id: str, first: datetime, last: datetime) -> list[Row]:
    """Index of every station, first <= time <= last: key, time, value, level, dominant."""
    return select_rows(
        conn,
        "SELECT feature_key AS key, time, value, level, dominant FROM derived.station_index WHERE layer_id = :layer_id"
        " AND index_id = :index_id AND time BETWEEN :first AND :last AND level IS NOT NULL",
        layer_id=layer_id,
        index_id=index_id,
        first=first,
        last=last,
    )


def forecast_rows(
    conn: Connection, *, series_ids: Sequence[int], as_of: datetime, oldest_input: datetime, first: datetime,
    last: datetime,
) -> list[Row]:  # fmt: skip
    """Newest forecast of each series issued up to ``as_of`` from input not older than ``oldest_input``.

    A row per target, first < target <= last: series_id, target, the quantiles, issued_at, input_until, model,
    skill_persistence.
    """
    return select_rows(
        conn,
        sql("alert_forecasts"),
        series_ids=list(series_ids),
        as_of=as_of,
        oldest=oldest_input,
        first=first,
        last=last,
    )
