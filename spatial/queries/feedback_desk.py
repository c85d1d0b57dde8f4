"""Questions of the feedback desk: the queue of cases by filters, how many wait in each queue, and what lies near.

Only open cases are counted in full; what is done is counted up to ``COUNTED``, so that no count grows with history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from spatial.feedback.rules import regulation
from spatial.queries.statements import Row, select_rows, sql

COUNTED = 10_000  # more than that is said as «10.000+»
SOON = timedelta(hours=24)
OPEN = ("received", "assigned", "returned", "in_progress", "extended", "reopened")
DONE = ("resolved", "closed")
# After which a case is late, as the regulation says; the same as spatial.feedback.workflow.late_after.
_LATE_AT = {"original": "coalesce(c.original_due_at, f.due_at)", "extended": "f.due_at"}
ORDERS: Mapping[str, str] = {
    "due": "{late_at} ASC NULLS LAST, f.id DESC",
    "newest": "f.received_at DESC, f.id DESC",
    "oldest": "f.received_at ASC, f.id ASC",
    "closed": "f.closed_at DESC NULLS LAST, f.id DESC",
}
# Queues as conditions on f (layer.feedback) and c (core.feedback_case). The clock of a paused case stands still.
_QUEUES: Mapping[str, str] = {
    "new": "f.state IN ('received', 'returned')",
    "assigned": "f.state = 'assigned'",
    "working": "f.state IN ('in_progress', 'extended', 'reopened') AND c.paused_since IS NULL",
    "soon": "f.state = ANY(:open) AND c.paused_since IS NULL AND {late_at} BETWEEN :now AND :soon",
    "late": "f.state = ANY(:open) AND c.paused_since IS NULL AND {late_at} < :now",
    "waiting": "f.state = ANY(:open) AND c.paused_since IS NOT NULL",
    "done": "f.state = ANY(:done)",
    "all": "true",
}
QUEUES = tuple(_QUEUES)
_OPEN_QUEUES = tuple(name for name in QUEUES if name not in ("done", "all"))


@dataclass(frozen=True)
class CaseFilter:
    """What narrows the queue, beside the queue itself; None does not narrow."""

    unit_id: int | None = None
    category: str | None = None
    handling_unit: str | None = None
    level: str | None = None
    channel: str | None = None
    query: str | None = None  # words of the summary, folded, or (part of) a tracking code
    first: datetime | None = None  # received from
    last: datetime | None = None  # received before

    def conditions(self) -> tuple[str, dict[str, Any]]:
        """SQL with its bound values."""
        parts: list[str] = []
        values: dict[str, Any] = {}
        simple = {
            "unit_id": "f.unit_ids @> ARRAY[CAST(:unit_id AS integer)]",
            "category": "f.category = :category",
            "handling_unit": "f.handling_unit = :handling_unit",
            "level": "f.level = :level",
            "channel": "f.channel = :channel",
            "first": "f.received_at >= :first",
            "last": "f.received_at < :last",
        }
        for name, condition in simple.items():
            if getattr(self, name) is not None:
                parts.append(condition)
                values[name] = getattr(self, name)
        for number, word in enumerate((self.query or "").split()[:6]):
            parts.append(
                f"(core.vn_fold(f.title) LIKE '%' || core.vn_fold(:word{number}) || '%'"
                f" OR f.tracking_code ILIKE :code{number})"
            )
            values |= {f"word{number}": _plain(word), f"code{number}": _plain(word) + "%"}
        return " AND ".join(parts) or "true", values


def _plain(word: str) -> str:
    """A word in which nothing is a wildcard."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _late_at() -> str:
    return _LATE_AT[regulation().deadlines.late_after]


def _times(now: datetime) -> dict[str, Any]:
    return {"now": now, "soon": now + SOON, "open": list(OPEN), "done": list(DONE)}


def list_queue(
    conn: Connection, *, queue: str, narrow: CaseFilter, order: str, limit: int, offset: int, now: datetime
) -> list[Row]:
    """Cases of a queue: public facts, clock, position check, number of photos and ``seen`` (newest event)."""
    conditions, values = narrow.conditions()
    late_at = _late_at()
    statement = sql("desk_queue").format(
        queue=_QUEUES[queue].format(late_at=late_at), narrow=conditions, order=ORDERS[order].format(late_at=late_at),
        late_at=late_at, limit=int(limit), offset=int(offset),
    )  # fmt: skip
    return select_rows(conn, statement, **values, **_times(now))


