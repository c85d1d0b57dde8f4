"""Versions of layers (cache keys), and how far incremental jobs have come."""

from __future__ import annotations

from sqlalchemy import Connection, text


def bump_version(conn: Connection, *, layer_id: str) -> None:
    """Tell caches that answers about a layer changed; counts and the data clock are ingest's business."""
    conn.execute(
        text(
            "INSERT INTO ops.layer_version (layer_id) VALUES (:layer_id) ON CONFLICT (layer_id)"
            " DO UPDATE SET version = ops.layer_version.version + 1, changed_at = now()"
        ),
        {"layer_id": layer_id},
    )


def version_mark(conn: Connection, *, layer_ids: list[str]) -> str:
    """A text that changes when one of the layers does."""
    mark = conn.execute(
        text(
            "SELECT coalesce(string_agg(layer_id || ':' || version, ' ' ORDER BY layer_id), '')"
            " FROM ops.layer_version WHERE layer_id = ANY(:layer_ids)"
        ),
        {"layer_ids": layer_ids},
    ).scalar_one()
    return str(mark)


def get_watermark(conn: Connection, *, name: str) -> str | None:
    """What a job noted last; None before its first run."""
    return conn.execute(text("SELECT value FROM ops.watermark WHERE name = :name"), {"name": name}).scalar()


def set_watermark(conn: Connection, *, name: str, value: str) -> None:
    """Note how far a job has come, in the transaction that brought it there."""
    conn.execute(
        text(
            "INSERT INTO ops.watermark (name, value) VALUES (:name, :value)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        ),
        {"name": name, "value": value},
    )
