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
    # every page
    LOOK = "look"  # light or dark, for figures the server draws
    PERSON = "person"  # name of who acts, kept by the browser
    # list of stations
    STATIONS_NETWORK = "stations-network"
    STATIONS_STATE = "stations-state"
    STATIONS_UNIT = "stations-unit"
    STATIONS_TEXT = "stations-text"
    STATIONS_SORT = "stations-sort"
    STATIONS_TABLE = "stations-table"
    STATIONS_ADDRESS = "stations-address"  # written by the browser into the address
    STATIONS_CSV = "stations-csv"
    STATIONS_FILE = "stations-file"
    # page of one station
    STATION = "station"  # {layer, key}
    STATION_SEEN = "station-seen"  # sections that came into view, so that they are loaded
    STATION_ADDRESS = "station-address"  # written by the browser into the address
    STATION_RANGE = "station-range"
    STATION_FROM = "station-from"
    STATION_TO = "station-to"
    STATION_CHARTS = "station-charts"
    STATION_GRAPH = "station-graph"
    STATION_YEAR = "station-year"
    STATION_CALENDAR = "station-calendar"
    STATION_CALENDAR_OF = "station-calendar-of"
    STATION_ROSE = "station-rose"
    STATION_ROSE_OF = "station-rose-of"
    STATION_QUALITY = "station-quality"
    STATION_PAIR = "station-pair"
    STATION_PAIR_OF = "station-pair-of"
    STATION_PAIR_WITH = "station-pair-with"
    STATION_LINEAGE = "station-lineage"
    STATION_LOG = "station-log"
    # judging values of a station
    REVIEW_ASKED = "review-asked"  # what the dialog is about
    REVIEW_DIALOG = "review-dialog"
    REVIEW_NOTE = "review-note"
    REVIEW_SAVE = "review-save"
    REVIEW_CANCEL = "review-cancel"
    REVIEW_MESSAGE = "review-message"
    REVIEW_DONE = "review-done"  # counts what was stored, so that the page reads again
    REVIEW_TICK = "review-tick"
    REVIEW_PARAMETER = "review-parameter"
    REVIEW_FROM = "review-from"
    REVIEW_TO = "review-to"
    REVIEW_MARK = "review-mark"
    REVIEW_SELECT = "review-select"
    REVIEW_BACK = "review-back"
    # log of interventions
    NOTE_AT = "note-at"
    NOTE_KIND = "note-kind"
    NOTE_SAVE = "note-save"
    NOTE_MESSAGE = "note-message"
    # stations side by side
    COMPARE_PICK = "compare-pick"
    COMPARE_PARAMETER = "compare-parameter"
    COMPARE_DAYS = "compare-days"
    COMPARE_RESULT = "compare-result"
    COMPARE_ADDRESS = "compare-address"
    # data page
    DATA_TICK = "data-tick"
    DATA_JOBS = "data-jobs"
    DATA_RUNS = "data-runs"


def sort_button(column: str) -> dict[str, str]:
    """Id of a column's sort button in the list of stations."""
    return {"type": "stations-sort", "column": column}


def review_button(action: str, series: int | str, first: str, last: str, review: int | str = "") -> dict[str, str]:
    """Id of a button that judges an episode (confirm, overrule) or takes a verdict back (revoke)."""
    return {
        "type": "review",
        "action": action,
        "series": str(series),
        "first": first,
        "last": last,
        "review": str(review),
    }


def point_layer(layer: str) -> str:
    """Id of the clustered layer of a point dataset."""
    return f"points-{layer}"
