"""The `wideberth` program: one command a file of `commands/`."""

import os
from collections.abc import Callable
from importlib.metadata import version
from typing import Annotated

import typer

# Both runtimes report home unless told otherwise before they are imported.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

from wideberth.commands.analysing import analyse_command, demo_command
from wideberth.commands.benching import bench_command
from wideberth.commands.serving import serve_command
from wideberth.commands.simulating import simulate_command
from wideberth.commands.verbs import (
    clear_command,
    detect_command,
    judge_command,
    locate_command,
    screen_command,
    telemetry_command,
    track_command,
)

COMMANDS: dict[str, Callable[..., None]] = {
    "demo": demo_command,
    "analyse": analyse_command,
    "clear": clear_command,
    "detect": detect_command,
    "telemetry": telemetry_command,
    "locate": locate_command,
    "track": track_command,
    "screen": screen_command,
    "judge": judge_command,
    "simulate": simulate_command,
    "serve": serve_command,
    "bench": bench_command,
}


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"wideberth {version('wideberth')}")
        raise typer.Exit


def _about(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it.")
    ] = False,
) -> None:
    """Drone video of the sea into distances between vessels and dolphins, and alerts a regulator can defend."""


def build() -> typer.Typer:
    """The program, assembled."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.callback()(_about)
    for name, command in COMMANDS.items():
        app.command(name)(command)
    return app


def main() -> None:
    """Entry point of the program."""
    build()()
