"""Tables of where originals came from: what stayed where it was, folders being registered, who brought what."""

import sqlalchemy as sa

from wideberth_gateway.store.tables import metadata

registered = sa.Table(
    "registered_files",
    metadata,
    sa.Column("sha256", sa.String(64), sa.ForeignKey("originals.sha256"), primary_key=True),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("changed_ns", sa.BigInteger, nullable=False),
    sa.Column("registered_epoch_s", sa.Double, nullable=False),
)

registrations = sa.Table(
    "registrations",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("root", sa.Text, nullable=False),
    sa.Column("folder", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("organisation_id", sa.String(32), nullable=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("files_done", sa.Integer, nullable=False),
    sa.Column("files_total", sa.Integer, nullable=False),
    sa.Column("problem_json", sa.Text, nullable=True),
    sa.Column("flights_json", sa.Text, nullable=True),
    sa.Column("created_epoch_s", sa.Double, nullable=False),
)

brought = sa.Table(
    "brought_files",
    metadata,
    sa.Column("actor", sa.String(200), primary_key=True),
    sa.Column("sha256", sa.String(64), sa.ForeignKey("originals.sha256"), primary_key=True),
    sa.Column("brought_epoch_s", sa.Double, nullable=False),
)
