"""VN-2000 and WGS 84, with the one legal transformation.

Decision 05/2007/QĐ-BTNMT, article 1, gives one set of seven parameters for the whole country; EPSG lists it as
operation 6960. Left to itself PROJ takes EPSG:5194 for points in the south, a silent step of 0.8 m, so every transform
here is an explicit pipeline. Coordinates are always easting or longitude first.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from spatial.admin_units import REFORM
from spatial.errors import WrongCRS

WGS84 = 4326
VN2000 = 4756  # geographic

# Central meridian (degrees east) by EPSG code; k 0.9999 in 3-degree zones, 0.9996 in 6-degree ones (973/2001/TT-TCĐC).
TM3: dict[int, float] = {
    5896: 102, 9205: 103, 9206: 104, 9207: 104.5, 9208: 104.75, 5897: 105, 9209: 105.5, 9210: 105.75, 9211: 106,
    9212: 106.25, 9213: 106.5, 9214: 107, 9215: 107.25, 9216: 107.5, 5899: 107.75, 5898: 108, 9217: 108.25, 9218: 108.5,
}  # fmt: skip
UTM: dict[int, float] = {3405: 105, 3406: 111}

# False easting and northing are swapped in these deprecated codes.
BROKEN = {6956: 5896, 6957: 5897, 6958: 5898, 6959: 5899}

# Meridian codes of the 34 provinces (Circular 24/2025/TT-BNNMT; its scope is the administrative map) and of the 63
# before (EPSG areas of use). A merged province's older files keep the zones of its predecessors.
PROVINCES_NOW: dict[int, str] = {
    9205: "11", 9206: "14", 9207: "96", 9208: "12 15 25 40 91", 5897: "01 37 38 82 92", 9209: "33 42 86",
    9210: "04 31 79 80", 9211: "08 44", 9213: "19", 9214: "24 46", 9215: "20", 5899: "22 48 68 75", 5898: "51",
    9217: "52 56", 9218: "66",
}  # fmt: skip
PROVINCES_BEFORE: dict[int, str] = {
    9205: "11 12", 9206: "14", 9207: "91 96", 9208: "10 15 25 40 89", 5897: "01 26 35 37 38 87 92 93 95",
    9209: "02 27 30 33 34 36 42 72 84 86 94", 9210: "04 31 74 79 80 82 83", 9211: "08 17 44", 9212: "45 70",
    9213: "06 19", 9214: "24 46", 9215: "20", 9216: "62", 5899: "22 48 49 68 75 77", 5898: "51", 9217: "52 56 58",
    9218: "54 60 64 66 67",
}  # fmt: skip

# Coordinate frame convention; metres, arc seconds, parts per million. Heights are Hon Dau and must stay as they are.
_LEGAL = (
    "+step +proj=push +v_3 +step +proj=cart +ellps=WGS84 "
    "+step +proj=helmert +x=-191.90441429 +y=-39.30318279 +z=-111.45032835 "
    "+rx=-0.00928836 +ry=0.01975479 +rz=-0.00427372 +s=0.252906278 +convention=coordinate_frame "
    "+step +inv +proj=cart +ellps=WGS84 +step +proj=pop +v_3 "
)


def is_vn2000(epsg: int) -> bool:
    """True for the geographic system and the 3- and 6-degree zones."""
    return epsg == VN2000 or epsg in TM3 or epsg in UTM


def is_geographic(epsg: int) -> bool:
    """True when coordinates are degrees of longitude and latitude.

    :raises WrongCRS: when the code is unknown or deprecated.
    """
    check(epsg)
    try:
        return CRS.from_epsg(epsg).is_geographic
    except CRSError:
        raise WrongCRS(f"There is no coordinate reference system EPSG:{epsg}.") from None


def central_meridian(epsg: int) -> float:
    """Degrees east of a VN-2000 zone.

    :raises WrongCRS: when the code is not a VN-2000 zone.
    """
    check(epsg)
    try:
        return (TM3 | UTM)[epsg]
    except KeyError:
        raise WrongCRS(f"EPSG:{epsg} is not a projected VN-2000 system.") from None


def check(epsg: int) -> None:
    """:raises WrongCRS: for the deprecated codes whose easting and northing are swapped."""
    if epsg in BROKEN:
        raise WrongCRS(
            f"EPSG:{epsg} is deprecated: its false easting and northing are swapped. Use EPSG:{BROKEN[epsg]}."
        )


def province_zone(code: str, *, as_of: date) -> int | None:
    """EPSG code of the 3-degree zone of a province in force on a day; None for a code the tables do not have."""
    table = PROVINCES_NOW if as_of >= REFORM else PROVINCES_BEFORE
    return next((epsg for epsg, codes in table.items() if code in codes.split()), None)


def _to_geographic(epsg: int) -> str:
    if epsg == VN2000:
        return "+step +proj=unitconvert +xy_in=deg +xy_out=rad "
    scale = "0.9999" if epsg in TM3 else "0.9996"
    return (
        f"+step +inv +proj=tmerc +lat_0=0 +lon_0={central_meridian(epsg)} +k={scale} +x_0=500000 +y_0=0 +ellps=WGS84 "
    )


@cache
def to_wgs84(epsg: int) -> Transformer:
    """From an EPSG code to longitude, latitude (WGS 84); call its ``transform(x, y)`` with arrays.

    :raises WrongCRS: when the code is unknown or deprecated.
    """
    check(epsg)
    if is_vn2000(epsg):
        return Transformer.from_pipeline(
            f"+proj=pipeline {_to_geographic(epsg)}{_LEGAL}+step +proj=unitconvert +xy_in=rad +xy_out=deg"
        )
    try:
        return Transformer.from_crs(CRS.from_epsg(epsg), WGS84, always_xy=True)
    except CRSError:
        raise WrongCRS(f"There is no coordinate reference system EPSG:{epsg}.") from None


def transform(x: np.ndarray, y: np.ndarray, *, source: int, target: int) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates from one EPSG code to another by way of WGS 84; what cannot be projected becomes infinite.

    :raises WrongCRS: when a code is unknown or deprecated.
    """
    if source == target:
        return np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    lon, lat = (x, y) if source == WGS84 else to_wgs84(source).transform(x, y)
    if target == WGS84:
        return np.asarray(lon), np.asarray(lat)
    east, north = to_wgs84(target).transform(lon, lat, direction="INVERSE")
    return np.asarray(east), np.asarray(north)


