"""A small network of air stations whose hours a test writes, and the evaluation of its alerts at a moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from helpers.toy import draw_units
from helpers.toy_data import add_hours, add_points, add_series
from ingest.alert_run import Outcome, evaluate_layer
from ingest.jobs import run_job
from ingest.jobs_observations import roll_up_changes
from layers.registry import get_layer, registry
from spatial.access import SYSTEM, connect
from spatial.progress import silent
from spatial.queries import alerts
from spatial.queries.alert_rules import sync_rules

LAYER = "air_observation"
PLACES = {"K1": (106.05, 20.05), "K2": (106.07, 20.03), "K3": (106.15, 20.05), "K4": (106.12, 20.10)}
PARAMETERS = ("pm25", "pm10")

type Hour = tuple[datetime, float | None, int, int]


def make_network() -> dict[tuple[str, str], int]:
    """Units, four stations close to each other, their series; ids by (station, parameter)."""
    with connect(SYSTEM) as conn:
        draw_units(conn)
    run_job("links")
    with connect(SYSTEM) as conn:
        add_points(conn, "air_station", PLACES, name="Trạm", station_class="standard")
        sync_rules(conn, layers=list(registry().values()))
        return {
            (station, parameter): add_series(conn, LAYER, station, parameter)
            for station in PLACES
            for parameter in PARAMETERS
        }


def wave(hour: datetime, station: str = "K1") -> float:
    """An everyday value of PM2.5 that never stands still and never is the same at two stations."""
    step = int(hour.timestamp()) // 3600
    return 20.0 + 6.0 * ((step * 7) % 11) / 11 + list(PLACES).index(station)


def everyday(first: datetime, hours: int, station: str = "K1", factor: float = 1.0) -> list[Hour]:
    """Good hours; the first ends at ``first``."""
    times = [first + timedelta(hours=n) for n in range(hours)]
    return [(time, factor * wave(time, station), 0, 0) for time in times]


def write(
    conn: Connection, series: Mapping[tuple[str, str], int], values: Mapping[tuple[str, str], Sequence[Hour]]
) -> None:
    """Store hours as a load does, and roll up."""
    for name, rows in values.items():
        if rows:
            add_hours(conn, series[name], list(rows))
    roll_up_changes(conn, silent)


def quiet_days(series: Mapping[tuple[str, str], int], first: datetime, hours: int) -> None:
    """Everyday air at all stations."""
    with connect(SYSTEM) as conn:
        write(conn, series, {
            (station, parameter): everyday(first, hours, station, 1.0 if parameter == "pm25" else 1.6)
            for station, parameter in series
        })  # fmt: skip


def judge(as_of: datetime, *, tell: bool = True, lookback_days: int = 7) -> Outcome:
    """Evaluate the layer as if it were that moment."""
    with connect(SYSTEM) as conn:
        return evaluate_layer(conn, layer=get_layer(LAYER), as_of=as_of, tell=tell, lookback_days=lookback_days)


def found(**narrowed: Any) -> list[dict[str, Any]]:
    """Alerts as the screens read them."""
    with connect(SYSTEM) as conn:
        return alerts.list_alerts(conn, **narrowed)


def count(statement: str) -> int:
    """A number from the database."""
    with connect(SYSTEM) as conn:
        return int(conn.execute(text(statement)).scalar_one())


def local_midnight(year: int, month: int, day: int) -> datetime:
    """00:00 at +07 as UTC."""
    return datetime(year, month, day, tzinfo=UTC) - timedelta(hours=7)
