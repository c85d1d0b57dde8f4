"""Surfaces of the mini province: what they are made of, what makes them again, and who lives below them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import Connection, text

from ingest.jobs import run_job
from layers.registry import get_layer
from spatial.access import OPERATOR, PUBLIC, SYSTEM, connect
from spatial.analysis.kriging import LEAST_STATIONS
from spatial.queries import surfaces
from spatial.queries.surfaces import DAY, HOUR

LAYER, PARAMETER = "air_observation", "pm25"
NAMES = {"layer_id": LAYER, "parameter": PARAMETER}


@pytest.fixture
def read(province: str) -> Iterator[Connection]:
    """The province as the screens see it."""
    with connect(OPERATOR) as conn:
        yield conn


def counted(conn: Connection, statement: str, **values: object) -> list[tuple]:
    return [tuple(row) for row in conn.execute(text(statement), {"layer": LAYER, "parameter": PARAMETER} | values)]


def test_hours_and_days_have_a_surface_where_five_stations_are_good_and_only_there(read: Connection) -> None:
    good = dict(
        counted(
            read,
            "SELECT o.time, count(*) FROM derived.observation_hourly o JOIN core.series s ON s.id = o.series_id"
            " WHERE s.layer_id = :layer AND s.parameter = :parameter AND o.value IS NOT NULL GROUP BY 1",
        )
    )
    made = dict(
        counted(
            read,
            "SELECT time, stations FROM derived.surface WHERE layer_id = :layer AND parameter = :parameter"
            " AND hours = 1 AND NOT forecast",
        )
    )
    newest = max(good)
    week = {time: n for time, n in good.items() if time > newest - timedelta(hours=160)}
    assert any(n < LEAST_STATIONS for n in week.values()), "the broken stations of the sample are kept out"
    assert {time: n for time, n in week.items() if n >= LEAST_STATIONS} == {t: n for t, n in made.items() if t in week}


def test_the_forecast_hours_have_surfaces_too(read: Connection) -> None:
    rows = counted(
        read,
        "SELECT count(*) FROM derived.surface WHERE layer_id = :layer AND parameter = :parameter AND forecast",
    )
    assert rows[0][0] >= 48


def test_values_of_a_surface_lie_about_those_of_its_stations(read: Connection) -> None:
    layer = get_layer(LAYER)
    (last,) = counted(
        read,
        "SELECT max(time) FROM derived.surface WHERE layer_id = :layer AND parameter = :parameter AND hours = 1"
        " AND NOT forecast",
    )
    found = surfaces.read_surfaces(read, hours=HOUR, first=last[0] - timedelta(hours=100), last=last[0], **NAMES)
    panel = surfaces.hourly_panel(
        read, layer=layer, parameter=PARAMETER, first=last[0] - timedelta(hours=100), last=last[0]
    )
    checked = 0
    for item in found:
        row = panel.values[panel.times.index(item.time)]
        cells = item.lattice.cells_of(panel.positions)
        known = np.isfinite(row) & (cells >= 0)
        here = item.mean[cells[known]]
        low, high = row[known].min(), row[known].max()
        assert np.nanmin(item.mean) >= low - 0.5 * (high - low) - 1
        assert np.nanmax(item.mean) <= high + 0.5 * (high - low) + 1
        checked += int(np.isfinite(here).sum())
    assert checked > 100


def test_people_of_the_communes_are_the_people_of_the_province(read: Connection) -> None:
    rows = counted(
        read,
        "SELECT e.day, e.parameter, sum(e.people) FILTER (WHERE u.level = 'commune'),"
        " sum(e.people) FILTER (WHERE u.level = 'province'), sum(e.people) FILTER (WHERE u.level = 'district'),"
        " sum(e.covered) FILTER (WHERE u.level = 'commune'), sum(e.covered) FILTER (WHERE u.level = 'province'),"
        " sum(e.above) FILTER (WHERE u.level = 'commune'), sum(e.above) FILTER (WHERE u.level = 'province'),"
        " sum(e.above) FILTER (WHERE u.level = 'district')"
        " FROM derived.exposure e JOIN core.admin_unit u ON u.id = e.unit_id WHERE e.layer_id = :layer GROUP BY 1, 2",
    )
    assert len(rows) > 30
    for _, _, communes, province, districts, *rest in rows:
        covered, all_covered, above, all_above, district_above = rest
        assert province == pytest.approx(communes, rel=1e-9)
        assert all_covered == pytest.approx(covered, rel=1e-9)
        assert all_above == pytest.approx(above, rel=1e-9)
        assert districts == pytest.approx(communes, rel=1e-6)
        assert district_above == pytest.approx(above, rel=1e-6, abs=1e-3)
        assert 0 <= above <= covered <= communes * (1 + 1e-12)
    assert any(above > 0 for *_, above, _, _ in rows), "the episode of the sample reaches people"


def test_the_people_are_those_of_the_population_grid(read: Connection) -> None:
    (row,) = counted(
        read,
        "SELECT (SELECT sum(value) FROM derived.zonal z JOIN core.admin_unit u ON u.id = z.unit_id"
        " WHERE z.layer_id = 'population_grid' AND u.level = 'commune' AND u.valid_to IS NULL"
        " AND z.time = (SELECT max(time) FROM core.grid WHERE layer_id = 'population_grid')),"
        " (SELECT max(people) FROM derived.exposure e JOIN core.admin_unit u ON u.id = e.unit_id"
        " WHERE u.level = 'province')",
    )
    assert row[1] == pytest.approx(row[0], rel=1e-9)


def test_the_limit_is_the_one_of_the_day(read: Connection) -> None:
    item = next(p for p in get_layer(LAYER).series.parameters if p.name == PARAMETER)
    for day, limit in counted(
        read,
        "SELECT DISTINCT day, limit_value FROM derived.exposure WHERE layer_id = :layer AND parameter = :parameter",
    ):
        assert limit == next(known.high for known in item.limits_on(day) if known.hours == 24)


def test_the_public_may_read_surfaces_and_exposure(province: str) -> None:
    with connect(PUBLIC) as conn:
        assert counted(conn, "SELECT count(*) FROM derived.surface")[0][0] > 0
        assert counted(conn, "SELECT count(*) FROM derived.exposure")[0][0] > 0


def test_nothing_is_made_again_until_a_value_changes(province_copy: str) -> None:
    run_job("surface")
    assert run_job("surface") == "nothing new"
    with connect(SYSTEM) as conn:
        times = [
            row[0]
            for row in counted(
                conn,
                "SELECT time FROM derived.surface WHERE layer_id = :layer AND parameter = :parameter AND hours = 1"
                " AND NOT forecast ORDER BY time",
            )
        ]
        changed = times[len(times) // 2]
        before = surfaces.marks(conn, hours=HOUR, **NAMES)
        conn.execute(
            text(
                "UPDATE derived.observation_hourly o SET value = o.value + 30 FROM core.series s"
                " WHERE s.id = o.series_id AND s.layer_id = :layer AND s.parameter = :parameter AND o.time = :time"
                " AND o.value IS NOT NULL"
            ),
            {"layer": LAYER, "parameter": PARAMETER, "time": changed},
        )
    assert run_job("surface").startswith("1 surfaces")
    with connect(SYSTEM) as conn:
        after = surfaces.marks(conn, hours=HOUR, **NAMES)
        assert [time for time, mark in after.items() if before.get(time) != mark] == [changed]


def test_an_hour_that_loses_its_stations_loses_its_surface_and_the_means_of_units(province_copy: str) -> None:
    run_job("surface")
    with connect(SYSTEM) as conn:
        ((gone,),) = counted(
            conn,
            "SELECT max(time) FROM derived.surface WHERE layer_id = :layer AND parameter = :parameter AND hours = 1"
            " AND NOT forecast",
        )
        conn.execute(
            text(
                "UPDATE derived.observation_hourly o SET value = NULL FROM core.series s WHERE s.id = o.series_id"
                " AND s.layer_id = :layer AND s.parameter = :parameter AND o.time = :time"
            ),
            {"layer": LAYER, "parameter": PARAMETER, "time": gone},
        )
    run_job("surface")
    with connect(SYSTEM) as conn:
        assert gone not in surfaces.marks(conn, hours=HOUR, **NAMES)
        left = counted(
            conn,
            "SELECT count(*) FROM derived.unit_surface WHERE layer_id = :layer AND parameter = :parameter"
            " AND time = :time",
            time=gone,
        )
        assert left == [(0,)]


def test_new_people_move_the_exposure_of_every_day(province_copy: str) -> None:
    run_job("surface")
    with connect(SYSTEM) as conn:
        days = len(surfaces.marks(conn, hours=DAY, **NAMES))
        conn.execute(text("UPDATE ops.layer_version SET version = version + 1 WHERE layer_id = 'population_grid'"))
    told = run_job("surface")
    assert told.startswith("0 surfaces")
    with connect(SYSTEM) as conn:
        ((units,),) = counted(conn, "SELECT count(DISTINCT unit_id) FROM derived.exposure WHERE parameter = :parameter")
    assert int(told.split(", ")[1].split()[0]) >= days * units


def test_before_the_first_load_there_is_nothing_to_do(database: str) -> None:
    assert run_job("surface") == "no province yet"
