"""The health page: what a monitor wants to know, as a plain dict."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from sqlalchemy.exc import DBAPIError

from spatial.access import OPERATOR, connect
from spatial.errors import DatabaseUnavailable
from spatial.failures import explain
from spatial.queries.health import (
    DatabaseFacts,
    JobState,
    LayerClock,
    is_synthetic,
    list_job_states,
    list_layer_clocks,
    read_database_facts,
)  # fmt: skip

type Facts = tuple[DatabaseFacts, list[LayerClock], list[JobState], bool]


def read_health(now: datetime | None = None) -> tuple[int, dict[str, Any]]:
    """HTTP status and body of /healthz: 200, or 503 with the reason when the database does not answer."""
    try:
        facts = _read_facts()
    except DatabaseUnavailable as error:
        return 503, {"status": "down", "version": version("geoioc"), "database": {"ok": False, "reason": str(error)}}
    return 200, build_health(*facts, now=now or datetime.now(UTC))


def _read_facts() -> Facts:
    try:
        with connect(OPERATOR) as connection:
            return (
                read_database_facts(connection),
                list_layer_clocks(connection),
                list_job_states(connection),
                is_synthetic(connection),
            )
    except DBAPIError as error:
        known = explain(error)
        if isinstance(known, DatabaseUnavailable):
            raise known from None
        raise


def build_health(
    database: DatabaseFacts, clocks: Sequence[LayerClock], jobs: Sequence[JobState], synthetic: bool, *, now: datetime
) -> dict[str, Any]:
    """The body of a healthy answer; ages in seconds, times in UTC."""
    newest = max((clock.data_until for clock in clocks if clock.data_until), default=None)
    failed = [job.job for job in jobs if job.state == "failed"]
    return {
        "status": "degraded" if failed else "ok",
        "version": version("geoioc"),
        "time": now.isoformat(),
        "synthetic": synthetic,
        "database": {"ok": True, **database._asdict()},
        "data_until": newest.isoformat() if newest else None,
        "data_age_seconds": _age(newest, now),
        "layers": {clock.layer_id: _layer(clock, now) for clock in clocks},
        "jobs": {
            "failed": failed,
            "last": {
                job.job: {"state": job.state, "finished_at": job.finished_at.isoformat() if job.finished_at else None}
                for job in jobs
            },
        },
    }


def _layer(clock: LayerClock, now: datetime) -> dict[str, Any]:
    return {
        "features": clock.features,
        "changed_at": clock.changed_at.isoformat(),
        "data_until": clock.data_until.isoformat() if clock.data_until else None,
        "data_age_seconds": _age(clock.data_until, now),
    }


def _age(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else round((now - moment).total_seconds())
