"""Mean of the surface by unit and hour, weighted by people: what a map of units shows where a unit has no station."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unit_surface",
        sa.Column("unit_id", sa.Integer, primary_key=True),
        sa.Column("layer_id", sa.Text, primary_key=True),
        sa.Column("parameter", sa.Text, primary_key=True),
        sa.Column("time", sa.DateTime(timezone=True), primary_key=True, comment="end of the hour, UTC"),
        sa.Column("mean", sa.Double, nullable=False, comment="of the surface, weighted by people"),
        sa.Column("covered", sa.Double, nullable=False, comment="share of the people where the surface says anything"),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["core.admin_unit.id"], name="fk_unit_surface_unit_id_admin_unit", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("unit_id", "layer_id", "parameter", "time", name="pk_unit_surface"),
        schema="derived",
    )


def downgrade() -> None:
    op.drop_table("unit_surface", schema="derived")
