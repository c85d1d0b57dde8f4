"""Briefings that are kept: the file below the data folder, the facts it stated in ``ops.briefing``.

The file is written beside its place and moved there, and the row is written last: whoever reads rows finds whole files,
and what a killed process leaves behind is swept away by the next one.
"""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dash_app.reports.briefing.content import Briefing, build_briefing
from dash_app.reports.briefing.facts import changes, facts_of
from dash_app.reports.briefing.render import to_pdf
from dash_app.reports.briefing.request import Wanted
from dash_app.services import Row, Services
from spatial.access import connect
from spatial.queries import briefings
from spatial.settings import data_settings

PART = ".part"
LEFT_BEHIND = 3600.0  # seconds after which an unfinished or unnamed file belongs to nobody


@dataclass(frozen=True)
class Kept:
    """A briefing on record."""

    id: int
    path: Path
    briefing: Briefing
    changes: int


def folder() -> Path:
    """Where the files lie."""
    return data_settings().root / "briefings"


def path_of(sha256: str) -> Path:
    """File of a briefing."""
    return folder() / f"{sha256}.pdf"


def keep(services: Services, wanted: Wanted, language: str) -> Kept:
    """Make a briefing now, store its PDF and record what it stated."""
    briefing = build_briefing(services, wanted)
    pdf = to_pdf(briefing, language)
    facts = facts_of(briefing)
    found = changes(briefing.before["facts"], facts) if briefing.before else []
    sha256 = hashlib.sha256(pdf).hexdigest()
    path = path_of(sha256)
    _write(path, pdf)
    with connect(services.actor) as conn:
        number = briefings.put_briefing(
            conn, unit_key=wanted.unit["key"], cycle=briefing.cycle, as_of=briefing.data_until or briefing.made_at,
            language=language, facts=facts | {"changes": [change.as_row() for change in found]}, sha256=sha256,
            actor=services.actor.name, made_at=briefing.made_at,
        )  # fmt: skip
    return Kept(number, path, briefing, len(found))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}{PART}")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def sweep(services: Services) -> int:
    """Remove what killed processes left: unfinished files, and files no row speaks of. Returns how many."""
    with connect(services.actor) as conn:
        named = briefings.briefing_files(conn)
    old = time.time() - LEFT_BEHIND
    gone = 0
    for path in folder().glob("*") if folder().is_dir() else ():
        with suppress(FileNotFoundError):  # another process swept it
            if path.stem not in named and path.is_file() and path.stat().st_mtime < old:
                path.unlink()
                gone += 1
    return gone


def stored_file(row: Row) -> Path | None:
    """File of a row of ``ops.briefing``; None when it is not there."""
    path = path_of(row["sha256"]) if row["sha256"] else None
    return path if path is not None and path.is_file() else None
