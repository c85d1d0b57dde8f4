"""A probe takes one picture from a camera, or says why there is none; it never raises and never follows."""

from __future__ import annotations

import io

import pytest
from helpers.camera_source import http_camera, picture, rtsp_camera
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ingest import camera_probe
from ingest.camera_probe import probe


@pytest.fixture(scope="module")
def http():
    with http_camera() as place:
        yield f"http://{place}"


def test_a_snapshot_comes_as_a_jpeg_without_anything_but_pixels(http: str) -> None:
    found = probe(f"{http}/live.jpg", timeout=5)
    assert found.ok
    with Image.open(io.BytesIO(found.picture or b"")) as shown:
        assert shown.format == "JPEG"
        assert shown.size == (160, 120)


def test_two_pictures_differ_and_a_frozen_camera_repeats_itself(http: str) -> None:
    moving = {probe(f"{http}/live.jpg", timeout=5).digest for _ in range(3)}
    frozen = {probe(f"{http}/frozen.jpg", timeout=5).digest for _ in range(3)}
    assert len(moving) == 3
    assert len(frozen) == 1


def test_the_first_picture_of_an_mjpeg_stream_is_taken(http: str) -> None:
    assert probe(f"{http}/stream.mjpg", timeout=5).ok


def test_name_and_password_of_the_address_are_sent(http: str) -> None:
    assert probe(f"{http.replace('//', '//user:pass@')}/secret.jpg", timeout=5).ok
    assert probe(f"{http.replace('//', '//user:wrong@')}/secret.jpg", timeout=5).reason == "login"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/half.jpg", "not_a_picture"),
        ("/page.html", "not_a_picture"),
        ("/locked.jpg", "login"),
        ("/broken.jpg", "http_status"),
        ("/nowhere.jpg", "http_status"),
        ("/moved.jpg", "http_status"),  # no redirect is followed: it could lead anywhere in the network
        ("/slow.jpg", "timeout"),
    ],
)
def test_what_is_no_picture_has_its_reason(http: str, path: str, reason: str) -> None:
    found = probe(f"{http}{path}", timeout=1)
    assert (found.reason, found.picture) == (reason, None)


def test_a_picture_that_is_too_big_is_refused(http: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera_probe, "BIGGEST", 100)
    assert probe(f"{http}/live.jpg", timeout=5).reason == "too_big"


def test_one_picture_is_taken_from_an_rtsp_stream() -> None:
    with rtsp_camera() as place:
        found = probe(f"rtsp://{place}/live", timeout=10)
        missing = probe(f"rtsp://{place}/other", timeout=10)
    assert found.ok, found.reason
    with Image.open(io.BytesIO(found.picture or b"")) as shown:
        assert shown.size == (160, 120)
    assert missing.reason == "http_status"


def test_a_port_nobody_listens_at_refuses() -> None:
    assert probe("http://127.0.0.1:1/x.jpg", timeout=2).reason == "refused"
    assert probe("rtsp://127.0.0.1:1/x", timeout=2).reason == "refused"


@given(
    st.text(max_size=40).map(lambda text: f"nowhere://{text}") | st.sampled_from(["", "http://", "http://[::x", "x"])
)
@settings(max_examples=60)
def test_an_address_of_another_kind_is_never_asked(address: str) -> None:
    assert probe(address, timeout=0.1).reason == "bad_address"


def test_file_addresses_are_not_opened() -> None:
    assert probe("file:///etc/hostname", timeout=1).reason == "bad_address"


def test_the_test_picture_is_what_it_says() -> None:
    assert picture(1) != picture(2)
