"""Touched days are a queue without locks; partitions are made by one transaction at a time; units by moment."""

from alembic import op

revision = "0010"
down_revision = "0009"
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
        FOREACH parent IN ARRAY ARRAY['core.observation', 'derived.observation_hourly']::regclass[] LOOP
            part := split_part(parent::text, '.', 2) || '_p' || to_char(month, 'YYYYMM');
            CONTINUE WHEN to_regclass(split_part(parent::text, '.', 1) || '.' || part) IS NOT NULL;
            {lock}
            EXECUTE format('CREATE TABLE %s.%I (LIKE %s INCLUDING ALL)', split_part(parent::text, '.', 1), part, parent);
            EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s.%I FOR VALUES FROM (%L) TO (%L)',
                           parent, split_part(parent::text, '.', 1), part,
                           month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
            made := made + 1;
        END LOOP;
        month := month + interval '1 month';
    END LOOP;
    RETURN made;
END $$
"""
# Two loads that meet in a new month: the second waits for the first, then finds the partition made.
LOCK = """PERFORM pg_advisory_xact_lock(1734700905, hashtext('observation partitions'));
            CONTINUE WHEN to_regclass(split_part(parent::text, '.', 1) || '.' || part) IS NOT NULL;"""


def upgrade() -> None:
    # A load only ever adds, the roll-up takes what it sees: neither waits for the other, and no change is lost between.
    op.drop_constraint("pk_touched_day", "touched_day", schema="ops")
    # All units at one moment: frames of the map, and what a roll-up writes again. Rows of units that go are deleted by
    # the roll-up that follows; a reference checked for each of millions of rows would double the time of a first one.
    op.drop_constraint("pk_unit_hourly", "unit_hourly", schema="derived")
    op.create_primary_key(
        "pk_unit_hourly", "unit_hourly", ["layer_id", "parameter", "time", "unit_id"], schema="derived"
    )
    op.create_index(
        "ix_unit_daily_layer_id_parameter_day", "unit_daily", ["layer_id", "parameter", "day"], schema="derived"
    )
    for table in ("unit_hourly", "unit_daily"):
        op.drop_constraint(f"fk_{table}_unit_id", table, schema="derived", type_="foreignkey")
    op.execute(ENSURE.format(lock=LOCK))


def downgrade() -> None:
    op.execute(ENSURE.format(lock=""))
    for table in ("unit_hourly", "unit_daily"):
        op.execute(
            f"DELETE FROM derived.{table} t WHERE NOT EXISTS (SELECT FROM core.admin_unit u WHERE u.id = t.unit_id)"  # noqa: S608
        )
        op.create_foreign_key(
            f"fk_{table}_unit_id", table, "admin_unit", ["unit_id"], ["id"], source_schema="derived",
            referent_schema="core", ondelete="CASCADE",
        )  # fmt: skip
    op.drop_index("ix_unit_daily_layer_id_parameter_day", "unit_daily", schema="derived")
    op.drop_constraint("pk_unit_hourly", "unit_hourly", schema="derived")
    op.create_primary_key(
        "pk_unit_hourly", "unit_hourly", ["unit_id", "layer_id", "parameter", "time"], schema="derived"
    )
    op.execute(
        "CREATE TEMPORARY TABLE once ON COMMIT DROP AS SELECT DISTINCT series_id, day FROM ops.touched_day;"
        " DELETE FROM ops.touched_day; INSERT INTO ops.touched_day SELECT * FROM once"
    )
    op.create_primary_key("pk_touched_day", "touched_day", ["series_id", "day"], schema="ops")
