"""Series of many stations: what screens ask for, beside a bare read of as many rows by primary key; ten times the data.

Two databases are made straight in SQL: 200 stations with 4 parameters hourly, over a year (7 million values) and over
a tenth of it. Both are rolled up by the job. Ratios are printed, and no time is asserted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from helpers.bench import machine, print_table, ratio, side_by_side
from helpers.databases import Databases, environment
from sqlalchemy import Connection, text

from ingest.jobs import run_job
from layers.registry import get_layer
from spatial.access import OPERATOR, SYSTEM, connect
from spatial.queries import forecasts, observations, rollup
from spatial.queries.place import place_features
from spatial.queries.statements import select_rows
from spatial.queries.versions import bump_version

pytestmark = pytest.mark.bench

STATIONS = 200
PARAMETERS = ("pm25", "pm10", "no2", "o3")
NEWEST = datetime(2026, 3, 1, tzinfo=UTC)
SIZES = {"a tenth": 36, "a year": 365}  # days
ROUNDS = 15
LAYER = get_layer("air_observation")

# A province of 30 districts (until the reform) and 120 communes on squares of 0.1 and 0.05 degrees.
UNITS = """
INSERT INTO core.admin_unit (key, code, level, type_vi, name, name_fold, parent_code, valid_from, valid_to, geom,
                             label_point)
SELECT code || '.' || since, code, level, kind, code, lower(code), parent, since, until, ST_Multi(box),
       ST_PointOnSurface(box)
FROM (
    SELECT '11' AS code, 'province' AS level, 'Tỉnh' AS kind, NULL AS parent, DATE '2025-07-01' AS since,
        CAST(NULL AS date) AS until, ST_MakeEnvelope(106, 20, 106.6, 20.5, 4326) AS box
    UNION ALL
    SELECT CAST(101 + i AS text), 'district', 'Huyện', '11', DATE '2020-01-01', DATE '2025-07-01',
        ST_MakeEnvelope(106 + 0.1 * (i % 6), 20 + 0.1 * (i / 6), 106.1 + 0.1 * (i % 6), 20.1 + 0.1 * (i / 6), 4326)
    FROM generate_series(0, 29) AS i
    UNION ALL
    SELECT CAST(10001 + i AS text), 'commune', 'Xã', '11', DATE '2025-07-01', NULL,
        ST_MakeEnvelope(106 + 0.05 * (i % 12), 20 + 0.05 * (i / 12),
                        106.05 + 0.05 * (i % 12), 20.05 + 0.05 * (i / 12), 4326)
    FROM generate_series(0, 119) AS i
) AS drawn
"""
STATION_ROWS = """
INSERT INTO layer.air_station (key, station_code, name, station_class, geom, run_id)
SELECT 'S' || i, 'S' || i, 'Trạm ' || i, 'standard',
       ST_SetSRID(ST_MakePoint(106 + 0.6 * (i * 0.618 - floor(i * 0.618)), 20 + 0.5 * (i + 0.5) / :stations), 4326),
       :run
FROM generate_series(1, :stations) AS i
"""
VALUES = """
INSERT INTO core.observation (series_id, time, value, status, flag, run_id)
SELECT s.id, t, 30 + 20 * sin(extract(epoch FROM t) / 13751 + s.id) + 5 * sin(s.id * extract(epoch FROM t)), 0,
       CASE WHEN sin(s.id + extract(epoch FROM t) / 7) > 0.995 THEN 2 ELSE 0 END, :run
