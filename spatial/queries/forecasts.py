"""Series as arrays for training, forecasts stored and read again. Times are UTC; months start at local midnight."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from spatial.queries.statements import Row, select_rows, sql

# One row of a binary COPY of (integer, integer, double precision), none of them NULL; see PostgreSQL's COPY manual.
_COPY_HEADER = 19
_COPY_ROW = np.dtype(
    [
        ("fields", ">i2"),
        ("n1", ">i4"),
        ("series", ">i4"),
        ("n2", ">i4"),
        ("hour", ">i4"),
        ("n3", ">i4"),
        ("value", ">f8"),
    ]
)


@dataclass(frozen=True)
class StoredIssue:
    """One forecast to be stored: ``targets`` with (5, targets) quantiles, or none and a reason."""

    series_id: int
    issued_at: datetime
    input_until: datetime | None
    model: str | None
    reason: str | None
    skill_persistence: float | None
    skill_climatology: float | None
    skill_seasonal: float | None = None
    targets: Sequence[datetime] = ()
    quantiles: NDArray[np.float64] | None = None


def list_series(conn: Connection, *, layer_id: str) -> list[Row]:
    """Series of a layer: id, feature_key, parameter, unit_id."""
    return select_rows(
        conn,
        "SELECT id, feature_key, parameter, unit_id FROM core.series WHERE layer_id = :layer_id ORDER BY parameter, id",
        layer_id=layer_id,
    )


def data_clock(conn: Connection, *, layer_id: str, now: datetime) -> datetime | None:
    """Time of the newest good hour of a layer, not after ``now`` (a station's clock may run ahead)."""
    return conn.execute(
        text(
            "SELECT max(newest.time) FROM core.series s CROSS JOIN LATERAL ("
            "SELECT h.time FROM derived.observation_hourly h WHERE h.series_id = s.id AND h.time <= :now"
            " AND h.value IS NOT NULL ORDER BY h.time DESC LIMIT 1) AS newest"
            " WHERE s.layer_id = :layer_id"
        ),
        {"layer_id": layer_id, "now": now},
    ).scalar()


def panel(conn: Connection, *, series_ids: Sequence[int], last: datetime, hours: int) -> NDArray[np.float64]:
    """Good values of the ``hours`` hours up to ``last``: (hours, series), NaN where there is none."""
    last_hour = int(last.timestamp()) // 3600
    first_hour = last_hour - hours + 1
    buffer = io.BytesIO()
    cursor = conn.connection.cursor()
    with cursor.copy(
        "COPY (SELECT series_id, (extract(epoch FROM time) / 3600)::integer, value FROM derived.observation_hourly"
        " WHERE series_id = ANY(%s) AND time > to_timestamp(%s) AND time <= to_timestamp(%s)"
        " AND value IS NOT NULL) TO STDOUT (FORMAT BINARY)",
        (list(series_ids), (first_hour - 1) * 3600, last_hour * 3600),
    ) as copy:
        for block in copy:
            buffer.write(block)
    count = (buffer.getbuffer().nbytes - _COPY_HEADER) // _COPY_ROW.itemsize
    rows = np.frombuffer(buffer.getvalue(), dtype=_COPY_ROW, count=count, offset=_COPY_HEADER)
    order = np.argsort(np.asarray(series_ids))
    column = order[np.searchsorted(np.asarray(series_ids), rows["series"], sorter=order)]
    values = np.full((hours, len(series_ids)), np.nan)
    values[rows["hour"] - first_hour, column] = rows["value"]
    return values


def store(conn: Connection, *, issues: Sequence[StoredIssue]) -> int:
    """Write issues with their values; an issue of the same series and time is replaced. Returns the values written."""
    if not issues:
        return 0
    columns = {
        name: [getattr(issue, name) for issue in issues]
        for name in (
            "series_id",
            "issued_at",
            "input_until",
            "model",
            "reason",
            "skill_persistence",
            "skill_climatology",
            "skill_seasonal",
        )
    }
    conn.execute(
        text(
            "DELETE FROM derived.forecast_issue USING unnest(CAST(:series_id AS integer[]),"
            " CAST(:issued_at AS timestamptz[])) AS new (series_id, issued_at)"
            " WHERE forecast_issue.series_id = new.series_id AND forecast_issue.issued_at = new.issued_at"
        ),
        {name: columns[name] for name in ("series_id", "issued_at")},
    )
    rows = conn.execute(
        text(
            "INSERT INTO derived.forecast_issue (series_id, issued_at, input_until, model, reason, skill_persistence,"
            " skill_climatology, skill_seasonal) SELECT * FROM unnest(CAST(:series_id AS integer[]),"
            " CAST(:issued_at AS timestamptz[]),"
            " CAST(:input_until AS timestamptz[]), CAST(:model AS text[]), CAST(:reason AS text[]),"
            " CAST(:skill_persistence AS double precision[]), CAST(:skill_climatology AS double precision[]),"
            " CAST(:skill_seasonal AS double precision[]))"
            " RETURNING id, series_id, issued_at"
        ),
        columns,
    )
    ids = {(row.series_id, row.issued_at): row.id for row in rows}
    written = 0
    cursor = conn.connection.cursor()
    with cursor.copy("COPY derived.forecast_value (issue_id, target, q025, q10, q50, q90, q975) FROM STDIN") as copy:
        for issue in issues:
            if issue.quantiles is None:
                continue
            number = ids[issue.series_id, issue.issued_at]
            for target, values in zip(issue.targets, issue.quantiles.T.tolist(), strict=True):
                copy.write_row((number, target, *values))
                written += 1
    return written


def thin(conn: Connection, *, dense_days: int = 7, last_days: int = 400) -> int:
    """Keep every issue of the last days, then one a day, then none. Returns the issues deleted."""
    return conn.execute(text(sql("forecast_thin")), {"dense_days": dense_days, "last_days": last_days}).rowcount


def latest(conn: Connection, *, series_ids: Sequence[int]) -> list[Row]:
    """Newest forecast of each series, a row per target; without forecast one row with the reason and no target."""
    return window(conn, series_ids=series_ids, first=None, last=None)


def window(conn: Connection, *, series_ids: Sequence[int], first: datetime | None, last: datetime | None) -> list[Row]:
    """The same for first <= target <= last; None leaves that end open."""
    return select_rows(conn, sql("forecast_latest"), series_ids=list(series_ids), first=first, last=last)


def find_series(conn: Connection, *, name: str) -> list[Row]:
    """Series named by number or by «feature_key parameter» (or ``layer:feature_key:parameter``), newest first."""
    parts = name.replace("/", ":").split(":")
    rows = conn.execute(
        text(
            "SELECT id, layer_id, feature_key, parameter, unit_id FROM core.series WHERE id = :number"
            " OR (parameter = :parameter AND feature_key = :key AND (:layer = '' OR layer_id = :layer)) ORDER BY id"
        ),
        {
            "number": int(name) if name.isdecimal() else -1,
            "parameter": parts[-1],
            "key": parts[-2] if len(parts) > 1 else "",
            "layer": parts[-3] if len(parts) > 2 else "",
        },
    )
    return [dict(row) for row in rows.mappings()]
