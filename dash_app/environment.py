"""What the map reads of the environment beside single values: surfaces, means of units, people exposed, indices."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dash_app.services import FUTURE_HOURS, PAST_HOURS, Row, Services
from dash_app.themes import Theme
from layers.index_scales import AIR_POLLUTANTS
from layers.indices import Index
from layers.model import Layer
from spatial.access import connect
from spatial.analysis.air_index import NOWCAST_HOURS
from spatial.analysis.kriging import Variogram
from spatial.analysis.surface import reach_km
from spatial.queries import observations, screens, station_index, surfaces
from spatial.queries.doubtful import doubtful_hours
from spatial.queries.surfaces import HOUR, StoredSurface
from spatial.queries.versions import get_watermark
from spatial.settings import LOCAL_ZONE

TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
EXPOSURE_DAYS = 30


@dataclass(frozen=True)
class Span:
    """The time bar of a station theme."""

    first: datetime
    now: datetime
    last: datetime

    @property
    def times(self) -> list[datetime]:
        """Every hour of it."""
        return [self.now + timedelta(hours=offset) for offset in range(-PAST_HOURS, FUTURE_HOURS + 1)]


def freshness(services: Services, layer: Layer) -> str:
    """ETag of what is computed from the surfaces of a layer."""
    with connect(services.actor) as conn:
        made = surfaces.surface_mark(conn, layer_id=layer.id)
        mark = screens.freshness(conn, layers=[layer.id, "admin_unit"])
    return f"{mark}/{made}/{services.now():%Y%m%d%H}"


def span_of(services: Services, layer: Layer) -> Span:
    """The past week and the forecast, around «now» of the layer."""
    now = services.clock(layer)
    return Span(now - timedelta(hours=PAST_HOURS), now, now + timedelta(hours=FUTURE_HOURS))


def read_surfaces(services: Services, theme: Theme) -> tuple[Span, list[StoredSurface], dict[str, Any]]:
    """Surfaces of the time bar, and how well kriging did on the history (RMSE of leaving one station out)."""
    assert theme.parameter is not None
    span = span_of(services, theme.layer)
    names = {"layer_id": theme.layer.id, "parameter": theme.parameter.name}
    with connect(services.actor) as conn:
        found = surfaces.read_surfaces(conn, hours=HOUR, first=span.first, last=span.last, **names)
        fit = json.loads(get_watermark(conn, name=f"surface.fit.{theme.layer.id}.{theme.parameter.name}.1") or "{}")
    # An hour that has come since the job ran is no forecast any more, and not measured yet.
    found = [item for item in found if not item.forecast or item.time > span.now]
    reach = reach_km(Variogram(fit["nugget"], fit["range_km"], fit["spread"])) if fit else None
    return span, found, {"rmse": fit.get("rmse"), "rmseIdw": fit.get("rmse_idw"), "reach": reach}


@dataclass(frozen=True)
class IndexHours:
    """An hourly index of all stations of a layer over the time bar, and what its forecast is made of."""

    span: Span
    index: Index
    stations: list[Row]
    values: list[Row]  # of derived.station_index
    doubtful: list[Row]  # hours of the index's parameters that may not be used
    inputs: list[Row]  # key, parameter, time, value: good hours before «now», medians after it


def read_index_hours(services: Services, theme: Theme) -> IndexHours:
    """Rows of an hourly index."""
    assert theme.index is not None
    assert theme.layer.series is not None
    span, layer = span_of(services, theme.layer), theme.layer
    measured = [item.name for item in theme.layer.series.parameters if item.name in AIR_POLLUTANTS]
    inputs: list[Row] = []
    with connect(services.actor) as conn:
        stations = observations.list_stations(conn, layer=layer)
        values = station_index.index_values(conn, layer=layer, index_id=theme.index.id, first=span.first, last=span.now)
        doubtful = doubtful_hours(conn, layer=layer, parameters=measured, first=span.first, last=span.now)
        for name in measured:
            past = observations.parameter_values(
                conn, layer=layer, parameter=name, first=span.now - timedelta(hours=NOWCAST_HOURS - 1), last=span.now
            )
            future = observations.parameter_forecasts(conn, layer=layer, parameter=name, first=span.now, last=span.last)
            good = [row for row in past if row["status"] == 0 and row["flag"] == 0 and row["value"] is not None]
            inputs += [{**row, "parameter": name} for row in (*good, *future)]
    return IndexHours(span, theme.index, stations, values, doubtful, inputs)


def read_index_days(services: Services, theme: Theme, days: int) -> tuple[date, list[Row], list[Row]]:
    """The layer's local day, its stations and an index of days of the last ones."""
    assert theme.index is not None
    clock = services.clock(theme.layer)
    with connect(services.actor) as conn:
        stations = observations.list_stations(conn, layer=theme.layer)
        values = station_index.index_values(
            conn,
            layer=theme.layer,
            index_id=theme.index.id,
            first=clock - timedelta(days=days + 1),
            last=clock + timedelta(days=1),
        )
    return clock.astimezone(LOCAL_ZONE).date(), stations, values


@dataclass(frozen=True)
class UnitHours:
    """Means of units: of their stations, of the surface, and of the forecasts of their stations."""

    span: Span
    stations: list[Row]
    surface: list[Row]
    forecasts: dict[tuple[int, datetime], float]


def read_unit_hours(services: Services, theme: Theme, unit_ids: Sequence[int]) -> UnitHours:
    """Hourly means of units over the time bar."""
    assert theme.parameter is not None
    span = span_of(services, theme.layer)
    names = {"layer_id": theme.layer.id, "parameter": theme.parameter.name}
    with connect(services.actor) as conn:
        measured = surfaces.unit_hours(conn, first=span.first, last=span.now, unit_ids=unit_ids, **names)
        between = surfaces.unit_surface_hours(
            conn, first=span.first, now=span.now, last=span.last, unit_ids=unit_ids, **names
        )
        future = observations.parameter_forecasts(
            conn, layer=theme.layer, parameter=theme.parameter.name, first=span.now, last=span.last
        )
        stations = observations.list_stations(conn, layer=theme.layer)
    return UnitHours(span, measured, between, _forecast_means(stations, future, set(unit_ids)))


def _forecast_means(stations: list[Row], future: list[Row], wanted: set[int]) -> dict[tuple[int, datetime], float]:
    """Mean of the medians of the stations in each unit."""
    units = {station["key"]: wanted.intersection(station["unit_ids"]) for station in stations}
    sums: dict[tuple[int, datetime], list[float]] = {}
    for row in future:
        for unit in units.get(row["key"], ()):
            sums.setdefault((unit, row["time"]), []).append(row["value"])
    return {key: sum(values) / len(values) for key, values in sums.items()}


def read_exposure(services: Services, layer: Layer, parameter: str, unit_ids: Sequence[int] | None = None) -> list[Row]:
    """People above the limit by unit and day, of the last 30 days before the layer's «now»."""
    last: date = services.clock(layer).astimezone(LOCAL_ZONE).date()
    with connect(services.actor) as conn:
        return surfaces.exposure_days(
            conn,
            layer_id=layer.id,
            parameter=parameter,
            first=last - timedelta(days=EXPOSURE_DAYS),
            last=last,
            unit_ids=unit_ids,
        )
