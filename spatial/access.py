"""Who asks, and the one way to the database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, RootTransaction, text
from sqlalchemy.exc import DBAPIError, OperationalError

from layers.model import Layer
from layers.registry import registry
from spatial.engine import Login, get_engine
from spatial.errors import DatabaseDiskFull, DatabaseUnavailable
from spatial.feedback.rules import regulation
from spatial.schema.feature import private_table_name
from spatial.settings import data_settings, database_settings

LOG_SEGMENT = 16 * 2**20  # bytes of a file of PostgreSQL's log; without room for the next one it stops
# What people do on screen: judge values, log interventions, make rules, take and close alerts. Nothing is deleted.
STAFF_MAY = (
    "INSERT, UPDATE (revoked_at, revoked_by) ON core.observation_review",
    "INSERT ON core.station_note",
    "INSERT, UPDATE ON core.alert_rule",
    "UPDATE (state, updated_at) ON core.alert",
    "INSERT ON core.alert_event",
    "INSERT ON ops.notification",
    "INSERT, UPDATE (category, title, state, handling_unit, due_at, closed_at, level, answered_at, result, solved,"
    " rating, duplicate_of, geom, updated_at) ON layer.feedback",
    "INSERT, UPDATE ON core.feedback_case",
    "SELECT, INSERT, UPDATE ON layer.feedback_private",  # the centre calls the reporter back
    "INSERT ON layer.feedback_event, ops.feedback_touched",
    "INSERT, UPDATE (public) ON core.feedback_photo",
    "INSERT, UPDATE ON ops.layer_version",  # a step with a case makes maps and feeds read anew
    "INSERT ON ops.briefing",
    "INSERT, UPDATE (code), DELETE ON ops.feedback_intake",
)
STAFF_ONLY = (
    "core.observation_review", "core.station_note", "core.alert_rule", "core.alert_event", "core.feedback_case",
    "core.feedback_photo", "derived.attention", "derived.feedback_fact",
)  # fmt: skip
READABLE_SCHEMAS = ("core", "layer", "derived", "ops")


@dataclass(frozen=True)
class Actor:
    """Who a transaction is made for; its name stands in the log, its login sets what it may read."""

    name: str
    login: Login
    agency: str | None = None
    units: tuple[str, ...] = ()  # codes of the units it is limited to; none = the whole province


SYSTEM = Actor("system", Login.OWNER)  # migrations, ingest, jobs
OPERATOR = Actor("operator", Login.APP)  # the screens
PUBLIC = Actor("public", Login.FEED)  # the OGC feeds


@contextmanager
def connect(actor: Actor) -> Iterator[Connection]:
    """A transaction scoped to the actor: commits at the end, rolls back on an error.

    :raises DatabaseUnavailable: when the database does not answer, or goes away before the commit.
    """
    transaction = _begin(actor)
    try:
        with transaction.connection as connection, transaction:
            yield connection
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        raise _gone(
            f"The connection to the database was lost ({_first_line(error)}); nothing was stored. Is it running? "
            "`geoioc status`."
        ) from None


def _begin(actor: Actor) -> RootTransaction:
    """A transaction on a connection whose database answers, with the actor's name in it.

    After a restart of PostgreSQL the pool holds dead connections. The first to be used tells: SQLAlchemy then throws
    all of them away, and a second attempt gets a new one. So no request fails, and none waits for a ping beforehand.
    """
    try:
        return _attempt(actor)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
    return _attempt(actor)


def _attempt(actor: Actor) -> RootTransaction:
    try:
        connection = get_engine(actor.login).connect()
    except OperationalError as error:
        raise _gone(
            f"The database does not answer ({_first_line(error)}). Start it with `geoioc db start`, or check "
            "DATABASE_URL."
        ) from None
    try:
        transaction = connection.begin()
        connection.execute(
            text(
                "SELECT set_config('geoioc.actor', :name, true), set_config('geoioc.agency', :agency, true),"
                " set_config('geoioc.units', :units, true)"
            ),
            {"name": actor.name, "agency": actor.agency or "", "units": ",".join(actor.units)},
        )
    except BaseException:
        connection.close()
        raise
    return transaction


def _gone(sentence: str) -> DatabaseUnavailable:
    """The error that says why the database is away, as far as we can see it."""
    if database_settings().database_url is None:
        folder = data_settings().root / "pg"
        if folder.exists() and shutil.disk_usage(folder).free < LOG_SEGMENT:
            return DatabaseDiskFull(
                f"The database has no room left on its disk ({folder}) and stopped; nothing was stored. Make room, "
                "then `geoioc db start`."
            )
    return DatabaseUnavailable(sentence)


def _first_line(error: DBAPIError) -> str:
    return (str(error.orig).splitlines() or [type(error.orig).__name__])[0].rstrip(".")


def sync_grants(connection: Connection) -> None:
    """Give the two reading roles exactly what the layer definitions say.

    APP reads everything but private tables and writes feedback-like work later; FEED reads the main tables of public
    layers and the tables public answers are computed from, never a ``_private`` table.
    """
    for role in (Login.APP.value, Login.FEED.value):
        connection.execute(
            text(
                f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN"
                f" CREATE ROLE {role} LOGIN; END IF; END $$"
            )
        )
        for schema in READABLE_SCHEMAS:
            connection.execute(text(f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}"))
            connection.execute(text(f"GRANT USAGE ON SCHEMA {schema} TO {role}"))
    # Feed: core and derived are public facts; ops only what an ETag and a data age need.
    for role in (Login.APP.value, Login.FEED.value):
        connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA core, derived TO {role}"))
        if role == Login.FEED.value:  # who judged, noted or closed something is nobody else's business
            connection.execute(text(f"REVOKE ALL ON {', '.join(STAFF_ONLY)} FROM {role}"))
        connection.execute(text(f"GRANT SELECT ON ops.layer_version TO {role}"))
    connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA ops TO {Login.APP.value}"))
    connection.execute(text(f"GRANT SELECT ON public.alembic_version TO {Login.APP.value}"))
    connection.execute(text(f"GRANT INSERT, UPDATE ON ops.job_run TO {Login.APP.value}"))
    for layer in registry().values():
        _grant_layer(connection, layer)
    hide_unchecked(connection, states=regulation().public_states)
    for privilege in STAFF_MAY:
        connection.execute(text(f"GRANT {privilege} TO {Login.APP.value}"))


def hide_unchecked(connection: Connection, *, states: Sequence[str]) -> None:
    """Let the feeds see citizen reports of these states alone, whatever they ask: the database leaves out the others.

    The states are the regulation's public ones; nothing is written when the database holds the same rule already.
    """
    rule = "state = ANY (ARRAY[" + ", ".join(f"'{state}'::text" for state in states) + "])"
    held = connection.execute(
        text("SELECT qual FROM pg_policies WHERE tablename = 'feedback' AND policyname = 'public_states'")
    ).scalar()
    if held == f"({rule})":
        return
    for statement in (
        "ALTER TABLE layer.feedback ENABLE ROW LEVEL SECURITY",
        "DROP POLICY IF EXISTS public_states ON layer.feedback",
        "DROP POLICY IF EXISTS desk ON layer.feedback",
        f"CREATE POLICY public_states ON layer.feedback FOR SELECT TO {Login.FEED.value} USING ({rule})",
        f"CREATE POLICY desk ON layer.feedback TO {Login.APP.value} USING (true)",
    ):
        connection.execute(text(statement))


def _grant_layer(connection: Connection, layer: Layer) -> None:
    if layer.kind not in ("feature", "record"):
        return
    connection.execute(text(f"GRANT SELECT ON layer.{layer.table} TO {Login.APP.value}"))
    if layer.access == "public":
        connection.execute(text(f"GRANT SELECT ON layer.{layer.table} TO {Login.FEED.value}"))
    if layer.private_columns:
        connection.execute(text(f"REVOKE ALL ON layer.{private_table_name(layer)} FROM {Login.FEED.value}"))
