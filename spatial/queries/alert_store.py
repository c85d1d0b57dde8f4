"""What the evaluation of alerts reads and writes. One evaluation of a layer at a time: a lock holds the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from spatial.queries.statements import Row, select_rows

ALERT_LOCK = 7203  # class of advisory locks; the second key is of the layer
SYSTEM_ACTOR = "system"
COLUMNS = (
    "subject", "rule_id", "layer_id", "feature_key", "parameter", "cause", "severity", "state", "started_at", "last_at",
    "ended_at", "value", "peak", "threshold", "evidence", "unit_ids",
)  # fmt: skip


def hold_layer(conn: Connection, *, layer_id: str) -> None:
    """Wait for another evaluation of the layer to end, and keep the next one waiting until this transaction ends."""
    conn.execute(
        text("SELECT pg_advisory_xact_lock(:class, hashtext(:layer_id))"), {"class": ALERT_LOCK, "layer_id": layer_id}
    )


def alerts_since(conn: Connection, *, layer_id: str, since: datetime) -> list[Row]:
    """Alerts of a layer that are open, or whose event had not ended by ``since``; locked against people's moves."""
    return select_rows(
        conn,
        f"SELECT id, {', '.join(COLUMNS)} FROM core.alert WHERE layer_id = :layer_id"  # noqa: S608
        " AND (state <> 'closed' OR coalesce(ended_at, 'infinity') >= :since) ORDER BY id FOR UPDATE",
        layer_id=layer_id,
        since=since,
    )


def insert_alert(conn: Connection, *, values: Mapping[str, Any]) -> int:
    """A new alert; its id."""
    names = [name for name in COLUMNS if name in values]
    statement = text(
        f"INSERT INTO core.alert ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)}) RETURNING id"  # noqa: S608
    ).bindparams(bindparam("evidence", type_=JSONB))
    return int(conn.execute(statement, {name: values[name] for name in names}).scalar_one())


def update_alert(conn: Connection, *, alert_id: int, values: Mapping[str, Any]) -> None:
    """Change some columns of an alert."""
    names = [name for name in COLUMNS if name in values]
    sets = ", ".join(f"{name} = :{name}" for name in names)
    statement = text(f"UPDATE core.alert SET {sets}, updated_at = now() WHERE id = :id")  # noqa: S608
    if "evidence" in values:
        statement = statement.bindparams(bindparam("evidence", type_=JSONB))
    conn.execute(statement, {name: values[name] for name in names} | {"id": alert_id})


def write_events(conn: Connection, *, alert_id: int, events: Sequence[tuple[str, str | None]]) -> None:
    """What the system did: (action, note) in this order."""
    for action, note in events:
        conn.execute(
            text("INSERT INTO core.alert_event (alert_id, actor, action, note) VALUES (:id, :actor, :action, :note)"),
            {"id": alert_id, "actor": SYSTEM_ACTOR, "action": action, "note": note},
        )


def active_rules(conn: Connection, *, layer_id: str) -> list[Row]:
    """Rules of the layer that are switched on."""
    return select_rows(
        conn, "SELECT * FROM core.alert_rule WHERE layer_id = :layer_id AND enabled ORDER BY id", layer_id=layer_id
    )


def episode_candidates(conn: Connection, *, layer_id: str, since: datetime) -> list[Row]:
    """Environment alerts of a layer whose event reaches behind ``since``: id, key, times, episode."""
    return select_rows(
        conn,
        "SELECT id, feature_key, started_at, coalesce(ended_at, last_at) AS until, evidence ->> 'episode' AS episode"
        " FROM core.alert WHERE layer_id = :layer_id AND cause = 'environment'"
        " AND coalesce(ended_at, last_at) >= :since ORDER BY id",
        layer_id=layer_id,
        since=since,
    )


def set_episode(conn: Connection, *, alert_id: int, episode: str) -> None:
    """Note the episode an alert belongs to."""
    conn.execute(
        text(
            "UPDATE core.alert SET evidence = evidence || jsonb_build_object('episode', CAST(:episode AS text))"
            " WHERE id = :id"
        ),
        {"id": alert_id, "episode": episode},
    )
