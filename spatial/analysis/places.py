"""Distances over a province, where the earth may be taken for a plane."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

type Array = NDArray[np.float64]

KM_PER_DEGREE = 111.195  # of a great circle, earth of 6371.0088 km


def distances_km(one: Array, other: Array) -> Array:
    """Distances (n, m) in km between (n, 2) and (m, 2) longitudes and latitudes in degrees.

    Equirectangular at the mean latitude of ``other``: within 0.2 % over 300 km at the latitudes of Việt Nam.
    """
    shrink = np.cos(np.radians(other[:, 1].mean())) if len(other) else 1.0
    east = (one[:, None, 0] - other[None, :, 0]) * shrink
    north = one[:, None, 1] - other[None, :, 1]
    return np.asarray(np.hypot(east, north) * KM_PER_DEGREE, dtype=float)
