"""Verdicts of people on marks: who said what, until when it holds, and which days must be rolled up again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from helpers.ingest import load, query, scalar, write_csv, write_units
from sqlalchemy.exc import ProgrammingError

from layers.flags import Flag
from layers.registry import get_layer
from spatial.access import OPERATOR, PUBLIC, SYSTEM, connect
from spatial.queries.reviews import ReviewRefused, add_review, flag_episodes, list_reviews, revoke_review

START = datetime(2026, 3, 1, 18, tzinfo=UTC)  # 01:00 on the local day 2 March
LAYER = get_layer("air_observation")
EVER = {"first": START - timedelta(days=99), "last": START + timedelta(days=99)}


@pytest.fixture
def station(database: str, tmp_path: Path) -> int:
    """A series with ten good hours, eight stuck ones and two sentinels. Its number."""
    load("admin_unit", write_units(tmp_path))
    load(
        "air_station", write_csv(tmp_path / "s.csv", ("MA_TRAM", "TEN_TRAM", "lon", "lat"), [("K1", "A", 105.9, 20.3)])
    )
    values = [20, 23, 21, 25, 22, 24, 20, 26, 21, 24, *[30.0] * 8, -999, -999]
    rows = [
        ("K1", (START + timedelta(hours=n)).strftime("%Y-%m-%dT%H:%M:%SZ"), "NO2", value, "00")
        for n, value in enumerate(values)
    ]
    header = ("MA_TRAM", "THOI_GIAN", "THONG_SO", "GIA_TRI", "TRANG_THAI")
    load("air_observation", write_csv(tmp_path / "o.csv", header, rows))
    return int(scalar("SELECT id FROM core.series WHERE parameter = 'no2'"))


def review(series: int, hours: tuple[int, int], verdict: str, note: str = "Đã xem tại trạm") -> int:
    first, last = (START + timedelta(hours=hour) for hour in hours)
    with connect(OPERATOR) as conn:
        return add_review(conn, series_id=series, first=first, last=last, verdict=verdict, note=note, actor="Lan")


def episodes() -> list[tuple[int, int, str | None]]:
    with connect(OPERATOR) as conn:
        found = flag_episodes(conn, layer=LAYER, key="K1", **EVER)
    return [(row["flag"], row["n"], row["verdict"]) for row in found]


def test_marks_of_a_station_come_as_stretches_newest_first(station):
    assert episodes() == [(Flag.SENTINEL, 2, None), (Flag.FLAT, 8, None)]


def test_a_verdict_on_a_part_splits_the_stretch(station):
    review(station, (14, 17), "good")
    assert episodes() == [(Flag.SENTINEL, 2, None), (Flag.FLAT, 4, "good"), (Flag.FLAT, 4, None)]


def test_good_values_that_a_person_refused_are_listed_with_the_marked_ones(station):
    review(station, (2, 4), "bad")
    assert episodes()[-1] == (0, 3, "bad")


def test_the_newest_verdict_holds_until_it_is_taken_back(station):
    review(station, (10, 17), "good")
    newer = review(station, (10, 17), "bad")
    assert episodes()[-1] == (Flag.FLAT, 8, "bad")
    with connect(OPERATOR) as conn:
        revoke_review(conn, review_id=newer, actor="Minh")
    assert episodes()[-1] == (Flag.FLAT, 8, "good")
    with connect(OPERATOR) as conn:
        history = list_reviews(conn, layer=LAYER, key="K1")
        assert [(row["verdict"], row["revoked_by"]) for row in history] == [("bad", "Minh"), ("good", None)]
        assert [row["verdict"] for row in list_reviews(conn, series_ids=[station], holding=True)] == ["good"]


def test_a_verdict_and_its_taking_back_ask_for_the_days_they_cover(station):
    def touched() -> list[str]:
        with connect(SYSTEM) as conn:
            days = [str(row.day) for row in query("SELECT day FROM ops.touched_day ORDER BY day")]
            conn.exec_driver_sql("DELETE FROM ops.touched_day")
        return days

    touched()
    number = review(station, (0, 17), "good")
    assert touched() == ["2026-03-02"]
    with connect(OPERATOR) as conn:
        revoke_review(conn, review_id=number, actor="Minh")
    assert touched() == ["2026-03-02"]


@pytest.mark.parametrize(
    ("hours", "note"),
    [((5, 4), "vì sao"), ((4, 5), "  ")],
)
def test_a_review_without_reason_or_with_its_end_before_its_start_is_refused(station, hours, note):
    with pytest.raises(ReviewRefused):
        review(station, hours, "good", note)


def test_a_review_of_a_series_that_does_not_exist_is_refused(station):
    with pytest.raises(ReviewRefused):
        review(station + 1000, (1, 2), "good")


def test_a_review_cannot_be_taken_back_twice(station):
    number = review(station, (1, 2), "bad")
    with connect(OPERATOR) as conn:
        revoke_review(conn, review_id=number, actor="Minh")
    with connect(OPERATOR) as conn, pytest.raises(ReviewRefused, match=str(number)):
        revoke_review(conn, review_id=number, actor="Minh")


def test_the_public_feed_sees_no_review(station):
    review(station, (1, 2), "bad")
    with pytest.raises(ProgrammingError, match="permission denied"), connect(PUBLIC) as conn:
        list_reviews(conn)
