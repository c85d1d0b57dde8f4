"""Settings from the environment (or a .env file beside the checkout), one small class per concern."""

from __future__ import annotations

from datetime import time
from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
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


class IndicatorSettings(BaseSettings):
    """The indicator system. ``layers.catalogue`` reads the file itself, as layers know no settings."""

    model_config = SettingsConfigDict(env_prefix="GEOIOC_", env_file=".env", extra="ignore")

    indicators: Path | None = Field(
        default=None, description="catalogue of the province, a CSV file, instead of layers/catalogues/indicators.csv"
    )
    small_cell: int = Field(
        default=3, ge=1, description="figures that rest on fewer reporting units are not shown: they would disclose one"
    )


class QualitySettings(BaseSettings):
    """When a mean stands, and how long values are kept. A change of a share is taken up by the next roll-up.

    The shares are those of the sheets on air (QCVN 05:2023/BTNMT and the guide to VN_AQI as remembered, not seen in
    the text of the law: unconfirmed).
    """

    model_config = SettingsConfigDict(env_prefix="GEOIOC_", env_file=".env", extra="ignore")

    completeness_hour: float = Field(
        default=0.75, gt=0, le=1, description="share of an hour's values for its mean: 9 of 12; memory, unconfirmed"
    )
    completeness_8h: float = Field(
        default=0.75, gt=0, le=1, description="share of hours for a mean of 8 hours: 6 of 8; memory, unconfirmed"
    )
    completeness_day: float = Field(
        default=0.75, gt=0, le=1, description="share of hours for a mean of a day: 18 of 24; memory, unconfirmed"
    )
    unit_hourly_days: int = Field(default=92, ge=2, description="days for which hourly means of units are kept")
    observation_days: int | None = Field(
        default=None, ge=92, description="days for which raw values are kept; unset: for ever"
    )
    hourly_days: int | None = Field(default=None, ge=92, description="days for which hours are kept; unset: for ever")


class IndexSettings(BaseSettings):
    """Rules of the indices that no retrieved text settles; `geoioc layers indices` shows each with its source.

    A change is taken up by the next roll-up, which computes all indices anew.
    """

    model_config = SettingsConfigDict(env_prefix="GEOIOC_", env_file=".env", extra="ignore")

    wqi_weighted: bool = Field(
        default=False, description="VN_WQI by the variant (IV^2 * V)^(1/3) where group V is thin; one source only"
    )
    below_detection: Literal["half", "limit", "zero"] = Field(
        default="half",
        description="what stands for a value below the detection limit; the Decision's rule was not seen",
    )

    @property
    def below_detection_factor(self) -> float:
        """The value that stands for «below x» is this times x."""
        return {"half": 0.5, "limit": 1.0, "zero": 0.0}[self.below_detection]


class AlertSettings(BaseSettings):
    """Whom alerts are sent to. A channel without its address is not used; ``geoioc alerts test-channel`` says so."""

    model_config = SettingsConfigDict(env_prefix="GEOIOC_ALERT_", env_file=".env", extra="ignore")

    smtp_host: str | None = Field(default=None, description="mail server; without it no e-mail is sent")
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Literal["none", "starttls", "tls"] = Field(
        default="starttls", description="tls: from the first byte"
    )
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    mail_from: str | None = Field(default=None, description="sender's address")
    mail_to: str = Field(default="", description="receivers' addresses, separated by commas")
    webhook_url: str | None = Field(default=None, description="http(s) address that takes alerts as JSON")
    webhook_secret: SecretStr | None = Field(default=None, description="key of the HMAC-SHA256 signature")
    timeout: float = Field(default=15, gt=0, le=120, description="seconds to wait for a mail server or a receiver")
    quiet_from: time | None = Field(default=time(22), description="no e-mail from this local time ...")
    quiet_to: time | None = Field(default=time(6), description="... to this one; the morning's e-mail tells all of it")
    quiet_broken_by: str = Field(default="severe,extreme", description="severities that are sent all the same")
    lookback_days: int = Field(default=7, ge=2, le=60, description="how late data may come and still open an alert")
    sender: str | None = Field(default=None, description="who issues CAP messages: an address without blanks")
    sender_name: str = Field(default="Trung tâm điều hành thông minh (GeoIOC)", description="the same in words")

    @field_validator("quiet_broken_by")
    @classmethod
    def _severities(cls, value: str) -> str:
        unknown = set(_words(value)) - {"minor", "moderate", "severe", "extreme"}
        if unknown:
            raise ValueError(f"no such severity: {', '.join(sorted(unknown))}")
        return value

    @property
    def receivers(self) -> tuple[str, ...]:
        """Addresses e-mail goes to."""
        return _words(self.mail_to)

    @property
    def breaks_quiet(self) -> frozenset[str]:
        """Severities sent in quiet hours too."""
        return frozenset(_words(self.quiet_broken_by))

    @property
    def channels(self) -> tuple[str, ...]:
        """Channels that have an address: mail, webhook."""
        mail = bool(self.smtp_host and self.mail_from and self.receivers)
        return (*(("mail",) if mail else ()), *(("webhook",) if self.webhook_url else ()))

    @property
    def cap_sender(self) -> str:
        """Sender of CAP messages; unless set, made of the host under which clients reach the server."""
        return self.sender or f"geoioc@{urlsplit(server_settings().url).hostname}"


