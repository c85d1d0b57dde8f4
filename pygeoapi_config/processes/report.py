"""A unit on a day in one document: counts by layer, newest indicators, what its stations measured."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from pygeoapi.process.base import BaseProcessor
from sqlalchemy import Connection

from layers.model import Layer
from layers.registry import get_layer, registry
from pygeoapi_config.processes.inputs import (
    find_unit,
    in_english,
    read_day,
    read_text,
    refuse_unknown,
    today,
)
from spatial.access import PUBLIC, connect
from spatial.admin_units import Unit
from spatial.queries.reports import newest_indicators, station_means, summary_counts
from spatial.schema.feature import feature_table
from spatial.settings import LOCAL_ZONE

INPUTS = ("unit", "level", "date")
METADATA: dict[str, Any] = {
    "version": "1.0.0",
    "id": "unit-report",
    "title": {"vi": "Báo cáo đơn vị hành chính", "en": "Report of a unit"},
    "description": {
        "vi": "Số đối tượng theo lớp, chỉ tiêu mới nhất và số liệu quan trắc 24 giờ của một đơn vị tại một ngày.",
        "en": "Features by layer, newest indicators and 24 hours of station values of a unit on a day.",
    },
    "keywords": {"vi": ["báo cáo", "đơn vị hành chính"], "en": ["report", "administrative unit"]},
    "jobControlOptions": ["sync-execute", "async-execute"],
    "links": [],
    "inputs": {
        "unit": {
            "title": {"vi": "Đơn vị", "en": "Unit"},
            "description": {
                "vi": "Mã đơn vị (94001), hoặc khóa của một phiên bản (94001.2025-07-01)",
                "en": "Unit code (94001), or the key of a version (94001.2025-07-01)",
            },
            "schema": {"type": "string"},
            "minOccurs": 1,
            "maxOccurs": 1,
        },
        "level": {
            "title": {"vi": "Cấp", "en": "Level"},
            "description": {"vi": "Cấp của đơn vị", "en": "Level of the unit"},
            "schema": {"type": "string", "enum": ["province", "district", "commune"]},
            "minOccurs": 0,
            "maxOccurs": 1,
        },
        "date": {
            "title": {"vi": "Ngày", "en": "Day"},
            "description": {"vi": "Mặc định: hôm nay", "en": "Default: today"},
            "schema": {"type": "string", "format": "date"},
            "minOccurs": 0,
            "maxOccurs": 1,
        },
    },
    "outputs": {
        "report": {
            "title": {"vi": "Báo cáo", "en": "Report"},
            "description": {"vi": "Một tài liệu JSON", "en": "One JSON document"},
            "schema": {"type": "object", "contentMediaType": "application/json"},
        }
    },
    "example": {"inputs": {"unit": "97"}},
}


class ReportProcess(BaseProcessor):
    """See METADATA."""

    def __init__(self, definition: dict[str, Any]) -> None:
        super().__init__(definition, METADATA)

    def execute(self, data: dict[str, Any], outputs: Any = None) -> tuple[str, dict[str, Any]]:
        """The report.

        :raises BadInput: when an input is wrong.
        """
        inputs = refuse_unknown(data, INPUTS)
        unit = read_text(inputs, "unit", required=True) or ""
        level, asked = read_text(inputs, "level"), read_day(inputs, "date")
        language = "en" if in_english() else "vi"
        with connect(PUBLIC) as conn:
            found = find_unit(conn, unit=unit, level=level, day=asked)
            day = asked or today()
            return "application/json", {
                "date": day.isoformat(),
                "unit": _unit(found, language),
                "layers": _counts(conn, found, language),
                "indicators": _indicators(conn, found, day, language),
                "observations": _observations(conn, found, day, language),
            }


def _unit(unit: Unit, language: str) -> dict[str, Any]:
    return {
        "key": unit.key,
        "code": unit.code,
        "level": unit.level,
        "name": unit.full_name(language),
        "valid_from": unit.valid_from.isoformat(),
        "valid_to": unit.valid_to.isoformat() if unit.valid_to else None,
        "population": unit.population,
        "area_km2": unit.area_km2,
    }


def _public(kind: str) -> list[Layer]:
    return [layer for layer in registry().values() if layer.kind == kind and layer.access == "public"]


def _counts(conn: Connection, unit: Unit, language: str) -> list[dict[str, Any]]:
    layers = {layer.id: layer for layer in _public("feature")}
    counted = summary_counts(conn, unit_id=unit.id, layer_ids=list(layers))
    return [
        {
            "layer": row["layer_id"],
            "title": layers[row["layer_id"]].title[language],
            "features": int(row["features"]),
            "area_m2": row["area_m2"],
        }
        for row in counted
    ]


def _indicators(conn: Connection, unit: Unit, day: date, language: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for layer in _public("indicator"):
        assert layer.indicators is not None
        known = {item.code: item for item in layer.indicators.indicators}
        for row in newest_indicators(conn, unit_id=unit.id, layer_id=layer.id, day=day):
            item = known.get(row["indicator"])
            if item is not None:
                found.append(
                    {"indicator": item.code, "title": item.title[language], "unit_of_measure": item.unit[language],
                     "period": row["period"].isoformat(), "value": row["value"], "state": row["state"]}
                )  # fmt: skip
    return found


def _observations(conn: Connection, unit: Unit, day: date, language: str) -> list[dict[str, Any]]:
    """Good values of the day: from its first hour to midnight, hours ending after 00:00."""
    low = datetime.combine(day, time(0), tzinfo=LOCAL_ZONE)
    found: list[dict[str, Any]] = []
    for layer in _public("observation"):
        assert layer.series is not None
        table = feature_table(get_layer(layer.series.station_layer)).fullname
        known = {item.name: item for item in layer.series.parameters}
        rows = station_means(
            conn, unit_id=unit.id, layer_id=layer.id, table=table, low=low, high=low + timedelta(days=1)
        )
        found += [
            {"layer": layer.id, "parameter": row["parameter"], "title": known[row["parameter"]].title[language],
             "unit_of_measure": known[row["parameter"]].unit, "stations": row["stations"], "values": row["values"],
             "mean": round(row["mean"], 3), "maximum": row["maximum"],
             "limit": next((limit.high for limit in known[row["parameter"]].limits_on(day)), None)}
            for row in rows if row["parameter"] in known
        ]  # fmt: skip
    return found
