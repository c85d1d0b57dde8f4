"""How the system works: runs, rejected rows, jobs, versions of layers."""

from sqlalchemy import (
    BigInteger,
    Boolean,
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
    func,
)  # fmt: skip
from sqlalchemy.dialects.postgresql import JSONB

from spatial.schema.base import metadata

ingest_run = Table(
    "ingest_run",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("layer_id", Text, nullable=False),
    Column("source", Text, nullable=False, comment="path or address as given"),
    Column("sha256", Text, comment="of the file's bytes"),
    Column("agency", Text),
    Column("actor", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="running"),
    Column("rows_read", BigInteger, nullable=False, server_default="0"),
    Column("rows_inserted", BigInteger, nullable=False, server_default="0"),
    Column("rows_updated", BigInteger, nullable=False, server_default="0"),
    Column("rows_unchanged", BigInteger, nullable=False, server_default="0"),
    Column("rows_rejected", BigInteger, nullable=False, server_default="0"),
    Column("values_flagged", BigInteger, nullable=False, server_default="0"),
    Column("message", Text),
    Column(
        "details",
        JSONB,
        nullable=False,
        server_default="{}",
        comment="rejected by reason, flagged by kind, header of each column",
    ),
    Column("started_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("finished_at", DateTime(timezone=True)),
    CheckConstraint("state IN ('running', 'done', 'unchanged', 'failed', 'interrupted')", name="state"),
    Index("ix_ingest_run_layer_id_sha256", "layer_id", "sha256"),
    schema="ops",
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("run_id", BigInteger, ForeignKey("ops.ingest_run.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("layer_id", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("line", BigInteger, comment="line of a text file, row of a sheet, feature number; the header is line 1"),
    Column("field", Text),
    Column("reason", Text, nullable=False, comment="short code: not_null, range, duplicate_key, outside_province ..."),
    Column("message", Text, nullable=False, comment="the sentence the sender reads"),
    Column("row", JSONB, nullable=False, comment="the row as it came"),
    Column(
        "kept",
        Boolean,
        nullable=False,
        server_default="false",
        comment="the row was stored all the same: repaired, or marked as doubtful",
    ),
    Index("ix_quarantine_layer_id_source", "layer_id", "source"),
    schema="ops",
)

job = Table(
    "job",
    metadata,
    Column("name", Text, primary_key=True),
    Column("cron", Text, nullable=False),
    Column("enabled", Boolean, nullable=False, server_default="true"),
    schema="ops",
)

job_run = Table(
    "job_run",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("job", Text, ForeignKey("ops.job.name", ondelete="CASCADE"), nullable=False),
    Column("state", Text, nullable=False, server_default="queued"),
    Column("progress", Double, nullable=False, server_default="0", comment="0 to 1"),
    Column("message", Text),
    Column("worker", Integer, comment="process id"),
    Column("requested_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("started_at", DateTime(timezone=True)),
    Column("finished_at", DateTime(timezone=True)),
    CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'interrupted')", name="state"),
    Index("ix_job_run_job_requested_at", "job", "requested_at"),
    schema="ops",
)

# Bumped by every load that changed a layer: cache key and ETag of tiles, feeds and screens.
layer_version = Table(
    "layer_version",
    metadata,
    Column("layer_id", Text, primary_key=True),
    Column("version", BigInteger, nullable=False, server_default="1"),
    Column("features", BigInteger, nullable=False, server_default="0"),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("data_until", DateTime(timezone=True), comment="newest time in the data: the data clock"),
    schema="ops",
)

# Days of series that were written to, reviewed or taken back since the last roll-up, which empties it. A queue without
# key: loads only add, so nobody waits for the roll-up, and what a load adds while it runs stays for the next.
touched_day = Table(
    "touched_day",
    metadata,
    Column("series_id", Integer, nullable=False),
    Column("day", Date, nullable=False, comment="local day; 00:00 belongs to the day that ended"),
    schema="ops",
)

# How far an incremental job has come: a run id, a version, a hash; what it means is the job's business.
watermark = Table(
    "watermark",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    schema="ops",
)

# Briefings that were made, with the facts they stated: the next one says what changed.
briefing = Table(
    "briefing",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("unit_key", Text, nullable=False),
    Column("cycle", Text, nullable=False),
    Column("as_of", DateTime(timezone=True), nullable=False),
    Column("language", Text, nullable=False),
    Column("facts", JSONB, nullable=False),
    Column("sha256", Text, comment="file data/briefings/<sha256>.pdf"),
    Column("actor", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("cycle IN ('daily', 'weekly', 'once')", name="cycle"),
    Index("ix_briefing_unit_key_made_at", "unit_key", "made_at"),
    schema="ops",
)
