"""What people say about marks on values, and the marks of a station as episodes. Times are UTC and end the hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from layers.flags import Flag
from layers.model import Layer
from spatial.errors import GeoIOCError
from spatial.queries.statements import Row, select_rows, sql

type Verdict = Literal["good", "bad"]


class ReviewRefused(GeoIOCError):
    """A review cannot be stored or taken back as asked."""


def add_review(
    conn: Connection, *, series_id: int, first: datetime, last: datetime, verdict: Verdict, note: str, actor: str
) -> int:
    """Store a verdict on ``first <= time <= last`` of a series; the days it covers will be rolled up again.

    «good» lets values into means whatever their marks, «bad» keeps them out. Values and marks stay as they are. Of
    several verdicts on one value the newest that was not taken back holds. Returns the number of the review.

    :raises ReviewRefused: without a note or a name, for a span that ends before it begins, or an unknown series.
    """
    if not note.strip() or not actor.strip():
        raise ReviewRefused("A review needs a note that says why, and the name of who says it.")
    if first.tzinfo is None or last.tzinfo is None:
        raise ReviewRefused("The span of a review needs times with an offset from UTC.")
    if first > last:
        raise ReviewRefused("The span of a review ends before it begins.")
    try:
        with conn.begin_nested():
            return int(
                conn.execute(
                    text(
                        "INSERT INTO core.observation_review (series_id, first, last, verdict, note, actor)"
                        " VALUES (:series, :first, :last, :verdict, :note, :actor) RETURNING id"
                    ),
                    {
                        "series": series_id,
                        "first": first,
                        "last": last,
                        "verdict": verdict,
                        "note": note.strip(),
                        "actor": actor.strip(),
                    },
                ).scalar_one()
            )
    except IntegrityError as error:
        raise ReviewRefused(f"The review was refused: series {series_id}, verdict {verdict!r}.") from error


def revoke_review(conn: Connection, *, review_id: int, actor: str) -> None:
    """Take a review back; it stays in the history, and the days it covered will be rolled up again.

    :raises ReviewRefused: when there is none of that number, or it was taken back before.
    """
    taken = conn.execute(
        text(
            "UPDATE core.observation_review SET revoked_at = now(), revoked_by = :actor"
            " WHERE id = :id AND revoked_at IS NULL"
        ),
        {"id": review_id, "actor": actor},
    )
    if taken.rowcount != 1:
        raise ReviewRefused(f"There is no review {review_id} that holds; `geoioc quality reviews` lists them.")


def list_reviews(
    conn: Connection,
    *,
    series_ids: Sequence[int] | None = None,
    layer: Layer | None = None,
    key: str | None = None,
    holding: bool = False,
) -> list[Row]:
    """Reviews, newest first: of some series, of a layer, of a station of it, or all; ``holding``: not taken back.

    Rows: id, series_id, layer_id, key, parameter, first, last, verdict, note, actor, created_at, revoked_at,
    revoked_by.
    """
    return select_rows(
        conn,
        "SELECT r.id, r.series_id, s.layer_id, s.feature_key AS key, s.parameter, r.first, r.last, r.verdict, r.note,"
        " r.actor, r.created_at, r.revoked_at, r.revoked_by"
        " FROM core.observation_review r JOIN core.series s ON s.id = r.series_id"
        " WHERE (CAST(:series AS int[]) IS NULL OR r.series_id = ANY(:series))"
        " AND (CAST(:layer AS text) IS NULL OR s.layer_id = :layer)"
        " AND (CAST(:key AS text) IS NULL OR s.feature_key = :key)"
        " AND (NOT :holding OR r.revoked_at IS NULL) ORDER BY r.id DESC",
        series=None if series_ids is None else list(series_ids),
        layer=None if layer is None else layer.id,
        key=key,
        holding=holding,
    )


def flag_episodes(conn: Connection, *, layer: Layer, key: str, first: datetime, last: datetime) -> list[Row]:
    """Stretches of a station's series with the same marks and the same verdict, newest first.

    Up to six good or missing hours between do not end a stretch.

    Rows: series_id, parameter, flag (mask of layers.flags.Flag; 0 where only a person has judged), first, last, n
    (values), minimum, maximum (None where the device said «no value»), and of the review that holds: verdict
    («good», «bad» or None), review_id, note, actor, created_at.
    """
    return select_rows(
        conn, sql("flag_episodes"), layer=layer.id, key=key, first=first, last=last, pair=int(Flag.INCONSISTENT)
    )
