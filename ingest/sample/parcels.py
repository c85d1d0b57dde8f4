"""The cadastre: one file per former province, each in the coordinates its land office used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from ingest.sample import chance, names
from ingest.sample.blocks import SHEET, make_blocks
from ingest.sample.boundaries import Land, Unit
from ingest.sample.chance import Floats
from ingest.sample.geohash import geohash
from ingest.sample.ground import ZONE_105, ZONE_105_5, lonlat, zone_105_to_105_5
from ingest.sample.lots import LANE_KIND, make_lots
from spatial.progress import Progress

_BATCH = 40_000  # parcels made and written at a time: memory stays flat however many there are
FILES = {"94": ("parcel_94.gpkg", ZONE_105), "95": ("parcel_95.gpkg", ZONE_105_5), "96": ("parcel_96.shp", ZONE_105)}

# Land codes by kind of block, with their shares.
_CODES: dict[int, tuple[tuple[str, ...], tuple[float, ...]]] = {
    0: (("OTC", "CLN", "TMD", "DKV", "TIN", "DSH"), (0.9, 0.055, 0.025, 0.01, 0.01, 0.0)),
    1: (("LUC", "LUK", "HNK", "NTD", "DTL"), (0.925, 0.03, 0.02, 0.01, 0.015)),
    2: (("HNK", "LUK", "CLN"), (0.8, 0.12, 0.08)),
    3: (("CLN", "HNK", "NKH"), (0.9, 0.07, 0.03)),
    4: (("NTS", "MNC"), (0.95, 0.05)),
    5: (("LMU", "NTS"), (0.85, 0.15)),
    6: (("RSX", "RPH", "CLN"), (0.8, 0.12, 0.08)),
    7: (("SKC", "SKK", "TMD", "SKN", "DGD", "DYT", "TSC", "DCH"), (0.34, 0.2, 0.14, 0.12, 0.08, 0.03, 0.06, 0.03)),
    LANE_KIND: (("DGT", "DTL"), (0.8, 0.2)),
}
_PUBLIC = ("DGT", "DTL", "DGD", "DYT", "TSC", "DCH", "DKV", "NTD", "MNC")
_BUSINESS = ("SKC", "SKK", "SKN", "TMD")


@dataclass(slots=True)
class Planted:
    """Defects put into the files on purpose."""

    unknown_land_code: int = 0
    self_intersecting: int = 0
    duplicate: int = 0
    area_mismatch: int = 0


def write_parcels(
    land: Land, folder: Path, *, count: int, until: datetime, progress: Progress
) -> tuple[list[Path], Planted]:
    """Write ``count`` parcels (and a few repeated rows); the defects are returned.

    :raises ValueError: when the land is too small for so many.
    """
    communes = land.select("commune", old=True)
    province = {unit.code: unit.parent_code for unit in land.select("district", old=True)}
    quotas = _quotas(land, communes, count)
    planted, paths = Planted(), []
    done = missing = 0
    for code, (file, crs) in FILES.items():
        path = folder / file
        own = np.array([province[str(unit.parent_code)] == code for unit in communes])
        first = True
        for members in _batches(np.flatnonzero(own), quotas):
            wanted = int(quotas[members].sum()) + missing
            frame = _batch(land, [communes[n] for n in members], quotas[members], wanted, until)
            missing = wanted - len(frame)
            if crs == ZONE_105_5:
                frame.geometry = shapely.transform(
                    frame.geometry.values, lambda xy: np.round(np.column_stack(zone_105_to_105_5.transform(*xy.T)), 3)
                )
            frame = _describe(land, frame.set_crs(crs, allow_override=True), planted)
            if first:
                frame = _plant(frame, planted, 1 if count < 10_000 else 4, land.seed, code)
            _append(frame, path, new=first)
            first = False
            done += wanted - missing
            progress(f"{file}: {done:,} / {count:,}", done / count)
        paths.append(path)
    if missing:
        raise ValueError(f"the land has room for {done:,} parcels, not for {count:,}")
    return paths, planted


def _quotas(land: Land, communes: list[Unit], count: int) -> np.ndarray:
    """Parcels per commune: by people, held within what the land can take."""
    weight = np.array([unit.population**0.75 * unit.area_km2**0.25 for unit in communes])
    exact = weight / weight.sum() * count
    quotas = np.floor(exact).astype(int)
    rest = np.argsort(-(exact - quotas), kind="stable")[: count - int(quotas.sum())]
    quotas[rest] += 1
    return quotas


def _batches(members: np.ndarray, quotas: np.ndarray) -> Iterator[np.ndarray]:
    start, total = 0, 0
    for n, member in enumerate(members):
        total += int(quotas[member])
        if total >= _BATCH or n == len(members) - 1:
            yield members[start : n + 1]
            start, total = n + 1, 0


def _batch(land: Land, communes: list[Unit], quotas: np.ndarray, wanted: int, until: datetime) -> gpd.GeoDataFrame:
    """Parcels of some communes with everything but areas and identifiers."""
    blocks = make_blocks(land, communes, quotas)
    lots = make_lots(land, blocks, name=communes[0].code)
    commune = blocks.commune[lots.block]
    rank = np.arange(len(commune)) - np.searchsorted(commune, commune)
    keep = np.sort(np.argsort(rank / np.maximum(quotas[commune], 1), kind="stable")[:wanted])
    commune, block, kind = commune[keep], lots.block[keep], lots.kind[keep]
    rng = chance.stream(land.seed, f"parcels {communes[0].code}")
    count = len(keep)
    town = np.array([unit.type_vi != "Xã" for unit in communes])[commune]
    code = np.empty(count, dtype="<U3")
    for number, (codes, share) in _CODES.items():
        hit = kind == number
        code[hit] = rng.choice(codes, int(hit.sum()), p=share)
    code = np.where(code == "OTC", np.where(town, "ODT", "ONT"), code)
    sheet, parcel = _numbers(commune, blocks.column[block] // SHEET, blocks.row[block] // SHEET)
    public, business = np.isin(code, _PUBLIC), np.isin(code, _BUSINESS)
    origin = np.where(
        public, "6", np.where(business, rng.choice(("8", "10", "11"), count), rng.choice(("1", "2", "3", "5"), count))
    )
    user = np.where(public, "TCQ", np.where(business, "TKT", np.where(code == "TIN", "CDS", "CNV")))
    newest = until.date() - timedelta(days=30)
    days = (6 + 9_900 * (1 - rng.beta(1.4, 1.1, count))).astype(int)
    registered = np.datetime64(newest) - days
    first = int(communes[0].code) * 10_000
    serial = first + np.arange(count)
    place = np.array([f"{unit.type_vi} {unit.name}" for unit in communes])[commune]
    people = names.person_names(serial % 1_000_000)
    certificate = np.char.add("MAU ", np.char.zfill((serial % 10_000_000).astype(str), 7))
    return gpd.GeoDataFrame(
        {
            "MA_XA": np.array([unit.code for unit in communes])[commune],
            "SO_TO": sheet.astype(str),
            "SO_THUA": parcel.astype(str),
            "MA_THUA": "",
            "LOAI_DAT": code,
            "DIEN_TICH": 0.0,
            "DT_HINH_HOC": 0.0,
            "NGUON_GOC": origin,
            "DOI_TUONG": user,
            "NGAY_DK": np.datetime_as_string(registered),
            "TEN_CHU": np.where(public, "UBND (mẫu tổng hợp)", people),
            "SO_GCN": pd.Series(certificate, dtype=object).mask(public, None),
            "DIA_CHI": [f"Thửa {p}, tờ {s}, {w} (mẫu)" for p, s, w in zip(parcel, sheet, place, strict=True)],
        },
        geometry=lots.polygon[keep],
        crs=ZONE_105,
    )


def _numbers(commune: np.ndarray, column: np.ndarray, row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sheet number within the commune, parcel number within the sheet; both from 1."""
    key = np.column_stack([commune, -row, column])
    _, sheet = np.unique(key, axis=0, return_inverse=True)
    sheet = sheet.ravel()
    lowest = np.full(int(commune.max()) + 1, len(key))
    np.minimum.at(lowest, commune, sheet)
    order = np.argsort(sheet, kind="stable")
    run = sheet[order]
    parcel = np.empty(len(key), dtype=int)
    parcel[order] = np.arange(len(key)) - np.searchsorted(run, run) + 1
    return sheet - lowest[commune] + 1, parcel


