"""Job ``sample_feed``: the sample province goes on living; new hours of its stations arrive as files do."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from ingest.pipeline import run_file
from ingest.sample.build import MANIFEST, extend_sample
from layers.model import Layer
from layers.registry import registry
from spatial.access import SYSTEM, connect
from spatial.progress import Progress
from spatial.queries.health import is_synthetic
from spatial.queries.observations import newest_raw_time
from spatial.settings import data_settings


def feed_sample(progress: Progress) -> str:
    """Write and load the hours since the newest stored one; does nothing where the data are real."""
    folder = data_settings().root / "sample"
    now = datetime.now(UTC)
    with connect(SYSTEM) as conn:
        if not is_synthetic(conn):
            return "not a sample province"
        newest = newest_raw_time(conn, now=now)
    if newest is None or not (folder / MANIFEST).is_file():
        return "no sample to go on with"
    progress("new hours", 0.0)
    files = extend_sample(folder, since=newest, until=now)
    rows = 0
    for number, path in enumerate(files):
        progress(path.name, number / len(files))
        report = run_file(_layer_of(path), path, actor=SYSTEM)
        rows += report.inserted
        path.unlink()  # can be made again from the seed
    return f"{rows} new values" if files else "nothing new"


def _layer_of(path: Path) -> Layer:
    """The observation layer whose source pattern names the file."""
    return next(layer for layer in registry().values() if layer.series and path.match(layer.source.pattern))
