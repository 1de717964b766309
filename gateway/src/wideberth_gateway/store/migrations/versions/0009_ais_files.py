"""AIS files of analyses.

Revision: 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "ais_files",
        sa.Column("analysis_id", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("utc_offset_h", sa.Double),
        sa.Column("start_epoch_s", sa.Double),
        sa.Column("added_epoch_s", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("analysis_id", "sha256", name="pk_ais_files"),
        sa.ForeignKeyConstraint(["analysis_id"], ["analyses.id"], name="fk_ais_files_analysis_id"),
        sa.ForeignKeyConstraint(["sha256"], ["originals.sha256"], name="fk_ais_files_sha256"),
    )


def downgrade() -> None:
    """Drop the table; the files stay."""
    op.drop_table("ais_files")
