"""Settings from the environment (or a .env file beside the checkout), one small class per concern."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from spatial.errors import SettingsError

REPOSITORY = Path(__file__).resolve().parent.parent
LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


class DataSettings(BaseSettings):
    """Where files live."""

    model_config = SettingsConfigDict(env_prefix="GEOIOC_", env_file=".env", extra="ignore")

    data: Path = Field(default=REPOSITORY / "data", description="folder of the private cluster, rasters, archive")
    sample: Literal["full", "mini"] = Field(default="full", description="size of the sample province; mini: for tests")

    @property
    def root(self) -> Path:
        return self.data.resolve()

    def raster(self, path: str) -> Path:
        """Where a raster of core.grid lies: ``core.grid.path`` is relative to data/rasters."""
        return self.root / "rasters" / path


class DatabaseSettings(BaseSettings):
    """Which PostGIS. Without DATABASE_URL the private cluster below the data folder is used."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    database_url: str | None = Field(default=None, description="owner login of an existing PostGIS database")
    app_database_url: str | None = Field(default=None, description="login of the screens; default: SET ROLE geoioc_app")
    feed_database_url: str | None = Field(default=None, description="login of the feeds; default: SET ROLE geoioc_feed")


class ServerSettings(BaseSettings):
    """The web server."""

    model_config = SettingsConfigDict(env_prefix="GEOIOC_", env_file=".env", extra="ignore")

    host: str = "127.0.0.1"
    port: int = Field(default=8050, ge=1, le=65535)
    workers: int = Field(default=2, ge=1, le=64)
    threads: int = Field(default=4, ge=1, le=64, description="requests a worker answers at the same time")
    public_url: str | None = Field(default=None, description="address under which clients reach the server")
    province: str | None = Field(default=None, description="code of the province shown; default: the only one")

    @property
    def url(self) -> str:
        """Public address without trailing slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


def _load[S: BaseSettings](kind: type[S]) -> S:
    try:
        return kind()
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"Setting {name!r} is wrong: {first['msg']}.") from None


@cache
def data_settings() -> DataSettings:
    """:raises SettingsError: when a value is not valid."""
    return _load(DataSettings)


@cache
def database_settings() -> DatabaseSettings:
    """:raises SettingsError: when a value is not valid."""
    return _load(DatabaseSettings)


@cache
def server_settings() -> ServerSettings:
    """:raises SettingsError: when a value is not valid."""
    return _load(ServerSettings)


def clear_settings() -> None:
    """Forget what was read, so that a test can speak."""
    for read in (data_settings, database_settings, server_settings):
        read.cache_clear()
