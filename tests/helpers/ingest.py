"""Small source files and a shorthand for loading them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely
from sqlalchemy import text

from ingest.options import SourceOptions
from ingest.pipeline import run_file
from ingest.report import RunReport
from layers.registry import get_layer
from spatial.access import SYSTEM, connect

REFORM = date(2025, 7, 1)
WEST, SOUTH, EAST, NORTH = 105.8, 20.2, 106.2, 20.4  # the province of these tests
MIDDLE = 106.0  # border of its two communes, and of its two former districts


def load(layer: str, path: Path, *, force: bool = False, dry_run: bool = False, **options: Any) -> RunReport:
    """Load a file as the system does."""
    return run_file(
        get_layer(layer), path, actor=SYSTEM, options=SourceOptions(**options), force=force, dry_run=dry_run
    )


def query(statement: str, **values: Any) -> list[Any]:
    """Rows of a statement."""
    with connect(SYSTEM) as connection:
        return list(connection.execute(text(statement), values))


def scalar(statement: str, **values: Any) -> Any:
    return query(statement, **values)[0][0]


def rejects(layer: str) -> list[tuple[int, str | None, str]]:
    """Line, field and reason of the rows that were not stored."""
    return [
        tuple(row)
        for row in query(
            "SELECT line, field, reason FROM ops.quarantine WHERE layer_id = :layer AND NOT kept ORDER BY line, id",
            layer=layer,
        )
    ]


def fingerprint(*tables: str) -> list[Any]:
    """Everything in some tables, to compare before and after."""
    return [query(f"SELECT t::text FROM {table} t ORDER BY 1") for table in tables]


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], encoding: str = "utf-8") -> Path:
    """A text table; None is an empty cell."""
    lines = [",".join(header)] + [",".join("" if cell is None else str(cell) for cell in row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def unit(code: str, level: str, name: str, shape: shapely.Geometry, **more: Any) -> dict[str, Any]:
    """A row of a units file."""
    kinds = {"province": "Tỉnh", "district": "Huyện", "commune": "Xã"}
    row = {"code": code, "level": level, "type_vi": kinds[level], "name": name, "parent_code": None,
           "valid_from": REFORM, "valid_to": None, "population": 1000, "area_km2": 10.0, "geometry": shape}  # fmt: skip
    return row | more


def write_features(path: Path, rows: Sequence[Mapping[str, Any]], crs: int | None = 4326, **options: Any) -> Path:
    """A vector file of the format its suffix says."""
    frame = gpd.GeoDataFrame(list(rows), geometry="geometry", crs=crs)
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_file(path, engine="pyogrio", **options)
    return path


def write_units(folder: Path) -> Path:
    """One province, two communes of today, and the two districts before the reform."""
    west, east = shapely.box(WEST, SOUTH, MIDDLE, NORTH), shapely.box(MIDDLE, SOUTH, EAST, NORTH)
    old = {"valid_from": date(1997, 1, 1), "valid_to": REFORM, "parent_code": "97"}
    rows = [
        unit("97", "province", "Sông Hà", shapely.box(WEST, SOUTH, EAST, NORTH)),
        unit("97001", "commune", "Tây Hà", west, parent_code="97"),
        unit("97002", "commune", "Đông Hà", east, parent_code="97"),
        unit("971", "district", "Tây", west, **old),
        unit("972", "district", "Đông", east, **old),
    ]
    return write_features(folder / "units.gpkg", rows)
