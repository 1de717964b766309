"""`backup` and `restore`: everything a gateway keeps, in a folder elsewhere and back."""

from pathlib import Path
from typing import Annotated

import typer

from wideberth.commands.keeping import DATA, Data, opened
from wideberth.edge import attempt
from wideberth_gateway.instance import executor
from wideberth_gateway.keeping.backup import BackedUp, back_up, restore
from wideberth_gateway.keeping.places import open_store
from wideberth_gateway.settings import GatewaySettings
from wideberth_servicekit.settings import read_settings


def backup_command(
    to: Annotated[Path, typer.Argument(help="Folder, new or of an earlier backup; on another disk.")],
    no_files: Annotated[bool, typer.Option("--no-files", help="The database alone.")] = False,
    data: Data = DATA,
) -> None:
    """Back up database and files. The gateway may run. A second time copies only what is new."""
    done = attempt(lambda: _back_up(data, to, files=not no_files))
    typer.echo(f"{done.files} files, {done.size_bytes} bytes with the database; {done.copied} copied now")


def restore_command(
    source: Annotated[Path, typer.Argument(metavar="FROM", help="Folder of a backup.")], data: Data = DATA
) -> None:
    """Bring a backup back into an empty folder, or an empty PostgreSQL database. Every hash is compared first."""
    typer.echo(f"{attempt(lambda: _restore(data, source))} files and the database are back")


def _back_up(data: Path, to: Path, *, files: bool) -> BackedUp:
    with opened(data) as shelf:
        return back_up(shelf, _settings(data), to, files=files)


def _restore(data: Path, source: Path) -> int:
    settings = _settings(data)
    with executor(data, None):
        return restore(source, settings, open_store(settings))


def _settings(data: Path) -> GatewaySettings:
    return read_settings(GatewaySettings).model_copy(update={"data_dir": data})
