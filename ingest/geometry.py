"""Geometry of a batch: read, put on WGS 84, made of the layer's kind, checked for validity and place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyproj
import shapely
from shapely import GeometryType

from ingest.checks import Finding
from ingest.parsing import Mask, Notation, parse_column, to_mask
from ingest.projection import to_wgs84
from ingest.readers.base import Geometries
from layers.model import Geometry
from spatial.crs import TM3, fitting_meridians
from spatial.errors import WrongCRS

# Longitude and latitude that hold the mainland, Hoàng Sa and Trường Sa.
VIETNAM = (101.5, 6.0, 118.0, 24.0)
BORDER_TOLERANCE = 0.002  # degrees, about 200 m: borders are generalised, a quay at the edge still belongs

MULTI = {
    GeometryType.POINT: GeometryType.MULTIPOINT,
    GeometryType.LINESTRING: GeometryType.MULTILINESTRING,
    GeometryType.LINEARRING: GeometryType.MULTILINESTRING,
    GeometryType.POLYGON: GeometryType.MULTIPOLYGON,
}
WANTED = {
    "Point": GeometryType.MULTIPOINT,
    "MultiLineString": GeometryType.MULTILINESTRING,
    "MultiPolygon": GeometryType.MULTIPOLYGON,
}
# GEOS speaks English; senders read Vietnamese.
REASONS = {
    "Self-intersection": "đường biên tự cắt",
    "Ring Self-intersection": "vòng tự cắt",
    "Too few points in geometry component": "có phần quá ít điểm",
    "Hole lies outside shell": "lỗ nằm ngoài vòng ngoài",
    "Nested holes": "lỗ lồng nhau",
    "Holes are nested": "lỗ lồng nhau",
    "Nested shells": "các vòng ngoài lồng nhau",
    "Interior is disconnected": "phần trong bị chia cắt",
    "Duplicate Rings": "vòng lặp lại",
    "Invalid Coordinate": "tọa độ không hợp lệ",
}


@dataclass(frozen=True)
class Placed:
    """Geometries of the layer's kind in EPSG:4326 (None where there is none), a point inside each, what was found."""

    geometry: Geometries
    points: Geometries
    findings: list[Finding]


def points_from_columns(x: pa.Array, y: pa.Array, notation: Notation) -> tuple[Geometries, list[Finding]]:
    """Points of two columns of texts or numbers; rows with neither are without position."""
    east, north = (parse_column(column, "number", notation) for column in (x, y))
    bad = east.bad | north.bad
    xs, ys = (np.asarray(part.values.to_numpy(zero_copy_only=False), dtype=float) for part in (east, north))
    known = ~np.isnan(xs) & ~np.isnan(ys)
    points = np.full(len(xs), None, dtype=object)
    points[known] = shapely.points(xs[known], ys[known])
    found = Finding("not_a_coordinate", None, bad, lambda row: f"Tọa độ «{x[row]}», «{y[row]}» không phải là số.")
    return points, [found] if bad.any() else []


def geometries_from_wkt(column: pa.Array) -> tuple[Geometries, list[Finding]]:
    """Geometries of a WKT column."""
    texts = np.array(column.to_pylist(), dtype=object)
    shapes = np.asarray(shapely.from_wkt(texts, on_invalid="ignore"), dtype=object)
    bad = shapely.is_missing(shapes) & to_mask(column.is_valid())
    found = Finding("invalid_geometry", None, bad, lambda row: f"WKT không đọc được: «{str(texts[row])[:80]}».")
    return shapes, [found] if bad.any() else []


def place(declared: Geometry, raw: Geometries, crs: int | str, *, repair: bool) -> Placed:
    """Bring raw geometries to EPSG:4326 and to the declared kind; say which rows cannot be.

    Polygons with invalid rings are rejected, or made valid and recorded when ``repair`` is set.
    """
    findings: list[Finding] = []
    shapes = np.array(shapely.force_2d(raw), dtype=object)
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    shapes[missing] = None
    if declared.required and missing.any():
        findings.append(Finding("geometry_missing", None, missing, lambda _: "Không có vị trí (tọa độ trống)."))
    infinite = ~missing & ~np.isfinite(shapely.bounds(shapes)).all(axis=1)
    if infinite.any():
        findings.append(Finding("not_a_coordinate", None, infinite, lambda _: "Tọa độ không phải là số hữu hạn."))
        shapes[infinite] = None
    shapes = to_wgs84(shapes, crs)
    shapes, found = _validate(shapes, repair=repair)
    findings += found
    shapes, found = _of_kind(shapes, declared.type)
    findings += found
    return Placed(shapes, np.asarray(shapely.point_on_surface(shapes), dtype=object), findings)


def _validate(shapes: Geometries, *, repair: bool) -> tuple[Geometries, list[Finding]]:
    present = ~shapely.is_missing(shapes)
    invalid = present & ~shapely.is_valid(shapes)
    if not invalid.any():
        return shapes, []
    reasons = {int(row): str(shapely.is_valid_reason(shapes[row])) for row in np.flatnonzero(invalid)}

    def reason(row: int) -> str:
        name, _, where = reasons[row].partition("[")
        return f"{REASONS.get(name, name)} [{where}" if where else REASONS.get(name, name)

    if not repair:
        found = Finding("invalid_geometry", None, invalid, lambda row: f"Hình học không hợp lệ: {reason(row)}.")
        return shapes, [found]
    repaired = shapes.copy()
    # The structure method keeps the area that the rings enclose and gives no stray lines.
    repaired[invalid] = shapely.make_valid(shapes[invalid], method="structure", keep_collapsed=False)
    found = Finding("repaired_geometry", None, invalid, lambda row: f"Hình học đã được sửa: {reason(row)}.", kept=True)
    return repaired, [found]


