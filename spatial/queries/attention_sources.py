"""What the job «attention» reads of each subject. Open things, roll-ups and newest rows: no history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from layers.code_lists import FEEDBACK_STATES
from spatial.queries.alerts import stations_statement
from spatial.queries.statements import Row, select_rows, sql

DONE = ("resolved", "closed", "rejected", "duplicate")
OPEN = tuple(code.value for code in FEEDBACK_STATES if code.value not in DONE)


def open_alerts(conn: Connection) -> list[Row]:
    """Alerts that go on or that nobody has taken, with their leading finding and who took them."""
    return select_rows(conn, sql("attention_alerts").format(stations=stations_statement()))


def exposed(conn: Connection, *, since: date) -> dict[tuple[str, int], float]:
    """People above the limit on the newest day, by observation layer and unit."""
    rows = select_rows(
        conn,
        "SELECT DISTINCT ON (layer_id, unit_id) layer_id, unit_id, above FROM derived.exposure WHERE day >= :since"
        " ORDER BY layer_id, unit_id, day DESC, above DESC",
        since=since,
    )
    return {(row["layer_id"], row["unit_id"]): row["above"] for row in rows}


def off_plan(conn: Connection, *, year: int, chance: float) -> list[Row]:
    """Projections of a year whose plan is met with a chance below ``chance``; columns of the table."""
    return select_rows(
        conn,
        "SELECT o.* FROM derived.indicator_outlook o WHERE o.year = :year AND o.chance < :chance",
        year=date(year, 1, 1),
        chance=chance,
    )


def projected_codes(conn: Connection, *, year: int) -> set[tuple[int, str]]:
    """(unit, indicator) that have a chance at all: for those no simpler rule is needed."""
    rows = select_rows(
        conn,
        "SELECT unit_id, code FROM derived.indicator_outlook WHERE year = :year AND chance IS NOT NULL",
        year=date(year, 1, 1),
    )
    return {(row["unit_id"], row["code"]) for row in rows}


def unusual(conn: Connection, *, first: date, last: date) -> list[Row]:
    """Unusual figures of the newest periods; columns of ``derived.indicator_anomaly``."""
    return select_rows(
        conn, "SELECT * FROM derived.indicator_anomaly WHERE period BETWEEN :first AND :last", first=first, last=last
    )


def overdue(conn: Connection, *, now: datetime) -> list[Row]:
    """Late open cases by commune and handling unit: ``n``, ``emergency``, ``oldest_due``, ``category``, ``code``."""
    return select_rows(conn, sql("attention_overdue"), open=list(OPEN), now=now)


def waiting(conn: Connection, *, since: datetime, before: datetime) -> list[Row]:
    """Cases received between two moments that nobody has forwarded, by commune: ``n``, ``oldest``, ``code``."""
    return select_rows(conn, sql("attention_waiting"), since=since, before=before)


def rises(conn: Connection, *, today: date, days: int, weeks: int, least: int) -> list[Row]:
    """Cases of the last ``days`` before today and of the ``weeks`` before those, by commune and field."""
    last = today - timedelta(days=1)
    split = last - timedelta(days=days)
    return select_rows(
        conn,
        sql("attention_rise"),
        split=split,
        first=split - timedelta(days=7 * weeks - 1),
        last=last,
        least=least,
    )


def reopened(conn: Connection, *, least: int, share: float) -> list[Row]:
    """Handling units of a province to which citizens came back, in the newest reporting month of each province."""
    return select_rows(
        conn,
        "SELECT p.unit_id, p.period, p.handling_unit, p.processed, p.reopened FROM derived.feedback_period p"
        " JOIN core.admin_unit u ON u.id = p.unit_id AND u.level = 'province' AND u.valid_to IS NULL"
        " WHERE p.category = '' AND p.handling_unit <> '' AND p.processed >= :least"
        " AND p.reopened > :share * p.processed AND p.period = (SELECT max(q.period) FROM derived.feedback_period q"
        " WHERE q.unit_id = p.unit_id AND q.period <= current_date)",
        least=least,
        share=share,
    )


def cameras_down(conn: Connection, *, metres: float, fails: int) -> list[Row]:
    """Cameras that failed so many probes in a row, with the ``cluster`` of neighbours that are down too."""
    return select_rows(conn, sql("attention_cameras"), metres=metres, fails=fails)


def newest_figures(conn: Connection) -> dict[str, date]:
    """Newest period of each indicator of which there is any figure."""
    return {row["code"]: row["newest"] for row in select_rows(conn, sql("attention_figures"))}


def data_until(conn: Connection, *, layer_ids: Sequence[str]) -> dict[str, datetime]:
    """Newest time of each layer that has one."""
    rows = select_rows(
        conn,
        "SELECT layer_id, data_until FROM ops.layer_version WHERE layer_id = ANY(:layers) AND data_until IS NOT NULL",
        layers=list(layer_ids),
    )
    return {row["layer_id"]: row["data_until"] for row in rows}


def provinces_with(conn: Connection, *, layer_ids: Sequence[str]) -> dict[str, list[int]]:
    """Provinces of today in which a feature layer has anything, by layer."""
    rows = select_rows(
        conn,
        "SELECT DISTINCT s.layer_id, s.unit_id FROM derived.feature_summary s JOIN core.admin_unit u"
        " ON u.id = s.unit_id AND u.level = 'province' AND u.valid_to IS NULL"
        " WHERE s.layer_id = ANY(:layers) AND s.n > 0",
        layers=list(layer_ids),
    )
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row["layer_id"], []).append(row["unit_id"])
    return found


def reporting_provinces(conn: Connection) -> list[int]:
    """Provinces of today that have figures of their own."""
    rows = select_rows(
        conn,
        "SELECT u.id FROM core.admin_unit u WHERE u.level = 'province' AND u.valid_to IS NULL"
        " AND EXISTS (SELECT FROM core.series s WHERE s.unit_id = u.id)",
    )
    return [row["id"] for row in rows]
