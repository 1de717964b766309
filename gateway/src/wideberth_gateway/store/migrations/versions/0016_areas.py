"""Sea areas, what lies within them, and who is limited to them; blurred copies of videos beside playable ones;
quotas of organisations; buckets of tokens that processes share.

Revision: 0016.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; nobody is limited yet."""
    op.create_table(
        "sea_areas",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("corners_json", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("created_epoch_s", sa.Double, nullable=False),
        sa.Column("removed_epoch_s", sa.Double),
        sa.PrimaryKeyConstraint("id", name="pk_sea_areas"),
    )
    op.create_table(
        "whereabouts",
        *_subject(),
        sa.Column("points_json", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject", name="pk_whereabouts"),
    )
    op.create_table(
        "insides",
        *_subject(),
        sa.Column("area_id", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject", "area_id", name="pk_insides"),
    )
    op.create_index("ix_insides_area_id", "insides", ["area_id", "kind", "subject"])
    op.create_table(
        "bringers",
        *_subject(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject", "name", name="pk_bringers"),
    )
    for table in ("people", "keys"):
        op.add_column(table, sa.Column("areas", sa.Text, nullable=False, server_default="*"))
    op.create_table(
        "token_buckets",
        sa.Column("caller", sa.String(250), nullable=False),
        sa.Column("tokens", sa.Double, nullable=False),
        sa.Column("at_epoch_s", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("caller", name="pk_token_buckets"),
    )
    op.create_index("ix_token_buckets_at", "token_buckets", ["at_epoch_s"])
    op.add_column("organisations", sa.Column("quota_bytes", sa.BigInteger))
    _copies(sa.Column("form", sa.String(16), nullable=False))


def downgrade() -> None:
    """Drop them; everybody sees everywhere again."""
    for table in ("people", "keys"):
        op.drop_column(table, "areas")
    op.drop_column("organisations", "quota_bytes")
    _copies()
    for table in ("token_buckets", "bringers", "insides", "whereabouts", "sea_areas"):
        op.drop_table(table)


def _copies(*form: "sa.Column[str]") -> None:
    """The table anew: what it says is asked for again, and found in the folders of the analyses."""
    op.drop_table("proxies")
    op.create_table(
        "proxies",
        sa.Column("analysis_id", sa.String(64), nullable=False),
        *form,
        sa.Column("video_sha256", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("worker", sa.Text),
        sa.Column("beat_epoch_s", sa.Double, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("problem", sa.Text),
        sa.PrimaryKeyConstraint("analysis_id", *(one.name for one in form), name="pk_proxies"),
    )
    op.create_index("ix_proxies_state", "proxies", ["state", "beat_epoch_s"])


def _subject() -> tuple["sa.Column[str]", "sa.Column[str]"]:
    kind: sa.Column[str] = sa.Column("kind", sa.String(16), nullable=False)
    subject: sa.Column[str] = sa.Column("subject", sa.String(64), nullable=False)
    return kind, subject
