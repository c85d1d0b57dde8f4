"""Signs of life of the walls, so that one that froze is seen from elsewhere: a small file each in the data folder.

Several server processes answer, so memory is no place; and a wall must be able to say that the database is away.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from spatial.settings import data_settings

NAME = re.compile(r"^[\w.-]{1,40}$")
WALLS_MOST = 200
SILENT_AFTER = timedelta(minutes=2)
FORGOTTEN_AFTER = timedelta(days=30)


@dataclass(frozen=True)
class Wall:
    """A wall as it was last heard of. ``state``: ok, or alarm with the ``reason`` it shows; ``at`` in UTC."""

    name: str
    at: datetime
    state: str
    view: str
    reason: str = ""

    def silent(self, now: datetime) -> bool:
        """Whether it has not been heard of for two minutes."""
        return now - self.at > SILENT_AFTER


def folder() -> Path:
    """Where the signs of life lie."""
    return data_settings().root / "kiosk"


def note_beat(wall: Wall) -> bool:
    """Write a sign of life; False when the name is not acceptable or there are too many walls."""
    if not NAME.match(wall.name):
        return False
    path = folder() / f"{wall.name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() and sum(1 for _ in path.parent.glob("*.json")) >= WALLS_MOST:
        return False
    part = path.with_suffix(f".{os.getpid()}.part")
    said = {"name": wall.name, "at": wall.at.isoformat(), "state": wall.state, "view": wall.view, "reason": wall.reason}
    part.write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    part.replace(path)
    return True


def list_walls(now: datetime | None = None) -> list[Wall]:
    """Walls heard of within the last month, by name; a file that is not understood is no wall."""
    now = now or datetime.now(UTC)
    found = []
    for path in sorted(folder().glob("*.json")) if folder().is_dir() else ():
        try:
            row = json.loads(path.read_text("utf-8"))
            wall = Wall(row["name"], datetime.fromisoformat(row["at"]), row["state"], row["view"], row["reason"])
        except (ValueError, KeyError, TypeError, OSError):
            continue
        if now - wall.at <= FORGOTTEN_AFTER:
            found.append(wall)
    return found
