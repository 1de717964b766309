"""Tables of access: organisations, people, their sessions, what belongs to whom."""

import sqlalchemy as sa

from wideberth_gateway.store.tables import metadata

HOME = "home"
"""The organisation that is there from the start. What nobody's organisation is recorded for belongs to it."""

organisations = sa.Table(
    "organisations",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("created_epoch_s", sa.Double, nullable=False),
    sa.Column("quota_bytes", sa.BigInteger, nullable=True),
    sa.UniqueConstraint("name", name="uq_organisations_name"),
)

people = sa.Table(
    "people",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("password", sa.Text, nullable=True),
    sa.Column("must_change", sa.Boolean, nullable=False),
    sa.Column("roles", sa.Text, nullable=False),
    sa.Column("organisation_id", sa.String(32), sa.ForeignKey("organisations.id"), nullable=False),
    sa.Column("sees", sa.Text, nullable=False),
    sa.Column("areas", sa.Text, nullable=False, server_default="*"),
    sa.Column("provider_subject", sa.Text, nullable=True),
    sa.Column("created_epoch_s", sa.Double, nullable=False),
    sa.Column("signed_in_epoch_s", sa.Double, nullable=True),
    sa.Column("disabled_epoch_s", sa.Double, nullable=True),
    sa.UniqueConstraint("name", name="uq_people_name"),
    sa.UniqueConstraint("provider_subject", name="uq_people_provider_subject"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("person_id", sa.String(32), sa.ForeignKey("people.id"), nullable=False),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("created_epoch_s", sa.Double, nullable=False),
    sa.Column("used_epoch_s", sa.Double, nullable=False),
    sa.Index("ix_sessions_person_id", "person_id"),
)

sign_in_failures = sa.Table(
    "sign_in_failures",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("last_epoch_s", sa.Double, nullable=False),
)

token_buckets = sa.Table(
    "token_buckets",
    metadata,
    sa.Column("caller", sa.String(250), primary_key=True),
    sa.Column("tokens", sa.Double, nullable=False),
    sa.Column("at_epoch_s", sa.Double, nullable=False),
    sa.Index("ix_token_buckets_at", "at_epoch_s"),
)

provider_visits = sa.Table(
    "provider_visits",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("nonce", sa.Text, nullable=False),
    sa.Column("verifier", sa.Text, nullable=False),
    sa.Column("began_epoch_s", sa.Double, nullable=False),
)

belongings = sa.Table(
    "belongings",
    metadata,
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("subject", sa.String(64), primary_key=True),
    sa.Column("organisation_id", sa.String(32), sa.ForeignKey("organisations.id"), primary_key=True),
    sa.Index("ix_belongings_organisation_id", "organisation_id", "kind", "subject"),
)
