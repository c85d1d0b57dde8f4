"""``geoioc db``: the private cluster and the schema."""

from __future__ import annotations

import os
from typing import Annotated

import typer
from sqlalchemy import Connection, text

from spatial import cluster
from spatial.access import SYSTEM, connect, sync_grants
from spatial.cluster_files import places
from spatial.console import out, working
from spatial.engine import Login, database_url, dispose_engines, get_engine
from spatial.errors import ClusterFailed, NotMigrated
from spatial.first_setup import after_migration
from spatial.migrations import runner
from spatial.settings import database_settings

app = typer.Typer(help="The database: start, stop, migrate, look into it.", no_args_is_help=True)


def migrate_database(connection: Connection) -> tuple[str | None, str | None]:
    """Bring the schema, the grants and what depends on them up to date; revision before and after."""
    before = runner.current(connection)
    runner.upgrade(connection)
    sync_grants(connection)
    after = runner.current(connection)
    if before != after:  # imports the packages above, which takes seconds; a job worker does its part at each start
        after_migration(connection)
    return before, after


@app.command()
def start() -> None:
    """Start the private cluster; makes it first when there is none."""
    found = cluster.start()
    out.print(f"PostgreSQL {found.version} runs in {found.folder} (socket {found.socket}, process {found.pid}).")


@app.command()
def stop() -> None:
    """Stop the private cluster."""
    out.print("The database has stopped." if cluster.stop() else "The database was not running.")


@app.command()
def status() -> None:
    """Say where the database is, whether it answers and which version its schema has. Exit code 3 when it does not."""
    out.print(f"Address: {database_url(Login.OWNER).render_as_string(hide_password=True)}")
    if database_settings().database_url is None:
        found = cluster.status()
        state = f"running, process {found.pid}" if found.pid else ("stopped" if found.exists else "not made yet")
        out.print(f"Private cluster: {state}, in {found.folder}")
    with connect(SYSTEM) as connection:
        version, size = connection.execute(
            text("SELECT current_setting('server_version'), pg_size_pretty(pg_database_size(current_database()))")
        ).one()
        out.print(f"PostgreSQL {version}, {size}; schema {runner.current(connection)}, newest {runner.head()}")


@app.command()
def migrate() -> None:
    """Bring the schema up to date, and the grants of the reading logins."""
    with connect(SYSTEM) as connection:
        before, after = migrate_database(connection)
    out.print(f"Schema {after}: was up to date." if before == after else f"Schema {before or 'empty'} -> {after}.")


@app.command()
def downgrade(
    revision: Annotated[str, typer.Argument(help="revision to go back to; `base` removes everything")],
) -> None:
    """Take the schema back to a revision. Data in what is removed is lost."""
    typer.confirm(f"Go back to {revision}? Tables of later revisions are dropped with their data.", abort=True)
    with connect(SYSTEM) as connection:
        runner.downgrade(connection, revision)
        out.print(f"Schema {runner.current(connection) or 'empty'}.")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def psql(context: typer.Context) -> None:
    """Open psql on the database; further arguments go to psql (`geoioc db psql -c 'SELECT 1'`)."""
    address = database_url(Login.OWNER).set(drivername="postgresql").render_as_string(hide_password=False)
    program = "psql" if database_settings().database_url else str(cluster.find_programs(places().version) / "psql")
    try:
        os.execvp(program, [program, address, *context.args])
    except FileNotFoundError:
        raise ClusterFailed("psql is not installed: apt-get install postgresql-client.") from None


@app.command()
def vacuum() -> None:
    """Tidy the tables up and refresh the planner's statistics."""
    with working("VACUUM ANALYZE"), get_engine(Login.OWNER).connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM (ANALYZE)"))


@app.command()
def reset(yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False) -> None:
    """Empty the database: every layer, run and forecast goes; the schema is made anew."""
    if not yes:
        address = database_url(Login.OWNER).render_as_string(hide_password=True)
        typer.confirm(f"Delete all data in {address}?", abort=True)
    with connect(SYSTEM) as connection:
        if runner.current(connection) is None:
            raise NotMigrated("The database has no tables of ours: nothing to reset. `geoioc db migrate` makes them.")
        runner.downgrade(connection, "base")
        migrate_database(connection)
    dispose_engines()
    out.print("The database is empty and its schema up to date.")
