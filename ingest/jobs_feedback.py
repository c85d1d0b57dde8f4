"""Job ``feedback``: closes what nobody rated, then rolls up the cases that changed, and forecasts once a day."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, text

from ingest.feedback_forecast import write_forecast
from ingest.feedback_load import make_cases
from layers.feedback_rules import Regulation
from spatial.access import SYSTEM, connect, hide_unchecked
from spatial.feedback import calendar
from spatial.feedback.rules import regulation
from spatial.feedback.units import centre, sync_handling_units
from spatial.progress import Progress
from spatial.queries import feedback_rollup as rollup
from spatial.queries.statements import sql
from spatial.queries.versions import bump_version, get_watermark, set_watermark, version_mark
from spatial.settings import LOCAL_ZONE

RULES = 1  # counted up when the statements of the roll-up change what they give
DAILY = timedelta(hours=20)  # so often everything is compared, whatever said that it changed


def work_on_feedback(progress: Progress) -> str:
    """Units, calendar, closing and roll-ups in one transaction: readers see what was before until it ends."""
    now = datetime.now(UTC)
    with connect(SYSTEM) as conn:
        hide_unchecked(conn, states=regulation().public_states)  # the regulation may have changed
        sync_handling_units(conn)
        fill_calendar(conn)
        make_cases(conn, run_id=None)
        closed = close_unrated(conn, now=now)
        sentence = roll_up(conn, now=now, progress=progress)
        forecast_daily(conn, now=now)
    return f"{sentence}; {closed} cases closed" if closed else sentence


def fill_calendar(conn: Connection) -> None:
    """The program's calendar, where none was loaded."""
    if not conn.execute(text("SELECT EXISTS (SELECT FROM core.calendar_day)")).scalar():
        calendar.write_days(conn, calendar.read_days())


def close_unrated(conn: Connection, *, now: datetime) -> int:
    """Close cases whose rating window passed. Cases somebody works on at this moment wait for the next run."""
    rules = regulation()
    return int(
        conn.execute(
            text(sql("feedback_close")),
            {"before": now - timedelta(days=rules.deadlines.rating_days), "now": now, "actor": centre()},
        ).scalar_one()
    )


def roll_up(conn: Connection, *, now: datetime, progress: Progress) -> str:
    """Roll up what changed since the last time, inside the caller's transaction."""
    rules = regulation()
    mark = f"{fingerprint(rules)} {version_mark(conn, layer_ids=['admin_unit'])}"
    last = _instant(get_watermark(conn, name="feedback.now"))
    compared = _instant(get_watermark(conn, name="feedback.compared"))
    anew = fingerprint(rules) != (get_watermark(conn, name="feedback.rules") or "").split(" ")[0]
    rollup.take_touched(conn)
    if mark != get_watermark(conn, name="feedback.rules") or compared is None or now - compared > DAILY:
        rollup.touch_everything(conn)
        set_watermark(conn, name="feedback.compared", value=now.isoformat())
    progress("cases", 0.1)
    if anew:
        rollup.forget_everything(conn)
    changed = rollup.count_anew(conn, rules=rules)
    since = last or now
    periods = sorted({*changed.periods, *rollup.grown_late(conn, since=min(since, now), now=now)})
    progress("reporting months", 0.3)
    rows = rollup.roll_up_periods(conn, rules=rules, periods=periods, now=now) if periods else 0
    progress("days", 0.8)
    rows += rollup.roll_up_days(conn, days=changed.days) if changed.days else 0
    rollup.move_clock(conn, rules=rules, now=now, since=since)
    if rows:
        bump_version(conn, layer_id="feedback")
    set_watermark(conn, name="feedback.rules", value=mark)
    set_watermark(conn, name="feedback.now", value=now.isoformat())
    return f"{changed.cases} cases counted anew in {len(periods)} reporting months, {rows} rows"


def forecast_daily(conn: Connection, *, now: datetime) -> int:
    """Forecast the load once a day, after the first whole day that is new. Returns the series forecast."""
    today = now.astimezone(LOCAL_ZONE).date()
    if get_watermark(conn, name="feedback.forecast") == today.isoformat():
        return 0
    set_watermark(conn, name="feedback.forecast", value=today.isoformat())
    return write_forecast(conn, today=today)


def fingerprint(rules: Regulation) -> str:
    """What the roll-ups depend on beside the cases."""
    said = [RULES, rules.statistics.model_dump_json(), rules.deadlines.late_after,
            *(f"{state.id}={state.counts_as}" for state in rules.state)]  # fmt: skip
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
