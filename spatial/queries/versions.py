"""Versions of layers (cache keys), and how far incremental jobs have come."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, text


def bump_version(
    conn: Connection, *, layer_id: str, features: int | None = None, data_until: date | datetime | None = None
) -> None:
    """Count a layer's version up: caches and ETags follow it.

    A load says the number of features and the newest data time, which never goes back; jobs leave both alone.
    """
    conn.execute(
        text(
            "INSERT INTO ops.layer_version AS v (layer_id, features, data_until)"
            " VALUES (:layer_id, coalesce(:features, 0), :until) ON CONFLICT (layer_id)"
            " DO UPDATE SET version = v.version + 1, features = coalesce(:features, v.features),"
            " changed_at = now(), data_until = greatest(v.data_until, excluded.data_until)"
        ),
        {"layer_id": layer_id, "features": features, "until": data_until},
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
