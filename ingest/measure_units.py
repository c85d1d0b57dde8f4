"""Units as instruments write them, and factors to the unit a parameter is kept in."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from ingest.headers import fold_header

# Every way of writing -> one way.
_SPELLINGS = {
    "µg/m³": ("ug/m3", "µg/m3", "ug/m³", "microgram/m3"),
    "mg/m³": ("mg/m3",),
    "mg/L": ("mg/l",),
    "µg/L": ("ug/l", "µg/l"),
    "°C": ("oc", "c", "degc", "°c", "celsius"),
    "%": ("%", "percent"),
    "m/s": ("m/s",),
    "km/h": ("km/h",),
    "°": ("°", "degree", "deg", "degrees"),
    "hPa": ("hpa", "mbar", "mb"),
    "kPa": ("kpa",),
    "mmHg": ("mmhg",),
    "mm": ("mm",),
    "W/m²": ("w/m2",),
    "ppb": ("ppb",),
    "ppm": ("ppm",),
    "m³/h": ("m3/h",),
    "m³/s": ("m3/s",),
    "‰": ("‰", "ppt", "psu"),
    "µS/cm": ("us/cm", "µs/cm"),
    "NTU": ("ntu",),
}
CANONICAL: Mapping[str, str] = {text: unit for unit, texts in _SPELLINGS.items() for text in (unit.lower(), *texts)}
# (written, kept) -> factor.
FACTORS: Mapping[tuple[str, str], float] = {
    ("mg/m³", "µg/m³"): 1000.0,
    ("µg/m³", "mg/m³"): 0.001,
    ("µg/L", "mg/L"): 0.001,
    ("mg/L", "µg/L"): 1000.0,
    ("km/h", "m/s"): 1 / 3.6,
    ("kPa", "hPa"): 10.0,
    ("mmHg", "hPa"): 1.33322387,
}
# µg/m³ in 1 ppb at 25 °C and 760 mmHg: molar mass / 24.465 L/mol.
PPB: Mapping[str, float] = {
    "o3": 1.9619, "no2": 1.8805, "so2": 2.6186, "co": 1.1449, "no": 1.2265, "nh3": 0.6961, "h2s": 1.3931,
    "benzene": 3.1929,
}  # fmt: skip
_SUPERSCRIPTS = str.maketrans({"³": "3", "²": "2", "μ": "µ"})


def canonical_unit(text: str) -> str | None:
    """The one way of writing a unit; None for one that is not known."""
    plain = unicodedata.normalize("NFC", text).strip().translate(_SUPERSCRIPTS).replace(" ", "").casefold()
    return CANONICAL.get(plain) or CANONICAL.get(plain.replace("μ", "µ")) or CANONICAL.get(text.strip().casefold())


def factor_between(written: str | None, kept: str, parameter: str) -> float | None:
    """By what a number is multiplied to be in the unit the parameter is kept in; None when nobody can say.

    A line without unit is taken as it is (pH has none; «no unit» is legal).
    """
    if written is None or not written.strip() or fold_header(written) == fold_header(kept):
        return 1.0
    have, want = canonical_unit(written), canonical_unit(kept)
    if have is None or want is None:
        return None
    if have == want:
        return 1.0
    if want == "µg/m³" and have in ("ppb", "ppm") and parameter in PPB:
        return PPB[parameter] * (1000 if have == "ppm" else 1)
    return FACTORS.get((have, want))
