"""Vietnamese words compared as people do: found without marks, sorted by the alphabet with its own letters."""

from __future__ import annotations

import re
import unicodedata

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: the order of the dictionary


def fold(text: str) -> str:
    """Small letters without Vietnamese marks: «Đông Hà» -> «dong ha»."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def alphabetical(text: str) -> tuple[tuple[tuple[int, int, str], ...], tuple[int, ...]]:
    """Sort key: letters first (a ă â ... d đ e ê), numbers by size, tones only to tell equal words apart."""
    letters: list[tuple[int, int, str]] = []
    tones: list[int] = []
    for part in re.findall(r"\d+|\D", unicodedata.normalize("NFC", text.lower())):
        if part.isdigit():
            letters.append((1, int(part), ""))
            continue
        marks = unicodedata.normalize("NFD", part)
        letter = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in TONES))
        letters.append((2, ALPHABET.index(letter), "") if letter in ALPHABET else (0, 0, letter))
        tones.append(next((TONES.index(mark) + 1 for mark in marks if mark in TONES), 0))
    return tuple(letters), tuple(tones)
