"""Tries at segments, what analyses wait for, and originals that stayed where they are.

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
    op.create_table(
        "registered_files",
        sa.Column("sha256", sa.String(64), sa.ForeignKey("originals.sha256"), nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("changed_ns", sa.BigInteger, nullable=False),
        sa.Column("registered_epoch_s", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_registered_files"),
    )
    op.create_table(
        "registrations",
        sa.Column("id", sa.String(32), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("root", "folder", "actor")),
        sa.Column("organisation_id", sa.String(32)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("files_done", sa.Integer, nullable=False),
        sa.Column("files_total", sa.Integer, nullable=False),
        sa.Column("problem_json", sa.Text),
        sa.Column("flights_json", sa.Text),
        sa.Column("created_epoch_s", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registrations"),
    )
    op.create_table(
        "brought_files",
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), sa.ForeignKey("originals.sha256"), nullable=False),
        sa.Column("brought_epoch_s", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("actor", "sha256", name="pk_brought_files"),
    )


def downgrade() -> None:
    """Drop the tables; a segment that was given up is still told by its file."""
    op.drop_table("brought_files")
    op.drop_table("registrations")
    op.drop_table("registered_files")
    op.drop_table("analysis_waits")
    op.drop_table("segment_trials")
