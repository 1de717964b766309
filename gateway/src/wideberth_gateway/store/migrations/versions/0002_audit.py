"""The audit trail, which the database refuses to change, and the queue of time stamps.

Revision: 0002. The triggers also hold that each entry follows the last one: a row put in between, or in place of
another, is refused as well.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit trail is only ever appended to'); END""",
    """CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit trail is only ever appended to'); END""",
    """CREATE TRIGGER audit_in_chain BEFORE INSERT ON audit
        WHEN NEW.sequence IS NOT (SELECT COALESCE(MAX(sequence), 0) + 1 FROM audit)
          OR NEW.previous IS NOT COALESCE(
            (SELECT hash FROM audit ORDER BY sequence DESC LIMIT 1),
            '0000000000000000000000000000000000000000000000000000000000000000')
        BEGIN SELECT RAISE(ABORT, 'the audit trail is only ever appended to'); END""",
)

POSTGRESQL = (
    """CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the audit trail is only ever appended to'; END $$""",
    """CREATE FUNCTION audit_in_chain() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NEW.sequence IS DISTINCT FROM (SELECT COALESCE(MAX(sequence), 0) + 1 FROM audit)
             OR NEW.previous IS DISTINCT FROM
                COALESCE(
                  (SELECT hash FROM audit ORDER BY sequence DESC LIMIT 1),
                  '0000000000000000000000000000000000000000000000000000000000000000') THEN
            RAISE EXCEPTION 'the audit trail is only ever appended to';
          END IF;
          RETURN NEW;
        END $$""",
    "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_in_chain BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_in_chain()",
)


def upgrade() -> None:
    """Make the tables and the triggers."""
    op.create_table(
        "audit",
        sa.Column("sequence", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("entry_json", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_audit"),
    )
    op.create_index("ix_audit_day", "audit", ["day"])
    op.create_index("ix_audit_subject", "audit", ["subject"])
    op.create_table(
        "stamps",
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("queued_epoch_s", sa.Double, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("problem", sa.Text),
        sa.Column("answer", sa.LargeBinary),
        sa.Column("stamped_epoch_s", sa.Double),
        sa.PrimaryKeyConstraint("kind", "subject", name="pk_stamps"),
    )
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables; their triggers go with them."""
    op.drop_table("stamps")
    op.drop_table("audit")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_in_chain()")
        op.execute("DROP FUNCTION audit_refuse()")
