"""Plans of indicators have versions: their own tables, out of the figures."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

STATES = "state IN ('estimate', 'preliminary', 'official')"
WITH_PLAN = "state IN ('estimate', 'preliminary', 'official', 'plan')"
TABLES = (("core", "indicator_value"), ("derived", "indicator_month"))


def upgrade() -> None:
    op.create_table(
        "indicator_plan",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("year", sa.Date(), nullable=False, comment="first day of the year"),
        sa.Column("issued_on", sa.Date(), nullable=False, comment="in force from this day"),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False, comment="exact (sum of undivided units), by_people or by_area"),
        sa.CheckConstraint("method IN ('exact', 'by_people', 'by_area')", name=op.f("ck_indicator_plan_method")),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["core.admin_unit.id"], name=op.f("fk_indicator_plan_unit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("unit_id", "code", "year", "issued_on", name=op.f("pk_indicator_plan")),
        schema="derived",
    )
    # Plans that have no day of issue are in force from the first day of their year.
    op.execute(
        "INSERT INTO core.indicator_plan (series_id, year, issued_on, value, run_id, updated_at)"
        " SELECT series_id, period, period, value, run_id, updated_at FROM core.indicator_value WHERE state = 'plan'"
        " ON CONFLICT DO NOTHING"
    )
    op.execute(
        "INSERT INTO derived.indicator_plan (unit_id, code, year, issued_on, value, method)"
        " SELECT unit_id, code, period, period, value, method FROM derived.indicator_month WHERE state = 'plan'"
    )
    op.add_column(
        "indicator_value",
        sa.Column("units", sa.Integer(), nullable=True, comment="reporting units the figure rests on, where said"),
        schema="core",
    )
    for schema, table in TABLES:
        op.execute(f"COMMENT ON COLUMN {schema}.{table}.period IS 'first day of the month, quarter or year'")
        op.execute(f"DELETE FROM {schema}.{table} WHERE state = 'plan'")  # noqa: S608 - names above
        op.drop_constraint(op.f(f"ck_{table}_state"), table, schema=schema, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_state"), table, STATES, schema=schema)
    op.execute("COMMENT ON COLUMN derived.indicator_month.state IS 'of the weakest part'")


def downgrade() -> None:
    for schema, table in TABLES:
        op.drop_constraint(op.f(f"ck_{table}_state"), table, schema=schema, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_state"), table, WITH_PLAN, schema=schema)
    op.execute(
        "INSERT INTO core.indicator_value (series_id, period, state, value, run_id, updated_at)"
        " SELECT DISTINCT ON (series_id, year) series_id, year, 'plan', value, run_id, updated_at"
        " FROM core.indicator_plan ORDER BY series_id, year, issued_on DESC"
    )
    op.execute("DELETE FROM core.indicator_plan")
    op.execute(
        "INSERT INTO derived.indicator_month (unit_id, code, period, state, value, method)"
        " SELECT DISTINCT ON (unit_id, code, year) unit_id, code, year, 'plan', value, method"
        " FROM derived.indicator_plan ORDER BY unit_id, code, year, issued_on DESC"
    )
    op.drop_table("indicator_plan", schema="derived")
    op.drop_column("indicator_value", "units", schema="core")
    for schema, table in TABLES:
        op.execute(f"COMMENT ON COLUMN {schema}.{table}.period IS 'first day of the month; of the year for plans'")
    op.execute("COMMENT ON COLUMN derived.indicator_month.state IS 'of the weakest part; plan'")
