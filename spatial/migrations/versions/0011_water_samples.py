"""Water samples: values below the limit of detection, and whether a station stands at a river or a lake."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "observation_limit",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "sign",
            sa.Text(),
            nullable=False,
            comment="< below the limit of detection, > above what can be counted",
        ),
        sa.Column("value", sa.Double(), nullable=False, comment="the limit, in the unit of the parameter"),
        sa.CheckConstraint("sign IN ('<', '>')", name=op.f("ck_observation_limit_sign")),
        sa.PrimaryKeyConstraint("series_id", "time", name=op.f("pk_observation_limit")),
        schema="core",
    )
    op.add_column("water_station", sa.Column("water_body", sa.Text(), nullable=True), schema="layer")


def downgrade() -> None:
    op.drop_column("water_station", "water_body", schema="layer")
    op.drop_table("observation_limit", schema="core")
