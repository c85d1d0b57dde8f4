"""What came of one file, as a value that is printed, stored and tested."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass
class RunReport:
    """Counts of one run. ``accepted`` rows were inserted, updated or found unchanged."""

    layer_id: str
    source: str
    run_id: int | None = None
    state: str = "running"
    rows_read: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    rows_rejected: int = 0
    rejected: Counter[str] = field(default_factory=Counter)  # reason -> rows; a row may fail for two reasons
    flagged: Counter[str] = field(default_factory=Counter)  # kind -> values stored with a mark, or repaired
    headers: dict[str, str] = field(default_factory=dict)  # target -> header it was read from
    seconds: float = 0.0
    message: str | None = None

    @property
    def accepted(self) -> int:
        return self.inserted + self.updated + self.unchanged

    @property
    def changed(self) -> bool:
        return self.inserted + self.updated > 0

    def details(self) -> dict[str, Any]:
        """The part of the report that ``ops.ingest_run.details`` keeps."""
        return {"rejected": dict(self.rejected), "flagged": dict(self.flagged), "headers": self.headers}