def project(geometries: np.ndarray, *, source: int, target: int) -> np.ndarray:
    """Shapely geometries from one EPSG code to another.

    :raises WrongCRS: when a code is unknown or deprecated.
    """
    return shapely.transform(geometries, lambda x, y: transform(x, y, source=source, target=target), interleaved=False)


def fitting_meridians(
    x: np.ndarray, y: np.ndarray, province: shapely.Geometry, *, share: float = 0.9
) -> list[tuple[int, bool]]:
    """Zones in which at least ``share`` of the points lie inside the province: (EPSG code, axes swapped), best first.

    Vietnamese tables write X for the northing, so both orders are tried. The 3- and the 6-degree zone of one meridian
    differ by hundreds of metres only: when both fit, both are listed and somebody has to decide.
    """
    shapely.prepare(province)
    found: list[tuple[float, int, bool]] = []
    for epsg in (*TM3, *UTM, VN2000, WGS84):
        for swapped in (False, True):
            east, north = (y, x) if swapped else (x, y)
            lon, lat = transform(np.asarray(east), np.asarray(north), source=epsg, target=WGS84)
            inside = shapely.intersects_xy(province, np.nan_to_num(lon, posinf=999), np.nan_to_num(lat, posinf=999))
            part = float(np.mean(inside)) if len(inside) else 0.0
            if part >= share:
                found.append((part, epsg, swapped))
    return [(epsg, swapped) for _, epsg, swapped in sorted(found, key=lambda item: -item[0])]
