"""What turns an empty migrated database into a province one can click through: `geoioc up` and the tests call it."""

from __future__ import annotations

import importlib
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from spatial.access import SYSTEM
from spatial.progress import Steps
from spatial.settings import REPOSITORY

RECIPE = REPOSITORY / "data" / "recipes" / "sample.toml"
# After the load, in this order: each uses what the one before made.
DERIVED = ("links", "place", "rollup", "zonal", "summary", "search", "forecast")


def sync_jobs(connection: Connection) -> None:
    """Bring the rows of ops.job up to the jobs this version knows."""
    try:
        jobs = importlib.import_module("ingest.jobs")
    except ModuleNotFoundError:
        return
    jobs.sync_jobs(connection)


def prepare_sample(
    folder: Path, *, scale: Literal["mini", "full"], parcels: int | None, until: datetime, seed: int, steps: Steps
) -> None:
    """Write the synthetic province's source files to ``folder``, load them and compute all that is derived."""
    build = importlib.import_module("ingest.sample.build")
    recipe = importlib.import_module("ingest.recipe")
    jobs = importlib.import_module("ingest.jobs")
    with steps("Sample province: writing source files") as progress:
        build.make_sample(folder, scale=scale, parcels=parcels, until=until, seed=seed, progress=progress)
    with steps("Loading the source files") as progress:
        recipe.load_recipe(recipe.read_recipe(RECIPE), folder, actor=SYSTEM, progress=progress)
    for name in DERIVED:
        with steps(f"Computing: {jobs.JOBS[name].title['en']}") as progress:
            jobs.run_job(name, progress)
