"""The few calls pages may make. Tests replace this class by one that answers from memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from dash_app.themes import Theme
from layers.model import Layer
from layers.registry import registry
from spatial.access import OPERATOR, Actor, connect
from spatial.feedback.rules import regulation
from spatial.months import add_months
from spatial.queries import feedback_stats, indicators, observations, outlook, screens, search
from spatial.queries.feedback_rollup import period_of
from spatial.queries.indicators import Kpi
from spatial.settings import LOCAL_ZONE, server_settings

type Row = dict[str, Any]

PAST_HOURS = 168
FUTURE_HOURS = 72
FEEDBACK_DAYS = 90  # of points on the map
FEEDBACK_MONTHS = 3  # reporting months of the chart beside it
PLACES_FOUND = 12


def utc_now() -> datetime:
    """The clock; tests pass another one."""
    return datetime.now(UTC)


@dataclass
class Services:
    """Reads for the screens, each in its own transaction of the screens' login."""

    actor: Actor = OPERATOR
    now: Callable[[], datetime] = utc_now
    _units: dict[str, tuple[Row, list[Row]]] = field(default_factory=dict, repr=False)

    def today(self) -> date:
        """Today in the province."""
        return self.now().astimezone(LOCAL_ZONE).date()

    # ---------------------------------------------------------------- units

    def province(self) -> Row | None:
        """The province on screen, None before the first load."""
        return self._province_and_units()[0] or None

    def units(self) -> list[Row]:
        """All versions of all its units."""
        return self._province_and_units()[1]

    def units_mark(self) -> str:
        """Changes whenever ``units`` does."""
        return next(iter(self._units), f"{self.today()}")

    def unit(self, key: str | None) -> Row | None:
        """One version by key; the province when the key is unknown."""
        by_key = {row["key"]: row for row in self.units()}
        province = self.province()
        return by_key.get(key or "") or (by_key.get(province["key"]) if province else None)

    def _province_and_units(self) -> tuple[Row, list[Row]]:
        today = self.today()
        with connect(self.actor) as conn:
            mark = f"{today}/{screens.freshness(conn, layers=['admin_unit'])}"
            if mark not in self._units:
                province = screens.find_province(conn, code=server_settings().province, as_of=today)
                if province is None:
                    return {}, []
                self._units.clear()
                self._units[mark] = (province, screens.list_screen_units(conn, province_id=province["id"]))
        return self._units[mark]

    def synthetic(self) -> bool:
        """Whether the generated sample is on screen."""
        province = self.province()
        return province is not None and "mẫu" in province["name"]

    def find(self, query: str) -> list[Row]:
        """Places whose name holds every word."""
        with connect(self.actor) as conn:
            return search.find_places(conn, query=query, as_of=self.today(), limit=PLACES_FOUND)

    # ---------------------------------------------------------------- indicators and grids

    def indicator_history(self, unit_ids: Sequence[int], themes: Sequence[Theme], first: date, last: date) -> list[Row]:
        """Values and plans of several indicators, comparable across the reform."""
        items = [theme.indicator for theme in themes if theme.indicator]
        with connect(self.actor) as conn:
            return screens.indicator_history(
                conn,
                unit_ids=unit_ids,
                indicators=[item.code for item in items],
                first=first,
                last=last,
            )

    def kpis(self, unit_id: int, as_of: date) -> list[Kpi]:
        """The report of a unit on a day: the newest figure of each indicator and all it is compared with."""
        with connect(self.actor) as conn:
            return indicators.kpi(conn, unit_id=unit_id, as_of=as_of)

    def indicator_forecasts(self, unit_ids: Sequence[int], themes: Sequence[Theme]) -> list[Row]:
        """Newest forecasts of several indicators."""
        codes = [theme.indicator.code for theme in themes if theme.indicator]
        with connect(self.actor) as conn:
            return screens.indicator_forecasts(conn, unit_ids=unit_ids, indicators=codes)

    def outlook(self, unit_id: int, code: str, year: int) -> Row | None:
        """Where a year of an indicator will end; None without a row of the job «outlook»."""
        with connect(self.actor) as conn:
            return next(iter(outlook.outlooks(conn, unit_ids=[unit_id], codes=[code], year=year)), None)

    def unusual(self, unit_id: int, code: str, year: int) -> list[Row]:
        """Unusual figures of an indicator in a year."""
        with connect(self.actor) as conn:
            return outlook.anomalies(
                conn, unit_ids=[unit_id], codes=[code], first=date(year, 1, 1), last=date(year, 12, 31)
            )

    def zonal(self, theme: Theme, unit_ids: Sequence[int], first: date, last: date) -> list[Row]:
        """Grid statistics by unit."""
        with connect(self.actor) as conn:
            return screens.zonal_values(conn, layer=theme.layer, unit_ids=unit_ids, first=first, last=last)

    def feature_counts(self, layer: Layer, unit_ids: Sequence[int]) -> list[Row]:
        """Counts and areas by class."""
        with connect(self.actor) as conn:
            return screens.feature_counts(conn, layer_id=layer.id, unit_ids=unit_ids)

    def feedback(self, unit_id: int) -> list[Row]:
        """Figures of the last three reporting months by field, from the roll-up."""
        last = period_of(regulation(), self.now())
        with connect(self.actor) as conn:
            return feedback_stats.period_figures(
                conn, unit_ids=[unit_id], first=add_months(last, 1 - FEEDBACK_MONTHS), last=last, by="category"
            )

    # ---------------------------------------------------------------- stations

    def clock(self, layer: Layer) -> datetime:
        """«Now» of the time bar: the full hour, or the last hour with data where a feed has been silent for days."""
        hour = self.now().replace(minute=0, second=0, microsecond=0)
        with connect(self.actor) as conn:
            newest = observations.newest_time(conn, layers=[layer.id])
        return newest if newest is not None and newest < hour - timedelta(hours=FUTURE_HOURS) else hour

    def stations(self, layer: Layer) -> list[Row]:
        """Stations of an observation layer."""
        with connect(self.actor) as conn:
            return observations.list_stations(conn, layer=layer)

    def latest(self, layer: Layer) -> list[Row]:
        """Newest value and completeness by station and parameter."""
        now = self.clock(layer)
        with connect(self.actor) as conn:
            return observations.latest_values(conn, layer=layer, day_before=now - timedelta(hours=24), now=self.now())

    def parameter_frames(self, theme: Theme) -> tuple[datetime, list[Row], list[Row]]:
        """«Now», the past week's values and the forecast of one parameter at all stations."""
        assert theme.parameter is not None
        now = self.clock(theme.layer)
        span: dict[str, Any] = {"layer": theme.layer, "parameter": theme.parameter.name}
        with connect(self.actor) as conn:
            values = observations.parameter_values(conn, first=now - timedelta(hours=PAST_HOURS), last=now, **span)
            future = observations.parameter_forecasts(conn, first=now, last=now + timedelta(hours=FUTURE_HOURS), **span)
        return now, values, future

    def station_history(self, layer: Layer, key: str, parameter: str, days: int) -> tuple[list[Row], list[Row]]:
        """Values of the last days and the newest forecast of one station's parameter."""
        now = self.clock(layer)
        with connect(self.actor) as conn:
            values = observations.station_values(
                conn, layer=layer, key=key, parameter=parameter, first=now - timedelta(days=days), last=now
            )
            forecast = observations.station_forecast(conn, layer=layer, key=key, parameter=parameter)
        return values, forecast

    # ---------------------------------------------------------------- how the system works

    def layer_versions(self) -> dict[str, Row]:
        """Counts and data times by layer."""
        with connect(self.actor) as conn:
            return {row["layer_id"]: row for row in screens.layer_versions(conn)}

    def runs(self, limit: int = 60) -> list[Row]:
        """Newest ingest runs."""
        with connect(self.actor) as conn:
            return screens.recent_runs(conn, limit=limit)

    def quarantine(self) -> list[Row]:
        """Rejected rows by layer and reason."""
        with connect(self.actor) as conn:
            return screens.quarantine_counts(conn)

    def jobs(self) -> list[Row]:
        """Jobs with their newest run."""
        with connect(self.actor) as conn:
            return screens.job_states(conn)

    def freshness(self, layer: Layer) -> str:
        """ETag of what is computed from a layer: changes with a load, a forecast and the hour."""
        with connect(self.actor) as conn:
            mark = screens.freshness(conn, layers=[layer.id, "admin_unit"])
        return f"{mark}/{self.now():%Y%m%d%H}"


def observation_layers() -> list[Layer]:
    """Observation layers in the order of the map."""
    found = (layer for layer in registry().values() if layer.kind == "observation")
    return sorted(found, key=lambda layer: layer.overlay.order)
