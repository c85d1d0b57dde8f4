"""How often a camera sent the same picture, and since when it is looked after."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "camera_state",
        sa.Column("same", sa.SmallInteger(), nullable=False, server_default="0", comment="repeats of the last picture"),
        schema="core",
    )
    op.add_column(
        "camera_state",
        sa.Column(
            "since", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now(), comment="first probe"
        ),
        schema="core",
    )


def downgrade() -> None:
    op.drop_column("camera_state", "since", schema="core")
    op.drop_column("camera_state", "same", schema="core")
