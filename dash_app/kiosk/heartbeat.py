"""What a wall asks every few seconds: is the server there, is the database, how far do the data reach."""

from __future__ import annotations

from datetime import UTC
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from dash_app.services import Services

CODE = Path(__file__).resolve().parents[1]
LOADED = (".py", ".js", ".css", ".jinja")


@cache
def running_version() -> str:
    """Changes when the program or its pages do; read once by a process, so an old process says the old one."""
    newest = max(path.stat().st_mtime for path in CODE.rglob("*") if path.suffix in LOADED)
    return f"{version('geoioc')}+{int(newest):x}"


def read_heartbeat(services: Services) -> dict[str, Any]:
    """Times in UTC.

    :raises DatabaseUnavailable: when the database does not answer.
    """
    now = services.now()
    newest = max((row["data_until"] for row in services.layer_versions().values() if row["data_until"]), default=None)
    until = min(newest, now) if newest else None
    return {
        "time": now.astimezone(UTC).isoformat(),
        "dataUntil": until.astimezone(UTC).isoformat() if until else None,
        "version": running_version(),
    }
