"""Partitions of observations, units at a point, and versions of a unit that never overlap."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE FUNCTION core.ensure_observation_partitions(first timestamptz, last timestamptz)
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
    # One unit per level and vintage, so that a point on a shared border is not counted twice.
    op.execute("""
        CREATE FUNCTION core.units_at(point public.geometry) RETURNS integer[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
            SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM (
                SELECT DISTINCT ON (u.level, u.valid_from, u.valid_to) u.id
                FROM core.admin_unit_part p JOIN core.admin_unit u ON u.id = p.unit_id
                WHERE public.ST_Intersects(p.geom, point)
                ORDER BY u.level, u.valid_from, u.valid_to, u.id
            ) AS found
        $$
    """)
    op.execute("""
        ALTER TABLE core.admin_unit ADD CONSTRAINT ex_admin_unit_versions EXCLUDE USING gist
        (level WITH =, code WITH =, daterange(valid_from, valid_to) WITH &&)
    """)


def downgrade() -> None:
    op.execute("ALTER TABLE core.admin_unit DROP CONSTRAINT ex_admin_unit_versions")
    op.execute("DROP FUNCTION core.units_at(public.geometry)")
    op.execute("DROP FUNCTION core.ensure_observation_partitions(timestamptz, timestamptz)")
