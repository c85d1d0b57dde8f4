"""Communes and former districts that a text names, found without regard to case and diacritics. Pure.

«Phường Nam Định», «P. Nam Dinh» and «nam định» are found; a name of one word only with its type («xã Hòa»), and not
where another word says that a road, a market or a bridge bears the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spatial.admin_units import ABBREVIATIONS, fold

_WORD = re.compile(r"[^\W_]+")
LONGEST = 7  # words of a name with its type
# Behind these words a name is a road's, a market's, a person's ...
_OTHERS = frozenset({
    "duong", "pho", "ngo", "ngach", "hem", "kiet", "cho", "cau", "song", "kenh", "ho", "dam", "nui", "truong", "chua",
    "den", "dinh", "vien", "quan", "tuyen", "ql", "tl", "dt", "san", "thi", "ty", "nha", "ga", "ben", "do", "cum",
    "khu", "toa", "tram", "tiem", "quay",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """A unit as it may be named: ``full`` with type, ``bare`` without, both folded."""

    unit_id: int
    level: str
    full: str
    bare: str


@dataclass(frozen=True)
class Gazetteer:
    """Names by words."""

    full: dict[tuple[str, ...], list[Name]]
    bare: dict[tuple[str, ...], list[Name]]

    @classmethod
    def of(cls, names: Iterable[Name]) -> Gazetteer:
        full: dict[tuple[str, ...], list[Name]] = {}
        bare: dict[tuple[str, ...], list[Name]] = {}
        for name in names:
            full.setdefault(tuple(name.full.split()), []).append(name)
            if " " in name.bare:
                bare.setdefault(tuple(name.bare.split()), []).append(name)
        return cls(full, bare)

    def find(self, text: str) -> list[Name]:
        """Units the text names, in its order; a province counts as nothing, but covers its words."""
        words = split_words(text)
        found: dict[int, Name] = {}
        place = 0
        while place < len(words):
            length, names = self._longest(words, place)
            for name in names:
                if name.level != "province":
                    found.setdefault(name.unit_id, name)
            place += length or 1
        return list(found.values())

    def _longest(self, words: Sequence[str], place: int) -> tuple[int, list[Name]]:
        for length in range(min(LONGEST, len(words) - place), 1, -1):
            phrase = tuple(words[place : place + length])
            if (names := self.full.get(phrase)) is not None:
                return length, names
            if (names := self.bare.get(phrase)) is not None:
                return length, [] if place and words[place - 1] in _OTHERS else names
        return 0, []


def split_words(text: str) -> list[str]:
    """Folded words, with abbreviated types written out: «P. Nam Định» -> phuong nam dinh."""
    words: list[str] = []
    for match in _WORD.finditer(fold(text)):
        word = match.group()
        long = _ABBREVIATED.get(word)
        words += long.split() if long is not None else [word]
    return words


_ABBREVIATED = {"p": "phuong", "h": "huyen", "q": "quan", "tx": "thi xa", "tt": "thi tran", "tp": "thanh pho"} | {
    fold(short).strip("."): fold(long) for short, long in ABBREVIATIONS.items() if " " not in short
}
