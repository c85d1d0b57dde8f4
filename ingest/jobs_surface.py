"""Job ``surface``: the field between stations by hour (past week and forecast) and by day, and who lives below it.

A surface is made again only when what it is made of changed: values, stations, variogram or grid. So late and corrected
values are taken up, and a run in which nothing changed reads the values and writes nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import ceil
from typing import TypedDict

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from ingest.exposure_step import Residents, expose
from layers.model import Layer
from layers.registry import registry
from spatial.access import SYSTEM, connect
from spatial.analysis.kriging import DEFAULT, Fit, Variogram, fit_variogram
from spatial.analysis.places import Array, distances_km
from spatial.analysis.surface import REACH_KM, Lattice, surfaces
from spatial.progress import Progress
from spatial.queries import screens
from spatial.queries import surfaces as store
from spatial.queries.surfaces import DAY, HOUR, Panel, StoredSurface
from spatial.queries.versions import get_watermark, set_watermark
from spatial.settings import LOCAL_ZONE, quality_settings, server_settings, surface_settings

PAST_HOURS = 168
FUTURE_HOURS = 72
DAYS = 366
FIT_HOURS = 60 * 24
REFIT_DAYS = 7


class Names(TypedDict):
    """Which surfaces."""

    layer_id: str
    parameter: str
    hours: int


@dataclass(frozen=True)
class Ground:
    """The province on screen, as cells."""

    province_id: int
    lattice: Lattice
    inside: NDArray[np.bool_]


def make_surfaces(progress: Progress) -> str:
    """Surfaces of all parameters that have one; one transaction per parameter. Returns the job's sentence."""
    wanted = [(layer, name) for layer in registry().values() if layer.series for name in layer.series.surface]
    written, people = 0, 0
    with connect(SYSTEM) as conn:
        ground = read_ground(conn)
    if ground is None:
        return "no province yet"
    residents = Residents(ground.province_id, ground.lattice)
    for number, (layer, parameter) in enumerate(wanted):
        progress(f"{layer.title.vi}: {parameter}", number / len(wanted))
        with connect(SYSTEM) as conn:
            work = Work(conn, layer, parameter, ground, _clock(conn, layer))
            hours, days = work.by_hour(), work.by_day()
            exposed = expose(conn, layer=layer, parameter=parameter, hours=hours, days=days, residents=residents)
            if hours or days or exposed:
                set_watermark(conn, name=f"surface.version.{layer.id}", value=datetime.now(UTC).isoformat())
        written += len(hours) + len(days)
        people += exposed
    return f"{written} surfaces, {people} figures of units" if written or people else "nothing new"


def read_ground(conn: Connection) -> Ground | None:
    """Cells over the province on screen; None before the first load of units."""
    today = datetime.now(LOCAL_ZONE).date()
    province = screens.find_province(conn, code=server_settings().province, as_of=today)
    if province is None:
        return None
    shape = shapely.from_wkb(
        conn.execute(
            text("SELECT ST_AsBinary(geom) FROM core.admin_unit WHERE id = :id"), {"id": province["id"]}
        ).scalar_one()
    )
    lattice = Lattice.over(shape.bounds, surface_settings().surface_cells)
    return Ground(province["id"], lattice, lattice.touching(shape))


def _clock(conn: Connection, layer: Layer) -> datetime:
    """The full hour, or the last hour with data where a feed has been silent for days, as on the time bar."""
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    newest = conn.execute(
        text("SELECT data_until FROM ops.layer_version WHERE layer_id = :layer"), {"layer": layer.id}
    ).scalar()
    return newest if newest is not None and newest < hour - timedelta(hours=FUTURE_HOURS) else hour


