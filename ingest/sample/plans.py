"""Land-use plan zones: a second mosaic over the same land, with gaps where no plan was made."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from ingest.sample import chance
from ingest.sample.boundaries import Land
from ingest.sample.ground import lonlat
from ingest.sample.mosaic import assign, bend, borders

_COVERED = 0.72  # part of the mosaic that has a plan


def write_plan(land: Land, folder: Path) -> Path:
    """land_plan.gpkg in EPSG:4326; zones share edges, do not follow communes and cover most of the land."""
    rng = chance.stream(land.seed, "plan")
    wanted = int(land.scale.plan_zones / _COVERED)
    inside = land.ground.outline.buffer(-0.03 * land.ground.spacing)
    low, high = np.array(inside.bounds[:2]), np.array(inside.bounds[2:])
    points = np.empty((0, 2))
    while len(points) < wanted:
        more = rng.uniform(low, high, (8 * wanted, 2))
        towns = np.min([np.hypot(*(more - town).T) for town in land.ground.towns], axis=0) / land.ground.spacing
        keep = shapely.contains_xy(inside, more[:, 0], more[:, 1]) & (
            rng.random(len(more)) < 0.16 + np.exp(-((towns / 2.5) ** 2))
        )
        points = np.concatenate([points, more[keep]])
    points = points[:wanted]
    faces = assign(borders(points, land.ground, land.scale.border_step), points, land.ground)
    zones = bend(faces, land.seed, land.mosaic.wavelengths, land.mosaic.strength)
    chosen = np.sort(rng.choice(wanted, land.scale.plan_zones, replace=False))
    zones, points = zones[chosen], points[chosen]
    cell = np.argmin(
        np.hypot(points[:, None, 0] - land.mosaic.points[:, 0], points[:, None, 1] - land.mosaic.points[:, 1]), axis=1
    )
    codes = [_code(land, int(c), rng) for c in cell]
    count = len(zones)
    district = rng.integers(1, 4, count)
    frame = gpd.GeoDataFrame(
        {
            "MA_VUNG": [f"QH{n + 1:04d}" for n in range(count)],
            "LOAI_DAT_QH": codes,
            "TEN_QH": "Quy hoạch sử dụng đất 2021-2030 (mẫu tổng hợp)",
            "TU_NGAY": np.where(district == 3, "2024-01-01", "2021-01-01"),
            "DEN_NGAY": "2030-12-31",
            "QUYET_DINH": [f"{100 + int(d)}/QĐ-UBND (mẫu)" for d in district],
        },
        geometry=shapely.transform(zones, lonlat),
        crs="EPSG:4326",
    )
    path = folder / "land_plan.gpkg"
    path.unlink(missing_ok=True)
    frame.to_file(path, driver="GPKG", layer="land_plan", engine="pyogrio", promote_to_multi=True,
                  layer_options={"IDENTIFIER": "Quy hoạch sử dụng đất (mẫu tổng hợp)"})  # fmt: skip
    return path


def _code(land: Land, cell: int, rng: np.random.Generator) -> str:
    urban, hill = float(land.urban[cell]), float(land.hill[cell])
    sea = float(np.exp(-land.coast[cell] / (7_000 * land.ground.size)))
    share = {
        "LUC": 3.2 * (1 - hill) * (1 - urban) * (1 - 0.6 * sea), "CLN": 0.4 + 0.9 * hill, "HNK": 0.35,
        "RSX": 2.2 * max(hill - 0.2, 0), "RPH": 0.9 * max(hill - 0.3, 0) + 0.3 * (sea > 0.6), "NTS": 0.1 + 1.6 * sea,
        "ONT": 0.8 * (1 - urban), "ODT": 4 * urban, "SKK": 0.3 + 0.4 * urban, "SKN": 0.2, "TMD": 0.1 + 1.2 * urban,
        "DGT": 0.15, "DKV": 0.05 + 0.5 * urban, "DGD": 0.05 + 0.3 * urban, "NTD": 0.08,
    }  # fmt: skip
    weight = np.array(list(share.values()))
    return str(rng.choice(list(share), p=weight / weight.sum()))
