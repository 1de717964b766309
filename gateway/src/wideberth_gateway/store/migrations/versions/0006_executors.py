"""Executors, their leases and fencing tokens.

Revision: 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "executors",
        sa.Column("id", sa.String(100), nullable=False),
        sa.Column("token", sa.BigInteger, nullable=False),
        sa.Column("until_epoch_s", sa.Double, nullable=False),
        sa.Column("handed_over", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_executors"),
    )


def downgrade() -> None:
    """Drop the table; running processes must be started again afterwards."""
    op.drop_table("executors")
