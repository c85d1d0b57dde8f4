"""What became of units at a reform: overlay of old and new boundaries, and shares of area and people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import Transformer

from spatial.admin_units import WHOLE, Link, Method

# A piece is a trace of two drawings of one border, not a part that changed hands, when it is thin and small for both
# units: (mean width in metres, part of the unit). Published provinces and communes differ by up to 500 m at borders.
SLIVERS = ((np.inf, 0.001), (1000.0, 0.02), (150.0, 0.05))
# Less of a unit's ground known from the other side is a hole in the data, not a coast drawn differently.
COVERED = 0.9

# Equal-area, in metres; true to scale at the middle latitude of Viet Nam.
_EQUAL_AREA = Transformer.from_crs("EPSG:4326", "+proj=cea +lat_ts=16 +datum=WGS84 +units=m", always_xy=True)


@dataclass(frozen=True)
class Pieces:
    """Parts common to a predecessor and a successor; indices point into the arrays the overlay was given."""

    predecessor: np.ndarray
    successor: np.ndarray
    area: np.ndarray  # m2
    geometry: np.ndarray  # EPSG:4326

    def take(self, index: np.ndarray) -> Pieces:
        """Some of the pieces."""
        return Pieces(self.predecessor[index], self.successor[index], self.area[index], self.geometry[index])


def to_equal_area(geometries: np.ndarray) -> np.ndarray:
    """EPSG:4326 to a plane in which areas are true (m2)."""
    return shapely.transform(geometries, lambda x, y: _EQUAL_AREA.transform(x, y), interleaved=False)


def overlay(old: np.ndarray, new: np.ndarray) -> Pieces:
    """Cut old units by new ones (polygons, EPSG:4326) and leave out slivers."""
    old, new = _valid(old), _valid(new)
    at_new, at_old = shapely.STRtree(old).query(new, predicate="intersects")
    geometry = _areas(shapely.intersection(old[at_old], new[at_new]))
    plane = to_equal_area(geometry)
    area = shapely.area(plane)
    pieces = Pieces(at_old, at_new, area, geometry)
    of_old = area / unit_areas(old)[at_old]
    of_new = area / unit_areas(new)[at_new]
    return pieces.take(_real_parts(area, shapely.length(plane), np.maximum(of_old, of_new)))


def unit_areas(geometries: np.ndarray) -> np.ndarray:
    """Areas of polygons in EPSG:4326, m2."""
    return shapely.area(to_equal_area(geometries))


def _real_parts(area: np.ndarray, length: np.ndarray, larger_share: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        width = np.where(length > 0, 2 * area / length, 0.0)
    sliver = np.zeros(len(area), dtype=bool)
    for metres, share in SLIVERS:
        sliver |= (width < metres) & (larger_share < share)
    return np.flatnonzero((area > 0) & ~sliver)


def _valid(geometries: np.ndarray) -> np.ndarray:
    return np.where(shapely.is_valid(geometries), geometries, shapely.make_valid(geometries))


def _areas(geometries: np.ndarray) -> np.ndarray:
    """Only the polygons: where borders run side by side, an intersection has lines and points as well."""
    mixed = np.flatnonzero(shapely.get_type_id(geometries) == shapely.GeometryType.GEOMETRYCOLLECTION)
    for at in mixed:
        parts = shapely.get_parts(shapely.get_parts(geometries[at]))
        geometries[at] = shapely.multipolygons(parts[shapely.get_dimensions(parts) == 2])
    return geometries


def _share(amount: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    total = np.bincount(group, weights=amount, minlength=groups)[group]
    return np.divide(amount, total, out=np.zeros_like(amount), where=total > 0)


def _known(area: np.ndarray, group: np.ndarray, whole: list[float]) -> np.ndarray:
    """Part of each unit that is known from the other side, by piece; 1 when it is as good as all."""
    part = np.bincount(group, weights=area, minlength=len(whole)) / np.array(whole)
    return np.where(part >= COVERED, 1.0, part)[group]


def _people_share(people: np.ndarray, area: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    total = np.bincount(group, weights=people, minlength=groups)[group]
    return np.where(total > 0, _share(people, group, groups), _share(area, group, groups))


def spread_people(pieces: Pieces, population: np.ndarray) -> np.ndarray:
    """People of each piece when only the predecessors' totals are known: as many per square metre everywhere.

    A predecessor without a total gets the average density of the others.
    """
    area = np.bincount(pieces.predecessor, weights=pieces.area, minlength=len(population))
    known = np.isfinite(population) & (area > 0)
    average = population[known].sum() / area[known].sum() if known.any() else 1.0
    density = np.divide(population, area, out=np.full(len(population), average), where=known)
    return pieces.area * density[pieces.predecessor]


def build_links(
    predecessor: np.ndarray,
    successor: np.ndarray,
    area: np.ndarray,
    people: np.ndarray,
    *,
    counted: bool,
    whole: Mapping[int, float],
) -> list[Link]:
    """Links from amounts per (predecessor id, successor id); pairs may repeat and are added up.

    ``whole``: area (m2) of the units by id. Shares of a unit add up to one, but where less than COVERED of its ground
    is known from the other side (a neighbour's data are missing) they add up to what is known.
    ``counted``: people come from a population grid (method by_people), not from areas (by_area). A predecessor that
    went whole to one successor is ``exact``.
    """
    if not len(predecessor):
        return []
    pairs, at = np.unique(np.column_stack([predecessor, successor]), axis=0, return_inverse=True)
    at = at.reshape(-1)
    area = np.bincount(at, weights=area)
    people = np.bincount(at, weights=people)
    olds, old = np.unique(pairs[:, 0], return_inverse=True)
    news, new = np.unique(pairs[:, 1], return_inverse=True)
    known_old = _known(area, old, [whole[int(unit_id)] for unit_id in olds])
    known_new = _known(area, new, [whole[int(unit_id)] for unit_id in news])
    shares = np.column_stack([
        _share(area, old, len(olds)) * known_old, _people_share(people, area, old, len(olds)) * known_old,
        _share(area, new, len(news)) * known_new, _people_share(people, area, new, len(news)) * known_new,
    ])  # fmt: skip
    measured: Method = "by_people" if counted else "by_area"
    return [
        Link(
            predecessor_id=int(pair[0]),
            successor_id=int(pair[1]),
            area_share=float(share[0]),
            people_share=float(share[1]),
            successor_area_share=float(share[2]),
            successor_people_share=float(share[3]),
            method="exact" if share[0] >= WHOLE else measured,
        )
        for pair, share in zip(pairs, shares, strict=True)
    ]
