"""OGC API - Environmental Data Retrieval over station series: CoverageJSON and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from typing import Any

from flask import has_request_context, request
from pygeoapi.formatter.base import BaseFormatter
from pygeoapi.provider.base_edr import BaseEDRProvider
from shapely.geometry.base import BaseGeometry

from layers.model import Layer, Parameter
from layers.registry import get_layer
from pygeoapi_config.errors import BadRequest, NotFound
from pygeoapi_config.times import read_period
from spatial.access import PUBLIC, connect
from spatial.queries.edr import (
    METRES_OF_POSITION,
    Station,
    Value,
    all_stations,
    nearest_station,
    series_values,
    station,
    stations_in,
)
from spatial.queries.features import Period

MAX_VALUES = 200_000
METRES = {
    "m": 1.0,
    "metre": 1.0,
    "metres": 1.0,
    "meters": 1.0,
    "km": 1000.0,
    "kilometres": 1000.0,
    "kilometers": 1000.0,
}
CRS84_SYSTEM = {"type": "GeographicCRS", "id": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}
REFERENCING = [
    {"coordinates": ["x", "y"], "system": CRS84_SYSTEM},
    {"coordinates": ["t"], "system": {"type": "TemporalRS", "calendar": "Gregorian"}},
]


@cache
def _fields(layer_id: str, language: str) -> dict[str, dict[str, Any]]:
    series = get_layer(layer_id).series
    assert series is not None
    return {
        item.name: {"type": "number", "title": item.title[language], "x-ogc-unit": item.unit}
        for item in series.parameters
    }


class ObservationProvider(BaseEDRProvider):
    """Series of one observation layer; ``data`` in the configuration is its id."""

    def __init__(self, definition: dict[str, Any]) -> None:
        # See FeatureProvider: the base class would build a CRS object per request.
        self.name, self.type, self.data = definition["name"], definition["type"], definition["data"]
        self.editable, self.filename = False, None
        self.id_field, self.time_field, self.title_field, self.uri_field = "id", None, None, None
        self.properties: list[str] = []
        self._layer: Layer = get_layer(self.data)

    def get_fields(self) -> dict[str, dict[str, Any]]:
        """Parameters with their units."""
        english = has_request_context() and request.args.get("lang", "").startswith("en")
        return {name: dict(entry) for name, entry in _fields(self.data, "en" if english else "vi").items()}

    @property
    def fields(self) -> dict[str, dict[str, Any]]:
        return self.get_fields()

    def get_parameters(self, parameters: Iterable[str] = (), as_list: bool = False) -> Any:
        """CoverageJSON parameters in both languages."""
        series = self._layer.series
        assert series is not None
        wanted = set(parameters)
        found = {item.name: _parameter(item) for item in series.parameters if not wanted or item.name in wanted}
        return list(found.values()) if as_list else found

    def position(self, **query: Any) -> dict[str, Any]:
        """The series of the station nearest to a point.

        :raises NotFound: when no station is near.
        """
        point = _shape(query, "Point", "position")
        with connect(PUBLIC) as conn:
            found = nearest_station(conn, layer=self._layer, wkt=point.wkt)
        if found is None:
            raise NotFound(f"No station lies within {METRES_OF_POSITION / 1000:.0f} km of that position.")
        return self._coverages([found], query)[0]

    def area(self, **query: Any) -> dict[str, Any]:
        """The series of the stations inside a polygon."""
        polygon = _shape(query, "Polygon", "area")
        with connect(PUBLIC) as conn:
            found = stations_in(conn, layer=self._layer, wkt=polygon.wkt)
        return self._collection(found, query)

    def radius(self, **query: Any) -> dict[str, Any]:
        """The series of the stations within a distance of a point."""
        point = _shape(query, "Point", "radius")
        unit = (query.get("within_units") or "m").lower()
        try:
            distance = float(query.get("within") or "") * METRES[unit]
        except (ValueError, KeyError):
            raise BadRequest("radius needs within=<number> and within-units=m or km.") from None
        if not 0 < distance <= 1_000_000:
            raise BadRequest("within must be more than 0 and at most 1,000 km.")
        with connect(PUBLIC) as conn:
            found = stations_in(conn, layer=self._layer, wkt=point.wkt, metres=distance)
        return self._collection(found, query)

    def cube(self, **query: Any) -> dict[str, Any]:
        """The series of the stations inside a bounding box."""
        with connect(PUBLIC) as conn:
            found = stations_in(conn, layer=self._layer, wkt=_box_wkt(query["bbox"]))
        return self._collection(found, query)

    def locations(self, **query: Any) -> dict[str, Any]:
        """The stations as GeoJSON; with an id, the series of that station.

        :raises NotFound: when there is no such station.
        """
        key = query.get("location_id")
        with connect(PUBLIC) as conn:
            if key is not None:
                one = station(conn, layer=self._layer, key=key)
                found = [one] if one else []
            elif query.get("bbox"):
                found = stations_in(conn, layer=self._layer, wkt=_box_wkt(query["bbox"]))
            else:
                found = all_stations(conn, layer=self._layer)
        if key is None:
            return self._locations(found)
        if not found:
            raise NotFound(f"There is no station {key!r} in {self.data}.")
        return self._coverages(found, query)[0]

    def _locations(self, stations: list[Station]) -> dict[str, Any]:
        features = [
            {
                "type": "Feature",
                "id": item.key,
                "geometry": {"type": "Point", "coordinates": [item.longitude, item.latitude]},
                "properties": {"name": item.name or item.key},
            }
            for item in stations
        ]
        return {"type": "FeatureCollection", "features": features, "parameters": self.get_parameters(as_list=True)}

    def _collection(self, stations: list[Station], query: dict[str, Any]) -> dict[str, Any]:
        names = self._parameters(query)
        return {
            "type": "CoverageCollection",
            "domainType": "PointSeries",
            "parameters": self.get_parameters(names),
            "referencing": REFERENCING,
            "coverages": [
                {key: value for key, value in coverage.items() if key != "parameters"}
                for coverage in self._coverages(stations, query)
            ],
        }

    def _coverages(self, stations: list[Station], query: dict[str, Any]) -> list[dict[str, Any]]:
        names = self._parameters(query)
        try:
            period = read_period(query.get("datetime_")) or Period(None, None)
        except ValueError as error:
            raise BadRequest(str(error)) from None
        keys = [item.key for item in stations]
        with connect(PUBLIC) as conn:
            values = series_values(
                conn, layer=self._layer, keys=keys, parameters=names, low=period.low, high=period.high,
                limit=MAX_VALUES + 1,
            )  # fmt: skip
        if len(values) > MAX_VALUES:
            raise BadRequest(
                f"That is more than {MAX_VALUES:,} values: ask for fewer by datetime, parameter-name or area."
            )
        by_station = {key: list(rows) for key, rows in groupby(values, key=lambda row: row.key)}
        return [self._coverage(item, by_station.get(item.key, []), names) for item in stations]

    def _coverage(self, item: Station, values: list[Value], names: list[str]) -> dict[str, Any]:
        times = sorted({row.time for row in values})
        place = {time: number for number, time in enumerate(times)}
        ranges: dict[str, list[float | None]] = {name: [None] * len(times) for name in names}
        for row in values:
            ranges[row.parameter][place[row.time]] = row.value
        return {
            "type": "Coverage",
            "id": item.key,
            "domain": {
                "type": "Domain",
                "domainType": "PointSeries",
                "axes": {
                    "x": {"values": [item.longitude]},
                    "y": {"values": [item.latitude]},
                    "t": {"values": [f"{time:%Y-%m-%dT%H:%M:%SZ}" for time in times]},
                },
                "referencing": REFERENCING,
            },
            "parameters": self.get_parameters(names),
            "ranges": {
                name: {
                    "type": "NdArray", "dataType": "float", "axisNames": ["t"], "shape": [len(times)], "values": column,
                }
                for name, column in ranges.items()
            },
        }  # fmt: skip

    def _parameters(self, query: dict[str, Any]) -> list[str]:
        known = list(self.fields)
        wanted = [name for name in query.get("select_properties") or () if name]
        unknown = [name for name in wanted if name not in known]
        if unknown:
            raise BadRequest(f"There is no parameter {unknown[0]!r}; the parameters are: {', '.join(known)}.")
        return [name for name in known if not wanted or name in wanted]

    def __repr__(self) -> str:
        return f"<ObservationProvider> {self.data}"


def _parameter(item: Parameter) -> dict[str, Any]:
    return {
        "id": item.name,
        "type": "Parameter",
        "description": {"vi": item.title.vi, "en": item.title.en},
        "observedProperty": {"id": item.name, "label": {"vi": item.title.vi, "en": item.title.en}},
        "unit": {"label": {"vi": item.unit, "en": item.unit}, "symbol": item.unit},
    }


def _shape(query: dict[str, Any], kind: str, name: str) -> BaseGeometry:
    shape: BaseGeometry = query["wkt"]
    allowed = (kind, f"Multi{kind}") if kind == "Polygon" else (kind,)
    if shape.geom_type not in allowed or shape.is_empty:
        raise BadRequest(f"coords of {name} is a {kind.upper()} in WKT, longitude first: POINT(105.97 20.25).")
    if not shape.is_valid:
        raise BadRequest("coords is not a valid geometry: its ring crosses itself.")
    return shape


def _box_wkt(bbox: list[float]) -> str:
    low_x, low_y, high_x, high_y = bbox if len(bbox) == 4 else (*bbox[:2], *bbox[3:5])
    return f"POLYGON(({low_x} {low_y}, {high_x} {low_y}, {high_x} {high_y}, {low_x} {high_y}, {low_x} {low_y}))"


class ObservationCsv(BaseFormatter):
    """CSV of series: a row per station, time and parameter; of locations: a row per station."""

    def __init__(self, definition: dict[str, Any]) -> None:
        super().__init__({"name": "CSV", "attachment": True})
        self.mimetype, self.f, self.extension = "text/csv; charset=utf-8", "csv", "csv"

    def write(self, options: dict[str, Any] | None = None, data: dict[str, Any] | None = None) -> bytes:
        """The text, UTF-8."""
        assert data is not None
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        if "features" in data:
            self._features(writer, data["features"])
            return out.getvalue().encode()
        writer.writerow(("station", "time", "parameter", "value", "unit", "x", "y"))
        units = {name: item["unit"]["symbol"] for name, item in data["parameters"].items()}
        for coverage in data.get("coverages", [data]):
            axes = coverage["domain"]["axes"]
            x, y = axes["x"]["values"][0], axes["y"]["values"][0]
            for name, column in coverage["ranges"].items():
                for time, value in zip(axes["t"]["values"], column["values"], strict=True):
                    writer.writerow((coverage["id"], time, name, "" if value is None else value, units[name], x, y))
        return out.getvalue().encode()

    @staticmethod
    def _features(writer: Any, features: Any) -> None:
        """Stations: of the EDR locations, or the items of the collection."""
        names: list[str] = []
        for number, feature in enumerate(features):
            if number == 0:
                names = list(feature["properties"])
                writer.writerow(("id", *names, "x", "y"))
            x, y = (feature["geometry"] or {"coordinates": ("", "")})["coordinates"]
            writer.writerow((feature["id"], *(feature["properties"].get(name) for name in names), x, y))
