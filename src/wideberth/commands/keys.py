"""`keys`: for programs that ask the gateway."""

import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import Engine

from wideberth.commands.people import day, limits, opened, organisation_id, sight
from wideberth.edge import fail
from wideberth_contracts.errors import WideberthError
from wideberth_gateway.access.roles import Role, roles_text
from wideberth_gateway.store.keys import KeptKey, add_key, list_keys, revoke_key

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
        list[Role] | None, typer.Option(help="What it may (docs/access.md); may be given several times.")
    ] = None,
    organisation: Annotated[
        str | None, typer.Option(help="Name of the organisation that what is brought with it belongs to.")
    ] = None,
    sees: Annotated[
        list[str] | None, typer.Option(help="A reviewer sees this organisation's rows too; `all`: everyone's.")
    ] = None,
    area: Annotated[
        list[str] | None, typer.Option(help="It sees what lies in this sea area alone; several: in one of them.")
    ] = None,
    days: Annotated[float | None, typer.Option(help="It holds so long; until revoked unless given.")] = None,
    data: Annotated[Path, typer.Option(help="Folder of the gateway, as for `serve`.")] = Path("wideberth-data"),
) -> None:
    """Keys for the API. A new key is printed once and kept only as a hash."""
    if action is not Action.LIST and not name:
        fail(f"keys {action.value}: whose key? give a name")
    engine = opened(data)
    try:
        if action is Action.ADD:
            home, more = organisation_id(engine, organisation), sight(engine, sees)
            roles = role or [Role.REVIEWER]
            within = limits(engine, area)
            typer.echo(add_key(engine, str(name), *roles, organisation_id=home, sees=more, areas=within, days=days))
            typer.echo("This key is not shown again. Send it as `Authorization: Bearer KEY`.", err=True)
        elif action is Action.REVOKE:
            revoke_key(engine, str(name))
        else:
            OUT.print(_table(engine))
    except WideberthError as error:
        fail(str(error))
    finally:
        engine.dispose()


def _table(engine: Engine) -> Table:
    table = Table("name", "roles", "key", "made", "last used", "state")
    for key in list_keys(engine):
        made, used = day(key.created_epoch_s), day(key.last_used_epoch_s)
        state = _state(key)
        table.add_row(key.name, roles_text(key.roles), f"{key.shown}…", made, used, state)
    return table


def _state(key: KeptKey) -> str:
    if key.revoked_epoch_s:
        return "revoked"
    if key.expires_epoch_s is None:
        return "holds"
    over = key.expires_epoch_s < time.time()
    return f"{'over since' if over else 'holds until'} {day(key.expires_epoch_s)}"
