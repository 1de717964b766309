"""`telemetry`: what a telemetry file says."""

from pathlib import Path
from typing import Annotated

import typer

from wideberth.edge import JsonOut, fail, read_file, run, write_json
from wideberth_contracts.poses import TelemetryRecord
from wideberth_distance.local import LocalDistance
from wideberth_pipeline.inside import best_inside

_VIDEO_HEADS = ((4, b"ftyp"), (0, b"\x1aE\xdf\xa3"))
"""MP4 and MOV; Matroska."""


def telemetry_command(
    file: Annotated[Path, typer.Argument(help="DJI .SRT, flight log, still, KLV …, or a video with telemetry inside.")],
    json_out: JsonOut = Path("-"),
    utc_offset_h: Annotated[float, typer.Option(help="UTC offset of the file's clock.")] = 9.0,
) -> None:
    """Read telemetry: dialect, grade, points with units in the keys, warnings."""
    record = run(_read(file, utc_offset_h))
    write_json(record.model_dump(mode="json", exclude_none=True), json_out)


async def _read(file: Path, utc_offset_h: float) -> TelemetryRecord:
    distance = LocalDistance()
    if not _is_video(file):
        return await distance.read_telemetry(file.name, read_file(file), utc_offset_h)
    inside = await best_inside(distance, file, utc_offset_h)
    if inside.best is None:
        if inside.refusals:
            raise inside.refusals[0]
        fail(f"{file}: no telemetry inside this video (give the .SRT or the flight log)")
    record = inside.best.record
    return record.model_copy(update={"warnings": (*record.warnings, *inside.notes)})


def _is_video(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            head = opened.read(12)
    except OSError as error:
        fail(f"{file}: {error.strerror or error} (check the path)")
    return any(head[at : at + len(mark)] == mark for at, mark in _VIDEO_HEADS)
