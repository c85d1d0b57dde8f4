"""Tables of the first release, written by autogenerate."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_geospatial_table(
        "admin_unit",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="code.valid_from: a code alone is not a place"),
        sa.Column("code", sa.Text(), nullable=False, comment="code of the statistics office, leading zeros kept"),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("type_vi", sa.Text(), nullable=False, comment="Tỉnh, Thành phố, Huyện, Xã, Phường ..."),
        sa.Column("name", sa.Text(), nullable=False, comment="without type"),
        sa.Column(
            "name_fold", sa.Text(), nullable=False, comment="core.vn_fold(type_vi || name): search without diacritics"
        ),
        sa.Column("parent_code", sa.Text(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="first day"),
        sa.Column(
            "valid_to", sa.Date(), nullable=True, comment="first day on which the unit no longer is; NULL = still valid"
        ),
        sa.Column("population", sa.Integer(), nullable=True, comment="người"),
        sa.Column("area_km2", sa.Double(), nullable=True, comment="km2, declared"),
        sa.Column(
            "province_code", sa.Text(), nullable=True, comment="province at the time; derived from the parents at load"
        ),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="MULTIPOLYGON",
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
            "geom_map",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
            comment="generalised for maps, borders shared with the neighbours; derived at load",
        ),
        sa.Column(
            "label_point",
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
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("level IN ('province', 'district', 'commune')", name=op.f("ck_admin_unit_level")),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name=op.f("ck_admin_unit_validity")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["core.admin_unit.id"], name=op.f("fk_admin_unit_parent_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admin_unit")),
        sa.UniqueConstraint("key", name=op.f("uq_admin_unit_key")),
        sa.UniqueConstraint("level", "code", "valid_from", name=op.f("uq_admin_unit_level_code_valid_from")),
        schema="core",
    )
    op.create_geospatial_index(
        "idx_admin_unit_geom",
        "admin_unit",
        ["geom"],
        unique=False,
        schema="core",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index(
        "ix_admin_unit_name_fold",
        "admin_unit",
        ["name_fold"],
        unique=False,
        schema="core",
        postgresql_using="gin",
        postgresql_ops={"name_fold": "gin_trgm_ops"},
    )
    op.create_index("ix_admin_unit_parent_id", "admin_unit", ["parent_id"], unique=False, schema="core")
    op.create_geospatial_table(
        "grid",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("layer_id", sa.Text(), nullable=False),
        sa.Column("time", sa.Date(), nullable=False, comment="day; 1 January for a year"),
        sa.Column("path", sa.Text(), nullable=False, comment="COG below data/rasters, named by content"),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("crs", sa.Integer(), nullable=False, comment="EPSG code"),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("minimum", sa.Double(), nullable=True),
        sa.Column("maximum", sa.Double(), nullable=True),
        sa.Column(
            "footprint",
            Geometry(
                geometry_type="POLYGON",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid")),
        sa.UniqueConstraint("layer_id", "time", name=op.f("uq_grid_layer_id_time")),
        schema="core",
    )
    op.create_geospatial_index(
        "idx_grid_footprint",
        "grid",
        ["footprint"],
        unique=False,
        schema="core",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_table(
        "observation",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False, comment="end of the hour, UTC"),
        sa.Column("value", sa.Double(), nullable=True, comment="unit of the parameter; NULL = said to be missing"),
        sa.Column(
            "status",
            sa.SmallInteger(),
            server_default="0",
            nullable=False,
            comment="0 measuring, 1 calibrating, 2 fault",
        ),
        sa.Column(
            "flag",
            sa.SmallInteger(),
            server_default="0",
            nullable=False,
            comment="bits of ingest.checks.Flag, 0 = good",
        ),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("series_id", "time", name=op.f("pk_observation")),
        schema="core",
        postgresql_partition_by="RANGE (time)",
    )
    op.create_table(
        "observation_daily",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False, comment="local day; 00:00 belongs to the day that ended"),
        sa.Column("n", sa.Integer(), nullable=False, comment="values received"),
        sa.Column("n_good", sa.Integer(), nullable=False, comment="values that entered the mean: status 0 and flag 0"),
        sa.Column("mean", sa.Double(), nullable=True),
        sa.Column("minimum", sa.Double(), nullable=True),
        sa.Column("maximum", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("series_id", "day", name=op.f("pk_observation_daily")),
        schema="derived",
    )
    op.create_geospatial_table(
        "search_entry",
        sa.Column("layer_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("fold", sa.Text(), nullable=False, comment="core.vn_fold(title)"),
        sa.Column(
            "point",
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
        sa.PrimaryKeyConstraint("layer_id", "key", name=op.f("pk_search_entry")),
        schema="derived",
    )
    op.create_index(
        "ix_search_entry_fold",
        "search_entry",
        ["fold"],
        unique=False,
        schema="derived",
        postgresql_using="gin",
        postgresql_ops={"fold": "gin_trgm_ops"},
    )
    op.create_geospatial_table(
        "air_station",
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
        sa.Column("station_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("station_class", sa.Text(), nullable=True),
        sa.Column("operator", sa.Text(), nullable=True),
        sa.Column("installed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_air_station")),
        sa.UniqueConstraint("key", name=op.f("uq_air_station_key")),
        schema="layer",
    )
    op.create_geospatial_index(
        "idx_air_station_geom",
        "air_station",
        ["geom"],
        unique=False,
        schema="layer",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index("ix_air_station_commune_code", "air_station", ["commune_code"], unique=False, schema="layer")
    op.create_index("ix_air_station_station_class", "air_station", ["station_class"], unique=False, schema="layer")
    op.create_index(
        "ix_air_station_unit_ids", "air_station", ["unit_ids"], unique=False, schema="layer", postgresql_using="gin"
    )
    op.create_index("ix_air_station_updated_at", "air_station", ["updated_at"], unique=False, schema="layer")
    op.create_geospatial_table(
        "camera",
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
        sa.Column("camera_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("sector", sa.Text(), nullable=True),
        sa.Column("heading", sa.Double(), nullable=True, comment="°"),
        sa.Column("field_of_view", sa.Double(), nullable=True, comment="°"),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_camera")),
        sa.UniqueConstraint("key", name=op.f("uq_camera_key")),
        schema="layer",
    )
    op.create_geospatial_index(
        "idx_camera_geom", "camera", ["geom"], unique=False, schema="layer", postgresql_using="gist", postgresql_ops={}
    )
    op.create_index("ix_camera_commune_code", "camera", ["commune_code"], unique=False, schema="layer")
    op.create_index("ix_camera_state", "camera", ["state"], unique=False, schema="layer")
    op.create_index("ix_camera_unit_ids", "camera", ["unit_ids"], unique=False, schema="layer", postgresql_using="gin")
    op.create_index("ix_camera_updated_at", "camera", ["updated_at"], unique=False, schema="layer")
    op.create_geospatial_table(
        "clinic",
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
        sa.Column("clinic_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("beds", sa.BigInteger(), nullable=True),
        sa.Column("doctors", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic")),
        sa.UniqueConstraint("key", name=op.f("uq_clinic_key")),
        schema="layer",
    )
    op.create_geospatial_index(
        "idx_clinic_geom", "clinic", ["geom"], unique=False, schema="layer", postgresql_using="gist", postgresql_ops={}
    )
    op.create_index("ix_clinic_category", "clinic", ["category"], unique=False, schema="layer")
    op.create_index("ix_clinic_commune_code", "clinic", ["commune_code"], unique=False, schema="layer")
    op.create_index("ix_clinic_unit_ids", "clinic", ["unit_ids"], unique=False, schema="layer", postgresql_using="gin")
    op.create_index("ix_clinic_updated_at", "clinic", ["updated_at"], unique=False, schema="layer")
    op.create_geospatial_table(
        "feedback",
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
        sa.Column("tracking_code", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("handling_unit", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rating", sa.BigInteger(), nullable=True),
        sa.Column("duplicate_of", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("key", name=op.f("uq_feedback_key")),
        schema="layer",
    )
    op.create_geospatial_index(
        "idx_feedback_geom",
        "feedback",
        ["geom"],
        unique=False,
        schema="layer",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index("ix_feedback_commune_code", "feedback", ["commune_code"], unique=False, schema="layer")
    op.create_index("ix_feedback_received_at", "feedback", ["received_at"], unique=False, schema="layer")
    op.create_index("ix_feedback_state", "feedback", ["state"], unique=False, schema="layer")
    op.create_index(
        "ix_feedback_unit_ids", "feedback", ["unit_ids"], unique=False, schema="layer", postgresql_using="gin"
    )
    op.create_index("ix_feedback_updated_at", "feedback", ["updated_at"], unique=False, schema="layer")
    op.create_table(
        "feedback_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="key columns joined by a full stop"),
        sa.Column("run_id", sa.BigInteger(), nullable=True, comment="ops.ingest_run that wrote the row last"),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tracking_code", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_event")),
        sa.UniqueConstraint("key", name=op.f("uq_feedback_event_key")),
        schema="layer",
    )
    op.create_index("ix_feedback_event_happened_at", "feedback_event", ["happened_at"], unique=False, schema="layer")
    op.create_index("ix_feedback_event_updated_at", "feedback_event", ["updated_at"], unique=False, schema="layer")
    op.create_geospatial_table(
        "land_plan",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="key columns joined by a full stop"),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="MULTIPOLYGON",
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
            "geom_3857",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=3857,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            sa.Computed("ST_Transform(geom, 3857)", persisted=True),
            nullable=True,
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
        sa.Column("zone_code", sa.Text(), nullable=False),
        sa.Column("planned_code", sa.Text(), nullable=True),
        sa.Column("plan_name", sa.Text(), nullable=True),
        sa.Column("plan_from", sa.Date(), nullable=True),
        sa.Column("plan_to", sa.Date(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_land_plan")),
        sa.UniqueConstraint("key", name=op.f("uq_land_plan_key")),
        schema="layer",
    )
    op.create_geospatial_index(
        "idx_land_plan_geom",
        "land_plan",
        ["geom"],
        unique=False,
        schema="layer",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_geospatial_index(
        "idx_land_plan_geom_3857",
        "land_plan",
        ["geom_3857"],
        unique=False,
        schema="layer",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index("ix_land_plan_commune_code", "land_plan", ["commune_code"], unique=False, schema="layer")
    op.create_index("ix_land_plan_plan_from", "land_plan", ["plan_from"], unique=False, schema="layer")
    op.create_index("ix_land_plan_planned_code", "land_plan", ["planned_code"], unique=False, schema="layer")
    op.create_index(
        "ix_land_plan_unit_ids", "land_plan", ["unit_ids"], unique=False, schema="layer", postgresql_using="gin"
    )
    op.create_index("ix_land_plan_updated_at", "land_plan", ["updated_at"], unique=False, schema="layer")
    op.create_geospatial_table(
        "parcel",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="key columns joined by a full stop"),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="MULTIPOLYGON",
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
            "geom_3857",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=3857,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            sa.Computed("ST_Transform(geom, 3857)", persisted=True),
            nullable=True,
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
        sa.Column("register_commune_code", sa.Text(), nullable=False),
        sa.Column("sheet_no", sa.Text(), nullable=False),
        sa.Column("parcel_no", sa.Text(), nullable=False),
        sa.Column("parcel_uid", sa.Text(), nullable=True),
        sa.Column("land_code", sa.Text(), nullable=True),
        sa.Column("area_registered", sa.Double(), nullable=True, comment="m2"),
        sa.Column("area_geometry", sa.Double(), nullable=True, comment="m2"),
        sa.Column("origin_code", sa.Text(), nullable=True),
        sa.Column("user_type", sa.Text(), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel")),
        sa.UniqueConstraint("key", name=op.f("uq_parcel_key")),
        schema="layer",
    )
    op.create_geospatial_index(
        "idx_parcel_geom", "parcel", ["geom"], unique=False, schema="layer", postgresql_using="gist", postgresql_ops={}
    )
    op.create_geospatial_index(
        "idx_parcel_geom_3857",
        "parcel",
        ["geom_3857"],
        unique=False,
        schema="layer",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index("ix_parcel_commune_code", "parcel", ["commune_code"], unique=False, schema="layer")
    op.create_index("ix_parcel_land_code", "parcel", ["land_code"], unique=False, schema="layer")
    op.create_index("ix_parcel_registered_on", "parcel", ["registered_on"], unique=False, schema="layer")
    op.create_index("ix_parcel_unit_ids", "parcel", ["unit_ids"], unique=False, schema="layer", postgresql_using="gin")
    op.create_index("ix_parcel_updated_at", "parcel", ["updated_at"], unique=False, schema="layer")
    op.create_geospatial_table(
        "school",
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
        sa.Column("school_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("classes", sa.BigInteger(), nullable=True),
        sa.Column("pupils", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school")),
        sa.UniqueConstraint("key", name=op.f("uq_school_key")),
        schema="layer",
    )
    op.create_geospatial_index(
        "idx_school_geom", "school", ["geom"], unique=False, schema="layer", postgresql_using="gist", postgresql_ops={}
    )
    op.create_index("ix_school_commune_code", "school", ["commune_code"], unique=False, schema="layer")
    op.create_index("ix_school_stage", "school", ["stage"], unique=False, schema="layer")
    op.create_index("ix_school_unit_ids", "school", ["unit_ids"], unique=False, schema="layer", postgresql_using="gin")
    op.create_index("ix_school_updated_at", "school", ["updated_at"], unique=False, schema="layer")
    op.create_geospatial_table(
        "water_station",
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
        sa.Column("station_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("station_class", sa.Text(), nullable=True),
        sa.Column("river", sa.Text(), nullable=True),
        sa.Column("river_order", sa.BigInteger(), nullable=True),
        sa.Column("operator", sa.Text(), nullable=True),
        sa.Column("installed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_water_station")),
        sa.UniqueConstraint("key", name=op.f("uq_water_station_key")),
        schema="layer",
    )
    op.create_geospatial_index(
        "idx_water_station_geom",
        "water_station",
        ["geom"],
        unique=False,
        schema="layer",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index("ix_water_station_commune_code", "water_station", ["commune_code"], unique=False, schema="layer")
    op.create_index("ix_water_station_station_class", "water_station", ["station_class"], unique=False, schema="layer")
    op.create_index(
        "ix_water_station_unit_ids", "water_station", ["unit_ids"], unique=False, schema="layer", postgresql_using="gin"
    )
    op.create_index("ix_water_station_updated_at", "water_station", ["updated_at"], unique=False, schema="layer")
    op.create_table(
        "ingest_run",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("layer_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False, comment="path or address as given"),
        sa.Column("sha256", sa.Text(), nullable=True, comment="of the file's bytes"),
        sa.Column("agency", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="running", nullable=False),
        sa.Column("rows_read", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rows_inserted", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rows_updated", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rows_unchanged", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rows_rejected", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("values_flagged", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('running', 'done', 'unchanged', 'failed', 'interrupted')", name=op.f("ck_ingest_run_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ingest_run")),
        schema="ops",
    )
    op.create_index("ix_ingest_run_layer_id_sha256", "ingest_run", ["layer_id", "sha256"], unique=False, schema="ops")
    op.create_table(
        "job",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("cron", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default="true", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job")),
        schema="ops",
    )
    op.create_table(
        "layer_version",
        sa.Column("layer_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("features", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "data_until", sa.DateTime(timezone=True), nullable=True, comment="newest time in the data: the data clock"
        ),
        sa.PrimaryKeyConstraint("layer_id", name=op.f("pk_layer_version")),
        schema="ops",
    )
    op.create_table(
        "admin_link",
        sa.Column("predecessor_id", sa.Integer(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=False),
        sa.Column(
            "area_share",
            sa.Double(),
            nullable=False,
            comment="part of the predecessor's area that went to the successor",
        ),
        sa.Column("people_share", sa.Double(), nullable=False, comment="part of the predecessor's people"),
        sa.Column("successor_area_share", sa.Double(), nullable=False, comment="part of the successor's area"),
        sa.Column("successor_people_share", sa.Double(), nullable=False, comment="part of the successor's people"),
        sa.Column("method", sa.Text(), nullable=False, comment="exact | by_area | by_people"),
        sa.CheckConstraint("area_share BETWEEN 0 AND 1.000001", name=op.f("ck_admin_link_area_share")),
        sa.CheckConstraint("people_share BETWEEN 0 AND 1.000001", name=op.f("ck_admin_link_people_share")),
        sa.ForeignKeyConstraint(
            ["predecessor_id"], ["core.admin_unit.id"], name=op.f("fk_admin_link_predecessor_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["core.admin_unit.id"], name=op.f("fk_admin_link_successor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("predecessor_id", "successor_id", name=op.f("pk_admin_link")),
        schema="core",
    )
    op.create_index("ix_admin_link_successor_id", "admin_link", ["successor_id"], unique=False, schema="core")
    op.create_geospatial_table(
        "admin_unit_part",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POLYGON",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["core.admin_unit.id"], name=op.f("fk_admin_unit_part_unit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admin_unit_part")),
        schema="core",
    )
    op.create_geospatial_index(
        "idx_admin_unit_part_geom",
        "admin_unit_part",
        ["geom"],
        unique=False,
        schema="core",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index(op.f("ix_admin_unit_part_unit_id"), "admin_unit_part", ["unit_id"], unique=False, schema="core")
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("layer_id", sa.Text(), nullable=False),
        sa.Column(
            "feature_key", sa.Text(), nullable=False, comment="key of the station, or of the administrative unit"
        ),
        sa.Column("parameter", sa.Text(), nullable=False, comment="parameter name, or indicator code"),
        sa.Column("unit_id", sa.Integer(), nullable=True, comment="indicators only"),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["core.admin_unit.id"], name=op.f("fk_series_unit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint(
            "layer_id", "feature_key", "parameter", name=op.f("uq_series_layer_id_feature_key_parameter")
        ),
        schema="core",
    )
    op.create_index("ix_series_unit_id", "series", ["unit_id"], unique=False, schema="core")
    op.create_table(
        "feature_summary",
        sa.Column("layer_id", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("class", sa.Text(), nullable=False, comment="value of the overlay's style_by; '' = no value"),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("area_m2", sa.Double(), nullable=True, comment="geodesic; polygons only"),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["core.admin_unit.id"], name=op.f("fk_feature_summary_unit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("layer_id", "unit_id", "class", name=op.f("pk_feature_summary")),
        schema="derived",
    )
    op.create_table(
        "unit_daily",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("layer_id", sa.Text(), nullable=False),
        sa.Column("parameter", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("stations", sa.Integer(), nullable=False),
        sa.Column("mean", sa.Double(), nullable=True),
        sa.Column("maximum", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["core.admin_unit.id"], name=op.f("fk_unit_daily_unit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("unit_id", "layer_id", "parameter", "day", name=op.f("pk_unit_daily")),
        schema="derived",
    )
    op.create_table(
        "zonal",
        sa.Column("layer_id", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("time", sa.Date(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True, comment="sum or mean, as the layer says"),
        sa.Column("covered", sa.Double(), nullable=False, comment="part of the unit covered by valid cells"),
        sa.ForeignKeyConstraint(["unit_id"], ["core.admin_unit.id"], name=op.f("fk_zonal_unit_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("layer_id", "unit_id", "time", name=op.f("pk_zonal")),
        schema="derived",
    )
    op.create_table(
        "camera_private",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("stream_url", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["key"], ["layer.camera.key"], name=op.f("fk_camera_private_key"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_camera_private")),
        schema="layer",
    )
    op.create_table(
        "feedback_private",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reporter_name", sa.Text(), nullable=True),
        sa.Column("reporter_phone", sa.Text(), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["key"], ["layer.feedback.key"], name=op.f("fk_feedback_private_key"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_feedback_private")),
        schema="layer",
    )
    op.create_table(
        "parcel_private",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=True),
        sa.Column("certificate_no", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["key"], ["layer.parcel.key"], name=op.f("fk_parcel_private_key"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_parcel_private")),
        schema="layer",
    )
    op.create_table(
        "job_run",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("progress", sa.Double(), server_default="0", nullable=False, comment="0 to 1"),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("worker", sa.Integer(), nullable=True, comment="process id"),
        sa.Column("requested_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'interrupted')", name=op.f("ck_job_run_state")
        ),
        sa.ForeignKeyConstraint(["job"], ["ops.job.name"], name=op.f("fk_job_run_job"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_run")),
        schema="ops",
    )
    op.create_index("ix_job_run_job_requested_at", "job_run", ["job", "requested_at"], unique=False, schema="ops")
    op.create_table(
        "quarantine",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("layer_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column(
            "line",
            sa.BigInteger(),
            nullable=True,
            comment="line of a text file, row of a sheet, feature number; the header is line 1",
        ),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=False,
            comment="short code: not_null, range, duplicate_key, outside_province ...",
        ),
        sa.Column("message", sa.Text(), nullable=False, comment="the sentence the sender reads"),
        sa.Column("row", postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment="the row as it came"),
        sa.ForeignKeyConstraint(
            ["run_id"], ["ops.ingest_run.id"], name=op.f("fk_quarantine_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
        schema="ops",
    )
    op.create_index("ix_quarantine_layer_id_source", "quarantine", ["layer_id", "source"], unique=False, schema="ops")
    op.create_index(op.f("ix_quarantine_run_id"), "quarantine", ["run_id"], unique=False, schema="ops")
    op.create_table(
        "indicator_value",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False, comment="first day of the month; of the year for plans"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "state IN ('estimate', 'preliminary', 'official', 'plan')", name=op.f("ck_indicator_value_state")
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["core.series.id"], name=op.f("fk_indicator_value_series_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("series_id", "period", "state", name=op.f("pk_indicator_value")),
        schema="core",
    )
    op.create_table(
        "forecast_issue",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("input_until", sa.DateTime(timezone=True), nullable=True, comment="time of the last good value used"),
        sa.Column("model", sa.Text(), nullable=True, comment="NULL when there is no forecast"),
        sa.Column("reason", sa.Text(), nullable=True, comment="why there is no forecast, or why it is the baseline"),
        sa.Column(
            "skill_persistence", sa.Double(), nullable=True, comment="1 - MAE / MAE of persistence, recent origins"
        ),
        sa.Column(
            "skill_climatology",
            sa.Double(),
            nullable=True,
            comment="1 - MAE / MAE of the seasonal baseline, recent origins",
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["core.series.id"], name=op.f("fk_forecast_issue_series_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forecast_issue")),
        sa.UniqueConstraint("series_id", "issued_at", name=op.f("uq_forecast_issue_series_id_issued_at")),
        schema="derived",
    )
    op.create_index("ix_forecast_issue_issued_at", "forecast_issue", ["issued_at"], unique=False, schema="derived")
    op.create_table(
        "forecast_value",
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column("target", sa.DateTime(timezone=True), nullable=False),
        sa.Column("q025", sa.Double(), nullable=False),
        sa.Column("q10", sa.Double(), nullable=False),
        sa.Column("q50", sa.Double(), nullable=False),
        sa.Column("q90", sa.Double(), nullable=False),
        sa.Column("q975", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["derived.forecast_issue.id"], name=op.f("fk_forecast_value_issue_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issue_id", "target", name=op.f("pk_forecast_value")),
        schema="derived",
    )


def downgrade() -> None:
    op.drop_table("forecast_value", schema="derived")
    op.drop_index("ix_forecast_issue_issued_at", table_name="forecast_issue", schema="derived")
    op.drop_table("forecast_issue", schema="derived")
    op.drop_table("indicator_value", schema="core")
    op.drop_index(op.f("ix_quarantine_run_id"), table_name="quarantine", schema="ops")
    op.drop_index("ix_quarantine_layer_id_source", table_name="quarantine", schema="ops")
    op.drop_table("quarantine", schema="ops")
    op.drop_index("ix_job_run_job_requested_at", table_name="job_run", schema="ops")
    op.drop_table("job_run", schema="ops")
    op.drop_table("parcel_private", schema="layer")
    op.drop_table("feedback_private", schema="layer")
    op.drop_table("camera_private", schema="layer")
    op.drop_table("zonal", schema="derived")
    op.drop_table("unit_daily", schema="derived")
    op.drop_table("feature_summary", schema="derived")
    op.drop_index("ix_series_unit_id", table_name="series", schema="core")
    op.drop_table("series", schema="core")
    op.drop_index(op.f("ix_admin_unit_part_unit_id"), table_name="admin_unit_part", schema="core")
    op.drop_geospatial_index(
        "idx_admin_unit_part_geom",
        table_name="admin_unit_part",
        schema="core",
        postgresql_using="gist",
        column_name="geom",
    )
    op.drop_geospatial_table("admin_unit_part", schema="core")
    op.drop_index("ix_admin_link_successor_id", table_name="admin_link", schema="core")
    op.drop_table("admin_link", schema="core")
    op.drop_table("layer_version", schema="ops")
    op.drop_table("job", schema="ops")
    op.drop_index("ix_ingest_run_layer_id_sha256", table_name="ingest_run", schema="ops")
    op.drop_table("ingest_run", schema="ops")
    op.drop_index("ix_water_station_updated_at", table_name="water_station", schema="layer")
    op.drop_index("ix_water_station_unit_ids", table_name="water_station", schema="layer", postgresql_using="gin")
    op.drop_index("ix_water_station_station_class", table_name="water_station", schema="layer")
    op.drop_index("ix_water_station_commune_code", table_name="water_station", schema="layer")
    op.drop_geospatial_index(
        "idx_water_station_geom",
        table_name="water_station",
        schema="layer",
        postgresql_using="gist",
        column_name="geom",
    )
    op.drop_geospatial_table("water_station", schema="layer")
    op.drop_index("ix_school_updated_at", table_name="school", schema="layer")
    op.drop_index("ix_school_unit_ids", table_name="school", schema="layer", postgresql_using="gin")
    op.drop_index("ix_school_stage", table_name="school", schema="layer")
    op.drop_index("ix_school_commune_code", table_name="school", schema="layer")
    op.drop_geospatial_index(
        "idx_school_geom", table_name="school", schema="layer", postgresql_using="gist", column_name="geom"
    )
    op.drop_geospatial_table("school", schema="layer")
    op.drop_index("ix_parcel_updated_at", table_name="parcel", schema="layer")
    op.drop_index("ix_parcel_unit_ids", table_name="parcel", schema="layer", postgresql_using="gin")
    op.drop_index("ix_parcel_registered_on", table_name="parcel", schema="layer")
    op.drop_index("ix_parcel_land_code", table_name="parcel", schema="layer")
    op.drop_index("ix_parcel_commune_code", table_name="parcel", schema="layer")
    op.drop_geospatial_index(
        "idx_parcel_geom_3857", table_name="parcel", schema="layer", postgresql_using="gist", column_name="geom_3857"
    )
    op.drop_geospatial_index(
        "idx_parcel_geom", table_name="parcel", schema="layer", postgresql_using="gist", column_name="geom"
    )
    op.drop_geospatial_table("parcel", schema="layer")
    op.drop_index("ix_land_plan_updated_at", table_name="land_plan", schema="layer")
    op.drop_index("ix_land_plan_unit_ids", table_name="land_plan", schema="layer", postgresql_using="gin")
    op.drop_index("ix_land_plan_planned_code", table_name="land_plan", schema="layer")
    op.drop_index("ix_land_plan_plan_from", table_name="land_plan", schema="layer")
    op.drop_index("ix_land_plan_commune_code", table_name="land_plan", schema="layer")
    op.drop_geospatial_index(
        "idx_land_plan_geom_3857",
        table_name="land_plan",
        schema="layer",
        postgresql_using="gist",
        column_name="geom_3857",
    )
    op.drop_geospatial_index(
        "idx_land_plan_geom", table_name="land_plan", schema="layer", postgresql_using="gist", column_name="geom"
    )
    op.drop_geospatial_table("land_plan", schema="layer")
    op.drop_index("ix_feedback_event_updated_at", table_name="feedback_event", schema="layer")
    op.drop_index("ix_feedback_event_happened_at", table_name="feedback_event", schema="layer")
    op.drop_table("feedback_event", schema="layer")
    op.drop_index("ix_feedback_updated_at", table_name="feedback", schema="layer")
    op.drop_index("ix_feedback_unit_ids", table_name="feedback", schema="layer", postgresql_using="gin")
    op.drop_index("ix_feedback_state", table_name="feedback", schema="layer")
    op.drop_index("ix_feedback_received_at", table_name="feedback", schema="layer")
    op.drop_index("ix_feedback_commune_code", table_name="feedback", schema="layer")
    op.drop_geospatial_index(
        "idx_feedback_geom", table_name="feedback", schema="layer", postgresql_using="gist", column_name="geom"
    )
    op.drop_geospatial_table("feedback", schema="layer")
    op.drop_index("ix_clinic_updated_at", table_name="clinic", schema="layer")
    op.drop_index("ix_clinic_unit_ids", table_name="clinic", schema="layer", postgresql_using="gin")
    op.drop_index("ix_clinic_commune_code", table_name="clinic", schema="layer")
    op.drop_index("ix_clinic_category", table_name="clinic", schema="layer")
    op.drop_geospatial_index(
        "idx_clinic_geom", table_name="clinic", schema="layer", postgresql_using="gist", column_name="geom"
    )
    op.drop_geospatial_table("clinic", schema="layer")
    op.drop_index("ix_camera_updated_at", table_name="camera", schema="layer")
    op.drop_index("ix_camera_unit_ids", table_name="camera", schema="layer", postgresql_using="gin")
    op.drop_index("ix_camera_state", table_name="camera", schema="layer")
    op.drop_index("ix_camera_commune_code", table_name="camera", schema="layer")
    op.drop_geospatial_index(
        "idx_camera_geom", table_name="camera", schema="layer", postgresql_using="gist", column_name="geom"
    )
    op.drop_geospatial_table("camera", schema="layer")
    op.drop_index("ix_air_station_updated_at", table_name="air_station", schema="layer")
    op.drop_index("ix_air_station_unit_ids", table_name="air_station", schema="layer", postgresql_using="gin")
    op.drop_index("ix_air_station_station_class", table_name="air_station", schema="layer")
    op.drop_index("ix_air_station_commune_code", table_name="air_station", schema="layer")
    op.drop_geospatial_index(
        "idx_air_station_geom", table_name="air_station", schema="layer", postgresql_using="gist", column_name="geom"
    )
    op.drop_geospatial_table("air_station", schema="layer")
    op.drop_index(
        "ix_search_entry_fold",
        table_name="search_entry",
        schema="derived",
        postgresql_using="gin",
        postgresql_ops={"fold": "gin_trgm_ops"},
    )
    op.drop_geospatial_table("search_entry", schema="derived")
    op.drop_table("observation_daily", schema="derived")
    op.drop_table("observation", schema="core")
    op.drop_geospatial_index(
        "idx_grid_footprint", table_name="grid", schema="core", postgresql_using="gist", column_name="footprint"
    )
    op.drop_geospatial_table("grid", schema="core")
    op.drop_index("ix_admin_unit_parent_id", table_name="admin_unit", schema="core")
    op.drop_index(
        "ix_admin_unit_name_fold",
        table_name="admin_unit",
        schema="core",
        postgresql_using="gin",
        postgresql_ops={"name_fold": "gin_trgm_ops"},
    )
    op.drop_geospatial_index(
        "idx_admin_unit_geom", table_name="admin_unit", schema="core", postgresql_using="gist", column_name="geom"
    )
    op.drop_geospatial_table("admin_unit", schema="core")
