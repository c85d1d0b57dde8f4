"""Sum or mean of a grid over a unit or a polygon, with exact fractions of the cells on the border."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import numpy as np
import shapely
from pygeoapi.process.base import BaseProcessor
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection

from layers.model import Layer
from layers.registry import registry
from pygeoapi_config.processes.inputs import BadInput, find_unit, read_day, read_text, refuse_unknown
from spatial.access import PUBLIC, connect
from spatial.analysis.zonal import zonal_statistics
from spatial.queries.grids import GridFile, list_grids
from spatial.queries.reports import unit_shape
from spatial.settings import data_settings

INPUTS = ("layer", "unit", "level", "polygon", "date")
MAX_VERTICES = 200_000
METADATA: dict[str, Any] = {
    "version": "1.0.0",
    "id": "zonal-statistics",
    "title": {"vi": "Thống kê lưới theo vùng", "en": "Zonal statistics"},
    "description": {
        "vi": "Tổng hoặc trung bình của một lưới (dân số, lượng mưa) trong một đơn vị hành chính hoặc một vùng vẽ; "
        "ô lưới trên ranh giới được tính theo đúng phần nằm trong vùng.",
        "en": "Sum or mean of a grid (people, rainfall) in an administrative unit or a drawn polygon; cells on the "
        "border count by the exact part inside.",
    },
    "keywords": {"vi": ["lưới", "thống kê", "dân số", "lượng mưa"], "en": ["grid", "zonal", "population", "rainfall"]},
    "jobControlOptions": ["sync-execute", "async-execute"],
    "links": [],
    "inputs": {
        "layer": {
            "title": {"vi": "Lớp lưới", "en": "Grid layer"},
            "description": {"vi": "Mã của lớp lưới", "en": "Id of the grid layer"},
            "schema": {"type": "string"},
            "minOccurs": 1,
            "maxOccurs": 1,
        },
        "unit": {
            "title": {"vi": "Đơn vị", "en": "Unit"},
            "description": {
                "vi": "Mã đơn vị (94001), hoặc khóa của một phiên bản (94001.2025-07-01)",
                "en": "Unit code (94001), or the key of a version (94001.2025-07-01)",
            },
            "schema": {"type": "string"},
            "minOccurs": 0,
            "maxOccurs": 1,
        },
        "level": {
            "title": {"vi": "Cấp", "en": "Level"},
            "description": {"vi": "Cấp của đơn vị", "en": "Level of the unit"},
            "schema": {"type": "string", "enum": ["province", "district", "commune"]},
            "minOccurs": 0,
            "maxOccurs": 1,
        },
        "polygon": {
            "title": {"vi": "Vùng", "en": "Polygon"},
            "description": {
                "vi": "GeoJSON Polygon hoặc MultiPolygon, kinh độ trước; thay cho đơn vị",
                "en": "GeoJSON Polygon or MultiPolygon, longitude first; instead of a unit",
            },
            "schema": {"type": "object"},
            "minOccurs": 0,
            "maxOccurs": 1,
        },
        "date": {
            "title": {"vi": "Ngày", "en": "Day"},
            "description": {
                "vi": "Ngày của lưới và của đơn vị; mặc định là lưới mới nhất và hôm nay",
                "en": "Day of the grid and of the unit; default: the newest grid, and today",
            },
            "schema": {"type": "string", "format": "date"},
            "minOccurs": 0,
            "maxOccurs": 1,
        },
    },
    "outputs": {
        "statistics": {
            "title": {"vi": "Kết quả", "en": "Result"},
            "description": {
                "vi": "Giá trị, cách tính, đơn vị đo, ngày của lưới, phần vùng có dữ liệu",
                "en": "Value, method, unit of measure, day of the grid, part of the area with data",
            },
            "schema": {"type": "object", "contentMediaType": "application/json"},
        }
    },
    "example": {"inputs": {"layer": "population_grid", "unit": "97"}},
}


class ZonalProcess(BaseProcessor):
    """See METADATA."""

    def __init__(self, definition: dict[str, Any]) -> None:
        super().__init__(definition, METADATA)

    def execute(self, data: dict[str, Any], outputs: Any = None) -> tuple[str, dict[str, Any]]:
        """The statistics.

        :raises BadInput: when an input is wrong.
        """
        inputs = refuse_unknown(data, INPUTS)
        layer = _grid_layer(read_text(inputs, "layer", required=True) or "")
        unit, level, day = read_text(inputs, "unit"), read_text(inputs, "level"), read_day(inputs, "date")
        polygon = inputs.get("polygon")
        if (unit is None) == (polygon is None):
            raise BadInput("Give either unit or polygon.")
        with connect(PUBLIC) as conn:
            grid = _grid(conn, layer, day)
            place: dict[str, Any] = {}
            if unit is not None:
                found = find_unit(conn, unit=unit, level=level, day=day)
                shape = shapely.from_wkb(unit_shape(conn, unit_id=found.id))
                place = {"unit": {"key": found.key, "code": found.code, "level": found.level,
                                  "name": found.full_name()}}  # fmt: skip
            else:
                shape = _read_polygon(polygon)
        assert layer.grid is not None
        result = zonal_statistics(
            [data_settings().raster(grid.path)], np.array([shape]), crs=grid.crs, how=layer.grid.zonal
        )
        value, covered = float(result.value[0, 0]), float(result.covered[0, 0])
        return "application/json", {
            "layer": layer.id,
            **place,
            "time": grid.time.isoformat(),
            "method": layer.grid.zonal,
            "value": None if np.isnan(value) else value,
            "unit_of_measure": layer.grid.unit,
            "covered": round(covered, 4),
        }


def _grid_layer(layer_id: str) -> Layer:
    grids = {item.id: item for item in registry().values() if item.kind == "grid" and item.access == "public"}
    if layer_id not in grids:
        raise BadInput(f"There is no grid layer {layer_id!r}; the grid layers are: {', '.join(grids)}.")
    return grids[layer_id]


def _grid(conn: Connection, layer: Layer, day: date | None) -> GridFile:
    """The newest grid on or before a day; of a daily layer, the one of that day."""
    assert layer.grid is not None
    low = day if layer.grid.time == "day" else None
    found = list_grids(conn, layer_id=layer.id, low=low, high=day, limit=1)
    if not found:
        raise BadInput(f"There is no grid of {layer.id} for {day.isoformat() if day else 'any day'}.")
    return found[-1]


def _read_polygon(value: object) -> BaseGeometry:
    if not isinstance(value, dict) or value.get("type") not in ("Polygon", "MultiPolygon"):
        raise BadInput("polygon is a GeoJSON Polygon or MultiPolygon.")
    try:
        shape = shapely.from_geojson(json.dumps(value))
    except (shapely.errors.ShapelyError, ValueError, TypeError):
        raise BadInput("polygon is not valid GeoJSON.") from None
    if shape is None or shape.is_empty or shapely.get_num_coordinates(shape) > MAX_VERTICES:
        raise BadInput(f"polygon is empty, or has more than {MAX_VERTICES:,} vertices.")
    if not shape.is_valid:
        raise BadInput(f"polygon is not valid: {shapely.is_valid_reason(shape)}.")
    west, south, east, north = shape.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise BadInput("polygon is in degrees, longitude first.")
    return shape
