"""From the command to the ready line: an empty data folder, and the second time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from helpers.bench import print_table
from helpers.databases import environment
from helpers.servers import free_port

from spatial import cluster

pytestmark = pytest.mark.bench
LIMIT_SECONDS = 900


def seconds_to_ready(data: Path) -> float:
    """Start `geoioc up` on a data folder, wait for its last line, stop it."""
    said = data / "up.txt"
    with open(said, "wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "spatial", "up", "--port", str(free_port())],
            env=os.environ | {"GEOIOC_SAMPLE": "mini"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            while "is ready" not in said.read_text(encoding="utf-8"):
                assert process.poll() is None, said.read_text(encoding="utf-8")
                assert time.perf_counter() - start < LIMIT_SECONDS
                time.sleep(0.05)
            return time.perf_counter() - start
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def test_start(data_folder: Path) -> None:
    folder = data_folder / "start"
    folder.mkdir()
    with environment(GEOIOC_DATA=str(folder), DATABASE_URL=None):
        try:
            lines = [("empty data folder, mini sample", seconds_to_ready(folder))]
            lines += [("second time", seconds_to_ready(folder))]
        finally:
            cluster.stop()
    print_table("`geoioc up` until it is ready", ("start", "seconds"), lines)
