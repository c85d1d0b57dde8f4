"""Administrative units of the sample in two vintages, built from one mosaic so that both cover the land exactly."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import shapely

from ingest.sample import chance, names
from ingest.sample.chance import Floats
from ingest.sample.ground import Ground, lonlat, make_ground
from ingest.sample.mosaic import Mosaic, grow, make_mosaic, spread
from ingest.sample.scale import Scale

OLD_FROM = date(1997, 1, 1)
REFORM = date(2025, 7, 1)


@dataclass(frozen=True, slots=True)
class Unit:
    """One version of one unit; ``cells`` are its pieces of the mosaic."""

    code: str
    valid_from: date
    valid_to: date | None
    level: Literal["province", "district", "commune"]
    type_vi: str
    name: str
    parent_code: str | None
    cells: tuple[int, ...]
    geometry: shapely.Geometry = field(repr=False)  # EPSG:5897
    population: int
    area_km2: float


@dataclass(frozen=True, slots=True)
class Land:
    """Everything the other parts of the sample ask about the ground."""

    ground: Ground
    mosaic: Mosaic
    scale: Scale
    seed: int
    units: tuple[Unit, ...]
    population: np.ndarray  # of each cell
    area: Floats  # of each cell, km2
    urban: Floats  # of each cell, 0 to 1
    hill: Floats
    coast: Floats  # distance of each cell to the sea, m
    seats: Floats  # town centres, the provincial capitals first
    rivers: dict[str, shapely.LineString]  # real courses: the borders that follow them

    def select(self, level: str, *, old: bool) -> list[Unit]:
        """Units of a level in the vintage before (old) or since the reform."""
        return [unit for unit in self.units if unit.level == level and (unit.valid_to is not None) == old]


def make_land(scale: Scale, *, seed: int) -> Land:
    """Boundaries, people and names."""
    ground = make_ground(scale, seed=seed)
    mosaic = make_mosaic(ground, scale, seed=seed)
    rng = chance.stream(seed, "units")
    cells = mosaic.cells
    area = shapely.area(cells) / 1e6
    province = ground.province_of(mosaic.points)
    district, seats = _districts(mosaic, ground, scale, province, area, rng)
    hill = ground.hilliness(mosaic.points)
    urban, people = _people(mosaic, scale, ground, seats, area, hill, rng)
    successor, old = _reform(mosaic, scale, province, district, people, area, rng)
    land = Land(
        ground=ground, mosaic=mosaic, scale=scale, seed=seed, units=(), population=people, area=area, urban=urban,
        hill=hill, coast=_coast_distance(cells, ground), seats=mosaic.points[seats],
        rivers=_river_courses(mosaic, ground, province),
    )  # fmt: skip
    units = _make_units(land, province, district, successor, old, seats, rng)
    return Land(**{name: getattr(land, name) for name in Land.__slots__ if name != "units"}, units=tuple(units))


def _districts(
    mosaic: Mosaic, ground: Ground, scale: Scale, province: np.ndarray, area: Floats, rng: np.random.Generator
) -> tuple[np.ndarray, list[int]]:
    """District number of each cell, and the cell of each district's seat; a province's capital comes first."""
    district = np.full(len(mosaic.cells), -1)
    seats: list[int] = []
    for number, count in enumerate(scale.districts):
        members = np.flatnonzero(province == number)
        capital = int(members[np.argmin(np.hypot(*(mosaic.points[members] - ground.towns[number]).T))])
        starts = spread(mosaic.points, members, count, rng)
        nearest = int(np.argmin(np.hypot(*(mosaic.points[starts] - mosaic.points[capital]).T)))
        starts[nearest] = capital
        starts.insert(0, starts.pop(nearest))
        region = grow(mosaic, members, starts, area, limit=float(area[members].sum() / count))
        district[members] = region[members] + len(seats)
        seats += starts
    return district, seats


def _people(
    mosaic: Mosaic, scale: Scale, ground: Ground, seats: list[int], area: Floats, hill: Floats, rng: np.random.Generator
) -> tuple[Floats, np.ndarray]:
    """How urban each cell is, and its people: dense towns, an even plain, few in the hills."""
    capitals = [seats[0], seats[scale.districts[0]], seats[scale.districts[0] + scale.districts[1]]]
    urban = np.zeros(len(mosaic.cells))
    for seat in seats:
        away = np.hypot(*(mosaic.points - mosaic.points[seat]).T) / ground.spacing
        reach, height = (1.6, 1.0) if seat in capitals else (0.55, 0.45)
        urban = np.maximum(urban, height * np.exp(-((away / reach) ** 2)))
    density = 850 * (1 - 0.78 * hill) * np.exp(rng.normal(0, 0.22, len(area))) * (1 + 6 * urban**1.3)
    people = density * area
    return urban, np.round(people * scale.population / people.sum()).astype(np.int64)


def _reform(
    mosaic: Mosaic, scale: Scale, province: np.ndarray, district: np.ndarray, people: np.ndarray, area: Floats,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """New and old commune of each cell; of few cells not every division leaves neighbours to split."""
    for attempt in range(60):
        successor = _successors(mosaic, scale, province, people, rng, rounds=max(0, 6 - attempt))
        old = _old_communes(mosaic, scale, district, successor, area, rng)
        if old is not None:
            return successor, old
    raise ValueError("no division of these cells splits the wanted number of communes")


def _successors(
    mosaic: Mosaic, scale: Scale, province: np.ndarray, people: np.ndarray, rng: np.random.Generator, *, rounds: int
) -> np.ndarray:
    """New commune of each cell. They ignore former districts, as the reform did."""
    result = np.full(len(mosaic.cells), -1)
    share = np.array([people[province == number].sum() for number in range(3)], dtype=float)
    share = (share + np.bincount(province, minlength=3) / len(province) * share.sum()) / 2
    counts = np.maximum(1, np.floor(share / share.sum() * scale.new_communes).astype(int))
    while counts.sum() < scale.new_communes:
        counts[int(np.argmax(share / counts))] += 1
    first = 0
    for number, count in enumerate(counts):
        members = np.flatnonzero(province == number)
        starts = spread(mosaic.points, members, int(count), rng, rounds)
        region = grow(mosaic, members, starts, people.astype(float), limit=float(people[members].sum() / count))
        result[members] = region[members] + first
        first += int(count)
    return result


def _old_communes(
    mosaic: Mosaic, scale: Scale, district: np.ndarray, successor: np.ndarray, area: Floats, rng: np.random.Generator
) -> np.ndarray | None:
    """Old commune of each cell: one cell each, but the split ones have two, which went to different new communes.

    None when too few neighbours can be split.
    """
    old = np.full(len(mosaic.cells), -1)
    pairs = [
        (area[a] + area[b], a, b)
        for a in range(len(mosaic.cells))
        for b in mosaic.neighbours[a]
        if a < b and district[a] == district[b] and successor[a] != successor[b]
    ]
    order = [pairs[i] for i in rng.permutation(len(pairs))]
    middle = float(np.median([size for size, _, _ in pairs])) if pairs else 0.0
    number = 0
    for wanted in (middle, float("inf")):
        for size, a, b in order:
            alone = min((successor == successor[a]).sum(), (successor == successor[b]).sum()) < 2
            if number < scale.split_communes and size <= wanted and old[a] < 0 and old[b] < 0 and not alone:
                old[[a, b]] = number
                number += 1
    if number < scale.split_communes:
        return None
    rest = np.flatnonzero(old < 0)
    old[rest] = number + np.arange(len(rest))
    return old


def _coast_distance(cells: np.ndarray, ground: Ground) -> Floats:
    """Distance of each cell's middle to the sea."""
    return np.asarray(shapely.distance(shapely.centroid(cells), ground.sea))


