"""Marks of the network are set and taken back as values come, and a step by step pass ends where a whole one does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from helpers.ingest import fingerprint, load, query, scalar, write_csv, write_units
from sqlalchemy import text

from ingest.jobs_observations import roll_up
from ingest.network_quality import mark_network
from layers.flags import NETWORK_FLAGS, Flag
from spatial.access import SYSTEM, connect
from spatial.progress import silent
from spatial.queries.reviews import add_review

START = datetime(2026, 3, 1, 17, tzinfo=UTC)  # local midnight
DAYS, STATIONS = 110, 6
HEADER = ("MA_TRAM", "THOI_GIAN", "THONG_SO", "GIA_TRI")
BROKEN = "K2"


def values() -> np.ndarray:
    """PM2.5 by hour and station: a drift at K4, a bias of four days at K2, a late clock at K3."""
    rng = np.random.default_rng(8)
    hours = np.arange(24 * DAYS)
    weather = np.convolve(rng.normal(0, 1, len(hours) + 60), np.hanning(60) / 8, "valid")[: len(hours)]
    air = 30 * np.exp((weather + 0.4 * np.cos(2 * np.pi * (hours - 8) / 24))[:, None])
    air = air * np.exp(rng.normal(0, 0.12, (len(hours), STATIONS)))
    air[75 * 24 :, 4] *= 1 + 1.3 * np.clip(np.arange(len(hours) - 75 * 24) / (20 * 24), 0, 1)
    air[60 * 24 : 64 * 24, 2] *= 8
    air[100 * 24 : 108 * 24, 3] = air[100 * 24 + 7 : 108 * 24 + 7, 3]
    return np.round(air, 2)


@pytest.fixture
def folder(database: str, tmp_path: Path) -> Path:
    load("admin_unit", write_units(tmp_path))
    rows = [(f"K{n}", f"Trạm {n}", 105.9 + 0.04 * n, 20.3) for n in range(STATIONS)]
    load("air_station", write_csv(tmp_path / "s.csv", ("MA_TRAM", "TEN_TRAM", "lon", "lat"), rows))
    return tmp_path


def send(folder: Path, air: np.ndarray, first: int, last: int, *, stations: range = range(STATIONS)) -> None:
    """A file of the hours first <= hour < last."""
    rows = [
        (f"K{n}", (START + timedelta(hours=h + 1)).strftime("%Y-%m-%dT%H:%M:%SZ"), "PM2.5", air[h, n])
        for h in range(first, last)
        for n in stations
    ]
    path = folder / f"o_{first}_{last}_{len(stations)}_{stations.start}_{air[first, stations.start]}.csv"
    load("air_observation", write_csv(path, HEADER, rows))


def marked() -> set[tuple[str, int]]:
    """Stations and network marks that stand."""
    rows = query(
        "SELECT DISTINCT s.feature_key, o.flag & :network AS flag FROM core.observation o"
        " JOIN core.series s ON s.id = o.series_id WHERE o.flag & :network <> 0",
        network=int(NETWORK_FLAGS),
    )
    return {(row.feature_key, row.flag) for row in rows}


def test_each_fault_is_marked_at_its_station_and_nowhere_else(folder):
    send(folder, values(), 0, 24 * DAYS)
    roll_up(silent)
    assert marked() == {("K2", Flag.NEIGHBOUR), ("K3", Flag.CLOCK), ("K4", Flag.DRIFT)}
    means = "SELECT count(*) FROM derived.observation_hourly WHERE flag & :network <> 0 AND value IS NOT NULL"
    assert scalar(means, network=int(NETWORK_FLAGS)) == 0


def test_files_that_come_day_by_day_end_in_the_same_marks_as_one_pass(folder):
    air = values()
    send(folder, air, 0, 58 * 24)
    roll_up(silent)
    for day in range(58, DAYS, 4):
        send(folder, air, day * 24, min(day + 4, DAYS) * 24)
        roll_up(silent)
    send(folder, air, 70 * 24, 71 * 24)  # sent twice
    roll_up(silent)
    stepwise = fingerprint("core.observation", "derived.observation_hourly")
    with connect(SYSTEM) as conn:
        conn.execute(text("UPDATE core.observation SET flag = flag & ~1792"))
        conn.execute(text("DELETE FROM ops.watermark"))
    roll_up(silent)
    whole = fingerprint("core.observation", "derived.observation_hourly")
    assert marked() == {("K2", Flag.NEIGHBOUR), ("K3", Flag.CLOCK), ("K4", Flag.DRIFT)}
    assert stepwise == whole


def test_corrected_values_lose_their_marks_and_enter_means_again(folder):
    air = values()
    send(folder, air, 0, 80 * 24)
    roll_up(silent)
    assert ("K2", Flag.NEIGHBOUR) in marked()
    air[60 * 24 : 64 * 24, 2] /= 8
    send(folder, air, 60 * 24, 64 * 24, stations=range(2, 3))
    roll_up(silent)
    assert ("K2", Flag.NEIGHBOUR) not in marked()
    good = scalar(
        "SELECT min(d.n_good) FROM derived.observation_daily d JOIN core.series s ON s.id = d.series_id"
        " WHERE s.feature_key = 'K2'"
    )
    assert good == 24


def test_a_second_pass_over_unchanged_values_changes_nothing(folder):
    send(folder, values(), 0, 24 * DAYS)
    roll_up(silent)
    with connect(SYSTEM) as conn:
        conn.execute(text("CREATE TEMP TABLE touched (series_id int, day date, PRIMARY KEY (series_id, day))"))
        conn.execute(text("INSERT INTO touched SELECT DISTINCT series_id, CAST(time AS date) FROM core.observation"))
        before = conn.execute(text("SELECT count(*) FROM touched")).scalar()
        assert mark_network(conn, silent) == 0
        assert conn.execute(text("SELECT count(*) FROM touched")).scalar() == before
        conn.execute(text("DROP TABLE touched"))


def test_a_person_who_calls_marked_values_good_lets_them_into_the_means(folder):
    send(folder, values(), 0, 70 * 24)
    roll_up(silent)
    series = scalar("SELECT id FROM core.series WHERE feature_key = :key", key=BROKEN)
    first, last = START + timedelta(days=61), START + timedelta(days=62)
    hours = (
        "SELECT count(value) FROM derived.observation_hourly"
        " WHERE series_id = :series AND time > :first AND time <= :last"
    )
    assert scalar(hours, series=series, first=first, last=last) == 0
    with connect(SYSTEM) as conn:
        note = "Có đốt rơm cạnh trạm, số liệu đúng"
        add_review(conn, series_id=series, first=first, last=last, verdict="good", note=note, actor="Lan")
    roll_up(silent)
    assert scalar(hours, series=series, first=first, last=last) == 24
    assert ("K2", Flag.NEIGHBOUR) in marked()  # the mark itself stays
