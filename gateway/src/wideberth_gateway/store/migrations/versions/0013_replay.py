"""Corrections, which the database refuses to change, and copies of videos that every browser plays.

Revision: 0013.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TRIGGER corrections_no_update BEFORE UPDATE ON corrections
        BEGIN SELECT RAISE(ABORT, 'corrections are only ever appended to'); END""",
    """CREATE TRIGGER corrections_no_delete BEFORE DELETE ON corrections
        BEGIN SELECT RAISE(ABORT, 'corrections are only ever appended to'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION corrections_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'corrections are only ever appended to'; END $$""",
    """CREATE TRIGGER corrections_no_change BEFORE UPDATE OR DELETE ON corrections
        FOR EACH ROW EXECUTE FUNCTION corrections_refuse()""",
    """CREATE TRIGGER corrections_no_truncate BEFORE TRUNCATE ON corrections
        FOR EACH STATEMENT EXECUTE FUNCTION corrections_refuse()""",
)


def upgrade() -> None:
    """Make the tables and the triggers."""
    op.create_table(
        "corrections",
        sa.Column("sequence", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("analysis_id", sa.String(64), nullable=False),
        sa.Column("at_epoch_s", sa.Double, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("body_json", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_corrections"),
        sa.UniqueConstraint("id", name="uq_corrections_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_corrections_analysis_id", "corrections", ["analysis_id", "sequence"])
    op.create_table(
        "proxies",
        sa.Column("analysis_id", sa.String(64), nullable=False),
        sa.Column("video_sha256", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("worker", sa.Text),
        sa.Column("beat_epoch_s", sa.Double, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("problem", sa.Text),
        sa.PrimaryKeyConstraint("analysis_id", name="pk_proxies"),
    )
    op.create_index("ix_proxies_state", "proxies", ["state", "beat_epoch_s"])
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables; their triggers go with them."""
    op.drop_table("proxies")
    op.drop_table("corrections")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION corrections_refuse()")
