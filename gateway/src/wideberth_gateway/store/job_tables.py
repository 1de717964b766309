"""Tables of executors, processes that work on jobs, and until when each is believed to live; of who is at what."""

import sqlalchemy as sa

from wideberth_gateway.store.tables import metadata

executors = sa.Table(
    "executors",
    metadata,
    sa.Column("id", sa.String(100), primary_key=True),
    sa.Column("token", sa.BigInteger, nullable=False),
    sa.Column("until_epoch_s", sa.Double, nullable=False),
    sa.Column("handed_over", sa.Boolean, nullable=False),
)

claims = sa.Table(
    "segment_claims",
    metadata,
    sa.Column("analysis_id", sa.String(64), sa.ForeignKey("analyses.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("executor_id", sa.String(100), nullable=False),
    sa.Column("token", sa.BigInteger, nullable=False),
    sa.Index("ix_segment_claims_executor", "executor_id", "token"),
)
