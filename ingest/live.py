"""Counts that arrive one by one, over MQTT or by webhook, become files that are loaded like any other.

A message is written to the spool before its sender hears that it arrived; the job ``live`` loads it within a minute.
So nothing is lost when a process is killed, a message that cannot be read is kept with its reason among the rejected
rows, and one that comes twice changes nothing.
"""

from __future__ import annotations

import csv
import fcntl
import hmac
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from werkzeug.wrappers import Request, Response

from spatial.settings import data_settings, live_settings

LAYER = "counting_observation"
COLUMNS = ("line", "time", "class", "count", "message")
BIGGEST = 2**20  # bytes of a message
SLOT = 30  # seconds a spool file is written to; then it may be loaded


# ---------------------------------------------------------------- messages


def read_message(payload: bytes) -> list[tuple[str, ...]]:
    """Rows (line, time, class, count, message) of one JSON message, or of a list of them.

    ``{"line": "DEM01", "time": "2026-11-22T07:05:00+07:00", "counts": {"car": 12, "motorbike": 40}}``. What cannot be
    understood becomes a row that the loader will reject, with the message in it.
    """
    try:
        found = json.loads(payload)
    except (UnicodeDecodeError, ValueError):
        return [("", "", "", "", payload.decode("utf-8", "replace")[:2000])]
    return [row for item in (found if isinstance(found, list) else [found]) for row in _rows(item)]


def _rows(item: Any) -> Iterator[tuple[str, ...]]:
    counts = item.get("counts") if isinstance(item, dict) else None
    if not isinstance(counts, dict) or not counts:
        yield ("", "", "", "", json.dumps(item, ensure_ascii=False)[:2000])
        return
    for name, count in counts.items():
        number = "" if isinstance(count, bool | dict | list | None) else str(count)
        yield (str(item.get("line", "")), str(item.get("time", "")), str(name), number, "")


# ---------------------------------------------------------------- spool


def spool() -> Path:
    """Folder of what has arrived and is not loaded yet."""
    path = data_settings().root / "live"
    path.mkdir(parents=True, exist_ok=True)
    return path


def keep(rows: list[tuple[str, ...]]) -> None:
    """Append rows to this process's file of the moment; returns when they are on the disk."""
    path = spool() / f"{LAYER}-{int(time.time() // SLOT)}-{os.getpid()}.csv"
    with path.open("a", newline="", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        writer = csv.writer(file)
        if file.tell() == 0:
            writer.writerow(COLUMNS)
        writer.writerows(rows)
        file.flush()
        os.fsync(file.fileno())


def ready_files() -> list[Path]:
    """Spool files nobody writes to any more, the oldest first."""
    now = int(time.time() // SLOT)
    files = ((int(path.stem.split("-")[1]), path) for path in spool().glob(f"{LAYER}-*.csv"))
    return [path for slot, path in sorted(files) if slot < now]


# ---------------------------------------------------------------- webhook


@Request.application
def application(request: Request) -> Response:
    """``POST /live/counts`` with ``Authorization: Bearer <GEOIOC_LIVE_TOKEN>``: 202 once the message is on the disk."""
    if request.path == "/" and request.method == "GET":
        return Response("POST counts of AI cameras to /live/counts.\n", mimetype="text/plain")
    if request.path != "/counts":
        return _answer(404, "There is only /live/counts.")
    if request.method != "POST":
        return _answer(405, "Counts are sent by POST.")
    token = live_settings().token
    if token is None:
        return _answer(403, "No webhook is taken: the setting GEOIOC_LIVE_TOKEN is empty.")
    if not hmac.compare_digest(
        request.headers.get("Authorization", "").encode(), f"Bearer {token.get_secret_value()}".encode()
    ):
        return _answer(401, "The token is missing or wrong.")
    if (request.content_length or 0) > BIGGEST:
        return _answer(413, "A message may have 1 MB.")
    rows = read_message(request.stream.read(BIGGEST))
    keep(rows)
    return _answer(202, f"{len(rows)} rows kept; they are loaded within a minute.")


def _answer(status: int, sentence: str) -> Response:
    return Response(json.dumps({"message": sentence}), status=status, mimetype="application/json")
