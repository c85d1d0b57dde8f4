"""A source as one thing: a file, a file with its companions, or a folder; its hash and its copy in the archive."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from spatial.errors import SourceUnreadable
from spatial.settings import data_settings

# Formats of several files that bear one name; the first is the one people name.
COMPANIONS = {
    ".shp": (".dbf", ".shx", ".prj", ".cpg"),
    ".tab": (".dat", ".map", ".id", ".ind"),
    ".mif": (".mid",),
}


def source_parts(path: Path) -> list[Path]:
    """Every file that belongs to the source, the named one first; a folder (a file geodatabase) stands for its files.

    :raises SourceUnreadable: when there is nothing of that name.
    """
    if path.is_dir():
        return sorted(part for part in path.rglob("*") if part.is_file() and part.suffix != ".lock")
    if not path.exists():
        raise SourceUnreadable(f"There is no file {path}.")
    wanted = COMPANIONS.get(path.suffix.lower(), ())
    siblings = path.parent.glob(f"{glob_literal(path.stem)}.*") if wanted else ()
    return [path, *sorted(part for part in siblings if part.suffix.lower() in wanted)]


def glob_literal(text: str) -> str:
    """A name in which no letter is a wildcard."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in text)


def sha256_of(path: Path) -> str:
    """Hash of a file's bytes; of a source of several files, of their names and bytes.

    :raises SourceUnreadable: when a file is missing or may not be read.
    """
    parts = source_parts(path)
    try:
        digests = []
        for part in parts:
            with part.open("rb") as file:
                digests.append((part.name, hashlib.file_digest(file, "sha256").hexdigest()))
    except OSError as error:
        raise SourceUnreadable(f"{path} cannot be read: {error.strerror}.") from None
    if len(digests) == 1 and not path.is_dir():
        return digests[0][1]
    return hashlib.sha256("\n".join(" ".join(pair) for pair in digests).encode()).hexdigest()


def archive_folder(digest: str) -> Path:
    """Where the source of this hash is kept: data/archive/<two letters>/<hash>/."""
    return data_settings().root / "archive" / digest[:2] / digest


def archive_source(path: Path, digest: str) -> Path:
    """Copy a source into the archive, once; the copy appears whole or not at all.

    The copy shares no bytes with the source: an agency may write into its file again.
    """
    target = archive_folder(digest)
    if target.exists():
        return target
    part = target.with_name(f"{digest}.{os.getpid()}.part")
    base = path if path.is_dir() else path.parent
    try:
        for file in source_parts(path):
            copy = part / file.relative_to(base)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
        part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return target
