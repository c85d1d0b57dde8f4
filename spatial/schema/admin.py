"""Administrative units as versions, and what links old to new."""

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    func,
)  # fmt: skip

from spatial.schema.base import metadata

admin_unit = Table(
    "admin_unit",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("key", Text, nullable=False, unique=True, comment="code.valid_from: a code alone is not a place"),
    Column("code", Text, nullable=False, comment="code of the statistics office, leading zeros kept"),
    Column("level", Text, nullable=False),
    Column("type_vi", Text, nullable=False, comment="Tỉnh, Thành phố, Huyện, Xã, Phường ..."),
    Column("name", Text, nullable=False, comment="without type"),
    Column("name_fold", Text, nullable=False, comment="core.vn_fold(type_vi || name): search without diacritics"),
    Column("parent_code", Text),
    Column("parent_id", Integer, ForeignKey("core.admin_unit.id", ondelete="SET NULL")),
    Column("valid_from", Date, nullable=False, comment="first day"),
    Column("valid_to", Date, comment="first day on which the unit no longer is; NULL = still valid"),
    Column("population", Integer, comment="người"),
    Column("area_km2", Double, comment="km2, declared"),
    Column("province_code", Text, comment="province at the time; derived from the parents at load"),
    Column("geom", Geometry("MULTIPOLYGON", 4326), nullable=False),
    Column("geom_map", Geometry("MULTIPOLYGON", 4326, spatial_index=False),
           comment="generalised for maps, borders shared with the neighbours; derived at load"),
    Column("label_point", Geometry("POINT", 4326, spatial_index=False), nullable=False),
    Column("run_id", BigInteger),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    UniqueConstraint("level", "code", "valid_from"),
    CheckConstraint("level IN ('province', 'district', 'commune')", name="level"),
    CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
    Index("ix_admin_unit_parent_id", "parent_id"),
    Index("ix_admin_unit_name_fold", "name_fold", postgresql_using="gin",
          postgresql_ops={"name_fold": "gin_trgm_ops"}),
    schema="core",
)  # fmt: skip

# Units cut into small pieces: which unit holds a point is asked a million times at load.
admin_unit_part = Table(
    "admin_unit_part",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("unit_id", Integer, ForeignKey("core.admin_unit.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("geom", Geometry("POLYGON", 4326), nullable=False),
    schema="core",
)

admin_link = Table(
    "admin_link",
    metadata,
    Column("predecessor_id", Integer, ForeignKey("core.admin_unit.id", ondelete="CASCADE"), primary_key=True),
    Column("successor_id", Integer, ForeignKey("core.admin_unit.id", ondelete="CASCADE"), primary_key=True),
    Column("area_share", Double, nullable=False, comment="part of the predecessor's area that went to the successor"),
    Column("people_share", Double, nullable=False, comment="part of the predecessor's people"),
    Column("successor_area_share", Double, nullable=False, comment="part of the successor's area"),
    Column("successor_people_share", Double, nullable=False, comment="part of the successor's people"),
    Column("method", Text, nullable=False, comment="exact | by_area | by_people"),
    CheckConstraint("area_share BETWEEN 0 AND 1.000001", name="area_share"),
    CheckConstraint("people_share BETWEEN 0 AND 1.000001", name="people_share"),
    Index("ix_admin_link_successor_id", "successor_id"),
    schema="core",
)
