"""Tables of keeping: which files are kept where and what became of them, and what is on hold."""

import sqlalchemy as sa

from wideberth_gateway.store.tables import metadata

files = sa.Table(
    "files",
    metadata,
    sa.Column("key", sa.String(512), primary_key=True),
    sa.Column("subject", sa.String(128), nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=True),
    sa.Column("kept_epoch_s", sa.Double, nullable=False),
    sa.Column("gone_epoch_s", sa.Double, nullable=True),
    sa.Column("gone_rule", sa.Text, nullable=True),
    sa.Index("ix_files_subject", "subject"),
)

holds = sa.Table(
    "holds",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("subject", sa.String(64), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("held_by", sa.Text, nullable=False),
    sa.Column("since_epoch_s", sa.Double, nullable=False),
    sa.Column("lifted_by", sa.Text, nullable=True),
    sa.Column("lifted_epoch_s", sa.Double, nullable=True),
    sa.Index("ix_holds_subject", "kind", "subject"),
)
