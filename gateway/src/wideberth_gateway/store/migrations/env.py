"""Alembic's entry: runs on the connection that `wideberth_gateway.store.migrate` hands in."""

from alembic import context

from wideberth_gateway.store import flight_tables, job_tables, keeping_tables, replay_tables, upload_tables
from wideberth_gateway.store.tables import metadata

for known in (upload_tables, flight_tables, job_tables, keeping_tables, replay_tables):
    assert known.metadata is metadata  # tables are known once their module is imported

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
