"""Citizen feedback behind what the layer publishes: the case, its photos, who handles what, and working days."""

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
    Table,
    Text,
    func,
    text,
)  # fmt: skip

from spatial.schema.base import metadata

# What only staff may see of a report. layer.feedback holds what everybody may: there the position is snapped where the
# field is personal.
feedback_case = Table(
    "feedback_case",
    metadata,
    Column("key", Text, ForeignKey("layer.feedback.key", ondelete="CASCADE"), primary_key=True),
    Column("exact", Geometry("POINT", 4326), comment="where the citizen put the pin"),
    Column("place_text", Text, comment="the place in the citizen's words"),
    Column("text_unit_id", Integer, ForeignKey("core.admin_unit.id"), comment="unit the words name"),
    Column("pin_check", Text, nullable=False, server_default="unchecked"),
    Column("first_due_at", DateTime(timezone=True), comment="deadline of the first answer"),
    Column("first_due_met_at", DateTime(timezone=True), comment="when the unit answered first"),
    Column("original_due_at", DateTime(timezone=True), comment="deadline before any extension"),
    Column("assigned_at", DateTime(timezone=True)),
    Column("paused_since", DateTime(timezone=True), comment="the clock stands still since"),
    Column("paused_minutes", Integer, nullable=False, server_default="0", comment="of working time, pauses that ended"),
    Column("secret_hash", Text, comment="scrypt of what lets the citizen answer"),
    Column("rating_comment", Text),
    Column("rated_at", DateTime(timezone=True)),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("pin_check IN ('unchecked', 'agrees', 'disagrees', 'no_pin')", name="pin_check"),
    schema="core",
)

