"""Where an analysis goes on from another one; who is at which segment.

Revision: 0015.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is new; no analysis of before goes on from another, and nobody is at anything while this runs."""
    op.add_column("analyses", sa.Column("forked_from", sa.String(64), nullable=True))
    op.add_column("analyses", sa.Column("forked_stage", sa.String(16), nullable=True))
    op.create_table(
        "segment_claims",
        sa.Column("analysis_id", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("executor_id", sa.String(100), nullable=False),
        sa.Column("token", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("analysis_id", "position", name="pk_segment_claims"),
        sa.ForeignKeyConstraint(["analysis_id"], ["analyses.id"], name="fk_segment_claims_analysis_id"),
    )
    op.create_index("ix_segment_claims_executor", "segment_claims", ["executor_id", "token"])


def downgrade() -> None:
    """Drop it; the plans of the analyses still tell where they come from."""
    op.drop_table("segment_claims")
    op.drop_column("analyses", "forked_stage")
    op.drop_column("analyses", "forked_from")
