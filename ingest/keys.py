"""Keys of features, and repeated ones found without keeping them all as text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ingest.checks import Finding
from ingest.readers.base import Lines


def build_keys(parts: Sequence[pa.Array]) -> pa.Array:
    """Key columns joined by a full stop; null when one of them is."""
    texts = [pc.cast(part, pa.string()) for part in parts]
    return texts[0] if len(texts) == 1 else pc.binary_join_element_wise(*texts, ".", null_handling="emit_null")


class KeyIndex:
    """Remembers the keys of a file as 128-bit hashes with their lines: 24 bytes a row, whatever the key's length."""

    def __init__(self) -> None:
        self._hashes = np.empty(0, dtype=[("a", np.uint64), ("b", np.uint64)])
        self._lines: Lines = np.empty(0, dtype=np.int64)

    def repeated(self, keys: pa.Array, lines: Lines) -> npt.NDArray[np.int64]:
        """For each key the line on which it stood before, in this batch or an earlier one; 0 = first time."""
        texts = np.asarray(keys.to_numpy(zero_copy_only=False), dtype=object)
        known = ~pd.isna(texts)
        hashes = np.empty(int(known.sum()), dtype=self._hashes.dtype)
        hashes["a"] = pd.util.hash_array(texts[known], categorize=False)
        hashes["b"] = pd.util.hash_array(texts[known], hash_key="geoioc-key-index", categorize=False)
        own = lines[known]
        every = np.concatenate((self._hashes, hashes))
        every_line = np.concatenate((self._lines, own))
        distinct, first, inverse = np.unique(every, return_index=True, return_inverse=True)
        first_lines = every_line[first]
        before = first_lines[inverse[len(self._hashes) :]]
        self._hashes, self._lines = distinct, first_lines
        result = np.zeros(len(lines), dtype=np.int64)
        result[known] = np.where(before < own, before, 0)
        return result

    def check(self, keys: pa.Array, lines: Lines) -> list[Finding]:
        """Rows whose key stood on an earlier line."""
        before = self.repeated(keys, lines)
        if not before.any():
            return []
        return [
            Finding("duplicate_key", None, before > 0, lambda row: f"Khóa «{keys[row]}» đã có ở dòng {before[row]}.")
        ]
