"""Every file that was loaded is kept under its hash, so that a run can be repeated and proved."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from spatial.settings import data_settings


def archive_path(name: str, digest: str) -> Path:
    """Where a file of these bytes is kept: data/archive/<two letters>/<hash>-<name>."""
    return data_settings().root / "archive" / digest[:2] / f"{digest[:16]}-{name}"


def archive_file(path: Path, digest: str) -> Path:
    """Copy a file into the archive, once; a copy appears whole or not at all.

    The copy shares no bytes with the source: an agency may write into its file again.
    """
    target = archive_path(path.name, digest)
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        shutil.copyfile(path, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target
