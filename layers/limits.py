"""Legal limits by parameter, leading one first: QCVN 05:2023 of the air, QCVN 08:2023 of surface water."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from layers.index_scales import QCVN08_CLASSES
from layers.model import Limit, Text

YEAR = 8760  # Limit.hours of a calendar year
SINCE_2023 = date(2023, 9, 12)  # Circular 01/2023/TT-BTNMT in force
SINCE_2026 = date(2026, 1, 1)
SPANS = {1: ("trung bình 1 giờ", "1 h mean"), 8: ("trung bình 8 giờ", "8 h mean"),
         24: ("trung bình 24 giờ", "24 h mean"), YEAR: ("trung bình năm", "yearly mean")}  # fmt: skip


def _air(high: float, hours: int, first: date | None = SINCE_2023, end: date | None = None) -> tuple[Limit, ...]:
    """A limit of QCVN 05:2023, table 1."""
    vi, en = SPANS[hours]
    stage_vi, stage_en = (", từ 2026", ", from 2026") if first == SINCE_2026 else ("", "")
    if end == SINCE_2026:
        stage_vi, stage_en = ", đến hết 2025", ", to the end of 2025"
    basis = Text(vi=f"QCVN 05:2023/BTNMT, {vi}{stage_vi}", en=f"QCVN 05:2023/BTNMT, {en}{stage_en}")
    return (Limit(high=high, hours=hours, valid_from=first, valid_to=end, basis=basis),)


def _before(high: float, hours: int) -> tuple[Limit, ...]:
    """A limit of the standard before it, QCVN 05:2013: from memory, for years of data older than September 2023."""
    vi, en = SPANS[hours]
    basis = Text(vi=f"QCVN 05:2013/BTNMT, {vi} (chưa xác nhận)", en=f"QCVN 05:2013/BTNMT, {en} (unconfirmed)")
    return (Limit(high=high, hours=hours, valid_to=SINCE_2023, basis=basis, confirmed=False),)


def _same(high: float, hours: int) -> tuple[Limit, ...]:
    """The same number in both standards."""
    return (*_air(high, hours), *_before(high, hours))


# µg/Nm³ at 25 °C and 760 mmHg.
QCVN05: Mapping[str, tuple[Limit, ...]] = MappingProxyType(
    {
        "pm25": (
            *_air(45, 24, SINCE_2026), *_air(50, 24, SINCE_2023, SINCE_2026), *_before(50, 24), *_same(25, YEAR),
        ),
        "pm10": (*_air(100, 24), *_before(150, 24), *_same(50, YEAR)),
        "no2": (*_same(200, 1), *_same(100, 24), *_same(40, YEAR)),
        "o3": (*_same(200, 1), *_same(120, 8)),
        "so2": (*_same(350, 1), *_same(125, 24), *_same(50, YEAR)),
        "co": (*_same(30000, 1), *_same(10000, 8)),
    }
)  # fmt: skip


def _class_b(name: str) -> tuple[Limit, ...]:
    """Bounds of class B of rivers (QCVN 08:2023, table 2)."""
    bound = QCVN08_CLASSES["river"][name].b
    vi, en = ("", "") if bound.confirmed else (" (chưa xác nhận)", " (unconfirmed)")
    basis = Text(vi=f"QCVN 08:2023/BTNMT, Bảng 2, mức B{vi}", en=f"QCVN 08:2023/BTNMT, table 2, class B{en}")
    return (
        Limit(low=bound.low, high=bound.high, valid_from=SINCE_2023, basis=basis, confirmed=bound.confirmed),
    )  # fmt: skip


def _health(high: float) -> tuple[Limit, ...]:
    """A limit for the protection of human health (QCVN 08:2023, table 1)."""
    basis = Text(vi="QCVN 08:2023/BTNMT, Bảng 1", en="QCVN 08:2023/BTNMT, table 1")
    return (Limit(high=high, valid_from=SINCE_2023, basis=basis),)


# mg/L; coliform MPN per 100 mL; pesticides µg/L. A single value is judged: the standard names no averaging time.
QCVN08: Mapping[str, tuple[Limit, ...]] = MappingProxyType(
    {name: _class_b(name) for name in QCVN08_CLASSES["river"]}
    | {
        name: _health(high)
        for name, high in {
            "n_no2": 0.05, "n_nh4": 0.3, "arsenic": 0.01, "cadmium": 0.005, "lead": 0.02, "chromium6": 0.01,
            "copper": 0.1, "zinc": 0.5, "mercury": 0.001, "aldrin": 0.1, "bhc": 0.02, "dieldrin": 0.1, "ddts": 1.0,
            "heptachlor": 0.2,
        }.items()
    }
)  # fmt: skip
