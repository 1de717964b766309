"""Which files are kept and what became of them, what is on hold, and indexes for feeds of many alerts.

Revision: 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ALERT_INDEXES = {
    "ix_alerts_status": ("status", "sequence"),
    "ix_alerts_ends": ("ends_epoch_s", "starts_epoch_s"),
    "ix_alerts_place": ("latitude_deg", "longitude_deg"),
}


def upgrade() -> None:
    """Make the tables and the indexes."""
    op.create_table(
        "files",
        sa.Column("key", sa.String(512), nullable=False),
        sa.Column("subject", sa.String(128), nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64)),
        sa.Column("kept_epoch_s", sa.Double, nullable=False),
        sa.Column("gone_epoch_s", sa.Double),
        sa.Column("gone_rule", sa.Text),
        sa.PrimaryKeyConstraint("key", name="pk_files"),
    )
    op.create_index("ix_files_subject", "files", ["subject"])
    op.create_table(
        "holds",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("held_by", sa.Text, nullable=False),
        sa.Column("since_epoch_s", sa.Double, nullable=False),
        sa.Column("lifted_by", sa.Text),
        sa.Column("lifted_epoch_s", sa.Double),
        sa.PrimaryKeyConstraint("id", name="pk_holds"),
    )
    op.create_index("ix_holds_subject", "holds", ["kind", "subject"])
    for name, columns in ALERT_INDEXES.items():
        op.create_index(name, "alerts", list(columns))
    op.create_index("ix_analyses_created", "analyses", ["created_epoch_s", "id"])


def downgrade() -> None:
    """Drop them; files and alerts stay."""
    op.drop_index("ix_analyses_created", "analyses")
    for name in ALERT_INDEXES:
        op.drop_index(name, "alerts")
    op.drop_table("holds")
    op.drop_table("files")
