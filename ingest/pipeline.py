"""From a source file to rows: fetch, read, rename, check, split, load, record."""

from __future__ import annotations

import errno
import hashlib
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg.errors
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from ingest import runs
from ingest.grids import load_grids
from ingest.headers import fold_header
from ingest.indicators import load_indicators
from ingest.load import driver
from ingest.observations import load_observations
from ingest.options import SourceOptions
from ingest.quarantine import Quarantine, forget
from ingest.readers import TABLE_READERS, choose_reader
from ingest.readers.base import Batch
from ingest.report import RunReport
from ingest.rows import notation_of
from ingest.run import Run
from ingest.source import archive_source, sha256_of
from ingest.tables import load_table
from layers.model import Layer
from spatial.access import Actor, connect
from spatial.errors import DatabaseUnavailable, DiskFull, GeoIOCError, SourceUnreadable
from spatial.progress import Progress, silent

LOADERS = {
    "feature": load_table,
    "record": load_table,
    "admin_unit": load_table,
    "observation": load_observations,
    "indicator": load_indicators,
    "grid": load_grids,
}


def run_file(
    layer: Layer,
    path: Path,
    *,
    actor: Actor,
    options: SourceOptions | None = None,
    force: bool = False,
    dry_run: bool = False,
    progress: Progress = silent,
) -> RunReport:
    """Load one file into a layer, in one transaction, and record the run.

    The same bytes with the same options change nothing and are recorded as ``unchanged``; ``force`` reads them again.
    ``dry_run`` does everything and then takes it all back.

    :raises SourceUnreadable: when the file cannot be read; also WrongEncoding and WrongCRS.
    :raises DiskFull: when the database or the data folder has no room.
    :raises DatabaseUnavailable: when the database does not answer or goes away.
    """
    merged = SourceOptions.of(layer, options)
    report = RunReport(layer.id, str(path))
    started = time.monotonic()
    digest = sha256_of(path)
    fingerprint = fingerprint_of(layer, merged, path)
    finished = False
    try:
        with clear_errors(), connect(actor) as connection:
            runs.lock_layer(connection, layer.id)
            runs.mark_layer_interrupted(connection, layer.id)
            report.run_id = _record_start(connection, layer, report.source, digest, actor, dry_run=dry_run)
            if (
                force
                or dry_run
                or not runs.already_done(connection, layer_id=layer.id, sha256=digest, fingerprint=fingerprint)
            ):
                _load(connection, report, path, layer, merged, progress, dry_run=dry_run)
                if merged.archive and not dry_run:
                    archive_source(path, digest)
                report.state = "done"
            else:
                report.state, report.message = "unchanged", "The same bytes were loaded before."
            runs.finish_run(connection, report, fingerprint=fingerprint)
            if dry_run:
                raise _TakenBack
        finished = True
    except _TakenBack:
        finished, report.run_id = True, None
    finally:
        if not finished and report.run_id is not None and not dry_run:
            _record_end(actor, report, sys.exception())
    report.seconds = time.monotonic() - started
    progress(layer.id, 1.0)
    return report


class _TakenBack(Exception):
    """Rolls a dry run back."""


def _record_start(
    connection: Connection, layer: Layer, source: str, digest: str, actor: Actor, *, dry_run: bool
) -> int:
    """The run's row, committed at once so that a killed run is seen; a dry run's row goes with the rest."""
    if dry_run:
        return runs.start_run(connection, layer=layer, source=source, sha256=digest, actor=actor)
    with connect(actor) as own:
        return runs.start_run(own, layer=layer, source=source, sha256=digest, actor=actor)


def _record_end(actor: Actor, report: RunReport, error: BaseException | None) -> None:
    """Say that a run failed, or was interrupted by its user; when even that fails, the next start will."""
    assert report.run_id is not None
    report.state, report.message = "interrupted", "The run was broken off; nothing of it was stored."
    if isinstance(error, GeoIOCError):
        report.state, report.message = "failed", str(error)
    elif isinstance(error, Exception):
        report.state, report.message = "failed", f"{type(error).__name__}: {error}".splitlines()[0]
    with suppress(GeoIOCError, DBAPIError):
        runs.record_failure(actor, report.run_id, state=report.state, message=report.message)


def _load(
    connection: Connection,
    report: RunReport,
    path: Path,
    layer: Layer,
    options: SourceOptions,
    progress: Progress,
    *,
    dry_run: bool,
) -> None:
    assert report.run_id is not None
    quarantine = Quarantine(driver(connection), report.run_id, layer, report.source, report)
    forget(connection, layer_id=layer.id, source=report.source)
    run = Run(
        connection=connection,
        id=report.run_id,
        layer=layer,
        path=path,
        options=options,
        notation=notation_of(options),
        quarantine=quarantine,
        report=report,
        progress=progress,
        read=lambda: read_batches(layer, path, options),
        dry_run=dry_run,
    )
    LOADERS[layer.kind](run)


def read_batches(layer: Layer, path: Path, options: SourceOptions) -> Iterator[Batch]:
    """Batches of a table file by the reader that fits it.

    :raises SourceUnreadable: when no reader of tables fits.
    """
    name = choose_reader(path, options.reader)
    if name not in TABLE_READERS:
        raise SourceUnreadable(f"{path.name} is a grid ({name}), but layer {layer.id!r} holds rows.")
    return TABLE_READERS[name](path, options, known_headers(layer))


def known_headers(layer: Layer) -> frozenset[str]:
    """Folded headers by which the layer's header row is recognised."""
    names: list[str] = [header for column in layer.columns for header in column.headers]
    if layer.geometry is not None:
        names += (*layer.geometry.x, *layer.geometry.y, *layer.geometry.wkt)
    if (series := layer.series) is not None:
        names += (*series.station, *series.time, *series.parameter, *series.value, *series.status)
        names += [alias for parameter in series.parameters for alias in (parameter.name, *parameter.aliases)]
    if (table := layer.indicators) is not None:
        names += (*table.unit_code, *table.unit_valid_from, *table.indicator, *table.period, *table.value, *table.state)
        names += (*table.published_on, *table.cumulative, *table.issued_on, *table.document, *table.units)
    return frozenset(map(fold_header, names))


def fingerprint_of(layer: Layer, options: SourceOptions, path: Path) -> str:
    """Hash of all that decides what becomes of a file's bytes: its options, the layer's definition, and for grids the
    file's name, which may hold the time."""
    name = path.name if layer.kind == "grid" else ""
    said = json.dumps([options.model_dump(mode="json"), layer.model_dump(mode="json"), name], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turn failures of disk and database into errors with one clear sentence."""
    try:
        yield
    except (DBAPIError, psycopg.Error) as error:
        original = error.orig if isinstance(error, DBAPIError) else error
        first = (str(original).splitlines() or [type(original).__name__])[0].rstrip(".")
        if isinstance(original, psycopg.errors.DiskFull):
            raise DiskFull(f"The database has no room left on its disk; nothing was stored ({first}).") from None
        lost = (
            psycopg.errors.AdminShutdown,
            psycopg.errors.CrashShutdown,
            psycopg.errors.IdleInTransactionSessionTimeout,
        )
        if isinstance(original, lost) or (
            isinstance(original, psycopg.OperationalError) and getattr(original, "sqlstate", None) is None
        ):
            raise DatabaseUnavailable(
                f"The database went away during the load; nothing was stored ({first})."
            ) from None
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            where = f" ({error.filename})" if error.filename else ""
            raise DiskFull(
                f"There is no room left on the disk of the data folder{where}; nothing was stored."
            ) from None
        raise
