"""Facts the feedback roll-up counts, forecast of daily load, and the history of a case by its code."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback_fact",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False, comment="local day of receipt"),
        sa.Column("done_day", sa.Date(), nullable=True, comment="local day of the result"),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("handling_unit", sa.Text(), nullable=False),
        sa.Column("unit_ids", sa.ARRAY(sa.Integer()), nullable=False, comment="0 = all reports, wherever they are"),
        sa.Column("counts_as", sa.Text(), nullable=False),
        sa.Column("hours", sa.Double(), nullable=True, comment="result - receipt, of processed"),
        sa.Column("late_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True, comment="result, or the clock's stop"),
        sa.Column("reopened", sa.Boolean(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_feedback_fact")),
        schema="derived",
    )
    op.create_index("ix_feedback_fact_period", "feedback_fact", ["period"], schema="derived")
    op.create_index("ix_feedback_fact_day", "feedback_fact", ["day"], schema="derived")
    op.create_index("ix_feedback_fact_done_day", "feedback_fact", ["done_day"], schema="derived")
    op.create_index(
        "ix_feedback_fact_late_at", "feedback_fact", ["late_at"], schema="derived",
        postgresql_where=sa.text("ended_at IS NULL"),
    )  # fmt: skip
    op.create_table(
        "feedback_forecast",
        sa.Column("unit_id", sa.Integer(), nullable=False, comment="0 = all reports, wherever they are"),
        sa.Column("category", sa.Text(), nullable=False, comment="'' = all"),
        sa.Column("target", sa.Date(), nullable=False, comment="local day"),
        sa.Column("q10", sa.Double(), nullable=False),
        sa.Column("q50", sa.Double(), nullable=False),
        sa.Column("q90", sa.Double(), nullable=False),
        sa.Column("mean", sa.Double(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("skill", sa.Double(), nullable=True, comment="1 - MAE / MAE of the best naive, recent origins"),
        sa.Column("known_until", sa.Date(), nullable=False, comment="last whole day used"),
        sa.Column("computed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "category", "target", name=op.f("pk_feedback_forecast")),
        schema="derived",
    )
    op.create_index(
        "ix_feedback_event_tracking_code", "feedback_event", ["tracking_code"], unique=False, schema="layer"
    )


def downgrade() -> None:
    op.drop_index("ix_feedback_event_tracking_code", table_name="feedback_event", schema="layer")
    op.drop_table("feedback_forecast", schema="derived")
    op.drop_index("ix_feedback_fact_late_at", table_name="feedback_fact", schema="derived")
    op.drop_index("ix_feedback_fact_done_day", table_name="feedback_fact", schema="derived")
    op.drop_index("ix_feedback_fact_day", table_name="feedback_fact", schema="derived")
    op.drop_index("ix_feedback_fact_period", table_name="feedback_fact", schema="derived")
    op.drop_table("feedback_fact", schema="derived")
