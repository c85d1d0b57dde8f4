"""Counts of AI cameras by webhook and by a real MQTT broker: nothing is lost, nothing counts twice."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from helpers.databases import environment
from helpers.ingest import load, query, rejects, scalar, write_csv
from helpers.receivers import free_port
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from ingest import live
from ingest.jobs_live import load_spool
from ingest.live import application, read_message
from ingest.live_mqtt import listen
from spatial.progress import silent
from spatial.settings import clear_settings

TOKEN = {"Authorization": "Bearer secret"}


@pytest.fixture
def line(database: str, tmp_path: Path) -> Iterator[str]:
    """A counting line, and a data folder of its own."""
    with environment(GEOIOC_DATA=str(tmp_path), GEOIOC_LIVE_TOKEN="secret"):
        clear_settings()
        row = ("DEM01", "Vạch đếm", 106.0, 20.3)
        load(
            "counting_line",
            write_csv(tmp_path / "line.csv", ("MA_VACH", "TEN_VACH", "KINH_DO", "VI_DO"), [row]),
            inside="none",
        )
        yield "DEM01"
    clear_settings()


def message(minute: int = 5, line: str = "DEM01", **counts: Any) -> dict[str, Any]:
    return {
        "line": line,
        "time": f"2026-11-20T07:{minute:02d}:00+07:00",
        "counts": counts or {"car": 12, "motorbike": 40},
    }


def post(body: Any, **headers: str) -> int:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client(application).post("/counts", data=data, headers=headers or TOKEN).status_code


def arrive(monkeypatch: pytest.MonkeyPatch) -> str:
    """Load the spool as if the minute were over."""
    now = time.time() + 2 * live.SLOT
    with monkeypatch.context() as clock:
        clock.setattr(live.time, "time", lambda: now)
        return load_spool(silent)


def stored() -> list[tuple[Any, ...]]:
    return [
        tuple(row)
        for row in query(
            "SELECT s.parameter, to_char(o.time AT TIME ZONE 'Asia/Ho_Chi_Minh', 'HH24:MI'), o.value"
            " FROM core.observation o JOIN core.series s ON s.id = o.series_id ORDER BY 2, 1"
        )
    ]


def test_a_message_is_kept_at_once_and_loaded_when_its_slot_is_over(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert post(message()) == 202
    assert stored() == []
    arrive(monkeypatch)
    assert stored() == [("cars", "07:05", 12), ("motorbikes", "07:05", 40)]
    assert list(live.spool().iterdir()) == []


def test_a_message_that_comes_twice_counts_once_and_a_correction_replaces(
    line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    post([message(car=3), message(car=3)])
    arrive(monkeypatch)
    post(message(car=4))
    arrive(monkeypatch)
    assert stored() == [("cars", "07:05", 4)]


def test_what_cannot_be_understood_is_kept_with_its_reason(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for body in (b"{not json", [], "text", {"line": "DEM01"}, message(line="NOWHERE"), message(car="many"),
                 message(spaceship=1)):  # fmt: skip
        assert post(body) == 202
    arrive(monkeypatch)
    assert stored() == []
    lines = {line for line, _, _ in rejects("counting_observation")}
    assert len(lines) == 7  # the empty list holds nothing, the message of an unknown line two rows
    assert scalar("SELECT count(DISTINCT line) FROM ops.quarantine WHERE \"row\"::text LIKE '%not json%'") == 1


def test_a_count_below_zero_is_kept_and_marked(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    post(message(car=-1))
    arrive(monkeypatch)
    assert scalar("SELECT flag <> 0 FROM core.observation")


def test_a_killed_load_leaves_the_message_in_the_spool(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    post(message())
    with monkeypatch.context() as broken:

        def fail(*_: Any, **__: Any) -> None:
            raise KeyboardInterrupt

        broken.setattr("ingest.jobs_live.run_file", fail)
        with pytest.raises(KeyboardInterrupt):
            arrive(monkeypatch)
    arrive(monkeypatch)
    assert len(stored()) == 2


@pytest.mark.parametrize(
    ("headers", "status"), [({"Authorization": "Bearer wrong"}, 401), ({"X-Nothing": "1"}, 401), (TOKEN, 202)]
)
def test_only_who_has_the_token_may_send(line: str, headers: dict[str, str], status: int) -> None:
    assert post(message(), **headers) == status


def test_without_a_token_in_the_settings_no_webhook_is_taken(line: str) -> None:
    with environment(GEOIOC_LIVE_TOKEN=None):
        clear_settings()
        assert post(message()) == 403
    clear_settings()


def test_other_addresses_and_methods_are_refused(line: str) -> None:
    client = Client(application)
    assert client.get("/counts").status_code == 405
    assert client.post("/elsewhere").status_code == 404
    assert post(b"x" * (live.BIGGEST + 1)) == 413


@given(st.binary(max_size=200) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["line", "time", "counts"]), inner),
    max_leaves=8,
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
@settings(max_examples=150)
def test_any_bytes_become_rows_of_five_texts(payload: bytes) -> None:
    for row in read_message(payload):
        assert len(row) == len(live.COLUMNS)
        assert all(isinstance(cell, str) for cell in row)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[int]:
    """A real broker with a password; its port."""
    program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
    if not Path(program).is_file():
        pytest.fail("mosquitto is not installed; .ci/setup test installs it")
    port, folder = free_port(), tmp_path / "broker"
    folder.mkdir()
    (folder / "conf").write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
    running = subprocess.Popen([program, "-c", str(folder / "conf")], stderr=subprocess.DEVNULL)
    try:
        yield port
    finally:
        running.terminate()
        running.wait(10)


def publish(port: int, *messages: Any) -> None:
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    for _ in range(50):
        try:
            client.connect("127.0.0.1", port)
            break
        except ConnectionRefusedError:
            time.sleep(0.1)
    client.loop_start()
    for one in messages:
        client.publish("geoioc/counts/DEM01", json.dumps(one), qos=1).wait_for_publish(10)
    client.disconnect()
    client.loop_stop()


def kept_rows() -> int:
    return sum(len(path.read_text().splitlines()) - 1 for path in live.spool().glob("*.csv"))


def wait_for(rows: int) -> None:
    until = time.monotonic() + 15
    while kept_rows() < rows:
        assert time.monotonic() < until, f"{kept_rows()} of {rows} rows arrived"
        time.sleep(0.05)


def test_counts_of_a_real_broker_arrive_also_those_sent_while_nobody_listened(
    line: str, broker: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with environment(GEOIOC_LIVE_MQTT_URL=f"mqtt://127.0.0.1:{broker}"):
        clear_settings()
        listener = listen()
        assert listener is not None
        try:
            until = time.monotonic() + 15
            while not listener.is_connected():
                assert time.monotonic() < until
                time.sleep(0.05)
            time.sleep(0.3)  # the subscription follows the connection
            publish(broker, message(5))
            wait_for(2)
        finally:
            listener.disconnect()
            listener.loop_stop()
        publish(broker, message(10))
        again = listen()
        assert again is not None
        try:
            wait_for(4)
        finally:
            again.disconnect()
            again.loop_stop()
    arrive(monkeypatch)
    assert stored() == [
        ("cars", "07:05", 12), ("motorbikes", "07:05", 40), ("cars", "07:10", 12), ("motorbikes", "07:10", 40),
    ]  # fmt: skip


def test_nobody_listens_without_a_broker_in_the_settings(line: str) -> None:
    assert listen() is None
