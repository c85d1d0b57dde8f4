"""The forecast job on PostGIS: what it reads, what it stores, what the screens read, and when it has nothing to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import Connection, text

from ingest.forecast_job import run_forecasts
from ingest.jobs_observations import roll_up_changes
from spatial.access import OPERATOR, SYSTEM, connect
from spatial.progress import silent
from spatial.queries import forecasts, rollup
from spatial.queries.versions import bump_version

pytestmark = pytest.mark.usefixtures("database")

DAYS = 75
NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
STATIONS = ("A", "B", "C")


def add_series(conn: Connection, key: str, parameter: str = "pm25") -> int:
    number = conn.execute(
        text(
            "INSERT INTO core.series (layer_id, feature_key, parameter) VALUES ('air_observation', :key, :parameter)"
            " RETURNING id"
        ),
        {"key": key, "parameter": parameter},
    ).scalar_one()
    return int(number)


def add_values(conn: Connection, series_id: int, values: np.ndarray, *, flag: int = 0, until: datetime = NOW) -> None:
    """Hourly values that end at ``until``."""
    times = [until - timedelta(hours=len(values) - 1 - index) for index in range(len(values))]
    conn.execute(
        text("SELECT core.ensure_observation_partitions(:first, :last)"), {"first": times[0], "last": times[-1]}
    )
    conn.execute(
        text(
            "INSERT INTO core.observation (series_id, time, value, flag) SELECT :series, t, v, :flag"
            " FROM unnest(CAST(:times AS timestamptz[]), CAST(:values AS double precision[])) AS new (t, v)"
            " ON CONFLICT (series_id, time) DO UPDATE SET value = excluded.value, flag = excluded.flag"
        ),
        {"series": series_id, "flag": flag, "times": times, "values": values.tolist()},
    )
    rollup.touch(conn, series_ids=[series_id], first=times[0], last=times[-1])
    roll_up_changes(conn, silent)


def town() -> np.ndarray:
    random = np.random.default_rng(11)
    weather = np.zeros(DAYS * 24)
    for hour in range(1, len(weather)):
        weather[hour] = 0.97 * weather[hour - 1] + 0.1 * random.normal()
    day = 0.4 * np.sin(2 * np.pi * np.arange(DAYS * 24) / 24)
    return np.exp(3.3 + (day + weather)[:, None] + 0.15 * random.normal(size=(DAYS * 24, len(STATIONS))))


@pytest.fixture
def series() -> dict[str, int]:
    """Three good stations, one that is stuck and one that never reported."""
    with connect(SYSTEM) as conn:
        ids = {key: add_series(conn, key) for key in (*STATIONS, "stuck", "silent")}
        for key, values in zip(STATIONS, town().T, strict=True):
            add_values(conn, ids[key], values)
        add_values(conn, ids["stuck"], np.full(DAYS * 24, 8.0))
    return ids


def latest(*numbers: int) -> list[forecasts.Row]:
    with connect(OPERATOR) as conn:
        return forecasts.latest(conn, series_ids=numbers)


def test_every_series_gets_72_hours_from_the_data_clock(series: dict[str, int]) -> None:
    run_forecasts(silent)
    rows = latest(series["A"])
    assert [row["target"] for row in rows] == [NOW + timedelta(hours=hour) for hour in range(1, 73)]
    for row in rows:
        assert row["issued_at"] == row["input_until"] == NOW
        assert 0 <= row["q025"] <= row["q10"] <= row["q50"] <= row["q90"] <= row["q975"]


def test_a_series_without_forecast_says_why(series: dict[str, int]) -> None:
    run_forecasts(silent)
    (stuck,) = latest(series["stuck"])
    (silent_one,) = latest(series["silent"])
    assert (stuck["model"], stuck["target"]) == (None, None)
    assert stuck["reason"] == "constant"
    assert silent_one["reason"] == "empty"


def test_flagged_values_are_not_learned_from(series: dict[str, int]) -> None:
    with connect(SYSTEM) as conn:
        add_values(conn, series["A"], np.full(3, 900.0), flag=2)
    run_forecasts(silent)
    rows = latest(series["A"])
    assert rows[0]["input_until"] == NOW - timedelta(hours=3)
    assert max(row["q50"] for row in rows) < 300


def test_a_station_whose_clock_runs_ahead_does_not_move_now(series: dict[str, int]) -> None:
    with connect(SYSTEM) as conn:
        add_values(conn, series["B"], np.full(5, 30.0), until=NOW + timedelta(days=3))
    run_forecasts(silent)
    assert latest(series["A"])[0]["issued_at"] == NOW


def test_nothing_is_issued_twice_for_the_same_data(series: dict[str, int]) -> None:
    run_forecasts(silent)
    assert run_forecasts(silent) == "no new values since the last issue"
    with connect(SYSTEM) as conn:
        add_values(conn, series["A"], np.array([25.0]))
        bump_version(conn, layer_id="air_observation")
    run_forecasts(silent)
    with connect(SYSTEM) as conn:
        count = conn.execute(
            text("SELECT count(*) FROM derived.forecast_issue WHERE series_id = :number"), {"number": series["A"]}
        ).scalar_one()
    assert count == 1  # the same reference time: replaced, not added
    assert len(latest(series["A"])) == 72


def issue_times(series_id: int) -> list[datetime]:
    with connect(SYSTEM) as conn:
        return list(
            conn.execute(
                text("SELECT issued_at FROM derived.forecast_issue WHERE series_id = :number ORDER BY 1"),
                {"number": series_id},
            ).scalars()
        )


def test_a_series_whose_values_did_not_change_is_not_issued_again_within_six_hours(series: dict[str, int]) -> None:
    run_forecasts(silent)
    for hour in range(1, 7):
        with connect(SYSTEM) as conn:
            add_values(conn, series["A"], np.array([25.0 + hour]), until=NOW - timedelta(hours=10 - hour))
            bump_version(conn, layer_id="air_observation")
        run_forecasts(silent)
    assert issue_times(series["A"]) == issue_times(series["B"]) == [NOW]


def test_skill_against_each_simple_method_is_stored(series: dict[str, int]) -> None:
    run_forecasts(silent)
    (head, *_) = latest(series["A"])
    for name in ("skill_persistence", "skill_climatology", "skill_seasonal"):
        assert head[name] is not None
        assert head[name] < 1


def test_progress_rises_from_nought_to_one(series: dict[str, int]) -> None:
    seen: list[float] = []
    run_forecasts(lambda _text, fraction: seen.append(fraction))
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0.0, 1.0)


def test_a_window_of_the_newest_issue_is_cut_at_both_ends(series: dict[str, int]) -> None:
    run_forecasts(silent)
    first, last = NOW + timedelta(hours=10), NOW + timedelta(hours=12)
    with connect(OPERATOR) as conn:
        rows = forecasts.window(conn, series_ids=[series["A"], series["B"]], first=first, last=last)
    assert [row["series_id"] for row in rows] == [series["A"]] * 3 + [series["B"]] * 3
    assert {row["target"] for row in rows} == {first, NOW + timedelta(hours=11), last}


def stored(series_id: int, issued_at: datetime) -> forecasts.StoredIssue:
    return forecasts.StoredIssue(series_id, issued_at, None, None, "empty: ...", None, None)


def test_old_issues_are_thinned_to_one_a_day_and_then_go(series: dict[str, int]) -> None:
    noon = NOW.replace(hour=5)  # 12:00 in Việt Nam
    times = [noon - timedelta(days=days, hours=hours) for days in (1, 30, 500) for hours in (0, 1, 2)]
    with connect(SYSTEM) as conn:
        forecasts.store(conn, issues=[stored(series["A"], time) for time in times])
        forecasts.thin(conn)
        kept = conn.execute(
            text("SELECT issued_at FROM derived.forecast_issue WHERE series_id = :number ORDER BY issued_at DESC"),
            {"number": series["A"]},
        ).scalars()
        assert list(kept) == [*times[:3], times[3]]


def test_a_panel_counts_values_for_the_hour_they_end_in(series: dict[str, int]) -> None:
    with connect(SYSTEM) as conn:
        add_values(conn, series["silent"], np.array([5.0]), until=NOW - timedelta(minutes=20))
        table = forecasts.panel(conn, series_ids=[series["silent"], series["stuck"]], last=NOW, hours=3)
    np.testing.assert_array_equal(table, [[np.nan, 8.0], [np.nan, 8.0], [5.0, 8.0]])


def test_a_panel_keeps_the_order_of_the_series_asked_for(series: dict[str, int]) -> None:
    numbers = [series["C"], series["A"], series["stuck"]]
    with connect(SYSTEM) as conn:
        table = forecasts.panel(conn, series_ids=numbers, last=NOW, hours=DAYS * 24)
    np.testing.assert_allclose(table[:, :2], town()[:, [2, 0]])
    assert (table[:, 2] == 8.0).all()


@pytest.mark.parametrize("name", ["A:pm25", "air_observation:A:pm25"])
def test_a_series_is_found_by_station_and_parameter(name: str, series: dict[str, int]) -> None:
    with connect(OPERATOR) as conn:
        assert [row["id"] for row in forecasts.find_series(conn, name=name)] == [series["A"]]


def test_the_newest_forecast_of_a_network_that_ended_years_ago_is_kept(database: str) -> None:
    with connect(SYSTEM) as conn:
        number = conn.execute(
            text(
                "INSERT INTO core.series (layer_id, feature_key, parameter) VALUES ('air_observation', 'OLD', 'pm25')"
                " RETURNING id"
            )
        ).scalar_one()
        for days in (900, 899, 3):
            moment = datetime.now(UTC) - timedelta(days=days + 700)
            conn.execute(
                text("INSERT INTO derived.forecast_issue (series_id, issued_at) VALUES (:series, :moment)"),
                {"series": number, "moment": moment},
            )
        assert forecasts.thin(conn) == 2
        assert conn.execute(text("SELECT count(*) FROM derived.forecast_issue")).scalar_one() == 1
