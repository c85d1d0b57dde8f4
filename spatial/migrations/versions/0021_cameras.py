"""Tables of layers crossing and counting_line; the reach of a camera."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_geospatial_table(
        "counting_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="key columns joined by a full stop"),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column(
            "unit_ids",
            sa.ARRAY(sa.Integer()),
            server_default="{}",
            nullable=False,
            comment="every version of every unit that holds the feature",
        ),
        sa.Column("commune_code", sa.Text(), nullable=True, comment="commune of today"),
        sa.Column("former_district_code", sa.Text(), nullable=True, comment="district until 30 June 2025"),
        sa.Column("run_id", sa.BigInteger(), nullable=True, comment="ops.ingest_run that wrote the row last"),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("line_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("camera_code", sa.Text(), nullable=True),
        sa.Column("heading", sa.Double(), nullable=True, comment="°"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counting_line")),
        sa.UniqueConstraint("key", name=op.f("uq_counting_line_key")),
        schema="layer",
    )
    op.create_geospatial_index(
        "idx_counting_line_geom",
        "counting_line",
        ["geom"],
        unique=False,
        schema="layer",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index("ix_counting_line_commune_code", "counting_line", ["commune_code"], unique=False, schema="layer")
    op.create_index(
        "ix_counting_line_unit_ids", "counting_line", ["unit_ids"], unique=False, schema="layer", postgresql_using="gin"
    )
    op.create_index("ix_counting_line_updated_at", "counting_line", ["updated_at"], unique=False, schema="layer")
    op.create_geospatial_table(
        "crossing",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="key columns joined by a full stop"),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column(
            "unit_ids",
            sa.ARRAY(sa.Integer()),
            server_default="{}",
            nullable=False,
            comment="every version of every unit that holds the feature",
        ),
        sa.Column("commune_code", sa.Text(), nullable=True, comment="commune of today"),
        sa.Column("former_district_code", sa.Text(), nullable=True, comment="district until 30 June 2025"),
        sa.Column("run_id", sa.BigInteger(), nullable=True, comment="ops.ingest_run that wrote the row last"),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("crossing_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crossing")),
        sa.UniqueConstraint("key", name=op.f("uq_crossing_key")),
        schema="layer",
    )
    op.create_geospatial_index(
        "idx_crossing_geom",
        "crossing",
        ["geom"],
        unique=False,
        schema="layer",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index("ix_crossing_commune_code", "crossing", ["commune_code"], unique=False, schema="layer")
    op.create_index("ix_crossing_kind", "crossing", ["kind"], unique=False, schema="layer")
    op.create_index(
        "ix_crossing_unit_ids", "crossing", ["unit_ids"], unique=False, schema="layer", postgresql_using="gin"
    )
    op.create_index("ix_crossing_updated_at", "crossing", ["updated_at"], unique=False, schema="layer")
    op.add_column("camera", sa.Column("reach", sa.Double(), nullable=True, comment="m"), schema="layer")


def downgrade() -> None:
    op.drop_column("camera", "reach", schema="layer")
    op.drop_index("ix_crossing_updated_at", table_name="crossing", schema="layer")
    op.drop_index("ix_crossing_unit_ids", table_name="crossing", schema="layer", postgresql_using="gin")
    op.drop_index("ix_crossing_kind", table_name="crossing", schema="layer")
    op.drop_index("ix_crossing_commune_code", table_name="crossing", schema="layer")
    op.drop_geospatial_index(
        "idx_crossing_geom", table_name="crossing", schema="layer", postgresql_using="gist", column_name="geom"
    )
    op.drop_geospatial_table("crossing", schema="layer")
    op.drop_index("ix_counting_line_updated_at", table_name="counting_line", schema="layer")
    op.drop_index("ix_counting_line_unit_ids", table_name="counting_line", schema="layer", postgresql_using="gin")
    op.drop_index("ix_counting_line_commune_code", table_name="counting_line", schema="layer")
    op.drop_geospatial_index(
        "idx_counting_line_geom",
        table_name="counting_line",
        schema="layer",
        postgresql_using="gist",
        column_name="geom",
    )
    op.drop_geospatial_table("counting_line", schema="layer")
