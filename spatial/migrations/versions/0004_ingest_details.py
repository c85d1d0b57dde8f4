"""What a run found in detail, and findings whose row was stored all the same."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "ingest_run",
        sa.Column(
            "details",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
            comment="rejected by reason, flagged by kind, header of each column",
        ),
        schema="ops",
    )
    op.add_column(
        "quarantine",
        sa.Column(
            "kept",
            sa.Boolean(),
            server_default="false",
            nullable=False,
            comment="the row was stored all the same: repaired, or marked as doubtful",
        ),
        schema="ops",
    )


def downgrade() -> None:
    op.drop_column("quarantine", "kept", schema="ops")
    op.drop_column("ingest_run", "details", schema="ops")