def _describe(land: Land, frame: gpd.GeoDataFrame, planted: Planted) -> gpd.GeoDataFrame:
    """Areas in the coordinates of the file, and the identifier of an inner point in WGS84."""
    polygons = frame.geometry.values
    area = np.round(shapely.area(polygons), 1)
    rng = chance.stream(land.seed, f"areas {frame['MA_XA'].iloc[0]}")
    registered = area * (1 + rng.normal(0, 0.003, len(area)))
    wrong = rng.random(len(area)) < 0.015  # surveyed again since, or measured badly
    registered = np.where(
        wrong, area * np.exp(rng.choice((-1, 1), len(area)) * rng.uniform(0.06, 0.35, len(area))), registered
    )
    planted.area_mismatch += int(wrong.sum())
    inner = shapely.centroid(polygons)
    out = ~shapely.contains_properly(polygons, inner)
    inner[out] = shapely.point_on_surface(polygons[out])
    frame["MA_THUA"] = geohash(_wgs84(shapely.get_coordinates(inner), frame))
    frame["DT_HINH_HOC"] = area
    frame["DIEN_TICH"] = np.maximum(np.round(registered, 1), 0.1)
    return frame


def _wgs84(points: Floats, frame: gpd.GeoDataFrame) -> Floats:
    if frame.crs == ZONE_105_5:
        points = np.column_stack(zone_105_to_105_5.transform(points[:, 0], points[:, 1], direction="INVERSE"))
    return lonlat(points)


