"""What the screens of alerts ask for beside the alerts themselves: who acted last, the hours around an event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, text

from layers.model import Layer
from layers.registry import get_layer
from spatial.queries.statements import Row, select_rows, sql
from spatial.schema.feature import feature_table

NEIGHBOURS_KM = 50.0
NEIGHBOURS_USED = 20  # the nearest ones; a median of more says no more


def last_deeds(conn: Connection, *, alert_ids: Sequence[int]) -> dict[int, Row]:
    """By alert: ``last_event`` (id of its newest event), and actor, action and time of the last move a person made."""
    rows = select_rows(conn, sql("alert_deeds"), alerts=list(alert_ids))
    return {row["alert_id"]: row for row in rows}


def state_counts(
    conn: Connection, *, unit_id: int | None = None, cause: str | None = None, severity: str | None = None,
    layer_id: str | None = None, key: str | None = None, since: datetime | None = None,
) -> dict[str, int]:  # fmt: skip
    """Alerts by state, narrowed as ``spatial.queries.alerts.list_alerts`` narrows them."""
    rows = select_rows(
        conn,
        sql("alert_states"),
        unit_id=unit_id,
        cause=cause,
        severity=severity,
        layer_id=layer_id,
        key=key,
        since=since,
    )
    return {row["state"]: row["n"] for row in rows}


def events_after(conn: Connection, *, alert_id: int, event_id: int) -> list[Row]:
    """What happened to an alert since somebody looked at it, oldest first."""
    return select_rows(
        conn,
        "SELECT id, at, actor, action, note FROM core.alert_event WHERE alert_id = :alert AND id > :event ORDER BY id",
        alert=alert_id,
        event=event_id,
    )


def hold_alert(conn: Connection, *, alert_id: int) -> str | None:
    """State of an alert, held against colleagues until the transaction ends; None when there is no such alert."""
    found = conn.execute(text("SELECT state FROM core.alert WHERE id = :id FOR UPDATE"), {"id": alert_id})
    state: str | None = found.scalar()
    return state


def hours_around(
    conn: Connection, *, layer: Layer, key: str, parameter: str, first: datetime, last: datetime
) -> list[Row]:
    """Hours of one series with the approved value and what was measured, first <= time <= last."""
    return select_rows(
        conn,
        "SELECT hour.time, hour.value, hour.raw, hour.status, hour.flag, hour.reviewed FROM core.series series"
        " JOIN derived.observation_hourly hour ON hour.series_id = series.id WHERE series.layer_id = :layer"
        " AND series.feature_key = :key AND series.parameter = :parameter AND hour.time BETWEEN :first AND :last"
        " ORDER BY hour.time",
        layer=layer.id,
        key=key,
        parameter=parameter,
        first=first,
        last=last,
    )


def neighbours_median(
    conn: Connection, *, layer: Layer, key: str, parameter: str, first: datetime, last: datetime
) -> list[Row]:
    """By hour: median of the approved values of the nearest other stations within 50 km, and how many there were."""
    assert layer.series is not None
    station = feature_table(get_layer(layer.series.station_layer)).fullname
    statement = sql("alert_neighbours").replace("{station}", station)
    return select_rows(
        conn, statement, layer=layer.id, key=key, parameter=parameter, first=first, last=last,
        metres=NEIGHBOURS_KM * 1000, most=NEIGHBOURS_USED,
    )  # fmt: skip


def measured_parameters(conn: Connection, *, layer: Layer, key: str) -> set[str]:
    """Names of what a station measures."""
    found = conn.execute(
        text("SELECT parameter FROM core.series WHERE layer_id = :layer AND feature_key = :key"),
        {"layer": layer.id, "key": key},
    )
    return set(found.scalars())


def rule_history(conn: Connection, *, since: datetime) -> dict[int, Row]:
    """By rule: when it last opened an alert, and how many it opened since that moment."""
    rows = select_rows(
        conn,
        "SELECT rule_id, max(started_at) AS last, count(*) FILTER (WHERE started_at >= :since) AS n FROM core.alert"
        " GROUP BY rule_id",
        since=since,
    )
    return {row["rule_id"]: row for row in rows}


def channel_history(conn: Connection) -> dict[str, Row]:
    """By channel: messages waiting, newest success, newest failure with its words."""
    rows = select_rows(
        conn,
        "SELECT channel, count(*) FILTER (WHERE state = 'queued') AS waiting, max(sent_at) AS sent,"
        " count(*) FILTER (WHERE state = 'failed') AS failed,"
        " (array_agg(error ORDER BY created_at DESC) FILTER (WHERE state = 'failed'))[1] AS error"
        " FROM ops.notification GROUP BY channel",
    )
    return {row["channel"]: row for row in rows}
