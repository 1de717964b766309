"""Organisations, people, sessions, and what belongs to whom; keys get several roles, an end and an organisation.

Revision: 0011.
"""

import time

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; the first organisation is there from the start."""
    _organisations()
    _people()
    op.create_table(
        "belongings",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject", "organisation_id", name="pk_belongings"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_belongings_organisation_id"
        ),
    )  # fmt: skip
    op.create_index("ix_belongings_organisation_id", "belongings", ["organisation_id", "kind", "subject"])
    with op.batch_alter_table("keys") as keys:
        keys.alter_column("role", new_column_name="roles", existing_type=sa.String(16), type_=sa.Text)
        keys.add_column(sa.Column("organisation_id", sa.String(32), nullable=False, server_default="home"))
        keys.add_column(sa.Column("sees", sa.Text, nullable=False, server_default=""))
        keys.add_column(sa.Column("expires_epoch_s", sa.Double))


def _organisations() -> None:
    made = op.create_table(
        "organisations",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_epoch_s", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisations"),
        sa.UniqueConstraint("name", name="uq_organisations_name"),
    )
    op.bulk_insert(made, [{"id": "home", "name": "home", "created_epoch_s": time.time()}])


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("password", sa.Text),
        sa.Column("must_change", sa.Boolean, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        sa.Column("sees", sa.Text, nullable=False),
        sa.Column("provider_subject", sa.Text),
        sa.Column("created_epoch_s", sa.Double, nullable=False),
        sa.Column("signed_in_epoch_s", sa.Double),
        sa.Column("disabled_epoch_s", sa.Double),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("name", name="uq_people_name"),
        sa.UniqueConstraint("provider_subject", name="uq_people_provider_subject"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_people_organisation_id"),
    )
    op.create_table(
        "sessions",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("created_epoch_s", sa.Double, nullable=False),
        sa.Column("used_epoch_s", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_sessions"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_sessions_person_id"),
    )
    op.create_index("ix_sessions_person_id", "sessions", ["person_id"])
    op.create_table(
        "sign_in_failures",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("last_epoch_s", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_sign_in_failures"),
    )
    op.create_table(
        "provider_visits",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("nonce", sa.Text, nullable=False),
        sa.Column("verifier", sa.Text, nullable=False),
        sa.Column("began_epoch_s", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_provider_visits"),
    )


def downgrade() -> None:
    """Drop the tables; a key keeps the first of its roles."""
    with op.batch_alter_table("keys") as keys:
        keys.alter_column("roles", new_column_name="role", existing_type=sa.Text, type_=sa.String(16))
        for column in ("organisation_id", "sees", "expires_epoch_s"):
            keys.drop_column(column)
    for table in ("belongings", "provider_visits", "sign_in_failures", "sessions", "people", "organisations"):
        op.drop_table(table)
