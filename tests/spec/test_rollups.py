"""Daily values of stations and units: which hours enter, which day they belong to, and what is computed again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from helpers.toy import draw_units
from helpers.toy_data import add_hours, add_points, add_series
from sqlalchemy import Connection, text

from ingest.jobs import run_job
from spatial.access import SYSTEM, connect

DAY = date(2026, 3, 10)
MIDNIGHT = datetime(2026, 3, 9, 17, tzinfo=UTC)  # 00:00 of DAY at +07
PLACES = {"K1": (106.05, 20.05), "K2": (106.07, 20.03), "K3": (106.55, 20.05)}  # two in commune 10001, one in 10011


@pytest.fixture
def stations(database: str) -> dict[str, int]:
    with connect(SYSTEM) as conn:
        draw_units(conn)
    run_job("links")
    with connect(SYSTEM) as conn:
        add_points(conn, "air_station", PLACES, name="Trạm", station_class="standard")
        return {station: add_series(conn, "air_observation", station, "pm25") for station in PLACES}


def hours(values: list[float | None], start: datetime = MIDNIGHT) -> list[tuple[datetime, float | None, int, int]]:
    """Good hours; the first ends one hour after ``start``."""
    return [(start + timedelta(hours=n + 1), value, 0, 0) for n, value in enumerate(values)]


def daily(conn: Connection, series: int, day: date = DAY) -> tuple | None:
    row = conn.execute(
        text(
            "SELECT n, n_good, mean, minimum, maximum FROM derived.observation_daily WHERE series_id = :s AND day = :d"
        ),
        {"s": series, "d": day},
    ).one_or_none()
    return None if row is None else tuple(row)


def of_unit(conn: Connection, code: str, day: date = DAY) -> dict[str, tuple]:
    """Stations, mean and maximum by the unit's key."""
    rows = conn.execute(
        text(
            "SELECT u.key, d.stations, d.mean, d.maximum FROM derived.unit_daily d JOIN core.admin_unit u"
            " ON u.id = d.unit_id WHERE u.code = :code AND d.day = :day AND d.parameter = 'pm25'"
        ),
        {"code": code, "day": day},
    )
    return {row[0]: tuple(row[1:]) for row in rows}


def test_midnight_belongs_to_the_day_that_ended(stations: dict[str, int]) -> None:
    with connect(SYSTEM) as conn:
        add_hours(conn, stations["K1"], hours([10.0] * 23 + [34.0]))  # the 24th hour ends at 24:00
        add_hours(conn, stations["K1"], [(MIDNIGHT, 500.0, 0, 0)])  # ends at 00:00: yesterday's
    run_job("rollup")
    with connect(SYSTEM) as conn:
        assert daily(conn, stations["K1"]) == (24, 24, 11.0, 10.0, 34.0)
        assert daily(conn, stations["K1"], DAY - timedelta(days=1)) == (1, 1, 500.0, 500.0, 500.0)


@pytest.mark.parametrize(
    ("status", "flag"),
    [(1, 0), (2, 0), (0, 1), (0, 4), (0, 8)],
    ids=["calibrating", "fault", "out of range", "flat", "sentinel"],
)
def test_only_good_hours_enter_but_all_are_counted(stations: dict[str, int], status: int, flag: int) -> None:
    when = MIDNIGHT + timedelta(hours=5)
    with connect(SYSTEM) as conn:
        add_hours(conn, stations["K1"], [(when, 900.0, status, flag), (when + timedelta(hours=1), 20.0, 0, 0)])
    run_job("rollup")
    with connect(SYSTEM) as conn:
        assert daily(conn, stations["K1"]) == (2, 1, 20.0, 20.0, 20.0)


def test_a_day_without_a_good_hour_has_no_mean(stations: dict[str, int]) -> None:
    with connect(SYSTEM) as conn:
        add_hours(conn, stations["K1"], [(MIDNIGHT + timedelta(hours=1), 5.0, 2, 0)])
    run_job("rollup")
    with connect(SYSTEM) as conn:
        assert daily(conn, stations["K1"]) == (1, 0, None, None, None)
        assert of_unit(conn, "10001")["10001.2025-07-01"] == (0, None, None)


