"""Table of uploads: the journal of what of each file is on disk."""

import sqlalchemy as sa

from wideberth_gateway.store.tables import metadata

uploads = sa.Table(
    "uploads",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("metadata", sa.Text, nullable=False),
    sa.Column("length_bytes", sa.BigInteger, nullable=False),
    sa.Column("offset_bytes", sa.BigInteger, nullable=False),
    sa.Column("writer", sa.String(32), nullable=True),
    sa.Column("wanted_sha256", sa.String(64), nullable=True),
    sa.Column("sha256", sa.String(64), nullable=True),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("created_epoch_s", sa.Double, nullable=False),
    sa.Column("expires_epoch_s", sa.Double, nullable=False),
    sa.Index("ix_uploads_expires", "expires_epoch_s"),
)
