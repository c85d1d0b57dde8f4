"""Write the files of the sample province, and go on with its series later."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Literal

import pandas as pd

from ingest.sample import (
    counting,
    episodes,
    facilities,
    feedback,
    grids,
    indicators,
    parcels,
    plans,
    series,
    stations,
    water_samples,
)
from ingest.sample.boundaries import Land, make_land, write_units
from ingest.sample.scale import SCALES
from spatial.errors import SourceUnreadable
from spatial.progress import Progress, part, silent

LOCAL = timezone(timedelta(hours=7))
MANIFEST = "sample.json"
PLANTED = "planted.json"
DEFAULT_SEED = 20250701


def make_sample(
    folder: Path,
    *,
    scale: Literal["mini", "full"] = "full",
    parcels: int | None = None,
    until: datetime,
    seed: int = DEFAULT_SEED,
    progress: Progress = silent,
) -> None:
    """Write every source file of the synthetic province to ``folder``.

    The same arguments give the same files. ``until`` (with offset) is the last hour of the series; indicators end with
    the month before. ``parcels`` overrides the number of the scale. Beside the sources stand ``sample.json`` (what
    was asked) and ``planted.json`` (the defects that are there on purpose).
    """
    if until.tzinfo is None:
        raise ValueError("until needs an offset from UTC")
    if parcels is not None and not 1 <= parcels <= 2_000_000:
        raise ValueError("parcels must lie between 1 and 2,000,000")
    folder.mkdir(parents=True, exist_ok=True)
    count = parcels or SCALES[scale].parcels
    progress("admin_unit.gpkg", 0.0)
    land = make_land(SCALES[scale], seed=seed)
    (folder / "admin_unit.gpkg").unlink(missing_ok=True)
    write_units(land, folder)
    planted = _write_things(land, folder, until=until.astimezone(LOCAL), progress=part(progress, 0.04, 0.3))
    planted |= _write_series(land, folder, until=until, progress=part(progress, 0.3, 0.65))
    planted["parcel"] = _write_parcels(land, folder, count, until.astimezone(LOCAL), part(progress, 0.65, 1.0))
    _write_json(folder / PLANTED, planted)
    manifest = {
        "synthetic": True, "title": "Tỉnh Sông Hà (mẫu tổng hợp)", "scale": scale, "seed": seed, "parcels": count,
        "until": until.astimezone(LOCAL).isoformat(),
    }  # fmt: skip
    _write_json(folder / MANIFEST, manifest)
    progress(MANIFEST, 1.0)


def extend_sample(folder: Path, *, since: datetime, until: datetime) -> list[Path]:
    """Write the hours ``since < hour <= until`` of all stations as new CSV files, going on with the same series.

    :raises SourceUnreadable: when ``folder`` holds no sample.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        scale, seed, anchor = (
            SCALES[manifest["scale"]],
            int(manifest["seed"]),
            datetime.fromisoformat(manifest["until"]),
        )
    except (OSError, ValueError, KeyError):
        raise SourceUnreadable(f"There is no sample in {folder}: {MANIFEST} is missing or damaged.") from None
    first, last = _hour(since), _hour(until)
    if last <= first:
        return []
    land = make_land(scale, seed=seed)
    written = []
    for network in (stations.make_air_stations(land), stations.make_water_stations(land)):
        block = series.make_block(seed, network, first, last, until=_hour(anchor), rate=scale.faults_per_week)
        written += list(series.write_block(block, folder, by_month=False, compressed=False))
        if network.layer == "water_station":
            samples = water_samples.write_samples(seed, network, folder, since=since, until=until)
            written += [samples] if samples else []
    written.append(counting.write_counts(land, folder, first=first, last=last, name=f"{counting.LAYER}_{last}"))
    return written


def _write_things(land: Land, folder: Path, *, until: datetime, progress: Progress) -> dict[str, object]:
    """Everything but series and parcels; the counts of planted defects by layer."""
    plans.write_plan(land, folder)
    progress("land_plan.gpkg", 0.15)
    _, without_position = facilities.write_schools(land, folder)
    facilities.write_clinics(land, folder)
    progress("school.xlsx, clinic.xlsx", 0.25)
    _, swapped = facilities.write_cameras(land, folder, until=until)
    cameras = pd.read_csv(folder / "camera.csv")
    counting.write_crossings(land, cameras, folder)
    counting.write_lines(land, cameras, folder)
    counting.write_counts(land, folder, first=_hour(until) - 24 * counting.DAYS, last=_hour(until))
    progress("camera.csv", 0.3)
    _, early = feedback.write_feedback(land, folder, until=until)
    progress("feedback.csv", 0.55)
    _, figures = indicators.write_indicators(land, folder, until=until)
    progress("indicator", 0.8)
    grids.write_population(land, folder, until=until)
    progress("population", 0.9)
    grids.write_rain(land, folder, until=until)
    progress("rainfall.nc", 1.0)
    return {
        "school": {"without_position": without_position}, "camera": {"swapped": swapped}, "feedback": early,
        "indicator": figures,
    }  # fmt: skip


def _write_series(land: Land, folder: Path, *, until: datetime, progress: Progress) -> dict[str, object]:
    last = _hour(until)
    planted: dict[str, object] = {}
    for number, network in enumerate((stations.make_air_stations(land), stations.make_water_stations(land))):
        half = part(progress, number / 2, (number + 1) / 2)
        stations.write_stations(network, folder)
        first = last - 24 * land.scale.days
        half(network.layer, 0.1)
        block = series.make_block(land.seed, network, first, last, until=last, rate=land.scale.faults_per_week)
        months = land.scale.days / 30 + 1
        for done, path in enumerate(series.write_block(block, folder, by_month=True), start=1):
            half(path.name, 0.4 + 0.6 * min(done / months, 1))
        planted[series.layer_of(network).id] = [fault.as_json() for fault in block.faults]
        if network.layer == "water_station":
            water_samples.write_samples(
                land.seed, network, folder, since=water_samples.first_sample(until), until=until
            )  # fmt: skip
        if network.layer == "air_station":
            planted["air_episode"] = episodes.promised_episode(network, last).as_json(network)
    return planted


def _write_parcels(land: Land, folder: Path, count: int, until: datetime, progress: Progress) -> dict[str, int]:
    _, planted = parcels.write_parcels(land, folder, count=count, until=until, progress=progress)
    return asdict(planted)


def _hour(moment: datetime) -> int:
    """Whole hours since 1970 UTC."""
    return int(moment.timestamp() // 3600)


def _write_json(path: Path, content: dict[str, object]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
