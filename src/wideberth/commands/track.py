"""`track`: boxes of a MOT file, followed in the picture."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from wideberth.edge import run
from wideberth_tracker.core.mot import read_mot, track_mot, write_mot

OUT = Console()


def track_command(
    detections: Annotated[Path, typer.Argument(metavar="DETECTIONS.txt", help="MOT format.")],
    fps: Annotated[float, typer.Option(min=0.01, help="Frames per second of the sequence.")],
    out: Annotated[Path, typer.Option(metavar="TRACKS.txt", help="Where to write the tracks, MOT format.")],
) -> None:
    """Track boxes of a MOT file in the picture."""

    async def work() -> int:
        tracks = await asyncio.to_thread(lambda: track_mot(read_mot(detections), fps))
        await asyncio.to_thread(write_mot, out, tracks)
        return len(tracks)

    OUT.print(f"{out}: {run(work())} boxes", highlight=False)
