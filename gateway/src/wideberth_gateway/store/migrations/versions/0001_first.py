"""Originals, analyses with their segments, alerts in versions, events.

Revision: 0001. Written out, not taken from `tables`: a migration must not change when the tables do.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "originals",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("received_epoch_s", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_originals"),
    )
    op.create_table(
        "analyses",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("video_sha256", sa.String(64), nullable=False),
        sa.Column("video_name", sa.Text, nullable=False),
        sa.Column("telemetry_sha256", sa.String(64)),
        sa.Column("telemetry_name", sa.Text),
        sa.Column("settings_json", sa.Text, nullable=False),
        sa.Column("grade", sa.String(1), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("problem_json", sa.Text),
        sa.Column("created_epoch_s", sa.Double, nullable=False),
        sa.Column("started_epoch_s", sa.Double),
        sa.Column("frames_at_start", sa.Integer, nullable=False),
        sa.Column("finished_epoch_s", sa.Double),
        sa.PrimaryKeyConstraint("id", name="pk_analyses"),
        sa.ForeignKeyConstraint(["video_sha256"], ["originals.sha256"], name="fk_analyses_video_sha256"),
        sa.ForeignKeyConstraint(["telemetry_sha256"], ["originals.sha256"], name="fk_analyses_telemetry_sha256"),
    )
    op.create_table(
        "segments",
        sa.Column("analysis_id", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("start_s", sa.Double, nullable=False),
        sa.Column("stop_s", sa.Double, nullable=False),
        sa.Column("frames", sa.Integer, nullable=False),
        sa.Column("frames_done", sa.Integer, nullable=False),
        sa.Column("starts", sa.Integer, nullable=False),
        sa.Column("done", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("analysis_id", "position", name="pk_segments"),
        sa.ForeignKeyConstraint(["analysis_id"], ["analyses.id"], name="fk_segments_analysis_id"),
    )
    op.create_table(
        "alerts",
        sa.Column("sequence", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("analysis_id", sa.String(64), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("starts_epoch_s", sa.Double),
        sa.Column("ends_epoch_s", sa.Double),
        sa.Column("latitude_deg", sa.Double),
        sa.Column("longitude_deg", sa.Double),
        sa.Column("alert_json", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_alerts"),
        sa.UniqueConstraint("id", "version", name="uq_alerts_id_version"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_alerts_analysis_id", "alerts", ["analysis_id"])
    op.create_table(
        "events",
        sa.Column("sequence", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("at_epoch_s", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_events"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("events", "alerts", "segments", "analyses", "originals"):
        op.drop_table(table)
