"""Series: what stations measure and what agencies report, what people say about it, and the grids."""

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    func,
)  # fmt: skip

from spatial.schema.base import metadata

# One row per (station, parameter) or (unit version, indicator): forecasts and roll-ups speak of series ids.
series = Table(
    "series",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("layer_id", Text, nullable=False),
    Column("feature_key", Text, nullable=False, comment="key of the station, or of the administrative unit"),
    Column("parameter", Text, nullable=False, comment="parameter name, or indicator code"),
    Column("unit_id", Integer, ForeignKey("core.admin_unit.id", ondelete="CASCADE"), comment="indicators only"),
    Column(
        "cadence_minutes",
        SmallInteger,
        nullable=False,
        server_default="60",
        comment="how often the station sends: an hour of a five-minute series has 12 values",
    ),
    UniqueConstraint("layer_id", "feature_key", "parameter"),
    Index("ix_series_unit_id", "unit_id"),
    schema="core",
)

# Partitioned by month of `time`; core.ensure_observation_partitions(from, to) makes the partitions.
observation = Table(
    "observation",
    metadata,
    Column("series_id", Integer, primary_key=True),
    Column("time", DateTime(timezone=True), primary_key=True, comment="end of the hour, UTC"),
    Column("value", Double, comment="unit of the parameter; NULL = said to be missing"),
    Column("status", SmallInteger, nullable=False, server_default="0", comment="0 measuring, 1 calibrating, 2 fault"),
    Column("flag", SmallInteger, nullable=False, server_default="0", comment="bits of ingest.checks.Flag, 0 = good"),
    Column("run_id", BigInteger),
    schema="core",
    postgresql_partition_by="RANGE (time)",
)

# Laboratory values beyond what the method can tell, «<0,01»: sign and limit as they came. What stands for such a value
# is in core.observation.value (setting below_detection).
observation_limit = Table(
    "observation_limit",
    metadata,
    Column("series_id", Integer, primary_key=True),
    Column("time", DateTime(timezone=True), primary_key=True),
    Column("sign", Text, nullable=False, comment="< below the limit of detection, > above what can be counted"),
    Column("value", Double, nullable=False, comment="the limit, in the unit of the parameter"),
    CheckConstraint("sign IN ('<', '>')", name="sign"),
    schema="core",
)

# What a person says about marks on values: the values themselves are never changed.
observation_review = Table(
    "observation_review",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("series_id", Integer, ForeignKey("core.series.id", ondelete="CASCADE"), nullable=False),
    Column("first", DateTime(timezone=True), nullable=False, comment="first <= time <= last"),
    Column("last", DateTime(timezone=True), nullable=False),
    Column("verdict", Text, nullable=False, comment="good: enters means whatever its flags; bad: never enters"),
    Column("note", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("revoked_at", DateTime(timezone=True), comment="taken back; kept for the history"),
    Column("revoked_by", Text),
    CheckConstraint("verdict IN ('good', 'bad')", name="verdict"),
    CheckConstraint("first <= last", name="span"),
    CheckConstraint("trim(note) <> ''", name="note"),
    Index("ix_observation_review_series_id_first", "series_id", "first"),
    schema="core",
)

# Log of interventions at a station.
station_note = Table(
    "station_note",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("layer_id", Text, nullable=False, comment="of the stations: air_station ..."),
    Column("feature_key", Text, nullable=False),
    Column("happened_at", DateTime(timezone=True), nullable=False),
    Column("kind", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("kind IN ('visit', 'calibration', 'repair', 'replacement', 'note')", name="kind"),
    CheckConstraint("trim(note) <> ''", name="note"),
    Index("ix_station_note_layer_id_feature_key", "layer_id", "feature_key", "happened_at"),
    schema="core",
)

indicator_value = Table(
    "indicator_value",
    metadata,
    Column("series_id", Integer, ForeignKey("core.series.id", ondelete="CASCADE"), primary_key=True),
    Column("period", Date, primary_key=True, comment="first day of the month, quarter or year"),
    Column("state", Text, primary_key=True),
    Column("value", Double, nullable=False),
    Column("published_on", Date, comment="when the agency gave the figure out"),
    Column("units", Integer, comment="reporting units the figure rests on, where said"),
    Column("run_id", BigInteger),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("state IN ('estimate', 'preliminary', 'official')", name="state"),
    schema="core",
)

# Plans change during the year: each version stays, the newest that was in force on a day is compared with.
indicator_plan = Table(
    "indicator_plan",
    metadata,
    Column("series_id", Integer, ForeignKey("core.series.id", ondelete="CASCADE"), primary_key=True),
    Column("year", Date, primary_key=True, comment="1 January of the year"),
    Column("issued_on", Date, primary_key=True, comment="in force from this day"),
    Column("value", Double, nullable=False),
    Column("document", Text, comment="number of the decision"),
    Column("run_id", BigInteger),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    schema="core",
)

grid = Table(
    "grid",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("layer_id", Text, nullable=False),
    Column("time", Date, nullable=False, comment="day; 1 January for a year"),
    Column("path", Text, nullable=False, comment="COG below data/rasters, named by content"),
    Column("sha256", Text, nullable=False),
    Column("crs", Integer, nullable=False, comment="EPSG code"),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("minimum", Double),
    Column("maximum", Double),
    Column("footprint", Geometry("POLYGON", 4326), nullable=False),
    Column("run_id", BigInteger),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    UniqueConstraint("layer_id", "time"),
    schema="core",
)