def _plant(frame: gpd.GeoDataFrame, planted: Planted, size: int, seed: int, code: str) -> gpd.GeoDataFrame:
    """Unknown codes, crossed rings, repeated rows: what the check of a real file finds."""
    rng = chance.stream(seed, f"defects {code}")
    chosen = rng.choice(len(frame), 4 * size, replace=False)
    unknown, crossed, repeated = chosen[:size], chosen[size : 2 * size], chosen[3 * size :]
    frame.iloc[unknown, frame.columns.get_loc("LOAI_DAT")] = "XYZ"
    polygons = frame.geometry.values.copy()
    for n in crossed:
        ring = shapely.get_coordinates(polygons[n])
        ring[[1, 2]] = ring[[2, 1]]
        polygons[n] = shapely.Polygon(ring)
    frame.geometry = polygons
    invalid = int((~shapely.is_valid(polygons)).sum())
    planted.unknown_land_code += size
    planted.self_intersecting += invalid
    planted.duplicate += len(repeated)
    return gpd.GeoDataFrame(pd.concat([frame, frame.iloc[repeated]], ignore_index=True), crs=frame.crs)


def _append(frame: gpd.GeoDataFrame, path: Path, *, new: bool) -> None:
    options = {} if path.suffix == ".gpkg" else {"encoding": "UTF-8"}
    if path.suffix == ".shp":
        frame = frame.rename(columns={"DT_HINH_HOC": "DT_HINH_HO"})  # ten characters are all a dbf has
    if new and path.exists():
        path.unlink()
    layer = {"layer_options": {"IDENTIFIER": "Thửa đất (mẫu tổng hợp)"}} if new and path.suffix == ".gpkg" else {}
    pyogrio.write_dataframe(frame, path, append=not new, use_arrow=True, **layer, **options)
