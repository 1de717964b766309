"""Alembic's entry: runs on the connection that `wideberth_gateway.store.migrate` hands in."""

import importlib
import pkgutil

from alembic import context

from wideberth_gateway import store
from wideberth_gateway.store.tables import metadata

for module in pkgutil.iter_modules(store.__path__):
    if module.name.endswith("_tables"):  # tables are known once their module is imported
        importlib.import_module(f"{store.__name__}.{module.name}")

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)

with context.begin_transaction():
    context.run_migrations()
