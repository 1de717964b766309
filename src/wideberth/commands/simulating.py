"""`simulate`: a scene into a clip with its truth."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from wideberth.demo import scene_named
from wideberth.edge import run
from wideberth.progress import bar
from wideberth_simulator import bundled_scenes, simulate

OUT = Console()


def simulate_command(
    scene: Annotated[
        str, typer.Argument(metavar="SCENE", help=f"A YAML file, or one of: {', '.join(bundled_scenes())}.")
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the clip, its telemetry and its truth.")],
) -> None:
    """Render a scene: video.mp4, video.SRT, truth.parquet, clean.mp4 (the same without glint)."""

    async def work() -> None:
        chosen = scene_named(scene)
        out.mkdir(parents=True, exist_ok=True)
        with bar("simulate") as report:
            await asyncio.to_thread(simulate, chosen, out, report, clean=True)

    run(work())
    OUT.print(f"{out}: " + "  ".join(sorted(file.name for file in out.iterdir())), highlight=False)
