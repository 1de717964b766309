"""Tries at segments, and what analyses wait for.

Revision: 0012.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "segment_trials",
        sa.Column("analysis_id", sa.String(64), sa.ForeignKey("analyses.id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("under_way", sa.Boolean, nullable=False),
        sa.Column("alone", sa.Boolean, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("given_up", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("analysis_id", "position", name="pk_segment_trials"),
    )
    op.create_table(
        "analysis_waits",
        sa.Column("analysis_id", sa.String(64), sa.ForeignKey("analyses.id"), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since_epoch_s", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("analysis_id", name="pk_analysis_waits"),
    )


def downgrade() -> None:
    """Drop the tables; a segment that was given up is still told by its file."""
    op.drop_table("analysis_waits")
    op.drop_table("segment_trials")
