"""In which month the lunar new year falls: figures of January and February trade places with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

# First day of the first lunar month in Việt Nam (UTC+7).
TET: Mapping[int, date] = MappingProxyType({
    day.year: day for day in (
        date(2010, 2, 14), date(2011, 2, 3), date(2012, 1, 23), date(2013, 2, 10), date(2014, 1, 31),
        date(2015, 2, 19), date(2016, 2, 8), date(2017, 1, 28), date(2018, 2, 16), date(2019, 2, 5),
        date(2020, 1, 25), date(2021, 2, 12), date(2022, 2, 1), date(2023, 1, 22), date(2024, 2, 10),
        date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6), date(2028, 1, 26), date(2029, 2, 13),
        date(2030, 2, 2), date(2031, 1, 23), date(2032, 2, 11), date(2033, 1, 31), date(2034, 2, 19),
        date(2035, 2, 8),
    )
})  # fmt: skip


def tet_in_january(year: int) -> bool:
    """Whether most of the holiday's effect falls in January; years beyond the table count as February."""
    return year in TET and TET[year].month == 1
