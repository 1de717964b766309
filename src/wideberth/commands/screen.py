"""`screen`: animal or clutter, by crops."""

from pathlib import Path
from typing import Annotated

import typer

from wideberth.edge import JsonOut, run, write_json
from wideberth.screening import screen_folder
from wideberth_contracts.screening import ScreenSettings


def screen_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Crops: one sub-folder a track, or one file a track.")],
    json_out: JsonOut = Path("-"),
) -> None:
    """Tell animals from clutter by their crops."""
    write_json(run(screen_folder(folder, ScreenSettings())), json_out)
