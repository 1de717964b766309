"""Alembic's entry: runs on the connection that `wideberth_gateway.store.migrate` hands in."""

from alembic import context

from wideberth_gateway.store import upload_tables
from wideberth_gateway.store.tables import metadata

assert upload_tables.uploads.metadata is metadata  # its tables are known once it is imported

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