@dataclass(frozen=True)
class Work:
    """One parameter of one layer, in one transaction."""

    conn: Connection
    layer: Layer
    parameter: str
    ground: Ground
    now: datetime

    @property
    def today(self) -> date:
        """Local day of the data clock."""
        return self.now.astimezone(LOCAL_ZONE).date()

    def by_hour(self) -> dict[datetime, StoredSurface]:
        """The past week and the hours ahead. Returns the surfaces written by time."""
        first, last = self.now - timedelta(hours=PAST_HOURS), self.now + timedelta(hours=FUTURE_HOURS)
        variogram = self._variogram(HOUR)
        past = self._hours(first)
        ahead = self._near(
            store.forecast_panel(self.conn, layer=self.layer, parameter=self.parameter, first=self.now, last=last)
        )
        written = self._write(HOUR, ((past, False), (ahead, True)), variogram)
        return {item.time: item for item in written}

    def by_day(self) -> dict[date, StoredSurface]:
        """Means of the days of the last year. Returns the surfaces written by local day."""
        written = self._write(DAY, ((self._days(), False),), self._variogram(DAY))
        return {_day_of(item.time): item for item in written}

    def _hours(self, first: datetime) -> Panel:
        return self._near(
            store.hourly_panel(self.conn, layer=self.layer, parameter=self.parameter, first=first, last=self.now)
        )

    def _days(self) -> Panel:
        """Days of the last year with hours enough."""
        return self._near(
            store.daily_panel(
                self.conn,
                layer=self.layer,
                parameter=self.parameter,
                first=self.today - timedelta(days=DAYS),
                last=self.today,
                least_hours=ceil(24 * quality_settings().completeness_day),
            )
        )

    def _near(self, panel: Panel) -> Panel:
        """Stations in the province and as far around it as a field may reach."""
        if not panel.keys:
            return panel
        cells = self.ground.lattice.centres[self.ground.inside]
        near = distances_km(panel.positions, cells).min(axis=1) <= REACH_KM[1]
        keys = [key for key, kept in zip(panel.keys, near, strict=True) if kept]
        return Panel(panel.times, keys, panel.positions[near], panel.values[:, near])

    def _variogram(self, hours: int) -> Variogram:
        """The stored one; fitted anew when it is a week old by the data clock, or was a stand-in."""
        name = f"surface.fit.{self.layer.id}.{self.parameter}.{hours}"
        known = json.loads(get_watermark(self.conn, name=name) or "{}")
        due = not known or abs((self.today - date.fromisoformat(known["day"])).days) >= REFIT_DAYS
        if not due and known["n"]:
            return Variogram(known["nugget"], known["range_km"], known["spread"])
        hourly = hours == HOUR
        panel = self._hours(self.now - timedelta(hours=FIT_HOURS)) if hourly else self._days()
        fit = fit_variogram(panel.values, panel.positions) or Fit(DEFAULT, None, None, 0)
        state = {"day": self.today.isoformat(), "rmse": fit.rmse, "rmse_idw": fit.rmse_idw, "n": fit.n}
        shape = {name: getattr(fit.variogram, name) for name in ("nugget", "range_km", "spread")}
        set_watermark(self.conn, name=name, value=json.dumps(state | shape))
        return fit.variogram

    def _write(self, hours: int, panels: Iterable[tuple[Panel, bool]], variogram: Variogram) -> list[StoredSurface]:
        """Surfaces of the times whose input changed; those of times that are gone, or have too few stations, go."""
        names: Names = {"layer_id": self.layer.id, "parameter": self.parameter, "hours": hours}
        known = store.marks(self.conn, **names)
        kept: set[datetime] = set()
        found: list[tuple[StoredSurface, str]] = []
        for panel, forecast in panels:
            mark = [_mark(row, panel.positions, variogram, self.ground.lattice) for row in panel.values]
            kept |= {time for time, own in zip(panel.times, mark, strict=True) if known.get(time) == own}
            new = [number for number, time in enumerate(panel.times) if time not in kept]
            made = surfaces(panel.values[new], panel.positions, self.ground.lattice, self.ground.inside, variogram)
            for row, (mean, deviation) in made.items():
                number = new[row]
                count = int(np.isfinite(panel.values[number]).sum())
                item = StoredSurface(panel.times[number], forecast, count, self.ground.lattice, mean, deviation)
                found.append((item, mark[number]))
        gone = [time for time in known if time not in kept]
        if gone:
            store.delete_surfaces(self.conn, **names, times=gone)
        store.store_surfaces(self.conn, **names, found=found)
        return [item for item, _ in found]


def _mark(values: Array, positions: Array, variogram: Variogram, lattice: Lattice) -> str:
    """A digest of all that a surface is made of."""
    known = np.isfinite(values)
    digest = hashlib.blake2b(digest_size=12)
    for part in (np.round(values[known], 6), np.round(positions[known], 7)):
        digest.update(np.ascontiguousarray(part).tobytes())
    digest.update(repr((variogram, lattice)).encode())
    return digest.hexdigest()


def _day_of(time: datetime) -> date:
    """The local day that ends at a time."""
    return (time.astimezone(LOCAL_ZONE) - timedelta(seconds=1)).date()
