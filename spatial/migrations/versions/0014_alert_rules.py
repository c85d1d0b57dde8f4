"""Alert rules: which signs of a broken instrument, which quantile of a forecast, what staff changed; one row a sending."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "alert_rule",
        sa.Column(
            "signs",
            sa.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
            comment="instrument rules: silent, stuck, calibration ...; empty = every sign",
        ),
        schema="core",
    )
    op.add_column(
        "alert_rule",
        sa.Column(
            "quantile",
            sa.Text(),
            server_default="q50",
            nullable=False,
            comment="forecast rules: the quantile that is compared",
        ),
        schema="core",
    )
    op.add_column(
        "alert_rule",
        sa.Column(
            "overridden",
            sa.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
            comment="columns staff changed: the layer file no longer sets them",
        ),
        schema="core",
    )
    op.add_column("alert_rule", sa.Column("updated_by", sa.Text(), nullable=True), schema="core")
    op.create_check_constraint(
        op.f("ck_alert_rule_quantile"), "alert_rule", "quantile IN ('q10', 'q50', 'q90', 'q975')", schema="core"
    )
    op.create_index("ix_alert_layer_id_subject", "alert", ["layer_id", "subject"], schema="core")
    _say_occasions("opened, worsened, ended, closed", "opened, worsened, closed")


def downgrade() -> None:
    _say_occasions("opened, worsened, closed", "opened, worsened, ended, closed")
    op.drop_index("ix_alert_layer_id_subject", "alert", schema="core")
    op.drop_constraint("ck_alert_rule_quantile", "alert_rule", schema="core")
    for column in ("updated_by", "overridden", "quantile", "signs"):
        op.drop_column("alert_rule", column, schema="core")


def _say_occasions(comment: str, before: str) -> None:
    op.alter_column(
        "notification",
        "occasion",
        existing_type=sa.Text(),
        comment=comment,
        existing_comment=before,
        existing_nullable=False,
        schema="ops",
    )
