"""`telemetry`: what a telemetry file says."""

from pathlib import Path
from typing import Annotated

import typer

from wideberth.edge import JsonOut, read_file, run, write_json
from wideberth_distance.local import LocalDistance


def telemetry_command(
    file: Annotated[Path, typer.Argument(help="DJI .SRT, or a flight log.")],
    json_out: JsonOut = Path("-"),
    utc_offset_h: Annotated[float, typer.Option(help="UTC offset of the file's clock.")] = 9.0,
) -> None:
    """Read telemetry: dialect, grade, points with units in the keys, warnings."""
    content = read_file(file)
    record = run(LocalDistance().read_telemetry(file.name, content, utc_offset_h))
    write_json(record.model_dump(mode="json", exclude_none=True), json_out)
