"""Alembic's entry: runs on the connection that `wideberth_gateway.store.migrate` hands in."""

from alembic import context

from wideberth_gateway.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
