"""`people`: for the owner of the machine. What an administrator does from the page, and what only the owner can."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import Engine

from wideberth.edge import fail
from wideberth_contracts.errors import NotFound, WideberthError
from wideberth_gateway.access.passwords import hashed, one_time_password
from wideberth_gateway.access.roles import Role, roles_text
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store import people as store
from wideberth_gateway.store.access_tables import HOME
from wideberth_gateway.store.areas import list_areas
from wideberth_gateway.store.engine import open_engine
from wideberth_gateway.store.migrate import migrate
from wideberth_gateway.store.organisations import Sees, add_organisation, list_organisations, organisation_of_name
from wideberth_gateway.store.people import Person, Standing

OUT = Console()
ACTOR = "console"
ALL = "all"


class Action(StrEnum):
    """What to do with people."""

    ADD = "add"
    LIST = "list"
    RESET = "reset"
    ALLOW = "allow"
    DISABLE = "disable"


def people_command(
    action: Annotated[Action, typer.Argument(help="add, list, reset (another password), allow, disable.")],
    name: Annotated[str | None, typer.Argument(help="With which they sign in; stands in every decision.")] = None,
    role: Annotated[
        list[Role] | None, typer.Option(help="What they may (docs/access.md); may be given several times.")
    ] = None,
    organisation: Annotated[
        str | None, typer.Option(help="Name of their organisation; made where there is none.")
    ] = None,
    sees: Annotated[
        list[str] | None, typer.Option(help="A reviewer sees this organisation's rows too; `all`: everyone's.")
    ] = None,
    area: Annotated[
        list[str] | None, typer.Option(help="They see what lies in this sea area alone; several: in one of them.")
    ] = None,
    data: Annotated[Path, typer.Option(help="Folder of the gateway, as for `serve`.")] = Path("wideberth-data"),
) -> None:
    """People who may sign in. A one-time password is printed once; they change it when they sign in first."""
    if action is not Action.LIST and not name:
        fail(f"people {action.value}: who? give a name")
    engine = opened(data)
    try:
        if action is Action.LIST:
            OUT.print(_table(engine))
        elif action is Action.ADD:
            _add(engine, str(name), role or [], organisation, (sees, area))
        elif action is Action.RESET:
            _reset(engine, _known(engine, str(name)))
        else:
            _allow(engine, _known(engine, str(name)), role, action is Action.DISABLE)
    except WideberthError as error:
        fail(str(error))
    finally:
        engine.dispose()


def opened(data: Path) -> Engine:
    """The database of the gateway in that folder, or the one that the environment names."""
    data.mkdir(parents=True, exist_ok=True)
    engine = open_engine(GatewaySettings(data_dir=data).main_database())
    migrate(engine)
    return engine


def organisation_id(engine: Engine, name: str | None) -> str:
    """Of the organisation of that name; a new one where there is none."""
    if name is None:
        return HOME
    known = organisation_of_name(engine, name)
    return (known or add_organisation(engine, name, ACTOR)).id


def sight(engine: Engine, names: Sequence[str] | None) -> Sees:
    """Of the organisations of these names. Raises `NotFound`."""
    if names and ALL in names:
        return None
    found = [(name, organisation_of_name(engine, name)) for name in names or ()]
    unknown = [name for name, one in found if one is None]
    if unknown:
        raise NotFound(f"no organisation {unknown[0]!r}", remedy=f"there are {_names(engine)}")
    return frozenset(one.id for _, one in found if one is not None)


def limits(engine: Engine, names: Sequence[str] | None) -> Sees:
    """The sea areas of these names; everywhere without one. Raises `NotFound`."""
    if not names:
        return None
    known = {one.name: one.id for one in list_areas(engine)}
    for name in names:
        if name not in known:
            raise NotFound(f"no sea area {name!r}", remedy=f"there are {', '.join(known) or 'none'}")
    return frozenset(known[name] for name in names)


def day(epoch_s: float | None) -> str:
    """As a list shows it."""
    return "never" if epoch_s is None else datetime.fromtimestamp(epoch_s, tz=UTC).strftime("%Y-%m-%d %H:%M UTC")


def _add(
    engine: Engine,
    name: str,
    roles: Sequence[Role],
    organisation: str | None,
    seen: tuple[Sequence[str] | None, Sequence[str] | None],
) -> None:
    password = one_time_password()
    more, within = sight(engine, seen[0]), limits(engine, seen[1])
    standing = Standing(frozenset(roles), organisation_id(engine, organisation), more, within)
    store.add_person(engine, name, standing, ACTOR, password=hashed(password))
    _tell(password)


def _reset(engine: Engine, person: Person) -> None:
    password = one_time_password()
    store.set_password(engine, person.id, hashed(password), ACTOR, must_change=True)
    _tell(password)


def _allow(engine: Engine, person: Person, roles: Sequence[Role] | None, disabled: bool) -> None:
    chosen = frozenset(roles) if roles else person.roles
    store.change_person(
        engine, person.id, Standing(chosen, person.organisation_id, person.sees, person.areas), disabled, ACTOR
    )


def _tell(password: str) -> None:
    typer.echo(password)
    typer.echo("This one-time password is not shown again.", err=True)


def _known(engine: Engine, name: str) -> Person:
    found = store.person_of_name(engine, name)
    if found is None:
        raise NotFound(f"nobody is called {name!r}", remedy="see `wideberth people list`")
    return found


def _names(engine: Engine) -> str:
    return ", ".join(one.name for one in list_organisations(engine))


def _table(engine: Engine) -> Table:
    table = Table("name", "roles", "organisation", "sees", "areas", "signed in", "state")
    names = {one.id: one.name for one in list_organisations(engine)}
    areas = {one.id: one.name for one in list_areas(engine)}
    for one in store.list_people(engine):
        sees = ALL if one.sees is None else ", ".join(sorted(names[each] for each in one.sees))
        within = "everywhere" if one.areas is None else ", ".join(sorted(areas[each] for each in one.areas))
        state = "disabled" if one.disabled_epoch_s else "one-time password" if one.must_change else "may sign in"
        table.add_row(
            one.name, roles_text(one.roles), names[one.organisation_id], sees, within, day(one.signed_in_epoch_s), state
        )
    return table
