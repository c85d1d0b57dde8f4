"""What is to be computed after a load: the jobs that use a layer's rows, asked for at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ingest.jobs import JOBS, sync_jobs
from ingest.report import RunReport
from layers.model import Layer
from layers.registry import get_layer
from spatial.access import SYSTEM, connect
from spatial.queries import jobs as runs

# By kind of layer; the load itself places features into units.
USERS: Mapping[str, frozenset[str]] = {
    "feature": frozenset({"summary", "search"}),
    "record": frozenset(),
    "admin_unit": frozenset({"links", "place", "indicators", "zonal", "summary", "search", "surface"}),
    "observation": frozenset({"rollup", "forecast", "surface"}),
    "indicator": frozenset({"indicators", "forecast"}),
    "grid": frozenset({"zonal", "surface"}),
}
# Each uses what the ones before made; workers take the oldest first.
ORDER = ("links", "place", "feedback", "indicators", "rollup", "zonal", "summary", "search", "forecast", "surface")


def jobs_after(layers: Iterable[Layer]) -> list[str]:
    """Names of the jobs that use rows of these layers, in the order in which they are to run."""
    loaded = list(layers)
    wanted = frozenset[str]().union(*(USERS[layer.kind] for layer in loaded))
    if any(layer.id in ("feedback", "feedback_event") for layer in loaded):
        wanted |= {"feedback"}
    return [name for name in ORDER if name in wanted and name in JOBS]


def ask_for_jobs(reports: Iterable[RunReport]) -> list[str]:
    """Queue what follows from loads that changed something. Returns the names of the jobs."""
    names = jobs_after(get_layer(report.layer_id) for report in reports if report.state == "done" and report.changed)
    if names:
        with connect(SYSTEM) as connection:
            sync_jobs(connection)
            for name in names:
                runs.enqueue(connection, job=name)
    return names
