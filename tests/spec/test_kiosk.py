"""The wall's playlist, heartbeat and signs of life."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from helpers.databases import environment

from dash_app.app import create_app
from dash_app.kiosk.beats import Wall, list_walls, note_beat
from dash_app.kiosk.playlist import PlaylistRefused, View, read_playlist
from dash_app.services import Services


@pytest.fixture(scope="module")
def client(province: str) -> FlaskClient:
    return create_app(Services()).server.test_client()


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    with environment(GEOIOC_DATA=str(tmp_path)):
        yield tmp_path


def read(query: dict[str, str], several: tuple[str, ...] = ()) -> list[View]:
    return read_playlist(query, several, lambda path: path in ("/", "/map", "/overview"), "vi")


def test_a_comma_begins_the_next_view_only_before_a_slash() -> None:
    views = read({"views": "/map#on=camera,clinic&theme=indicator.grdp|45|Kinh tế,/overview?unit=37.2025-07-01"})
    assert views == [
        View("/map#on=camera,clinic&theme=indicator.grdp", 45, "Kinh tế"),
        View("/overview?unit=37.2025-07-01", 30),
    ]


def test_a_view_is_opened_without_header_in_the_language_and_look_of_the_wall() -> None:
    view = View("/map?lang=vi#theme=indicator.grdp", 30)
    assert view.framed("vi", "dark") == "/map?lang=vi&kiosk=1#theme=indicator.grdp"
    assert view.framed("en", "light") == "/map?lang=en&kiosk=1&look=light#theme=indicator.grdp"


@pytest.mark.parametrize(
    "views",
    ["/nowhere|20", "//evil.example/|20", "https://evil.example/|20", "/map|x", "/map|1", "/map|99999", "/kiosk|20",
     "/\\evil.example|20"],
)  # fmt: skip
def test_what_cannot_be_shown_is_refused_with_a_sentence(client: FlaskClient, views: str) -> None:
    answer = client.get(f"/kiosk?views={quote(views)}")
    assert answer.status_code == 400
    assert answer.text.strip().endswith(".")


def test_named_playlists_come_from_the_file_and_a_bad_file_is_named(data: Path) -> None:
    (data / "kiosk.toml").write_text('[sang]\nviews = ["/map|20", {address = "/", title = "Hôm nay"}]\n', "utf-8")
    assert read({"playlist": "sang"}) == [View("/map", 20), View("/", 30, "Hôm nay")]
    with pytest.raises(PlaylistRefused, match="toi"):
        read({"playlist": "toi"})
    (data / "kiosk.toml").write_text("[sang\n", "utf-8")
    with pytest.raises(PlaylistRefused, match=r"kiosk\.toml"):
        read({"playlist": "sang"})


def test_the_wall_names_its_views_and_the_setup_page_offers_pages_and_units(client: FlaskClient) -> None:
    page = client.get(f"/kiosk?views={quote('/map#theme=indicator.grdp|20,/overview/health|20')}").text
    assert "Tổng sản phẩm trên địa bàn (GRDP)" in page
    assert "Y tế" in page
    setup = client.get("/kiosk/setup").text
    assert "/overview/health" in setup
    assert '<option value="97' not in setup, "the province is the whole, not a unit to choose"
    assert setup.count("<option") > 10


def test_the_heartbeat_tells_time_data_clock_and_version_and_is_never_cached(client: FlaskClient) -> None:
    answer = client.get("/api/heartbeat")
    body = answer.json
    assert answer.headers["Cache-Control"] == "no-store"
    assert abs(datetime.fromisoformat(body["time"]) - datetime.now(UTC)) < timedelta(minutes=1)
    assert datetime.fromisoformat(body["dataUntil"]) <= datetime.fromisoformat(body["time"])
    assert body["version"] == client.get("/api/heartbeat").json["version"]


def test_without_a_database_the_heartbeat_says_so_and_the_wall_still_opens() -> None:
    with environment(DATABASE_URL="postgresql://geoioc@/nothing?host=/nowhere"):
        client = create_app(Services()).server.test_client()
        answer = client.get("/api/heartbeat")
        assert (answer.status_code, answer.json["reason"]) == (503, "database")
        assert client.get("/kiosk").status_code == 200


def test_a_wall_that_falls_silent_is_seen_from_outside(client: FlaskClient, data: Path) -> None:
    said = {"state": "ok", "view": "Bản đồ"}
    assert client.post("/api/kiosk-beat?name=tang-1", json=said).status_code == 200
    old = datetime.now(UTC) - timedelta(minutes=7)
    assert note_beat(Wall("tang-2", old, "ok", "Bản đồ"))
    walls = {wall["name"]: wall["silent"] for wall in client.get("/api/kiosk-walls").json["walls"]}
    assert walls == {"tang-1": False, "tang-2": True}
    assert "IM LẶNG 7 phút" in client.get("/kiosk/setup").text


@pytest.mark.parametrize("name", ["", "../../etc", "a/b", "x" * 41])
def test_a_name_that_is_no_name_is_not_written(client: FlaskClient, data: Path, name: str) -> None:
    assert client.post(f"/api/kiosk-beat?name={quote(name, safe='')}", json={"state": "ok"}).status_code == 400
    assert not list(data.rglob("*.json"))


def test_a_damaged_sign_of_life_hides_no_other(data: Path) -> None:
    assert note_beat(Wall("good", datetime.now(UTC), "ok", ""))
    (data / "kiosk" / "bad.json").write_text("{", "utf-8")
    (data / "kiosk" / "odd.json").write_text(json.dumps({"name": "odd"}), "utf-8")
    assert [wall.name for wall in list_walls()] == ["good"]
