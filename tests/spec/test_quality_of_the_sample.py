"""The broken stations and the real episode of the sample, after load and roll-up: what is marked, what enters means."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from helpers.ingest import query, scalar

from layers.flags import Flag
from spatial.settings import data_settings

pytestmark = pytest.mark.usefixtures("province")


@pytest.fixture(scope="module")
def ledger() -> dict[str, Any]:
    path = data_settings().root / "sample" / "planted.json"
    return json.loads(Path(path).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def until(province: str) -> datetime:
    """The newest hour when the sample was made."""
    manifest = json.loads((data_settings().root / "sample" / "sample.json").read_text(encoding="utf-8"))
    return datetime.fromisoformat(manifest["until"])


def lasting(ledger: dict[str, Any], kind: str, until: datetime) -> dict[str, Any]:
    """The fault of that kind that reaches farthest towards, or over, the end of the sample."""
    return max((f for f in ledger["air_observation"] if f["kind"] == kind), key=lambda f: min(f["last"], str(until)))


def values(fault: dict[str, Any], **other: Any) -> list[Any]:
    """Raw values in the span of a fault, each with its hour: time, value, flag, mean (the hour's approved value)."""
    said = fault | other
    return query(
        "SELECT o.time, o.value, o.flag, h.value AS mean FROM core.series s"
        " JOIN core.observation o ON o.series_id = s.id"
        " LEFT JOIN derived.observation_hourly h ON h.series_id = o.series_id AND h.time = o.time"
        " WHERE s.layer_id = 'air_observation' AND s.feature_key = :station"
        " AND (:parameter = '*' OR s.parameter = :parameter) AND o.time BETWEEN :first AND :last ORDER BY o.time",
        **{name: said[name] for name in ("station", "parameter", "first", "last")},
    )


@pytest.mark.parametrize(
    ("kind", "flag"),
    [
        ("stuck", Flag.FLAT),
        ("spike", Flag.SPIKE),
        ("left_on", Flag.CALIBRATION),
        ("calibration", Flag.CALIBRATION),
        ("fault", Flag.FAULT),
        ("sentinel", Flag.SENTINEL),
    ],
)
def test_a_broken_sensor_is_marked_and_none_of_its_values_enters_an_hour(ledger, until, kind, flag):
    rows = values(lasting(ledger, kind, until))
    assert rows
    assert all(row.flag & flag for row in rows)
    assert [row.mean for row in rows] == [None] * len(rows)


def test_a_clock_that_is_seven_hours_late_is_found_for_the_whole_station(ledger, until):
    rows = values(lasting(ledger, "clock", until))
    marked = [row for row in rows if row.flag & Flag.CLOCK]
    assert len(marked) > 0.85 * len(rows)
    assert all(row.mean is None for row in marked)
    assert rows[-1].flag & Flag.CLOCK


def test_a_sensor_that_drifts_away_is_found_by_the_time_it_is_off_by_half(ledger, until):
    fault = lasting(ledger, "drift", until)
    hours = values(fault)
    late = hours[-7 * 24 :]
    assert sum(bool(row.flag & Flag.DRIFT) for row in late) > 0.9 * len(late)
    assert all(row.mean is None for row in late if row.flag & Flag.DRIFT)
    assert hours[-1].flag & Flag.DRIFT
    assert not any(row.flag & Flag.DRIFT for row in hours[: 3 * 24])


def test_a_real_episode_over_an_area_is_not_marked(ledger, until):
    episode = ledger["air_episode"]
    ill = {
        f["station"]
        for f in ledger["air_observation"]
        if f["parameter"] in ("*", "pm25") and f["last"] > episode["begins"]
    }
    healthy = sorted(set(episode["stations"]) - ill)
    assert healthy
    for station in healthy:
        for parameter in ("pm25", "pm10"):
            rows = values(episode, station=station, parameter=parameter, first=episode["begins"])
            assert max(row.value for row in rows) > 120
            assert [row.flag for row in rows] == [0] * len(rows), (station, parameter)
            assert all(row.mean is not None for row in rows)


def test_marks_of_the_network_stand_only_where_something_was_planted(ledger):
    planted = {f["station"] for f in ledger["air_observation"] if f["kind"] in ("clock", "drift", "stuck", "fault")}
    marked = query(
        "SELECT DISTINCT s.feature_key FROM core.observation o JOIN core.series s ON s.id = o.series_id"
        " WHERE o.flag & :network <> 0",
        network=int(Flag.NEIGHBOUR | Flag.DRIFT | Flag.CLOCK),
    )
    assert {row.feature_key for row in marked} <= planted


def test_hardly_any_good_value_is_marked(ledger):
    planted = " OR ".join(
        f"(s.feature_key = '{f['station']}' AND o.time BETWEEN '{f['first']}' AND '{f['last']}')"
        for f in ledger["air_observation"]
    )
    share = scalar(
        "SELECT count(*) FILTER (WHERE o.flag <> 0) / count(*)::float FROM core.observation o JOIN core.series s"
        f" ON s.id = o.series_id WHERE s.layer_id = 'air_observation' AND NOT ({planted})"
    )
    assert share < 0.002
