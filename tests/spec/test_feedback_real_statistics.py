"""Statistics of 46,558 real requests against an independent computation with pandas from the file itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from helpers.databases import Databases
from helpers.ingest import query, scalar

from ingest.jobs import run_job
from ingest.pipeline import run_file
from ingest.recipe import read_recipe
from ingest.report import RunReport
from layers.registry import get_layer
from spatial.access import SYSTEM, connect
from spatial.queries import feedback_stats
from spatial.settings import REPOSITORY

pytestmark = pytest.mark.real
NAME = "feedback/boston_311_animal_street_2013_2019.csv.gz"
HOURS = (1, 2, 4, 8, 24, 48, 72, 120, 240, 480, 960)
CATEGORIES = {"Street Cleaning": "environment", "Animal Issues": "environment", "Housing": "health"}


@pytest.fixture(scope="module")
def loaded(databases: Databases, empty_template: str, real_data: Path) -> Iterator[RunReport]:
    """The requests loaded by the recipe and rolled up."""
    recipe = read_recipe(REPOSITORY / "data" / "recipes" / "real.toml")
    (entry,) = [entry for entry in recipe.file if entry.path == NAME]
    with databases.temporary("requests", empty_template):
        report = run_file(get_layer("feedback"), real_data / NAME, actor=SYSTEM, options=entry.options)
        run_job("feedback")
        yield report


@pytest.fixture(scope="module")
def requests(real_data: Path) -> pd.DataFrame:
    """The file as pandas reads it; nothing of ours has touched it. Local times of Boston become instants.

    Of the 46,638 rows 70 have no position and 10 were closed before they were opened; one of the hour that does not
    exist, or exists twice, would show as NaT.
    """
    frame = pd.read_csv(real_data / NAME, dtype={"case_enquiry_id": str})
    zone = {"ambiguous": True, "nonexistent": "shift_forward"}
    for source, name in (("open_dt", "opened"), ("closed_dt", "closed"), ("sla_target_dt", "target")):
        frame[name] = pd.to_datetime(frame[source]).dt.tz_localize("America/New_York", **zone).dt.tz_convert("UTC")
    rejected = frame["latitude"].isna() | frame["longitude"].isna() | (frame["closed"] < frame["opened"])
    frame = frame[~rejected].copy()
    frame["category"] = frame["reason"].map(CATEGORIES)
    frame["done"] = frame["case_status"] == "Closed"
    frame["due"] = frame["target"].fillna(frame["opened"].map(five_working_days))
    frame["hours"] = (frame["closed"] - frame["opened"]).dt.total_seconds() / 3600
    frame["late"] = frame["closed"].fillna(pd.Timestamp.now("UTC")) > frame["due"]
    local = frame["opened"].dt.tz_convert("Asia/Ho_Chi_Minh")
    after = (local.dt.day > 25) | ((local.dt.day == 25) & (local.dt.hour >= 12))
    month = local.dt.tz_localize(None).dt.to_period("M")
    frame["period"] = (month + after.astype(int)).dt.to_timestamp().dt.date
    return frame


def five_working_days(opened: pd.Timestamp) -> pd.Timestamp:
    """The rule's deadline, counted another way: by business days of numpy and minutes of the office's day."""
    local = opened.tz_convert("Asia/Ho_Chi_Minh").tz_localize(None)
    day = np.datetime64(local.date())
    minute = (local - local.normalize()).total_seconds() / 60
    if np.is_busday(day):
        worked = min(max(minute - 450, 0), 240) + min(max(minute - 810, 0), 210)
    else:
        worked, day = 0.0, np.busday_offset(day, 0, roll="forward")
    whole = 5 if worked > 0 else 4  # begun with the day: over at the evening of the fifth
    end = np.busday_offset(day, whole)
    rest = worked if worked > 0 else 450.0
    at = 450 + rest if rest <= 240 else 810 + rest - 240
    return (pd.Timestamp(end).tz_localize("Asia/Ho_Chi_Minh") + pd.Timedelta(minutes=at)).round("us")


def figures(month: date | None, by: str = "total") -> list[dict]:
    with connect(SYSTEM) as conn:
        first, last = (month, month) if month else (date(2012, 1, 1), date(2021, 1, 1))
        return feedback_stats.period_figures(conn, unit_ids=[0], first=first, last=last, by=by)  # type: ignore[arg-type]


def test_eighty_rows_explain_the_difference_between_file_and_layer(loaded, requests):
    assert (loaded.rows_read, loaded.rejected.total(), loaded.inserted) == (46_638, 80, 46_558)
    assert len(requests) == 46_558
    reasons = dict(query("SELECT reason, count(DISTINCT line) FROM ops.quarantine WHERE NOT kept GROUP BY reason"))
    assert reasons == {"geometry_missing": 70, "not_before": 10}


def test_totals_of_all_years_are_those_of_the_file(loaded, requests):
    rows = figures(None)
    sums = {
        name: sum(row[name] for row in rows) for name in ("received", "processed", "in_progress", "on_time", "overdue")
    }
    done = requests["done"]
    assert sums == {
        "received": len(requests),
        "processed": int(done.sum()),
        "in_progress": int((~done).sum()),
        "on_time": int((done & ~requests["late"]).sum()),
        "overdue": int(requests["late"].sum()),
    }


def test_every_month_agrees_in_counts_medians_and_distribution(loaded, requests):
    found = {row["period"]: row for row in figures(None)}
    assert set(found) == set(requests["period"])
    for period, group in requests.groupby("period"):
        row, done = found[period], group[group["done"]]
        assert row["received"] == len(group)
        assert row["processed"] == len(done)
        assert row["on_time"] == int((~done["late"]).sum())
        assert row["overdue"] == int(group["late"].sum())
        assert row["median_hours"] == pytest.approx(done["hours"].median())
        assert row["p90_hours"] == pytest.approx(done["hours"].quantile(0.9))
        edges = np.searchsorted(HOURS, done["hours"], side="right")
        assert row["hours_histogram"] == np.bincount(edges, minlength=12).tolist()


@pytest.mark.parametrize(("by", "column"), [("category", "category"), ("handling_unit", "department")])
def test_fields_and_departments_agree_in_every_month(loaded, requests, by, column):
    found = {(row["period"], row[by]): row for row in figures(None, by)}
    groups = requests.groupby(["period", column])
    assert set(found) == set(groups.groups)
    for key, group in groups:
        row, done = found[key], group[group["done"]]
        assert (row["received"], row["processed"]) == (len(group), len(done))
        assert row["on_time"] == int((~done["late"]).sum())
        if len(done):
            assert row["median_hours"] == pytest.approx(done["hours"].median())


def test_the_month_turns_at_noon_of_the_25th_here_and_nowhere_else(loaded, requests):
    """A calendar month, or the 25th at noon in Boston, gives other totals: the boundary is seen in the data."""
    found = {row["period"]: row["received"] for row in figures(None)}
    local = requests["opened"].dt.tz_convert("Asia/Ho_Chi_Minh").dt.tz_localize(None)
    calendar = local.dt.to_period("M").dt.to_timestamp().dt.date.value_counts().to_dict()
    assert found != calendar
    first = pd.Timestamp("2019-05-25 12:00", tz="Asia/Ho_Chi_Minh")
    last = pd.Timestamp("2019-06-25 12:00", tz="Asia/Ho_Chi_Minh")
    assert found[date(2019, 6, 1)] == int(((requests["opened"] >= first) & (requests["opened"] < last)).sum())


def test_days_agree(loaded, requests):
    day = requests["opened"].dt.tz_convert("Asia/Ho_Chi_Minh").dt.date
    wanted = day.value_counts().to_dict()
    done = requests[requests["done"]]
    ended = done["closed"].dt.tz_convert("Asia/Ho_Chi_Minh").dt.date
    with connect(SYSTEM) as conn:
        rows = feedback_stats.days(conn, unit_id=0, first=min(day), last=max(max(day), max(ended)))
    assert {row["day"]: row["received"] for row in rows if row["received"]} == wanted
    assert {row["day"]: row["processed"] for row in rows if row["processed"]} == ended.value_counts().to_dict()
    late = ended[done["late"]].value_counts().to_dict()
    assert {row["day"]: row["processed_late"] for row in rows if row["processed_late"]} == late


def test_deadlines_the_source_does_not_give_are_those_of_the_rule(loaded, requests):
    missing = requests[requests["target"].isna()]
    stored = dict(
        query("SELECT key, due_at FROM layer.feedback WHERE key = ANY(:keys)", keys=missing["case_enquiry_id"].tolist())
    )
    assert len(stored) == len(missing) > 15_000
    due = dict(zip(missing["case_enquiry_id"], missing["due"], strict=True))
    assert {key: value for key, value in stored.items() if due[key] != value} == {}


def test_personal_fields_lie_on_the_grid_and_the_others_where_they_were(loaded, requests):
    off = scalar(
        "SELECT count(*) FROM layer.feedback JOIN core.feedback_case USING (key)"
        " WHERE (category = 'health') <> (ST_Distance(geom, exact) > 0)"
    )
    assert off <= 5  # a request may lie on a node
