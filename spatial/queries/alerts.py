"""Alerts as the screens, the feed and the command ask for them, and what people do about them. Times are UTC."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from layers.model import Text
from layers.registry import registry
from spatial.alerts.errors import AlertRefused, UnknownAlert
from spatial.alerts.moves import MOVES, check_note, refusal
from spatial.alerts.words import title
from spatial.queries.alert_outbox import tell_those_who_know
from spatial.queries.alert_rules import list_rules, restore_rule, save_rule, set_rule_enabled
from spatial.queries.statements import Row, select_rows, sql
from spatial.schema.feature import feature_table

__all__ = [
    "acknowledge", "add_note", "close", "count_open", "get_alert", "list_alerts", "list_rules", "public_alert",
    "public_alerts",
    "reopen", "restore_rule", "rows_of", "save_rule", "set_rule_enabled", "stations_statement",
    "unknown_alert",
]  # fmt: skip


# What people outside may know: the air (water) and forecasts, by rules with the channel cap. Alerts only put on record
# were never news; a reference sensor may not speak to the public (Circular 10/2021, article 29).
_PUBLIC = (
    "a.cause IN ('environment', 'forecast') AND r.channels @> '[\"cap\"]' AND a.feature_key <> ''"
    " AND NOT coalesce((a.evidence ->> 'reference')::boolean, false) AND NOT (a.state = 'closed' AND EXISTS ("
    "SELECT FROM core.alert_event e WHERE e.alert_id = a.id AND e.action = 'closed' AND e.actor = 'system'"
    " AND e.at = a.opened_at))"
)


def stations_statement() -> str:
    """SELECT of the stations of every observation layer: layer_id (of the observations), key, name, lon, lat ..."""
    parts = []
    for layer in registry().values():
        if layer.series is None:
            continue
        station = registry()[layer.series.station_layer]
        label = station.overlay.label or station.key_columns[0].name
        parts.append(
            f"SELECT '{layer.id}' AS layer_id, s.key, coalesce(s.{label}, s.key) AS name,"  # noqa: S608
            " ST_X(s.geom) AS lon, ST_Y(s.geom) AS lat, s.unit_ids, s.commune_code"
            f" FROM {feature_table(station).fullname} s"
        )
    return " UNION ALL ".join(parts)


def list_alerts(
    conn: Connection, *, states: Sequence[str] | None = None, unit_id: int | None = None, cause: str | None = None,
    severity: str | None = None, layer_id: str | None = None, key: str | None = None, since: datetime | None = None,
    limit: int = 200,
) -> list[Row]:  # fmt: skip
    """Alerts, what needs somebody today first: state (new first), going on before over, severity, newest first.

    ``unit_id``: stations inside that unit. ``layer_id`` and ``key``: of one station. ``since``: still going on, or over
    since then. Each row carries ``title_vi`` and ``title_en``, a sentence that begins with the air or the instrument.
    """
    return _rows(
        conn,
        "(CAST(:states AS text[]) IS NULL OR a.state = ANY(:states))"
        " AND (CAST(:unit_id AS integer) IS NULL OR a.unit_ids @> ARRAY[CAST(:unit_id AS integer)])"
        " AND (CAST(:cause AS text) IS NULL OR a.cause = :cause)"
        " AND (CAST(:severity AS text) IS NULL OR a.severity = :severity)"
        " AND (CAST(:layer_id AS text) IS NULL OR a.layer_id = :layer_id)"
        " AND (CAST(:key AS text) IS NULL OR a.feature_key = :key)"
        " AND (CAST(:since AS timestamptz) IS NULL OR a.ended_at IS NULL OR a.ended_at >= :since)",
        states=None if states is None else list(states),
        unit_id=unit_id, cause=cause, severity=severity, layer_id=layer_id, key=key, since=since, limit=limit,
    )  # fmt: skip


def public_alerts(conn: Connection, *, since: datetime, limit: int = 500) -> list[Row]:
    """What the public feed shows: of the air (water) and forecasts, by rules with the channel cap, not older than that.

    Instrument alerts are the staff's business and never stand here.
    """
    return _rows(conn, f"{_PUBLIC} AND a.last_at >= :since", since=since, limit=limit)


def public_alert(conn: Connection, *, alert_id: int) -> Row | None:
    """One alert as the public may see it; None when there is none, or it is not for the public."""
    rows = _rows(conn, f"{_PUBLIC} AND a.id = :alert_id", alert_id=alert_id, limit=1)
    return rows[0] if rows else None


def rows_of(conn: Connection, *, alert_ids: Sequence[int]) -> list[Row]:
    """Alerts by number, as ``list_alerts`` gives them."""
    return _rows(conn, "a.id = ANY(:alert_ids)", alert_ids=list(alert_ids), limit=len(alert_ids))


def _rows(conn: Connection, condition: str, **values: Any) -> list[Row]:
    statement = sql("alert_rows").format(stations=stations_statement(), condition=condition)
    return [_with_title(row) for row in select_rows(conn, statement, **values)]


def _with_title(row: Row) -> Row:
    words = title(row)
    return row | {"title_vi": words.vi, "title_en": words.en}


def get_alert(conn: Connection, *, alert_id: int) -> Row | None:
    """One alert with ``events`` (oldest first), ``notifications`` and ``related`` (alerts of the same episode)."""
    found = _rows(conn, "a.id = :alert_id", alert_id=alert_id, limit=1)
    if not found:
        return None
    alert = found[0]
    events = select_rows(
        conn,
        "SELECT id, at, actor, action, note FROM core.alert_event WHERE alert_id = :id ORDER BY at, id",
        id=alert_id,
    )
    sent = select_rows(
        conn,
        "SELECT id, channel, occasion, state, not_before, attempts, error, created_at, sent_at FROM ops.notification"
        " WHERE alert_id = :id ORDER BY created_at, id",
        id=alert_id,
    )
    related: list[Row] = []
    if alert["episode"]:
        related = _rows(
            conn,
            "a.evidence ->> 'episode' = :episode AND a.id <> :id",
            episode=alert["episode"],
            id=alert_id,
            limit=100,
        )
    return alert | {"events": events, "notifications": sent, "related": related}


def count_open(conn: Connection) -> dict[str, Any]:
    """Open alerts: ``total``, ``new``, ``ongoing``, and by ``severity``, ``cause`` and ``state``."""
    rows = select_rows(
        conn,
        "SELECT severity, cause, state, count(*) AS n, count(*) FILTER (WHERE ended_at IS NULL) AS ongoing"
        " FROM core.alert WHERE state <> 'closed' GROUP BY severity, cause, state",
    )
    counts: dict[str, Any] = {"total": 0, "new": 0, "ongoing": 0, "severity": {}, "cause": {}, "state": {}}
    for row in rows:
        counts["total"] += row["n"]
        counts["ongoing"] += row["ongoing"]
        for name in ("severity", "cause", "state"):
            counts[name][row[name]] = counts[name].get(row[name], 0) + row["n"]
    counts["new"] = counts["state"].get("new", 0)
    return counts


def acknowledge(conn: Connection, *, alert_id: int, actor: str, note: str | None = None) -> None:
    """Somebody has seen it and looks after it.

    :raises AlertRefused: when it is not new.
    :raises UnknownAlert: when there is none.
    """
    _move(conn, alert_id, "acknowledged", actor, note)


def close(conn: Connection, *, alert_id: int, actor: str, note: str) -> None:
    """The matter is settled; the note says how. Those who were told of it are told of this.

    :raises AlertRefused: when it is closed already, or no note is given.
    :raises UnknownAlert: when there is none.
    """
    _move(conn, alert_id, "closed", actor, note)
    tell_those_who_know(conn, alert_id=alert_id, occasion="closed")


def reopen(conn: Connection, *, alert_id: int, actor: str, note: str) -> None:
    """It was closed too early; the note says why. It comes back as taken (acknowledged), by the one who reopens it.

    :raises AlertRefused: when it is not closed, no note is given, or another alert of the same subject is open.
    :raises UnknownAlert: when there is none.
    """
    check_note(note, needed=True)
    rival = conn.execute(
        text(
            "SELECT other.id FROM core.alert a JOIN core.alert other ON other.subject = a.subject AND other.id <> a.id"
            " AND other.state <> 'closed' WHERE a.id = :id AND a.state = 'closed'"
        ),
        {"id": alert_id},
    ).scalar()
    if rival is not None:
        vi, en = f"Cảnh báo số {rival} về cùng sự việc đang mở.", f"Alert {rival} about the same thing is open."
        raise AlertRefused(Text(vi=vi, en=en))
    _move(conn, alert_id, "reopened", actor, note)


def add_note(conn: Connection, *, alert_id: int, actor: str, note: str) -> None:
    """A remark that changes nothing else; allowed in every state.

    :raises AlertRefused: when the note is empty.
    :raises UnknownAlert: when there is no such alert.
    """
    words = check_note(note, needed=True)
    _state(conn, alert_id)
    _write_event(conn, alert_id, actor, "note", words)


def _move(conn: Connection, alert_id: int, action: str, actor: str, note: str | None) -> None:
    move = MOVES[action]
    words = check_note(note, needed=move.needs_note)
    if _state(conn, alert_id) not in move.before:
        raise refusal(action)
    conn.execute(
        text("UPDATE core.alert SET state = :state, updated_at = now() WHERE id = :id"),
        {"state": move.after, "id": alert_id},
    )
    _write_event(conn, alert_id, actor, action, words)


def unknown_alert(alert_id: int) -> UnknownAlert:
    """What to say when there is no alert of that number."""
    return UnknownAlert(Text(vi=f"Không có cảnh báo số {alert_id}.", en=f"There is no alert {alert_id}."))


def _state(conn: Connection, alert_id: int) -> str:
    """State of the alert, locked until the end of the transaction: two people cannot both be the one who closed it."""
    state = conn.execute(text("SELECT state FROM core.alert WHERE id = :id FOR UPDATE"), {"id": alert_id}).scalar()
    if state is None:
        raise unknown_alert(alert_id)
    return str(state)


def _write_event(conn: Connection, alert_id: int, actor: str, action: str, note: str | None) -> None:
    conn.execute(
        text("INSERT INTO core.alert_event (alert_id, actor, action, note) VALUES (:id, :actor, :action, :note)"),
        {"id": alert_id, "actor": actor, "action": action, "note": note},
    )
