"""Job ``retention``: what may go after a while. Data, quarantine and the record of loads stay."""

from __future__ import annotations

from ingest.runs import mark_interrupted
from spatial.access import SYSTEM, connect
from spatial.progress import Progress
from spatial.queries.jobs import delete_old_runs

KEEP_DAYS = 30
KEEP_RUNS = 50  # of each job, however old


def clear_up(progress: Progress) -> str:
    """Delete old job runs, and close loads whose process died."""
    with connect(SYSTEM) as conn:
        progress("loads", 0.0)
        loads = mark_interrupted(conn)
        progress("job runs", 0.5)
        runs = delete_old_runs(conn, days=KEEP_DAYS, keep=KEEP_RUNS)
    return f"{runs} old job runs removed, {loads} dead loads closed"
