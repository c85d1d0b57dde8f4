"""Monthly water samples as a laboratory reports them: one row a sample, «<0.001» below the limit of detection."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pandas as pd

from ingest.sample.air import Clock
from ingest.sample.chance import normal, uniform
from ingest.sample.stations import Stations
from ingest.sample.water import water_values
from layers.definitions import water_sample
from layers.model import Parameter

LOCAL = timezone(timedelta(hours=7))
MONTHS = 24
QUARTERLY = {
    "arsenic", "cadmium", "lead", "chromium6", "copper", "zinc", "mercury", "aldrin", "bhc", "dieldrin", "ddts",
    "heptachlor",
}  # fmt: skip
# Limits of detection of the laboratory, in the unit of the parameter.
DETECTION = {
    "bod5": 1.0, "cod": 3.0, "toc": 0.5, "tss": 2.0, "n_nh4": 0.01, "n_no3": 0.02, "n_no2": 0.003, "p_po4": 0.01,
    "tn": 0.1, "tp": 0.02, "coliform": 3, "fecal_coliform": 3, "ecoli": 3, "arsenic": 0.001, "cadmium": 0.0003,
    "lead": 0.001, "chromium6": 0.003, "copper": 0.01, "zinc": 0.02, "mercury": 0.0002, "aldrin": 0.005, "bhc": 0.005,
    "dieldrin": 0.005, "ddts": 0.01, "heptachlor": 0.005,
}  # fmt: skip
COUNTED = 240_000  # MPN per 100 mL: above it the laboratory says «>240000»


def write_samples(seed: int, stations: Stations, folder: Path, *, since: datetime, until: datetime) -> Path | None:
    """Samples taken after ``since`` and not after ``until``; None when there are none. Same arguments, same bytes."""
    rows = [
        _row(seed, stations, number, moment)
        for moment, number in sorted(_visits(seed, len(stations.codes), since, until))
    ]
    if not rows:
        return None
    path = folder / f"water_sample_{until.astimezone(LOCAL):%Y%m%dT%H}.csv"
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


def first_sample(until: datetime) -> datetime:
    """Where the sample's laboratory begins: two years before the end of the hourly series."""
    return until - timedelta(days=round(MONTHS * 30.44))


def _visits(seed: int, count: int, since: datetime, until: datetime) -> list[tuple[datetime, int]]:
    """One morning a month for each station; the boat needs some days for all of them."""
    found = []
    day = since.astimezone(LOCAL).date().replace(day=1)
    while day <= until.astimezone(LOCAL).date():
        month = 12 * day.year + day.month
        for number in range(count):
            start = 4 + int(4 * uniform(seed, "visit", month)) + 3 * (number % 4)
            minutes = 30 * int(10 * uniform(seed, "visit-hour", month, number))
            local = datetime(day.year, day.month, start, 7, 30, tzinfo=LOCAL) + timedelta(minutes=minutes)
            moment = local.astimezone(UTC)
            if since < moment <= until:
                found.append((moment, number))
        day = (day + timedelta(days=32)).replace(day=1)
    return found


def _row(seed: int, stations: Stations, number: int, moment: datetime) -> dict[str, str]:
    hour = int(moment.timestamp() // 3600)
    series = water_sample.LAYER.series
    assert series is not None
    values = _values(seed, stations, number, hour)
    local = moment.astimezone(LOCAL)
    row = {"MA_TRAM": stations.codes[number], "NGAY_LAY_MAU": f"{local:%d/%m/%Y %H:%M}"}
    for parameter in series.parameters:
        if parameter.name not in values:
            continue
        asked = parameter.name not in QUARTERLY or local.month % 3 == 0
        row[parameter.aliases[0]] = _written(parameter, values[parameter.name]) if asked else ""
    return row


def _written(parameter: Parameter, value: float) -> str:
    """As the laboratory writes it."""
    least = DETECTION.get(parameter.name)
    if least is not None and value < least:
        return f"<{least:g}"
    if parameter.unit.startswith("MPN"):
        if value > COUNTED:
            return f">{COUNTED}"
        digits = 10.0 ** max(np.floor(np.log10(value)) - 1, 0)  # tables of most probable numbers have two digits
        return f"{np.round(value / digits) * digits:.0f}"
    return f"{value:.{parameter.decimals}f}"


def _values(seed: int, stations: Stations, number: int, hour: int) -> dict[str, float]:
    """True values of a station at an hour: those of its instruments, and what goes with them."""
    probe = {name: float(v[number, 0]) for name, v in water_values(seed, stations, Clock(np.array([hour]))).items()}
    load = float(stations.load[number])

    def noise(name: str, spread: float) -> float:
        return float(np.exp(spread * normal(seed, "lab-" + name, number, hour)))

    cod, nh4 = probe["cod"] * noise("cod", 0.06), probe["nh4"] * 0.7765 * noise("nh4", 0.1)
    no3, no2 = (0.25 + 1.1 * load) * noise("no3", 0.35), 0.012 * (1 + 5 * load**2) * noise("no2", 0.55)
    po4 = 0.03 * (1 + 6 * load**2) * noise("po4", 0.45)
    washed = (probe["tss"] / 40.0) ** 0.6
    coliform = 700 * (1 + 14 * load**2) * washed * noise("coliform", 0.75)
    silt = 0.3 + probe["tss"] / 60.0  # metals come with the silt
    rare = float(uniform(seed, "pesticide", number, hour))  # a farm upstream has sprayed
    spray = 12.0 if rare < 0.02 else 1.0
    return {
        "ph": probe["ph"] + 0.03 * float(normal(seed, "lab-ph", number, hour)),
        "temperature": probe["temperature"], "do": probe["do"] * noise("do", 0.02),
        "bod5": 0.47 * cod * noise("bod", 0.12), "cod": cod, "toc": 0.36 * cod * noise("toc", 0.12),
        "tss": probe["tss"] * noise("tss", 0.08), "n_nh4": nh4, "n_no3": no3, "n_no2": no2, "p_po4": po4,
        "tn": nh4 + no3 + no2 + 0.15 * noise("tn", 0.3), "tp": po4 * 1.35 * noise("tp", 0.15),
        "coliform": coliform, "fecal_coliform": 0.12 * coliform * noise("fecal", 0.3),
        "ecoli": 0.03 * coliform * noise("ecoli", 0.5),
        "arsenic": 0.0016 * silt * noise("as", 0.5), "cadmium": 0.00022 * silt * noise("cd", 0.6),
        "lead": 0.0018 * silt * (0.6 + load) * noise("pb", 0.6), "chromium6": 0.0019 * (0.5 + load) * noise("cr", 0.5),
        "copper": 0.011 * silt * noise("cu", 0.5), "zinc": 0.032 * silt * noise("zn", 0.5),
        "mercury": 0.00012 * noise("hg", 0.5), "aldrin": 0.002 * noise("aldrin", 0.6),
        "bhc": 0.002 * spray * noise("bhc", 0.6), "dieldrin": 0.002 * noise("dieldrin", 0.6),
        "ddts": 0.006 * noise("ddt", 0.6), "heptachlor": 0.002 * noise("heptachlor", 0.6),
    }  # fmt: skip
