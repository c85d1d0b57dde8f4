"""Databases that come and go on one test cluster."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

import psycopg
from psycopg import sql

from spatial.engine import dispose_engines
from spatial.settings import clear_settings


@contextmanager
def environment(**values: str | None) -> Iterator[None]:
    """Environment variables for a while (None = not set), with settings and engines forgotten before and after."""
    before = {name: os.environ.get(name) for name in values}
    _apply(values)
    try:
        yield
    finally:
        _apply(before)


def _apply(values: dict[str, str | None]) -> None:
    dispose_engines()
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    clear_settings()


@dataclass
class Databases:
    """Makes and drops databases on the cluster behind a socket folder."""

    socket: str
    numbers: Iterator[int] = field(default_factory=count)

    def url(self, name: str) -> str:
        return f"postgresql://geoioc@/{name}?host={self.socket}"

    def _run(self, *statements: sql.Composable) -> None:
        with psycopg.connect(host=self.socket, user="geoioc", dbname="postgres", autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def create(self, purpose: str, template: str = "template1") -> str:
        """A new database as a copy of ``template``, to which nobody may be connected; returns its name."""
        name = f"test_{os.getpid()}_{purpose}_{next(self.numbers)}"
        clone = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        self._run(clone.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop(self, name: str) -> None:
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def make_read_only(self, name: str) -> None:
        self._run(sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(sql.Identifier(name)))

    @contextmanager
    def temporary(self, purpose: str, template: str) -> Iterator[str]:
        """A copy that DATABASE_URL points at, dropped at the end; gives its URL."""
        name = self.create(purpose, template)
        try:
            with environment(DATABASE_URL=self.url(name)):
                yield self.url(name)
        finally:
            self.drop(name)
