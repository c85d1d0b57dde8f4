"""Indicators are never forecast through the break of a unit: its months before are those of the units it came from."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest
from sqlalchemy import Connection, text

from ingest.forecast_job import run_forecasts
from ingest.jobs_indicators import write_months
from spatial.access import OPERATOR, SYSTEM, connect
from spatial.admin_units import REFORM
from spatial.progress import silent
from spatial.queries import forecasts
from spatial.settings import LOCAL_ZONE

pytestmark = pytest.mark.usefixtures("database")

FIRST = date(2021, 1, 1)
PART = {"old north": 100.0, "old south": 50.0, "new": 150.0}


def months() -> list[date]:
    """From January 2021 to the month before this one."""
    today = datetime.now(UTC).astimezone(LOCAL_ZONE).date()
    count = (today.year - FIRST.year) * 12 + today.month - 1
    return [date(FIRST.year + number // 12, number % 12 + 1, 1) for number in range(count)]


def course(month: date) -> float:
    """A season on half a percent of growth a month."""
    age = (month.year - FIRST.year) * 12 + month.month - 1
    return 1.005**age * (1.0 + 0.2 * float(np.sin(2 * np.pi * month.month / 12)))


def add_unit(conn: Connection, name: str, *, valid_from: date, valid_to: date | None, west: float, east: float) -> int:
    number = conn.execute(
        text(
            "INSERT INTO core.admin_unit (key, code, level, type_vi, name, name_fold, valid_from, valid_to, population,"
            " geom, label_point) SELECT :name, :name, 'commune', 'Xã', :name, :name, :valid_from, :valid_to, 1000,"
            " ST_Multi(box), ST_PointOnSurface(box) FROM ST_MakeEnvelope(:west, 20, :east, 20.1, 4326) AS box"
            " RETURNING id"
        ),
        {"name": name, "valid_from": valid_from, "valid_to": valid_to, "west": west, "east": east},
    ).scalar_one()
    return int(number)


def add_indicator(conn: Connection, name: str, unit_id: int, values: dict[date, float]) -> int:
    number = conn.execute(
        text(
            "INSERT INTO core.series (layer_id, feature_key, parameter, unit_id)"
            " VALUES ('indicator', :name, 'new_enterprises', :unit_id) RETURNING id"
        ),
        {"name": name, "unit_id": unit_id},
    ).scalar_one()
    conn.execute(
        text(
            "INSERT INTO core.indicator_value (series_id, period, state, value)"
            " SELECT :number, p, 'official', v FROM unnest(CAST(:periods AS date[]),"
            " CAST(:values AS double precision[])) AS new (p, v)"
        ),
        {"number": number, "periods": list(values), "values": list(values.values())},
    )
    return int(number)


@pytest.fixture
def merged() -> dict[str, int]:
    """Two communes that became one at the reform, each with a growing number of new enterprises. Series by unit."""
    with connect(SYSTEM) as conn:
        units = {
            "old north": add_unit(
                conn, "old north", valid_from=date(1997, 1, 1), valid_to=REFORM, west=106, east=106.1
            ),
            "old south": add_unit(
                conn, "old south", valid_from=date(1997, 1, 1), valid_to=REFORM, west=106.1, east=106.2
            ),
            "new": add_unit(conn, "new", valid_from=REFORM, valid_to=None, west=106, east=106.2),
        }
        for old in ("old north", "old south"):
            conn.execute(
                text("INSERT INTO core.admin_link VALUES (:old, :new, 1, 1, 0.5, 0.5, 'exact')"),
                {"old": units[old], "new": units["new"]},
            )
        series = {
            name: add_indicator(
                conn,
                name,
                unit_id,
                {month: PART[name] * course(month) for month in months() if (month >= REFORM) == (name == "new")},
            )
            for name, unit_id in units.items()
        }
        write_months(conn, silent)
        return series


def latest(series_id: int) -> list[forecasts.Row]:
    with connect(OPERATOR) as conn:
        return forecasts.latest(conn, series_ids=[series_id])


def test_a_merged_unit_is_forecast_from_the_sum_of_its_predecessors(merged: dict[str, int]) -> None:
    run_forecasts(silent)
    rows = latest(merged["new"])
    assert len(rows) == 12
    assert rows[0]["reason"] is None
    assert "theta" in rows[0]["model"]  # which needs four years: the unit itself is younger
    for row in rows:
        month = row["target"].astimezone(LOCAL_ZONE).date()
        assert row["q50"] == pytest.approx(PART["new"] * course(month), rel=0.1)


def test_forecast_months_begin_at_local_midnight_after_the_last_figure(merged: dict[str, int]) -> None:
    run_forecasts(silent)
    rows = latest(merged["new"])
    starts = [row["target"].astimezone(LOCAL_ZONE) for row in rows]
    assert {(start.day, start.hour) for start in starts} == {(1, 0)}
    assert starts[0] == rows[0]["input_until"]
    this_month = datetime.now(UTC).astimezone(LOCAL_ZONE)
    assert (starts[0].year, starts[0].month) == (this_month.year, this_month.month)
    assert any(start.month == 12 for start in starts)


def test_a_unit_that_ended_says_where_its_figures_go_on(merged: dict[str, int]) -> None:
    run_forecasts(silent)
    (row,) = latest(merged["old north"])
    assert row["model"] is None
    assert row["reason"] == "unit_ended"


def test_indicators_are_issued_again_only_when_their_layer_changes(merged: dict[str, int]) -> None:
    run_forecasts(silent)
    assert run_forecasts(silent) == "no new values since the last issue"
