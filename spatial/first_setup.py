"""The first set-up of an empty database, by whatever the packages above register for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import Literal, Protocol, cast

from sqlalchemy import Connection

from spatial.progress import Steps

SETUP = "geoioc.setup"
AFTER_MIGRATION = "geoioc.after_migration"

type Scale = Literal["mini", "full"]


class Prepare(Protocol):
    """What an entry point of ``geoioc.setup`` is: fills an empty migrated database."""

    def __call__(self, folder: Path, *, scale: Scale, parcels: int | None, until: datetime, steps: Steps) -> None: ...


def load_sample(folder: Path, *, scale: Scale, parcels: int | None, until: datetime, steps: Steps) -> None:
    """Fill the database with the sample province: source files to ``folder``, load, roll-ups, forecasts.

    ``until`` is the last hour the stations have measured.
    """
    for point in entry_points(group=SETUP):
        prepare = cast(Prepare, point.load())
        prepare(folder, scale=scale, parcels=parcels, until=until, steps=steps)


def after_migration(connection: Connection) -> None:
    """Bring what depends on the schema up to date, such as the rows of ops.job."""
    for point in entry_points(group=AFTER_MIGRATION):
        cast(Callable[[Connection], None], point.load())(connection)
