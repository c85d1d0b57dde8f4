"""A real event in the last days of every sample: smoke over one area, which no quality check may take for a fault."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from ingest.sample.chance import Floats, smooth
from ingest.sample.stations import Stations

REACH_KM = 18.0  # full strength up to here ...
FADE_KM = 16.0  # ... and none this much farther out
_HOURS = (-60, 12)  # from and to, about the sample's last hour: it is still going on then
_RISE, _FALL = 14, 16
_LEVEL = 162.0  # PM2.5 in the middle of it, in µg/m3
_KM = 111.2  # of a degree of latitude


@dataclass(frozen=True, slots=True)
class Episode:
    """Hours ``start <= hour < end`` (since 1970 UTC, by their end) and how strongly each station is in it, 0 to 1."""

    start: int
    end: int
    strength: Floats

    def as_json(self, stations: Stations) -> dict[str, object]:
        """For the ledger, times in UTC: when it began, when it will be over, and the stations that lie well in it."""

        def text(hour: int) -> str:
            return datetime.fromtimestamp(hour * 3600, UTC).isoformat()

        inside = [code for code, share in zip(stations.codes, self.strength, strict=True) if share > 0.95]
        return {
            "parameters": ["pm25", "pm10", "co"], "stations": inside,
            "first": text(self.start + _RISE), "last": text(self.end - _FALL), "begins": text(self.start),
        }  # fmt: skip


def promised_episode(stations: Stations, until: int) -> Episode:
    """Smoke about the first station of the network."""
    here = stations.lonlat[0]
    east = (stations.lonlat[:, 0] - here[0]) * _KM * np.cos(np.radians(here[1]))
    north = (stations.lonlat[:, 1] - here[1]) * _KM
    away = np.clip((np.hypot(east, north) - REACH_KM) / FADE_KM, 0, 1)
    return Episode(until + _HOURS[0], until + _HOURS[1] + _FALL, 1 - away * away * (3 - 2 * away))


def apply_episode(episode: Episode, seed: int, hours: np.ndarray, values: dict[str, Floats]) -> None:
    """Raise PM2.5, PM10 and CO (station, hour) in place.

    The smoke replaces the usual air by its own level, so that it is as thick in clean months as in dirty ones.
    """
    rise = np.clip((hours - episode.start) / _RISE, 0, 1)
    fall = np.clip((episode.end - hours) / _FALL, 0, 1)
    share = episode.strength[:, None] * (np.minimum(rise, fall) ** 1.5)[None, :]
    if not share.any():
        return
    ids = np.arange(len(episode.strength))[:, None]
    of_day = (hours + 7) % 24
    course = 1 + 0.13 * np.cos(2 * np.pi * (of_day - 1) / 24)  # thickest at night
    own = 0.05 * smooth(seed, "smoke", ids, at=hours[None, :], period=7)
    puff = 0.02 * smooth(seed, "puff", ids, at=hours[None, :], period=2)
    smoke = _LEVEL * course[None, :] * (1 + np.clip(own + puff, -0.12, 0.12))
    values["pm10"] = (1 - share) * values["pm10"] + share * (1.3 * smoke + 12)
    values["pm25"] = (1 - share) * values["pm25"] + share * smoke
    values["co"] = values["co"] + share * 6.5 * smoke
