"""What the health page, `geoioc status` and `geoioc up` ask of the database."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

SYNTHETIC_MARK = "mẫu tổng hợp"  # part of the sample province's name, wherever it shows
SETUP_MARK = "geoioc: setup unfinished"


class DatabaseFacts(NamedTuple):
    """Versions of what answers."""

    postgres: str
    postgis: str
    revision: str | None


class LayerClock(NamedTuple):
    """How much a layer holds, and until when."""

    layer_id: str
    features: int
    changed_at: datetime
    data_until: datetime | None


class JobState(NamedTuple):
    """The newest run of a job."""

    job: str
    state: str
    requested_at: datetime
    finished_at: datetime | None
    message: str | None


def read_database_facts(conn: Connection) -> DatabaseFacts:
    row = conn.execute(
        text(
            "SELECT current_setting('server_version'), PostGIS_Lib_Version(),"
            " (SELECT max(version_num) FROM public.alembic_version)"
        )
    ).one()
    return DatabaseFacts(*row)


def list_layer_clocks(conn: Connection) -> list[LayerClock]:
    """One row per layer that was ever loaded."""
    rows = conn.execute(text("SELECT layer_id, features, changed_at, data_until FROM ops.layer_version ORDER BY 1"))
    return [LayerClock(*row) for row in rows]


def list_job_states(conn: Connection) -> list[JobState]:
    """The newest run of each job that ever ran."""
    rows = conn.execute(
        text(
            "SELECT DISTINCT ON (job) job, state, requested_at, finished_at, message FROM ops.job_run"
            " ORDER BY job, requested_at DESC, id DESC"
        )
    )
    return [JobState(*row) for row in rows]


def is_synthetic(conn: Connection) -> bool:
    """Whether the province shown is the generated sample."""
    found = conn.execute(
        text("SELECT EXISTS (SELECT FROM core.admin_unit WHERE level = 'province' AND name ILIKE :mark)"),
        {"mark": f"%{SYNTHETIC_MARK}%"},
    )
    return bool(found.scalar_one())


def has_province(conn: Connection) -> bool:
    """Whether any administrative unit is loaded."""
    return bool(conn.execute(text("SELECT EXISTS (SELECT FROM core.admin_unit)")).scalar_one())


def is_setup_unfinished(conn: Connection) -> bool:
    """Whether a first set-up began and did not come to its end."""
    mark = conn.execute(text("SELECT obj_description('core'::regnamespace, 'pg_namespace')")).scalar_one()
    return bool(mark == SETUP_MARK)


def mark_setup(conn: Connection, *, finished: bool) -> None:
    """Remember, as the comment of a schema, that the first set-up has begun or ended."""
    comment: Any = "NULL" if finished else f"'{SETUP_MARK}'"
    conn.execute(text(f"COMMENT ON SCHEMA core IS {comment}"))
