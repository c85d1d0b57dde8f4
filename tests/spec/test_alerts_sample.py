"""The sample's planted faults and its planted episode, through the whole way: file, checks, roll-up, alerts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from spatial.access import SYSTEM, connect
from spatial.queries import alerts

# What the sample plants in its last days, still going on at its end: station -> (parameter or None, sign).
BROKEN: Mapping[str, tuple[str | None, str]] = {
    "KK02": ("no2", "calibration"), "KK03": (None, "clock"), "KK04": ("pm25", "stuck"), "KK05": (None, "fault"),
    "KK06": ("pm25", "jumps"), "KK07": ("pm25", "drift"), "KK08": (None, "silent"),
}  # fmt: skip


@pytest.fixture
def rows(province: str) -> list[dict[str, Any]]:
    with connect(SYSTEM) as conn:
        return alerts.list_alerts(conn, layer_id="air_observation", limit=1000)


def of(rows: list[dict[str, Any]], station: str, cause: str) -> list[dict[str, Any]]:
    return [row for row in rows if row["feature_key"] == station and row["cause"] == cause and row["state"] != "closed"]


@pytest.mark.parametrize("station", BROKEN)
def test_each_broken_sensor_raises_an_alert_about_the_instrument(rows: list[dict[str, Any]], station: str) -> None:
    parameter, sign = BROKEN[station]
    signs = {
        finding["sign"]
        for row in of(rows, station, "instrument")
        if row["parameter"] == parameter
        for finding in row["evidence"]["findings"]
    }
    assert sign in signs


@pytest.mark.parametrize("station", ["KK03", "KK07", "KK08"])
def test_what_a_broken_sensor_says_raises_no_alert_about_the_air(rows: list[dict[str, Any]], station: str) -> None:
    """The clock is wrong, the sensor drifts to twice the truth, nothing comes: in the midst of real smoke."""
    assert of(rows, station, "environment") == []


def test_the_planted_smoke_is_one_episode_of_the_air_and_its_healthy_station_has_no_instrument_alert(
    rows: list[dict[str, Any]],
) -> None:
    smoke = [row for row in rows if row["cause"] == "environment" and row["ended_at"] is None]
    assert {"KK01", "KK02", "KK04", "KK06"} <= {row["feature_key"] for row in smoke}
    assert len({row["episode"] for row in smoke}) == 1
    assert {row["severity"] for row in of(rows, "KK01", "environment")} <= {"severe", "extreme"}
    assert of(rows, "KK01", "instrument") == []


def test_a_stuck_value_is_no_ground_for_an_alert_about_the_air(rows: list[dict[str, Any]]) -> None:
    (stuck,) = [row for row in of(rows, "KK04", "instrument") if row["parameter"] == "pm25"]
    for row in of(rows, "KK04", "environment"):
        for finding in row["evidence"]["findings"]:
            if finding["parameter"] == "pm25" and finding["hours"] == 1:
                assert finding["last"] < stuck["started_at"].isoformat()
