"""Running, comparing and writing migrations."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection

from spatial.schema import metadata

SCHEMAS = ("core", "layer", "derived", "ops")
FOLDER = Path(__file__).resolve().parent


def _include_name(name: str | None, kind: str, parents: dict[str, Any]) -> bool:
    if kind == "schema":
        return name in SCHEMAS
    # Partitions of core.observation and derived.observation_hourly: the database makes them by itself.
    return not (kind == "table" and name is not None and name.startswith(("observation_p", "observation_hourly_p")))


def _include_object(item: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
    # Constraints that SQLAlchemy cannot declare live in a migration alone and are tested there.
    if kind == "index" and name is not None and name.startswith("ex_"):
        return False
    return bool(alembic_helpers.include_object(item, name, kind, reflected, other))


def configure_options() -> dict[str, Any]:
    """Options of ``MigrationContext.configure`` shared by running and comparing."""
    return {
        "target_metadata": metadata,
        "include_schemas": True,
        "include_name": _include_name,
        "include_object": _include_object,
        "process_revision_directives": alembic_helpers.writer,
        "render_item": alembic_helpers.render_item,
        "compare_type": True,
        "version_table_schema": "public",
    }


def versions_folder() -> Path:
    """Where migrations are. GEOIOC_MIGRATIONS goes with GEOIOC_LAYERS: a province that keeps its own set, or a test."""
    return Path(os.environ.get("GEOIOC_MIGRATIONS", FOLDER / "versions"))


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, bound to a connection."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", str(versions_folder()).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the database to a revision."""
    command.upgrade(alembic_config(connection), revision)


def downgrade(connection: Connection, revision: str) -> None:
    """Take the database back to a revision."""
    command.downgrade(alembic_config(connection), revision)


def current(connection: Connection) -> str | None:
    """Revision of the database; None before the first."""
    return MigrationContext.configure(connection, opts={"version_table_schema": "public"}).get_current_revision()


def head() -> str | None:
    """Newest revision on disk."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def head_script() -> Script | None:
    """The newest migration on disk."""
    scripts = ScriptDirectory.from_config(alembic_config())
    newest = scripts.get_current_head()
    return None if newest is None else scripts.get_revision(newest)


def revisions() -> list[str]:
    """Numbers of all migrations on disk, newest first."""
    return [script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()]


def heads() -> list[str]:
    """Newest revisions on disk: more than one means that two authors forked the chain."""
    return list(ScriptDirectory.from_config(alembic_config()).get_heads())


def differences(connection: Connection) -> Sequence[Any]:
    """What the declared schema has that the database has not, and the other way round."""
    options = configure_options()
    del options["target_metadata"]
    return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)


def write_revision(connection: Connection, message: str, rev_id: str) -> Path:
    """Write the migration that makes the database equal to the declared schema."""
    script = command.revision(alembic_config(connection), message=message, autogenerate=True, rev_id=rev_id)
    assert script is not None
    assert not isinstance(script, list)
    return Path(script.path)
