"""Schools, health facilities and cameras."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from openpyxl import Workbook

from ingest.sample import chance
from ingest.sample.boundaries import Land
from ingest.sample.ground import lonlat
from ingest.sample.places import old_commune_names, populated_cells, settled_points
from spatial.settings import server_settings

_STAGES = ("kindergarten", "primary", "lower_secondary", "upper_secondary")
_STAGE_TITLES = {
    "kindergarten": "Trường Mầm non", "primary": "Trường Tiểu học", "lower_secondary": "Trường THCS",
    "upper_secondary": "Trường THPT",
}  # fmt: skip
_CLASS_SIZE = {"kindergarten": 28, "primary": 33, "lower_secondary": 39, "upper_secondary": 42}
_CLASSES = {"kindergarten": 11, "primary": 19, "lower_secondary": 15, "upper_secondary": 30}
# Words of the files; the recipe says which code each stands for.
_STAGE_WORDS = {"kindergarten": "Mầm non", "primary": "Tiểu học", "lower_secondary": "THCS", "upper_secondary": "THPT"}
_CLINIC_WORDS = {"hospital": "Bệnh viện", "clinic": "Phòng khám", "health_station": "Trạm y tế"}
ANSWERING = 12  # cameras of the sample with an address
_DIRECTIONS = ("Bắc", "Đông", "Nam", "Tây")


def write_schools(land: Land, folder: Path) -> tuple[Path, int]:
    """Workbook of schools; a few rows lack coordinates, and their number is returned."""
    rng, count = chance.stream(land.seed, "schools"), land.scale.schools
    stages = rng.choice(_STAGES, count, p=(0.36, 0.31, 0.26, 0.07))
    cells = np.where(
        np.arange(count) < len(land.population), rng.permutation(count) % len(land.population),
        populated_cells(land, count, rng),
    )  # fmt: skip
    position = lonlat(settled_points(land, cells, rng, spread=0.24))
    commune = old_commune_names(land)
    titles = _distinct([f"{_STAGE_TITLES[stage]} {commune[cell]}" for stage, cell in zip(stages, cells, strict=True)])
    classes = np.array([max(3, round(_CLASSES[stage] * np.exp(rng.normal(0, 0.35)))) for stage in stages])
    classes = np.minimum(np.round(classes * (0.8 + 0.7 * land.urban[cells])).astype(int), 90)
    pupils = [int(n * _CLASS_SIZE[stage] * rng.uniform(0.82, 1.12)) for n, stage in zip(classes, stages, strict=True)]
    lacking = set(rng.choice(count, max(1, count // 130), replace=False).tolist())
    rows: list[tuple[object, ...]] = [
        (f"TH{n + 1:04d}", titles[n], _STAGE_WORDS[str(stages[n])], int(classes[n]), pupils[n],
         *((None, None) if n in lacking else (round(float(position[n, 0]), 6), round(float(position[n, 1]), 6))))
        for n in range(count)
    ]  # fmt: skip
    header = ("MA_TRUONG", "TEN_TRUONG", "CAP_HOC", "SO_LOP", "SO_HS", "KINH_DO", "VI_DO")
    return _write_xlsx(folder / "school.xlsx", "Trường học", header, rows), len(lacking)


def write_clinics(land: Land, folder: Path) -> Path:
    """Workbook of hospitals in the district seats, clinics in towns, a health station in every second commune."""
    rng, count = chance.stream(land.seed, "clinics"), land.scale.clinics
    hospitals = min(max(2, count // 10), 2 * len(land.seats))
    clinics = count // 4
    seat_cells = [int(np.argmin(np.hypot(*(land.mosaic.points - seat).T))) for seat in land.seats]
    cells = np.concatenate(
        [
            np.resize(seat_cells, hospitals),
            populated_cells(land, clinics, rng, urban=1.0),
            np.resize(rng.permutation(len(land.population)), count - hospitals - clinics),
        ]
    )
    kinds = ["hospital"] * hospitals + ["clinic"] * clinics + ["health_station"] * (count - hospitals - clinics)
    position = lonlat(settled_points(land, cells, rng, spread=0.12))
    commune = old_commune_names(land)
    words = {"hospital": "Bệnh viện Đa khoa", "clinic": "Phòng khám Đa khoa", "health_station": "Trạm Y tế"}
    titles = _distinct([f"{words[kind]} {commune[cell]}" for kind, cell in zip(kinds, cells, strict=True)])
    rows: list[tuple[object, ...]] = []
    for n, kind in enumerate(kinds):
        big = 4.5 if n < 3 else 1.0  # the first three are the provincial hospitals
        beds = {"hospital": 170 * big * np.exp(rng.normal(0, 0.3)), "clinic": rng.integers(0, 15),
                "health_station": rng.integers(4, 9)}[kind]  # fmt: skip
        doctors = {"hospital": beds * rng.uniform(0.18, 0.26), "clinic": rng.integers(3, 12),
                   "health_station": rng.integers(1, 4)}[kind]  # fmt: skip
        rows.append((f"YT{n + 1:04d}", titles[n], _CLINIC_WORDS[kind], int(beds), int(doctors),
                     round(float(position[n, 0]), 6), round(float(position[n, 1]), 6)))  # fmt: skip
    header = ("MA_CSYT", "TEN_CSYT", "LOAI_HINH", "SO_GIUONG", "SO_BS", "KINH_DO", "VI_DO")
    return _write_xlsx(folder / "clinic.xlsx", "Cơ sở y tế", header, rows)


def write_cameras(land: Land, folder: Path, *, until: datetime) -> tuple[Path, int]:
    """CSV of cameras; a few rows have longitude and latitude exchanged, and their number is returned."""
    rng, count = chance.stream(land.seed, "cameras"), land.scale.cameras
    cells = populated_cells(land, count, rng, urban=1.3)
    position = lonlat(settled_points(land, cells, rng, spread=0.15))
    commune = old_commune_names(land)
    online = rng.random(count) < 0.93
    silent = np.where(online, rng.uniform(0.1, 4, count), 60 * rng.lognormal(3.2, 1.3, count))
    swapped = rng.choice(count, max(1, count // 100), replace=False)
    lon, lat = np.round(position, 6).T.copy()
    lon[swapped], lat[swapped] = lat[swapped], lon[swapped].copy()
    heading = rng.integers(0, 72, count) * 5
    frame = pd.DataFrame(
        {
            "MA_CAMERA": [f"CAM{n + 1:04d}" for n in range(count)],
            "TEN": _distinct([f"Ngã tư {commune[c]} - hướng {_DIRECTIONS[int(h) // 90 % 4]}"
                              for c, h in zip(cells, heading, strict=True)]),
            "LINH_VUC": rng.choice(("traffic", "order", "environment", "services"), count, p=(0.55, 0.25, 0.12, 0.08)),
            "HUONG": heading,
            "GOC_MO": rng.choice((45, 60, 75, 90, 110, 360), count, p=(0.1, 0.3, 0.2, 0.25, 0.1, 0.05)),
            "TRANG_THAI": np.where(online, "Hoạt động", "Mất kết nối"),
            "LAN_CUOI": [(until - timedelta(minutes=float(m))).strftime("%Y-%m-%d %H:%M:%S") for m in silent],
            "URL": [_picture_address(n) for n in range(count)],
            "KINH_DO": lon,
            "VI_DO": lat,
        }
    )  # fmt: skip
    path = folder / "camera.csv"
    frame.to_csv(path, index=False)
    return path, len(swapped)


def _picture_address(number: int) -> str:
    """A few cameras answer with pictures drawn by this server (``camera_source``); the others have no address."""
    return f"{server_settings().url}/sample-camera/CAM{number + 1:04d}.jpg" if number < ANSWERING else ""


def _distinct(titles: list[str]) -> list[str]:
    """Repeated names get a letter, as schools have them: A, B, C."""
    seen: dict[str, int] = {}
    for title in titles:
        seen[title] = seen.get(title, 0) + 1
    used: dict[str, int] = {}
    result = []
    for title in titles:
        used[title] = used.get(title, 0) + 1
        number = used[title]
        letter = chr(64 + number) if number <= 26 else str(number)
        result.append(title if seen[title] == 1 else f"{title} {letter}")
    return result


def _write_xlsx(path: Path, sheet: str, header: tuple[str, ...], rows: list[tuple[object, ...]]) -> Path:
    book = Workbook(write_only=True)
    book.properties.title = f"{sheet} (mẫu tổng hợp)"
    page = book.create_sheet(sheet)
    page.append(header)
    for row in rows:
        page.append(row)
    book.save(path)
    return path
