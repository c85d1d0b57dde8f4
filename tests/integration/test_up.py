"""``geoioc up`` from nothing to a served province, and down again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from helpers.commands import geoioc
from helpers.databases import environment
from helpers.servers import free_port

from spatial import cluster
from spatial.errors import PortTaken, ServerFailed
from spatial.instance import find_instance, only_instance
from spatial.supervisor import Child, Supervisor, is_healthy

LIMIT_SECONDS = 400


class Running:
    """A `geoioc up` in the background."""

    def __init__(self, data: Path, *arguments: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {"GEOIOC_DATA": str(data), "GEOIOC_PORT": str(self.port), "GEOIOC_WORKERS": "1"}
        self.output = data / "up.txt"
        with open(self.output, "wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "spatial", "up", *arguments],
                env={**os.environ, **self.environment, "GEOIOC_SAMPLE": "mini"},
                stdout=file,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> list[str]:
        return self.output.read_text().splitlines()

    def wait_until_ready(self) -> str:
        """The last line, which names the address."""
        until = time.monotonic() + LIMIT_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            if self.said() and "is ready" in self.said()[-1]:
                return self.said()[-1]
            time.sleep(0.2)
        raise AssertionError("\n".join(self.said()))

    def stop(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


@contextmanager
def up(data: Path, *arguments: str) -> Iterator[Running]:
    running = Running(data, *arguments)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.stop(signal.SIGTERM)


@pytest.fixture
def data(data_folder: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A data folder of the test's own, and no DATABASE_URL: the private cluster is used."""
    folder = data_folder / f"up-{abs(hash(request.node.name))}"
    folder.mkdir()
    with environment(GEOIOC_DATA=str(folder), DATABASE_URL=None):
        yield folder
        cluster.stop()


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_one_command_makes_loads_and_serves_a_province_and_a_second_reuses_it(data: Path) -> None:
    with up(data) as first:
        assert first.wait_until_ready().endswith(f"{first.url}/  (Ctrl-C stops everything)")
        with urllib.request.urlopen(f"{first.url}/healthz") as answer:
            loaded = json.load(answer)
        assert loaded["synthetic"] is True
        assert loaded["layers"]["school"]["features"] > 0
        assert "forecast" in loaded["jobs"]["last"]
        assert "answers at" in geoioc("status", **first.environment).stdout
        children = children_of(first.process.pid)
        assert len(children) == 2
        assert first.stop(signal.SIGINT) == 0
    assert cluster.status().pid is None
    assert not is_healthy(first.url)
    assert not any(map(is_alive, children))

    with up(data) as second:
        second.wait_until_ready()
        assert not any("Sample province" in line for line in second.said())
        assert geoioc("down", **second.environment).stdout == "GeoIOC has stopped.\n"
        assert second.process.wait(30) == 0
    assert geoioc("down", **second.environment).stdout == "Nothing was running.\n"


def test_a_second_up_on_the_same_data_says_where_the_first_one_is(data: Path) -> None:
    with up(data, "--no-sample", "--no-jobs") as first:
        first.wait_until_ready()
        answer = geoioc("up", **first.environment)
        assert answer.returncode == 4
        assert f"GeoIOC runs already at {first.url}" in answer.stderr
        assert "Traceback" not in answer.stderr


def test_a_server_that_dies_is_started_again(data: Path) -> None:
    with up(data, "--no-sample", "--no-jobs") as running:
        running.wait_until_ready()
        (master,) = children_of(running.process.pid)
        orphans = children_of(master)
        os.kill(master, signal.SIGKILL)
        until = time.monotonic() + 60
        while time.monotonic() < until and not (running.said()[-1].startswith("The web server ended")):
            time.sleep(0.1)
        assert "starting it again" in running.said()[-1]
        while time.monotonic() < until and (any(map(is_alive, orphans)) or not is_healthy(running.url)):
            time.sleep(0.2)
        assert is_healthy(running.url)


def test_a_stop_signal_during_the_preparation_leaves_nothing_running(data: Path) -> None:
    with up(data) as running:
        until = time.monotonic() + 60
        while time.monotonic() < until and not any("Sample province" in line for line in running.said()):
            time.sleep(0.05)
        assert running.stop(signal.SIGTERM) == 130
    assert cluster.status().pid is None
    assert find_instance() is None
    assert not any("Traceback" in line for line in running.said())


# ---------------------------------------------------------------- the parts


def test_a_child_that_keeps_dying_ends_with_its_last_words(tmp_path: Path) -> None:
    said: list[str] = []
    child = Child("job worker", ["sh", "-c", "echo out of luck; exit 9"], tmp_path / "jobs.log")
    supervisor = Supervisor([child], said.append)
    supervisor.start()
    with pytest.raises(ServerFailed, match="out of luck"):
        supervisor.run()
    assert len(said) == 3
    assert all("code 9" in line for line in said)


def test_a_child_that_does_not_listen_is_ended_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spatial.supervisor.STOP_SECONDS", 0.5)
    child = Child("deaf", ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"], tmp_path / "deaf.log")
    child.start()
    while "ready" not in child.last_words():
        time.sleep(0.02)
    child.stop()
    assert child.has_ended()


def test_only_one_instance_holds_the_data_folder_and_its_end_frees_it(data: Path) -> None:
    def second() -> None:
        with only_instance("http://127.0.0.1:2"):
            raise AssertionError("two at once")

    with only_instance("http://127.0.0.1:1"):
        found = find_instance()
        assert found is not None
        assert (found.pid, found.url) == (os.getpid(), "http://127.0.0.1:1")
        with pytest.raises(PortTaken, match=r"http://127\.0\.0\.1:1 "):
            second()
    assert find_instance() is None
