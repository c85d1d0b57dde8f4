"""Who may read and write what, asked of the database itself."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from layers.model import Layer
from layers.registry import registry
from spatial.access import OPERATOR, PUBLIC, SYSTEM, Actor, connect

FEATURES = [layer for layer in registry().values() if layer.kind in ("feature", "record")]
PRIVATE = [layer for layer in FEATURES if layer.private_columns]
INTERNAL = [layer for layer in FEATURES if layer.access == "internal"]
OPEN = [layer for layer in FEATURES if layer.access == "public"]
CORE_TABLES = ("admin_unit", "admin_unit_part", "admin_link", "series", "observation", "indicator_value", "grid")


DESK = ("feedback",)  # the centre reads what people wrote and calls them back


def by_id(layers: list[Layer]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("layer", layers, ids=lambda layer: layer.id)


def run(actor: Actor, statement: str) -> None:
    with connect(actor) as connection:
        connection.execute(text(statement))


def refused(actor: Actor, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        run(actor, statement)


def test_there_is_something_to_protect() -> None:
    assert {layer.id for layer in PRIVATE} >= {"parcel", "feedback", "camera"}
    assert {layer.id for layer in INTERNAL} >= {"feedback_event"}


@by_id(OPEN)
def test_the_public_feed_reads_the_main_table_of_a_public_layer(database: str, layer: Layer) -> None:
    run(PUBLIC, f"SELECT * FROM layer.{layer.table}")


@by_id(PRIVATE)
def test_the_public_feed_cannot_read_private_columns(database: str, layer: Layer) -> None:
    refused(PUBLIC, f"SELECT * FROM layer.{layer.table}_private")


@by_id([layer for layer in PRIVATE if layer.id not in DESK])
def test_the_screens_cannot_read_private_columns_either(database: str, layer: Layer) -> None:
    refused(OPERATOR, f"SELECT * FROM layer.{layer.table}_private")


def test_the_desk_reads_and_writes_who_reported(database: str) -> None:
    run(OPERATOR, "SELECT reporter_phone, content FROM layer.feedback_private")
    run(OPERATOR, "UPDATE layer.feedback_private SET content = content")
    refused(OPERATOR, "DELETE FROM layer.feedback_private")


@by_id(INTERNAL)
def test_the_public_feed_cannot_read_an_internal_layer(database: str, layer: Layer) -> None:
    refused(PUBLIC, f"SELECT * FROM layer.{layer.table}")


@by_id(INTERNAL)
def test_the_screens_read_an_internal_layer(database: str, layer: Layer) -> None:
    run(OPERATOR, f"SELECT * FROM layer.{layer.table}")


@pytest.mark.parametrize("table", CORE_TABLES)
@pytest.mark.parametrize("actor", [OPERATOR, PUBLIC], ids=lambda actor: actor.name)
def test_core_is_read_and_never_written_by_the_reading_logins(database: str, actor: Actor, table: str) -> None:
    run(actor, f"SELECT * FROM core.{table}")
    refused(actor, f"DELETE FROM core.{table}")


@by_id(FEATURES)
@pytest.mark.parametrize("actor", [OPERATOR, PUBLIC], ids=lambda actor: actor.name)
def test_no_reading_login_writes_a_layer(database: str, actor: Actor, layer: Layer) -> None:
    refused(actor, f"DELETE FROM layer.{layer.table}")
    refused(actor, f"UPDATE layer.{layer.table} SET run_id = 1")


@pytest.mark.parametrize("table", ["ingest_run", "quarantine", "job", "job_run"])
def test_the_public_feed_sees_nothing_of_how_the_system_works(database: str, table: str) -> None:
    refused(PUBLIC, f"SELECT * FROM ops.{table}")


def test_the_screens_may_ask_for_a_job_but_not_invent_one(database: str) -> None:
    refused(OPERATOR, "INSERT INTO ops.job (name, cron) VALUES ('made up', '* * * * *')")
    with connect(OPERATOR) as connection:
        name = connection.execute(text("SELECT min(name) FROM ops.job")).scalar_one()
        connection.execute(text("INSERT INTO ops.job_run (job) VALUES (:name)"), {"name": name})


@pytest.mark.parametrize("actor", [OPERATOR, PUBLIC], ids=lambda actor: actor.name)
def test_no_reading_login_makes_tables(database: str, actor: Actor) -> None:
    refused(actor, "CREATE TABLE core.mine (id int)")
    refused(actor, "CREATE TABLE public.mine (id int)")


def test_a_transaction_carries_its_actor_and_forgets_it_at_its_end(database: str) -> None:
    inspector = Actor("inspector", PUBLIC.login, agency="Sở Y tế", units=("97", "13693"))
    ask = text(
        "SELECT current_setting('geoioc.actor'), current_setting('geoioc.agency'), current_setting('geoioc.units')"
    )
    with connect(inspector) as connection:
        assert connection.execute(ask).one() == ("inspector", "Sở Y tế", "97,13693")
    with connect(PUBLIC) as connection:
        assert connection.execute(ask).one() == ("public", "", "")


def test_an_error_inside_a_transaction_leaves_nothing_behind(database: str) -> None:
    def write_and_fail() -> None:
        with connect(SYSTEM) as connection:
            connection.execute(text("INSERT INTO ops.job (name, cron) VALUES ('half', '* * * * *')"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    with connect(SYSTEM) as connection:
        assert connection.execute(text("SELECT count(*) FROM ops.job WHERE name = 'half'")).scalar_one() == 0
