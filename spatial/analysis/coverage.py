"""Generalised boundaries for maps: neighbours keep one common border."""

from __future__ import annotations

import numpy as np
import shapely

TOLERANCE_DEGREES = 0.0007  # about 75 m: below one pixel of a province at the screen's width


def generalise(geometries: np.ndarray, tolerance: float = TOLERANCE_DEGREES) -> np.ndarray:
    """Simplify polygons (EPSG:4326) as one coverage, so that no gap opens between neighbours.

    Where the drawing is not a clean coverage the border of the two units concerned is simplified for each alone; a
    unit that would vanish or become invalid keeps its own shape, simplified alone or not at all.
    """
    if not len(geometries):
        return geometries
    simple = shapely.coverage_simplify(geometries, tolerance)
    broken = ~shapely.is_valid(simple) | shapely.is_empty(simple)
    if broken.any():
        alone = shapely.simplify(geometries[broken], tolerance, preserve_topology=True)
        usable = shapely.is_valid(alone) & ~shapely.is_empty(alone)
        simple[broken] = np.where(usable, alone, geometries[broken])
    return simple
