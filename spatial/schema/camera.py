"""Cameras: what a probe found, how long they were away, and which places none of them sees."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    func,
)  # fmt: skip

from spatial.schema.base import metadata

camera_state = Table(
    "camera_state",
    metadata,
    Column("key", Text, ForeignKey("layer.camera.key", ondelete="CASCADE"), primary_key=True),
    Column("checked_at", DateTime(timezone=True), nullable=False),
    Column("ok", Boolean, nullable=False),
    Column("reason", Text, comment="code: no_address, refused, timeout, http_status, not_a_picture, frozen ..."),
    Column("latency_ms", Integer),
    Column("last_ok_at", DateTime(timezone=True)),
    Column("frame_at", DateTime(timezone=True), comment="when the last new picture came"),
    Column("frame_sha256", Text, comment="of the last picture; file data/frames/<key>.jpg"),
    Column("fails", SmallInteger, nullable=False, server_default="0", comment="probes failed in a row"),
    Column("same", SmallInteger, nullable=False, server_default="0", comment="repeats of the last picture"),
    Column("since", DateTime(timezone=True), nullable=False, server_default=func.now(), comment="first probe"),
    schema="core",
)

camera_outage = Table(
    "camera_outage",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("key", Text, ForeignKey("layer.camera.key", ondelete="CASCADE"), nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("reason", Text, nullable=False),
    Index("ix_camera_outage_key_started_at", "key", "started_at"),
    schema="core",
)

camera_coverage = Table(
    "camera_coverage",
    metadata,
    Column("layer_id", Text, primary_key=True, comment="of the place: school ..."),
    Column("key", Text, primary_key=True),
    Column("unit_ids", ARRAY(Integer), nullable=False, server_default="{}"),
    Column("seen_by", ARRAY(Text), nullable=False, server_default="{}", comment="cameras whose sector holds the place"),
    Column("maybe_by", ARRAY(Text), nullable=False, server_default="{}", comment="in reach, heading unknown"),
    Column("nearest", Text),
    Column("distance_m", Double, comment="to the nearest camera, geodesic"),
    Index("ix_camera_coverage_unit_ids", "unit_ids", postgresql_using="gin"),
    schema="derived",
)
