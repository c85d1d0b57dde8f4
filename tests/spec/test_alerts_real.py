"""Alerts on the real Hà Nội data, judged as if it were a day of the past: the episodes are found, and no storm."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.alert_run import evaluate_layer
from ingest.jobs import run_job
from ingest.recipe import load_recipe, read_recipe
from layers.registry import get_layer, registry
from spatial.access import SYSTEM, connect
from spatial.progress import silent
from spatial.queries import alerts
from spatial.queries.alert_rules import sync_rules
from spatial.settings import REPOSITORY

pytestmark = pytest.mark.real
END = datetime(2024, 9, 30, tzinfo=UTC)
DAYS = 270


@pytest.fixture
def hanoi(database: str, real_data: Path) -> list[dict[str, object]]:
    """Alerts of nine months of 2024, judged in one go; nobody is told."""
    recipe = read_recipe(REPOSITORY / "data" / "recipes" / "real.toml")
    wanted = ("air/openaq_hanoi_stations.csv", "air/openaq_hanoi_measurements.csv.gz")
    files = tuple(entry for entry in recipe.file if entry.path in wanted)
    load_recipe(recipe.model_copy(update={"file": files}), real_data, actor=SYSTEM)
    run_job("rollup", silent)
    with connect(SYSTEM) as conn:
        sync_rules(conn, layers=list(registry().values()))
        evaluate_layer(conn, layer=get_layer("air_observation"), as_of=END, lookback_days=DAYS, tell=False)
        return alerts.list_alerts(conn, limit=100_000)


def test_the_smog_of_late_january_is_found_as_one_episode_and_alerts_come_in_sane_numbers(
    hanoi: list[dict[str, object]],
) -> None:
    day = datetime(2024, 1, 31, tzinfo=UTC)
    smog = [
        row for row in hanoi
        if row["cause"] == "environment" and row["started_at"] < day < row["last_at"] + timedelta(hours=12)  # type: ignore[operator]
    ]  # fmt: skip
    assert len(smog) >= 5, "most stations that measured"
    assert {row["severity"] for row in smog} & {"moderate", "severe", "extreme"}
    assert len({row["episode"] for row in smog}) == 1
    months = DAYS / 30
    air = Counter(row["feature_key"] for row in hanoi if row["cause"] == "environment")
    assert max(air.values()) / months < 5, "several events a month at the worst station, not one a day"
    device = Counter(row["feature_key"] for row in hanoi if row["cause"] == "instrument")
    assert sum(device.values()) / len(device) / months < 4, "of stations whose feed is gone for days, again and again"
