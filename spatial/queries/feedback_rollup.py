"""Roll-ups of citizen feedback: facts by case, then days and reporting months of whatever changed.

The facts remember how a case was last counted, so that a change is taken out of the month and the days it was in, also
when the case itself is gone. Called by the job; nothing here commits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from layers.feedback_rules import Regulation
from spatial.months import add_months
from spatial.queries.feedback_cases import late_at_sql
from spatial.queries.statements import sql
from spatial.settings import LOCAL_ZONE

CODES = (
    "feedback_received", "feedback_on_time", "feedback_overdue", "feedback_satisfied", "feedback_median_hours",
)  # fmt: skip


@dataclass(frozen=True)
class Changed:
    """What a roll-up found to compute anew."""

    cases: int
    periods: list[date]
    days: list[date]


def take_touched(conn: Connection) -> int:
    """Empty the queue of touched cases into a temporary table. Returns how many there are."""
    conn.execute(text("CREATE TEMPORARY TABLE changed_case (key text PRIMARY KEY) ON COMMIT DROP"))
    return conn.execute(
        text(
            "WITH taken AS (DELETE FROM ops.feedback_touched RETURNING key)"
            " INSERT INTO changed_case SELECT DISTINCT key FROM taken"
        )
    ).rowcount


def touch_everything(conn: Connection) -> None:
    """Every case there is or was: for changed rules, moved boundaries, and once a day."""
    conn.execute(
        text(
            "INSERT INTO changed_case SELECT key FROM layer.feedback UNION SELECT key FROM derived.feedback_fact"
            " ON CONFLICT DO NOTHING"
        )
    )


def forget_everything(conn: Connection) -> None:
    """Empty the facts and all that is made of them: other rules count otherwise."""
    conn.execute(text("DELETE FROM derived.feedback_fact"))
    conn.execute(text("DELETE FROM derived.feedback_period"))
    conn.execute(text("DELETE FROM derived.feedback_day"))
    conn.execute(text("DELETE FROM derived.indicator_computed WHERE code = ANY(:codes)"), {"codes": list(CODES)})


def count_anew(conn: Connection, *, rules: Regulation) -> Changed:
    """Bring the facts of changed cases up to date; the months and days they were in or are in now."""
    conn.execute(text("ANALYZE changed_case"))
    chosen = "f.key IN (SELECT key FROM changed_case)"
    facts = sql("feedback_facts").format(changed=chosen, late_at=late_at_sql(rules))
    conn.execute(
        text(f"CREATE TEMPORARY TABLE new_fact ON COMMIT DROP AS {facts}"),
        _period_values(rules) | {
            "processed": rules.states_counting("processed"), "rejected": rules.states_counting("rejected"),
            "duplicate": rules.states_counting("duplicate"), "open": rules.open_states,
        },
    )  # fmt: skip
    conn.execute(
        text(
            "CREATE TEMPORARY TABLE moved_fact ON COMMIT DROP AS"
            " SELECT old.period AS old_period, new.period AS new_period, old.day AS old_day, new.day AS new_day,"
            " old.done_day AS old_done, new.done_day AS new_done, c.key FROM changed_case c"
            " LEFT JOIN derived.feedback_fact old USING (key) LEFT JOIN new_fact new USING (key)"
            " WHERE old IS DISTINCT FROM new"
        )
    )
    conn.execute(text("DELETE FROM derived.feedback_fact WHERE key IN (SELECT key FROM moved_fact)"))
    conn.execute(
        text(
            "INSERT INTO derived.feedback_fact (key, period, day, done_day, category, handling_unit, unit_ids,"
            " counts_as, hours, late_at, ended_at, reopened, rating) SELECT key, period, day, done_day, category,"
            " handling_unit, unit_ids, counts_as, hours, late_at, ended_at, reopened, rating FROM new_fact"
            " WHERE key IN (SELECT key FROM moved_fact)"
        )
    )
    cases = conn.execute(text("SELECT count(*) FROM moved_fact")).scalar_one()
    periods = _dates(conn, "old_period", "new_period")
    days = _dates(conn, "old_day", "new_day", "old_done", "new_done")
    for name in ("changed_case", "new_fact", "moved_fact"):
        conn.execute(text(f"DROP TABLE {name}"))
    return Changed(int(cases), periods, days)


def _dates(conn: Connection, *names: str) -> list[date]:
    rows = conn.execute(
        text("SELECT DISTINCT old_period, new_period, old_day, new_day, old_done, new_done FROM moved_fact")
    ).all()
    return sorted({getattr(row, name) for row in rows for name in names} - {None})


def grown_late(conn: Connection, *, since: datetime, now: datetime) -> list[date]:
    """Months in which an open case passed its deadline between two instants."""
    found = conn.execute(
        text(
            "SELECT DISTINCT period FROM derived.feedback_fact"
            " WHERE ended_at IS NULL AND counts_as = 'open' AND late_at >= :since AND late_at < :now"
        ),
        {"since": since, "now": now},
    )
    return list(found.scalars())


def roll_up_periods(conn: Connection, *, rules: Regulation, periods: list[date], now: datetime) -> int:
    """Compute reporting months anew, and the indicators made of them. Returns the rows of the roll-up."""
    values = {"periods": periods, "now": now}
    conn.execute(text("DELETE FROM derived.feedback_period WHERE period = ANY(:periods)"), values)
    rows = conn.execute(
        text(sql("feedback_periods")),
        values | _period_values(rules) | {"satisfied": rules.statistics.satisfied_from},
    ).rowcount
    conn.execute(
        text("DELETE FROM derived.indicator_computed WHERE code = ANY(:codes) AND period = ANY(:periods)"),
        values | {"codes": list(CODES)},
    )
    conn.execute(text(sql("feedback_indicators")), values)
    return rows


def roll_up_days(conn: Connection, *, days: list[date]) -> int:
    """Compute local days anew. Returns the rows."""
    conn.execute(text("DELETE FROM derived.feedback_day WHERE day = ANY(:days)"), {"days": days})
    return conn.execute(text(sql("feedback_days")), {"days": days}).rowcount


def move_clock(conn: Connection, *, rules: Regulation, now: datetime, since: datetime) -> None:
    """Say of months that were not over at the last roll-up up to when they are known; close those that ended."""
    values = {"now": now, "running": [period_of(rules, since), period_of(rules, now)], "codes": list(CODES)}
    values |= _period_values(rules)
    conn.execute(text(sql("feedback_move_clock")), values)
    conn.execute(text(sql("feedback_move_indicators")), values)


def period_of(rules: Regulation, moment: datetime) -> date:
    """First day of the month the reporting month of an instant is named after: the month in which it ends."""
    rule = rules.statistics
    local = moment.astimezone(LOCAL_ZONE) - timedelta(days=rule.start_day - 1, hours=rule.start_hour)
    return add_months(date(local.year, local.month, 1), _named_after(rules))


def period_span(rules: Regulation, period: date) -> tuple[datetime, datetime]:
    """First instant of a reporting month, and the first after it (local zone)."""
    rule, month = rules.statistics, add_months(period, -_named_after(rules))
    after = add_months(month, 1)

    def at(day: date) -> datetime:
        return datetime(day.year, day.month, rule.start_day, rule.start_hour, tzinfo=LOCAL_ZONE)

    return at(month), at(after)


def _named_after(rules: Regulation) -> int:
    """Months between the month a period begins in and the one it is named after."""
    return 0 if (rules.statistics.start_day, rules.statistics.start_hour) == (1, 0) else 1


def _period_values(rules: Regulation) -> dict[str, Any]:
    return {
        "zone": str(LOCAL_ZONE),
        "start_day": rules.statistics.start_day,
        "start_hour": rules.statistics.start_hour,
        "named_after": _named_after(rules),
    }
