"""Log of interventions at stations: visits, calibrations, repairs. Entries are added, never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import Connection, text

from layers.model import Layer
from spatial.errors import GeoIOCError
from spatial.queries.statements import Row, select_rows

type NoteKind = Literal["visit", "calibration", "repair", "replacement", "note"]
KINDS: tuple[str, ...] = get_args(NoteKind.__value__)


class NoteRefused(GeoIOCError):
    """An entry of the log cannot be stored as asked."""


def add_note(
    conn: Connection, *, stations: Layer, key: str, happened_at: datetime, kind: str, note: str, actor: str
) -> int:
    """Write down what somebody did at a station. Returns the number of the entry.

    :raises NoteRefused: without words or a name, for an unknown kind, or a time without offset.
    """
    if not note.strip() or not actor.strip():
        raise NoteRefused("An entry needs words that say what was done, and the name of who did it.")
    if kind not in KINDS:
        raise NoteRefused(f"There is no kind of entry {kind!r}; the kinds are: {', '.join(KINDS)}.")
    if happened_at.tzinfo is None:
        raise NoteRefused("The time of an entry needs an offset from UTC.")
    return int(
        conn.execute(
            text(
                "INSERT INTO core.station_note (layer_id, feature_key, happened_at, kind, note, actor)"
                " VALUES (:layer, :key, :at, :kind, :note, :actor) RETURNING id"
            ),
            {
                "layer": stations.id,
                "key": key,
                "at": happened_at,
                "kind": kind,
                "note": note.strip(),
                "actor": actor.strip(),
            },
        ).scalar_one()
    )


def list_notes(conn: Connection, *, stations: Layer, key: str, limit: int = 100) -> list[Row]:
    """Entries of a station, newest event first: id, happened_at, kind, note, actor, created_at."""
    return select_rows(
        conn,
        "SELECT id, happened_at, kind, note, actor, created_at FROM core.station_note"
        " WHERE layer_id = :layer AND feature_key = :key ORDER BY happened_at DESC, id DESC LIMIT :limit",
        layer=stations.id,
        key=key,
        limit=limit,
    )
