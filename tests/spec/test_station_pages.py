"""What pages of stations read and write: the log, completeness, medians, days over limits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dash_app.pages.stations.view import network_statuses
from dash_app.services import Services, observation_layers
from dash_app.station_services import StationServices
from layers.registry import get_layer
from spatial.access import OPERATOR, SYSTEM, connect
from spatial.queries import station_notes, station_pages

AIR = get_layer("air_observation")
STATIONS = get_layer("air_station")
AT = datetime(2026, 11, 21, 3, tzinfo=UTC)


def test_the_log_keeps_what_was_written_newest_event_first(database: str) -> None:
    with connect(OPERATOR) as conn:
        for days, kind in ((0, "repair"), (2, "visit"), (1, "calibration")):
            station_notes.add_note(
                conn,
                stations=STATIONS,
                key="KK01",
                happened_at=AT - timedelta(days=days),
                kind=kind,
                note=" thay lọc ",
                actor="Lan",
            )
        found = station_notes.list_notes(conn, stations=STATIONS, key="KK01")
        assert station_notes.list_notes(conn, stations=STATIONS, key="KK02") == []
    assert [row["kind"] for row in found] == ["repair", "calibration", "visit"]
    assert {(row["note"], row["actor"]) for row in found} == {("thay lọc", "Lan")}


@pytest.mark.parametrize(
    "changes", [{"note": " "}, {"actor": ""}, {"kind": "party"}, {"happened_at": datetime(2026, 11, 21)}]
)
def test_an_entry_without_words_name_kind_or_time_is_refused(database: str, changes: dict[str, object]) -> None:
    entry = {"stations": STATIONS, "key": "KK01", "happened_at": AT, "kind": "visit", "note": "x", "actor": "Lan"}
    with connect(OPERATOR) as conn, pytest.raises(station_notes.NoteRefused):
        station_notes.add_note(conn, **(entry | changes))


def test_every_station_of_the_province_has_a_line_and_shares_stay_shares(province: str) -> None:
    reads = StationServices(Services())
    for layer in observation_layers():
        found = network_statuses(reads.network(layer), reads.services.now())
        if not layer.series.sampled:
            assert {line.key for line in found} == {row["key"] for row in reads.services.stations(layer)}
        for line in found:
            assert line.complete is None or 0 <= line.complete <= 1
            assert line.complete_month is None or 0 <= line.complete_month <= 1


def test_the_median_of_the_network_lies_between_its_stations(province: str) -> None:
    reads = StationServices(Services())
    last = reads.data_clock(AIR)
    first = last - timedelta(days=2)
    numbers = [row["series_id"] for row in reads.network(AIR).series if row["parameter"] == "temperature"]
    values: dict[datetime, list[float]] = {}
    for row in reads.hourly(numbers, first, last):
        if row["value"] is not None:
            values.setdefault(row["time"], []).append(row["value"])
    median = reads.median(AIR, "temperature", first, last, "hour")
    assert {row["time"]: row["stations"] for row in median} == {at: len(found) for at, found in values.items()}
    assert all(min(values[row["time"]]) <= row["value"] <= max(values[row["time"]]) for row in median)


def test_days_over_a_limit_are_counted_by_station_and_kind_of_mean(province: str) -> None:
    with connect(SYSTEM) as conn:
        days = {"first": AT.date() - timedelta(days=400), "last": AT.date() + timedelta(days=4000)}
        everyone = station_pages.days_over_limit(conn, layer=AIR, **days)
        assert everyone
        one = everyone[0]
        own = station_pages.days_over_limit(conn, layer=AIR, key=one["key"], hours=one["hours"], **days)
        assert one in own
        assert {row["key"] for row in own} == {one["key"]}


def test_the_sources_of_a_station_are_the_runs_that_brought_its_values(province: str) -> None:
    reads = StationServices(Services())
    key = reads.services.stations(AIR)[0]["key"]
    numbers = [row["series_id"] for row in reads.series(AIR, key)]
    found = reads.sources(AIR, numbers)
    assert found
    assert all(row["source"] and row["n"] > 0 and row["first"] <= row["last"] for row in found)
