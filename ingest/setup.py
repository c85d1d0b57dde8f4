"""What turns an empty migrated database into a province one can click through: `geoioc up` and the tests call it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ingest.jobs import get_job, run_job
from ingest.recipe import load_recipe, read_recipe
from ingest.sample.build import make_sample
from spatial.access import SYSTEM
from spatial.first_setup import Scale
from spatial.progress import Steps
from spatial.settings import REPOSITORY

RECIPE = REPOSITORY / "data" / "recipes" / "sample.toml"
# After the load, in this order: each uses what the one before made.
DERIVED = (
    "links", "place", "feedback", "indicators", "rollup", "zonal", "summary", "search", "coverage", "forecast",
    "outlook", "surface", "alerts", "attention",
)  # fmt: skip


def prepare_sample(folder: Path, *, scale: Scale, parcels: int | None, until: datetime, steps: Steps) -> None:
    """Write the synthetic province's source files to ``folder``, load them and compute all that is derived."""
    with steps("Sample province: writing source files") as progress:
        make_sample(folder, scale=scale, parcels=parcels, until=until, progress=progress)
    with steps("Loading the source files") as progress:
        load_recipe(read_recipe(RECIPE), folder, actor=SYSTEM, progress=progress)
    for name in DERIVED:
        with steps(get_job(name).title.en) as progress:
            run_job(name, progress)
