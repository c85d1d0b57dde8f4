"""Job ``live``: load what arrived by MQTT and webhook since the last minute."""

from __future__ import annotations

from ingest.live import LAYER, ready_files
from ingest.pipeline import run_file
from layers.registry import get_layer
from spatial.access import SYSTEM, connect
from spatial.progress import Progress
from spatial.queries import jobs as runs


def load_spool(progress: Progress) -> str:
    """Load the spool; a file goes away when its rows are in the database. Hours are rolled up at once."""
    ready = ready_files()
    stored = rejected = 0
    for number, path in enumerate(ready):
        progress(path.name, number / len(ready))
        report = run_file(get_layer(LAYER), path, actor=SYSTEM)
        path.unlink()
        stored, rejected = stored + report.inserted + report.updated, rejected + report.rows_rejected
    if stored:
        with connect(SYSTEM) as conn:
            runs.enqueue(conn, job="rollup")
    return f"{stored} values, {rejected} rows rejected" if ready else "nothing new"
