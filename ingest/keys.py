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


type Hashes = npt.NDArray[np.uint64]
type Block = tuple[Hashes, Hashes, Lines]  # first hash (sorted), second hash, line


class KeyIndex:
    """Remembers the keys of a file as 128-bit hashes with their lines: 24 bytes a row, whatever the key's length.

    They lie in sorted blocks, each at least twice as long as the next; a batch is looked up in every block, and blocks
    of like length are merged. So a key is moved log2(rows / batch) times, not once for each batch that follows.
    """

    def __init__(self) -> None:
        self._blocks: list[Block] = []

    def repeated(self, keys: pa.Array, lines: Lines) -> npt.NDArray[np.int64]:
        """For each key the line on which it stood before, in this batch or an earlier one; 0 = first time."""
        texts = np.asarray(keys.to_numpy(zero_copy_only=False), dtype=object)
        known = ~pd.isna(texts)
        hashes = pd.util.hash_array(texts[known], categorize=False)
        checks = pd.util.hash_array(texts[known], hash_key="geoioc-key-index", categorize=False)
        own = lines[known]
        order = np.argsort(hashes, kind="stable")  # rows of one key stay in the order of the file
        block = hashes[order], checks[order], own[order]
        before = _first_in_batch(block)
        for earlier in self._blocks:
            found = _lines_in(earlier, block)
            before = np.where(found > 0, found, before)
        self._add(tuple(part[before == block[2]] for part in block))
        result = np.zeros(len(lines), dtype=np.int64)
        result[np.flatnonzero(known)[order]] = np.where(before < block[2], before, 0)
        return result

    def _add(self, block: Block) -> None:
        self._blocks.append(block)
        while len(self._blocks) > 1 and len(self._blocks[-2][0]) < 2 * len(self._blocks[-1][0]):
            last, previous = self._blocks.pop(), self._blocks.pop()
            joined = [np.concatenate(parts) for parts in zip(previous, last, strict=True)]
            order = np.argsort(joined[0], kind="stable")  # two sorted halves: one merge
            self._blocks.append((joined[0][order], joined[1][order], joined[2][order]))

    def check(self, keys: pa.Array, lines: Lines) -> list[Finding]:
        """Rows whose key stood on an earlier line."""
        before = self.repeated(keys, lines)
        if not before.any():
            return []
        return [
            Finding("duplicate_key", None, before > 0, lambda row: f"Khóa «{keys[row]}» đã có ở dòng {before[row]}.")
        ]


def _first_in_batch(block: Block) -> Lines:
    """For each row of a sorted block the line of its key's first row."""
    hashes, checks, lines = block
    starts = np.ones(len(hashes), dtype=bool)
    starts[1:] = (hashes[1:] != hashes[:-1]) | (checks[1:] != checks[:-1])
    return lines[np.flatnonzero(starts)[np.cumsum(starts) - 1]] if len(lines) else lines


def _lines_in(earlier: Block, block: Block) -> Lines:
    """Lines of the block's keys in an earlier block; 0 where it is not there."""
    if not len(earlier[0]):
        return np.zeros(len(block[0]), dtype=np.int64)
    place = np.minimum(np.searchsorted(earlier[0], block[0]), len(earlier[0]) - 1)
    same = (earlier[0][place] == block[0]) & (earlier[1][place] == block[1])
    return np.where(same, earlier[2][place], 0)