def _river_courses(mosaic: Mosaic, ground: Ground, province: np.ndarray) -> dict[str, shapely.LineString]:
    """Real courses of the rivers: the common border of their two banks, from upstream to the mouth."""
    north = ground.north_of_thanh(mosaic.points)
    banks = {
        "Sông Hà": (province != 1, province == 1),
        "Sông Lam": (province == 0, province == 2),
        "Sông Thanh": ((province == 1) & north, (province == 1) & ~north),
    }
    courses = {}
    for name, (left, right) in banks.items():
        if not left.any() or not right.any():
            continue
        a = shapely.coverage_union_all(mosaic.cells[left])
        b = shapely.coverage_union_all(mosaic.cells[right])
        merged = shapely.line_merge(shapely.intersection(a.boundary, b.boundary))
        parts = shapely.get_parts(merged)
        line = parts[int(np.argmax(shapely.length(parts)))]
        start = ground.rivers[name][0]
        ends = shapely.get_coordinates(line)[[0, -1]]
        courses[name] = line if np.hypot(*(ends[0] - start)) < np.hypot(*(ends[1] - start)) else shapely.reverse(line)
    return courses


def _make_units(
    land: Land, province: np.ndarray, district: np.ndarray, successor: np.ndarray, old: np.ndarray, seats: list[int],
    rng: np.random.Generator,
) -> list[Unit]:  # fmt: skip
    province_codes = ("94", "95", "96")
    capitals = [int(np.flatnonzero(province[seats] == number)[0]) for number in range(3)]
    towns = {int(number) for number in np.flatnonzero(land.urban[seats] >= 0.4)[3::5]} - set(capitals)
    units = [
        _unit(land, code, OLD_FROM, REFORM, "province", "Tỉnh", names.PROVINCES[code], None,
              np.flatnonzero(province == number))
        for number, code in enumerate(province_codes)
    ]  # fmt: skip
    district_names = iter(names.DISTRICTS)
    for number, seat in enumerate(seats):
        parent = province_codes[int(province[seat])]
        if number in capitals:
            kind, name = "Thành phố", names.PROVINCES[parent].removesuffix(" (mẫu)")
        else:
            kind, name = ("Thị xã" if number in towns else "Huyện"), next(district_names)
        units.append(_unit(land, f"{901 + number}", OLD_FROM, REFORM, "district", kind, name, parent,
                           np.flatnonzero(district == number)))  # fmt: skip
    communes = _old_units(land, district, old, seats, set(capitals), towns, rng)
    return [*units, *communes, *_new_units(land, successor, communes, rng)]


