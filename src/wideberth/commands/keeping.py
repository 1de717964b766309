"""`rebuild` and `reconcile`: the database and the files of a gateway, one from the other and against one another."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from wideberth.edge import attempt, write_json
from wideberth_gateway.analyses.folders import Folders
from wideberth_gateway.instance import executor
from wideberth_gateway.keeping.places import open_store
from wideberth_gateway.keeping.rebuilding import Rebuilt, rebuild
from wideberth_gateway.keeping.reconciling import Found, reconcile
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store.engine import open_engine
from wideberth_gateway.store.migrate import migrate
from wideberth_servicekit.settings import read_settings

NOT_THE_SAME = 3
"""Exit code of `reconcile` where rows and files disagree."""

Data = Annotated[Path, typer.Option(help="Folder of the gateway, as for `serve`.")]
DATA = Path("wideberth-data")
JsonOut = Annotated[Path | None, typer.Option("--json", help="Where to write the JSON instead; - for stdout.")]


@contextmanager
def opened(data: Path) -> Iterator[Shelf]:
    """What the gateway of that folder keeps, its database up to date."""
    settings = read_settings(GatewaySettings).model_copy(update={"data_dir": data})
    folders = Folders(data)
    folders.prepare()
    engine = open_engine(settings.main_database())
    try:
        migrate(engine)
        yield Shelf(engine, folders, open_store(settings), settings.cache_bytes)
    finally:
        engine.dispose()


def rebuild_command(data: Data = DATA, json_out: JsonOut = None) -> None:
    """Make an empty database again, from the journal and the files. The gateway must not run."""
    done = attempt(lambda: _rebuild(data))
    if json_out is not None:
        write_json(asdict(done), json_out)
        return
    typer.echo(f"from the journal: {done.from_journal} entries of the audit trail with their rows")
    typer.echo("from files: " + ", ".join(f"{count} {name}" for name, count in done.from_files.items()))
    typer.echo("now: " + ", ".join(f"{count} {name}" for name, count in done.rows.items() if count))
    for lost in done.lost:
        typer.echo(f"not brought back: {lost}")
    for unreadable in done.unreadable:
        typer.echo(f"told nothing: {unreadable}")


def reconcile_command(
    data: Data = DATA,
    hashes: Annotated[bool, typer.Option("--hash", help="Read originals and bags whole and compare hashes.")] = False,
    json_out: JsonOut = None,
) -> None:
    """Hold rows and files against each other. Exit code 0: they agree; 3: they do not; nothing is changed."""
    found = attempt(lambda: _reconcile(data, hashes=hashes))
    if json_out is not None:
        write_json([asdict(one) for one in found], json_out)
    else:
        for one in found:
            typer.echo(f"{one.fault.value}: {one.place}: {one.detail}")
        typer.echo(f"{len(found)} found" if found else "rows and files agree")
    if found:
        raise typer.Exit(NOT_THE_SAME)


def _rebuild(data: Path) -> Rebuilt:
    with executor(data, None), opened(data) as shelf:
        return rebuild(shelf)


def _reconcile(data: Path, *, hashes: bool) -> tuple[Found, ...]:
    with opened(data) as shelf:
        return reconcile(shelf, hashes=hashes)
