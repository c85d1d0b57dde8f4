"""One run while it lasts: what the loaders of the different kinds of layer share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from ingest.options import SourceOptions
from ingest.parsing import Notation
from ingest.quarantine import Quarantine
from ingest.readers.base import Batch
from ingest.report import RunReport
from layers.model import Layer
from spatial.progress import Progress


@dataclass(frozen=True)
class Run:
    """Connection (a transaction that holds the layer's lock), source and report of a run."""

    connection: Connection
    id: int
    layer: Layer
    path: Path
    options: SourceOptions
    notation: Notation
    quarantine: Quarantine
    report: RunReport
    progress: Progress
    read: Callable[[], Iterator[Batch]]
    dry_run: bool = False  # the transaction will be taken back; write no file

    def batches(self) -> Iterator[Batch]:
        """Batches of the file; counts what is read and writes down rows that could not be cut into columns."""
        for number, batch in enumerate(self.read()):
            self.quarantine.add_broken(batch.broken)
            self.report.rows_read += len(batch.lines)
            # The number of rows is not known before the end: the bar nears it without reaching it.
            self.progress(f"{self.layer.id}: {self.report.rows_read:,} rows", 1 - 0.9 ** (number + 1))
            yield batch
