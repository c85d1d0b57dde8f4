"""What is particular to administrative units: types inside names, and versions that may not overlap."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa
from sqlalchemy import Connection, text

from ingest.checks import Finding
from ingest.parsing import to_text

# Longest first: «Thành phố» before «Thành».
TYPES = ("Thành phố", "Thị trấn", "Đặc khu", "Thị xã", "Phường", "Huyện", "Tỉnh", "Quận", "Xã")
# Words of the law that are not part of a name.
LEGAL_TYPES = {"đặc khu tại hải đảo": "Đặc khu", "thành phố trực thuộc trung ương": "Thành phố"}
_FOREVER = date.max


def split_full_name(full: str) -> tuple[str | None, str]:
    """«Thành phố Hà Nội» -> («Thành phố», «Hà Nội»); the type is None when the name carries none."""
    for kind in TYPES:
        if full.casefold().startswith(kind.casefold() + " "):
            return kind, full[len(kind) :].strip()
    return None, full


def split_full_names(columns: dict[str, pa.Array]) -> dict[str, pa.Array]:
    """Fill type and name from ``full_name``, where the file gives them in one column."""
    full = columns.pop("full_name", None)
    if full is None:
        return columns
    parts = [split_full_name(name) if name is not None else (None, None) for name in to_text(full).to_pylist()]
    columns.setdefault("type_vi", pa.array([kind for kind, _ in parts], pa.string()))
    columns.setdefault("name", pa.array([name for _, name in parts], pa.string()))
    return columns


def tidy_names(columns: dict[str, pa.Array]) -> None:
    """Types as they are spoken, and names without them: lists write «Thành phố Phủ Lý» beside «Thành phố».

    A type is taken off a name only when the row gives the same one: «Xã Đàn» may be the name of a ward.
    """
    if "type_vi" not in columns:
        return
    kinds = [kind and LEGAL_TYPES.get(kind.casefold(), kind) for kind in columns["type_vi"].to_pylist()]
    columns["type_vi"] = pa.array(kinds, pa.string())
    if "name" in columns:
        rows = zip(kinds, columns["name"].to_pylist(), strict=True)
        columns["name"] = pa.array([(name and kind and _bare(kind, name)) or name for kind, name in rows], pa.string())


def _bare(kind: str, name: str) -> str:
    said, bare = split_full_name(name)
    return bare if said is not None and said.casefold() == kind.casefold() and bare else name


@dataclass
class VersionIndex:
    """Versions by level and code: the database's, and those of the file so far."""

    known: dict[tuple[str, str], dict[str, tuple[date, date]]] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def read(cls, connection: Connection) -> VersionIndex:
        index = cls()
        for row in connection.execute(text("SELECT level, code, key, valid_from, valid_to FROM core.admin_unit")):
            index.known[row.level, row.code][row.key] = (row.valid_from, row.valid_to or _FOREVER)
        return index

    def check(self, columns: dict[str, pa.Array], keys: pa.Array) -> list[Finding]:
        """Rows whose validity is empty, or overlaps that of another version of the same unit."""
        count = len(keys)
        empty, overlaps = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
        others: dict[int, str] = {}
        until = columns["valid_to"].to_pylist() if "valid_to" in columns else [None] * count
        rows = zip(columns["level"].to_pylist(), columns["code"].to_pylist(), keys.to_pylist(),
                   columns["valid_from"].to_pylist(), until, strict=True)  # fmt: skip
        for number, (level, code, key, start, stop) in enumerate(rows):
            if level is None or code is None or start is None:
                continue
            end = stop or _FOREVER
            if end <= start:
                empty[number] = True
                continue
            versions = self.known[level, code]
            clash = next((k for k, (a, b) in versions.items() if k != key and start < b and a < end), None)
            if clash is not None:
                overlaps[number] = True
                others[number] = clash
            else:
                versions[key] = (start, end)
        found = [
            Finding("not_before", "valid_to", empty, lambda _: "«Hết hiệu lực» không sau «Có hiệu lực từ»."),
            Finding(
                "overlapping_version",
                "valid_from",
                overlaps,
                lambda row: f"Thời gian hiệu lực trùng với phiên bản «{others[row]}» của cùng đơn vị.",
            ),
        ]
        return [finding for finding in found if finding.rows.any()]
