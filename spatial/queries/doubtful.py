"""Hours whose values may not be used, and why. Times are UTC and end the hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from layers.model import Layer
from spatial.queries.statements import Row, select_rows


def doubtful_hours(
    conn: Connection, *, layer: Layer, parameters: Sequence[str], first: datetime, last: datetime
) -> list[Row]:
    """Hours without an approved value in which something came or the device spoke, first <= time <= last.

    Rows: key, parameter, time, raw (None when nothing was measured), status, flag.
    """
    return select_rows(
        conn,
        "SELECT series.feature_key AS key, series.parameter, h.time, h.raw, h.status, h.flag FROM core.series series"
        " JOIN derived.observation_hourly h ON h.series_id = series.id"
        " WHERE series.layer_id = :layer AND series.parameter = ANY(:parameters) AND h.time BETWEEN :first AND :last"
        " AND h.value IS NULL AND (h.status <> 0 OR h.flag <> 0) ORDER BY series.feature_key, h.time, series.parameter",
        layer=layer.id,
        parameters=list(parameters),
        first=first,
        last=last,
    )
