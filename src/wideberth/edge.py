"""Where the program ends: exit codes, one line of reason and remedy, JSON out."""

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from pydantic import ValidationError

from wideberth.progress import STDERR
from wideberth_contracts.errors import WideberthError

T = TypeVar("T")
JsonOut = Annotated[Path, typer.Option("--json", help="Where to write the JSON; - for stdout.")]
NOTHING_TO_WORK_ON = 1

Areas = Annotated[
    Path | None, typer.Option("--areas", help="Folder of outlines of the rules' areas, ID.geojson (docs/rules.md).")
]


def run(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`; an error a person can act on ends the program with exit code 1 and one line."""
    return attempt(lambda: asyncio.run(work))


def attempt(work: Callable[[], T]) -> T:
    """The same for work that is no coroutine."""
    try:
        return work()
    except WideberthError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename or ''}: {error.strerror or error} (check the path and the permissions)")


def fail(reason: str) -> NoReturn:
    """End with exit code 1 and `reason` on stderr."""
    STDERR.print(f"[red]wideberth:[/red] {reason}", highlight=False, soft_wrap=True)
    raise typer.Exit(NOTHING_TO_WORK_ON)


def first_line(error: ValidationError) -> str:
    """What is wrong first, and where, in one line."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else str(first["msg"])


def write_json(value: object, target: Path | None) -> None:
    """JSON into a file, or to stdout for None or `-`."""
    text = json.dumps(value, indent=1, ensure_ascii=False)
    if target is None or str(target) == "-":
        sys.stdout.write(text + "\n")
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text + "\n", encoding="utf-8")


def read_file(file: Path) -> bytes:
    """The content of a file; one that cannot be read ends the program."""
    try:
        return file.read_bytes()
    except OSError as error:
        fail(f"{file}: {error.strerror or error} (check the path)")
