"""Partitions of observations are made aside and attached, so that a load keeps no reader waiting."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # CREATE TABLE ... PARTITION OF would lock the parent against every reader until the load's transaction ends.
    op.execute("""
        CREATE OR REPLACE FUNCTION core.ensure_observation_partitions(first timestamptz, last timestamptz)
        RETURNS integer LANGUAGE plpgsql AS $$
        DECLARE
            month timestamp := date_trunc('month', first AT TIME ZONE 'UTC');
            part text;
            made integer := 0;
        BEGIN
            WHILE month <= (last AT TIME ZONE 'UTC') LOOP
                part := 'observation_p' || to_char(month, 'YYYYMM');
                IF to_regclass('core.' || part) IS NULL THEN
                    EXECUTE format('CREATE TABLE core.%I (LIKE core.observation INCLUDING ALL)', part);
                    EXECUTE format(
                        'ALTER TABLE core.observation ATTACH PARTITION core.%I FOR VALUES FROM (%L) TO (%L)',
                        part, month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
                    made := made + 1;
                END IF;
                month := month + interval '1 month';
            END LOOP;
            RETURN made;
        END $$
    """)


def downgrade() -> None:
    op.execute("""
        CREATE OR REPLACE FUNCTION core.ensure_observation_partitions(first timestamptz, last timestamptz)
        RETURNS integer LANGUAGE plpgsql AS $$
        DECLARE
            month timestamp := date_trunc('month', first AT TIME ZONE 'UTC');
            part text;
            made integer := 0;
        BEGIN
            WHILE month <= (last AT TIME ZONE 'UTC') LOOP
                part := 'observation_p' || to_char(month, 'YYYYMM');
                IF to_regclass('core.' || part) IS NULL THEN
                    EXECUTE format(
                        'CREATE TABLE core.%I PARTITION OF core.observation FOR VALUES FROM (%L) TO (%L)',
                        part, month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
                    made := made + 1;
                END IF;
                month := month + interval '1 month';
            END LOOP;
            RETURN made;
        END $$
    """)
