"""Blocks of parcels: villages with small lots along lanes, and the fields about them.

Every old commune has its own frame (a direction and a size of block). Blocks are laid in that frame about the hamlets,
and bent afterwards together with everything in them, so that lanes wind and no two blocks overlap.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from ingest.sample import chance
from ingest.sample.boundaries import Land, Unit
from ingest.sample.chance import Floats

LANE = 8.0  # metres between blocks
SHEET = 4  # blocks of a map sheet in each direction
KINDS = ("village", "rice", "crops", "garden", "ponds", "salt", "forest", "industry")
WIDTH = np.array([8.0, 15.0, 16.0, 24.0, 42.0, 30.0, 62.0, 66.0])  # typical width of a parcel, m
ROWS = np.array([4, 2, 2, 2, 2, 2, 2, 2])  # rows of parcels in a block
_MARGIN = 85.0  # metres that bending may move a block


@dataclass(frozen=True, slots=True)
class Blocks:
    """Rectangles in the frame of their commune; arrays run along the blocks, in order of distance to the hamlets."""

    commune: np.ndarray  # index into the old communes of the call
    centre: Floats  # origin of the frame, EPSG:5897
    angle: Floats
    column: np.ndarray  # position in the grid of blocks
    row: np.ndarray
    length: Floats  # along the rows of parcels, m
    height: Floats
    kind: np.ndarray  # index into KINDS

    @property
    def corner(self) -> Floats:
        """Lower left corner in the frame."""
        return np.column_stack([self.column * (self.length + LANE), self.row * (self.height + LANE)])

    def placed(self, index: np.ndarray, local: Floats) -> Floats:
        """Points of the frame (of block ``index``) in EPSG:5897, before bending."""
        cos, sin = np.cos(self.angle[index]), np.sin(self.angle[index])
        x = local[:, 0] * cos - local[:, 1] * sin
        y = local[:, 0] * sin + local[:, 1] * cos
        return self.centre[index] + np.column_stack([x, y])


def make_blocks(land: Land, communes: list[Unit], quotas: np.ndarray) -> Blocks:
    """Enough blocks for the wanted number of parcels in each commune (fewer where the commune is too small)."""
    parts = [
        _commune_blocks(land, unit, n, int(quota)) for n, (unit, quota) in enumerate(zip(communes, quotas, strict=True))
    ]
    return Blocks(*(np.concatenate([getattr(part, name) for part in parts]) for name in Blocks.__slots__))


def _commune_blocks(land: Land, unit: Unit, number: int, quota: int) -> Blocks:
    rng = chance.stream(land.seed, f"blocks {unit.code}")
    cell = max(unit.cells, key=lambda c: int(land.population[c]))
    home = land.mosaic.points[cell]
    angle, length, height = rng.uniform(0, np.pi), rng.uniform(105, 165), rng.uniform(88, 128)
    inside = unit.geometry.buffer(-_MARGIN)
    hamlets = [np.zeros(2)]
    reach = 0.33 * np.sqrt(unit.area_km2 * 1e6)
    for _ in range(int(np.clip(quota / 260, 1, 9))):
        hamlets.append(rng.normal(0, reach, 2))
    count = int(quota / 17) + 30  # blocks to choose from
    half = int(np.ceil(np.sqrt(count) * 0.9)) + 2
    local = []
    for hamlet in hamlets:
        at = np.round(hamlet / [length + LANE, height + LANE]).astype(int)
        grid = np.stack(np.meshgrid(np.arange(-half, half + 1), np.arange(-half, half + 1)), axis=-1).reshape(-1, 2)
        local.append(grid + at)
    places = np.unique(np.concatenate(local), axis=0)
    corner = places * [length + LANE, height + LANE]
    turned = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    fits = np.ones(len(places), dtype=bool)
    for du, dv in ((0, 0), (1, 0), (0, 1), (1, 1)):
        point = home + (corner + np.array([du * length, dv * height])) @ turned
        fits &= shapely.contains_xy(inside, point[:, 0], point[:, 1])
    places, corner = places[fits], corner[fits]
    middle = corner + np.array([length / 2, height / 2])
    away = np.min([np.hypot(*(middle - hamlet).T) for hamlet in hamlets], axis=0) + rng.gamma(1.2, 45, len(middle))
    order = np.argsort(away, kind="stable")
    kind = _kinds(land, cell, len(order), quota, rng)
    each = ROWS[kind] * length / WIDTH[kind] + 2  # parcels, two lanes with them
    # A tenth of the blocks stays empty: water, churches, what was never measured.
    used = (rng.random(len(order)) > 0.1) | (kind == 0)
    enough = int(np.searchsorted(np.cumsum(each * used), 1.05 * quota + 12)) + 1
    chosen = np.flatnonzero(used[:enough])
    places = places[order[chosen]]
    total = len(chosen)
    return Blocks(
        commune=np.full(total, number), centre=np.tile(home, (total, 1)), angle=np.full(total, angle),
        column=places[:, 0], row=places[:, 1], length=np.full(total, length), height=np.full(total, height),
        kind=kind[chosen],
    )  # fmt: skip


def _kinds(land: Land, cell: int, count: int, quota: int, rng: np.random.Generator) -> np.ndarray:
    """Kind of each block in order of distance: the village first, then what the landscape gives."""
    urban, hill, sea = land.urban[cell], land.hill[cell], float(np.exp(-land.coast[cell] / (6_000 * land.ground.size)))
    share = np.array([
        0.0, (1 - hill) * (1 - 0.7 * sea) * (1 - 0.6 * urban), 0.12, 0.08 + 0.25 * hill, 0.03 + 0.8 * sea,
        0.12 * (sea > 0.6), 0.9 * max(0.0, hill - 0.15), 0.03 + 0.2 * urban,
    ])  # fmt: skip
    fields = rng.choice(len(KINDS), count, p=share / share.sum())
    # Neighbouring blocks are alike: keep the kind of the block before, mostly.
    same = rng.random(count) < 0.6
    source = np.maximum.accumulate(np.where(same, 0, np.arange(count)))
    fields = fields[source]
    lots = ROWS[0] * 135 / WIDTH[0]  # in one block of the village
    core = max(1.0, (0.4 + 0.45 * urban) * quota / lots)
    village = rng.random(count) < np.where(np.arange(count) < core, 0.95, 0.03 + 0.3 * urban)
    return np.where(village, 0, fields)
