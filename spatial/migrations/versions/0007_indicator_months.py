"""Figures of units for times in which they did not exist, computed ahead."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "indicator_month",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False, comment="first day of the month; of the year for plans"),
        sa.Column("state", sa.Text(), nullable=False, comment="of the weakest part; plan"),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False, comment="exact (sum of undivided units), by_people or by_area"),
        sa.CheckConstraint(
            "state IN ('estimate', 'preliminary', 'official', 'plan')", name=op.f("ck_indicator_month_state")
        ),
        sa.CheckConstraint("method IN ('exact', 'by_people', 'by_area')", name=op.f("ck_indicator_month_method")),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["core.admin_unit.id"],
            name=op.f("fk_indicator_month_unit_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("unit_id", "code", "period", "state", name=op.f("pk_indicator_month")),
        schema="derived",
    )
    op.create_index("ix_indicator_month_code_period", "indicator_month", ["code", "period"], schema="derived")


def downgrade() -> None:
    op.drop_table("indicator_month", schema="derived")
