"""Cases of citizen feedback: one, many, their history and photos. What is public is decided here, in SQL.

Public is a case whose state the regulation calls public; of a rejected case only the reason, of a duplicate only what
it repeats. Names, telephone numbers, the full text and the exact position never leave with ``public=True``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import Connection

from layers.feedback_rules import Regulation
from spatial.errors import UnknownUnit
from spatial.feedback.rules import regulation
from spatial.queries.statements import Row, select_rows

type Order = Literal["newest", "oldest", "due", "code"]
ORDERS: dict[str, str] = {
    "newest": "f.received_at DESC, f.key DESC",
    "oldest": "f.received_at, f.key",
    "due": "late_at NULLS LAST, f.key",
    "code": "f.key",
}
# What everybody may know of a public case.
_PUBLIC = (
    "f.key, f.tracking_code, f.category, f.title, f.state, f.handling_unit, f.channel, f.level, f.received_at,"
    " f.due_at, f.answered_at, f.closed_at, f.result, f.rating, f.solved, f.duplicate_of, f.commune_code,"
    " f.former_district_code, f.unit_ids, f.updated_at, ST_X(f.geom) AS lon, ST_Y(f.geom) AS lat,"
    " c.paused_since, c.first_due_at, c.first_due_met_at, c.original_due_at"
)
_STAFF = (
    ", ST_X(c.exact) AS exact_lon, ST_Y(c.exact) AS exact_lat, c.place_text, c.text_unit_id,"
    " coalesce(c.pin_check, 'unchecked') AS pin_check, c.assigned_at, coalesce(c.paused_minutes, 0) AS paused_minutes,"
    " c.rated_at, c.rating_comment, c.secret_hash IS NOT NULL AS has_secret, p.content, p.reporter_name,"
    " p.reporter_phone, p.reporter_email, core.unit_name(named.type_vi, named.name) AS text_unit_name"
)
_FROM_PUBLIC = " FROM layer.feedback f LEFT JOIN core.feedback_case c USING (key)"
_FROM_STAFF = (
    _FROM_PUBLIC + " LEFT JOIN layer.feedback_private p USING (key)"
    " LEFT JOIN core.admin_unit named ON named.id = c.text_unit_id"
)
_COMMUNE = (
    " LEFT JOIN LATERAL (SELECT core.unit_name(unit.type_vi, unit.name) AS commune_name, unit.key AS commune_key"
    " FROM core.admin_unit unit WHERE unit.id = ANY(f.unit_ids) AND unit.level = 'commune'"
    " AND unit.code = f.commune_code ORDER BY unit.valid_from DESC LIMIT 1) commune ON true"
)


def late_at_sql(rules: Regulation) -> str:
    """SQL of the instant after which a case (f, c) is late."""
    return "coalesce(c.original_due_at, f.due_at)" if rules.deadlines.late_after == "original" else "f.due_at"


def late_sql(rules: Regulation) -> str:
    """SQL of whether a case (f, c) is late at ``:now``; needs ``_late_values``."""
    return (
        "(f.state = ANY(:late_states)"
        f" AND coalesce(f.closed_at, c.paused_since, :now) > {late_at_sql(rules)})"
    )  # fmt: skip


def late_values(rules: Regulation, now: datetime) -> dict[str, object]:
    """Parameters of ``late_sql``."""
    return {"now": now, "late_states": rules.states_counting("backlog", "open", "processed")}


def get_case(conn: Connection, *, code: str, public: bool, now: datetime | None = None) -> Row | None:
    """One case; None when there is none of that code.

    With ``public`` a case that is not public shows its code, state, times and (if rejected) the reason or (if a
    duplicate) the other's code, nothing else. Without it everything, the reporter included: who may see that is the
    caller's to hold (``Regulation.reporter_seen_by``). ``late_at`` is the deadline lateness is measured by, ``late``
    whether it passed, ``public`` whether everybody may see the case.
    """
    rules, now = regulation(), now or datetime.now(UTC)
    columns, source = (_PUBLIC, _FROM_PUBLIC) if public else (_PUBLIC + _STAFF, _FROM_STAFF)
    found = select_rows(
        conn,
        f"SELECT {columns}, commune.*, {late_at_sql(rules)} AS late_at, {late_sql(rules)} AS late"
        f"{source}{_COMMUNE} WHERE f.key = :code",
        code=code,
        **late_values(rules, now),
    )
    if not found:
        return None
    row = found[0]
    row["public"] = row["state"] in rules.public_states
    return _hide(rules, row) if public and not row["public"] else row


_ALWAYS = ("key", "tracking_code", "state", "received_at", "closed_at", "category", "public", "due_at", "first_due_at")


def _hide(rules: Regulation, row: Row) -> Row:
    """A case that is not public: what is left of it."""
    shown = dict.fromkeys(row) | {name: row[name] for name in _ALWAYS} | {"late": False, "unit_ids": []}
    kind = rules.states[row["state"]].public
    if kind == "reason":
        shown["result"] = row["result"]
    if kind == "link":
        shown["duplicate_of"] = row["duplicate_of"]
    return shown


def _conditions(
    rules: Regulation,
    *,
    state: str | Sequence[str] | None,
    unit_id: int | None,
    category: str | Sequence[str] | None,
    handling_unit: str | None,
    level: str | None,
    overdue: bool | None,
    query: str | None,
    public: bool,
    received_from: datetime | None,
    received_to: datetime | None,
) -> tuple[str, dict[str, object]]:
    parts, values = ["true"], dict[str, object]()

    def add(condition: str, **given: object) -> None:
        parts.append(condition)
        values.update(given)

    if state is not None:
        add("f.state = ANY(:states)", states=[state] if isinstance(state, str) else list(state))
    if public:
        add("f.state = ANY(:public_states)", public_states=rules.public_states)
    if unit_id is not None:
        add("f.unit_ids @> ARRAY[CAST(:unit_id AS integer)]", unit_id=unit_id)
    if category is not None:
        add("f.category = ANY(:categories)", categories=[category] if isinstance(category, str) else list(category))
    if handling_unit is not None:
        add("f.handling_unit = :handling_unit", handling_unit=handling_unit)
    if level is not None:
        add("f.level = :level", level=level)
    if received_from is not None:
        add("f.received_at >= :received_from", received_from=received_from)
    if received_to is not None:
        add("f.received_at < :received_to", received_to=received_to)
    if overdue is not None:
        late = f"f.state = ANY(:open_states) AND {late_sql(rules)}"
        add(f"({late})" if overdue else f"NOT coalesce({late}, false)", open_states=rules.open_states)
    if query:
        searched = "f.key ILIKE :likely OR core.vn_fold(f.title) LIKE core.vn_fold(:likely)"
        if not public:
            searched += " OR core.vn_fold(p.content) LIKE core.vn_fold(:likely) OR core.vn_fold(c.place_text) LIKE" \
                        " core.vn_fold(:likely)"  # fmt: skip
        add(f"({searched})", likely=f"%{_escape(query.strip())}%")
    return " AND ".join(parts), values


def _escape(words: str) -> str:
    return words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def list_cases(
    conn: Connection,
    *,
    state: str | Sequence[str] | None = None,
    unit_id: int | None = None,
    category: str | Sequence[str] | None = None,
    handling_unit: str | None = None,
    level: str | None = None,
    overdue: bool | None = None,
    query: str | None = None,
    public: bool = False,
    received_from: datetime | None = None,
    received_to: datetime | None = None,
    order: Order = "newest",
    limit: int = 50,
    offset: int = 0,
    now: datetime | None = None,
) -> list[Row]:
    """Cases in an order: newest, oldest, due (next deadline first), code. Columns as ``get_case``.

    ``overdue`` True: open and past the deadline; False: all others. ``query`` is looked for in code and summary, for
    staff in the full text too. With ``public`` only cases everybody may see.
    """
    rules = regulation()
    where, values = _conditions(
        rules, state=state, unit_id=unit_id, category=category, handling_unit=handling_unit, level=level,
        overdue=overdue, query=query, public=public, received_from=received_from, received_to=received_to,
    )  # fmt: skip
    columns, source = (_PUBLIC, _FROM_PUBLIC) if public else (_PUBLIC + _STAFF, _FROM_STAFF)
    rows = select_rows(
        conn,
        f"SELECT {columns}, commune.*, {late_at_sql(rules)} AS late_at, {late_sql(rules)} AS late"
        f"{source}{_COMMUNE} WHERE {where} ORDER BY {ORDERS[order]} LIMIT :limit OFFSET :offset",
        limit=limit,
        offset=offset,
        **(values | late_values(rules, now or datetime.now(UTC))),
    )
    return [row | {"public": row["state"] in rules.public_states} for row in rows]


def count_cases(
    conn: Connection,
    *,
    state: str | Sequence[str] | None = None,
    unit_id: int | None = None,
    category: str | Sequence[str] | None = None,
    handling_unit: str | None = None,
    level: str | None = None,
    overdue: bool | None = None,
    query: str | None = None,
    public: bool = False,
    received_from: datetime | None = None,
    received_to: datetime | None = None,
    now: datetime | None = None,
) -> int:
    """How many cases ``list_cases`` would list without a limit."""
    rules = regulation()
    where, values = _conditions(
        rules, state=state, unit_id=unit_id, category=category, handling_unit=handling_unit, level=level,
        overdue=overdue, query=query, public=public, received_from=received_from, received_to=received_to,
    )  # fmt: skip
    source = _FROM_PUBLIC if public or not query else _FROM_STAFF
    row = select_rows(
        conn,
        f"SELECT count(*) AS n{source} WHERE {where}",
        **(values | late_values(rules, now or datetime.now(UTC))),
    )[0]
    return int(row["n"])


def timeline(conn: Connection, *, code: str, public: bool) -> list[Row]:
    """Steps of a case in order: sequence, happened_at, state, action, actor, to_unit, until, note, internal.

    With ``public`` internal steps are left out, and everything of a case that is not public but its receipt and end.
    """
    rows = select_rows(
        conn,
        "SELECT sequence, happened_at, state, action, actor, to_unit, until, note,"
        " coalesce(internal, false) AS internal FROM layer.feedback_event"
        " WHERE tracking_code = :code ORDER BY sequence",
        code=code,
    )
    if not public:
        return rows
    case = get_case(conn, code=code, public=True)
    if case is None:
        return []
    shown = [row for row in rows if not row["internal"]]
    if case["public"]:
        return shown
    kind = regulation().states[case["state"]].public
    return [
        row if kind == "reason" and row["state"] == case["state"] else row | {"note": None, "actor": None}
        for row in shown
        if row["state"] in ("received", case["state"])
    ]


def photos(conn: Connection, *, code: str, public: bool) -> list[Row]:
    """Photos of a case, oldest first: id, kind, sha256, width, height, public, actor, created_at.

    With ``public`` only those somebody looked at and let out, of a public case.
    """
    rules = regulation()
    return select_rows(
        conn,
        "SELECT photo.id, kind, sha256, width, height, photo.public, actor, created_at FROM core.feedback_photo photo"
        " JOIN layer.feedback f USING (key) WHERE key = :code"
        " AND (NOT :public OR (photo.public AND f.state = ANY(:states))) ORDER BY photo.id",
        code=code,
        public=public,
        states=rules.public_states,
    )


def open_points(
    conn: Connection,
    *,
    unit_id: int | None = None,
    category: str | None = None,
    handling_unit: str | None = None,
    public: bool = True,
    limit: int = 5000,
    now: datetime | None = None,
) -> list[Row]:
    """Open cases as points for a map, newest first: tracking_code, category, state, handling_unit, level, lon, lat,
    late, received_at, late_at. Public positions lie on the grid of the regulation; others are exact."""
    rules = regulation()
    where, values = _conditions(
        rules, state=rules.open_states, unit_id=unit_id, category=category, handling_unit=handling_unit, level=None,
        overdue=None, query=None, public=public, received_from=None, received_to=None,
    )  # fmt: skip
    point = "f.geom" if public else "coalesce(c.exact, f.geom)"
    return select_rows(
        conn,
        "SELECT f.tracking_code, f.category, f.state, f.handling_unit, f.level, f.received_at,"
        f" ST_X({point}) AS lon, ST_Y({point}) AS lat, {late_at_sql(rules)} AS late_at, {late_sql(rules)} AS late"
        f"{_FROM_PUBLIC} WHERE {where} ORDER BY f.received_at DESC LIMIT :limit",
        limit=limit,
        **(values | late_values(rules, now or datetime.now(UTC))),
    )


def unit_of_key(conn: Connection, *, key: str) -> int:
    """Id of an administrative unit by its key.

    :raises UnknownUnit: when there is none.
    """
    rows = select_rows(conn, "SELECT id FROM core.admin_unit WHERE key = :key", key=key)
    if not rows:
        raise UnknownUnit(f"There is no administrative unit {key!r}; keys look like 37.2025-07-01.")
    return int(rows[0]["id"])


def handling_units(conn: Connection) -> list[Row]:
    """Active handling units: code, name, kind, unit_id, categories; centre and agencies first."""
    return select_rows(
        conn,
        "SELECT code, name, kind, unit_id, categories FROM core.handling_unit WHERE active"
        " ORDER BY array_position(ARRAY['centre', 'agency', 'company', 'commune'], kind), name",
    )
