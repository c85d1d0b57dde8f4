"""What is computed from the rest and can be computed again."""

from geoalchemy2 import Geometry
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    func,
)  # fmt: skip
from sqlalchemy.dialects.postgresql import JSONB

from spatial.schema.base import metadata

# The approved series: what every mean, index, map, alert and forecast is made of. Partitioned by month like
# core.observation; core.ensure_observation_partitions makes the partitions of both.
observation_hourly = Table(
    "observation_hourly",
    metadata,
    Column("series_id", Integer, primary_key=True),
    Column("time", DateTime(timezone=True), primary_key=True, comment="end of the hour, UTC"),
    Column("n", SmallInteger, nullable=False, comment="values received"),
    Column("n_good", SmallInteger, nullable=False, comment="values that may enter a mean"),
    Column("value", Double, comment="mean (sum, direction) of the good ones; NULL = too few of them"),
    Column("raw", Double, comment="the same of all that were measured, good or not; for drawing what is doubtful"),
    Column("minimum", Double),
    Column("maximum", Double),
    Column(
        "status", SmallInteger, nullable=False, comment="0 measuring, 1 calibrating, 2 fault: the worst of the hour"
    ),
    Column("flag", SmallInteger, nullable=False, comment="all bits of the hour; 0 = good"),
    Column("reviewed", Boolean, nullable=False, server_default="false", comment="a person has decided"),
    schema="derived",
    postgresql_partition_by="RANGE (time)",
)

observation_daily = Table(
    "observation_daily",
    metadata,
    Column("series_id", Integer, primary_key=True),
    Column("day", Date, primary_key=True, comment="local day; 00:00 belongs to the day that ended"),
    Column("n", Integer, nullable=False, comment="hours with values received"),
    Column("n_good", Integer, nullable=False, comment="hours that entered the mean"),
    Column("mean", Double, comment="of the good hours, however few; a law asks for 18 of 24"),
    Column("minimum", Double),
    Column("maximum", Double),
    schema="derived",
)

