"""Alerts: rules, what they found, what people did about it, and whom it was sent to."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    func,
    text,
)  # fmt: skip
from sqlalchemy.dialects.postgresql import JSONB

from spatial.schema.base import metadata

SEVERITIES = "severity IN ('minor', 'moderate', 'severe', 'extreme')"  # the words of CAP 1.2, in small letters

# Rules of layer files (origin layer, found again by name) and of staff (origin staff).
alert_rule = Table(
    "alert_rule",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("name", Text, nullable=False, unique=True, comment="stable; layer rules: layer.rule"),
    Column("layer_id", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("title_vi", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("parameter", Text, comment="NULL: index, or the station as a whole"),
    Column("feature_key", Text, comment="NULL: every station of the layer"),
    Column("threshold", Double, comment="in the parameter's unit; level of the index; hours of silence"),
    Column(
        "mean_hours", SmallInteger, nullable=False, server_default="1", comment="means of so many hours are compared"
    ),
    Column("for_hours", SmallInteger, nullable=False, server_default="1", comment="so many in a row"),
    Column("severity", Text, nullable=False),
    Column("channels", JSONB, nullable=False, server_default="[]", comment="names of settings: mail, webhook, cap"),
    Column("enabled", Boolean, nullable=False, server_default="true"),
    Column("created_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column(
        "signs",
        ARRAY(Text),
        nullable=False,
        server_default="{}",
        comment="instrument rules: silent, stuck, calibration ...; empty = every sign",
    ),
    Column(
        "quantile",
        Text,
        nullable=False,
        server_default="q50",
        comment="forecast rules: the quantile that is compared",
    ),
    Column(
        "overridden",
        ARRAY(Text),
        nullable=False,
        server_default="{}",
        comment="columns staff changed: the layer file no longer sets them",
    ),
    Column("updated_by", Text),
    CheckConstraint("quantile IN ('q10', 'q50', 'q90', 'q975')", name="quantile"),
    CheckConstraint("origin IN ('layer', 'staff')", name="origin"),
    CheckConstraint("kind IN ('threshold', 'limit', 'index', 'instrument', 'forecast', 'anomaly')", name="kind"),
    CheckConstraint(SEVERITIES, name="severity"),
    schema="core",
)

# One event is one alert: a second finding for the same subject prolongs the open one.
alert = Table(
    "alert",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("subject", Text, nullable=False, comment="what makes it one event: layer/station/cause/parameter"),
    Column("rule_id", Integer, ForeignKey("core.alert_rule.id"), nullable=False, comment="of the gravest finding"),
    Column("layer_id", Text, nullable=False, comment="of the observations"),
    Column("feature_key", Text, nullable=False),
    Column("parameter", Text),
    Column("cause", Text, nullable=False, comment="is it the air (water), the instrument, or a forecast"),
    Column("severity", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="new"),
    Column("started_at", DateTime(timezone=True), nullable=False, comment="first hour of the event"),
    Column("last_at", DateTime(timezone=True), nullable=False, comment="newest hour in which it held"),
    Column("ended_at", DateTime(timezone=True), comment="the event is over; people close the alert"),
    Column("opened_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("value", Double, comment="newest"),
    Column("peak", Double),
    Column("threshold", Double, comment="what it is compared with"),
    Column("evidence", JSONB, nullable=False, server_default="{}", comment="findings by rule, flags, hours, forecast"),
    Column("unit_ids", ARRAY(Integer), nullable=False, server_default="{}", comment="units that hold the station"),
    CheckConstraint("cause IN ('environment', 'instrument', 'forecast')", name="cause"),
    CheckConstraint("state IN ('new', 'acknowledged', 'closed')", name="state"),
    CheckConstraint(SEVERITIES, name="severity"),
    Index("uq_alert_open_subject", "subject", unique=True, postgresql_where=text("state <> 'closed'")),
    Index("ix_alert_state_opened_at", "state", "opened_at"),
    Index("ix_alert_layer_id_subject", "layer_id", "subject"),
    schema="core",
)

# Who did what, when and why; never changed.
alert_event = Table(
    "alert_event",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("alert_id", BigInteger, ForeignKey("core.alert.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("note", Text),
    CheckConstraint(
        "action IN ('opened', 'worsened', 'acknowledged', 'closed', 'reopened', 'ended', 'note')", name="action"
    ),
    schema="core",
)

# The outbox: one row per alert, channel and occasion; a sender takes them, tries again, and says what went wrong.
notification = Table(
    "notification",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("alert_id", BigInteger, ForeignKey("core.alert.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("channel", Text, nullable=False, comment="mail, webhook"),
    Column("occasion", Text, nullable=False, comment="opened, worsened, ended, closed"),
    Column("state", Text, nullable=False, server_default="queued"),
    Column(
        "not_before", DateTime(timezone=True), nullable=False, server_default=func.now(), comment="quiet hours, retry"
    ),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("error", Text),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("sent_at", DateTime(timezone=True)),
    CheckConstraint("state IN ('queued', 'sent', 'failed')", name="state"),
    Index("ix_notification_state_not_before", "state", "not_before"),
    schema="ops",
)
