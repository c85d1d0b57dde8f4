"""One function for the full name of a unit; names lose the type that some lists write into them."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE FUNCTION core.unit_name(type_vi text, name text) RETURNS text
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT type_vi || ' ' || name $$
    """)
    op.execute("COMMENT ON FUNCTION core.unit_name IS 'type and name of a unit, as people write it'")
    op.execute("""
        UPDATE core.admin_unit SET type_vi = spoken.kind, updated_at = now(),
               name_fold = core.vn_fold(core.unit_name(spoken.kind, name))
        FROM (VALUES ('Đặc khu tại hải đảo', 'Đặc khu'), ('Thành phố trực thuộc trung ương', 'Thành phố'))
             AS spoken (legal, kind) WHERE lower(type_vi) = lower(spoken.legal)
    """)
    # Names as ingest reads them from now on; search entries follow because the version of the layer moves.
    op.execute("""
        WITH bare AS (
            UPDATE core.admin_unit SET name = trim(substr(name, length(type_vi) + 2)),
                   name_fold = core.vn_fold(core.unit_name(type_vi, trim(substr(name, length(type_vi) + 2)))),
                   updated_at = now()
            WHERE lower(left(name, length(type_vi) + 1)) = lower(type_vi) || ' '
              AND trim(substr(name, length(type_vi) + 2)) <> ''
            RETURNING 1
        )
        UPDATE ops.layer_version SET version = version + 1, changed_at = now()
        WHERE layer_id = 'admin_unit' AND EXISTS (SELECT FROM bare)
    """)


def downgrade() -> None:
    op.execute("DROP FUNCTION core.unit_name(text, text)")
