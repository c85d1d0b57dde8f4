"""Indices of stations and means over legal limits, as screens, reports and alerts ask for them.

Times are UTC and end the hour, or the local day (00:00 of the next one). Words and colours of an index and its levels
are in ``layers.indices``: ``INDICES[index_id].level(row["level"])``, ``REASONS[row["reason"]]``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import ceil

from sqlalchemy import Connection

from layers.limits import YEAR
from layers.model import Layer, Limit
from layers.registry import get_layer
from spatial.queries.statements import Row, select_rows, sql
from spatial.settings import quality_settings

QUARTER_SHARE = 0.75  # of the days of each quarter a yearly mean needs: project policy, no text retrieved
FIELDS = "time, value, level, dominant, parts, reason, scale"


def index_values(
    conn: Connection, *, layer: Layer, index_id: str, first: datetime, last: datetime, key: str | None = None
) -> list[Row]:
    """An index of one station, or of all, first <= time <= last.

    Rows: key, time, value, level (number, 1 = best), dominant (parameters with the worst sub-index), parts (sub-index
    by parameter), reason (code why there is no value), scale (version of the rule). An hour or a day in which the
    station sent nothing has no row.
    """
    return select_rows(
        conn,
        f"SELECT feature_key AS key, {FIELDS} FROM derived.station_index WHERE layer_id = :layer"  # noqa: S608
        " AND index_id = :index_id AND time BETWEEN :first AND :last"
        " AND (CAST(:key AS text) IS NULL OR feature_key = :key) ORDER BY feature_key, time",
        layer=layer.id,
        index_id=index_id,
        first=first,
        last=last,
        key=key,
    )


def latest_index(
    conn: Connection, *, layer: Layer, index_id: str, at: datetime | None = None, key: str | None = None
) -> list[Row]:
    """The newest row of each station of the layer, not after ``at`` (default: an hour from now; clocks run ahead).

    Rows as of :func:`index_values`, with name, lon, lat and station_class. Every station has one: without any index
    its time is None and the reason is reference_station (it may publish none) or no_data.
    """
    stations = _stations(layer)
    known = {column.name for column in stations.columns}
    sensors = "station_class" in known and layer.series is not None and not layer.series.sampled
    names = {
        "silent": "station.station_class = 'reference'" if sensors else "false",
        "stations": f"layer.{stations.table}",
        "name": f"station.{stations.overlay.label}" if stations.overlay.label else "station.key",
        "station_class": "station.station_class" if "station_class" in known else "NULL",
    }
    return select_rows(
        conn, sql("latest_index").format(**names), layer=layer.id, index_id=index_id, at=at, key=key
    )  # fmt: skip


def index_levels(
    conn: Connection, *, layer: Layer, index_id: str, first: datetime, last: datetime, key: str | None = None
) -> list[Row]:
    """How often each level occurred, first <= time <= last: key, level (None = no value), n, lowest, highest."""
    return select_rows(
        conn,
        "SELECT feature_key AS key, level, count(*) AS n, min(value) AS lowest, max(value) AS highest"
        " FROM derived.station_index WHERE layer_id = :layer AND index_id = :index_id AND time BETWEEN :first AND :last"
        " AND (CAST(:key AS text) IS NULL OR feature_key = :key) GROUP BY 1, 2 ORDER BY 1, 2",
        layer=layer.id,
        index_id=index_id,
        first=first,
        last=last,
        key=key,
    )


def exceedance_days(
    conn: Connection, *, layer: Layer, first: date, last: date, key: str | None = None
) -> list[Row]:  # fmt: skip
    """Means over a legal limit by station, parameter, averaging time and local day, first <= day <= last.

    Rows: key, parameter, day, hours (1, 8 or 24), n (means over it on that day), worst, limit_value (of that day).
    """
    return select_rows(
        conn,
        "SELECT s.feature_key AS key, s.parameter, e.day, e.hours, e.n, e.worst, e.limit_value FROM core.series s"
        " JOIN derived.exceedance e ON e.series_id = s.id WHERE s.layer_id = :layer AND e.day BETWEEN :first AND :last"
        " AND (CAST(:key AS text) IS NULL OR s.feature_key = :key) ORDER BY s.feature_key, e.day, s.parameter, e.hours",
        layer=layer.id,
        first=first,
        last=last,
        key=key,
    )


def exceedance_totals(
    conn: Connection, *, layer: Layer, first: date, last: date, key: str | None = None
) -> list[Row]:  # fmt: skip
    """The same summed up: key, parameter, hours, days, n, last_day."""
    return select_rows(
        conn,
        "SELECT s.feature_key AS key, s.parameter, e.hours, count(*) AS days, CAST(sum(e.n) AS integer) AS n,"
        " max(e.day) AS last_day FROM core.series s JOIN derived.exceedance e ON e.series_id = s.id"
        " WHERE s.layer_id = :layer AND e.day BETWEEN :first AND :last"
        " AND (CAST(:key AS text) IS NULL OR s.feature_key = :key) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        layer=layer.id,
        first=first,
        last=last,
        key=key,
    )


def yearly_means(conn: Connection, *, layer: Layer, year: int, key: str | None = None) -> list[Row]:
    """Means of a calendar year against the yearly limits in force at its end, for parameters that have one.

    Rows: key, parameter, mean (of days with enough hours), days (of them), quarters (share of days in each), complete
    (75 % of the days of each quarter), limit_value, confirmed, basis (Text), over (None unless complete).
    """
    assert layer.series is not None
    limits = {
        parameter.name: limit
        for parameter in layer.series.parameters
        for limit in parameter.limits_on(date(year, 12, 31))
        if limit.hours == YEAR
    }
    least = 1 if layer.series.sampled else ceil(24 * quality_settings().completeness_day - 1e-9)
    rows = select_rows(
        conn, sql("yearly_means"), layer=layer.id, parameters=list(limits), key=key, least=least,
        first=date(year, 1, 1), last=date(year, 12, 31),
    )  # fmt: skip
    return [_judged(row, limits[row["parameter"]], _quarter_days(year)) for row in rows]


def _judged(row: Row, limit: Limit, quarter_days: Sequence[int]) -> Row:
    counts = (row.pop("q1"), row.pop("q2"), row.pop("q3"), row.pop("q4"))
    shares = [count / days for count, days in zip(counts, quarter_days, strict=True)]
    complete = min(shares) >= QUARTER_SHARE
    over = limit.high is not None and row["mean"] is not None and row["mean"] > limit.high
    return row | {
        "quarters": shares, "complete": complete, "limit_value": limit.high, "confirmed": limit.confirmed,
        "basis": limit.basis, "over": over if complete else None,
    }  # fmt: skip


def _quarter_days(year: int) -> list[int]:
    starts = [*(date(year, month, 1) for month in (1, 4, 7, 10)), date(year + 1, 1, 1)]
    return [(after - start) // timedelta(days=1) for start, after in pairwise(starts)]


def _stations(layer: Layer) -> Layer:
    assert layer.series is not None
    return get_layer(layer.series.station_layer)
