"""Junctions, and what AI cameras counted at some of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from ingest.sample import chance
from ingest.sample.boundaries import Land
from ingest.sample.ground import lonlat
from ingest.sample.places import old_commune_names, populated_cells, settled_points

# Share of a day's traffic in the hours that end at 01:00 ... 24:00.
_COURSE = np.array([6, 4, 3, 3, 6, 18, 48, 78, 70, 52, 48, 56, 52, 44, 46, 50, 66, 84, 66, 46, 36, 28, 18, 10]) / 938.0
_CLASSES = {"O_TO": 0.28, "XE_MAY": 0.66, "NGUOI": 0.06}
DAYS = 35
LAYER = "counting_observation"


def write_crossings(land: Land, cameras: pd.DataFrame, folder: Path) -> Path:
    """CSV of junctions: two thirds in front of a camera, the rest where nobody looks."""
    count = max(6, land.scale.cameras // 3)
    rng = chance.stream(land.seed, "crossings")
    seen = min(2 * count // 3, len(cameras))
    eyes = unswapped(cameras.iloc[:seen])
    angle = np.radians(eyes["HUONG"].to_numpy(dtype=float))
    north = 25 * np.cos(angle) / 111_320
    east = 25 * np.sin(angle) / (111_320 * np.cos(np.radians(eyes["VI_DO"].to_numpy(dtype=float))))
    cells = populated_cells(land, count - seen, rng, urban=1.0)
    blind = lonlat(settled_points(land, cells, rng, spread=0.2))
    commune = old_commune_names(land)
    names = [f"Nút giao trước {title.removeprefix('Ngã tư ')}" for title in eyes["TEN"]]
    names += [f"Đường ngang {commune[cell]} {n + 1}" for n, cell in enumerate(cells)]
    frame = pd.DataFrame(
        {
            "MA_NUT": [f"NG{n + 1:03d}" for n in range(count)],
            "TEN_NUT": names,
            "LOAI": ["junction"] * seen + ["level_crossing"] * (count - seen),
            "KINH_DO": np.round(np.concatenate([eyes["KINH_DO"].to_numpy(dtype=float) + east, blind[:, 0]]), 6),
            "VI_DO": np.round(np.concatenate([eyes["VI_DO"].to_numpy(dtype=float) + north, blind[:, 1]]), 6),
        }
    )
    path = folder / "crossing.csv"
    frame.to_csv(path, index=False)
    return path


def unswapped(cameras: pd.DataFrame) -> pd.DataFrame:
    """The cameras where they stand: in a few rows of the file longitude and latitude are exchanged on purpose."""
    places = cameras[["KINH_DO", "VI_DO"]]
    return cameras.assign(KINH_DO=places.max(axis=1), VI_DO=places.min(axis=1))


def _codes(land: Land) -> list[str]:
    return [f"DEM{n + 1:02d}" for n in range(max(4, land.scale.cameras // 50))]


def write_lines(land: Land, cameras: pd.DataFrame, folder: Path) -> Path:
    """CSV of counting lines at a few traffic cameras."""
    cameras = unswapped(cameras)
    eyes = cameras[cameras["LINH_VUC"] == "traffic"].head(len(_codes(land))).reset_index(drop=True)
    frame = pd.DataFrame(
        {
            "MA_VACH": _codes(land)[: len(eyes)],
            "TEN_VACH": "Vạch đếm " + eyes["TEN"],
            "MA_CAMERA": eyes["MA_CAMERA"],
            "HUONG": eyes["HUONG"],
            "KINH_DO": eyes["KINH_DO"],
            "VI_DO": eyes["VI_DO"],
        }
    )
    path = folder / "counting_line.csv"
    frame.to_csv(path, index=False)
    return path


def write_counts(land: Land, folder: Path, *, first: int, last: int, name: str = LAYER) -> Path:
    """Hourly counts of all lines, for the hours ``first < hour <= last`` (whole hours since 1970 UTC).

    Sundays are quiet; the second line was silent on one day: a count that did not come is missing, not zero.
    """
    hour = np.arange(first + 1, last + 1)
    begin, end = _local(hour - 1), _local(hour)
    course = _COURSE[begin.hour] * np.where(begin.weekday == 6, 0.72, 1.0)
    times = end.strftime("%Y-%m-%d %H:%M:%S")
    parts = []
    for number, line in enumerate(_codes(land)):
        daily = 14_000 * float(np.exp(0.5 * chance.normal(land.seed, "counts", line)))
        there = ~((number == 1) & (hour // 24 % 30 == 11))
        for kind, share in _CLASSES.items():
            noise = np.exp(0.09 * chance.normal(land.seed, "counts", line, kind, hour))
            values = np.round(daily * share * course * noise).astype(int)
            columns = {"MA_VACH": line, "THOI_GIAN": times, "LOAI": kind, "SO_LUONG": values}
            parts.append(pd.DataFrame(columns)[there])
    path = folder / f"{name}.csv"
    pd.concat(parts).to_csv(path, index=False)
    return path


def _local(hour: np.ndarray) -> pd.DatetimeIndex:
    return pd.DatetimeIndex((hour * 3600).astype("datetime64[s]"), tz="UTC").tz_convert("Asia/Ho_Chi_Minh")
