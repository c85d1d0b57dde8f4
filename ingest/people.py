"""People inside polygons, from the newest population grid."""

from __future__ import annotations

import numpy as np
from sqlalchemy import Connection, text

from spatial.analysis.zonal import zonal_statistics
from spatial.settings import data_settings

POPULATION = "population_grid"


def count_people(conn: Connection, geometries: np.ndarray) -> np.ndarray | None:
    """People in each polygon (EPSG:4326); None when no population grid is loaded."""
    row = conn.execute(
        text("SELECT path, crs FROM core.grid WHERE layer_id = :layer ORDER BY time DESC LIMIT 1"),
        {"layer": POPULATION},
    ).one_or_none()
    if row is None or not len(geometries):
        return None
    result = zonal_statistics([data_settings().raster(row.path)], geometries, crs=row.crs, how="sum")
    return np.nan_to_num(result.value[:, 0])
