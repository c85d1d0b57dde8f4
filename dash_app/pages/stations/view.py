"""Pure half of the list of stations: what state a station is in, which rows a filter leaves, in what order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from dash_app.station_services import Network
from dash_app.words import alphabetical, fold
from layers.model import Layer, Parameter
from spatial.settings import LOCAL_ZONE

type Row = dict[str, Any]
type StationState = Literal["online", "late", "silent", "calibrating", "faulty", "never"]
type Column = Literal["name", "state", "last", "index", "day", "full_24h", "full_30d", "over", "alerts"]

STATES: tuple[StationState, ...] = ("online", "late", "silent", "calibrating", "faulty", "never")
COLUMNS: tuple[Column, ...] = ("name", "state", "last", "index", "day", "full_24h", "full_30d", "over", "alerts")
WORST_FIRST: tuple[StationState, ...] = ("faulty", "silent", "late", "calibrating", "never", "online")
SILENT_AFTER = timedelta(hours=24)
HOURS, DAYS = 24, 30
DAY_LIMIT = 24  # hours of the mean whose days over the limit are counted in the list


@dataclass(frozen=True)
class StationStatus:
    """One line of the list."""

    layer: Layer
    key: str
    name: str
    lon: float
    lat: float
    state: StationState
    last: Row | None  # newest row of the leading parameter, else of any
    age: timedelta | None
    complete: float | None  # share of good hours of the last 24, over its parameters; None: samples, not hours
    complete_month: float | None = None  # the same of the last 30 days
    busy: tuple[tuple[Parameter, int], ...] = ()  # parameters of a live station that calibrate (1) or are faulty (2)
    doubtful: tuple[tuple[Parameter, int], ...] = ()  # parameters of a live station whose newest value is marked so
    indices: Mapping[str, Row] = field(default_factory=dict)  # newest row by index
    over_days: int | None = None  # days of this year over a 24 h limit; None: no parameter of it has one
    alerts: int = 0
    reference: bool = False  # a sensor for orientation: no index is published of it
    units: tuple[int, ...] = ()
    commune: str | None = None  # code, today
    now: datetime | None = None


def station_state(
    newest: Sequence[Row], now: datetime, late_after: timedelta, *, sampled: bool = False
) -> StationState:
    """From the newest row of each parameter: silence first, then what the instrument says of itself.

    A live station with one parameter out of service is «calibrating» or «faulty»: which one is said beside.
    """
    times = [row["time"] for row in newest if row["time"] is not None]
    if not times:
        return "never"
    age = now - max(times)
    if age > SILENT_AFTER and not sampled:
        return "silent"
    if age > late_after:
        return "late"
    states = [row["status"] for row in newest if row["time"] is not None and now - row["time"] <= late_after]
    if 2 in states:
        return "faulty"
    return "calibrating" if 1 in states else "online"


def out_of_service(layer: Layer, rows: Sequence[Row], now: datetime) -> tuple[tuple[Parameter, int], ...]:
    """Parameters that calibrate or are faulty now; none when all of them do, for then the station does."""
    assert layer.series is not None
    late_after = timedelta(hours=layer.series.late_after_hours)
    fresh = [row for row in rows if row["time"] is not None and now - row["time"] <= late_after]
    named = {parameter.name: parameter for parameter in layer.series.parameters}
    found = tuple(
        (named[row["parameter"]], row["status"]) for row in fresh if row["status"] and row["parameter"] in named
    )
    return () if len(found) == len(fresh) and len({status for _, status in found}) == 1 else found


def doubted(layer: Layer, rows: Sequence[Row], now: datetime) -> tuple[tuple[Parameter, int], ...]:
    """Parameters whose newest hour was measured, is fresh and does not count, with its marks."""
    assert layer.series is not None
    late_after = timedelta(hours=layer.series.late_after_hours)
    named = {parameter.name: parameter for parameter in layer.series.parameters}
    return tuple(
        (named[row["parameter"]], row["flag"])
        for row in rows
        if row["time"] is not None and now - row["time"] <= late_after and row["value"] is None
        and row["flag"] and not row["status"] and row["parameter"] in named
    )  # fmt: skip


def network_statuses(network: Network, now: datetime) -> list[StationStatus]:
    """Lines of a layer in the order of its stations; of samples, the stations at which any was taken."""
    layer = network.layer
    assert layer.series is not None
    late_after = timedelta(hours=layer.series.late_after_hours)
    order = [parameter.name for parameter in layer.series.parameters]
    series: dict[str, list[Row]] = defaultdict(list)
    for row in network.series:
        if row["parameter"] in order:
            series[row["key"]].append(row)
    indices: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in network.indices:
        indices[row["key"]][row["index_id"]] = row
    over = Counter({row["key"]: 0 for row in network.over})
    for row in network.over:
        if row["hours"] == DAY_LIMIT:
            over[row["key"]] = max(over[row["key"]], row["days"])
    alerts = {row["key"]: row["n"] for row in network.alerts}
    limited = {p.name for p in layer.series.parameters if any(limit.hours == DAY_LIMIT for limit in p.limits)}
    found = []
    for station in network.stations:
        key = station["key"]
        rows = sorted(series[key], key=lambda row: order.index(row["parameter"]))
        if layer.series.sampled and not rows:
            continue
        timed = [row for row in rows if row["time"] is not None]
        found.append(
            StationStatus(
                layer,
                key,
                station["name"],
                station["lon"],
                station["lat"],
                station_state(rows, now, late_after, sampled=layer.series.sampled),
                timed[0] if timed else None,
                now - max(row["time"] for row in timed) if timed else None,
                None if layer.series.sampled else share(rows, "good_24h", HOURS),
                None if layer.series.sampled else share(rows, "good_30d", month_hours(network.clock)),
                out_of_service(layer, rows, now),
                doubted(layer, rows, now),
                indices[key],
                over[key] if limited & {row["parameter"] for row in rows} else None,
                alerts.get(key, 0),
                station.get("station_class") == "reference",
                tuple(station["unit_ids"] or ()),
                station["commune_code"],
                now,
            )
        )
    return found


def month_hours(clock: datetime) -> int:
    """Hours of the last 30 local days, today as far as it has come."""
    local = clock.astimezone(LOCAL_ZONE)
    return (DAYS - 1) * 24 + (local.hour or 24)


def share(rows: Sequence[Row], column: str, hours: int) -> float:
    """Good hours over hours, mean over the series; 0 without series."""
    return sum(min(hours, row[column] or 0) for row in rows) / (hours * len(rows)) if rows else 0.0


# ---------------------------------------------------------------- filter and order


@dataclass(frozen=True)
class ListState:
    """What the list shows; every part is kept in the address."""

    network: str = ""
    state: str = ""
    unit: str = ""
    text: str = ""
    sort: Column = "state"
    down: bool = False


def read_list_state(query: Mapping[str, str], layers: Iterable[str]) -> ListState:
    """From an address; what is not understood falls back to the default."""
    network, state = query.get("net", ""), query.get("state", "")
    sort, _, direction = query.get("sort", "").partition(".")
    return ListState(
        network if network in set(layers) else "",
        state if state in STATES else "",
        query.get("unit", ""),
        query.get("q", ""),
        next((column for column in COLUMNS if column == sort), "state"),
        direction == "down",
    )


def filtered(statuses: Sequence[StationStatus], state: ListState, unit_id: int | None) -> list[StationStatus]:
    """What network, unit and text leave; the state comes after, so that its counts can be shown."""
    words = fold(state.text).split()
    return [
        status
        for status in statuses
        if (not state.network or status.layer.id == state.network)
        and (unit_id is None or unit_id in status.units)
        and all(word in fold(f"{status.name} {status.key}") for word in words)
    ]


def ordered(statuses: Sequence[StationStatus], sort: Column, down: bool) -> list[StationStatus]:
    """By a column; lines without a value of it come last, either way round; ties by name."""
    by_name = sorted(statuses, key=lambda status: (alphabetical(status.name), status.key))
    known = [status for status in by_name if _value(status, sort) is not None]
    unknown = [status for status in by_name if _value(status, sort) is None]
    return [*sorted(known, key=lambda status: _value(status, sort), reverse=down), *unknown]


def _value(status: StationStatus, column: Column) -> Any:
    if column == "name":
        return alphabetical(status.name)
    if column == "state":
        return WORST_FIRST.index(status.state), -status.alerts
    if column == "last":
        return status.last["time"] if status.last else None
    if column in ("index", "day"):
        row = index_of(status, "hour" if column == "index" else "day")
        return row["value"] if row is not None else None
    return {
        "full_24h": status.complete,
        "full_30d": status.complete_month,
        "over": status.over_days,
        "alerts": status.alerts,
    }[column]


INDEX_OF_PERIOD = {"hour": ("vn_aqi_hour",), "day": ("vn_aqi_day", "vn_wqi", "qcvn08")}


def index_of(status: StationStatus, period: str) -> Row | None:
    """Newest index of the hour or of the day that has a value; else the one that says why it has none."""
    rows = [status.indices[name] for name in INDEX_OF_PERIOD[period] if name in status.indices]
    return next((row for row in rows if row["value"] is not None), rows[0] if rows else None)
