"""The statements of the overview read roll-ups through indexes, and no more as history grows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from dash_app.leader_services import LeaderServices
from dash_app.overview_read import read_frames, read_shapes, read_unit
from dash_app.services import Services
from layers.domains import DOMAINS
from spatial.access import SYSTEM, connect
from spatial.engine import Login, get_engine

# Rows as they came in: never read for a screen of leaders.
RAW = ("core.observation", "derived.observation_hourly", "layer.feedback", "layer.parcel")


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """Every SELECT the screens' login sends, with its values."""
    seen: list[tuple[str, Any]] = []
    engine = get_engine(Login.APP)

    def keep(_conn: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> None:
        if statement.lstrip("-").lstrip().split(None, 1)[0].upper() in ("SELECT", "WITH") or statement.startswith("--"):
            seen.append((statement, values))

    event.listen(engine, "before_cursor_execute", keep)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", keep)


def plan_nodes(conn: Connection, statement: str, values: Any) -> list[dict[str, Any]]:
    cursor = conn.connection.cursor()
    cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + statement, values)
    found = cursor.fetchone()[0]
    found = json.loads(found) if isinstance(found, str) else found
    nodes: list[dict[str, Any]] = []

    def walk(node: dict[str, Any]) -> None:
        nodes.append(node)
        for child in node.get("Plans", []):
            walk(child)

    walk(found[0]["Plan"])
    return nodes


def everything() -> list[tuple[str, Any]]:
    """The statements behind all tabs, the map and the shapes."""
    leaders = LeaderServices(Services())
    province = leaders.unit(None)
    assert province is not None
    with statements() as seen:
        read_shapes(leaders, "vi")
        read_frames(leaders, "grdp", "vi")
        for domain in DOMAINS:
            read_unit(leaders, province, domain, "vi", everything=True)
        leaders.kpis(province, "socio_economic")
        leaders.ranking(province, "grdp", date(2026, 1, 1))
        leaders.series(province, "grdp")
    return seen


def scanned(nodes: list[dict[str, Any]]) -> dict[str, float]:
    """Rows read by table."""
    rows: dict[str, float] = {}
    for node in nodes:
        if "Relation Name" in node:
            read = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
            name = f"{node.get('Schema', '')}.{node['Relation Name']}".lstrip(".")
            rows[name] = rows.get(name, 0) + read
    return rows


@pytest.mark.usefixtures("province")
def test_no_statement_of_the_overview_reads_raw_rows() -> None:
    found = everything()
    assert len(found) > 30
    for statement, _ in found:
        assert not [name for name in RAW if f" {name} " in f"{statement} "], statement


@pytest.mark.usefixtures("province_copy")
def test_cost_does_not_grow_with_history() -> None:
    """Ten times the history of every figure before the window of the time bar leaves the rows read as they were."""
    found = [(statement, values) for statement, values in everything() if "indicator" in statement]
    assert found
    with connect(SYSTEM) as conn:
        conn.execute(text("SET LOCAL enable_seqscan = off"))
        before = [sum(scanned(plan_nodes(conn, statement, values)).values()) for statement, values in found]
        for table, key, more in (
            ("core.indicator_value", "series_id", ", run_id, updated_at"),
            ("derived.indicator_month", "unit_id, code", ", method"),
        ):
            value = "state, value"
            conn.execute(
                text(
                    f"INSERT INTO {table} ({key}, period, {value}{more})"
                    f" SELECT {key}, (period - make_interval(years => 12 * step))::date, {value}{more}"
                    f" FROM {table} CROSS JOIN generate_series(1, 9) AS step ON CONFLICT DO NOTHING"
                )
            )
        conn.execute(text("ANALYZE core.indicator_value"))
        conn.execute(text("ANALYZE derived.indicator_month"))
        after = [sum(scanned(plan_nodes(conn, statement, values)).values()) for statement, values in found]
        conn.rollback()
    for (statement, _), few, many in zip(found, before, after, strict=True):
        assert many <= 1.5 * few + 50, f"{few:.0f} rows became {many:.0f}: {statement}"
