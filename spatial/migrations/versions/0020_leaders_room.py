"""Leaders: feedback cases and their roll-ups, plan versions, outlook and anomalies, attention, cameras, briefings."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("name_vi", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
        schema="core",
    )
    op.create_table(
        "camera_coverage",
        sa.Column("layer_id", sa.Text(), nullable=False, comment="of the place: school ..."),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("unit_ids", sa.ARRAY(sa.Integer()), server_default="{}", nullable=False),
        sa.Column(
            "seen_by",
            sa.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
            comment="cameras whose sector holds the place",
        ),
        sa.Column(
            "maybe_by", sa.ARRAY(sa.Text()), server_default="{}", nullable=False, comment="in reach, heading unknown"
        ),
        sa.Column("nearest", sa.Text(), nullable=True),
        sa.Column("distance_m", sa.Double(), nullable=True, comment="to the nearest camera, geodesic"),
        sa.PrimaryKeyConstraint("layer_id", "key", name=op.f("pk_camera_coverage")),
        schema="derived",
    )
    op.create_index(
        "ix_camera_coverage_unit_ids",
        "camera_coverage",
        ["unit_ids"],
        unique=False,
        schema="derived",
        postgresql_using="gin",
    )
    op.create_table(
        "feedback_day",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False, comment="local calendar day"),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("handling_unit", sa.Text(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False, comment="duplicates and rejected not counted"),
        sa.Column("processed", sa.Integer(), nullable=False, comment="of any day, with result on this day"),
        sa.Column("processed_late", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "day", "category", "handling_unit", name=op.f("pk_feedback_day")),
        schema="derived",
    )
    op.create_index("ix_feedback_day_day", "feedback_day", ["day"], unique=False, schema="derived")
    op.create_table(
        "feedback_period",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "period", sa.Date(), nullable=False, comment="first day of the month the reporting month is named after"
        ),
        sa.Column("category", sa.Text(), nullable=False, comment="'' = all"),
        sa.Column("handling_unit", sa.Text(), nullable=False, comment="'' = all"),
        sa.Column(
            "received", sa.Integer(), nullable=False, comment="received in the period; the rest is counted of these"
        ),
        sa.Column("processed", sa.Integer(), nullable=False),
        sa.Column("on_time", sa.Integer(), nullable=False, comment="of processed"),
        sa.Column("in_progress", sa.Integer(), nullable=False),
        sa.Column(
            "overdue", sa.Integer(), nullable=False, comment="open or closed after the deadline; overlaps the others"
        ),
        sa.Column("rejected", sa.Integer(), nullable=False, comment="not in received"),
        sa.Column("duplicates", sa.Integer(), nullable=False, comment="not in received"),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("rated", sa.Integer(), nullable=False),
        sa.Column("satisfied", sa.Integer(), nullable=False, comment="rating of 4 or 5"),
        sa.Column("median_hours", sa.Double(), nullable=True, comment="result - receipt, of processed"),
        sa.Column("p90_hours", sa.Double(), nullable=True),
        sa.Column(
            "hours_histogram",
            sa.ARRAY(sa.Integer()),
            nullable=False,
            comment="processed within 1, 2, 4, 8, 24, 48, 72, 120, 240, 480, 960 hours, and longer",
        ),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False, comment="end of the period, or now"),
        sa.PrimaryKeyConstraint("unit_id", "period", "category", "handling_unit", name=op.f("pk_feedback_period")),
        schema="derived",
    )
    op.create_index("ix_feedback_period_period", "feedback_period", ["period"], unique=False, schema="derived")
    op.create_table(
        "briefing",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("unit_key", sa.Text(), nullable=False),
        sa.Column("cycle", sa.Text(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True, comment="file data/briefings/<sha256>.pdf"),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("cycle IN ('daily', 'weekly', 'once')", name=op.f("ck_briefing_cycle")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefing")),
        schema="ops",
    )
    op.create_index("ix_briefing_unit_key_made_at", "briefing", ["unit_key", "made_at"], unique=False, schema="ops")
    op.create_table(
        "feedback_touched",
        sa.Column("key", sa.Text(), nullable=False, comment="of layer.feedback"),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        schema="ops",
    )
    op.create_table(
        "camera_outage",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["key"], ["layer.camera.key"], name=op.f("fk_camera_outage_key"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_camera_outage")),
        schema="core",
    )
    op.create_index(
        "ix_camera_outage_key_started_at", "camera_outage", ["key", "started_at"], unique=False, schema="core"
    )
    op.create_table(
        "camera_state",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=True,
            comment="code: no_address, refused, timeout, http_status, not_a_picture, frozen ...",
        ),
        sa.Column("latency_ms", sa.Integer(), nullable=True),
        sa.Column("last_ok_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frame_at", sa.DateTime(timezone=True), nullable=True, comment="when the last new picture came"),
        sa.Column("frame_sha256", sa.Text(), nullable=True, comment="of the last picture; file data/frames/<key>.jpg"),
        sa.Column("fails", sa.SmallInteger(), server_default="0", nullable=False, comment="probes failed in a row"),
        sa.ForeignKeyConstraint(["key"], ["layer.camera.key"], name=op.f("fk_camera_state_key"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_camera_state")),
        schema="core",
    )
    op.create_geospatial_table(
        "feedback_case",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column(
            "exact",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
            comment="where the citizen put the pin",
        ),
        sa.Column("place_text", sa.Text(), nullable=True, comment="the place in the citizen's words"),
        sa.Column("text_unit_id", sa.Integer(), nullable=True, comment="unit the words name"),
        sa.Column("pin_check", sa.Text(), server_default="unchecked", nullable=False),
        sa.Column("first_due_at", sa.DateTime(timezone=True), nullable=True, comment="deadline of the first answer"),
        sa.Column(
            "first_due_met_at", sa.DateTime(timezone=True), nullable=True, comment="when the unit answered first"
        ),
        sa.Column(
            "original_due_at", sa.DateTime(timezone=True), nullable=True, comment="deadline before any extension"
        ),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_since", sa.DateTime(timezone=True), nullable=True, comment="the clock stands still since"),
        sa.Column(
            "paused_minutes",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="of working time, pauses that ended",
        ),
        sa.Column("secret_hash", sa.Text(), nullable=True, comment="scrypt of what lets the citizen answer"),
        sa.Column("rating_comment", sa.Text(), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "pin_check IN ('unchecked', 'agrees', 'disagrees', 'no_pin')", name=op.f("ck_feedback_case_pin_check")
        ),
        sa.ForeignKeyConstraint(["key"], ["layer.feedback.key"], name=op.f("fk_feedback_case_key"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["text_unit_id"], ["core.admin_unit.id"], name=op.f("fk_feedback_case_text_unit_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_feedback_case")),
        schema="core",
    )
    op.create_geospatial_index(
        "idx_feedback_case_exact",
        "feedback_case",
        ["exact"],
        unique=False,
        schema="core",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_table(
        "feedback_photo",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="report: by the citizen; result: by the unit"),
        sa.Column("sha256", sa.Text(), nullable=False, comment="file data/photos/<sha256>.jpg, without EXIF"),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column(
            "public",
            sa.Boolean(),
            server_default="false",
            nullable=False,
            comment="looked at: no face, no number plate",
        ),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind IN ('report', 'result')", name=op.f("ck_feedback_photo_kind")),
        sa.ForeignKeyConstraint(
            ["key"], ["layer.feedback.key"], name=op.f("fk_feedback_photo_key"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_photo")),
        schema="core",
    )
    op.create_index("ix_feedback_photo_key", "feedback_photo", ["key"], unique=False, schema="core")
    op.create_table(
        "handling_unit",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="as in layer.feedback.handling_unit"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True, comment="commune whose committee it is"),
        sa.Column(
            "categories",
            sa.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
            comment="fields it handles by default",
        ),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind IN ('centre', 'agency', 'commune', 'company')", name=op.f("ck_handling_unit_kind")),
        sa.ForeignKeyConstraint(["unit_id"], ["core.admin_unit.id"], name=op.f("fk_handling_unit_unit_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_handling_unit")),
        sa.UniqueConstraint("name", name=op.f("uq_handling_unit_name")),
        schema="core",
    )
    op.create_table(
        "attention",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False, comment="alert, plan, anomaly, feedback, camera, data"),
        sa.Column("key", sa.Text(), nullable=False, comment="stable within the subject"),
        sa.Column("domain", sa.Text(), nullable=False, comment="tab of the overview"),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("unit_ids", sa.ARRAY(sa.Integer()), nullable=False, comment="every unit whose page shows it"),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("rank", sa.Double(), nullable=False, comment="higher comes first"),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "until", sa.DateTime(timezone=True), nullable=True, comment="deadline, or when the forecast says it happens"
        ),
        sa.Column("who", sa.Text(), nullable=True, comment="agency or unit that is on it"),
        sa.Column(
            "facts",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="numbers of the sentence; the screen writes it",
        ),
        sa.Column("url", sa.Text(), nullable=False, comment="of the evidence"),
        sa.Column("computed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "severity IN ('minor', 'moderate', 'severe', 'extreme')", name=op.f("ck_attention_severity")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["core.admin_unit.id"], name=op.f("fk_attention_unit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attention")),
        sa.UniqueConstraint("subject", "key", name=op.f("uq_attention_subject_key")),
        schema="derived",
    )
    op.create_index(
        "ix_attention_unit_ids", "attention", ["unit_ids"], unique=False, schema="derived", postgresql_using="gin"
    )
    op.create_table(
        "indicator_anomaly",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("expected", sa.Double(), nullable=False),
        sa.Column("low", sa.Double(), nullable=False, comment="of the expected band"),
        sa.Column("high", sa.Double(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False, comment="robust deviations from what is expected"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "cause",
            sa.Text(),
            nullable=False,
            comment="code: unit_factor, repeated, cumulative, parts_differ, sudden ...",
        ),
        sa.Column("computed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind IN ('report', 'event')", name=op.f("ck_indicator_anomaly_kind")),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["core.admin_unit.id"], name=op.f("fk_indicator_anomaly_unit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("unit_id", "code", "period", name=op.f("pk_indicator_anomaly")),
        schema="derived",
    )
    op.create_index("ix_indicator_anomaly_period", "indicator_anomaly", ["period"], unique=False, schema="derived")
    op.create_table(
        "indicator_computed",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False, comment="first day of the month"),
        sa.Column("state", sa.Text(), nullable=False, comment="estimate while the period runs, official after it"),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False, comment="cases the value rests on"),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False, comment="data up to this moment"),
        sa.CheckConstraint("state IN ('estimate', 'official')", name=op.f("ck_indicator_computed_state")),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["core.admin_unit.id"], name=op.f("fk_indicator_computed_unit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("unit_id", "code", "period", name=op.f("pk_indicator_computed")),
        schema="derived",
    )
    op.create_index(
        "ix_indicator_computed_code_period", "indicator_computed", ["code", "period"], unique=False, schema="derived"
    )
    op.create_table(
        "indicator_outlook",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("year", sa.Date(), nullable=False, comment="1 January"),
        sa.Column("known_until", sa.Date(), nullable=False, comment="newest period used"),
        sa.Column("actual", sa.Double(), nullable=True, comment="cumulative so far"),
        sa.Column("q10", sa.Double(), nullable=True, comment="of the whole year"),
        sa.Column("q50", sa.Double(), nullable=True),
        sa.Column("q90", sa.Double(), nullable=True),
        sa.Column("plan", sa.Double(), nullable=True),
        sa.Column("chance", sa.Double(), nullable=True, comment="0 to 1: the plan is met"),
        sa.Column(
            "skill",
            sa.Double(),
            nullable=True,
            comment="1 - MAE / MAE of the naive projection, past years from the same month",
        ),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True, comment="why there is no projection"),
        sa.Column("computed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["core.admin_unit.id"], name=op.f("fk_indicator_outlook_unit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("unit_id", "code", "year", name=op.f("pk_indicator_outlook")),
        schema="derived",
    )
    op.create_index(
        "ix_indicator_outlook_code_year", "indicator_outlook", ["code", "year"], unique=False, schema="derived"
    )
    op.create_table(
        "indicator_plan",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Date(), nullable=False, comment="1 January of the year"),
        sa.Column("issued_on", sa.Date(), nullable=False, comment="in force from this day"),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True, comment="number of the decision"),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"], ["core.series.id"], name=op.f("fk_indicator_plan_series_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("series_id", "year", "issued_on", name=op.f("pk_indicator_plan")),
        schema="core",
    )
    op.add_column(
        "indicator_value",
        sa.Column("published_on", sa.Date(), nullable=True, comment="when the agency gave the figure out"),
        schema="core",
    )
    op.add_column("feedback", sa.Column("level", sa.Text(), nullable=True), schema="layer")
    op.add_column("feedback", sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True), schema="layer")
    op.add_column("feedback", sa.Column("result", sa.Text(), nullable=True), schema="layer")
    op.add_column("feedback", sa.Column("solved", sa.Boolean(), nullable=True), schema="layer")
    op.add_column("feedback_event", sa.Column("action", sa.Text(), nullable=True), schema="layer")
    op.add_column("feedback_event", sa.Column("to_unit", sa.Text(), nullable=True), schema="layer")
    op.add_column("feedback_event", sa.Column("until", sa.DateTime(timezone=True), nullable=True), schema="layer")
    op.add_column("feedback_event", sa.Column("internal", sa.Boolean(), nullable=True), schema="layer")
    op.add_column("feedback_private", sa.Column("reporter_email", sa.Text(), nullable=True), schema="layer")


def downgrade() -> None:
    op.drop_column("feedback_private", "reporter_email", schema="layer")
    op.drop_column("feedback_event", "internal", schema="layer")
    op.drop_column("feedback_event", "until", schema="layer")
    op.drop_column("feedback_event", "to_unit", schema="layer")
    op.drop_column("feedback_event", "action", schema="layer")
    op.drop_column("feedback", "solved", schema="layer")
    op.drop_column("feedback", "result", schema="layer")
    op.drop_column("feedback", "answered_at", schema="layer")
    op.drop_column("feedback", "level", schema="layer")
    op.drop_column("indicator_value", "published_on", schema="core")
    op.drop_table("indicator_plan", schema="core")
    op.drop_index("ix_indicator_outlook_code_year", table_name="indicator_outlook", schema="derived")
    op.drop_table("indicator_outlook", schema="derived")
    op.drop_index("ix_indicator_computed_code_period", table_name="indicator_computed", schema="derived")
    op.drop_table("indicator_computed", schema="derived")
    op.drop_index("ix_indicator_anomaly_period", table_name="indicator_anomaly", schema="derived")
    op.drop_table("indicator_anomaly", schema="derived")
    op.drop_index("ix_attention_unit_ids", table_name="attention", schema="derived", postgresql_using="gin")
    op.drop_table("attention", schema="derived")
    op.drop_table("handling_unit", schema="core")
    op.drop_index("ix_feedback_photo_key", table_name="feedback_photo", schema="core")
    op.drop_table("feedback_photo", schema="core")
    op.drop_geospatial_index(
        "idx_feedback_case_exact",
        table_name="feedback_case",
        schema="core",
        postgresql_using="gist",
        column_name="exact",
    )
    op.drop_geospatial_table("feedback_case", schema="core")
    op.drop_table("camera_state", schema="core")
    op.drop_index("ix_camera_outage_key_started_at", table_name="camera_outage", schema="core")
    op.drop_table("camera_outage", schema="core")
    op.drop_table("feedback_touched", schema="ops")
    op.drop_index("ix_briefing_unit_key_made_at", table_name="briefing", schema="ops")
    op.drop_table("briefing", schema="ops")
    op.drop_index("ix_feedback_period_period", table_name="feedback_period", schema="derived")
    op.drop_table("feedback_period", schema="derived")
    op.drop_index("ix_feedback_day_day", table_name="feedback_day", schema="derived")
    op.drop_table("feedback_day", schema="derived")
    op.drop_index("ix_camera_coverage_unit_ids", table_name="camera_coverage", schema="derived", postgresql_using="gin")
    op.drop_table("camera_coverage", schema="derived")
    op.drop_table("calendar_day", schema="core")
