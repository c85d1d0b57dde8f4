"""Job ``attention``: everything that needs somebody today, from every subject, in one order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from ingest import attention_findings as findings
from ingest.attention_rules import address, facts_of, grades, worth_a_line
from layers.registry import registry
from spatial.access import SYSTEM, connect
from spatial.analysis.attention import Finding, Item, Place, draw_lines, rank_lines
from spatial.months import add_months
from spatial.progress import Progress
from spatial.queries import attention, indicators
from spatial.queries import attention_sources as sources
from spatial.queries.statements import Row
from spatial.settings import LOCAL_ZONE, AttentionSettings, attention_settings

WAITING_SINCE = timedelta(days=30)  # a case nobody has touched for longer is not waiting, it was forgotten in a load
EXPOSED_SINCE = timedelta(days=2)


def look_around(progress: Progress) -> str:
    """Fill ``derived.attention`` anew, in one transaction."""
    now = datetime.now(UTC)
    with connect(SYSTEM) as conn:
        done = refresh(conn, now=now)
    return f"{done['lines']} lines, {done['fresh']} new, {done['gone']} gone"


def refresh(conn: Connection, *, now: datetime) -> Row:
    """The same for any moment, in the caller's transaction. Returns ``lines``, ``fresh`` and ``gone``."""
    rules = attention_settings()
    tree, keys = attention.places(conn, today=now.astimezone(LOCAL_ZONE).date())
    levels = {place.id: place.level for place in tree.values()}
    found = gather(conn, tree, rules, now)
    lines = worth_a_line(draw_lines(found, tree), rules, levels)
    items = rank_lines(lines, grades(rules), attention.before(conn), now)
    return attention.merge(conn, rows=[_row(item, keys, levels) for item in items], now=now)


def gather(conn: Connection, tree: dict[int, Place], rules: AttentionSettings, now: datetime) -> list[Finding]:
    """Findings of all subjects."""
    late, silent = _late(conn, now)
    alerts = findings.alert_findings(
        sources.open_alerts(conn), sources.exposed(conn, since=(now - EXPOSED_SINCE).date()), silent, tree
    )
    return [
        *late,
        *alerts,
        *_figures(conn, tree, rules, now),
        *_feedback(conn, tree, rules, now),
        *_cameras(conn, tree, rules),
    ]


def _late(conn: Connection, now: datetime) -> tuple[list[Finding], set[str]]:
    layers = [layer for layer in registry().values() if layer.series is not None]
    stations = [layer.series.station_layer for layer in layers if layer.series]
    until = sources.data_until(conn, layer_ids=[layer.id for layer in layers])
    return findings.late_layers(until, sources.provinces_with(conn, layer_ids=stations), now)


def _figures(conn: Connection, tree: dict[int, Place], rules: AttentionSettings, now: datetime) -> list[Finding]:
    today = now.astimezone(LOCAL_ZONE).date()
    catalogue = indicators.catalogue()
    provinces = sources.reporting_provinces(conn)
    found = findings.plan_findings(sources.off_plan(conn, year=today.year, chance=rules.plan_chance), catalogue, tree)
    projected = sources.projected_codes(conn, year=today.year)
    for unit in provinces:
        lines = [line for line in indicators.kpi(conn, unit_id=unit, as_of=today) if line.period.year == today.year]
        found += findings.pace_findings(lines, unit, projected, rules.plan_pace)
    newest = sources.newest_figures(conn)
    last = max(newest.values(), default=today)
    months = sources.unusual(conn, first=add_months(last, 1 - rules.anomaly_months), last=last)
    found += findings.figure_findings(months, catalogue, tree)
    return found + findings.late_figures(newest, catalogue, provinces, today, rules.figures_due_days)


def _feedback(conn: Connection, tree: dict[int, Place], rules: AttentionSettings, now: datetime) -> list[Finding]:
    today = now.astimezone(LOCAL_ZONE).date()
    before = now - timedelta(minutes=rules.forward_minutes)
    rises = sources.rises(conn, today=today, days=rules.rise_days, weeks=rules.rise_weeks, least=rules.rise_least)
    returned = sources.reopened(conn, least=rules.reopened_least, share=rules.reopened_share)
    return [
        *findings.overdue_findings(sources.overdue(conn, now=now)),
        *findings.waiting_findings(
            sources.waiting(conn, since=now - WAITING_SINCE, before=before), rules.forward_minutes
        ),
        *findings.rise_findings(rises, rules, tree),
        *findings.reopened_findings(returned),
    ]


def _cameras(conn: Connection, tree: dict[int, Place], rules: AttentionSettings) -> list[Finding]:
    rows = sources.cameras_down(conn, metres=rules.camera_metres, fails=rules.camera_fails)
    return findings.camera_findings(rows, tree)


def _row(item: Item, keys: dict[int, str], levels: dict[int, str]) -> Row:
    line = item.line
    return {
        "subject": line.lead.subject,
        "key": line.key,
        "domain": line.lead.domain,
        "unit_id": line.unit_id,
        "unit_ids": line.unit_ids,
        "severity": item.severity,
        "rank": item.rank,
        "since": item.since,
        "until": item.until,
        "who": line.lead.who or line.lead.facts.get("handling_unit") if line.units == 1 else line.lead.who,
        "facts": facts_of(item, levels),
        "url": address(line, keys),
    }