def _words(value: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in value.split(",") if word.strip())


class AttentionSettings(BaseSettings):
    """From where on something stands on the first page. What the sheets give no number for is our own convention."""

    model_config = SettingsConfigDict(env_prefix="GEOIOC_ATTENTION_", env_file=".env", extra="ignore")

    plan_chance: float = Field(default=0.5, gt=0, lt=1, description="a smaller chance to meet the plan; convention")
    plan_chance_severe: float = Field(default=0.1, gt=0, lt=1, description="a smaller one is severe; convention")
    plan_short: float = Field(default=0.03, ge=0, lt=1, description="part of the plan missing: moderate; convention")
    plan_short_severe: float = Field(default=0.1, ge=0, lt=1, description="part of it missing: severe; convention")
    plan_pace: float = Field(
        default=10, gt=0, description="points behind the months gone by, where there is no projection; convention"
    )
    figures_due_days: int = Field(
        default=20, ge=0, description="days after a period by which an agency sends its figure; convention"
    )
    anomaly_months: int = Field(default=2, ge=1, le=24, description="newest months whose unusual figures count")
    overdue_least: int = Field(default=3, ge=1, description="late cases that make a line above the commune; convention")
    overdue_severe: int = Field(default=50, ge=1, description="late cases that are severe; convention")
    forward_minutes: int = Field(
        default=5, ge=1, description="a case is forwarded within this; rule of TP.HCM as the press has it"
    )
    rise_days: int = Field(default=7, ge=1, le=31, description="days in which a field may rise suddenly")
    rise_weeks: int = Field(default=8, ge=2, le=52, description="weeks before them that say what is usual")
    rise_least: int = Field(default=5, ge=2, description="fewer cases are no rise")
    rise_chance: float = Field(default=1e-4, gt=0, lt=0.1, description="chance of so many by accident; convention")
    reopened_least: int = Field(default=20, ge=1, description="processed cases from which a share of reopened counts")
    reopened_share: float = Field(default=0.1, gt=0, lt=1, description="reopened of processed; convention")
    camera_fails: int = Field(default=3, ge=1, description="probes failed in a row from which a camera is down")
    camera_metres: float = Field(default=1000, gt=0, description="cameras down nearer than this are one cause")


class SurfaceSettings(BaseSettings):
    """Surfaces between stations."""

    model_config = SettingsConfigDict(env_prefix="GEOIOC_", env_file=".env", extra="ignore")

    surface_cells: int = Field(default=96, ge=8, le=400, description="cells along the longer side of the province")


class CameraSettings(BaseSettings):
    """Looking after cameras. The figures are the project's own; no rule of law was found."""

    model_config = SettingsConfigDict(env_prefix="GEOIOC_CAMERA_", env_file=".env", extra="ignore")

    timeout: float = Field(default=4, gt=0, le=60, description="seconds to wait for a picture")
    at_once: int = Field(default=16, ge=1, le=128, description="cameras asked at the same time")
    fails: int = Field(default=2, ge=1, le=20, description="probes without a picture until a camera counts as offline")
    frozen: int = Field(default=3, ge=2, le=100, description="times the same picture came until it counts as frozen")
    reach: float = Field(default=80, gt=0, le=2000, description="metres a camera sees when its inventory says nothing")
    field_of_view: float = Field(default=90, gt=0, le=360, description="degrees, when the inventory says nothing")


class LiveSettings(BaseSettings):
    """Values that arrive one by one, over MQTT or by HTTP."""

    model_config = SettingsConfigDict(env_prefix="GEOIOC_LIVE_", env_file=".env", extra="ignore")

    mqtt_url: str | None = Field(default=None, description="mqtt://user:password@host:1883; without it nobody listens")
    mqtt_topic: str = Field(default="geoioc/counts/#", description="topics that are listened to")
    token: SecretStr | None = Field(default=None, description="what a webhook must send; without it none is taken")


class FeedbackSettings(BaseSettings):
    """Citizen feedback."""

    model_config = SettingsConfigDict(env_prefix="GEOIOC_", env_file=".env", extra="ignore")

    feedback_rules: Path | None = Field(default=None, description="regulation of citizen feedback; default: our file")


