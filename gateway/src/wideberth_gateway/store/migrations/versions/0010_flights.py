"""Flights and their parts.

Revision: 0010.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "flights",
        sa.Column("id", sa.String(64), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("name", "operator", "drone", "permit", "notes")),
        sa.Column("created_epoch_s", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_flights"),
    )
    op.create_index("ix_flights_created", "flights", ["created_epoch_s", "id"])
    op.create_table(
        "flight_parts",
        sa.Column("flight_id", sa.String(64), sa.ForeignKey("flights.id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("video_sha256", sa.String(64), nullable=False),
        sa.Column("video_name", sa.Text, nullable=False),
        sa.Column("duration_s", sa.Double, nullable=False),
        sa.Column("telemetry_sha256", sa.String(64)),
        sa.Column("telemetry_name", sa.Text),
        sa.Column("look_json", sa.Text),
        sa.PrimaryKeyConstraint("flight_id", "position", name="pk_flight_parts"),
    )


def downgrade() -> None:
    """Drop the tables; the files stay."""
    op.drop_table("flight_parts")
    op.drop_table("flights")
