"""Bring a database to the newest schema."""

from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection, Engine

from wideberth_gateway.store.engine import in_order_of_commit, writing


def migrate(engine: Engine) -> None:
    """All migrations are applied, in one transaction; does nothing on a database that is up to date."""
    with writing(engine) as connection:
        in_order_of_commit(connection)  # two processes that start at once must not both create the tables
        upgrade(connection)


def upgrade(connection: Connection) -> None:
    """Apply what is missing on this connection, without committing."""
    with as_file(files("wideberth_gateway.store") / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
