"""Tables of the replay: what persons corrected, and copies of videos: that every browser plays, and blurred.

`corrections` are only ever appended to; the database itself holds that, by triggers (migration `0013_replay`).
"""

import sqlalchemy as sa

from wideberth_gateway.store.tables import metadata

corrections = sa.Table(
    "corrections",
    metadata,
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String(32), nullable=False),
    sa.Column("analysis_id", sa.String(64), nullable=False),
    sa.Column("at_epoch_s", sa.Double, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("body_json", sa.Text, nullable=False),
    sa.UniqueConstraint("id", name="uq_corrections_id"),
    sa.Index("ix_corrections_analysis_id", "analysis_id", "sequence"),
    sqlite_autoincrement=True,
)

proxies = sa.Table(
    "proxies",
    metadata,
    sa.Column("analysis_id", sa.String(64), primary_key=True),
    sa.Column("form", sa.String(16), primary_key=True),
    sa.Column("video_sha256", sa.String(64), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("worker", sa.Text, nullable=True),
    sa.Column("beat_epoch_s", sa.Double, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("problem", sa.Text, nullable=True),
    sa.Index("ix_proxies_state", "state", "beat_epoch_s"),
)
