"""Administrative units as values: names, validity at a date, and weights across a reform. No connection here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

type Level = Literal["province", "district", "commune"]
type Method = Literal["exact", "by_area", "by_people"]

METHODS: tuple[Method, ...] = ("exact", "by_people", "by_area")  # the most certain first

WHOLE = 0.9995  # a share from which on nothing was left elsewhere

LEVELS: tuple[Level, ...] = ("province", "district", "commune")

# Law 72/2025/QH15 and 202/2025/QH15: two levels and 34 provinces from this day; districts existed until the day before.
REFORM = date(2025, 7, 1)
LAST_DISTRICT_DAY = REFORM - timedelta(days=1)

ENGLISH_TYPES = {
    "thành phố trực thuộc trung ương": "City",
    "thành phố": "City",
    "tỉnh": "Province",
    "quận": "Urban District",
    "huyện": "District",
    "thị xã": "Town",
    "thị trấn": "Township",
    "phường": "Ward",
    "xã": "Commune",
    "đặc khu": "Special Zone",
}

ABBREVIATIONS = {
    "tp": "thanh pho", "tx": "thi xa", "tt": "thi tran", "dk": "dac khu", "q": "quan", "h": "huyen", "x": "xa",
    "p": "phuong", "t": "tinh",
}  # fmt: skip

# The type word or its abbreviation before a name, folded. «x. yen binh» and «x yen binh», but not «xuan truong».
_TYPE_WORD = re.compile(
    r"^(?:(thanh pho|tinh|quan|huyen|thi xa|thi tran|phuong|xa|dac khu)\s+|(tp|tx|tt|dk|q|h|x|p|t)(?:\.\s*|\s+))(?=\S)"
)


def full_name(type_vi: str, name: str, language: str = "vi") -> str:
    """Type and name of a unit: «Xã Bình An», «Bình An Commune». In Vietnamese the same as core.unit_name."""
    if language != "en":
        return f"{type_vi} {name}"
    kind = ENGLISH_TYPES.get(type_vi.lower(), type_vi)
    # «Phường 1» is a number, not a name.
    return f"{kind} {name}" if name.isdigit() else f"{name} {kind}"


@dataclass(frozen=True, slots=True)
class Unit:
    """One version of an administrative unit. ``bbox`` is west, south, east, north in degrees (EPSG:4326)."""

    id: int
    key: str
    code: str
    level: Level
    type_vi: str
    name: str
    parent_id: int | None
    province_code: str | None
    valid_from: date
    valid_to: date | None  # first day on which the unit no longer is
    population: int | None
    area_km2: float | None
    bbox: tuple[float, float, float, float]

    def full_name(self, language: str = "vi") -> str:
        """Type and name: «Xã Bình An», «Bình An Commune»."""
        return full_name(self.type_vi, self.name, language)

    def valid_on(self, day: date) -> bool:
        """Half open: the first day counts, the last is the day before ``valid_to``."""
        return valid_on(self.valid_from, self.valid_to, day)

    @property
    def former(self) -> bool:
        """The unit ended: a district, or a unit merged or renamed by a reform."""
        return self.valid_to is not None


@dataclass(frozen=True, slots=True)
class Link:
    """What became of a unit: parts of the predecessor that went to the successor, and parts of the successor."""

    predecessor_id: int
    successor_id: int
    area_share: float
    people_share: float
    successor_area_share: float
    successor_people_share: float
    method: Method


@dataclass(frozen=True, slots=True)
class PartialUnit:
    """A unit of which only a part lies in another one (a commune of today in a former district)."""

    unit: Unit
    area_share: float  # part of the unit's area
    people_share: float  # part of the unit's people

    @property
    def partial(self) -> bool:
        """True when some of the unit lies elsewhere."""
        return self.area_share < WHOLE


@dataclass(frozen=True, slots=True)
class Weight:
    """Weight with which a value of ``unit_id`` enters the value of another unit.

    ``area`` and ``people`` are parts of the source that belong to the other unit: amounts are multiplied by them.
    ``part`` is the part of the other unit's people who live in the source: rates are averaged by it.
    """

    unit_id: int
    area: float
    people: float
    part: float
    method: Method


def valid_on(valid_from: date, valid_to: date | None, day: date) -> bool:
    """``valid_from <= day < valid_to``."""
    return valid_from <= day and (valid_to is None or day < valid_to)


def predecessors(links: Iterable[Link], unit_id: int) -> tuple[Weight, ...]:
    """Units whose values, times the weights, sum up to the unit's value before it began."""
    return tuple(
        Weight(link.predecessor_id, link.area_share, link.people_share, link.successor_people_share, _forward(link))
        for link in links
        if link.successor_id == unit_id
    )


def rebuilt_from(links: Iterable[Link], unit_id: int) -> tuple[Weight, ...]:
    """Units whose values, times the weights, sum up to the value of an ended unit after its end."""
    return tuple(
        Weight(
            link.successor_id,
            link.successor_area_share,
            link.successor_people_share,
            link.people_share,
            _backward(link),
        )
        for link in links
        if link.predecessor_id == unit_id
    )


def _forward(link: Link) -> Method:
    return "exact" if link.area_share >= WHOLE else _measured(link)


def _backward(link: Link) -> Method:
    return "exact" if link.successor_area_share >= WHOLE else _measured(link)


def _measured(link: Link) -> Method:
    # An «exact» link says only that the predecessor was not divided; the successor's shares were measured all the same.
    if link.method != "exact":
        return link.method
    return "by_area" if link.successor_people_share == link.successor_area_share else "by_people"


def worst(methods: Iterable[Method]) -> Method:
    """The least certain of several methods: ``exact`` only when all are."""
    return max(methods, key=METHODS.index, default="exact")


def fold(text: str) -> str:
    """Lower case without diacritics, composed or not: «NAM ĐỊNH» -> «nam dinh». Same result as core.vn_fold."""
    plain = unicodedata.normalize("NFD", text).replace("đ", "d").replace("Đ", "D")
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).lower().split())


def fold_query(text: str) -> tuple[str, str]:
    """Name and full name of a search text, folded: «TP. Nam Định» -> («nam dinh», «thanh pho nam dinh»).

    A text that is nothing but a type word stays as it is.
    """
    folded = fold(text)
    found = _TYPE_WORD.match(folded)
    if found is None:
        return folded, folded
    name = folded[found.end() :]
    word = found[1] or ABBREVIATIONS[found[2]]
    return name, f"{word} {name}"
