"""At most one `geoioc up` per data folder: a lock that ends with its process, and who holds it."""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from spatial.errors import PortTaken, ServerFailed
from spatial.settings import data_settings

STOP_SECONDS = 120


class Instance(NamedTuple):
    """A running `geoioc up`."""

    pid: int
    url: str


def _lock_file() -> Path:
    return data_settings().root / "geoioc.lock"


def find_instance() -> Instance | None:
    """The `geoioc up` that runs on this data folder. The lock says so, never a process number alone."""
    try:
        with open(_lock_file(), encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                pid, url = file.read().split()
                return Instance(int(pid), url)
    except FileNotFoundError:
        pass
    return None


@contextmanager
def only_instance(url: str) -> Iterator[None]:
    """Be the one instance.

    :raises PortTaken: when another one runs.
    """
    path = _lock_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            running = find_instance()
            where = f" at {running.url} (process {running.pid})" if running else ""
            raise PortTaken(f"GeoIOC runs already{where}. `geoioc down` stops it.") from None
        file.truncate(0)
        file.write(f"{os.getpid()} {url}")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def stop_instance() -> bool:
    """Ask the running instance to stop and wait until it has; False when none runs.

    :raises ServerFailed: when it does not stop in time.
    """
    running = find_instance()
    if running is None:
        return False
    os.kill(running.pid, signal.SIGTERM)
    until = time.monotonic() + STOP_SECONDS
    while find_instance() is not None:
        if time.monotonic() > until:
            raise ServerFailed(f"Process {running.pid} did not stop within {STOP_SECONDS} s.")
        time.sleep(0.1)
    return True
