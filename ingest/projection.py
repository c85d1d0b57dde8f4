"""Coordinates of a file to WGS 84, also when the file names its system in words instead of a code."""

from __future__ import annotations

import numpy as np
import shapely
from pyproj import CRS, Transformer

from ingest.readers.base import Geometries
from spatial.crs import TM3, UTM, VN2000, WGS84, project


def vn2000_code(crs: CRS) -> int | None:
    """EPSG code of a VN-2000 system that was written without one, as programs of surveyors do; None for others."""
    datum = crs.geodetic_crs.datum.name if crs.geodetic_crs and crs.geodetic_crs.datum else ""
    words = f"{crs.name} {datum}".upper()
    if "VN" not in words or "2000" not in words:
        return None
    if crs.coordinate_operation is None:
        return VN2000
    numbers = {parameter.name: float(parameter.value) for parameter in crs.coordinate_operation.params}
    meridian = numbers.get("Longitude of natural origin")
    wide = abs(numbers.get("Scale factor at natural origin", 0) - 0.9996) < 1e-6
    for code, own in (UTM if wide else TM3).items():
        if meridian is not None and abs(own - meridian) < 1e-6:
            return code
    return None


def to_wgs84(shapes: Geometries, crs: int | str) -> Geometries:
    """Geometries in EPSG:4326, longitude first; what cannot be projected becomes missing.

    :raises WrongCRS: when the code is unknown or deprecated.
    """
    code = crs if isinstance(crs, int) else vn2000_code(CRS(crs))
    if code == WGS84:
        return shapes
    if code is not None:
        moved = np.asarray(project(shapes, source=code, target=WGS84), dtype=object)
    else:
        own = Transformer.from_crs(CRS(crs), WGS84, always_xy=True)
        moved = np.asarray(shapely.transform(shapes, own.transform, interleaved=False), dtype=object)
    lost = ~shapely.is_missing(moved) & ~np.isfinite(shapely.bounds(moved)).all(axis=1)
    moved[lost] = None
    return moved
