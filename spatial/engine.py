"""One engine per login and process; everybody reaches it through ``access.connect``."""

from __future__ import annotations

import logging
import os
import zlib
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url

from spatial.settings import data_settings, database_settings

# A pipeline that ends because of an error warns about it; the error itself is on its way.
logging.getLogger("psycopg").setLevel(logging.ERROR)


class Login(StrEnum):
    """Database roles. Only OWNER may change the schema; FEED cannot read a private column."""

    OWNER = "geoioc"
    APP = "geoioc_app"
    FEED = "geoioc_feed"


def socket_dir() -> str:
    """Folder of the private cluster's Unix socket (at most 90 characters, a limit of the operating system).

    ``<data>/run`` may be a link: ``cluster_files`` puts the real folder elsewhere when the server's account cannot
    reach the data folder.
    """
    folder = str((data_settings().root / "run").resolve())
    if len(folder) <= 90:
        return folder
    return f"/tmp/geoioc-{zlib.crc32(folder.encode()):08x}"


def database_url(login: Login) -> URL:
    """SQLAlchemy URL of a login: DATABASE_URL and its two sisters, else the private cluster."""
    settings = database_settings()
    if settings.database_url is None:
        return URL.create(
            "postgresql+psycopg", username=login.value, database="geoioc", query={"host": socket_dir(), "port": "5432"}
        )
    own = {Login.APP: settings.app_database_url, Login.FEED: settings.feed_database_url}.get(login)
    return make_url(own or settings.database_url).set(drivername="postgresql+psycopg")


def _needs_set_role(login: Login) -> bool:
    settings = database_settings()
    own = {Login.APP: settings.app_database_url, Login.FEED: settings.feed_database_url}.get(login)
    return settings.database_url is not None and login is not Login.OWNER and own is None


@cache
def _engine(login: Login, process: int) -> Engine:
    engine = create_engine(
        database_url(login),
        pool_size=5,
        max_overflow=10,
        pool_pre_ping=False,
        pool_recycle=1800,
        connect_args={"application_name": f"geoioc-{login.value}", "connect_timeout": 10, "options": "-c timezone=UTC"},
    )
    if _needs_set_role(login):

        @event.listens_for(engine, "connect")
        def _set_role(connection: Any, _record: object) -> None:
            previous, connection.autocommit = connection.autocommit, True
            connection.execute(f"SET ROLE {login.value}")
            connection.autocommit = previous

    return engine


def get_engine(login: Login) -> Engine:
    """The engine of a login in this process; a forked worker gets its own."""
    return _engine(login, os.getpid())


def dispose_engines() -> None:
    """Close all pools and forget the engines (tests, and before a fork)."""
    for login in Login:
        _engine(login, os.getpid()).dispose()
    _engine.cache_clear()
