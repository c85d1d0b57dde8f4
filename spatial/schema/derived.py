"""What is computed from the rest and can be computed again."""

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
    Table,
    Text,
    UniqueConstraint,
    func,
)  # fmt: skip

from spatial.schema.base import metadata

observation_daily = Table(
    "observation_daily",
    metadata,
    Column("series_id", Integer, primary_key=True),
    Column("day", Date, primary_key=True, comment="local day; 00:00 belongs to the day that ended"),
    Column("n", Integer, nullable=False, comment="values received"),
    Column("n_good", Integer, nullable=False, comment="values that entered the mean: status 0 and flag 0"),
    Column("mean", Double),
    Column("minimum", Double),
    Column("maximum", Double),
    schema="derived",
)

unit_daily = Table(
    "unit_daily",
    metadata,
    Column("unit_id", Integer, ForeignKey("core.admin_unit.id", ondelete="CASCADE"), primary_key=True),
    Column("layer_id", Text, primary_key=True),
    Column("parameter", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("stations", Integer, nullable=False),
    Column("mean", Double),
    Column("maximum", Double),
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
    Column("period", Date, primary_key=True, comment="first day of the month; of the year for plans"),
    Column("state", Text, primary_key=True, comment="of the weakest part; plan"),
    Column("value", Double, nullable=False),
    Column("method", Text, nullable=False, comment="exact (sum of undivided units), by_people or by_area"),
    CheckConstraint("state IN ('estimate', 'preliminary', 'official', 'plan')", name="state"),
    CheckConstraint("method IN ('exact', 'by_people', 'by_area')", name="method"),
    Index("ix_indicator_month_code_period", "code", "period"),
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
