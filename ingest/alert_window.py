"""The hours of one layer that alerts are judged by: its data clock, its series in order, its stations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from layers.model import Layer, Parameter
from spatial.analysis.alert_instruments import Hours
from spatial.analysis.alert_rules import Floats
from spatial.queries import alert_panel, forecasts, observations
from spatial.queries.statements import Row
from spatial.settings import LOCAL_ZONE

PAD_HOURS = 96  # before the first hour judged: longest mean and longest duration reach into it
RETIRED_DAYS = 30  # an instrument that sent nothing for so long is no longer news
LIVE_SHARE = 0.2  # of the series at work: the hour up to which so many have sent is «now» for the layer


@dataclass(frozen=True)
class Window:
    """Hours of a layer; rows of the panel are hours, ``columns`` finds (station, parameter) in it."""

    layer: Layer
    panel: alert_panel.Panel
    columns: Mapping[tuple[str, str], int]
    stations: Mapping[str, Row]
    quiet_before: Floats  # by column, see analysis.alert_instruments.Hours

    @property
    def hours(self) -> int:
        """Rows of the panel."""
        return len(self.panel.value)

    @property
    def clock(self) -> datetime:
        """«Now» in the data: end of the last hour."""
        return self.time(self.hours - 1)

    def time(self, row: int) -> datetime:
        """End of the hour in a row, UTC."""
        return datetime.fromtimestamp((self.panel.last_hour - self.hours + 1 + row) * 3600, tz=UTC)

    @cached_property
    def days(self) -> list[date]:
        """Local day of each row; 00:00 belongs to the day that ended."""
        return [local_day(self.time(row)) for row in range(self.hours)]

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """Declared parameters by name."""
        assert self.layer.series is not None
        return {parameter.name: parameter for parameter in self.layer.series.parameters}

    def measuring(self, parameter: str) -> list[tuple[str, int]]:
        """Stations that measure it, with their columns."""
        return [(key, column) for (key, name), column in self.columns.items() if name == parameter]

    def values(self, column: int) -> Floats:
        """Approved values of one series."""
        values: Floats = self.panel.value[:, column]
        return values

    def station_hours(self, key: str) -> tuple[list[str], Hours]:
        """All series of one station, for the signs of broken instruments."""
        names = [name for station, name in self.columns if station == key]
        index = [self.columns[key, name] for name in names]
        panel = self.panel
        return names, Hours(
            panel.received[:, index], panel.status[:, index], panel.flag[:, index], self.quiet_before[index]
        )


def read_window(conn: Connection, *, layer: Layer, as_of: datetime, lookback_days: int) -> Window | None:
    """The layer's hours up to its data clock; None when it has no hour up to ``as_of``."""
    series = [row for row in forecasts.list_series(conn, layer_id=layer.id) if row["parameter"] in _names(layer)]
    if not series:
        return None
    ids = [row["id"] for row in series]
    newest = alert_panel.newest_before(conn, series_ids=ids, last=as_of, days=36500)
    if not newest:
        return None
    clock = data_clock(list(newest.values()))
    hours = lookback_days * 24 + PAD_HOURS
    panel = alert_panel.read_panel(conn, series_ids=ids, last_hour=clock, hours=hours)
    first = datetime.fromtimestamp((clock - hours) * 3600, tz=UTC)  # the hour before the first row
    before = alert_panel.newest_before(conn, series_ids=ids, last=first, days=RETIRED_DAYS)
    quiet = np.array([clock - hours + 1 - before[number] if number in before else np.nan for number in ids])
    stations = {row["key"]: row for row in observations.list_stations(conn, layer=layer)}
    columns = {(row["feature_key"], row["parameter"]): column for column, row in enumerate(series)}
    return Window(layer, panel, columns, stations, quiet)


def local_day(end: datetime) -> date:
    """Local day of the hour that ends then."""
    return (end - timedelta(seconds=1)).astimezone(LOCAL_ZONE).date()


def data_clock(newest: list[int]) -> int:
    """The hour up to which a fair share of the series at work have sent: one logger that runs ahead does not make all
    others late.
    """
    order = np.sort(np.asarray(newest))[::-1]
    live = order[order > order[0] - 24 * RETIRED_DAYS]
    return int(live[max(0, int(np.ceil(LIVE_SHARE * len(live))) - 1)])


def past_values(conn: Connection, *, window: Window, columns: list[int], hours: int) -> NDArray[np.float64]:
    """Approved values of some series over a longer past: (hours, series)."""
    ids = [window.panel.series_ids[column] for column in columns]
    return alert_panel.read_panel(conn, series_ids=ids, last_hour=window.panel.last_hour, hours=hours).value


def _names(layer: Layer) -> set[str]:
    assert layer.series is not None
    return {parameter.name for parameter in layer.series.parameters if parameter.how != "vector_mean"}