class CitizenSettings(BaseSettings):
    """The pages for citizens: limits against spam, and an optional ground map."""

    model_config = SettingsConfigDict(env_prefix="GEOIOC_CITIZEN_", env_file=".env", extra="ignore")

    reports_per_hour: int = Field(default=10, ge=1, description="reports one address may send in an hour")
    reports_per_day: int = Field(default=40, ge=1, description="... and in a day; a whole office may share an address")
    tries_per_hour: int = Field(default=30, ge=1, description="wrong private links one address may try in an hour")
    honeypot: bool = Field(default=True, description="refuse who fills in a field that people do not see")
    photos: int = Field(default=3, ge=0, le=10, description="photos of a report; the regulation may allow fewer")
    photo_side: int = Field(default=1600, ge=320, le=4096, description="pixels a browser shrinks a photo to")
    megabytes: int = Field(default=20, ge=1, le=200, description="largest report with its photos")
    proxies: int = Field(default=0, ge=0, le=5, description="proxies in front whose X-Forwarded-For is believed")
    tiles_url: str | None = Field(default=None, description="map tiles https://.../{z}/{x}/{y}.png; unset: own ground")
    tiles_credit: str = Field(default="", description="whom the tiles must be credited to")


class Open311Settings(BaseSettings):
    """The interface for other channels, Open311 GeoReport v2."""

    model_config = SettingsConfigDict(env_prefix="GEOIOC_OPEN311_", env_file=".env", extra="ignore")

    jurisdiction: str | None = Field(default=None, description="jurisdiction_id answered to; unset: any, and none")
    keys: SecretStr = Field(
        default=SecretStr(""), description="api_key:channel of trusted senders, separated by commas; channel: app ..."
    )
    without_key: bool = Field(default=True, description="take reports without api_key, within the limits of citizens")
    contact: str = Field(default="1022", description="whom developers ask")

    @property
    def channels(self) -> dict[str, str]:
        """Channel by key of those who may send without a limit."""
        pairs = (pair.rpartition(":") for pair in _words(self.keys.get_secret_value()))
        return {key: channel for key, _, channel in pairs if key}


class BriefingSettings(BaseSettings):
    """Briefings made by the clock: of the province, and of these units."""

    model_config = SettingsConfigDict(env_prefix="GEOIOC_BRIEFING_", env_file=".env", extra="ignore")

    also: str = Field(default="", description="codes of further units, separated by commas")
    mail_to: str = Field(
        default="",
        description="who gets them by e-mail, separated by commas; sent as alerts are (GEOIOC_ALERT_SMTP_...)",
    )

    @property
    def units(self) -> tuple[str, ...]:
        """Codes of the units beside the province."""
        return _words(self.also)

    @property
    def receivers(self) -> tuple[str, ...]:
        """Addresses the briefings go to."""
        return _words(self.mail_to)


def _load[S: BaseSettings](kind: type[S]) -> S:
    try:
        return kind()
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"Setting {name!r} is wrong: {first['msg']}.") from None


@cache
def index_settings() -> IndexSettings:
    """:raises SettingsError: when a value is not valid."""
    return _load(IndexSettings)


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


@cache
def indicator_settings() -> IndicatorSettings:
    """:raises SettingsError: when a value is not valid."""
    return _load(IndicatorSettings)


@cache
def quality_settings() -> QualitySettings:
    """:raises SettingsError: when a value is not valid."""
    return _load(QualitySettings)


@cache
def alert_settings() -> AlertSettings:
    """:raises SettingsError: when a value is not valid."""
    return _load(AlertSettings)


@cache
def surface_settings() -> SurfaceSettings:
    """:raises SettingsError: when a value is not valid."""
    return _load(SurfaceSettings)


@cache
def camera_settings() -> CameraSettings:
    """:raises SettingsError: when a value is not valid."""
    return _load(CameraSettings)


@cache
def live_settings() -> LiveSettings:
    """:raises SettingsError: when a value is not valid."""
    return _load(LiveSettings)


@cache
def feedback_settings() -> FeedbackSettings:
    """:raises SettingsError: when a value is not valid."""
    return _load(FeedbackSettings)


@cache
def attention_settings() -> AttentionSettings:
    """:raises SettingsError: when a value is not valid."""
    return _load(AttentionSettings)


@cache
def citizen_settings() -> CitizenSettings:
    """:raises SettingsError: when a value is not valid."""
    return _load(CitizenSettings)


@cache
def open311_settings() -> Open311Settings:
    """:raises SettingsError: when a value is not valid."""
    return _load(Open311Settings)


@cache
def briefing_settings() -> BriefingSettings:
    """:raises SettingsError: when a value is not valid."""
    return _load(BriefingSettings)


def clear_settings() -> None:
    """Forget what was read, so that a test can speak."""
    for read in (
        data_settings, database_settings, server_settings, indicator_settings, quality_settings, index_settings,
        alert_settings,
        attention_settings,
        feedback_settings,
        camera_settings, live_settings,
        citizen_settings, open311_settings,
        briefing_settings,
    ):  # fmt: skip
        read.cache_clear()
