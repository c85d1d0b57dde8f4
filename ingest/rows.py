"""From a batch as it came to named, translated texts: filter, rename, join, constants, values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.headers import match_headers
from ingest.options import SourceOptions
from ingest.parsing import Notation, one_array, to_mask, to_text
from ingest.readers.base import Batch, Lines
from spatial.errors import SourceUnreadable

ANY_OTHER = "*"


def notation_of(options: SourceOptions) -> Notation:
    """How the file writes numbers and times.

    :raises SourceUnreadable: when the time zone does not exist.
    """
    try:
        zone = ZoneInfo(options.timezone or "Asia/Ho_Chi_Minh")
    except (ZoneInfoNotFoundError, ValueError):
        raise SourceUnreadable(f"There is no time zone named {options.timezone!r}.") from None
    return Notation(options.decimal or ".", options.datetime_format, zone)


def filter_batch(batch: Batch, wanted: Mapping[str, str | list[str]]) -> Batch:
    """The rows whose headers hold the wanted texts.

    :raises SourceUnreadable: when the file has no such header.
    """
    if not wanted:
        return batch
    headers = match_headers(batch.table.column_names, {}, {name: name for name in wanted})
    keep = np.ones(batch.table.num_rows, dtype=bool)
    for name, texts in wanted.items():
        column = to_text(one_array(batch.table[headers[name][0]]))
        allowed = pa.array([texts] if isinstance(texts, str) else texts, pa.string())
        keep &= to_mask(pc.is_in(column, allowed))
    geometry = None if batch.geometry is None else batch.geometry[keep]
    return Batch(batch.table.filter(pa.array(keep)), batch.lines[keep], geometry, batch.crs, batch.broken)


@dataclass(frozen=True)
class NamedRows:
    """Columns of a batch under the names of the layer; a target the file does not have is absent."""

    columns: Mapping[str, pa.Array]
    lines: Lines
    batch: Batch
    headers: Mapping[str, list[str]]

    def raw(self, rows: Sequence[int]) -> list[dict[str, Any]]:
        """Rows as they came, for the quarantine."""
        taken = self.batch.table.take(pa.array(rows, pa.int64())).to_pylist()
        return [{name: value for name, value in row.items() if value is not None} for row in taken]

    def get(self, name: str) -> pa.Array | None:
        return self.columns.get(name)


def name_columns(batch: Batch, wanted: Mapping[str, Iterable[str]], options: SourceOptions) -> NamedRows:
    """Find each target's column and apply the recipe's joins, constants and values.

    :raises SourceUnreadable: when a header the recipe names is missing.
    """
    rows = batch.table.num_rows
    headers = match_headers(batch.table.column_names, wanted, options.columns)
    columns: dict[str, pa.Array] = {}
    for target, parts in headers.items():
        arrays = [one_array(batch.table[part]) for part in parts]
        columns[target] = arrays[0] if len(arrays) == 1 else _join(arrays)
    for target, constant in options.constants.items():
        columns[target] = pa.array([constant] * rows, pa.string())
    for target, mapping in options.values.items():
        if target in columns:
            columns[target] = map_values(columns[target], mapping)
    return NamedRows(columns, batch.lines, batch, headers)


def _join(arrays: list[pa.Array]) -> pa.Array:
    """Texts of several columns with a blank between; missing when the first is."""
    return pc.binary_join_element_wise(*(to_text(array) for array in arrays), " ", null_handling="emit_null")


def map_values(column: pa.Array, mapping: Mapping[str, str]) -> pa.Array:
    """Replace texts by the recipe's; an empty replacement means missing, «*» stands for all texts not named."""
    coded = pc.dictionary_encode(to_text(column))
    other = mapping.get(ANY_OTHER)
    mapped = [
        mapping.get(value, value if other is None else other) or None if value is not None else None
        for value in coded.dictionary.to_pylist()
    ]
    return pa.array(mapped, pa.string()).take(coded.indices)


def require(named: NamedRows, wanted: Mapping[str, Iterable[str]], needed: Iterable[str], source: str) -> None:
    """Stop when a column without which no row could be stored is not in the file.

    :raises SourceUnreadable: naming the column, the headers looked for and those found.
    """
    for target in needed:
        if target not in named.columns:
            looked = ", ".join(dict.fromkeys(wanted[target]))
            found = ", ".join(named.batch.table.column_names) or "none"
            raise SourceUnreadable(
                f"{source} has no column for {target!r} (looked for: {looked}); its columns are: {found}."
            )