def _old_units(
    land: Land, district: np.ndarray, old: np.ndarray, seats: list[int], capitals: set[int], towns: set[int],
    rng: np.random.Generator,
) -> list[Unit]:  # fmt: skip
    groups = [np.flatnonzero(old == number) for number in range(int(old.max()) + 1)]
    groups.sort(key=lambda cells: (int(district[cells[0]]), -float(land.mosaic.points[cells[0], 1])))
    given = names.commune_names(rng, len(groups))
    given[len(groups) // 2] = names.SEARCH_EXAMPLE
    if len(groups) > 100:
        for number, name in enumerate(names.REPEATED):
            given[11 + 13 * number] = given[200 + 29 * number] = name
    seat_cells = set(seats)
    units = []
    for number, cells in enumerate(groups):
        home = int(district[cells[0]])
        urban = float(land.urban[cells].max())
        seat = bool(seat_cells & set(cells.tolist()))
        if home in capitals | towns:
            kind = "Phường" if seat or urban > 0.33 else "Xã"
        else:
            kind = "Thị trấn" if seat else "Xã"
        units.append(_unit(land, f"{40003 + 3 * number}", OLD_FROM, REFORM, "commune", kind, given[number],
                           f"{901 + home}", cells))  # fmt: skip
    return units


def _new_units(land: Land, successor: np.ndarray, old: list[Unit], rng: np.random.Generator) -> list[Unit]:
    """The province since the reform and its communes; each bears the code of one predecessor, no two the same one."""
    everything = np.arange(len(land.mosaic.cells))
    units = [_unit(land, "97", REFORM, None, "province", "Tỉnh", names.NEW_PROVINCE, None, everything)]
    fresh = iter(name for name in names.commune_names(rng, 1200) if name not in {unit.name for unit in old})
    used_codes: set[str] = set()
    used_names: set[str] = set()
    parts = [np.flatnonzero(successor == number) for number in range(int(successor.max()) + 1)]
    for cells in sorted(parts, key=len):  # who has few predecessors chooses its code first
        own = set(cells.tolist())
        before = [unit for unit in old if own & set(unit.cells) and unit.code not in used_codes]
        before.sort(key=lambda unit: -int(land.population[list(own & set(unit.cells))].sum()))
        code = before[0].code
        kept = next((unit.name for unit in before if unit.name == names.SEARCH_EXAMPLE), None)
        name = kept or (before[0].name if rng.random() < 0.35 else next(fresh))
        while name in used_names:
            name = next(fresh)
        used_codes.add(code)
        used_names.add(name)
        urban = float(np.average(land.urban[cells], weights=land.population[cells]))
        kind = "Phường" if urban > 0.3 else "Xã"
        units.append(_unit(land, code, REFORM, None, "commune", kind, name, "97", cells))
    units[1:] = sorted(units[1:], key=lambda unit: unit.code)
    return units


def _unit(
    land: Land, code: str, valid_from: date, valid_to: date | None, level: Literal["province", "district", "commune"],
    type_vi: str, name: str, parent_code: str | None, cells: np.ndarray,
) -> Unit:  # fmt: skip
    geometry = shapely.coverage_union_all(land.mosaic.cells[cells])
    return Unit(
        code=code, valid_from=valid_from, valid_to=valid_to, level=level, type_vi=type_vi, name=name,
        parent_code=parent_code, cells=tuple(int(cell) for cell in cells), geometry=geometry,
        population=int(land.population[cells].sum()), area_km2=round(shapely.area(geometry) / 1e6, 2),
    )  # fmt: skip


def unit_frame(land: Land) -> gpd.GeoDataFrame:
    """All versions as the agency would send them, EPSG:4326."""
    geometry = shapely.transform(np.array([unit.geometry for unit in land.units]), lonlat)
    return gpd.GeoDataFrame(
        {
            "code": [unit.code for unit in land.units],
            "valid_from": [unit.valid_from.isoformat() for unit in land.units],
            "valid_to": [unit.valid_to.isoformat() if unit.valid_to else None for unit in land.units],
            "level": [unit.level for unit in land.units],
            "type_vi": [unit.type_vi for unit in land.units],
            "name": [unit.name for unit in land.units],
            "parent_code": [unit.parent_code for unit in land.units],
            "population": [unit.population for unit in land.units],
            "area_km2": [unit.area_km2 for unit in land.units],
        },
        geometry=[shapely.MultiPolygon([g]) if g.geom_type == "Polygon" else g for g in geometry],
        crs="EPSG:4326",
    )


def write_units(land: Land, folder: Path) -> Path:
    """admin_unit.gpkg, title and description saying that it is synthetic."""
    path = folder / "admin_unit.gpkg"
    unit_frame(land).to_file(
        path, driver="GPKG", layer="admin_unit", engine="pyogrio",
        layer_options={"IDENTIFIER": "Đơn vị hành chính (mẫu tổng hợp)", "DESCRIPTION": "Dữ liệu mẫu tổng hợp"},
    )  # fmt: skip
    return path
