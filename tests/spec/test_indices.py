"""Indices and exceedances of stations: what the roll-up writes, and that late data give what a full run gives."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from helpers.databases import environment
from helpers.toy import draw_units
from helpers.toy_data import add_hours, add_points, add_series
from sqlalchemy import Connection, text

from ingest.jobs import run_job
from layers.model import Layer
from layers.registry import get_layer
from spatial.access import PUBLIC, SYSTEM, connect
from spatial.queries import station_index
from spatial.settings import clear_settings

DAY = date(2026, 3, 10)
MIDNIGHT = datetime(2026, 3, 9, 17, tzinfo=UTC)  # 00:00 of DAY at +07
PLACES = {"K1": (106.05, 20.05), "K2": (106.07, 20.03)}
MEASURED = ("pm25", "pm10", "o3", "no2", "so2", "co")


@pytest.fixture
def air(database: str) -> dict[tuple[str, str], int]:
    """Two stations with a series of each pollutant."""
    with connect(SYSTEM) as conn:
        draw_units(conn)
        add_points(conn, "air_station", PLACES, name="Trạm", station_class="standard")
        return {(s, p): add_series(conn, "air_observation", s, p) for s in PLACES for p in MEASURED}


def layer() -> Layer:
    return get_layer("air_observation")


def hours(values: list[float | None], start: datetime = MIDNIGHT) -> list[tuple[datetime, float | None, int, int]]:
    """Good hours; the first ends one hour after ``start``."""
    return [(start + timedelta(hours=n + 1), value, 0, 0) for n, value in enumerate(values)]


def indices(conn: Connection, index_id: str, key: str | None = "K1") -> list[dict]:
    return station_index.index_values(
        conn, layer=layer(), index_id=index_id, first=MIDNIGHT - timedelta(days=400),
        last=MIDNIGHT + timedelta(days=400), key=key,
    )  # fmt: skip


def all_rows(conn: Connection) -> tuple[list, list]:
    one = conn.execute(text("SELECT * FROM derived.station_index ORDER BY 1, 2, 3, 4")).all()
    other = conn.execute(text("SELECT * FROM derived.exceedance ORDER BY 1, 2, 3")).all()
    return [tuple(map(str, row)) for row in one], [tuple(map(str, row)) for row in other]


def rebuild() -> None:
    """Everything anew, as after a change of the rules."""
    with connect(SYSTEM) as conn:
        conn.execute(text("DELETE FROM ops.watermark"))
    run_job("rollup")


def test_an_hour_and_a_day_have_their_index_with_level_dominant_and_version(air: dict) -> None:
    with connect(SYSTEM) as conn:
        add_hours(conn, air["K1", "pm25"], hours([30.0] * 24))
        add_hours(conn, air["K1", "no2"], hours([130.8] * 24))
    run_job("rollup")
    with connect(PUBLIC) as conn:
        by_hour, by_day = indices(conn, "vn_aqi_hour"), indices(conn, "vn_aqi_day")
    assert by_day == [
        {"key": "K1", "time": MIDNIGHT + timedelta(days=1), "value": 65, "level": 2, "dominant": ["no2"],
         "parts": {"pm25": 60, "no2": 65}, "reason": None, "scale": "VN_AQI/1459-2019"}
    ]  # fmt: skip
    assert [row["time"] for row in by_hour] == [MIDNIGHT + timedelta(hours=n) for n in range(1, 25)]
    assert [row["value"] for row in by_hour] == [None] + [65] * 23
    assert by_hour[0]["reason"] == "few_hours", "one of the newest three hours is not enough for a NowCast"


def test_a_station_without_particles_has_the_reason_and_its_sub_indices(air: dict) -> None:
    with connect(SYSTEM) as conn:
        add_hours(conn, air["K1", "o3"], hours([250.0] * 24))
    run_job("rollup")
    with connect(PUBLIC) as conn:
        newest = station_index.latest_index(conn, layer=layer(), index_id="vn_aqi_day", key="K1")[0]
    assert (newest["value"], newest["reason"], newest["parts"]) == (None, "no_particles", {"o3": 221})


def test_a_day_with_seventeen_hours_of_particles_has_no_index_and_one_with_eighteen_has(air: dict) -> None:
    with connect(SYSTEM) as conn:
        add_hours(conn, air["K1", "pm25"], hours([80.0] * 17))
        add_hours(conn, air["K2", "pm25"], hours([80.0] * 18))
    run_job("rollup")
    with connect(PUBLIC) as conn:
        found = {row["key"]: (row["value"], row["reason"]) for row in indices(conn, "vn_aqi_day", key=None)}
        over = station_index.exceedance_days(conn, layer=layer(), first=DAY, last=DAY)
    assert found == {"K1": (None, "few_hours"), "K2": (150, None)}
    assert [(row["key"], row["hours"]) for row in over] == [("K2", 24)]


def test_a_doubtful_or_calibrating_hour_is_not_in_the_index(air: dict) -> None:
    with connect(SYSTEM) as conn:
        add_hours(conn, air["K1", "pm25"], hours([20.0] * 24))
        add_hours(conn, air["K1", "no2"], hours([10.0] * 24))
        add_hours(conn, air["K1", "no2"], [(MIDNIGHT + timedelta(hours=5), 3000.0, 0, 1)])
        add_hours(conn, air["K1", "no2"], [(MIDNIGHT + timedelta(hours=6), 3000.0, 1, 0)])
    run_job("rollup")
    with connect(PUBLIC) as conn:
        day = indices(conn, "vn_aqi_day")[0]
        assert day["parts"] == {"pm25": 40, "no2": 5}
        assert station_index.exceedance_days(conn, layer=layer(), first=DAY, last=DAY) == []


@pytest.mark.parametrize(("status", "flag"), [(2, 0), (0, 1)])
def test_particles_that_came_but_may_not_enter_are_too_few_hours_not_a_missing_instrument(
    air: dict, status: int, flag: int
) -> None:
    with connect(SYSTEM) as conn:
        bad = [(time, value, status, flag) for time, value, _, _ in hours([40.0] * 24)]
        add_hours(conn, air["K1", "pm25"], bad)
        add_hours(conn, air["K1", "no2"], hours([20.0] * 24))
    run_job("rollup")
    with connect(PUBLIC) as conn:
        rows = [*indices(conn, "vn_aqi_hour"), *indices(conn, "vn_aqi_day")]
    assert {(row["value"], row["reason"]) for row in rows} == {(None, "few_hours")}


def test_a_reference_sensor_publishes_no_index_but_its_values_are_held_against_the_limits(air: dict) -> None:
    with connect(SYSTEM) as conn:
        conn.execute(text("UPDATE layer.air_station SET station_class = 'reference' WHERE key = 'K1'"))
        add_hours(conn, air["K1", "pm25"], hours([80.0] * 24))
    run_job("rollup")
    with connect(PUBLIC) as conn:
        assert indices(conn, "vn_aqi_hour") == []
        newest = station_index.latest_index(conn, layer=layer(), index_id="vn_aqi_hour")
        assert {row["key"]: row["reason"] for row in newest} == {"K1": "reference_station", "K2": "no_data"}
        assert len(station_index.exceedance_days(conn, layer=layer(), first=DAY, last=DAY)) == 1


def test_a_station_that_becomes_a_reference_loses_its_index_at_the_next_roll_up(air: dict) -> None:
    with connect(SYSTEM) as conn:
        add_hours(conn, air["K1", "pm25"], hours([80.0] * 24))
        add_hours(conn, air["K2", "pm25"], hours([80.0] * 24))
    run_job("rollup")
    with connect(SYSTEM) as conn:
        conn.execute(text("UPDATE layer.air_station SET station_class = 'reference' WHERE key = 'K1'"))
    run_job("rollup")
    with connect(PUBLIC) as conn:
        assert {row["key"] for row in indices(conn, "vn_aqi_day", key=None)} == {"K2"}


def test_a_changed_share_of_hours_is_taken_up_by_the_next_roll_up(air: dict) -> None:
    with connect(SYSTEM) as conn:
        add_hours(conn, air["K1", "pm25"], hours([80.0] * 17))
    run_job("rollup")
    with environment(GEOIOC_COMPLETENESS_DAY="0.7"):
        clear_settings()
        run_job("rollup")
        with connect(PUBLIC) as conn:
            assert indices(conn, "vn_aqi_day")[0]["value"] == 150
    clear_settings()


@pytest.mark.parametrize(
    ("day", "value", "limit"),
    [(date(2025, 12, 31), 47.0, None), (date(2026, 1, 1), 47.0, 45), (date(2025, 12, 31), 51.0, 50)],
)
def test_fine_particles_are_judged_by_the_limit_of_their_day(
    air: dict, day: date, value: float, limit: float | None
) -> None:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=7)
    with connect(SYSTEM) as conn:
        add_hours(conn, air["K1", "pm25"], hours([value] * 24, start))
    run_job("rollup")
    with connect(PUBLIC) as conn:
        over = station_index.exceedance_days(conn, layer=layer(), first=day, last=day)
    assert [(row["worst"], row["limit_value"], row["hours"], row["n"]) for row in over] == (
        [] if limit is None else [(value, limit, 24, 1)]
    )


def test_eight_hour_means_of_ozone_reach_over_midnight_and_belong_to_the_day_of_their_last_hour(air: dict) -> None:
    with connect(SYSTEM) as conn:
        add_hours(conn, air["K1", "o3"], hours([60.0] * 20 + [190.0] * 4 + [190.0, 190.0] + [60.0] * 22))
    run_job("rollup")
    with connect(PUBLIC) as conn:
        over = station_index.exceedance_days(conn, layer=layer(), first=DAY, last=DAY + timedelta(days=1))
    # Four hours of 190 in eight give 125: the mean of 24:00 is the first over 120.
    assert [(row["day"], row["hours"], row["n"]) for row in over] == [(DAY, 8, 1), (DAY + timedelta(days=1), 8, 6)]
    assert over[1]["worst"] == pytest.approx((6 * 190 + 2 * 60) / 8)


def series_of_days(seed: int, days: int) -> list[float | None]:
    rng = np.random.default_rng(seed)
    values = np.round(rng.gamma(2, 30, 24 * days), 1)
    values[rng.random(len(values)) < 0.1] = np.nan
    return [None if np.isnan(value) else float(value) for value in values]


@pytest.fixture
def ten_days(air: dict) -> dict[tuple[str, str], int]:
    with connect(SYSTEM) as conn:
        for seed, series in enumerate(air.values()):
            add_hours(conn, series, hours(series_of_days(seed, 10)))
    run_job("rollup")
    return air


def test_a_correction_and_late_hours_give_what_a_full_rebuild_gives(ten_days: dict) -> None:
    evening = MIDNIGHT + timedelta(days=3, hours=20)
    with connect(SYSTEM) as conn:
        before = all_rows(conn)
        add_hours(conn, ten_days["K1", "pm25"], hours([310.0] * 4, evening))
        add_hours(conn, ten_days["K1", "o3"], hours([260.0, 270.0, 280.0, 290.0], evening))
        add_hours(conn, ten_days["K2", "pm10"], hours([55.0] * 10, MIDNIGHT + timedelta(days=10)))
    run_job("rollup")
    with connect(SYSTEM) as conn:
        incremental = all_rows(conn)
    rebuild()
    with connect(SYSTEM) as conn:
        full = all_rows(conn)
    assert incremental == full
    assert before != full
    night = {row[3][:13] for row in set(full[0]) - set(before[0]) if row[1] == "K1" and row[2] == "vn_aqi_hour"}
    assert f"{evening + timedelta(hours=8):%Y-%m-%d %H}" in night, "NowCast carries the evening over midnight"


def test_hours_taken_away_take_their_index_along(ten_days: dict) -> None:
    with connect(SYSTEM) as conn:
        end = MIDNIGHT + timedelta(days=10)
        conn.execute(text("DELETE FROM core.observation WHERE time > :t"), {"t": end - timedelta(days=1)})
        conn.execute(
            text("INSERT INTO ops.touched_day (series_id, day) SELECT id, :day FROM core.series"),
            {"day": DAY + timedelta(days=9)},
        )
    run_job("rollup")
    with connect(SYSTEM) as conn:
        rows = all_rows(conn)
        assert max(row["time"] for row in indices(conn, "vn_aqi_hour")) == end - timedelta(days=1)
    rebuild()
    with connect(SYSTEM) as conn:
        assert all_rows(conn) == rows


def test_levels_are_counted_and_exceedances_summed_up(ten_days: dict) -> None:
    span = {"first": MIDNIGHT, "last": MIDNIGHT + timedelta(days=11)}
    with connect(PUBLIC) as conn:
        counted = station_index.index_levels(conn, layer=layer(), index_id="vn_aqi_day", key="K1", **span)
        days = indices(conn, "vn_aqi_day")
        totals = station_index.exceedance_totals(conn, layer=layer(), first=DAY, last=DAY + timedelta(days=11))
        single = station_index.exceedance_days(conn, layer=layer(), first=DAY, last=DAY + timedelta(days=11))
    assert sum(row["n"] for row in counted) == len(days) == 10
    assert {row["level"]: row["n"] for row in counted} == {
        level: sum(row["level"] == level for row in days) for level in {row["level"] for row in days}
    }
    assert sum(row["n"] for row in totals) == sum(row["n"] for row in single)
    assert sum(row["days"] for row in totals) == len(single)


def test_a_yearly_mean_is_judged_only_with_enough_days_in_each_quarter(air: dict) -> None:
    with connect(SYSTEM) as conn:
        conn.execute(
            text(
                "INSERT INTO derived.observation_daily (series_id, day, n, n_good, mean) SELECT :series,"
                " CAST(d AS date), 24, CASE WHEN extract(day FROM d) = 1 THEN 10 ELSE 24 END, 30"
                " FROM generate_series(date '2025-01-01', :last, interval '1 day') AS d"
            ),
            [
                {"series": air["K1", "pm25"], "last": date(2025, 12, 31)},
                {"series": air["K2", "pm25"], "last": date(2025, 11, 1)},
            ],
        )
    with connect(PUBLIC) as conn:
        found = {row["key"]: row for row in station_index.yearly_means(conn, layer=layer(), year=2025)}
    assert (found["K1"]["mean"], found["K1"]["days"], found["K1"]["limit_value"]) == (30, 365 - 12, 25)
    assert (found["K1"]["complete"], found["K1"]["over"]) == (True, True)
    assert (found["K2"]["complete"], found["K2"]["over"]) == (False, None)
