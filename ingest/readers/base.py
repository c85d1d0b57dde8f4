"""What every reader hands over, and how it is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ingest.options import SourceOptions

BATCH_ROWS = 50_000  # rows handled at once: memory stays flat whatever the size of the file

type Lines = npt.NDArray[np.int64]
type Geometries = npt.NDArray[np.object_]


@dataclass(frozen=True)
class BrokenRow:
    """A row that could not be cut into columns."""

    line: int
    text: str
    message: str


@dataclass(frozen=True)
class Batch:
    """Rows as they came: columns under the headers of the file, numbered by line.

    ``geometry`` is in ``crs``: an EPSG code, or the WKT of a system that has none; None when the file says nothing.
    """

    table: pa.Table
    lines: Lines
    geometry: Geometries | None = None
    crs: int | str | None = None
    broken: Sequence[BrokenRow] = field(default_factory=tuple)


class Reader(Protocol):
    """Reads a file in batches. ``known`` are the folded headers of the layer, to find a header row."""

    def __call__(self, path: Path, options: SourceOptions, known: frozenset[str]) -> Iterator[Batch]: ...
