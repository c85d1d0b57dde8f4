"""Cameras: a probe round, outages, availability, and the places nobody sees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from helpers.camera_source import http_camera, rtsp_camera
from helpers.databases import environment
from helpers.ingest import load, query, scalar, write_csv, write_units
from sqlalchemy import text

from dash_app.app import create_app
from dash_app.services import Services
from ingest.jobs_cameras import find_gaps, probe_cameras
from layers.registry import get_layer
from spatial.access import PUBLIC, SYSTEM, connect
from spatial.progress import silent
from spatial.queries import cameras
from spatial.settings import clear_settings

HEADER = ("MA_CAMERA", "TEN", "HUONG", "GOC_MO", "TAM_NHIN", "URL", "KINH_DO", "VI_DO")
METRE = 1 / 111_320


@pytest.fixture(autouse=True)
def quick(database: str, data_folder: Path) -> Iterator[None]:
    """Probes that do not wait long, on an empty database."""
    with environment(GEOIOC_CAMERA_TIMEOUT="2", GEOIOC_CAMERA_FAILS="2", GEOIOC_CAMERA_FROZEN="2"):
        clear_settings()
        yield
    clear_settings()


def inventory(folder: Path, *rows: tuple[object, ...]) -> None:
    report = load("camera", write_csv(folder / "camera.csv", HEADER, rows), inside="none", force=True)
    assert report.rows_rejected == 0


def camera(
    code: str, url: str = "", *, lon: float = 106.0, lat: float = 20.3, heading: object = 0
) -> tuple[object, ...]:
    return (code, f"Camera {code}", heading, 90, 100, url, lon, lat)


def conditions() -> dict[str, str]:
    with connect(SYSTEM) as conn:
        return {row["key"]: row["condition"] for row in cameras.list_cameras(conn, unit_id=None, fails=2)}


def rounds(number: int) -> None:
    for _ in range(number):
        probe_cameras(silent)


def test_http_and_rtsp_cameras_answer_and_a_frozen_one_is_told_from_a_live_one(tmp_path: Path) -> None:
    with http_camera() as http, rtsp_camera() as rtsp:
        inventory(
            tmp_path,
            camera("live", f"http://{http}/live.jpg"), camera("still", f"http://{http}/frozen.jpg"),
            camera("rtsp", f"rtsp://{rtsp}/live"), camera("gone", f"http://{http}/nowhere.jpg"), camera("mute"),
        )  # fmt: skip
        rounds(3)
    found = conditions()
    assert found == {"live": "online", "still": "frozen", "rtsp": found["rtsp"], "gone": "offline", "mute": "unknown"}
    assert found["rtsp"] in ("online", "frozen")  # each connection of the test source begins with the same pictures
    assert dict(query("SELECT key, state FROM layer.camera WHERE key IN ('live', 'gone')")) == {
        "live": "online",
        "gone": "offline",
    }


def test_one_missed_probe_is_no_outage_two_are_and_an_answer_ends_it(tmp_path: Path) -> None:
    with http_camera() as http:
        inventory(tmp_path, camera("A", f"http://{http}/live.jpg"))
        rounds(1)
    rounds(1)
    assert conditions() == {"A": "unsteady"}
    assert scalar("SELECT count(*) FROM core.camera_outage") == 0
    rounds(2)
    assert conditions() == {"A": "offline"}
    outage = query(
        "SELECT o.started_at = s.last_ok_at, o.ended_at, o.reason FROM core.camera_outage o"
        " JOIN core.camera_state s USING (key)"
    )
    assert [tuple(row) for row in outage] == [(True, None, "refused")]
    with http_camera() as http:
        inventory(tmp_path, camera("A", f"http://{http}/live.jpg"))
        rounds(1)
    assert conditions() == {"A": "online"}
    assert scalar("SELECT count(*) FROM core.camera_outage WHERE ended_at IS NULL") == 0


def test_a_camera_that_loses_its_address_is_no_longer_judged(tmp_path: Path) -> None:
    inventory(tmp_path, camera("A", "http://127.0.0.1:1/x.jpg"), camera("B", "http://127.0.0.1:1/y.jpg"))
    rounds(2)
    inventory(tmp_path, camera("A"), camera("B", "http://127.0.0.1:1/y.jpg"))
    rounds(1)
    assert query("SELECT key FROM core.camera_state") == [("B",)]


def test_the_last_picture_is_served_and_the_address_never(tmp_path: Path) -> None:
    with http_camera() as http:
        inventory(tmp_path, camera("A", f"http://user:pass@{http}/secret.jpg"), camera("B"))
        rounds(1)
    client = create_app(Services()).server.test_client()
    picture = client.get("/api/cameras/A/frame.jpg")
    assert (picture.status_code, picture.mimetype, picture.data[:2]) == (200, "image/jpeg", b"\xff\xd8")
    assert client.get("/api/cameras/B/frame.jpg").status_code == 404
    assert client.get("/api/cameras/../../geoioc.lock/frame.jpg").status_code == 404
    assert "pass" not in client.get("/api/cameras").get_data(as_text=True)
    with connect(PUBLIC) as conn, pytest.raises(Exception, match="permission denied"):
        cameras.probed_addresses(conn)


def test_a_camera_sees_its_sector_and_no_more(tmp_path: Path) -> None:
    """The camera looks north, 90 degrees wide, 100 m far."""
    inventory(tmp_path, camera("N"))
    places = {
        "ahead": (0, 60), "at the edge": (40, 45), "beside": (60, 10), "behind": (0, -60), "too far": (0, 120),
    }  # fmt: skip
    rows = [(name, name, 106.0 + east * METRE / 0.938, 20.3 + north * METRE) for name, (east, north) in places.items()]
    load(
        "crossing", write_csv(tmp_path / "crossing.csv", ("MA_NUT", "TEN_NUT", "KINH_DO", "VI_DO"), rows), inside="none"
    )
    find_gaps(silent)
    seen = dict(query("SELECT key, seen_by FROM derived.camera_coverage WHERE layer_id = 'crossing'"))
    assert {name for name, by in seen.items() if by} == {"ahead", "at the edge"}
    with connect(SYSTEM) as conn:
        gaps = cameras.coverage_gaps(conn, layer=get_layer("crossing"), unit_id=None)
    assert gaps[0]["key"] == "too far"
    assert 119 < gaps[0]["distance_m"] < 121


def test_without_a_heading_a_place_in_reach_is_only_maybe_seen(tmp_path: Path) -> None:
    inventory(tmp_path, camera("?", heading=None))
    rows = [("near", "near", 106.0, 20.3 + 50 * METRE)]
    load(
        "crossing", write_csv(tmp_path / "crossing.csv", ("MA_NUT", "TEN_NUT", "KINH_DO", "VI_DO"), rows), inside="none"
    )
    find_gaps(silent)
    assert [tuple(row) for row in query("SELECT seen_by, maybe_by FROM derived.camera_coverage")] == [([], ["?"])]


def test_gaps_are_found_anew_when_a_camera_is_turned_and_not_when_it_only_comes_and_goes(tmp_path: Path) -> None:
    inventory(tmp_path, camera("N", "http://127.0.0.1:1/x.jpg"))
    rows = [("south", "south", 106.0, 20.3 - 50 * METRE)]
    load(
        "crossing", write_csv(tmp_path / "crossing.csv", ("MA_NUT", "TEN_NUT", "KINH_DO", "VI_DO"), rows), inside="none"
    )
    find_gaps(silent)
    rounds(2)
    assert find_gaps(silent) == "nothing new"
    inventory(tmp_path, camera("N", "http://127.0.0.1:1/x.jpg", heading=180))
    find_gaps(silent)
    assert scalar("SELECT seen_by FROM derived.camera_coverage") == ["N"]


def test_availability_is_the_share_of_the_time_without_outage(tmp_path: Path) -> None:
    """Two cameras looked after for 100 hours each, one of them away for 20: 90 per cent."""
    load("admin_unit", write_units(tmp_path))
    inventory(tmp_path, camera("A", "http://127.0.0.1:1/x.jpg"), camera("B", "http://127.0.0.1:1/y.jpg"))
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    with connect(SYSTEM) as conn:
        conn.execute(
            text(
                "INSERT INTO core.camera_state (key, checked_at, ok, fails, since)"
                " SELECT key, :now, true, 0, CAST(:now AS timestamptz) - interval '100 hours' FROM layer.camera"
            ),
            {"now": now},
        )
        conn.execute(
            text(
                "INSERT INTO core.camera_outage (key, started_at, ended_at, reason)"
                " VALUES ('A', :began, :ended, 'timeout')"
            ),
            {"began": now - timedelta(hours=30), "ended": now - timedelta(hours=10)},
        )
        cameras.save_availability(conn, now=now)
    rows = query("SELECT DISTINCT period, state, round(value::numeric, 6), n FROM derived.indicator_computed")
    assert [tuple(row) for row in rows] == [(date(2026, 11, 1), "estimate", 90, 2)]
