"""Tables of what goes wrong with jobs: tries at segments, and what an analysis waits for."""

import sqlalchemy as sa

from wideberth_gateway.store.tables import metadata

trials = sa.Table(
    "segment_trials",
    metadata,
    sa.Column("analysis_id", sa.String(64), sa.ForeignKey("analyses.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("under_way", sa.Boolean, nullable=False),
    sa.Column("alone", sa.Boolean, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("given_up", sa.Boolean, nullable=False),
)

waits = sa.Table(
    "analysis_waits",
    metadata,
    sa.Column("analysis_id", sa.String(64), sa.ForeignKey("analyses.id"), primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("since_epoch_s", sa.Double, nullable=False),
)
