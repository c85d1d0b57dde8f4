"""GeoHash of points, whole arrays at once (base 32 of interleaved bits of longitude and latitude, longitude first)."""

from __future__ import annotations

import numpy as np

from ingest.sample.chance import Floats

_LETTERS = np.frombuffer(b"0123456789bcdefghjkmnpqrstuvwxyz", dtype="S1")
LENGTH = 12


def geohash(points: Floats) -> np.ndarray:
    """Twelve characters for each (longitude, latitude) in degrees of WGS84: parcel names of TT 19/2026/TT-BNNMT."""
    half = LENGTH * 5 // 2
    lon = np.clip((points[:, 0] + 180) / 360 * 2**half, 0, 2**half - 1).astype(np.uint64)
    lat = np.clip((points[:, 1] + 90) / 180 * 2**half, 0, 2**half - 1).astype(np.uint64)
    bits = np.zeros(len(points), dtype=np.uint64)
    one = np.uint64(1)
    for n in range(half - 1, -1, -1):
        shift = np.uint64(n)
        bits = (bits << np.uint64(2)) | (((lon >> shift) & one) << one) | ((lat >> shift) & one)
    digits = [(bits >> np.uint64(5 * (LENGTH - 1 - n))) & np.uint64(31) for n in range(LENGTH)]
    letters = _LETTERS[np.column_stack(digits).astype(np.intp)]
    return np.ascontiguousarray(letters).view(f"S{LENGTH}").ravel().astype(str)
