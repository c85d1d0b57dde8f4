"""What the pages of stations ask of the database; one transaction of the screens' login per question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dash_app.services import Services
from layers.indices import INDICES
from layers.model import Layer
from layers.registry import get_layer
from spatial.access import connect
from spatial.queries import forecasts, observations, reviews, station_notes, station_pages
from spatial.queries.jobs import JobRun, enqueue, list_runs
from spatial.queries.reviews import Verdict
from spatial.settings import LOCAL_ZONE

type Row = dict[str, Any]

SOURCE_DAYS = 30
SILENT = timedelta(hours=72)  # after which a page shows the station's last days instead of empty ones
EPISODE_DAYS = 90


@dataclass(frozen=True)
class Network:
    """All stations of an observation layer with what their roll-ups say; ``series`` as station_pages.network."""

    layer: Layer
    clock: datetime  # «now» of the layer: windows end here
    stations: list[Row]
    series: list[Row]
    indices: list[Row]
    over: list[Row]
    alerts: list[Row]


@dataclass
class StationServices:
    """Reads and writes of the pages of stations."""

    services: Services

    def clock(self, layer: Layer) -> datetime:
        """«Now» of a layer, not finer than the hour."""
        return self.services.clock(layer)

    def data_clock(self, layer: Layer) -> datetime:
        """End of the windows of completeness: the newest hour that came, unless the whole network is late."""
        assert layer.series is not None
        clock = self.clock(layer)
        with connect(self.services.actor) as conn:
            newest = observations.newest_time(conn, layers=[layer.id])
        late = timedelta(hours=layer.series.late_after_hours)
        return newest if newest is not None and clock - late <= newest < clock else clock

    def station_clock(self, layer: Layer, key: str) -> datetime:
        """Where the windows of a station end: with the network, or with its own last hour when it is long silent."""
        clock = self.data_clock(layer)
        with connect(self.services.actor) as conn:
            rows = station_pages.network(conn, layer=layer, now=clock, clock=clock, today=clock.date(), key=key)
        newest = max((row["time"] for row in rows if row["time"] is not None), default=None)
        return newest if newest is not None and newest < clock - SILENT else clock

    def network(self, layer: Layer, key: str | None = None) -> Network:
        """The list of a layer; with ``key`` of one station only (all stations are named all the same)."""
        clock = self.data_clock(layer)
        now = self.services.now()
        today = (clock - timedelta(microseconds=1)).astimezone(LOCAL_ZONE).date()
        with connect(self.services.actor) as conn:
            return Network(
                layer,
                clock,
                observations.list_stations(conn, layer=layer),
                station_pages.network(conn, layer=layer, now=now, clock=clock, today=today, key=key),
                station_pages.newest_indices(conn, layer=layer, index_ids=list(INDICES), now=now, key=key),
                station_pages.days_over_limit(conn, layer=layer, first=date(today.year, 1, 1), last=today, key=key),
                station_pages.open_alerts(conn, layer=layer, key=key),
            )

    def series(self, layer: Layer, key: str) -> list[Row]:
        """Series of a station: series_id, parameter."""
        with connect(self.services.actor) as conn:
            return station_pages.list_series(conn, layer=layer, key=key)

    def indices(self, layer: Layer, key: str) -> list[Row]:
        """Newest row of every index of a station."""
        with connect(self.services.actor) as conn:
            return station_pages.newest_indices(
                conn, layer=layer, index_ids=list(INDICES), now=self.services.now(), key=key
            )

    def span(self, series_ids: Sequence[int]) -> tuple[date, date] | None:
        """First and last day with data."""
        with connect(self.services.actor) as conn:
            return station_pages.span(conn, series_ids=series_ids)

    def hourly(self, series_ids: Sequence[int], first: datetime, last: datetime) -> list[Row]:
        """Approved hours of several series."""
        with connect(self.services.actor) as conn:
            return station_pages.hourly(conn, series_ids=series_ids, first=first, last=last)

    def daily(self, series_ids: Sequence[int], first: date, last: date) -> list[Row]:
        """Local days of several series."""
        with connect(self.services.actor) as conn:
            return station_pages.daily(conn, series_ids=series_ids, first=first, last=last)

    def median(self, layer: Layer, parameter: str, first: datetime, last: datetime, step: str) -> list[Row]:
        """Median of the network by hour, or by day."""
        zone = LOCAL_ZONE
        days = first.astimezone(zone).date(), (last - timedelta(microseconds=1)).astimezone(zone).date()
        with connect(self.services.actor) as conn:
            if step == "hour":
                return station_pages.median_hours(conn, layer=layer, parameter=parameter, first=first, last=last)
            return station_pages.median_days(conn, layer=layer, parameter=parameter, first=days[0], last=days[1])

    def days_over(self, layer: Layer, key: str, first: date, last: date) -> list[Row]:
        """Days over limits of one station: parameter, hours (of the mean), days, worst, limit_value."""
        with connect(self.services.actor) as conn:
            return station_pages.days_over_limit(conn, layer=layer, first=first, last=last, key=key)

    def forecasts(self, series_ids: Sequence[int]) -> list[Row]:
        """Newest forecast of several series."""
        with connect(self.services.actor) as conn:
            return forecasts.latest(conn, series_ids=series_ids)

    def index_history(self, layer: Layer, key: str, index_id: str, first: datetime, last: datetime) -> list[Row]:
        """One index of a station over time."""
        with connect(self.services.actor) as conn:
            return station_pages.index_history(conn, layer=layer, key=key, index_id=index_id, first=first, last=last)

    # ---------------------------------------------------------------- quality control and the log

    def episodes(self, layer: Layer, key: str, days: int = EPISODE_DAYS) -> list[Row]:
        """Stretches of marked values of the last days, newest first."""
        last = self.clock(layer)
        with connect(self.services.actor) as conn:
            return reviews.flag_episodes(conn, layer=layer, key=key, first=last - timedelta(days=days), last=last)

    def reviews(self, layer: Layer, key: str) -> list[Row]:
        """What people said about a station's values, newest first."""
        with connect(self.services.actor) as conn:
            return reviews.list_reviews(conn, layer=layer, key=key)

    def judge(self, series_id: int, first: datetime, last: datetime, verdict: Verdict, note: str, actor: str) -> None:
        """Store a verdict and ask for the roll-up that follows from it.

        :raises ReviewRefused: as the query says.
        """
        with connect(self.services.actor) as conn:
            reviews.add_review(
                conn, series_id=series_id, first=first, last=last, verdict=verdict, note=note, actor=actor
            )
            enqueue(conn, job="rollup")

    def take_back(self, review_id: int, actor: str) -> None:
        """Revoke a verdict and ask for the roll-up.

        :raises ReviewRefused: as the query says.
        """
        with connect(self.services.actor) as conn:
            reviews.revoke_review(conn, review_id=review_id, actor=actor)
            enqueue(conn, job="rollup")

    def rollup_run(self) -> JobRun | None:
        """The newest run of the roll-up."""
        with connect(self.services.actor) as conn:
            found = list_runs(conn, job="rollup", limit=1)
        return found[0] if found else None

    def notes(self, layer: Layer, key: str) -> list[Row]:
        """Log of interventions at a station."""
        with connect(self.services.actor) as conn:
            return station_notes.list_notes(conn, stations=stations_of(layer), key=key)

    def add_note(self, layer: Layer, key: str, at: datetime, kind: str, note: str, actor: str) -> None:
        """Write into the log.

        :raises NoteRefused: as the query says.
        """
        with connect(self.services.actor) as conn:
            station_notes.add_note(
                conn, stations=stations_of(layer), key=key, happened_at=at, kind=kind, note=note, actor=actor
            )

    def sources(self, layer: Layer, series_ids: Sequence[int]) -> list[Row]:
        """Runs that brought the values of the last days."""
        last = self.clock(layer)
        with connect(self.services.actor) as conn:
            return station_pages.sources(
                conn, series_ids=series_ids, since=last - timedelta(days=SOURCE_DAYS), until=last
            )


def stations_of(layer: Layer) -> Layer:
    """Layer of the stations of an observation layer."""
    assert layer.series is not None
    return get_layer(layer.series.station_layer)
