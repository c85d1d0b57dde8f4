"""Start the real server as a process of its own and wait until it answers."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spatial.supervisor import server_command

LIMIT_SECONDS = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_healthy(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError(f"the server did not answer; it said:\n{log.read_text()[-4000:]}")


@contextmanager
def running_server(database_url: str, log: Path, **extra: str) -> Iterator[str]:
    """gunicorn on a free port; gives its base URL without trailing slash."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "GEOIOC_PORT": str(port),
        "GEOIOC_WORKERS": "1",
        **extra,
    }
    with open(log, "wb") as output:
        process = subprocess.Popen(server_command(), env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_until_healthy(url, process, log)
            yield url
        finally:
            process.terminate()
            process.wait(timeout=30)
