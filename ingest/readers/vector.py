"""Vector files: every format GDAL reads, and GeoParquet."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pyproj
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from ingest.options import SourceOptions
from ingest.readers.base import BATCH_ROWS, Batch, Geometries
from spatial.errors import SourceUnreadable, WrongEncoding


def decode_wkb(column: pa.ChunkedArray | pa.Array) -> Geometries:
    """Shapely geometries of a WKB column; damaged ones become None, which the checks then report."""
    values = column.to_numpy(zero_copy_only=False) if isinstance(column, pa.Array) else column.to_numpy()
    return np.asarray(shapely.from_wkb(values, on_invalid="ignore"), dtype=object)


def vector_source(path: Path) -> str:
    """What GDAL is asked to open: a zip is read in place."""
    if not zipfile.is_zipfile(path):
        return str(path)
    with zipfile.ZipFile(path) as archive:
        inside = [name for name in archive.namelist() if name.lower().endswith((".shp", ".gpkg", ".geojson", ".gml"))]
    return f"/vsizip/{path}/{inside[0]}" if len(inside) == 1 else f"/vsizip/{path}"


def _layer_names(source: str, path: Path, wanted: str | None) -> list[str]:
    try:
        listed = pyogrio.list_layers(source)
    except DataSourceError:
        raise SourceUnreadable(f"{path.name} is not a vector file that GDAL can read, or it is damaged.") from None
    names = [str(name) for name, _kind in listed]
    if wanted is not None:
        if wanted not in names:
            raise SourceUnreadable(f"{path.name} has no layer {wanted!r}; its layers are: {', '.join(names)}.")
        return [wanted]
    with_geometry = [str(name) for name, kind in listed if kind is not None]
    return with_geometry or names


def read_vector(path: Path, options: SourceOptions, known: frozenset[str]) -> Iterator[Batch]:
    """Features of one layer of the file, or of all its layers; numbered from 1.

    :raises SourceUnreadable: when GDAL cannot open the file.
    :raises WrongEncoding: when its texts are not in the declared encoding.
    """
    source = vector_source(path)
    number = 1
    for name in _layer_names(source, path, options.sheet):
        try:
            for batch in _read_layer(source, name, options, number):
                yield batch
                number += len(batch.lines)
        except UnicodeDecodeError as error:
            raise WrongEncoding(f"{path.name} is not {error.encoding}: feature {number} or later.") from None
        except (DataSourceError, DataLayerError, pa.ArrowInvalid, OSError) as error:
            raise SourceUnreadable(f"{path.name} cannot be read: {str(error).splitlines()[0]}.") from None


def _read_layer(source: str, name: str, options: SourceOptions, number: int) -> Iterator[Batch]:
    # Only shapefiles and their kind have an encoding of their own; naming one for the others is an error.
    encoding = options.encoding if ".shp" in source.lower() or ".dbf" in source.lower() else None
    with pyogrio.open_arrow(
        source, layer=name, batch_size=BATCH_ROWS, use_pyarrow=True, encoding=encoding, datetime_as_string=False
    ) as (meta, reader):
        crs = crs_of(meta["crs"])
        for chunk in reader:
            table = pa.Table.from_batches([chunk])
            geometry = None
            column = meta["geometry_name"] or "wkb_geometry"
            if column in table.column_names:
                geometry = decode_wkb(table[column])
                table = table.drop_columns([column])
            rows = table.num_rows if table.num_columns else chunk.num_rows
            yield Batch(table, np.arange(number, number + rows, dtype=np.int64), geometry, crs)
            number += rows


def crs_of(text: str | None) -> int | str | None:
    """EPSG code of what a file says about itself, its WKT when no code fits, None when it says nothing."""
    if not text:
        return None
    crs = pyproj.CRS.from_user_input(text)
    code = crs.to_epsg(min_confidence=70)
    return code if code is not None else crs.to_wkt()


def read_geoparquet(path: Path, options: SourceOptions, known: frozenset[str]) -> Iterator[Batch]:
    """Rows of a (Geo)Parquet file, numbered from 1.

    :raises SourceUnreadable: when the file is not Parquet, or its geometry is not WKB.
    """
    try:
        file = pq.ParquetFile(path)
        geo = json.loads((file.schema_arrow.metadata or {}).get(b"geo", b"{}"))
        primary = geo.get("primary_column")
        column = geo.get("columns", {}).get(primary, {})
        if column and column.get("encoding") != "WKB":
            raise SourceUnreadable(f"{path.name} keeps geometry as {column.get('encoding')}; only WKB is read.")
        crs = crs_of(json.dumps(column["crs"])) if column.get("crs") else (4326 if column else None)
        number = 1
        for chunk in file.iter_batches(BATCH_ROWS):
            table = pa.Table.from_batches([chunk])
            geometry = decode_wkb(table[primary]) if primary else None
            table = table.drop_columns([primary]) if primary else table
            yield Batch(table, np.arange(number, number + chunk.num_rows, dtype=np.int64), geometry, crs)
            number += chunk.num_rows
    except (pa.ArrowInvalid, OSError, json.JSONDecodeError) as error:
        raise SourceUnreadable(f"{path.name} is not a Parquet file that can be read: {error}.") from None
