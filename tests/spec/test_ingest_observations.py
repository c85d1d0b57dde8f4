"""Observations: long and wide files, status, flags, and context across files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from helpers.ingest import load, query, rejects, scalar, write_csv, write_units

from layers.flags import Flag

START = datetime(2026, 3, 1, 0, tzinfo=UTC)
LONG = ("MA_TRAM", "THOI_GIAN", "THONG_SO", "GIA_TRI", "TRANG_THAI")


@pytest.fixture
def folder(database: str, tmp_path: Path) -> Path:
    load("admin_unit", write_units(tmp_path))
    header = ("MA_TRAM", "TEN_TRAM", "lon", "lat")
    load("air_station", write_csv(tmp_path / "s.csv", header, [("K1", "Một", 105.9, 20.3), ("K2", "Hai", 106.1, 20.3)]))
    return tmp_path


def long_file(
    path: Path, values: Iterable[object], *, station: str = "K1", parameter: str = "PM10", start: datetime = START
) -> Path:
    """Hourly values of one series; a pair is (value, status)."""
    rows = []
    for hour, value in enumerate(values):
        number, status = value if isinstance(value, tuple) else (value, "00")
        moment = start + timedelta(hours=hour)
        rows.append((station, moment.strftime("%Y-%m-%dT%H:%M:%SZ"), parameter, number, status))
    return write_csv(path, LONG, rows)


def stored(parameter: str = "pm10", station: str = "K1") -> list[tuple[float | None, int]]:
    return [
        (row.value, row.flag)
        for row in query(
            "SELECT o.value, o.flag FROM core.observation o JOIN core.series s ON s.id = o.series_id"
            " WHERE s.parameter = :parameter AND s.feature_key = :station ORDER BY o.time",
            parameter=parameter,
            station=station,
        )
    ]


def flags(parameter: str = "pm10") -> list[int]:
    return [flag for _, flag in stored(parameter)]


CALM = [20, 23, 21, 25, 22, 24, 20, 26]


def test_a_sentinel_is_no_value_and_is_marked(folder):
    report = load("air_observation", long_file(folder / "a.csv", [20, -999, 22]))
    assert stored() == [(20, 0), (None, Flag.SENTINEL), (22, 0)]
    assert dict(report.flagged) == {"sentinel": 1}


def test_an_impossible_value_is_kept_and_marked(folder):
    load("air_observation", long_file(folder / "a.csv", [20, -25935, 22], parameter="O3"))
    assert stored("o3")[1] == (-25935, Flag.RANGE)


def test_calibration_and_fault_are_marked_whatever_the_number_says(folder):
    load("air_observation", long_file(folder / "a.csv", [20, (21, "01"), (22, "02")]))
    assert flags() == [0, Flag.CALIBRATION, Flag.FAULT]
    assert [row.status for row in query("SELECT status FROM core.observation ORDER BY time")] == [0, 1, 2]


def test_a_spike_is_marked_but_not_the_value_that_comes_back_from_it(folder):
    load("air_observation", long_file(folder / "a.csv", [20, 22, 900, 21, 23]))
    assert flags() == [0, 0, Flag.SPIKE, 0, 0]


def test_a_stuck_sensor_is_marked_for_the_whole_stretch(folder):
    load("air_observation", long_file(folder / "a.csv", [*CALM, *[30.0] * 7, *CALM]))
    assert flags() == [0] * 8 + [Flag.FLAT] * 7 + [0] * 8


def test_a_stretch_that_goes_on_from_file_to_file_is_marked_in_both(folder):
    load("air_observation", long_file(folder / "a.csv", [*CALM, 30, 30, 30]))
    assert set(flags()) == {0}
    load("air_observation", long_file(folder / "b.csv", [30, 30, 30, 20], start=START + timedelta(hours=11)))
    assert flags() == [0] * 8 + [Flag.FLAT] * 6 + [0]


def test_a_spike_is_seen_against_the_last_value_of_the_file_before(folder):
    load("air_observation", long_file(folder / "a.csv", CALM))
    load("air_observation", long_file(folder / "b.csv", [900, 22], start=START + timedelta(hours=8)))
    assert flags() == [0] * 8 + [Flag.SPIKE, 0]


def test_hour_by_hour_files_end_with_the_flags_of_one_file(folder):
    values = [*CALM, 900, *CALM, *[30] * 7, 20]
    load("air_observation", long_file(folder / "all.csv", values, station="K2"))
    for hour, value in enumerate(values):
        file = long_file(folder / f"{hour}.csv", [value], start=START + timedelta(hours=hour))
        load("air_observation", file, archive=False)
    assert stored(station="K1") == stored(station="K2")


def test_pm25_above_pm10_marks_both_also_when_they_come_in_two_files(folder):
    load("air_observation", long_file(folder / "a.csv", [20, 30, 40], parameter="PM10"))
    load("air_observation", long_file(folder / "b.csv", [10, 48, 20], parameter="PM2.5"))
    assert flags("pm10") == flags("pm25") == [0, Flag.INCONSISTENT, 0]


def test_noise_of_two_instruments_is_no_contradiction_and_a_broken_partner_accuses_nobody(folder):
    load("air_observation", long_file(folder / "a.csv", [30, 31, 33, 32, 30], parameter="PM10"))
    load("air_observation", long_file(folder / "b.csv", [31, 33, 30, 900, 31], parameter="PM2.5"))
    assert flags("pm10") == [0] * 5
    assert flags("pm25") == [0, 0, 0, Flag.SPIKE, 0]


def test_a_later_value_takes_a_mark_back_that_it_shows_to_be_wrong(folder):
    load("air_observation", long_file(folder / "a.csv", [20, 22, 21, 600], parameter="PM2.5"))
    assert flags("pm25") == [0, 0, 0, Flag.SPIKE]
    load("air_observation", long_file(folder / "b.csv", [22, 24], parameter="PM2.5", start=START + timedelta(hours=3)))
    assert flags("pm25") == [0] * 5


def test_a_contradiction_goes_when_the_partner_is_corrected(folder):
    load("air_observation", long_file(folder / "a.csv", [30, 40], parameter="PM10"))
    load("air_observation", long_file(folder / "b.csv", [50, 20], parameter="PM2.5"))
    assert flags("pm10") == [Flag.INCONSISTENT, 0]
    load("air_observation", long_file(folder / "c.csv", [15], parameter="PM2.5"))
    assert flags("pm10") == flags("pm25") == [0, 0]


def test_unknown_stations_and_parameters_go_to_quarantine(folder):
    rows = [("K9", "2026-03-01T00:00:00Z", "PM10", 1, ""), ("K1", "2026-03-01T00:00:00Z", "Radon", 1, ""),
            ("K1", "yesterday", "PM10", 1, ""), ("K1", "2026-03-01T00:00:00Z", "PM10", "many", "")]  # fmt: skip
    assert load("air_observation", write_csv(folder / "a.csv", LONG, rows)).accepted == 0
    assert rejects("air_observation") == [
        (2, "station", "unknown_station"),
        (3, "parameter", "unknown_parameter"),
        (4, "time", "not_a_datetime"),
        (5, "value", "not_a_number"),
    ]


def test_a_time_given_twice_keeps_the_first_value_and_says_when_they_differ(folder):
    rows = [("K1", "2026-03-01T00:00:00Z", "PM10", 20, ""), ("K1", "2026-03-01T00:00:00Z", "PM10", 20, ""),
            ("K1", "2026-03-01T01:00:00Z", "PM10", 21, ""), ("K1", "2026-03-01T01:00:00Z", "PM10", 99, "")]  # fmt: skip
    load("air_observation", write_csv(folder / "a.csv", LONG, rows))
    assert stored() == [(20, 0), (21, Flag.DUPLICATE)]
    assert rejects("air_observation") == [(3, None, "duplicate_key"), (5, None, "duplicate_key")]


def test_times_without_offset_are_local_and_stored_in_utc(folder):
    load("air_observation", write_csv(folder / "a.csv", LONG, [("K1", "01/03/2026 07:00", "PM10", 20, "")]))
    assert scalar("SELECT time FROM core.observation") == START


def test_a_wide_file_gives_a_series_for_each_parameter(folder):
    header = ("MA_TRAM", "date", "hour", "PM2.5", "PM10", "remark")
    rows = [("K1", "01-03-2026", "07:00", 10, 20, "a"), ("K1", "01-03-2026", "08:00", None, 21, "b")]
    file = write_csv(folder / "wide.csv", header, rows)
    report = load("air_observation", file, shape="wide", datetime_format="%d-%m-%Y %H:%M",
                  columns={"time": ["date", "hour"]})  # fmt: skip
    assert (report.rows_read, report.inserted) == (2, 3)
    assert (stored("pm25"), stored("pm10")) == ([(10, 0)], [(20, 0), (21, 0)])


def test_months_get_their_partitions_and_the_data_clock_moves(folder):
    load("air_observation", long_file(folder / "a.csv", [20], start=datetime(2024, 12, 31, 23, tzinfo=UTC)))
    load("air_observation", long_file(folder / "b.csv", [21], start=datetime(2025, 2, 1, tzinfo=UTC)))
    names = [row[0] for row in query("SELECT inhrelid::regclass::text FROM pg_inherits WHERE"
                                     " inhparent = 'core.observation'::regclass ORDER BY 1")]  # fmt: skip
    assert {"core.observation_p202412", "core.observation_p202502"} <= set(names)
    until = scalar("SELECT data_until FROM ops.layer_version WHERE layer_id = 'air_observation'")
    assert until == datetime(2025, 2, 1, tzinfo=UTC)


def test_a_corrected_value_replaces_the_stored_one_and_nothing_else_is_written(folder):
    load("air_observation", long_file(folder / "a.csv", CALM))
    report = load("air_observation", long_file(folder / "b.csv", [*CALM[:-1], 27]))
    assert (report.inserted, report.updated, report.unchanged) == (0, 1, 7)


def test_the_same_file_by_force_finds_every_value_unchanged(folder):
    values = [*CALM, 900, *CALM, *[30] * 7, -999, 20]
    load("air_observation", long_file(folder / "a.csv", values))
    report = load("air_observation", long_file(folder / "a.csv", values), force=True)
    assert (report.inserted, report.updated, report.unchanged) == (0, 0, len(values))
