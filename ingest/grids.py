"""Grid layers: each time becomes a Cloud Optimized GeoTIFF named by its content, and a row of ``core.grid``."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import rasterio
import rasterio.shutil
import rasterio.transform
import shapely
from rasterio.io import MemoryFile
from rasterio.warp import transform_bounds
from sqlalchemy import text

from ingest.geometry import VIETNAM
from ingest.quarantine import row_json
from ingest.readers import choose_reader
from ingest.readers.raster import Slice, read_geotiff, read_netcdf
from ingest.run import Run
from layers.model import Grid
from spatial.errors import SourceUnreadable, WrongCRS
from spatial.queries.versions import bump_version
from spatial.settings import data_settings

NODATA = -9999.0


@dataclass(frozen=True)
class StoredGrid:
    """A slice on disk. ``path`` is below data/rasters."""

    path: str
    sha256: str


def load_grids(run: Run) -> None:
    """Load one file of a grid layer."""
    grid = run.layer.grid
    assert grid is not None
    for piece in _slices(run, grid):
        run.report.rows_read += 1
        run.progress(f"{run.layer.id}: {piece.time}", 1 - 0.99**run.report.rows_read)
        crs = _crs_of(run, piece)
        cleaned = _clean(run, grid, piece)
        _place(run, cleaned, crs)
        _record(run, cleaned, crs, write_cog(run.layer.id, cleaned, crs, dry_run=run.dry_run))
    if run.report.changed:
        facts = run.connection.execute(
            text("SELECT count(*) AS n, max(time) AS newest FROM core.grid WHERE layer_id = :layer"),
            {"layer": run.layer.id},
        ).one()
        bump_version(run.connection, layer_id=run.layer.id, features=facts.n, data_until=facts.newest)


def _slices(run: Run, grid: Grid) -> Iterator[Slice]:
    name = choose_reader(run.path, run.options.reader)
    if name == "geotiff":
        return read_geotiff(run.path, run.options, grid)
    if name == "netcdf":
        return read_netcdf(run.path, run.options, grid)
    raise SourceUnreadable(f"{run.path.name} is a table ({name}), but layer {run.layer.id!r} holds grids.")


def _crs_of(run: Run, piece: Slice) -> int:
    crs = run.options.crs or piece.crs or 4326
    if isinstance(crs, str):
        raise WrongCRS(f"The coordinate system of {run.path.name} has no EPSG code: say it with the option crs.")
    return crs


def _clean(run: Run, grid: Grid, piece: Slice) -> Slice:
    """Scaled values; cells outside what the layer allows become missing, and are counted."""
    values = piece.values * np.float32(run.options.scale if run.options.scale is not None else grid.scale)
    if grid.nodata is not None:
        values[piece.values == np.float32(grid.nodata)] = np.nan
    outside = np.zeros(values.shape, dtype=bool)
    if grid.low is not None:
        outside |= values < grid.low
    if grid.high is not None:
        outside |= values > grid.high
    count = int(outside.sum())
    if count:
        content = {"lowest": float(np.nanmin(values)), "highest": float(np.nanmax(values)), "cells": count}
        message = f"{count} ô có giá trị ngoài khoảng cho phép, được coi là không có số liệu."
        run.quarantine.add(piece.number, piece.time.isoformat(), "range", message, row_json(content), kept=True)
        run.quarantine.flush()
        run.report.flagged["range"] += count - 1  # the note above counted once; count cells
        values[outside] = np.nan
    return Slice(piece.number, piece.time, values, piece.transform, piece.crs)


def _bounds(piece: Slice, crs: int) -> tuple[float, float, float, float]:
    """West, south, east, north in degrees."""
    height, width = piece.values.shape
    own = rasterio.transform.array_bounds(height, width, piece.transform)
    west, south, east, north = transform_bounds(f"EPSG:{crs}", "EPSG:4326", *own)
    return west, south, east, north


def _place(run: Run, piece: Slice, crs: int) -> None:
    if run.options.inside == "none":
        return
    west, south, east, north = _bounds(piece, crs)
    if not shapely.box(west, south, east, north).intersects(shapely.box(*VIETNAM)):
        raise WrongCRS(
            f"{run.path.name}, read as EPSG:{crs}, covers {west:.3f}, {south:.3f} to {east:.3f}, {north:.3f}: "
            "that is not in Vietnam. Say the right system with the option crs."
        )


def write_cog(layer_id: str, piece: Slice, crs: int, *, dry_run: bool = False) -> StoredGrid:
    """Write a slice below data/rasters, once; the file appears whole or not at all."""
    content = cog_bytes(piece, crs)
    digest = hashlib.sha256(content).hexdigest()
    name = f"{layer_id}/{digest[:32]}.tif"
    target = data_settings().raster(name)
    if not target.exists() and not dry_run:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{target.name}.{os.getpid()}.part")
        try:
            part.write_bytes(content)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    return StoredGrid(name, digest)


def cog_bytes(piece: Slice, crs: int) -> bytes:
    """The slice as a Cloud Optimized GeoTIFF; equal slices give equal bytes."""
    height, width = piece.values.shape
    profile = {
        "driver": "GTiff", "height": height, "width": width, "count": 1, "dtype": "float32", "nodata": NODATA,
        "crs": f"EPSG:{crs}", "transform": piece.transform,
    }  # fmt: skip
    with MemoryFile() as plain, MemoryFile() as cog:
        with plain.open(**profile) as target:
            target.write(np.where(np.isnan(piece.values), np.float32(NODATA), piece.values), 1)
        with plain.open() as source:
            rasterio.shutil.copy(
                source, cog.name, driver="COG", compress="DEFLATE", predictor="YES", blocksize=256,
                overview_resampling="average",
            )  # fmt: skip
        return bytes(cog.getbuffer())


def _record(run: Run, piece: Slice, crs: int, stored: StoredGrid) -> None:
    height, width = piece.values.shape
    known = ~np.isnan(piece.values)
    west, south, east, north = _bounds(piece, crs)
    result = run.connection.execute(
        text(
            "INSERT INTO core.grid AS g (layer_id, time, path, sha256, crs, width, height, minimum, maximum,"
            " footprint, run_id) VALUES (:layer, :time, :path, :sha256, :crs, :width, :height, :minimum, :maximum,"
            " ST_MakeEnvelope(:west, :south, :east, :north, 4326), :run)"
            " ON CONFLICT (layer_id, time) DO UPDATE SET path = excluded.path, sha256 = excluded.sha256,"
            " crs = excluded.crs, width = excluded.width, height = excluded.height, minimum = excluded.minimum,"
            " maximum = excluded.maximum, footprint = excluded.footprint, run_id = excluded.run_id,"
            " updated_at = now() WHERE g.sha256 <> excluded.sha256 RETURNING xmax = 0 AS fresh"
        ),
        {
            "layer": run.layer.id, "time": piece.time, "path": stored.path, "sha256": stored.sha256, "crs": crs,
            "width": width, "height": height, "minimum": float(piece.values[known].min()) if known.any() else None,
            "maximum": float(piece.values[known].max()) if known.any() else None,
            "west": west, "south": south, "east": east, "north": north, "run": run.id,
        },
    ).first()  # fmt: skip
    if result is None:
        run.report.unchanged += 1
    elif result.fresh:
        run.report.inserted += 1
    else:
        run.report.updated += 1
