"""Numbers the assistant answers with, from roll-ups and indexed tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from layers.model import Layer
from spatial.queries.statements import Row, select_rows, sql
from spatial.schema.feature import feature_table

CLOSED_STATES = ("closed", "resolved", "rejected", "duplicate")


def station_days(
    conn: Connection, *, layer: Layer, parameter: str, keys: Sequence[str], first: date, last: date
) -> list[Row]:
    """Per station: mean of the daily means, highest and lowest hour, days with a mean."""
    return select_rows(
        conn,
        "SELECT s.feature_key AS key, avg(d.mean) AS mean, max(d.maximum) AS highest, min(d.minimum) AS lowest,"
        " count(d.mean) AS days FROM core.series s JOIN derived.observation_daily d ON d.series_id = s.id"
        " AND d.day BETWEEN :first AND :last WHERE s.layer_id = :layer AND s.parameter = :parameter"
        " AND s.feature_key = ANY(:keys) GROUP BY s.feature_key HAVING count(d.mean) > 0 ORDER BY s.feature_key",
        layer=layer.id,
        parameter=parameter,
        keys=list(keys),
        first=first,
        last=last,
    )


def station_hours(
    conn: Connection, *, layer: Layer, parameter: str, keys: Sequence[str], first: datetime, last: datetime
) -> list[Row]:
    """Per station: the same of the approved hours, first < time <= last, with the newest value and its time."""
    return select_rows(
        conn,
        "SELECT s.feature_key AS key, avg(h.value) AS mean, max(h.value) AS highest, min(h.value) AS lowest,"
        " count(h.value) AS days, max(h.time) FILTER (WHERE h.value IS NOT NULL) AS newest,"
        " (array_agg(h.value ORDER BY h.time DESC) FILTER (WHERE h.value IS NOT NULL))[1] AS value"
        " FROM core.series s JOIN derived.observation_hourly h ON h.series_id = s.id"
        " AND h.time > :first AND h.time <= :last WHERE s.layer_id = :layer AND s.parameter = :parameter"
        " AND s.feature_key = ANY(:keys) GROUP BY s.feature_key HAVING count(h.value) > 0 ORDER BY s.feature_key",
        layer=layer.id,
        parameter=parameter,
        keys=list(keys),
        first=first,
        last=last,
    )


def feedback_counts(
    conn: Connection,
    *,
    layer: Layer,
    unit_ids: Sequence[int],
    first: datetime,
    last: datetime,
    now: datetime,
    category: str | None = None,
) -> list[Row]:
    """Per unit: reports received with first <= received_at < last, still open, overdue (open or closed too late)."""
    return select_rows(
        conn,
        sql("answer_feedback").format(table=feature_table(layer).fullname),
        unit_ids=list(unit_ids),
        first=first,
        last=last,
        now=now,
        category=category,
        closed=list(CLOSED_STATES),
    )


def feature_counts(
    conn: Connection, *, layer: Layer, unit_ids: Sequence[int], filters: Sequence[tuple[str, str]]
) -> list[Row]:
    """Per unit: features inside it with these codes; column names come from the layer definition."""
    known = {column.name for column in layer.public_columns}
    wanted = [(name, value) for name, value in filters if name in known]
    condition = "".join(f" AND f.{name} = :value{n}" for n, (name, _) in enumerate(wanted))
    return select_rows(
        conn,
        "SELECT wanted.id AS unit_id, count(f.id) AS n FROM unnest(CAST(:unit_ids AS integer[])) AS wanted (id)"  # noqa: S608
        f" LEFT JOIN {feature_table(layer).fullname} f ON f.unit_ids @> ARRAY[wanted.id]{condition} GROUP BY wanted.id",
        unit_ids=list(unit_ids),
        **{f"value{n}": value for n, (_, value) in enumerate(wanted)},
    )