def count_queues(conn: Connection, *, narrow: CaseFilter, now: datetime) -> dict[str, int]:
    """Cases in each queue; ``done`` and ``all`` stop at ``COUNTED`` + 1."""
    conditions, values = narrow.conditions()
    source = "layer.feedback f LEFT JOIN core.feedback_case c ON c.key = f.key"
    filters = ", ".join(f"count(*) FILTER (WHERE {_QUEUES[name]}) AS {name}" for name in _OPEN_QUEUES)
    filters = filters.format(late_at=_late_at())
    counts = select_rows(
        conn,
        f"SELECT {filters} FROM {source} WHERE f.state = ANY(:open) AND {conditions}",  # noqa: S608
        **values,
        **_times(now),
    )[0]
    for name in ("done", "all"):
        counts |= select_rows(
            conn,
            f"SELECT count(*) AS {name} FROM (SELECT 1 FROM layer.feedback f WHERE {_QUEUES[name]}"  # noqa: S608
            f" AND {conditions} LIMIT {COUNTED + 1}) AS found",
            **values,
            **_times(now),
        )[0]
    return {name: int(counts[name]) for name in QUEUES}


def handling_units(conn: Connection) -> list[Row]:
    """Who handles cases: the register, else the names that stand in the cases themselves."""
    rows = select_rows(
        conn, "SELECT code, name, kind, unit_id, categories FROM core.handling_unit WHERE active ORDER BY kind, name"
    )
    return rows or select_rows(conn, sql("desk_handlers"))


def hold_case(conn: Connection, *, code: str) -> tuple[str, int] | None:
    """Lock a case until the end of the transaction: its state and its newest event; None when there is no such case."""
    state = conn.execute(
        text("SELECT state FROM layer.feedback WHERE key = :code FOR UPDATE"), {"code": code}
    ).scalar_one_or_none()
    if state is None:
        return None
    newest = conn.execute(
        text(
            "SELECT coalesce(max(sequence), 0) FROM layer.feedback_event"
            " WHERE key >= CAST(:code AS text) || '.' AND key < CAST(:code AS text) || '/'"
        ),
        {"code": code},
    ).scalar_one()
    return str(state), int(newest)


def events_after(conn: Connection, *, code: str, sequence: int) -> list[Row]:
    """What happened to a case since somebody looked."""
    return select_rows(
        conn,
        "SELECT sequence, state, happened_at, actor, action, to_unit, note FROM layer.feedback_event"
        " WHERE key >= CAST(:code AS text) || '.' AND key < CAST(:code AS text) || '/' AND sequence > :sequence"
        " ORDER BY sequence",
        code=code,
        sequence=sequence,
    )


def case_position(conn: Connection, *, code: str) -> Row | None:
    """Where the pin is (exact where we have it), how good the position is, and the units that hold it."""
    rows = select_rows(conn, sql("desk_position"), code=code)
    return rows[0] if rows else None


def near_cases(conn: Connection, *, code: str, metres: float, limit: int) -> list[Row]:
    """Other cases within ``metres`` of one, the nearest first; ``same_field`` and days between them."""
    return select_rows(conn, sql("desk_near"), code=code, metres=metres, limit=limit)


def photo_file(conn: Connection, *, photo_id: int) -> Row | None:
    """Digest, and whether everybody may see it."""
    rows = select_rows(conn, "SELECT key, sha256, public FROM core.feedback_photo WHERE id = :id", id=photo_id)
    return rows[0] if rows else None


def density(conn: Connection, *, first: datetime, last: datetime, unit_id: int | None, cell: float) -> list[Row]:
    """Cases received in a span by cell of ``cell`` degrees, field and handling unit; public positions.

    Counts what the roll-up counts as received, also what nobody checked yet: for staff. Found by the index of the time,
    so that a month costs the same however long the history is.
    """
    return select_rows(conn, sql("desk_density"), first=first, last=last, unit_id=unit_id, cell=cell)
