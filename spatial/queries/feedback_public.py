"""What everybody may read of citizen feedback in bulk: figures of a month, requests of Open311, photos."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from layers.feedback_rules import CountsAs
from spatial.feedback.rules import regulation
from spatial.queries import feedback_cases
from spatial.queries.statements import Row, select_rows


def states_counting(*kinds: CountsAs) -> list[str]:
    """Public states that count as one of these."""
    rules = regulation()
    return [state for state in rules.states_counting(*kinds) if state in rules.public_states]


def period(conn: Connection, *, unit_id: int, period: date) -> Row | None:
    """Figures of a reporting month in a unit, all fields and handling units together; None when not rolled up."""
    rows = select_rows(
        conn,
        "SELECT * FROM derived.feedback_period WHERE unit_id = :unit_id AND period = :period AND category = ''"
        " AND handling_unit = ''",
        unit_id=unit_id,
        period=period,
    )
    return rows[0] if rows else None


def requests(
    conn: Connection,
    *,
    categories: Sequence[str],
    statuses: Sequence[str],
    first: datetime,
    last: datetime,
    limit: int,
    offset: int,
    now: datetime,
) -> list[Row]:
    """Published cases by time of receipt, newest first; ``statuses`` of Open311, none for all."""
    rules = regulation()
    states = [state for state in rules.public_states if not statuses or rules.states[state].open311 in statuses]
    return feedback_cases.list_cases(
        conn, state=states, category=categories or None, public=True, received_from=first, received_to=last,
        order="newest", limit=limit, offset=offset, now=now,
    )  # fmt: skip


def first_photos(conn: Connection, *, codes: Sequence[str]) -> dict[str, str]:
    """Hash of the first public photo by tracking code, of published cases only; the report's before the result's."""
    rows = select_rows(
        conn,
        "SELECT DISTINCT ON (key) key, sha256 FROM core.feedback_photo photo JOIN layer.feedback f USING (key)"
        " WHERE key = ANY(:codes) AND photo.public AND f.state = ANY(:states)"
        " ORDER BY key, photo.kind = 'report' DESC, photo.id",
        codes=list(codes),
        states=regulation().public_states,
    )
    return {row["key"]: row["sha256"] for row in rows}


def photo_is_public(conn: Connection, *, sha256: str) -> bool:
    """Whether a photo was let out for at least one published case."""
    rows = select_rows(
        conn,
        "SELECT 1 FROM core.feedback_photo photo JOIN layer.feedback f USING (key)"
        " WHERE photo.sha256 = :sha256 AND photo.public AND f.state = ANY(:states) LIMIT 1",
        sha256=sha256,
        states=regulation().public_states,
    )
    return bool(rows)
