"""Environment: approved hourly series, indices, exceedances, surfaces, reviews of flags, alerts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ENSURE = """
CREATE OR REPLACE FUNCTION core.ensure_observation_partitions(first timestamptz, last timestamptz)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    month timestamp := date_trunc('month', first AT TIME ZONE 'UTC');
    parent regclass;
    part text;
    made integer := 0;
BEGIN
    WHILE month <= (last AT TIME ZONE 'UTC') LOOP
        FOREACH parent IN ARRAY ARRAY[{parents}]::regclass[] LOOP
            part := split_part(parent::text, '.', 2) || '_p' || to_char(month, 'YYYYMM');
            IF to_regclass(split_part(parent::text, '.', 1) || '.' || part) IS NULL THEN
                EXECUTE format('CREATE TABLE %s.%I (LIKE %s INCLUDING ALL)',
                               split_part(parent::text, '.', 1), part, parent);
                EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s.%I FOR VALUES FROM (%L) TO (%L)',
                               parent, split_part(parent::text, '.', 1), part,
                               month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
                made := made + 1;
            END IF;
        END LOOP;
        month := month + interval '1 month';
    END LOOP;
    RETURN made;
END $$
"""

# A verdict on values is a reason to roll their days up again. The screens may write reviews, never the mark itself.
REVIEW_TOUCHES = """
CREATE FUNCTION core.observation_review_touches() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO ops.touched_day (series_id, day)
    SELECT DISTINCT o.series_id, CAST((o.time - interval '1 microsecond') AT TIME ZONE 'Asia/Ho_Chi_Minh' AS date)
    FROM core.observation o WHERE o.series_id = NEW.series_id AND o.time BETWEEN NEW.first AND NEW.last
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "alert_rule",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="stable; layer rules: layer.rule"),
        sa.Column("layer_id", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("title_vi", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parameter", sa.Text(), nullable=True, comment="NULL: index, or the station as a whole"),
        sa.Column("feature_key", sa.Text(), nullable=True, comment="NULL: every station of the layer"),
        sa.Column(
            "threshold",
            sa.Double(),
            nullable=True,
            comment="in the parameter's unit; level of the index; hours of silence",
        ),
        sa.Column(
            "mean_hours",
            sa.SmallInteger(),
            server_default="1",
            nullable=False,
            comment="means of so many hours are compared",
        ),
        sa.Column("for_hours", sa.SmallInteger(), server_default="1", nullable=False, comment="so many in a row"),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column(
            "channels",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
            comment="names of settings: mail, webhook, cap",
        ),
        sa.Column("enabled", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('threshold', 'limit', 'index', 'instrument', 'forecast', 'anomaly')",
            name=op.f("ck_alert_rule_kind"),
        ),
        sa.CheckConstraint("origin IN ('layer', 'staff')", name=op.f("ck_alert_rule_origin")),
        sa.CheckConstraint(
            "severity IN ('minor', 'moderate', 'severe', 'extreme')", name=op.f("ck_alert_rule_severity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_rule")),
        sa.UniqueConstraint("name", name=op.f("uq_alert_rule_name")),
        schema="core",
    )
    op.create_table(
        "station_note",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("layer_id", sa.Text(), nullable=False, comment="of the stations: air_station ..."),
        sa.Column("feature_key", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('visit', 'calibration', 'repair', 'replacement', 'note')", name=op.f("ck_station_note_kind")
        ),
        sa.CheckConstraint("trim(note) <> ''", name=op.f("ck_station_note_note")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_note")),
        schema="core",
    )
    op.create_index(
        "ix_station_note_layer_id_feature_key",
        "station_note",
        ["layer_id", "feature_key", "happened_at"],
        unique=False,
        schema="core",
    )
    op.create_table(
        "exceedance",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hours", sa.SmallInteger(), nullable=False, comment="the limit is for means of 1, 8 or 24 hours"),
        sa.Column("n", sa.SmallInteger(), nullable=False, comment="means of the day over the limit"),
        sa.Column("worst", sa.Double(), nullable=False),
        sa.Column("limit_value", sa.Double(), nullable=False, comment="in force on that day"),
        sa.PrimaryKeyConstraint("series_id", "day", "hours", name=op.f("pk_exceedance")),
        schema="derived",
    )
    op.create_table(
        "observation_hourly",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False, comment="end of the hour, UTC"),
        sa.Column("n", sa.SmallInteger(), nullable=False, comment="values received"),
        sa.Column("n_good", sa.SmallInteger(), nullable=False, comment="values that may enter a mean"),
        sa.Column(
            "value",
            sa.Double(),
            nullable=True,
            comment="mean (sum, direction) of the good ones; NULL = too few of them",
        ),
        sa.Column(
            "raw",
            sa.Double(),
            nullable=True,
            comment="the same of all that were measured, good or not; for drawing what is doubtful",
        ),
        sa.Column("minimum", sa.Double(), nullable=True),
        sa.Column("maximum", sa.Double(), nullable=True),
        sa.Column(
            "status",
            sa.SmallInteger(),
            nullable=False,
            comment="0 measuring, 1 calibrating, 2 fault: the worst of the hour",
        ),
        sa.Column("flag", sa.SmallInteger(), nullable=False, comment="all bits of the hour; 0 = good"),
        sa.Column("reviewed", sa.Boolean(), server_default="false", nullable=False, comment="a person has decided"),
        sa.PrimaryKeyConstraint("series_id", "time", name=op.f("pk_observation_hourly")),
        schema="derived",
        postgresql_partition_by="RANGE (time)",
    )
    op.create_table(
        "station_index",
        sa.Column("layer_id", sa.Text(), nullable=False, comment="of the observations"),
        sa.Column("feature_key", sa.Text(), nullable=False),
        sa.Column("index_id", sa.Text(), nullable=False, comment="vn_aqi_hour, vn_aqi_day, vn_wqi, qcvn08"),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", sa.SmallInteger(), nullable=True, comment="NULL with a reason: the index cannot be given"),
        sa.Column("level", sa.SmallInteger(), nullable=True, comment="1 = best"),
        sa.Column(
            "dominant",
            sa.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
            comment="parameters with the worst sub-index",
        ),
        sa.Column(
            "parts",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
            comment="sub-index by parameter",
        ),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=True,
            comment="code: no_particles, few_hours, few_groups, reference_station ...",
        ),
        sa.Column("scale", sa.Text(), nullable=False, comment="version of the rule, as in layers.indices"),
        sa.PrimaryKeyConstraint("layer_id", "feature_key", "index_id", "time", name=op.f("pk_station_index")),
        schema="derived",
    )
    op.create_index(
        "ix_station_index_index_id_time", "station_index", ["index_id", "time"], unique=False, schema="derived"
    )
    op.create_table(
        "surface",
        sa.Column("layer_id", sa.Text(), nullable=False),
        sa.Column("parameter", sa.Text(), nullable=False),
        sa.Column(
            "time",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="end of the hour, UTC; of the local day for 24 h",
        ),
        sa.Column("hours", sa.SmallInteger(), nullable=False, comment="1: an hour; 24: mean of a day"),
        sa.Column("forecast", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("stations", sa.SmallInteger(), nullable=False),
        sa.Column(
            "mean",
            sa.LargeBinary(),
            nullable=False,
            comment="float32, little endian; NaN where the data do not carry it",
        ),
        sa.Column("deviation", sa.LargeBinary(), nullable=False, comment="float32: kriging standard deviation"),
        sa.Column(
            "grid",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="west, south, east, north in degrees, rows, columns",
        ),
        sa.PrimaryKeyConstraint("layer_id", "parameter", "time", "hours", name=op.f("pk_surface")),
        schema="derived",
    )
    op.create_table(
        "touched_day",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False, comment="local day; 00:00 belongs to the day that ended"),
        sa.PrimaryKeyConstraint("series_id", "day", name=op.f("pk_touched_day")),
        schema="ops",
    )
    op.create_table(
        "alert",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "subject", sa.Text(), nullable=False, comment="what makes it one event: layer/station/cause/parameter"
        ),
        sa.Column("rule_id", sa.Integer(), nullable=False, comment="of the gravest finding"),
        sa.Column("layer_id", sa.Text(), nullable=False, comment="of the observations"),
        sa.Column("feature_key", sa.Text(), nullable=False),
        sa.Column("parameter", sa.Text(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False, comment="is it the air (water), the instrument, or a forecast"),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="new", nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False, comment="first hour of the event"),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False, comment="newest hour in which it held"),
        sa.Column(
            "ended_at", sa.DateTime(timezone=True), nullable=True, comment="the event is over; people close the alert"
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("value", sa.Double(), nullable=True, comment="newest"),
        sa.Column("peak", sa.Double(), nullable=True),
        sa.Column("threshold", sa.Double(), nullable=True, comment="what it is compared with"),
        sa.Column(
            "evidence",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
            comment="findings by rule, flags, hours, forecast",
        ),
        sa.Column(
            "unit_ids",
            sa.ARRAY(sa.Integer()),
            server_default="{}",
            nullable=False,
            comment="units that hold the station",
        ),
        sa.CheckConstraint("cause IN ('environment', 'instrument', 'forecast')", name=op.f("ck_alert_cause")),
        sa.CheckConstraint("severity IN ('minor', 'moderate', 'severe', 'extreme')", name=op.f("ck_alert_severity")),
        sa.CheckConstraint("state IN ('new', 'acknowledged', 'closed')", name=op.f("ck_alert_state")),
        sa.ForeignKeyConstraint(["rule_id"], ["core.alert_rule.id"], name=op.f("fk_alert_rule_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        schema="core",
    )
    op.create_index("ix_alert_state_opened_at", "alert", ["state", "opened_at"], unique=False, schema="core")
    op.create_index(
        "uq_alert_open_subject",
        "alert",
        ["subject"],
        unique=True,
        schema="core",
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_table(
        "exposure",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("layer_id", sa.Text(), nullable=False),
        sa.Column("parameter", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("people", sa.Double(), nullable=False, comment="living in the unit"),
        sa.Column("covered", sa.Double(), nullable=False, comment="of them, where the surface says anything"),
        sa.Column("above", sa.Double(), nullable=False, comment="of them, over the limit"),
        sa.Column("mean", sa.Double(), nullable=True, comment="mean of the surface, weighted by people"),
        sa.Column("limit_value", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["core.admin_unit.id"], name=op.f("fk_exposure_unit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("unit_id", "layer_id", "parameter", "day", name=op.f("pk_exposure")),
        schema="derived",
    )
    op.create_table(
        "unit_hourly",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("layer_id", sa.Text(), nullable=False),
        sa.Column("parameter", sa.Text(), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False, comment="end of the hour, UTC"),
        sa.Column("stations", sa.Integer(), nullable=False),
        sa.Column("mean", sa.Double(), nullable=True),
        sa.Column("maximum", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["core.admin_unit.id"], name=op.f("fk_unit_hourly_unit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("unit_id", "layer_id", "parameter", "time", name=op.f("pk_unit_hourly")),
        schema="derived",
    )
    op.create_table(
        "alert_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("alert_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "action IN ('opened', 'worsened', 'acknowledged', 'closed', 'reopened', 'ended', 'note')",
            name=op.f("ck_alert_event_action"),
        ),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["core.alert.id"], name=op.f("fk_alert_event_alert_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_event")),
        schema="core",
    )
    op.create_index(op.f("ix_alert_event_alert_id"), "alert_event", ["alert_id"], unique=False, schema="core")
    op.create_table(
        "observation_review",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.DateTime(timezone=True), nullable=False, comment="first <= time <= last"),
        sa.Column("last", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "verdict", sa.Text(), nullable=False, comment="good: enters means whatever its flags; bad: never enters"
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True, comment="taken back; kept for the history"),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.CheckConstraint("trim(note) <> ''", name=op.f("ck_observation_review_note")),
        sa.CheckConstraint("verdict IN ('good', 'bad')", name=op.f("ck_observation_review_verdict")),
        sa.CheckConstraint("first <= last", name=op.f("ck_observation_review_span")),
        sa.ForeignKeyConstraint(
            ["series_id"], ["core.series.id"], name=op.f("fk_observation_review_series_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation_review")),
        schema="core",
    )
    op.create_index(
        "ix_observation_review_series_id_first",
        "observation_review",
        ["series_id", "first"],
        unique=False,
        schema="core",
    )
    op.create_table(
        "notification",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("alert_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False, comment="mail, webhook"),
        sa.Column("occasion", sa.Text(), nullable=False, comment="opened, worsened, closed"),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column(
            "not_before",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="quiet hours, retry",
        ),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('queued', 'sent', 'failed')", name=op.f("ck_notification_state")),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["core.alert.id"], name=op.f("fk_notification_alert_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        schema="ops",
    )
    op.create_index(op.f("ix_notification_alert_id"), "notification", ["alert_id"], unique=False, schema="ops")
    op.create_index(
        "ix_notification_state_not_before", "notification", ["state", "not_before"], unique=False, schema="ops"
    )
    op.add_column(
        "series",
        sa.Column(
            "cadence_minutes",
            sa.SmallInteger(),
            server_default="60",
            nullable=False,
            comment="how often the station sends: an hour of a five-minute series has 12 values",
        ),
        schema="core",
    )
    op.add_column(
        "forecast_issue",
        sa.Column(
            "skill_seasonal",
            sa.Double(),
            nullable=True,
            comment="1 - MAE / MAE of the same hour yesterday, recent origins",
        ),
        schema="derived",
    )
    op.alter_column(
        "observation_daily",
        "n",
        existing_type=sa.INTEGER(),
        comment="hours with values received",
        existing_comment="values received",
        existing_nullable=False,
        schema="derived",
    )
    op.alter_column(
        "observation_daily",
        "n_good",
        existing_type=sa.INTEGER(),
        comment="hours that entered the mean",
        existing_comment="values that entered the mean: status 0 and flag 0",
        existing_nullable=False,
        schema="derived",
    )
    op.alter_column(
        "observation_daily",
        "mean",
        existing_type=sa.DOUBLE_PRECISION(precision=53),
        comment="of the good hours, however few; a law asks for 18 of 24",
        existing_nullable=True,
        schema="derived",
    )
    op.execute(ENSURE.format(parents="'core.observation', 'derived.observation_hourly'"))
    op.execute("""
        SELECT core.ensure_observation_partitions(min(span.first), max(span.last))
        FROM (SELECT min(time) AS first, max(time) AS last FROM core.observation) AS span WHERE span.first IS NOT NULL
    """)
    op.execute(REVIEW_TOUCHES)
    op.execute("""
        CREATE TRIGGER observation_review_touches AFTER INSERT OR UPDATE ON core.observation_review
        FOR EACH ROW EXECUTE FUNCTION core.observation_review_touches()
    """)
    # The next roll-up builds everything anew: there are no hours yet.
    op.execute("DELETE FROM ops.watermark WHERE name LIKE 'rollup%'")


def downgrade() -> None:
    op.execute("DROP TRIGGER observation_review_touches ON core.observation_review")
    op.execute("DROP FUNCTION core.observation_review_touches()")
    op.execute(ENSURE.format(parents="'core.observation'"))
    op.alter_column(
        "observation_daily",
        "mean",
        existing_type=sa.DOUBLE_PRECISION(precision=53),
        comment=None,
        existing_comment="of the good hours, however few; a law asks for 18 of 24",
        existing_nullable=True,
        schema="derived",
    )
    op.alter_column(
        "observation_daily",
        "n_good",
        existing_type=sa.INTEGER(),
        comment="values that entered the mean: status 0 and flag 0",
        existing_comment="hours that entered the mean",
        existing_nullable=False,
        schema="derived",
    )
    op.alter_column(
        "observation_daily",
        "n",
        existing_type=sa.INTEGER(),
        comment="values received",
        existing_comment="hours with values received",
        existing_nullable=False,
        schema="derived",
    )
    op.drop_column("forecast_issue", "skill_seasonal", schema="derived")
    op.drop_column("series", "cadence_minutes", schema="core")
    op.drop_index("ix_notification_state_not_before", table_name="notification", schema="ops")
    op.drop_index(op.f("ix_notification_alert_id"), table_name="notification", schema="ops")
    op.drop_table("notification", schema="ops")
    op.drop_index("ix_observation_review_series_id_first", table_name="observation_review", schema="core")
    op.drop_table("observation_review", schema="core")
    op.drop_index(op.f("ix_alert_event_alert_id"), table_name="alert_event", schema="core")
    op.drop_table("alert_event", schema="core")
    op.drop_table("unit_hourly", schema="derived")
    op.drop_table("exposure", schema="derived")
    op.drop_index(
        "uq_alert_open_subject", table_name="alert", schema="core", postgresql_where=sa.text("state <> 'closed'")
    )
    op.drop_index("ix_alert_state_opened_at", table_name="alert", schema="core")
    op.drop_table("alert", schema="core")
    op.drop_table("touched_day", schema="ops")
    op.drop_table("surface", schema="derived")
    op.drop_index("ix_station_index_index_id_time", table_name="station_index", schema="derived")
    op.drop_table("station_index", schema="derived")
    op.drop_table("observation_hourly", schema="derived")
    op.drop_table("exceedance", schema="derived")
    op.drop_index("ix_station_note_layer_id_feature_key", table_name="station_note", schema="core")
    op.drop_table("station_note", schema="core")
    op.drop_table("alert_rule", schema="core")
