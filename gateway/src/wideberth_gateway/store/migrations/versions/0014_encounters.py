"""Encounters of all analyses, flat.

Revision: 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; they fill themselves from the files."""
    op.create_table(
        "encounter_sets",
        sa.Column("analysis_id", sa.String(64), nullable=False),
        sa.Column("read_epoch_s", sa.Double, nullable=False),
        sa.Column("problem", sa.Text),
        sa.PrimaryKeyConstraint("analysis_id", name="pk_encounter_sets"),
    )
    op.create_table(
        "encounters",
        sa.Column("analysis_id", sa.String(64), nullable=False),
        sa.Column("encounter_id", sa.Text, nullable=False),
        sa.Column("craft_track", sa.Text, nullable=False),
        sa.Column("craft_kind", sa.String(16), nullable=False),
        sa.Column("vessel", sa.Text),
        sa.Column("pack_id", sa.Text, nullable=False),
        sa.Column("starts_epoch_s", sa.Double),
        *(sa.Column(name, sa.Double, nullable=False) for name in ("closest_t_s", "closest_m", "low_95_m", "high_95_m")),
        sa.Column("latitude_deg", sa.Double),
        sa.Column("longitude_deg", sa.Double),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("rules_json", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("analysis_id", "encounter_id", name="pk_encounters"),
    )
    op.create_index("ix_encounters_starts", "encounters", ["starts_epoch_s"])


def downgrade() -> None:
    """Drop the tables; nothing is lost with them."""
    op.drop_table("encounters")
    op.drop_table("encounter_sets")
