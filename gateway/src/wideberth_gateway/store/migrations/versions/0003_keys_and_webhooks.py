"""Keys of persons and programs; receivers of alerts, and what became of each delivery.

Revision: 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "keys",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("shown", sa.String(16), nullable=False),
        sa.Column("created_epoch_s", sa.Double, nullable=False),
        sa.Column("last_used_epoch_s", sa.Double),
        sa.Column("revoked_epoch_s", sa.Double),
        sa.PrimaryKeyConstraint("sha256", name="pk_keys"),
    )
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("form", sa.String(16), nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("changes_json", sa.Text, nullable=False),
        sa.Column("after_event", sa.Integer, nullable=False),
        sa.Column("created_epoch_s", sa.Double, nullable=False),
        sa.Column("disabled_because", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("webhook_id", sa.String(32), nullable=False),
        sa.Column("event", sa.Integer, nullable=False),
        sa.Column("change", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due_epoch_s", sa.Double, nullable=False),
        sa.Column("done_epoch_s", sa.Double),
        sa.Column("answer", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhooks.id"], name="fk_deliveries_webhook_id"),
        sa.UniqueConstraint("webhook_id", "event", name="uq_deliveries_webhook_id_event"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deliveries_due", "deliveries", ["webhook_id", "state", "due_epoch_s"])


def downgrade() -> None:
    """Drop the tables; what was told to whom is forgotten with them."""
    for table in ("deliveries", "webhooks", "keys"):
        op.drop_table(table)
