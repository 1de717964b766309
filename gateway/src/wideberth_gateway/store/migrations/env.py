"""Alembic's entry: runs on the connection that `wideberth_gateway.store.migrate` hands in."""

from alembic import context

from wideberth_gateway.store import flight_tables, upload_tables
from wideberth_gateway.store.tables import metadata

# Their tables are known once they are imported.
assert upload_tables.uploads.metadata is metadata
assert flight_tables.flights.metadata is metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
