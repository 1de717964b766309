"""Alembic's entry: runs on the connection that `wideberth_gateway.store.migrate` hands in."""

from alembic import context

from wideberth_gateway.store import keeping_tables, tables  # noqa: F401 - modules of tables that are not imported are unknown to the metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=tables.metadata)
with context.begin_transaction():
    context.run_migrations()
