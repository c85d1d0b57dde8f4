"""The sample province goes on living: hours that passed since its last one arrive through the ingest."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from helpers.ingest import query, scalar

from ingest.jobs import run_job
from ingest.sample.build import MANIFEST
from ingest.sample.scale import SCALES
from spatial.progress import silent
from spatial.settings import data_settings

HOURS = 7
SENDING = (
    "SELECT o.series_id FROM core.observation o JOIN core.series s ON s.id = o.series_id"
    " WHERE o.time = :at AND s.layer_id <> 'water_sample'"
)
COUNTS = "SELECT time, count(*) AS n FROM core.observation WHERE time > :since GROUP BY time ORDER BY time"


@pytest.fixture
def hours_old(province_copy: str) -> Path:
    """A sample province whose last hours have not arrived; the folder of its sample."""
    newest = scalar("SELECT max(time) FROM core.observation")
    query(
        "DELETE FROM core.observation WHERE time > :since RETURNING 1",
        since=newest - timedelta(hours=HOURS),
    )
    folder = data_settings().root / "sample"
    if not (folder / MANIFEST).is_file():  # a ready province of GEOIOC_TEST_PROVINCE has no sources beside it
        folder.mkdir(parents=True, exist_ok=True)
        said = {"synthetic": True, "scale": "mini", "seed": 20250701, "parcels": SCALES["mini"].parcels}
        (folder / MANIFEST).write_text(json.dumps(said | {"until": newest.isoformat()}), encoding="utf-8")
    return folder


def test_missing_hours_arrive_for_every_series_and_leave_no_file_behind(hours_old: Path) -> None:
    before = scalar("SELECT max(time) FROM core.observation")
    files = set(hours_old.iterdir())
    said = run_job("sample_feed", silent)
    assert said.endswith("new values")
    arrived = query(COUNTS, since=before)
    assert len(arrived) >= HOURS
    assert [row.time for row in arrived] == [before + timedelta(hours=hour + 1) for hour in range(len(arrived))]
    # Who sent then goes on sending; stations that are late or silent may come back, and the one with the wrong clock
    # sends hours that have passed.
    sending = {row.series_id for row in query(SENDING, at=before)} & {
        row.series_id for row in query(SENDING, at=arrived[-1].time)
    }
    assert len(sending) > scalar("SELECT count(*) FROM core.series WHERE layer_id = 'air_observation'") / 2
    for row in arrived:
        assert sending <= {sent.series_id for sent in query(SENDING, at=row.time)}, row.time
    assert int(said.split()[0]) == sum(row.n for row in arrived)
    assert set(hours_old.iterdir()) == files


def test_new_hours_pass_the_checks_and_move_the_data_clock(hours_old: Path) -> None:
    run_job("sample_feed", silent)
    clock = scalar("SELECT max(data_until) FROM ops.layer_version WHERE layer_id = 'air_observation'")
    assert clock == scalar(
        "SELECT max(o.time) FROM core.observation o JOIN core.series s ON s.id = o.series_id"
        " WHERE s.layer_id = 'air_observation'"
    )
    loads = query("SELECT DISTINCT layer_id, state FROM ops.ingest_run ORDER BY 1 DESC LIMIT 2")
    assert {row.state for row in loads} == {"done"}


def test_a_second_run_within_the_hour_adds_nothing(hours_old: Path) -> None:
    run_job("sample_feed", silent)
    count = scalar("SELECT count(*) FROM core.observation")
    assert run_job("sample_feed", silent) == "nothing new"
    assert scalar("SELECT count(*) FROM core.observation") == count


def test_real_data_are_left_alone(database: str) -> None:
    assert run_job("sample_feed", silent) == "not a sample province"
