"""`keys`: who may decide about alerts, and who may change receivers."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import Engine

from wideberth.edge import fail
from wideberth_contracts.errors import WideberthError
from wideberth_gateway.access.roles import Role
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store.engine import open_engine
from wideberth_gateway.store.keys import add_key, list_keys, revoke_key
from wideberth_gateway.store.migrate import migrate

OUT = Console()


class Action(StrEnum):
    """What to do with keys."""

    ADD = "add"
    LIST = "list"
    REVOKE = "revoke"


def keys_command(
    action: Annotated[Action, typer.Argument(help="add, list or revoke.")],
    name: Annotated[str | None, typer.Argument(help="Of the person or program; stands in every decision.")] = None,
    role: Annotated[
        Role, typer.Option(help="reviewer: decides about alerts; administrator: receivers.")
    ] = Role.REVIEWER,
    data: Annotated[Path, typer.Option(help="Folder of the gateway, as for `serve`.")] = Path("wideberth-data"),
) -> None:
    """Keys for the API. A new key is printed once and kept only as a hash."""
    if action is not Action.LIST and not name:
        fail(f"keys {action.value}: whose key? give a name")
    engine = _opened(data)
    try:
        if action is Action.ADD:
            typer.echo(add_key(engine, str(name), role))
            typer.echo("This key is not shown again. Send it as `Authorization: Bearer KEY`.", err=True)
        elif action is Action.REVOKE:
            revoke_key(engine, str(name))
        else:
            OUT.print(_table(engine))
    except WideberthError as error:
        fail(str(error))
    finally:
        engine.dispose()


def _opened(data: Path) -> Engine:
    data.mkdir(parents=True, exist_ok=True)
    engine = open_engine(GatewaySettings(data_dir=data).main_database())
    migrate(engine)
    return engine


def _table(engine: Engine) -> Table:
    table = Table("name", "role", "key", "made", "last used", "state")
    for key in list_keys(engine):
        state = "revoked" if key.revoked_epoch_s else "holds"
        made, used = _day(key.created_epoch_s), _day(key.last_used_epoch_s)
        table.add_row(key.name, key.role.value, f"{key.shown}…", made, used, state)
    return table


def _day(epoch_s: float | None) -> str:
    return "never" if epoch_s is None else datetime.fromtimestamp(epoch_s, tz=UTC).strftime("%Y-%m-%d %H:%M UTC")
