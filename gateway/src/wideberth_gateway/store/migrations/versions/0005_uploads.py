"""Uploads and how far each has come.

Revision: 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "uploads",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("metadata", sa.Text, nullable=False),
        sa.Column("length_bytes", sa.BigInteger, nullable=False),
        sa.Column("offset_bytes", sa.BigInteger, nullable=False),
        sa.Column("writer", sa.String(32)),
        sa.Column("wanted_sha256", sa.String(64)),
        sa.Column("sha256", sa.String(64)),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("created_epoch_s", sa.Double, nullable=False),
        sa.Column("expires_epoch_s", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_uploads"),
    )
    op.create_index("ix_uploads_expires", "uploads", ["expires_epoch_s"])


def downgrade() -> None:
    """Drop the table; unfinished uploads begin anew."""
    op.drop_table("uploads")
