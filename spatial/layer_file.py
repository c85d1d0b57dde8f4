"""The head of a source file, to propose a layer from: text, workbook, or any vector format GDAL reads."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from zipfile import BadZipFile

import geopandas
import pandas as pd
import pyogrio
from python_calamine import CalamineError

from layers.model import GeometryType
from spatial.errors import LayerRefused, SourceUnreadable, WrongEncoding
from spatial.workbooks import unreadable_workbook

SAMPLE_ROWS = 5000
TEXT_SUFFIXES = (".csv", ".txt", ".tsv")
EXCEL_SUFFIXES = (".xlsx", ".xls", ".xlsb", ".ods")


@dataclass(frozen=True)
class Table:
    """The head of a file: its columns in order, and the geometry it carries itself."""

    frame: pd.DataFrame
    reader: Literal["csv", "excel", "vector", "geoparquet"]
    geometry: GeometryType | None = None
    crs: int | None = None
    encoding: str = "utf-8"
    delimiter: str | None = None


def geometry_type(shapes: set[str]) -> GeometryType:
    """The layer's geometry type for the shapes found in a file.

    :raises LayerRefused: when points, lines and areas are mixed.
    """
    plain = {shape.upper().split()[0].removeprefix("MULTI") for shape in shapes if shape and shape != "NAN"}
    known: dict[str, GeometryType] = {"POINT": "Point", "LINESTRING": "MultiLineString", "POLYGON": "MultiPolygon"}
    if len(plain) != 1 or not plain <= set(known):
        raise LayerRefused(
            f"A layer holds points, lines or areas; the file has {', '.join(sorted(plain)) or 'none of them'}."
        )
    return known[plain.pop()]


def read_head(path: Path, *, encoding: str) -> Table:
    """The first rows of a text file, a workbook, or any vector file GDAL reads.

    :raises SourceUnreadable: when the file is missing or not of the format its name says.
    """
    if not path.is_file() and not path.is_dir():
        raise SourceUnreadable(f"There is no file {path}.")
    suffix = Path(path.stem).suffix.lower() if path.suffix.lower() == ".gz" else path.suffix.lower()
    try:
        if suffix in TEXT_SUFFIXES:
            return _read_text(path, encoding)
        if suffix in EXCEL_SUFFIXES:
            return _read_workbook(path)
        if suffix in (".parquet", ".geoparquet"):
            return _read_geoparquet(path)
        return _read_vector(path)
    except UnicodeDecodeError as error:
        raise WrongEncoding(
            f"{path.name} is not written in {encoding} (byte {error.start}); say which with --encoding."
        ) from None
    except (ValueError, OSError, csv.Error, pyogrio.errors.DataSourceError) as error:
        raise SourceUnreadable(f"{path.name} cannot be read: {str(error).splitlines()[0]}") from None


def _read_text(path: Path, encoding: str) -> Table:
    codec = "utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding=codec) as lines:
        start = lines.readline()
    counts = {mark: start.count(mark) for mark in ",;\t|"}
    delimiter = max(counts, key=lambda mark: counts[mark])
    frame = pd.read_csv(
        path, sep=delimiter, dtype=str, encoding=codec, nrows=SAMPLE_ROWS, keep_default_na=False, na_values=[""]
    )
    return Table(frame, "csv", encoding=encoding, delimiter=delimiter)


def _read_workbook(path: Path) -> Table:
    try:
        return Table(pd.read_excel(path, nrows=SAMPLE_ROWS, dtype=object, engine="calamine"), "excel")
    except (CalamineError, BadZipFile) as error:
        raise unreadable_workbook(path, error) from None


def _read_geoparquet(path: Path) -> Table:
    frame = geopandas.read_parquet(path)
    shapes = {str(shape) for shape in frame.geom_type.dropna().unique()}
    code = frame.crs.to_epsg() if frame.crs is not None else None
    plain = pd.DataFrame(frame.drop(columns=frame.geometry.name)).head(SAMPLE_ROWS).astype(object)
    return Table(plain, "geoparquet", geometry_type(shapes), code)


def _read_vector(path: Path) -> Table:
    frame = pyogrio.read_dataframe(path, max_features=SAMPLE_ROWS)
    if "geometry" not in frame.columns:
        return Table(pd.DataFrame(frame).astype(object), "vector")
    shapes = {str(shape) for shape in frame.geom_type.dropna().unique()}
    code = frame.crs.to_epsg() if frame.crs is not None else None
    return Table(pd.DataFrame(frame.drop(columns="geometry")).astype(object), "vector", geometry_type(shapes), code)
