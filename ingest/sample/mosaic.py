"""A mosaic of irregular cells that covers the ground exactly: neighbours share every vertex of their border."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import Voronoi, cKDTree

from ingest.sample import chance
from ingest.sample.chance import Floats
from ingest.sample.ground import Ground, warp
from ingest.sample.scale import Scale


@dataclass(frozen=True, slots=True)
class Mosaic:
    """Cells (EPSG:5897), the point each grew from, who borders on whom, and how strongly the plane was bent."""

    cells: np.ndarray  # of shapely polygons
    points: Floats
    neighbours: list[list[int]]
    wavelengths: tuple[float, ...]
    strength: float


def make_mosaic(ground: Ground, scale: Scale, *, seed: int) -> Mosaic:
    """As many cells as the scale has old communes and parts of split ones."""
    rng = chance.stream(seed, "mosaic")
    count = scale.old_communes + scale.split_communes
    while True:
        points = _scatter(ground, count, rng, along_rivers=scale.name == "full")
        each = np.bincount(ground.province_of(points), minlength=3)
        if (each > np.array(scale.districts)).all():  # few cells may leave a province too small for its districts
            break
    lines = borders(points, ground, scale.border_step)
    faces = assign(lines, points, ground)
    neighbours = _neighbours(faces)
    coarse = ground.spacing
    wavelengths = (6 * coarse, 2.4 * coarse, 0.9 * coarse, 0.35 * coarse, 0.14 * coarse)
    strength = 0.055
    while True:  # a fold is rare; a little less bending removes it
        cells = bend(faces, seed, wavelengths, strength)
        if shapely.is_valid(cells).all() and shapely.coverage_is_valid(cells):
            return Mosaic(cells, points, neighbours, wavelengths, strength)
        strength *= 0.85


def bend(faces: np.ndarray, seed: int, wavelengths: tuple[float, ...], strength: float) -> np.ndarray:
    """The faces after the warp that makes borders look grown."""
    return np.asarray(
        shapely.transform(
            faces, lambda xy: warp(xy, seed=seed, name="borders", wavelengths=wavelengths, strength=strength)
        )
    )


def _scatter(ground: Ground, count: int, rng: np.random.Generator, *, along_rivers: bool) -> Floats:
    """Points in the outline: pairs on both banks of the rivers, closer together near towns."""
    points: list[tuple[float, float]] = []
    inside = ground.outline.buffer(-0.12 * ground.spacing)
    if along_rivers:
        for course in ground.rivers.values():
            line = shapely.LineString(course)
            step = 0.95 * ground.spacing
            for at in np.arange(0.3 * step, line.length, step):
                a, b = line.interpolate(at - 50), line.interpolate(at + 50)
                along = np.array([b.x - a.x, b.y - a.y]) / max(a.distance(b), 1)
                aside = np.array([-along[1], along[0]]) * 0.42 * ground.spacing
                middle = np.array([a.x + b.x, a.y + b.y]) / 2 + along * rng.normal(0, 0.05 * ground.spacing)
                pair = [middle + aside, middle - aside]
                near = [p for p in pair for q in points if np.hypot(*(p - q)) < 0.5 * ground.spacing]
                if not near and all(inside.contains(shapely.Point(p)) for p in pair):
                    points += [tuple(p) for p in pair]
    courses = shapely.union_all([shapely.LineString(course) for course in ground.rivers.values()])
    low = np.array(inside.bounds[:2])
    high = np.array(inside.bounds[2:])
    distance = 0.86
    while len(points) < count:
        candidates = rng.uniform(low, high, (400, 2))
        candidates = candidates[shapely.contains_xy(inside, candidates)]
        if along_rivers:
            candidates = candidates[shapely.distance(courses, shapely.points(candidates)) > 0.62 * ground.spacing]
        for candidate in candidates:
            town = np.hypot(*(ground.towns - candidate).T).min() / ground.spacing
            hill = ground.hilliness(candidate[None])[0]
            keep = distance * ground.spacing * (0.5 + 0.5 * min(town / 3.5, 1)) * (1 + 0.5 * hill)
            if not points or np.hypot(*(np.array(points) - candidate).T).min() > keep:
                points.append(tuple(candidate))
            if len(points) == count:
                break
        distance *= 0.985
    return np.array(points)


def borders(points: Floats, ground: Ground, step: float) -> shapely.MultiLineString:
    """Borders of the Voronoi cells and the outline, noded, with a vertex at least every ``step`` metres."""
    span = 10 * np.ptp(points, axis=0).max()
    corners = ground.centre + span * np.array([[1, 0.1], [-1, 0.2], [0.1, 1], [-0.2, -1]])
    diagram = Voronoi(np.vstack([points, corners]))
    ridges = [diagram.vertices[pair] for pair in diagram.ridge_vertices if -1 not in pair]
    lines = shapely.intersection(shapely.linestrings(np.array(ridges)), ground.outline.buffer(ground.spacing))
    noded = shapely.union_all(np.append(lines[~shapely.is_empty(lines)], ground.outline.exterior))  # nodes crossings
    return shapely.segmentize(noded, step)


def assign(lines: shapely.MultiLineString, points: Floats, ground: Ground) -> np.ndarray:
    """One polygon per point; a piece that the outline cut off joins the neighbour with the longest common border."""
    pieces = shapely.get_parts(shapely.polygonize([lines]))
    inner = shapely.get_coordinates(shapely.point_on_surface(pieces))
    keep = shapely.contains_xy(ground.outline, inner)
    pieces, inner = pieces[keep], inner[keep]
    owner = cKDTree(points).query(inner)[1]
    area = shapely.area(pieces)
    for index in range(len(points)):
        own = np.flatnonzero(owner == index)
        for orphan in own[np.argsort(-area[own])][1:]:
            border = shapely.length(shapely.intersection(pieces[orphan].boundary, shapely.boundary(pieces)))
            border[owner == index] = 0
            owner[orphan] = owner[int(np.argmax(border))]
    return np.array([shapely.union_all(pieces[owner == index]) for index in range(len(points))])


def _neighbours(cells: np.ndarray) -> list[list[int]]:
    tree = shapely.STRtree(cells)
    left, right = tree.query(cells, predicate="touches")
    shared = shapely.length(shapely.intersection(shapely.boundary(cells[left]), shapely.boundary(cells[right])))
    result: list[list[int]] = [[] for _ in cells]
    for a, b, length in zip(left, right, shared, strict=True):
        if a != b and length > 1:
            result[int(a)].append(int(b))
    return result


def grow(
    mosaic: Mosaic, members: np.ndarray, starts: list[int], weight: Floats, limit: float | None = None
) -> np.ndarray:
    """Share the members out among regions that grow from the starts, always to the nearest free neighbour.

    Regions are in one piece where the members are. ``weight`` counts against a region's size, so that regions stay
    alike; the result is the region number for each member, -1 for others.
    """
    region = np.full(len(mosaic.cells), -1)
    allowed = set(members.tolist())
    load = np.zeros(len(starts))
    queue: list[tuple[float, int, int]] = [(0.0, start, number) for number, start in enumerate(starts)]
    heapq.heapify(queue)
    while queue:
        _, cell, number = heapq.heappop(queue)
        if region[cell] >= 0:
            continue
        region[cell] = number
        load[number] += weight[cell]
        for other in mosaic.neighbours[cell]:
            if other in allowed and region[other] < 0:
                away = float(np.hypot(*(mosaic.points[other] - mosaic.points[starts[number]])))
                full = 1 + (load[number] / limit) ** 2 if limit else 1
                heapq.heappush(queue, (away * full, other, number))
    for cell in members:  # an island of the mosaic that no region reached
        if region[cell] < 0:
            near = np.hypot(*(mosaic.points[starts] - mosaic.points[cell]).T)
            region[cell] = int(np.argmin(near))
    return region


def spread(points: Floats, members: np.ndarray, count: int, rng: np.random.Generator, rounds: int = 6) -> list[int]:
    """So many members, evenly spread (farthest first, then moved to the middle of their neighbourhood)."""
    chosen = [int(rng.choice(members))]
    while len(chosen) < count:
        away = cKDTree(points[chosen]).query(points[members])[0]
        away[np.isin(members, chosen)] = -1
        chosen.append(int(members[int(np.argmax(away))]))
    for _ in range(rounds):
        nearest = cKDTree(points[chosen]).query(points[members])[1]
        moved = []
        for number in range(count):
            own = members[nearest == number]
            middle = points[own].mean(axis=0)
            moved.append(int(own[int(np.argmin(np.hypot(*(points[own] - middle).T)))]))
        if len(set(moved)) < count:
            break
        chosen = moved
    return chosen
