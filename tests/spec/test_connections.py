"""One way to the database: what callers see when it restarts, goes away in the middle, or is not there."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import text

from spatial.access import OPERATOR, PUBLIC, SYSTEM, Actor, connect
from spatial.errors import DatabaseUnavailable
from spatial.health import read_health

TERMINATE = (
    "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def end_all_sessions(url: str) -> int:
    """What a restart of PostgreSQL does to the connections of a pool."""
    with psycopg.connect(url, autocommit=True) as own:
        row = own.execute(TERMINATE).fetchone()
        assert row is not None
        return int(row[0])


def fill_pool(actor: Actor, wanted: int) -> None:
    """Leave that many idle connections in the pool."""
    if wanted == 0:
        return
    with connect(actor):
        fill_pool(actor, wanted - 1)


@pytest.mark.parametrize("actor", [SYSTEM, OPERATOR, PUBLIC], ids=lambda actor: actor.name)
def test_no_request_fails_after_a_restart_however_many_connections_were_idle(database: str, actor: Actor) -> None:
    fill_pool(actor, 4)
    assert end_all_sessions(database) >= 4
    for _ in range(6):
        with connect(actor) as connection:
            assert connection.execute(text("SELECT 1")).scalar_one() == 1


def test_a_connection_lost_in_the_middle_is_told_and_nothing_of_the_transaction_stays(database: str) -> None:
    with connect(SYSTEM) as connection:
        connection.execute(text("CREATE TABLE public.kept (a int)"))

    def insert_and_lose() -> None:
        with connect(SYSTEM) as connection:
            connection.execute(text("INSERT INTO public.kept VALUES (1)"))
            end_all_sessions(database)
            connection.execute(text("INSERT INTO public.kept VALUES (2)"))

    with pytest.raises(DatabaseUnavailable, match="was lost") as caught:
        insert_and_lose()
    assert "\n" not in str(caught.value)
    with connect(SYSTEM) as connection:
        assert connection.execute(text("SELECT count(*) FROM public.kept")).scalar_one() == 0


def test_a_connection_lost_before_the_commit_is_told(database: str) -> None:
    def lose_before_the_end() -> None:
        with connect(SYSTEM) as connection:
            connection.execute(text("CREATE TABLE public.gone (a int)"))
            end_all_sessions(database)

    with pytest.raises(DatabaseUnavailable, match="was lost"):
        lose_before_the_end()


def test_the_actor_is_known_to_the_database_for_its_transaction_only(database: str) -> None:
    actor = Actor("an officer", SYSTEM.login, agency="stnmt", units=("97", "97001"))
    asked = text("SELECT current_setting('geoioc.actor', true), current_setting('geoioc.units', true)")
    with connect(actor) as connection:
        assert tuple(connection.execute(asked).one()) == ("an officer", "97,97001")
    with connect(SYSTEM) as connection:
        assert tuple(connection.execute(asked).one()) == ("system", "")


def test_an_error_of_a_statement_rolls_back_and_the_connection_goes_on(database: str) -> None:
    with pytest.raises(Exception, match="division by zero"), connect(SYSTEM) as connection:
        connection.execute(text("SELECT 1 / 0"))
    with connect(SYSTEM) as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1


def test_the_health_page_is_well_again_at_once_after_a_restart(database: str) -> None:
    assert read_health()[0] == 200
    end_all_sessions(database)
    assert read_health()[0] == 200