def _of_kind(shapes: Geometries, kind: str) -> tuple[Geometries, list[Finding]]:
    """Single geometries as multi (points the other way round); other kinds are found."""
    wanted = WANTED[kind]
    result = shapes.copy()
    types = shapely.get_type_id(shapes)
    single = np.isin(types, [one for one, multi in MULTI.items() if multi == wanted])
    if kind == "Point":
        lone = (types == GeometryType.MULTIPOINT) & (shapely.get_num_geometries(shapes) == 1)
        result[lone] = shapely.get_geometry(shapes[lone], 0)
        wrong = (types >= 0) & ~single & ~lone
    else:
        maker = shapely.multipolygons if kind == "MultiPolygon" else shapely.multilinestrings
        rows = np.flatnonzero(single)
        if len(rows):
            result[rows] = maker(shapes[rows], indices=np.arange(len(rows)))
        wrong = (types >= 0) & ~single & (types != wanted)
    if not wrong.any():
        return result, []
    names = {int(row): shapes[row].geom_type for row in np.flatnonzero(wrong)}
    result[wrong] = None
    found = Finding("geometry_type", None, wrong, lambda row: f"Kiểu hình học là {names[row]}, cần {kind}.")
    return result, [found]


class Area:
    """Where the features of a province must lie: the union of its units, or Vietnam while no unit is loaded."""

    def __init__(self, union: shapely.Geometry | None) -> None:
        self.province = union is not None
        self.shape = shapely.box(*VIETNAM) if union is None else shapely.buffer(union, BORDER_TOLERANCE, quad_segs=2)
        shapely.prepare(self.shape)

    def outside(self, points: Geometries) -> Mask:
        """Points that lie elsewhere; missing points do not."""
        x, y = shapely.get_x(points), shapely.get_y(points)
        return ~np.isnan(x) & ~np.asarray(shapely.contains_xy(self.shape, x, y), dtype=bool)

    def check(self, points: Geometries) -> list[Finding]:
        """Rows outside; those that would lie inside with latitude and longitude exchanged are told apart."""
        outside = self.outside(points)
        if not outside.any():
            return []
        x, y = shapely.get_x(points), shapely.get_y(points)
        swapped = outside.copy()
        swapped[outside] = shapely.contains_xy(self.shape, y[outside], x[outside])

        def where(row: int) -> str:
            return f"({x[row]:.5f}, {y[row]:.5f})"

        place_name = "địa bàn tỉnh" if self.province else "Việt Nam"
        elsewhere = Finding(
            "outside_province",
            None,
            outside & ~swapped,
            lambda row: f"Vị trí {where(row)} nằm ngoài {place_name}.",
        )
        exchanged = Finding(
            "swapped_coordinates",
            None,
            swapped,
            lambda row: f"Vị trí {where(row)} nằm ngoài {place_name}; có thể kinh độ và vĩ độ bị đổi chỗ.",
        )
        return [found for found in (elsewhere, exchanged) if found.rows.any()]


def refuse_wrong_crs(name: str, raw: Geometries, points: Geometries, crs: int | str, area: Area) -> None:
    """Stop when not one feature of a file lies where it should: then the file is wrong, not its rows.

    :raises WrongCRS: naming the reference systems under which the features would lie inside.
    """
    known = ~shapely.is_missing(points)
    if known.sum() < 3 or not area.outside(points)[known].all():
        return
    x, y = shapely.get_x(points[known]), shapely.get_y(points[known])
    if shapely.contains_xy(area.shape, y, x).any():
        return  # exchanged coordinates are reported row by row
    where = "the province" if area.province else "Vietnam"
    stated = f"EPSG:{crs}" if isinstance(crs, int) else pyproj.CRS(crs).name
    fits = fitting_systems(raw[~shapely.is_missing(raw)], area)
    advice = f" They would with {' or '.join(fits)}: say it with the option crs." if fits else ""
    raise WrongCRS(f"In {name} not one feature lies in {where} when its coordinates are read as {stated}.{advice}")


def fitting_systems(raw: Geometries, area: Area) -> list[str]:
    """Reference systems under which nearly all of the raw geometries lie inside, the likeliest first."""
    centres = shapely.centroid(raw[:: max(len(raw) // 200, 1)])
    fits = fitting_meridians(shapely.get_x(centres), shapely.get_y(centres), area.shape)
    titles = []
    for code, exchanged in fits[:3]:
        meridian = f" (VN-2000, meridian {_degrees(TM3[code])})" if code in TM3 else ""
        titles.append(f"EPSG:{code}{meridian}" + (" with x and y exchanged" if exchanged else ""))
    return titles


def _degrees(meridian: float) -> str:
    degrees, minutes = divmod(round(meridian * 60), 60)
    return f"{degrees}°{minutes:02d}'"


def label_points(shapes: Geometries) -> Geometries:
    """A point well inside the largest part of each polygon, for its name on the map."""
    result = np.full(len(shapes), None, dtype=object)
    for row, shape in enumerate(shapes):
        if shape is None:
            continue
        part = max(shapely.get_parts(shape), key=shapely.area)
        size = float(np.sqrt(shapely.area(part)))
        rough = shapely.simplify(part, size / 50)
        circle = shapely.maximum_inscribed_circle(rough, tolerance=size / 100)
        centre = shapely.get_point(circle, 0)
        result[row] = centre if shapely.contains(part, centre) else shapely.point_on_surface(part)
    return result
