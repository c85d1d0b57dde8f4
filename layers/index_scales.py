"""Numbers of the index rules: breakpoints of VN_AQI, ladders of VN_WQI, classes of QCVN 08:2023. No arithmetic here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

# ---------------------------------------------------------------- VN_AQI: Decision 1459/QĐ-TCMT, table 2; µg/m³, CO too

AIR_STEPS = (0, 50, 100, 150, 200, 300, 400, 500)
# The 8 h column of ozone ends at 400: above it that branch is not computed.
AIR_BREAKPOINTS: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {
        "pm25": (0, 25, 50, 80, 150, 250, 350, 500),
        "pm10": (0, 50, 150, 250, 350, 420, 500, 600),
        "o3_1h": (0, 160, 200, 300, 400, 800, 1000, 1200),
        "o3_8h": (0, 100, 120, 170, 210, 400),
        "no2": (0, 100, 200, 700, 1200, 2350, 3100, 3850),
        "so2": (0, 125, 350, 550, 800, 1600, 2100, 2630),
        "co": (0, 10000, 30000, 45000, 60000, 90000, 120000, 150000),
    }
)
PARTICLES = ("pm25", "pm10")
GASES = ("o3", "no2", "so2", "co")
AIR_POLLUTANTS = (*PARTICLES, *GASES)  # the order in which ties are listed


# ---------------------------------------------------------------- VN_WQI: Decision 1460/QĐ-TCMT

type Group = Literal["I", "II", "III", "IV", "V"]


@dataclass(frozen=True)
class Ladder:
    """A falling ladder: q 100 up to the first bound, straight lines between the bounds, q 10 from the last on.

    ``steps`` are (concentration, q). ``best_holds``: at exactly the first bound q is 100; otherwise it has already
    fallen to the q written there. ``jump``: above the last bound q drops to 10 at once instead of along a line.
    """

    steps: tuple[tuple[float, float], ...]
    best_holds: bool = True
    jump: bool = False


WORST_Q = 10.0
WATER_GROUPS: Mapping[Group, tuple[str, ...]] = MappingProxyType(
    {
        "I": ("ph",),
        "II": ("aldrin", "bhc", "dieldrin", "ddts", "heptachlor"),
        "III": ("arsenic", "cadmium", "lead", "chromium6", "copper", "zinc", "mercury"),
        "IV": ("do", "bod5", "cod", "toc", "n_nh4", "n_no3", "n_no2", "p_po4"),
        "V": ("coliform", "ecoli"),
    }
)
WATER_PARAMETERS = tuple(name for names in WATER_GROUPS.values() for name in names)
LEAST_GROUPS = 3
LEAST_OF_GROUP_IV = 3

# mg/L; coliform and E. coli MPN (CFU) per 100 mL; pesticides µg/L. The comparison signs are those of the tables.
WATER_LADDERS: Mapping[str, Ladder] = MappingProxyType(
    {
        "bod5": Ladder(((4, 100), (6, 75), (15, 50), (25, 25), (50, 10))),
        "cod": Ladder(((10, 100), (15, 75), (30, 50), (50, 25), (150, 10))),
        "toc": Ladder(((4, 100), (6, 75), (15, 50), (25, 25), (50, 10))),
        "n_nh4": Ladder(((0.3, 75), (0.6, 50), (0.9, 25), (5, 10)), best_holds=False),
        "n_no3": Ladder(((2, 100), (5, 75), (10, 50), (15, 25)), jump=True),
        "n_no2": Ladder(((0.05, 100),), jump=True),
        "p_po4": Ladder(((0.1, 100), (0.2, 75), (0.3, 50), (0.5, 25), (4, 10))),
        "coliform": Ladder(((2500, 100), (5000, 75), (7500, 50), (10000, 25)), jump=True),
        "ecoli": Ladder(((20, 100), (50, 75), (100, 50), (200, 25)), jump=True),
        "arsenic": Ladder(((0.01, 100), (0.02, 75), (0.05, 50), (0.1, 25)), jump=True),
        "cadmium": Ladder(((0.005, 75), (0.008, 50), (0.01, 25), (0.1, 10)), best_holds=False),
        "lead": Ladder(((0.02, 75), (0.04, 50), (0.05, 25), (0.5, 10)), best_holds=False),
        "chromium6": Ladder(((0.01, 100), (0.02, 75), (0.04, 50), (0.05, 25), (0.1, 10))),
        "copper": Ladder(((0.1, 100), (0.2, 75), (0.5, 50), (1.0, 25), (2.0, 10))),
        "zinc": Ladder(((0.5, 100), (1.0, 75), (1.5, 50), (2.0, 25), (3.0, 10))),
        "mercury": Ladder(((0.001, 75), (0.0015, 50), (0.002, 25), (0.01, 10)), best_holds=False),
        "aldrin": Ladder(((0.1, 100),), jump=True),
        "bhc": Ladder(((0.02, 100),), jump=True),
        "dieldrin": Ladder(((0.1, 100),), jump=True),
        "ddts": Ladder(((1.0, 100),), jump=True),
        "heptachlor": Ladder(((0.2, 100),), jump=True),
    }
)
# Two-sided: (bound, q), straight lines between, WORST_Q outside. The bounds themselves belong to the ladder.
PH_STEPS = ((5.5, 50), (6.0, 100), (8.5, 100), (9.0, 50))
OXYGEN_STEPS = ((20, 25), (50, 50), (75, 75), (88, 100), (112, 100), (125, 75), (150, 50), (200, 25))  # % saturation
# Saturation in mg/L of water at T °C: sum of coefficient * T^power.
OXYGEN_SATURATION = (14.652, -0.41022, 0.0079910, -0.000077774)


# ---------------------------------------------------------------- QCVN 08:2023/BTNMT, tables 2 and 3

type WaterBody = Literal["river", "lake"]


@dataclass(frozen=True)
class ClassBound:
    """low <= value <= high puts a value into the class, or a better one."""

    low: float | None = None
    high: float | None = None
    confirmed: bool = True  # False: inferred or from memory, not seen in a text of the standard


@dataclass(frozen=True)
class ClassRule:
    """Bounds of the classes A, B and C; what fits none of them is D."""

    a: ClassBound
    b: ClassBound
    c: ClassBound | None = None  # None: A, B, and C for all the rest: what makes it D is not a number

    @property
    def bounds(self) -> tuple[ClassBound, ...]:
        """Bounds from the best class on."""
        return (self.a, self.b) if self.c is None else (self.a, self.b, self.c)


def _most(a: float, b: float, c: float | None = None, *, sure: str = "abc") -> ClassRule:
    """Upper bounds of A, B and C in a row; ``sure`` names the classes seen in a text of the standard."""
    third = None if c is None else ClassBound(high=c, confirmed="c" in sure)
    return ClassRule(ClassBound(high=a, confirmed="a" in sure), ClassBound(high=b, confirmed="b" in sure), third)


def _acidity(*, confirmed: bool) -> ClassRule:
    wide = ClassBound(6.0, 8.5, confirmed)
    return ClassRule(ClassBound(6.5, 8.5, confirmed), wide, wide)


def _oxygen(*, c_confirmed: bool) -> ClassRule:
    return ClassRule(ClassBound(low=6.0), ClassBound(low=5.0), ClassBound(low=4.0, confirmed=c_confirmed))


# mg/L; coliform CFU or MPN per 100 mL; chlorophyll µg/L. TSS above the bound of B is C without floating litter and
# D with it: litter is not measured, so C is given.
QCVN08_CLASSES: Mapping[WaterBody, Mapping[str, ClassRule]] = MappingProxyType(
    {
        "river": {
            "ph": _acidity(confirmed=True),
            "bod5": _most(4, 6, 10),
            "cod": _most(10, 15, 20),
            "toc": _most(4, 6, 8, sure="ab"),
            "tss": _most(25, 100, sure="a"),
            "do": _oxygen(c_confirmed=True),
            "tp": _most(0.1, 0.3, 0.5),
            "tn": _most(0.6, 1.5, 2.0),
            "coliform": _most(1000, 5000, 7500),
            "fecal_coliform": _most(200, 1000, 1500),
        },
        "lake": {
            "ph": _acidity(confirmed=False),
            "bod5": _most(4, 6, 10, sure="ab"),
            "cod": _most(10, 15, 20, sure="ab"),
            "toc": _most(4, 6, 8, sure="ab"),
            "tss": _most(5, 15, sure="ab"),
            "do": _oxygen(c_confirmed=False),
            "tp": _most(0.1, 0.3, 0.5, sure="ab"),
            "tn": _most(0.6, 1.5, 2.0, sure="ab"),
            "chlorophyll": _most(14, 35, 70, sure="a"),
            "coliform": _most(1000, 5000, 7500, sure="b"),
            "fecal_coliform": _most(200, 1000, 1500, sure="ab"),
        },
    }
)
