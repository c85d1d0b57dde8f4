"""`geoioc api check --url` asks any running server what a client asks first, and names those not answered."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.commands import geoioc
from helpers.servers import free_port, running_server

from layers.registry import registry
from pygeoapi_config.doors import open_doors, tile_of

PUBLIC = sorted(layer.id for layer in registry().values() if layer.access == "public")


def test_every_door_of_a_loaded_server_opens(server: str) -> None:
    doors = open_doors(server)
    assert [(door.name, door.fault) for door in doors if door.fault is not None] == []
    names = {door.name for door in doors}
    assert {"health", "page /", "page /ogc/", "page /ogc/conformance", "collections", "process unit-report"} <= names
    assert {"tile of parcel", "EDR series of air_observation"} <= names
    shown = {name.removeprefix("item of ").removeprefix("cells of ") for name in names}
    assert set(PUBLIC) - shown == set()


def test_the_command_lists_the_requests_and_ends_with_0(server: str) -> None:
    answer = geoioc("api", "check", "--url", f"{server}/")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "CLOSED" not in answer.stdout
    assert answer.stdout.splitlines()[-1].startswith(f"{server}/ answers: ")


def test_collections_without_data_are_named(database: str, tmp_path: Path) -> None:
    with running_server(database, tmp_path / "server.txt") as url:
        doors = {door.name: door.fault for door in open_doors(url)}
        answer = geoioc("api", "check", "--url", url)
    assert doors["health"] is None
    assert doors["page /ogc/"] is None
    assert doors["items of school"] == "no features: the layer is empty"
    assert answer.returncode == 1
    assert "items of school" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_an_address_that_is_not_the_servers_root_is_refused_with_the_status(server: str) -> None:
    doors = {door.name: door.fault for door in open_doors(f"{server}/ogc")}
    assert (doors["health"] or "").startswith("status 404")
    assert doors["collections"] is not None


@pytest.mark.parametrize(
    ("url", "said"), [("http://127.0.0.1:{port}", "Connection refused"), ("127.0.0.1:{port}", "no address")]
)
def test_a_server_that_does_not_answer_is_one_sentence_and_ends_with_1(url: str, said: str) -> None:
    answer = geoioc("api", "check", "--url", url.format(port=free_port()))
    assert answer.returncode == 1
    assert said in answer.stdout + answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("longitude", "latitude", "zoom", "expected"),
    [(0.0, 0.0, 0, (0, 0)), (0.1, -0.1, 1, (1, 1)), (105.8542, 21.0285, 10, (813, 450)), (-180.0, 85.05, 3, (0, 0))],
)
def test_the_tile_of_a_position(longitude: float, latitude: float, zoom: int, expected: tuple[int, int]) -> None:
    assert tile_of(longitude, latitude, zoom) == expected
