"""CSV of features: pygeoapi's, with the position of points."""

from __future__ import annotations

from typing import Any

from pygeoapi.formatter.csv_ import CSVFormatter

from pygeoapi_config.crs import srid_of


class FeatureCsv(CSVFormatter):
    """Points get ``lon`` and ``lat`` (degrees, CRS84) in front, or ``x`` and ``y`` in the CRS that was asked for.

    Lines and areas have no geometry in CSV: GeoJSON and GeoPackage are for them.
    """

    def write(self, options: dict[str, Any] | None = None, data: dict[str, Any] | None = None) -> Any:
        """The text, UTF-8."""
        options, data = options or {}, data or {}
        if "features" in data:
            names = ("lon", "lat") if srid_of(options.get("content_crs") or None) is None else ("x", "y")
            data = {**data, "features": [_placed(feature, names) for feature in data["features"]]}
        return super().write(options=options, data=data)


def _placed(feature: dict[str, Any], names: tuple[str, str]) -> dict[str, Any]:
    geometry = feature.get("geometry")
    if geometry is None or geometry["type"] != "Point":
        return feature
    position = dict(zip(names, geometry["coordinates"], strict=False))
    return {**feature, "properties": {**position, **feature["properties"]}}
