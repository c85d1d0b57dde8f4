"""Ids of all components that callbacks, style sheets and the map bridge speak of."""

from __future__ import annotations

from enum import StrEnum


class Id(StrEnum):
    """One member per component; the bridge in assets uses the same words."""

    URL = "url"
    PAGE = "page"
    # map page
    MAP = "map"
    STATE = "state"  # {unit, via, theme, month, station, look}: what the server needs to know, never frames
    LAYERS = "layers-shown"
    KPI = "kpi"
    CHARTS = "charts"
    POINTS = "points"
    THEME = "theme"
    VIA = "via"
    # stations page
    STATION_LIST = "station-list"
    STATION_PICK = "station-pick"
    STATION_PARAMETER = "station-parameter"
    STATION_DETAIL = "station-detail"
    STATION_DAYS = "station-days"
    # data page
    DATA_TICK = "data-tick"
    DATA_JOBS = "data-jobs"
    DATA_RUNS = "data-runs"


def station_button(layer: str, key: str) -> dict[str, str]:
    """Id of a row's button in the station list."""
    return {"type": "station", "layer": layer, "key": key}


def point_layer(layer: str) -> str:
    """Id of the clustered layer of a point dataset."""
    return f"points-{layer}"