# No reference to the unit in the next two: they are written by the million, and always anew when units change.
unit_daily = Table(
    "unit_daily",
    metadata,
    Column("unit_id", Integer, primary_key=True),
    Column("layer_id", Text, primary_key=True),
    Column("parameter", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("stations", Integer, nullable=False),
    Column("mean", Double),
    Column("maximum", Double),
    Index("ix_unit_daily_layer_id_parameter_day", "layer_id", "parameter", "day"),
    schema="derived",
)

# Of the last months only (setting unit_hourly_days): the days are kept for ever.
unit_hourly = Table(
    "unit_hourly",
    metadata,
    Column("unit_id", Integer, nullable=False),
    Column("layer_id", Text, nullable=False),
    Column("parameter", Text, nullable=False),
    Column("time", DateTime(timezone=True), nullable=False, comment="end of the hour, UTC"),
    Column("stations", Integer, nullable=False),
    Column("mean", Double),
    Column("maximum", Double),
    PrimaryKeyConstraint("layer_id", "parameter", "time", "unit_id"),  # all units of a moment lie together
    schema="derived",
)

# VN_AQI, VN_WQI and class by QCVN 08 of a station; `time` ends the hour, or the local day (00:00 of the next one).
station_index = Table(
    "station_index",
    metadata,
    Column("layer_id", Text, primary_key=True, comment="of the observations"),
    Column("feature_key", Text, primary_key=True),
    Column("index_id", Text, primary_key=True, comment="vn_aqi_hour, vn_aqi_day, vn_wqi, qcvn08"),
    Column("time", DateTime(timezone=True), primary_key=True),
    Column("value", SmallInteger, comment="NULL with a reason: the index cannot be given"),
    Column("level", SmallInteger, comment="1 = best"),
    Column("dominant", ARRAY(Text), nullable=False, server_default="{}", comment="parameters with the worst sub-index"),
    Column("parts", JSONB, nullable=False, server_default="{}", comment="sub-index by parameter"),
    Column("reason", Text, comment="code: no_particles, few_hours, few_groups, reference_station ..."),
    Column("scale", Text, nullable=False, comment="version of the rule, as in layers.indices"),
    Index("ix_station_index_index_id_time", "index_id", "time"),
    schema="derived",
)

# Means over a legal limit, a row per series, limit and local day on which there was one.
exceedance = Table(
    "exceedance",
    metadata,
    Column("series_id", Integer, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("hours", SmallInteger, primary_key=True, comment="the limit is for means of 1, 8 or 24 hours"),
    Column("n", SmallInteger, nullable=False, comment="means of the day over the limit"),
    Column("worst", Double, nullable=False),
    Column("limit_value", Double, nullable=False, comment="in force on that day"),
    schema="derived",
)

# Surface between stations by kriging: values on a regular grid over the province, row by row from the north.
surface = Table(
    "surface",
    metadata,
    Column("layer_id", Text, primary_key=True),
    Column("parameter", Text, primary_key=True),
    Column(
        "time", DateTime(timezone=True), primary_key=True, comment="end of the hour, UTC; of the local day for 24 h"
    ),
    Column("hours", SmallInteger, primary_key=True, comment="1: an hour; 24: mean of a day"),
    Column("forecast", Boolean, nullable=False, server_default="false"),
    Column("stations", SmallInteger, nullable=False),
    Column("mean", LargeBinary, nullable=False, comment="float32, little endian; NaN where the data do not carry it"),
    Column("deviation", LargeBinary, nullable=False, comment="float32: kriging standard deviation"),
    Column("grid", JSONB, nullable=False, comment="west, south, east, north in degrees, rows, columns"),
    schema="derived",
)

# People who breathe air over the limit, from the surface of the day and the population grid.
exposure = Table(
    "exposure",
    metadata,
    Column("unit_id", Integer, ForeignKey("core.admin_unit.id", ondelete="CASCADE"), primary_key=True),
    Column("layer_id", Text, primary_key=True),
    Column("parameter", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("people", Double, nullable=False, comment="living in the unit"),
    Column("covered", Double, nullable=False, comment="of them, where the surface says anything"),
    Column("above", Double, nullable=False, comment="of them, over the limit"),
    Column("mean", Double, comment="mean of the surface, weighted by people"),
    Column("limit_value", Double, nullable=False),
    schema="derived",
)

# Of the hours on the time bar only. A unit without a station is shown by this, and marked as interpolated.
unit_surface = Table(
    "unit_surface",
    metadata,
    Column("unit_id", Integer, ForeignKey("core.admin_unit.id", ondelete="CASCADE"), primary_key=True),
    Column("layer_id", Text, primary_key=True),
    Column("parameter", Text, primary_key=True),
    Column("time", DateTime(timezone=True), primary_key=True, comment="end of the hour, UTC"),
    Column("mean", Double, nullable=False, comment="of the surface, weighted by people"),
    Column("covered", Double, nullable=False, comment="share of the people where the surface says anything"),
    schema="derived",
)

zonal = Table(
    "zonal",
    metadata,
    Column("layer_id", Text, primary_key=True),
    Column("unit_id", Integer, ForeignKey("core.admin_unit.id", ondelete="CASCADE"), primary_key=True),
    Column("time", Date, primary_key=True),
    Column("value", Double, comment="sum or mean, as the layer says"),
    Column("covered", Double, nullable=False, comment="part of the unit covered by valid cells"),
    schema="derived",
)

# Figures of units for times in which they did not exist, put together from the units that did.
indicator_month = Table(
    "indicator_month",
    metadata,
    Column("unit_id", Integer, ForeignKey("core.admin_unit.id", ondelete="CASCADE"), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("period", Date, primary_key=True, comment="first day of the month, quarter or year"),
    Column("state", Text, primary_key=True, comment="of the weakest part"),
    Column("value", Double, nullable=False),
    Column("method", Text, nullable=False, comment="exact (sum of undivided units), by_people or by_area"),
    CheckConstraint("state IN ('estimate', 'preliminary', 'official')", name="state"),
    CheckConstraint("method IN ('exact', 'by_people', 'by_area')", name="method"),
    Index("ix_indicator_month_code_period", "code", "period"),
    schema="derived",
)

# Plans of units for years in which they did not exist: every version of the sources' plans makes one.
derived_plan = Table(
    "indicator_plan",
    metadata,
    Column("unit_id", Integer, ForeignKey("core.admin_unit.id", ondelete="CASCADE"), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("year", Date, primary_key=True, comment="first day of the year"),
    Column("issued_on", Date, primary_key=True, comment="in force from this day"),
    Column("value", Double, nullable=False),
    Column("method", Text, nullable=False, comment="exact (sum of undivided units), by_people or by_area"),
    CheckConstraint("method IN ('exact', 'by_people', 'by_area')", name="method"),
    schema="derived",
)

# Indicators the system computes itself from what it holds (feedback, cameras, stations); read as the others are.
indicator_computed = Table(
    "indicator_computed",
    metadata,
    Column("unit_id", Integer, ForeignKey("core.admin_unit.id", ondelete="CASCADE"), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("period", Date, primary_key=True, comment="first day of the month"),
    Column("state", Text, nullable=False, comment="estimate while the period runs, official after it"),
    Column("value", Double, nullable=False),
    Column("n", Integer, nullable=False, comment="cases the value rests on"),
    Column("until", DateTime(timezone=True), nullable=False, comment="data up to this moment"),
    CheckConstraint("state IN ('estimate', 'official')", name="state"),
    Index("ix_indicator_computed_code_period", "code", "period"),
    schema="derived",
)

# Where a year will end: figures so far and the forecast of the months that are missing.
indicator_outlook = Table(
    "indicator_outlook",
    metadata,
    Column("unit_id", Integer, ForeignKey("core.admin_unit.id", ondelete="CASCADE"), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("year", Date, primary_key=True, comment="1 January"),
    Column("known_until", Date, nullable=False, comment="newest period used"),
    Column("actual", Double, comment="cumulative so far"),
    Column("q10", Double, comment="of the whole year"),
    Column("q50", Double),
    Column("q90", Double),
    Column("plan", Double),
    Column("chance", Double, comment="0 to 1: the plan is met"),
    Column("skill", Double, comment="1 - MAE / MAE of the naive projection, past years from the same month"),
    Column("model", Text),
    Column("reason", Text, comment="why there is no projection"),
    Column("computed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("ix_indicator_outlook_code_year", "code", "year"),
    schema="derived",
)

# Figures outside what the past of their series lets expect.
indicator_anomaly = Table(
    "indicator_anomaly",
    metadata,
    Column("unit_id", Integer, ForeignKey("core.admin_unit.id", ondelete="CASCADE"), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("period", Date, primary_key=True),
    Column("value", Double, nullable=False),
    Column("expected", Double, nullable=False),
    Column("low", Double, nullable=False, comment="of the expected band"),
    Column("high", Double, nullable=False),
    Column("score", Double, nullable=False, comment="robust deviations from what is expected"),
    Column("kind", Text, nullable=False),
    Column("cause", Text, nullable=False, comment="code: unit_factor, repeated, cumulative, parts_differ, sudden ..."),
    Column("computed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("kind IN ('report', 'event')", name="kind"),
    Index("ix_indicator_anomaly_period", "period"),
    schema="derived",
)

# What needs somebody today, from every subject, made again by the job «attention».
attention = Table(
    "attention",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("subject", Text, nullable=False, comment="alert, plan, anomaly, feedback, camera, data"),
    Column("key", Text, nullable=False, comment="stable within the subject"),
    Column("domain", Text, nullable=False, comment="tab of the overview"),
    Column("unit_id", Integer, ForeignKey("core.admin_unit.id", ondelete="CASCADE"), nullable=False),
    Column("unit_ids", ARRAY(Integer), nullable=False, comment="every unit whose page shows it"),
    Column("severity", Text, nullable=False),
    Column("rank", Double, nullable=False, comment="higher comes first"),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True), comment="deadline, or when the forecast says it happens"),
    Column("who", Text, comment="agency or unit that is on it"),
    Column("facts", JSONB, nullable=False, comment="numbers of the sentence; the screen writes it"),
    Column("url", Text, nullable=False, comment="of the evidence"),
    Column("computed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("severity IN ('minor', 'moderate', 'severe', 'extreme')", name="severity"),
    UniqueConstraint("subject", "key"),
    Index("ix_attention_unit_ids", "unit_ids", postgresql_using="gin"),
    schema="derived",
)

# Counts by unit and class: what the map shows of parcels below z13, and what KPI cards count.
feature_summary = Table(
    "feature_summary",
    metadata,
    Column("layer_id", Text, primary_key=True),
    Column("unit_id", Integer, ForeignKey("core.admin_unit.id", ondelete="CASCADE"), primary_key=True),
    Column("class", Text, primary_key=True, comment="value of the overlay's style_by; '' = no value"),
    Column("n", BigInteger, nullable=False),
    Column("area_m2", Double, comment="geodesic; polygons only"),
    schema="derived",
)

# One row per thing with a name, so that one trigram index answers the search box.
search_entry = Table(
    "search_entry",
    metadata,
    Column("layer_id", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("fold", Text, nullable=False, comment="core.vn_fold(title)"),
    Column("point", Geometry("POINT", 4326, spatial_index=False), nullable=False),
    Index("ix_search_entry_fold", "fold", postgresql_using="gin", postgresql_ops={"fold": "gin_trgm_ops"}),
    schema="derived",
)

forecast_issue = Table(
    "forecast_issue",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("series_id", Integer, ForeignKey("core.series.id", ondelete="CASCADE"), nullable=False),
    Column("issued_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("input_until", DateTime(timezone=True), comment="time of the last good value used"),
    Column("model", Text, comment="NULL when there is no forecast"),
    Column("reason", Text, comment="why there is no forecast, or why it is the baseline"),
    Column("skill_persistence", Double, comment="1 - MAE / MAE of persistence, recent origins"),
    Column("skill_climatology", Double, comment="1 - MAE / MAE of the seasonal baseline, recent origins"),
    Column("skill_seasonal", Double, comment="1 - MAE / MAE of the same hour yesterday, recent origins"),
    UniqueConstraint("series_id", "issued_at"),
    Index("ix_forecast_issue_issued_at", "issued_at"),
    schema="derived",
)

forecast_value = Table(
    "forecast_value",
    metadata,
    Column("issue_id", BigInteger, ForeignKey("derived.forecast_issue.id", ondelete="CASCADE"), primary_key=True),
    Column("target", DateTime(timezone=True), primary_key=True),
    Column("q025", Double, nullable=False),
    Column("q10", Double, nullable=False),
    Column("q50", Double, nullable=False),
    Column("q90", Double, nullable=False),
    Column("q975", Double, nullable=False),
    schema="derived",
)
