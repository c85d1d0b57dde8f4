"""What a load of citizen reports adds: level and deadline by rule, public positions on the grid, cases behind them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, text

from layers.feedback_rules import Regulation
from spatial.feedback.calendar import WorkCalendar, deadlines, load_calendar
from spatial.feedback.intake import gazetteer
from spatial.feedback.rules import regulation
from spatial.feedback.store import snapped_position
from spatial.queries.place import placement, placement_values
from spatial.queries.statements import sql


def fill_deadlines(conn: Connection, columns: dict[str, pa.Array], keys: pa.Array) -> None:
    """Level and due time of rows whose source says none: as they stand in the database, else by rule."""
    if "category" not in columns or "received_at" not in columns:
        return
    nothing = [None] * len(keys)
    levels = columns["level"].to_pylist() if "level" in columns else list(nothing)
    dues = columns["due_at"].to_pylist() if "due_at" in columns else list(nothing)
    wanted = [number for number, pair in enumerate(zip(levels, dues, strict=True)) if None in pair]
    if not wanted:
        return
    rules, calendar, names = regulation(), load_calendar(conn), keys.to_pylist()
    known = _known(conn, [names[number] for number in wanted])
    categories, received = columns["category"].to_pylist(), columns["received_at"].to_pylist()
    for number in wanted:
        level, due = known.get(names[number], (None, None))
        levels[number] = levels[number] or level or _level(rules, categories[number])
        if dues[number] is None:
            dues[number] = due or _due(rules, calendar, levels[number], received[number])
    columns["level"] = pa.array(levels, pa.string())
    columns["due_at"] = pa.array(dues, columns["received_at"].type)


def _known(conn: Connection, keys: Sequence[str]) -> dict[str, tuple[str | None, datetime | None]]:
    rows = conn.execute(
        text("SELECT key, level, due_at FROM layer.feedback WHERE key = ANY(:keys)"), {"keys": list(keys)}
    )
    return {row.key: (row.level, row.due_at) for row in rows}


def _level(rules: Regulation, category: str | None) -> str | None:
    found = rules.categories.get(category or "")
    return found.level if found else None


def _due(rules: Regulation, calendar: WorkCalendar, level: str | None, received: datetime | None) -> datetime | None:
    if level is None or level not in rules.levels or received is None or not _in_calendar(received.date()):
        return None
    return deadlines(calendar, rules.levels[level], received)[1]


def _in_calendar(day: date) -> bool:
    """A source may say anything; a report of 1970 has no deadline."""
    return 2000 < day.year < 2099


def snap_positions(conn: Connection, *, table: str) -> None:
    """Move the positions of personal fields in a staging table onto the grid; the exact ones are kept for the cases."""
    _exact_table(conn)
    categories = sorted(regulation().privacy.snapped_categories)
    conn.execute(
        text(
            # The staging table is named by the run's number.
            f"INSERT INTO feedback_exact (key, geom) SELECT key, geom FROM {table} s"  # noqa: S608
            " WHERE category = ANY(:categories) AND geom IS NOT NULL ON CONFLICT DO NOTHING"
        ),
        {"categories": categories},
    )
    _snap(conn, table)


def _exact_table(conn: Connection) -> None:
    conn.execute(
        text(
            "CREATE TEMPORARY TABLE IF NOT EXISTS feedback_exact (id integer GENERATED ALWAYS AS IDENTITY,"
            " key text PRIMARY KEY, geom geometry(Point, 4326)) ON COMMIT DROP"
        )
    )


def _snap(conn: Connection, table: str) -> None:
    place = snapped_position("ST_X(exact.geom)", "ST_Y(exact.geom)", "true")
    conn.execute(
        text(
            # As above; the rest is text of our own without values.
            f"WITH placed AS ({placement('feedback_exact')}) UPDATE {table} t SET geom = node.geom"  # noqa: S608
            f" FROM (SELECT exact.key, {place} AS geom FROM feedback_exact exact JOIN placed USING (id)) AS node"
            " WHERE t.key = node.key AND t.geom IS DISTINCT FROM node.geom"
        ),
        placement_values() | {"grid": regulation().privacy.grid_degrees},
    )


def make_cases(conn: Connection, *, run_id: int | None) -> int:
    """Cases behind the rows of a run, or behind all rows that have none (None). Returns the cases made.

    Where the words name a commune or a former district, the pin is compared with it.
    """
    rows = conn.execute(text(sql("feedback_without_case")), {"run_id": run_id}).all()
    if run_id is not None:
        conn.execute(text(sql("feedback_case_follows")), {"run_id": run_id})
    if not rows:
        return 0
    _exact_table(conn)
    if run_id is None:
        _remember_exact(conn, [row.key for row in rows])
    rules, calendar, names = regulation(), load_calendar(conn), gazetteer(conn)
    found: list[dict[str, Any]] = []
    for row in rows:
        level = rules.levels.get(row.level or "") or rules.levels[rules.categories[row.category].level]
        first = deadlines(calendar, level, row.received_at)[0] if _in_calendar(row.received_at.date()) else None
        named = [name.unit_id for name in names.find(f"{row.title or ''} {row.content or ''}")]
        agrees = "unchecked" if not named else "agrees" if set(named) & set(row.unit_ids) else "disagrees"
        found.append({"key": row.key, "first": first, "named": named[0] if named else None, "check": agrees})
    conn.execute(
        text(sql("feedback_make_cases")),
        {
            "keys": [item["key"] for item in found],
            "firsts": [item["first"] for item in found],
            "named": [item["named"] for item in found],
            "checks": [item["check"] for item in found],
        },
    )
    return len(found)


def _remember_exact(conn: Connection, keys: list[str]) -> None:
    """Rows that were loaded before positions were snapped."""
    categories = sorted(regulation().privacy.snapped_categories)
    conn.execute(
        text(
            "INSERT INTO feedback_exact (key, geom) SELECT key, geom FROM layer.feedback"
            " WHERE key = ANY(:keys) AND category = ANY(:categories) ON CONFLICT DO NOTHING"
        ),
        {"keys": keys, "categories": categories},
    )
    _snap(conn, "layer.feedback")


def note_touched(conn: Connection, *, run_id: int) -> None:
    """Put the cases of a run into the queue of the roll-up."""
    conn.execute(
        text("INSERT INTO ops.feedback_touched (key) SELECT key FROM layer.feedback WHERE run_id = :run_id"),
        {"run_id": run_id},
    )
    conn.execute(
        text(
            "INSERT INTO ops.feedback_touched (key)"
            " SELECT DISTINCT tracking_code FROM layer.feedback_event WHERE run_id = :run_id"
        ),
        {"run_id": run_id},
    )
