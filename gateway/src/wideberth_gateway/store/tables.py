"""The tables, one schema for SQLite and PostgreSQL. `migrations/` builds them; a test holds both together.

Times are seconds since 1970 in UTC (`_epoch_s`): the two databases disagree about zones, and numbers compare fast.
`alerts` and `events` are only ever appended to; of `audit` the database itself holds that, by triggers.
"""

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

originals = sa.Table(
    "originals",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("received_epoch_s", sa.Double, nullable=False),
)

analyses = sa.Table(
    "analyses",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("video_sha256", sa.String(64), sa.ForeignKey("originals.sha256"), nullable=False),
    sa.Column("video_name", sa.Text, nullable=False),
    sa.Column("telemetry_sha256", sa.String(64), sa.ForeignKey("originals.sha256"), nullable=True),
    sa.Column("telemetry_name", sa.Text, nullable=True),
    sa.Column("settings_json", sa.Text, nullable=False),
    sa.Column("grade", sa.String(1), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("problem_json", sa.Text, nullable=True),
    sa.Column("created_epoch_s", sa.Double, nullable=False),
    sa.Column("started_epoch_s", sa.Double, nullable=True),
    sa.Column("frames_at_start", sa.Integer, nullable=False),
    sa.Column("finished_epoch_s", sa.Double, nullable=True),
    sa.Column("forked_from", sa.String(64), nullable=True),
    sa.Column("forked_stage", sa.String(16), nullable=True),
    sa.Index("ix_analyses_created", "created_epoch_s", "id"),
)

segments = sa.Table(
    "segments",
    metadata,
    sa.Column("analysis_id", sa.String(64), sa.ForeignKey("analyses.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("start_s", sa.Double, nullable=False),
    sa.Column("stop_s", sa.Double, nullable=False),
    sa.Column("frames", sa.Integer, nullable=False),
    sa.Column("frames_done", sa.Integer, nullable=False),
    sa.Column("starts", sa.Integer, nullable=False),
    sa.Column("done", sa.Boolean, nullable=False),
)

alerts = sa.Table(
    "alerts",
    metadata,
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String(64), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("analysis_id", sa.String(64), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("starts_epoch_s", sa.Double, nullable=True),
    sa.Column("ends_epoch_s", sa.Double, nullable=True),
    sa.Column("latitude_deg", sa.Double, nullable=True),
    sa.Column("longitude_deg", sa.Double, nullable=True),
    sa.Column("alert_json", sa.Text, nullable=False),
    sa.UniqueConstraint("id", "version", name="uq_alerts_id_version"),
    sa.Index("ix_alerts_analysis_id", "analysis_id"),
    sa.Index("ix_alerts_status", "status", "sequence"),
    sa.Index("ix_alerts_ends", "ends_epoch_s", "starts_epoch_s"),
    sa.Index("ix_alerts_place", "latitude_deg", "longitude_deg"),
    sqlite_autoincrement=True,
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("subject", sa.String(64), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("at_epoch_s", sa.Double, nullable=False),
    sqlite_autoincrement=True,
)

keys = sa.Table(
    "keys",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("roles", sa.Text, nullable=False),
    sa.Column("organisation_id", sa.String(32), nullable=False),
    sa.Column("sees", sa.Text, nullable=False),
    sa.Column("areas", sa.Text, nullable=False, server_default="*"),
    sa.Column("shown", sa.String(16), nullable=False),
    sa.Column("created_epoch_s", sa.Double, nullable=False),
    sa.Column("last_used_epoch_s", sa.Double, nullable=True),
    sa.Column("revoked_epoch_s", sa.Double, nullable=True),
    sa.Column("expires_epoch_s", sa.Double, nullable=True),
)

webhooks = sa.Table(
    "webhooks",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("form", sa.String(16), nullable=False),
    sa.Column("secret", sa.Text, nullable=False),
    sa.Column("changes_json", sa.Text, nullable=False),
    sa.Column("after_event", sa.Integer, nullable=False),
    sa.Column("created_epoch_s", sa.Double, nullable=False),
    sa.Column("disabled_because", sa.Text, nullable=True),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("webhook_id", sa.String(32), sa.ForeignKey("webhooks.id"), nullable=False),
    sa.Column("event", sa.Integer, nullable=False),
    sa.Column("change", sa.String(32), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("due_epoch_s", sa.Double, nullable=False),
    sa.Column("done_epoch_s", sa.Double, nullable=True),
    sa.Column("answer", sa.Text, nullable=False),
    sa.UniqueConstraint("webhook_id", "event", name="uq_deliveries_webhook_id_event"),
    sa.Index("ix_deliveries_due", "webhook_id", "state", "due_epoch_s"),
    sqlite_autoincrement=True,
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("day", sa.String(10), nullable=False),
    sa.Column("subject", sa.String(64), nullable=False),
    sa.Column("entry_json", sa.Text, nullable=False),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Index("ix_audit_day", "day"),
    sa.Index("ix_audit_subject", "subject"),
)

stamps = sa.Table(
    "stamps",
    metadata,
    sa.Column("kind", sa.String(8), primary_key=True),
    sa.Column("subject", sa.String(64), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("queued_epoch_s", sa.Double, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("problem", sa.Text, nullable=True),
    sa.Column("answer", sa.LargeBinary, nullable=True),
    sa.Column("stamped_epoch_s", sa.Double, nullable=True),
)
