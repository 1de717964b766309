"""Where an analysis goes on from another one.

Revision: 0015.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; no analysis of before goes on from another."""
    op.add_column("analyses", sa.Column("forked_from", sa.String(64), nullable=True))
    op.add_column("analyses", sa.Column("forked_stage", sa.String(16), nullable=True))


def downgrade() -> None:
    """Drop the columns; the plans of the analyses still tell."""
    op.drop_column("analyses", "forked_stage")
    op.drop_column("analyses", "forked_from")
