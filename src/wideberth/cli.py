"""The `wideberth` program. A command's module is imported when it is called for: models load nobody's patience."""

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import version
from typing import Annotated

import typer

COMMANDS = {
    "demo": "analysing:demo_command",
    "analyse": "analysing:analyse_command",
    "clear": "clear:clear_command",
    "detect": "detect:detect_command",
    "telemetry": "telemetry:telemetry_command",
    "locate": "locate:locate_command",
    "separation": "separation:separation_command",
    "tide": "tide:tide_command",
    "cameras": "cameras:cameras_command",
    "calibrate": "calibrating:calibrate_commands",
    "track": "track:track_command",
    "screen": "screen:screen_command",
    "judge": "judge:judge_command",
    "export": "exporting:export_command",
    "evidence": "evidence:evidence_command",
    "verify": "verify:verify_command",
    "rules": "rules:rules_command",
    "identify": "identify:identify_command",
    "listen": "identify:listen_command",
    "simulate": "simulating:simulate_command",
    "serve": "serving:serve_command",
    "worker": "working:worker_command",
    "ingest": "ingesting:ingest_command",
    "upload": "uploading:upload_command",
    "keys": "keys:keys_command",
    "people": "people:people_command",
    "rebuild": "keeping:rebuild_command",
    "reconcile": "keeping:reconcile_command",
    "backup": "backing_up:backup_command",
    "restore": "backing_up:restore_command",
    "retention": "retaining:retention_command",
    "hold": "retaining:hold_command",
    "bench": "benching:bench_command",
}


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"wideberth {version('wideberth')}")
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")]


def _about(show_version: Version = False) -> None:
    """Drone video of the sea into distances between vessels and dolphins, and alerts a regulator can defend."""


def build(arguments: Sequence[str]) -> typer.Typer:
    """The program with the command that `arguments` name; with all of them where they name none."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.callback()(_about)
    named = [name for name in arguments[:1] if name in COMMANDS]
    for name in named or COMMANDS:
        command = _load(COMMANDS[name])
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return app


def _load(place: str) -> Callable[..., None] | typer.Typer:
    module, member = place.split(":")
    command: Callable[..., None] | typer.Typer = getattr(import_module(f"wideberth.commands.{module}"), member)
    return command


def main() -> None:
    """Entry point of the program."""
    # ONNX Runtime reports home unless told otherwise before it is imported.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    build(sys.argv[1:])()
