"""Reports sent by citizens and other channels: one report for a double send, and a limit by address."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback_intake",
        sa.Column("key_hash", sa.Text(), nullable=False, comment="SHA-256 of the sender's key of this report"),
        sa.Column("address_hash", sa.Text(), nullable=False, comment="HMAC of the address; the key changes every day"),
        sa.Column("code", sa.Text(), nullable=True, comment="tracking code, once the report is stored"),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_feedback_intake")),
        schema="ops",
    )
    op.create_index(
        "ix_feedback_intake_address_hash_at", "feedback_intake", ["address_hash", "at"], unique=False, schema="ops"
    )


def downgrade() -> None:
    op.drop_index("ix_feedback_intake_address_hash_at", table_name="feedback_intake", schema="ops")
    op.drop_table("feedback_intake", schema="ops")