FROM core.series s
CROSS JOIN generate_series(:newest - make_interval(days => :days) + interval '1 hour', :newest, interval '1 hour') AS t
"""


@dataclass(frozen=True)
class Store:
    """A database of one size."""

    name: str
    url: str
    days: int
    values: int
    seconds_load: float
    seconds_roll_up: float


def _fill(days: int) -> int:
    with connect(SYSTEM) as conn:
        conn.execute(text(UNITS))
    run_job("links")
    with connect(SYSTEM) as conn:
        run = conn.execute(
            text("INSERT INTO ops.ingest_run (layer_id, source, actor, state) VALUES ('air_observation', 'bench',"
                 " 'bench', 'done') RETURNING id")
        ).scalar_one()  # fmt: skip
        conn.execute(text(STATION_ROWS), {"stations": STATIONS, "run": run})
        place_features(conn, layer=get_layer("air_station"), run_id=run)
        bump_version(conn, layer_id="air_station")
        conn.execute(
            text(
                "INSERT INTO core.series (layer_id, feature_key, parameter) SELECT :layer, key, p"
                " FROM layer.air_station CROSS JOIN unnest(CAST(:parameters AS text[])) AS p"
            ),
            {"layer": LAYER.id, "parameters": list(PARAMETERS)},
        )
        conn.execute(
            text("SELECT core.ensure_observation_partitions(:first, :last)"),
            {"first": NEWEST - timedelta(days=days), "last": NEWEST},
        )
        count = conn.execute(text(VALUES), {"newest": NEWEST, "days": days, "run": run}).rowcount
        conn.execute(text("ANALYZE core.observation, core.series"))
    return count


@pytest.fixture(scope="module")
def stores(databases: Databases, empty_template: str) -> Iterator[list[Store]]:
    made = []
    for name, days in SIZES.items():
        database = databases.create("series", empty_template)
        with environment(DATABASE_URL=databases.url(database)):
            start = time.perf_counter()
            values = _fill(days)
            loaded = time.perf_counter()
            run_job("rollup")
            rolled = time.perf_counter()
            with connect(SYSTEM) as conn:
                conn.execute(text("ANALYZE"))
        made.append(Store(name, databases.url(database), days, values, loaded - start, rolled - loaded))
    print_table("Machine", ("what", "value"), list(machine().items()))
    print_table(
        "First roll-up",
        ("data", "values", "load s", "roll-up s", "values a second"),
        [(s.name, s.values, s.seconds_load, s.seconds_roll_up, s.values / s.seconds_roll_up) for s in made],
    )
    yield made
    for store in made:
        databases.drop(store.url.rsplit("/", 1)[-1].split("?")[0])


def questions(conn: Connection) -> dict[str, tuple[Callable[[], list], Callable[[], list]]]:
    """What a screen asks for, and the bare read of as many rows by primary key."""
    every = conn.execute(text("SELECT id FROM core.series ORDER BY id")).scalars().all()
    fine = conn.execute(text("SELECT id FROM core.series WHERE parameter = 'pm25' ORDER BY id")).scalars().all()
    districts = conn.execute(text("SELECT id FROM core.admin_unit WHERE level = 'district'")).scalars().all()
    last = NEWEST.date()
    first = last - timedelta(days=364)

    def bare(ids: list[int], first_time: datetime, last_time: datetime) -> list:
        return select_rows(
            conn,
            "SELECT series_id, time, value, status, flag FROM core.observation WHERE series_id = ANY(:ids)"
            " AND time BETWEEN :first AND :last",
            ids=ids, first=first_time, last=last_time,
        )  # fmt: skip

    def bare_days(ids: list[int], from_day: date) -> list:
        return select_rows(
            conn,
            "SELECT series_id, day, n, mean, maximum FROM derived.observation_daily WHERE series_id = ANY(:ids)"
            " AND day BETWEEN :first AND :last",
            ids=ids, first=from_day, last=last,
        )  # fmt: skip

    frame: dict[str, Any] = {"layer": LAYER, "parameter": "pm25", "first": NEWEST, "last": NEWEST}
    week: dict[str, Any] = {"layer": LAYER, "parameter": "pm25", "first": NEWEST - timedelta(hours=168), "last": NEWEST}
    return {
        "one map frame": (
            lambda: observations.parameter_values(conn, **frame),
            lambda: bare(list(fine), NEWEST, NEWEST),
        ),
        "168 map frames": (
            lambda: observations.parameter_values(conn, **week),
            lambda: bare(list(fine), NEWEST - timedelta(hours=168), NEWEST),
        ),
        "newest values of all stations": (
            lambda: observations.newest_values(conn, layer=LAYER, now=NEWEST),
            lambda: bare(list(every), NEWEST, NEWEST),
        ),
        "the same with completeness": (
            lambda: observations.latest_values(conn, layer=LAYER, day_before=NEWEST - timedelta(hours=24), now=NEWEST),
            lambda: bare(list(every), NEWEST, NEWEST),
        ),
        "daily means by district, a year": (
            lambda: observations.unit_days(
                conn, layer=LAYER, parameter="pm25", unit_ids=districts, first=first, last=last
            ),
            lambda: bare_days(list(fine[: len(districts)]), first),
        ),
        "input of a forecast, 30 days of 200 series": (
            lambda: list(forecasts.panel(conn, series_ids=list(fine), last=NEWEST, hours=24 * 30)),
            lambda: bare(list(fine), NEWEST - timedelta(hours=24 * 30 - 1), NEWEST),
        ),
    }


def test_screens_read_from_roll_ups(stores: list[Store]) -> None:
    lines = []
    for store in stores:
        with environment(DATABASE_URL=store.url), connect(OPERATOR) as conn:
            for name, (ours, bare) in questions(conn).items():
                times = side_by_side({"ours": ours, "bare": bare}, ROUNDS)
                lines.append(
                    (name, store.name, len(ours()), len(bare()), times["ours"], times["bare"],
                     ratio(times["ours"], times["bare"]))
                )  # fmt: skip
    lines.sort(key=lambda line: line[0])
    header = ("question", "history", "rows", "rows of the bare read", "ours ms", "bare ms", "times")
    print_table("Questions of screens", header, lines)


def test_a_new_hour_costs_the_same_whatever_the_history(stores: list[Store]) -> None:
    lines = []
    for store in stores:
        with environment(DATABASE_URL=store.url):
            hour, late = [], []
            for number in range(1, 6):
                newest = NEWEST + timedelta(hours=number)
                hour.append(_change(newest, "SELECT id, :time, 40, 0, 0 FROM core.series"))
                old = NEWEST - timedelta(days=store.days - 3, hours=number)
                late.append(_change(old, "SELECT id, :time, 99, 0, 0 FROM core.series WHERE parameter = 'o3'"))
            lines.append((store.name, store.values, sorted(hour)[2], sorted(late)[2]))
    header = ("history", "values", "a new hour of 800 series ms", "an old hour of 200 series corrected ms")
    print_table("Roll-up of what changed", header, lines)


def _change(moment: datetime, rows: str) -> float:
    """Milliseconds of the roll-up after values at one time were written."""
    with connect(SYSTEM) as conn:
        conn.execute(text("SELECT core.ensure_observation_partitions(:time, :time)"), {"time": moment})
        ids = conn.execute(
            text(
                f"INSERT INTO core.observation (series_id, time, value, status, flag) {rows}"
                " ON CONFLICT (series_id, time) DO UPDATE SET value = excluded.value RETURNING series_id"
            ),
            {"time": moment},
        ).scalars()
        rollup.touch(conn, series_ids=list(ids), first=moment, last=moment)
    start = time.perf_counter()
    run_job("rollup")
    return (time.perf_counter() - start) * 1000