feedback_photo = Table(
    "feedback_photo",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("key", Text, ForeignKey("layer.feedback.key", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False, comment="report: by the citizen; result: by the unit"),
    Column("sha256", Text, nullable=False, comment="file data/photos/<sha256>.jpg, without EXIF"),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("public", Boolean, nullable=False, server_default="false", comment="looked at: no face, no number plate"),
    Column("actor", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("kind IN ('report', 'result')", name="kind"),
    Index("ix_feedback_photo_key", "key"),
    schema="core",
)

handling_unit = Table(
    "handling_unit",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True, comment="as in layer.feedback.handling_unit"),
    Column("kind", Text, nullable=False),
    Column("unit_id", Integer, ForeignKey("core.admin_unit.id"), comment="commune whose committee it is"),
    Column("categories", ARRAY(Text), nullable=False, server_default="{}", comment="fields it handles by default"),
    Column("active", Boolean, nullable=False, server_default="true"),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("kind IN ('centre', 'agency', 'commune', 'company')", name="kind"),
    schema="core",
)

# Days that differ from the week: holidays, Tết, and working Saturdays that make up for a day off.
calendar_day = Table(
    "calendar_day",
    metadata,
    Column("day", Date, primary_key=True),
    Column("working", Boolean, nullable=False),
    Column("name_vi", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    schema="core",
)

# Roll-ups by local day, and by reporting month (25th to 25th at noon, a setting). '' = all fields, all handling units.
feedback_day = Table(
    "feedback_day",
    metadata,
    Column("unit_id", Integer, primary_key=True),
    Column("day", Date, primary_key=True, comment="local calendar day"),
    Column("category", Text, primary_key=True),
    Column("handling_unit", Text, primary_key=True),
    Column("received", Integer, nullable=False, comment="duplicates and rejected not counted"),
    Column("processed", Integer, nullable=False, comment="of any day, with result on this day"),
    Column("processed_late", Integer, nullable=False),
    Index("ix_feedback_day_day", "day"),
    schema="derived",
)

feedback_period = Table(
    "feedback_period",
    metadata,
    Column("unit_id", Integer, primary_key=True),
    Column("period", Date, primary_key=True, comment="first day of the month the reporting month is named after"),
    Column("category", Text, primary_key=True, comment="'' = all"),
    Column("handling_unit", Text, primary_key=True, comment="'' = all"),
    Column("received", Integer, nullable=False, comment="received in the period; the rest is counted of these"),
    Column("processed", Integer, nullable=False),
    Column("on_time", Integer, nullable=False, comment="of processed"),
    Column("in_progress", Integer, nullable=False),
    Column("overdue", Integer, nullable=False, comment="open or closed after the deadline; overlaps the others"),
    Column("rejected", Integer, nullable=False, comment="not in received"),
    Column("duplicates", Integer, nullable=False, comment="not in received"),
    Column("reopened", Integer, nullable=False),
    Column("rated", Integer, nullable=False),
    Column("satisfied", Integer, nullable=False, comment="rating of 4 or 5"),
    Column("median_hours", Double, comment="result - receipt, of processed"),
    Column("p90_hours", Double),
    Column("hours_histogram", ARRAY(Integer), nullable=False,
           comment="processed within 1, 2, 4, 8, 24, 48, 72, 120, 240, 480, 960 hours, and longer"),
    Column("until", DateTime(timezone=True), nullable=False, comment="end of the period, or now"),
    Index("ix_feedback_period_period", "period"),
    schema="derived",
)  # fmt: skip

# One row per case, as the roll-ups last counted it: what changed is found by comparing, and taken out where it was.
feedback_fact = Table(
    "feedback_fact",
    metadata,
    Column("key", Text, primary_key=True),
    Column("period", Date, nullable=False),
    Column("day", Date, nullable=False, comment="local day of receipt"),
    Column("done_day", Date, comment="local day of the result"),
    Column("category", Text, nullable=False),
    Column("handling_unit", Text, nullable=False),
    Column("unit_ids", ARRAY(Integer), nullable=False, comment="0 = all reports, wherever they are"),
    Column("counts_as", Text, nullable=False),
    Column("hours", Double, comment="result - receipt, of processed"),
    Column("late_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True), comment="result, or the clock's stop"),
    Column("reopened", Boolean, nullable=False),
    Column("rating", Integer),
    Index("ix_feedback_fact_period", "period"),
    Index("ix_feedback_fact_day", "day"),
    Index("ix_feedback_fact_done_day", "done_day"),
    Index("ix_feedback_fact_late_at", "late_at", postgresql_where=text("ended_at IS NULL")),
    schema="derived",
)

# Reports expected on the next days, by former district and field.
feedback_forecast = Table(
    "feedback_forecast",
    metadata,
    Column("unit_id", Integer, primary_key=True, autoincrement=False, comment="0 = all reports, wherever they are"),
    Column("category", Text, primary_key=True, comment="'' = all"),
    Column("target", Date, primary_key=True, comment="local day"),
    Column("q10", Double, nullable=False),
    Column("q50", Double, nullable=False),
    Column("q90", Double, nullable=False),
    Column("mean", Double, nullable=False),
    Column("model", Text, nullable=False),
    Column("skill", Double, comment="1 - MAE / MAE of the best naive, recent origins"),
    Column("known_until", Date, nullable=False, comment="last whole day used"),
    Column("computed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    schema="derived",
)

# Reporting months something changed in since the last roll-up.
feedback_touched = Table(
    "feedback_touched",
    metadata,
    Column("key", Text, nullable=False, comment="of layer.feedback"),
    Column("at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    schema="ops",
)

# What was sent lately: a report sent twice (a lost network, a double tap) is one report, and no address sends too many.
# Kept for days, without the address itself.
feedback_intake = Table(
    "feedback_intake",
    metadata,
    Column("key_hash", Text, primary_key=True, comment="SHA-256 of the sender's key of this report"),
    Column("address_hash", Text, nullable=False, comment="HMAC of the address; the key changes every day"),
    Column("code", Text, comment="tracking code, once the report is stored"),
    Column("at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Index("ix_feedback_intake_address_hash_at", "address_hash", "at"),
    schema="ops",
)
