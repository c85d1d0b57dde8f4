"""Last pictures of cameras: one file each below the data folder, replaced as a whole."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from spatial.settings import data_settings


def frame_path(key: str) -> Path:
    """Where the last picture of a camera lies, or would."""
    return data_settings().root / "frames" / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.jpg"


def keep_frame(key: str, picture: bytes) -> None:
    """Replace the last picture; a reader sees the old one or the new one."""
    path = frame_path(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(picture)
    part.replace(path)
