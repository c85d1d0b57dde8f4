"""Air stations where people and traffic are, water stations down the rivers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from ingest.sample import chance
from ingest.sample.boundaries import Land, Unit
from ingest.sample.chance import Floats
from ingest.sample.ground import lonlat

AIR_ALL = ("pm25", "pm10", "no2", "o3", "so2", "co", "temperature", "humidity", "wind_speed", "wind_direction")
AIR_REFERENCE = ("pm25", "pm10", "temperature", "humidity")
WATER_ALL = ("ph", "do", "temperature", "tss", "cod", "nh4")


@dataclass(frozen=True, slots=True)
class Stations:
    """Stations of one network; arrays run along the stations."""

    layer: str  # air_station | water_station
    codes: list[str]
    names: list[str]
    standard: np.ndarray  # bool
    lonlat: Floats
    parameters: list[tuple[str, ...]]
    load: Floats  # traffic and people (air), waste water (water): 0 to 1
    sea: Floats  # 1 at the coast to 0 inland
    river: list[str]
    river_order: list[int]
    installed: list[date]


def make_air_stations(land: Land) -> Stations:
    """The first three stand in the old provincial capitals."""
    scale, rng = land.scale, chance.stream(land.seed, "air stations")
    districts = scale.districts
    chosen: list[int] = []
    for seat in (0, districts[0], districts[0] + districts[1]):
        chosen.append(_cell_at(land, land.seats[seat]))
    rest = np.setdiff1d(np.arange(len(land.mosaic.cells)), chosen)
    weight = land.population[rest] * (0.15 + land.urban[rest])
    others = rng.choice(rest, scale.air_stations - 3, replace=False, p=weight / weight.sum())
    chosen += [int(cell) for cell in others]
    places = np.array([_inner_point(land, cell, rng) for cell in chosen])
    communes = _commune_names(land, places)
    count = len(chosen)
    standard = np.arange(count) < count - scale.air_reference
    parameters: list[tuple[str, ...]] = []
    for number in range(count):
        names: tuple[str, ...] = AIR_ALL if standard[number] else AIR_REFERENCE
        if standard[number] and number % 7 == 5:
            names = tuple(name for name in names if name not in ("so2", "co"))
        parameters.append(names)
    return Stations(
        layer="air_station",
        codes=[f"KK{number + 1:02d}" for number in range(count)],
        names=_numbered(
            [f"{'Trạm' if ok else 'Cảm biến'} {place}" for ok, place in zip(standard, communes, strict=True)]
        ),
        standard=standard,
        lonlat=lonlat(places),
        parameters=parameters,
        load=np.clip(land.urban[chosen] + rng.normal(0, 0.08, count), 0, 1),
        sea=np.exp(-land.coast[chosen] / (12_000 * land.ground.size)),
        river=[""] * count,
        river_order=[0] * count,
        installed=_installed(count, rng),
    )


def make_water_stations(land: Land) -> Stations:
    """Along the rivers in turn, ordered from upstream; salinity near the mouths only."""
    scale, rng = land.scale, chance.stream(land.seed, "water stations")
    total = sum(line.length for line in land.rivers.values())
    counts = {name: max(1, round(scale.water_stations * line.length / total)) for name, line in land.rivers.items()}
    longest = max(land.rivers, key=lambda name: land.rivers[name].length)
    counts[longest] += scale.water_stations - sum(counts.values())
    places, river, order, down = [], [], [], []
    for name, line in land.rivers.items():
        for number in range(counts[name]):
            part = (number + 0.5 + rng.uniform(-0.2, 0.2)) / counts[name]
            point = line.interpolate(part, normalized=True)
            places.append((point.x, point.y))
            river.append(name)
            order.append(number + 1)
            down.append(part)
    points = np.array(places)
    coast = shapely.distance(shapely.points(points), land.ground.sea)
    sea = np.exp(-coast / (9_000 * land.ground.size))
    count = len(points)
    return Stations(
        layer="water_station",
        codes=[f"NM{number + 1:02d}" for number in range(count)],
        names=_numbered(
            [f"{name} tại {place}" for name, place in zip(river, _commune_names(land, points), strict=True)]
        ),
        standard=np.arange(count) % 5 != 4,
        lonlat=lonlat(points),
        parameters=[WATER_ALL + (("salinity",) if value > 0.12 else ()) for value in sea],
        load=np.clip(0.25 + 0.45 * np.array(down) + rng.normal(0, 0.12, count), 0.05, 1),
        sea=sea,
        river=river,
        river_order=order,
        installed=_installed(count, rng),
    )


def write_stations(stations: Stations, folder: Path) -> Path:
    """CSV with the headers of the agency."""
    count = len(stations.codes)
    table: dict[str, object] = {
        "MA_TRAM": stations.codes,
        "TEN_TRAM": stations.names,
        "LOAI_TRAM": np.where(stations.standard, "standard", "reference"),
        "KINH_DO": np.round(stations.lonlat[:, 0], 6),
        "VI_DO": np.round(stations.lonlat[:, 1], 6),
    }
    if stations.layer == "water_station":
        table |= {"SONG": stations.river, "THU_TU": stations.river_order}
    table |= {
        "VAN_HANH": ["Trung tâm Quan trắc (mẫu tổng hợp)"] * count,
        "NGAY_LAP": [day.isoformat() for day in stations.installed],
    }
    path = folder / f"{stations.layer}.csv"
    pd.DataFrame(table).to_csv(path, index=False)
    return path


def _cell_at(land: Land, point: Floats) -> int:
    return int(np.argmin(np.hypot(*(land.mosaic.points - point).T)))


def _inner_point(land: Land, cell: int, rng: np.random.Generator) -> Floats:
    polygon = land.mosaic.cells[cell]
    middle = np.array(shapely.point_on_surface(polygon).coords[0])
    for _ in range(20):
        point = middle + rng.normal(0, 0.15 * land.ground.spacing, 2)
        if shapely.contains_xy(polygon, *point):
            return point
    return middle


def _commune_names(land: Land, points: Floats) -> list[str]:
    """Name of today's commune at each point."""
    communes: list[Unit] = land.select("commune", old=False)
    tree = shapely.STRtree([unit.geometry for unit in communes])
    return [communes[int(index)].name for index in tree.nearest(shapely.points(points))]


def _numbered(names: list[str]) -> list[str]:
    """A second station of the same name gets a number."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return result


def _installed(count: int, rng: np.random.Generator) -> list[date]:
    return [date(2017, 1, 1) + timedelta(days=int(day)) for day in rng.integers(0, 2600, count)]
