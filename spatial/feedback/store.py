"""Writing cases: every change goes to the public layer, the case, the history and the queue of the roll-up together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from spatial.feedback.rules import regulation
from spatial.feedback.workflow import Changes
from spatial.queries.place import placement, placement_values
from spatial.queries.statements import Row, sql
from spatial.queries.versions import bump_version
from spatial.settings import LOCAL_ZONE

LAYER = "feedback"
# Columns a step may change; their names go into the statement.
FEEDBACK_COLUMNS = frozenset({
    "category", "title", "state", "handling_unit", "due_at", "closed_at", "level", "answered_at", "result", "solved",
    "rating", "duplicate_of",
})  # fmt: skip
CASE_COLUMNS = frozenset({
    "first_due_at", "first_due_met_at", "original_due_at", "assigned_at", "paused_since", "paused_minutes",
    "rating_comment", "rated_at",
})  # fmt: skip


def snapped_position(lon: str = ":lon", lat: str = ":lat", snapped: str = ":snapped") -> str:
    """SQL of the public position of a pin of a row "placed"; ``:grid`` is the grid in degrees."""
    return sql("feedback_snapped").format(lon=lon, lat=lat, snapped=snapped)


def new_code(conn: Connection, *, now: datetime) -> str:
    """The next tracking code of the month, as PA2611000123: unique, also when many send at once."""
    start = f"{regulation().code_prefix}{now.astimezone(LOCAL_ZONE):%y%m}"
    conn.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"feedback code {start}"})
    last = conn.execute(
        text(
            "SELECT max(substr(key, :from)) FROM layer.feedback WHERE key BETWEEN :start AND :start || 'zzzzzz'"
            " AND key LIKE :likely AND substr(key, :from) ~ '^[0-9]{6}$'"
        ),
        {"from": len(start) + 1, "start": start, "likely": f"{start}%"},
    ).scalar()
    return f"{start}{int(last or 0) + 1:06d}"


def write_case(conn: Connection, *, feedback: dict[str, Any], case: dict[str, Any], private: dict[str, Any]) -> Row:
    """Insert a new case at ``case['lon'], case['lat']``. Returns id, commune_code and unit_ids.

    The public position of a field that is personal lies on the grid, in the same commune.
    """
    rules = regulation()
    values = placement_values() | {"lon": case["lon"], "lat": case["lat"], "grid": rules.privacy.grid_degrees,
                                   "snapped": feedback["category"] in rules.privacy.snapped_categories}  # fmt: skip
    one = "(SELECT 1 AS id, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS geom) AS pin"
    names = list(feedback)
    row = conn.execute(
        text(
            f"WITH placed AS ({placement(one)}), public AS (SELECT {snapped_position()} AS geom FROM placed)"  # noqa: S608
            f" INSERT INTO layer.feedback (key, geom, unit_ids, commune_code, former_district_code, {', '.join(names)})"
            " SELECT :tracking_code, public.geom, placed.unit_ids, placed.commune_code, placed.former_district_code,"
            f" {', '.join(f':{name}' for name in names)} FROM placed, public RETURNING id, commune_code, unit_ids"
        ),
        values | feedback,
    ).one()
    key = feedback["tracking_code"]
    conn.execute(
        text(
            "INSERT INTO core.feedback_case (key, exact, place_text, text_unit_id, pin_check, first_due_at,"
            " original_due_at, secret_hash) VALUES (:key, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), :place_text,"
            " :text_unit_id, :pin_check, :first_due_at, :original_due_at, :secret_hash)"
        ),
        case | {"key": key},
    )
    conn.execute(
        text(
            "INSERT INTO layer.feedback_private (key, reporter_name, reporter_phone, reporter_email, content)"
            " VALUES (:key, :reporter_name, :reporter_phone, :reporter_email, :content)"
        ),
        private | {"key": key},
    )
    return dict(row._mapping)


def ensure_case(conn: Connection, code: str) -> None:
    """Give a case that came before cases were kept its own row, with deadlines by the layer's."""
    conn.execute(
        text(
            "INSERT INTO core.feedback_case (key, exact, original_due_at, first_due_met_at)"
            " SELECT key, geom, due_at, answered_at FROM layer.feedback WHERE key = :code ON CONFLICT (key) DO NOTHING"
        ),
        {"code": code},
    )


def write_changes(conn: Connection, case: Row, new: Changes, *, now: datetime) -> None:
    """Write what a step changed; a new field may move the public position on or off the grid."""
    key = {"key": case["tracking_code"]}
    if unknown := (set(new.feedback) - FEEDBACK_COLUMNS) | (set(new.case) - CASE_COLUMNS):
        raise AssertionError(f"not columns of a case: {unknown}")
    if new.feedback:
        # Names were compared with the columns above; values are bound.
        sets = ", ".join(f"{name} = :{name}" for name in new.feedback)
        conn.execute(
            text(f"UPDATE layer.feedback SET {sets}, updated_at = now() WHERE key = :key"),  # noqa: S608
            new.feedback | key,
        )
    sets = "".join(f"{name} = :{name}, " for name in new.case)
    conn.execute(
        text(f"UPDATE core.feedback_case SET {sets}updated_at = :now WHERE key = :key"),  # noqa: S608
        new.case | key | {"now": now},
    )
    if "category" in new.feedback:
        _move_public_position(conn, case, new.feedback["category"])


def _move_public_position(conn: Connection, case: Row, category: str) -> None:
    if case["exact_lon"] is None:
        return
    privacy = regulation().privacy
    one = "(SELECT 1 AS id, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS geom) AS pin"
    conn.execute(
        text(
            f"WITH placed AS ({placement(one)}) UPDATE layer.feedback SET geom = {snapped_position()}"  # noqa: S608
            " FROM placed WHERE key = :key"
        ),
        placement_values()
        | {"lon": case["exact_lon"], "lat": case["exact_lat"], "grid": privacy.grid_degrees,
           "snapped": category in privacy.snapped_categories, "key": case["tracking_code"]},
    )  # fmt: skip


def add_event(
    conn: Connection,
    *,
    code: str,
    state: str,
    action: str,
    actor: str,
    now: datetime,
    note: str | None = None,
    to_unit: str | None = None,
    until: datetime | None = None,
    internal: bool = False,
) -> None:
    """The next line of a case's history."""
    conn.execute(
        text(
            "INSERT INTO layer.feedback_event (key, tracking_code, sequence, state, happened_at, actor, action,"
            " to_unit, until, internal, note) SELECT :code || '.' || n, :code, n, :state, :now, :actor, :action,"
            " :to_unit, :until, :internal, :note FROM (SELECT coalesce(max(sequence), 0) + 1 AS n"
            " FROM layer.feedback_event WHERE tracking_code = :code) AS next"
        ),
        {"code": code, "state": state, "now": now, "actor": actor, "action": action, "to_unit": to_unit,
         "until": until, "internal": internal, "note": note},
    )  # fmt: skip


def touch(conn: Connection, code: str, *, now: datetime) -> None:
    """Note the case for the roll-up, and count the layer's version up so that maps, feeds and screens read anew.

    Comes last: the version's row is locked until the transaction ends.
    """
    conn.execute(text("INSERT INTO ops.feedback_touched (key) VALUES (:code)"), {"code": code})
    bump_version(conn, layer_id=LAYER, data_until=now)
