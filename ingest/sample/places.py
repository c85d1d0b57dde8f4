"""Points where people live."""

from __future__ import annotations

import numpy as np
import shapely

from ingest.sample.boundaries import Land
from ingest.sample.chance import Floats


def settled_points(land: Land, cells: np.ndarray, rng: np.random.Generator, *, spread: float = 0.2) -> Floats:
    """One point (EPSG:5897) inside each of the given cells, crowded about its settlement."""
    points = land.mosaic.points[cells] + rng.normal(0, spread * land.ground.spacing, (len(cells), 2))
    for _ in range(30):
        outside = ~shapely.contains_xy(land.mosaic.cells[cells], points[:, 0], points[:, 1])
        if not outside.any():
            return points
        again = rng.normal(0, spread * land.ground.spacing, (int(outside.sum()), 2))
        points[outside] = land.mosaic.points[cells][outside] + again
    outside = ~shapely.contains_xy(land.mosaic.cells[cells], points[:, 0], points[:, 1])
    points[outside] = shapely.get_coordinates(shapely.point_on_surface(land.mosaic.cells[cells][outside]))
    return points


def populated_cells(land: Land, count: int, rng: np.random.Generator, *, urban: float = 0.0) -> np.ndarray:
    """So many cells, drawn by people; ``urban`` > 0 prefers towns."""
    weight = land.population * (0.15 + land.urban) ** urban
    return rng.choice(len(weight), count, p=weight / weight.sum())


def old_commune_names(land: Land) -> list[str]:
    """Name of the old commune of each cell, under which people still know the place."""
    names = [""] * len(land.mosaic.cells)
    for unit in land.select("commune", old=True):
        for cell in unit.cells:
            names[cell] = unit.name
    return names


def new_commune_names(land: Land) -> list[str]:
    """«Phường Tân An»: today's commune of each cell."""
    names = [""] * len(land.mosaic.cells)
    for unit in land.select("commune", old=False):
        for cell in unit.cells:
            names[cell] = f"{unit.type_vi} {unit.name}"
    return names
