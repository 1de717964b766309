"""`clear`: a video without sun glint."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from wideberth.clearing import clear_video
from wideberth.edge import run
from wideberth.progress import bar

OUT = Console()


def clear_command(
    source: Annotated[Path, typer.Argument(metavar="IN.mp4")],
    target: Annotated[Path, typer.Argument(metavar="OUT.mp4")],
    always: Annotated[bool, typer.Option(help="Clear every frame, also where no glint is seen.")] = False,
) -> None:
    """Write the video without sun glint."""
    with bar("clear") as report:
        cleared, total = run(clear_video(source, target, report, always=always))
    OUT.print(f"{target}: {cleared} of {total} frames had glint", highlight=False)
