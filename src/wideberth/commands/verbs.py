"""One command a verb, on files, so that each part can be used and measured alone."""

import asyncio
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console

from wideberth.clearing import clear_video
from wideberth.edge import fail, first_line, run, write_json
from wideberth.pictures import detections_json, pictures_in, still_frame
from wideberth.progress import bar
from wideberth.screening import screen_folder
from wideberth_contracts.detections import DetectSettings, Tiling
from wideberth_contracts.judgement import JudgeRequest
from wideberth_contracts.poses import TelemetryGrade
from wideberth_contracts.positions import LocateRequest
from wideberth_contracts.screening import ScreenSettings
from wideberth_contracts.separations import SeparateRequest
from wideberth_contracts.wire import Wire
from wideberth_detector.local import LocalDetector
from wideberth_distance.local import LocalDistance
from wideberth_gateway.judging import rows as judged_rows
from wideberth_gateway.rules.judge import LocalJudge
from wideberth_media import read_image
from wideberth_pipeline.track_table import read_tracks
from wideberth_tracker.core.mot import read_mot, track_mot, write_mot

OUT = Console()
W = TypeVar("W", bound=Wire)
JsonOut = Annotated[Path, typer.Option("--json", help="Where to write the JSON; - for stdout.")]


def clear_command(
    source: Annotated[Path, typer.Argument(metavar="IN.mp4")],
    target: Annotated[Path, typer.Argument(metavar="OUT.mp4")],
    always: Annotated[bool, typer.Option(help="Clear every frame, also where no glint is seen.")] = False,
) -> None:
    """Write the video without sun glint."""
    with bar("clear") as report:
        cleared, total = run(clear_video(source, target, report, always=always))
    OUT.print(f"{target}: {cleared} of {total} frames had glint", highlight=False)


def detect_command(
    images: Annotated[list[Path], typer.Argument(help="Images, or one folder of them.")],
    json_out: JsonOut = Path("-"),
    confidence: Annotated[float, typer.Option(min=0.0, max=1.0)] = DetectSettings().confidence,
    tiling: Annotated[Tiling, typer.Option()] = Tiling.AUTO,
) -> None:
    """Find dolphins, vessels, jet skis and swimmers in pictures."""
    write_json(run(_detect(images, DetectSettings(confidence=confidence, tiling=tiling))), json_out)


async def _detect(images: list[Path], settings: DetectSettings) -> list[dict[str, object]]:
    files = pictures_in(images)
    detector = LocalDetector.open()
    found = []
    with bar("detect", quiet=len(files) < 3) as report:
        for number, file in enumerate(files, start=1):
            frame = still_frame(await asyncio.to_thread(read_image, file), file.name)
            found.append(detections_json(file, await detector.detect(frame, settings)))
            report(number, len(files))
    return found


def telemetry_command(
    file: Annotated[Path, typer.Argument(help="DJI .SRT, or a flight log.")],
    json_out: JsonOut = Path("-"),
    utc_offset_h: Annotated[float, typer.Option(help="UTC offset of the file's clock.")] = 9.0,
) -> None:
    """Read telemetry: dialect, grade, points with units in the keys, warnings."""
    content = _bytes(file)
    record = run(LocalDistance().read_telemetry(file.name, content, utc_offset_h))
    write_json(record.model_dump(mode="json", exclude_none=True), json_out)


def locate_command(
    request: Annotated[Path, typer.Argument(metavar="REQUEST.json", help="See docs/formats.md.")],
    json_out: JsonOut = Path("-"),
) -> None:
    """Put points and boxes of a picture on the sea, with their errors; measure pairs."""
    asked = _parse(LocateRequest, request)
    write_json(run(LocalDistance().locate(asked)).model_dump(mode="json", exclude_none=True), json_out)


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


def screen_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Crops: one sub-folder a track, or one file a track.")],
    json_out: JsonOut = Path("-"),
) -> None:
    """Tell animals from clutter by their crops."""
    write_json(run(screen_folder(folder, ScreenSettings())), json_out)


def judge_command(
    tracks: Annotated[Path, typer.Argument(metavar="TRACKS.parquet|csv")],
    rules: Annotated[str, typer.Option(help="Rule pack.")] = "kr",
    json_out: JsonOut = Path("-"),
) -> None:
    """Judge tracks by a rule pack."""
    write_json(run(_judge(tracks, rules)), json_out)


async def _judge(file: Path, rules: str) -> list[dict[str, object]]:
    tracks = await asyncio.to_thread(read_tracks, file)
    series = (await LocalDistance().separate(SeparateRequest(tracks=tracks))).series
    answer = await LocalJudge().judge(JudgeRequest(rules=rules, grade=TelemetryGrade.A, tracks=tracks, series=series))
    return [dict(row) for row in judged_rows(answer, tracks)]


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        fail(f"{file}: {error.strerror or error} (check the path)")


def _parse(kind: type[W], file: Path) -> W:
    try:
        return kind.model_validate_json(_bytes(file))
    except ValidationError as error:
        fail(f"{file}: {first_line(error)} (see docs/formats.md for the request)")
