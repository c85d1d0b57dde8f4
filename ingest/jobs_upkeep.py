"""Job ``retention``: what may go after a while. Days, quarantine and the record of loads stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ingest.runs import mark_interrupted
from spatial.access import SYSTEM, connect
from spatial.progress import Progress
from spatial.queries import retention
from spatial.queries.jobs import delete_old_runs
from spatial.settings import quality_settings

KEEP_DAYS = 30
KEEP_RUNS = 50  # of each job, however old


def clear_up(progress: Progress) -> str:
    """Delete old job runs, close loads whose process died, and drop months of values that the policy gives up."""
    with connect(SYSTEM) as conn:
        progress("loads", 0.0)
        loads = mark_interrupted(conn)
        progress("job runs", 0.3)
        runs = delete_old_runs(conn, days=KEEP_DAYS, keep=KEEP_RUNS)
    progress("old values", 0.6)
    months = _drop_months(datetime.now(UTC))
    dropped = f", months dropped: {', '.join(months)}" if months else ""
    return f"{runs} old job runs removed, {loads} dead loads closed{dropped}"


def _drop_months(now: datetime) -> list[str]:
    """Partitions dropped by the settings observation_days and hourly_days; nothing goes unless somebody asks for it."""
    settings = quality_settings()
    policy: dict[retention.Partitioned, int | None] = {
        "core.observation": settings.observation_days,
        "derived.observation_hourly": settings.hourly_days,
    }
    dropped = []
    for table, days in policy.items():
        if days is not None:
            with connect(SYSTEM) as conn:
                dropped += retention.drop_months(conn, table=table, before=now - timedelta(days=days))
    return dropped