def test_daily_values_equal_an_independent_computation(stations: dict[str, int]) -> None:
    chance = np.random.default_rng(7)
    rows = [
        (MIDNIGHT + timedelta(hours=int(n)), float(chance.normal(40, 9)), int(chance.integers(3) == 0), 0)
        for n in range(24 * 5)
    ]
    with connect(SYSTEM) as conn:
        add_hours(conn, stations["K1"], rows)
    run_job("rollup")
    by_day: dict[date, list[float]] = {}
    for time, value, status, _ in rows:
        local = time + timedelta(hours=7) - timedelta(microseconds=1)
        if status == 0:
            by_day.setdefault(local.date(), []).append(value)
    with connect(SYSTEM) as conn:
        for day, values in by_day.items():
            found = daily(conn, stations["K1"], day)
            assert found is not None
            assert found[1] == len(values)
            assert found[2:] == pytest.approx((np.mean(values), min(values), max(values)))


def test_a_unit_is_the_mean_of_its_stations(stations: dict[str, int]) -> None:
    with connect(SYSTEM) as conn:
        add_hours(conn, stations["K1"], hours([10.0] * 24))
        add_hours(conn, stations["K2"], hours([20.0, 40.0]))
        add_hours(conn, stations["K3"], hours([60.0] * 24))
    run_job("rollup")
    with connect(SYSTEM) as conn:
        assert of_unit(conn, "10001") == {"10001.2025-07-01": (2, 20.0, 40.0)}
        assert of_unit(conn, "11") == {"11.2025-07-01": (3, pytest.approx(100 / 3), 60.0)}
        assert of_unit(conn, "101") == {"101.2020-01-01": (2, 20.0, 40.0)}  # the former district stays a level
        assert of_unit(conn, "13") == {}  # an old province does not


def test_before_the_reform_the_units_of_the_time_are_given_too(stations: dict[str, int]) -> None:
    start = datetime(2025, 5, 1, 17, tzinfo=UTC)
    with connect(SYSTEM) as conn:
        add_hours(conn, stations["K1"], hours([10.0], start))
    run_job("rollup")
    with connect(SYSTEM) as conn:
        assert set(of_unit(conn, "10001", date(2025, 5, 2))) == {"10001.2020-01-01", "10001.2025-07-01"}
        assert set(of_unit(conn, "11", date(2025, 5, 2))) == {"11.2020-01-01", "11.2025-07-01"}


def test_only_changed_days_are_computed_again(stations: dict[str, int]) -> None:
    with connect(SYSTEM) as conn:
        add_hours(conn, stations["K1"], hours([10.0] * 48))
    run_job("rollup")
    assert run_job("rollup") == "nothing new"
    with connect(SYSTEM) as conn:
        # A mark on a day that must not be touched.
        conn.execute(text("UPDATE derived.observation_daily SET mean = -1 WHERE day = :day"), {"day": DAY})
        add_hours(conn, stations["K1"], hours([50.0], MIDNIGHT + timedelta(hours=24)))
    run_job("rollup")
    with connect(SYSTEM) as conn:
        untouched, changed = daily(conn, stations["K1"]), daily(conn, stations["K1"], DAY + timedelta(days=1))
        assert untouched is not None
        assert changed is not None
        assert untouched[2] == -1
        assert changed[2] == pytest.approx((23 * 10 + 50) / 24)
        assert of_unit(conn, "10001", DAY + timedelta(days=1))["10001.2025-07-01"][1] == pytest.approx(280 / 24)


def test_a_load_that_is_still_writing_is_not_waited_for_and_not_forgotten(stations: dict[str, int]) -> None:
    with connect(SYSTEM) as conn:
        add_hours(conn, stations["K1"], hours([10.0]))
    with connect(SYSTEM) as slow:
        add_hours(slow, stations["K1"], hours([30.0], MIDNIGHT + timedelta(hours=1)))
        run_job("rollup")  # sees nothing of it, and ends before it
        with connect(SYSTEM) as conn:
            assert daily(conn, stations["K1"]) == (1, 1, 10.0, 10.0, 10.0)
    run_job("rollup")
    with connect(SYSTEM) as conn:
        assert daily(conn, stations["K1"]) == (2, 2, 20.0, 10.0, 30.0)


def test_a_station_that_moves_takes_its_history_along(stations: dict[str, int]) -> None:
    with connect(SYSTEM) as conn:
        add_hours(conn, stations["K1"], hours([10.0] * 24))
    run_job("rollup")
    with connect(SYSTEM) as conn:
        conn.execute(text("UPDATE layer.air_station SET geom = ST_Translate(geom, 0.5, 0) WHERE key = 'K1'"))
    run_job("place")
    run_job("rollup")
    with connect(SYSTEM) as conn:
        assert of_unit(conn, "10001") == {}
        assert of_unit(conn, "10011") == {"10011.2025-07-01": (1, 10.0, 10.0)}
