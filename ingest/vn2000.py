"""Coordinates of any system to WGS 84, with the legal VN-2000 transformation pinned.

Left to itself PROJ takes EPSG:5194 in the south and EPSG:6960 elsewhere, a step of 0.8 m; Decision 05/2007/QĐ-BTNMT
gives one set of parameters for the whole country, which is EPSG:6960.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pyproj
import shapely

from ingest.readers.base import Geometries
from spatial.errors import WrongCRS

# EPSG code -> central meridian of the 3-degree zones (k 0.9999, false easting 500 000 m).
VN2000_TM3: dict[int, float] = {
    9205: 103, 9206: 104, 9207: 104.5, 9208: 104.75, 5897: 105, 9209: 105.5, 9210: 105.75, 9211: 106, 9212: 106.25,
    9213: 106.5, 9214: 107, 9215: 107.25, 9216: 107.5, 5899: 107.75, 5898: 108, 9217: 108.25, 9218: 108.5, 5896: 102,
}  # fmt: skip
VN2000_UTM: dict[int, float] = {3405: 105, 3406: 111}
GEOGRAPHIC_VN2000 = 4756

# Article 1 of the decision, as EPSG:6960 has it: coordinate frame, metres, arc seconds, parts per million.
LEGAL_SHIFT = (
    "+step +proj=cart +ellps=WGS84 "
    "+step +proj=helmert +x=-191.90441429 +y=-39.30318279 +z=-111.45032835 "
    "+rx=-0.00928836 +ry=0.01975479 +rz=-0.00427372 +s=0.252906278 +convention=coordinate_frame "
    "+step +inv +proj=cart +ellps=WGS84 "
)


def _projection(code: int) -> str | None:
    if code in VN2000_TM3:
        return f"+proj=tmerc +lat_0=0 +lon_0={VN2000_TM3[code]} +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84"
    if code in VN2000_UTM:
        return f"+proj=tmerc +lat_0=0 +lon_0={VN2000_UTM[code]} +k=0.9996 +x_0=500000 +y_0=0 +ellps=WGS84"
    return None


@cache
def transformer(crs: int | str) -> pyproj.Transformer | None:
    """Source coordinates (easting or longitude first) to longitude, latitude; None when there is nothing to do.

    :raises WrongCRS: when the code is not known.
    """
    if crs == 4326:
        return None
    code = crs if isinstance(crs, int) else vn2000_code(pyproj.CRS(crs))
    if code == GEOGRAPHIC_VN2000:
        start = "+step +proj=unitconvert +xy_in=deg +xy_out=rad "
    elif code is not None and (projection := _projection(code)):
        start = f"+step +inv {projection} "
    else:
        return _default(crs)
    return pyproj.Transformer.from_pipeline(
        f"+proj=pipeline {start}+step +proj=push +v_3 {LEGAL_SHIFT}"
        "+step +proj=pop +v_3 +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )


def _default(crs: int | str) -> pyproj.Transformer | None:
    try:
        source = pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError:
        raise WrongCRS(f"There is no coordinate reference system EPSG:{crs}.") from None
    return pyproj.Transformer.from_crs(source, 4326, always_xy=True)


def vn2000_code(crs: pyproj.CRS) -> int | None:
    """EPSG code of a VN-2000 system that was written without one, as programs of surveyors do."""
    datum = crs.geodetic_crs.datum.name if crs.geodetic_crs and crs.geodetic_crs.datum else ""
    if "2000" not in f"{crs.name} {datum}" or "VN" not in f"{crs.name} {datum}".upper():
        return None
    if crs.coordinate_operation is None:
        return GEOGRAPHIC_VN2000
    numbers = {parameter.name: parameter.value for parameter in crs.coordinate_operation.params}
    meridian = numbers.get("Longitude of natural origin")
    wide = abs(numbers.get("Scale factor at natural origin", 0) - 0.9996) < 1e-6
    for code, own in (VN2000_UTM if wide else VN2000_TM3).items():
        if meridian is not None and abs(own - meridian) < 1e-6:
            return code
    return None


def to_wgs84(shapes: Geometries, crs: int | str) -> Geometries:
    """Geometries in EPSG:4326, longitude first. Points that cannot be projected become infinite, then missing.

    :raises WrongCRS: when the reference system is not known.
    """
    work = transformer(crs)
    if work is None:
        return shapes

    def project(points: np.ndarray) -> np.ndarray:
        x, y = work.transform(points[:, 0], points[:, 1])
        return np.column_stack((x, y))

    moved = np.asarray(shapely.transform(shapes, project), dtype=object)
    lost = ~shapely.is_missing(moved) & ~np.isfinite(shapely.bounds(moved)).all(axis=1)
    moved[lost] = None
    return moved
