"""The record of runs: one at a time for a layer, and what became of each."""

from __future__ import annotations

import json

from sqlalchemy import Connection, text

from ingest.report import RunReport
from layers.model import Layer
from spatial.access import Actor, connect

LOCK_SPACE = 0x67656F69  # «geoi»: our place among advisory locks


def lock_layer(connection: Connection, layer_id: str) -> None:
    """Wait until no other run loads the layer; held until the transaction ends, however it ends."""
    connection.execute(
        text("SELECT pg_advisory_xact_lock(:space, hashtext(:layer))"), {"space": LOCK_SPACE, "layer": layer_id}
    )


def mark_interrupted(connection: Connection) -> int:
    """Runs still «running» whose process is gone, found by their lock being free. Returns how many."""
    running = connection.execute(text("SELECT DISTINCT layer_id FROM ops.ingest_run WHERE state = 'running'"))
    marked = 0
    for layer_id in running.scalars().all():
        free = connection.execute(
            text("SELECT pg_try_advisory_xact_lock(:space, hashtext(:layer))"),
            {"space": LOCK_SPACE, "layer": layer_id},
        ).scalar_one()
        if free:
            marked += mark_layer_interrupted(connection, layer_id)
    return marked


def mark_layer_interrupted(connection: Connection, layer_id: str) -> int:
    """The same for one layer, by a caller that holds its lock."""
    statement = text(
        "UPDATE ops.ingest_run SET state = 'interrupted', finished_at = now(),"
        " message = 'The process ended before the run did; nothing of it was stored.'"
        " WHERE state = 'running' AND layer_id = :layer"
    )
    return connection.execute(statement, {"layer": layer_id}).rowcount


def already_done(connection: Connection, *, layer_id: str, sha256: str, fingerprint: str) -> bool:
    """Whether these bytes were loaded with the same options and the same layer definition."""
    found = connection.execute(
        text(
            "SELECT 1 FROM ops.ingest_run WHERE layer_id = :layer AND sha256 = :sha256 AND state = 'done'"
            " AND details ->> 'fingerprint' = :fingerprint LIMIT 1"
        ),
        {"layer": layer_id, "sha256": sha256, "fingerprint": fingerprint},
    )
    return found.first() is not None


def start_run(connection: Connection, *, layer: Layer, source: str, sha256: str, actor: Actor) -> int:
    """Write a run down as running and return its id."""
    return connection.execute(
        text(
            "INSERT INTO ops.ingest_run (layer_id, source, sha256, agency, actor)"
            " VALUES (:layer, :source, :sha256, :agency, :actor) RETURNING id"
        ),
        {
            "layer": layer.id,
            "source": source,
            "sha256": sha256,
            "agency": actor.agency or layer.agency.vi,
            "actor": actor.name,
        },
    ).scalar_one()


def finish_run(connection: Connection, report: RunReport, *, fingerprint: str) -> None:
    """Write the outcome of a run down."""
    connection.execute(
        text(
            "UPDATE ops.ingest_run SET state = :state, rows_read = :read, rows_inserted = :inserted,"
            " rows_updated = :updated, rows_unchanged = :unchanged, rows_rejected = :rejected,"
            " values_flagged = :flagged, message = :message, details = :details, finished_at = clock_timestamp()"
            " WHERE id = :id"
        ),
        {
            "id": report.run_id,
            "state": report.state,
            "read": report.rows_read,
            "inserted": report.inserted,
            "updated": report.updated,
            "unchanged": report.unchanged,
            "rejected": report.rows_rejected,
            "flagged": report.flagged.total(),
            "message": report.message,
            "details": json.dumps(report.details() | {"fingerprint": fingerprint}, ensure_ascii=False),
        },
    )


def record_failure(actor: Actor, run_id: int, *, state: str, message: str) -> None:
    """Mark a run failed or interrupted in a transaction of its own, after the load was rolled back."""
    with connect(actor) as connection:
        connection.execute(
            text(
                "UPDATE ops.ingest_run SET state = :state, message = :message, finished_at = clock_timestamp()"
                " WHERE id = :id AND state = 'running'"
            ),
            {"id": run_id, "state": state, "message": message},
        )
