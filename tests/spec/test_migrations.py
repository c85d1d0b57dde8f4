"""The migrations make exactly the declared schema, and can be taken back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from helpers.databases import Databases
from sqlalchemy import text

from spatial.access import SYSTEM, connect, sync_grants
from spatial.migrations import runner

SCHEMAS_LEFT = "SELECT nspname FROM pg_namespace WHERE nspname IN ('core', 'layer', 'derived', 'ops', 'staging')"


@pytest.fixture
def blank(databases: Databases) -> Iterator[str]:
    """A database nobody migrated."""
    with databases.temporary("blank", "template1") as url:
        yield url


def test_migrations_build_exactly_the_declared_schema(database: str) -> None:
    with connect(SYSTEM) as connection:
        assert list(runner.differences(connection)) == []


def test_every_revision_can_be_taken_back_and_made_again(blank: str) -> None:
    with connect(SYSTEM) as connection:
        runner.upgrade(connection)
        assert runner.current(connection) == runner.head()
        runner.downgrade(connection, "base")
        assert runner.current(connection) is None
        assert connection.execute(text(SCHEMAS_LEFT)).all() == []
        runner.upgrade(connection)
        assert list(runner.differences(connection)) == []


def test_each_step_down_and_up_again_leaves_the_database_as_it_was(database: str) -> None:
    with connect(SYSTEM) as connection:
        for _ in range(2):
            runner.downgrade(connection, "-1")
            runner.upgrade(connection, "+1")
        assert list(runner.differences(connection)) == []


def test_revisions_are_one_chain() -> None:
    assert len(runner.heads()) == 1


def test_migrating_twice_changes_nothing(database: str) -> None:
    with connect(SYSTEM) as connection:
        runner.upgrade(connection)
        sync_grants(connection)
        assert list(runner.differences(connection)) == []
