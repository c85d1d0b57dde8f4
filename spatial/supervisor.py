"""Server and job worker as child processes: started, watched, restarted a few times, stopped in order."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from spatial.errors import PortTaken, ServerFailed

READY_SECONDS = 180
STOP_SECONDS = 30
RESTARTS = 3
LOG_LIMIT = 50 * 2**20


def server_command() -> list[str]:
    """gunicorn, configured by ``spatial/gunicorn_conf.py`` from our settings."""
    return [sys.executable, "-m", "gunicorn", "--config", "python:spatial.gunicorn_conf", "spatial.server:application"]


def worker_command() -> list[str]:
    """The process that runs queued and due jobs."""
    return [sys.executable, "-m", "spatial", "jobs", "work"]


def check_port(host: str, port: int) -> None:
    """:raises PortTaken: when something listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"Port {port} of {host} cannot be used ({(error.strerror or str(error)).lower()}). Stop the other "
                "program, or choose a port: `geoioc up --port 8060` or GEOIOC_PORT."
            ) from None


@dataclass
class Child:
    """One child process and its log file."""

    name: str
    command: Sequence[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.is_file() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        # Ends with us even if we are killed; has its own process group, so Ctrl-C reaches only us.
        guard = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen(
                [*guard, *self.command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def stop(self) -> None:
        """Ask it to end, wait, and end it if it does not."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def last_words(self, lines: int = 12) -> str:
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return "".join(deque(file, lines)).rstrip()


@dataclass
class Supervisor:
    """Keeps its children running until told to stop."""

    children: list[Child]
    say: Callable[[str], None]
    stopping: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        for child in self.children:
            child.start()

    def stop(self) -> None:
        """Stop the children, the one started last first."""
        for child in reversed(self.children):
            child.stop()

    def look_after(self) -> None:
        """Start a child that ended again.

        :raises ServerFailed: with its last log lines, when it keeps ending.
        """
        for child in self.children:
            if not child.has_ended():
                continue
            assert child.process is not None
            child.failures += 1
            if child.failures > RESTARTS:
                raise ServerFailed(
                    f"The {child.name} ended {child.failures} times. Its last words:\n{child.last_words()}"
                )
            self.say(f"The {child.name} ended (code {child.process.returncode}); starting it again. Log: {child.log}")
            child.start()

    def wait_until_ready(self, url: str) -> None:
        """Wait until /healthz answers 200.

        :raises ServerFailed: when it does not in time, or a child keeps ending.
        """
        until = time.monotonic() + READY_SECONDS
        while not self.stopping.wait(0.1):
            self.look_after()
            if is_healthy(url):
                return
            if time.monotonic() > until:
                words = self.children[0].last_words()
                raise ServerFailed(f"The server does not answer after {READY_SECONDS} s. Its last words:\n{words}")

    def run(self) -> None:
        """Look after the children until told to stop."""
        while not self.stopping.wait(0.5):
            self.look_after()


def is_healthy(url: str) -> bool:
    """Whether the server at that address answers its health page."""
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False
