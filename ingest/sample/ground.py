"""The ground the sample stands on: outline, rivers, towns and hills, in metres of VN-2000 TM-3 at 105° (EPSG:5897)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import CRS, Transformer

from ingest.sample import chance
from ingest.sample.chance import Floats
from ingest.sample.scale import Scale

# EPSG:6960 (Decision 05/2007/QĐ-BTNMT), pinned: PROJ would choose by itself, and choose otherwise farther south.
_TO_WGS84 = (
    "+proj=pipeline +step +inv +proj=tmerc +lat_0=0 +lon_0={lon_0} +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84 "
    "+step +proj=push +v_3 +step +proj=cart +ellps=WGS84 "
    "+step +proj=helmert +x=-191.90441429 +y=-39.30318279 +z=-111.45032835 +rx=-0.00928836 +ry=0.01975479 "
    "+rz=-0.00427372 +s=0.252906278 +convention=coordinate_frame "
    "+step +inv +proj=cart +ellps=WGS84 +step +proj=pop +v_3 +step +proj=unitconvert +xy_in=rad +xy_out=deg"
)
ZONE_105 = CRS.from_epsg(5897)
ZONE_105_5 = CRS.from_epsg(9209)
to_wgs84 = Transformer.from_pipeline(_TO_WGS84.format(lon_0=105))
zone_105_to_105_5 = Transformer.from_crs(ZONE_105, ZONE_105_5, always_xy=True)

# Invented outline and river courses, longitude and latitude.
_OUTLINE = (
    (105.60, 20.27), (105.66, 20.36), (105.71, 20.45), (105.81, 20.49), (105.85, 20.60), (105.97, 20.68),
    (106.10, 20.66), (106.17, 20.57), (106.24, 20.50), (106.38, 20.47), (106.49, 20.38), (106.58, 20.30),
    (106.56, 20.22), (106.48, 20.17), (106.42, 20.08), (106.31, 20.02), (106.20, 19.97), (106.10, 19.91),
    (106.02, 19.93), (105.95, 20.00), (105.86, 20.03), (105.78, 20.12), (105.68, 20.17),
)  # fmt: skip
_SEA = slice(11, 19)  # corners of the outline from the north-eastern mouth to the southern tip
_RIVERS = {
    "Sông Hà": ((106.03, 20.75), (106.06, 20.58), (105.99, 20.44), (106.07, 20.30), (106.04, 20.14), (106.13, 19.85)),
    "Sông Lam": ((105.50, 20.36), (105.72, 20.31), (105.84, 20.37), (105.95, 20.33), (106.09, 20.29)),
    "Sông Thanh": ((105.98, 20.43), (106.15, 20.35), (106.30, 20.33), (106.43, 20.22), (106.66, 20.18)),
}
_TOWNS = ((105.93, 20.52), (106.19, 20.43), (105.92, 20.22))  # one capital in each old province
_HILLS = (105.62, 20.40)
CENTRE = (106.08, 20.29)


@dataclass(frozen=True, slots=True)
class Ground:
    """Outline (before the warp), rivers, towns."""

    outline: shapely.Polygon
    sea: shapely.LineString  # the part of the outline where the land ends
    rivers: dict[str, Floats]
    towns: Floats
    spacing: float  # typical distance of neighbouring communes, m
    size: float  # length scale relative to the full province
    centre: Floats
    hills: Floats

    def province_of(self, points: Floats) -> np.ndarray:
        """0 north-west, 1 east, 2 south-west: the side of the rivers on which each point lies."""
        main, branch = self.rivers["Sông Hà"], self.rivers["Sông Lam"]
        order = np.argsort(main[:, 1])
        east = points[:, 0] > np.interp(points[:, 1], main[order, 1], main[order, 0])
        north = points[:, 1] > np.interp(points[:, 0], branch[:, 0], branch[:, 1])
        return np.where(east, 1, np.where(north, 0, 2))

    def north_of_thanh(self, points: Floats) -> np.ndarray:
        """Which points lie north of Sông Thanh (only asked for the east)."""
        course = self.rivers["Sông Thanh"]
        return np.asarray(points[:, 1] > np.interp(points[:, 0], course[:, 0], course[:, 1]))

    def hilliness(self, points: Floats) -> Floats:
        """0 in the plain to 1 in the western hills."""
        away = np.hypot(points[:, 0] - self.hills[0], points[:, 1] - self.hills[1]) / self.size
        return np.clip(1.25 - away / 24_000, 0, 1)


def lonlat(points: Floats) -> Floats:
    """EPSG:5897 metres to WGS84 longitude and latitude by EPSG:6960, rounded to about a millimetre."""
    lon, lat = to_wgs84.transform(points[:, 0], points[:, 1])
    return np.round(np.column_stack([lon, lat]), 8)


def _metres(points: tuple[tuple[float, float], ...]) -> Floats:
    lon, lat = np.array(points).T
    x, y = to_wgs84.transform(lon, lat, direction="INVERSE")
    return np.column_stack([x, y])


def make_ground(scale: Scale, *, seed: int) -> Ground:
    """The ground, shrunk about its centre to the area of the scale."""
    raw = shapely.Polygon(_metres(_OUTLINE))
    centre = _metres((CENTRE,))[0]
    factor = float(np.sqrt(scale.area_km2 * 1e6 / raw.area))

    def shrink(points: Floats) -> Floats:
        return centre + (points - centre) * factor

    cells = scale.old_communes + scale.split_communes
    spacing = float(np.sqrt(scale.area_km2 * 1e6 / cells))
    width = float(np.sqrt(scale.area_km2 * 1e6))
    corners = shrink(_metres(_OUTLINE))

    def roughen(line: shapely.Geometry) -> shapely.Geometry:
        """Spurs and bays between the corners."""
        return shapely.transform(
            shapely.segmentize(line, spacing / 8),
            lambda xy: warp(xy, seed=seed, name="outline", wavelengths=(0.34 * width, 0.14 * width), strength=0.05),
        )

    return Ground(
        outline=roughen(shapely.Polygon(corners)),
        sea=roughen(shapely.LineString(corners[_SEA])),
        rivers={name: shrink(_metres(course)) for name, course in _RIVERS.items()},
        towns=shrink(_metres(_TOWNS)),
        spacing=spacing,
        size=factor,
        centre=centre,
        hills=shrink(_metres((_HILLS,)))[0],
    )


def warp(points: Floats, *, seed: int, name: str, wavelengths: tuple[float, ...], strength: float) -> Floats:
    """Bend the plane, one wavelength after the other; lines that share points keep sharing them.

    Each step moves a point by less than the step's wavelength over 2 pi, so the map stays one to one and polygons stay
    valid. Equal points get equal results: each distinct point is computed once, then rounded to a millimetre.
    """
    distinct, where = np.unique(np.round(points, 3), axis=0, return_inverse=True)
    rng = chance.stream(seed, name)
    waves = 10
    for wavelength in wavelengths:
        angle = rng.uniform(0, 2 * np.pi, (2, waves))
        length = wavelength * rng.uniform(0.75, 1.35, (2, waves))
        phase = rng.uniform(0, 2 * np.pi, (2, waves))
        moved = np.empty_like(distinct)
        for axis in (0, 1):
            k = 2 * np.pi / length[axis] * np.array([np.cos(angle[axis]), np.sin(angle[axis])])
            noise = np.sin(distinct @ k + phase[axis]).sum(axis=1) / np.sqrt(waves / 2)
            moved[:, axis] = distinct[:, axis] + strength * wavelength * noise
        distinct = moved
    return np.round(distinct, 3)[where.ravel()]
