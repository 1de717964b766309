"""`detect`: what is in pictures."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from wideberth.edge import JsonOut, run, write_json
from wideberth.pictures import detections_json, pictures_in, still_frame
from wideberth.progress import bar
from wideberth_contracts.detections import DetectSettings, Tiling
from wideberth_contracts.settings import TRACKED_CONFIDENCE
from wideberth_detector.local import LocalDetector
from wideberth_media import read_image


def detect_command(
    images: Annotated[list[Path], typer.Argument(help="Images, or one folder of them.")],
    json_out: JsonOut = Path("-"),
    confidence: Annotated[float, typer.Option(min=0.0, max=1.0, help="Least confidence.")] = TRACKED_CONFIDENCE,
    sure: Annotated[
        bool, typer.Option("--sure", help="Only what the model's card believes on one picture alone, by class.")
    ] = False,
    tiling: Annotated[
        Tiling, typer.Option(help="How much is searched at full size; full: in 640-px tiles.")
    ] = Tiling.AUTO,
) -> None:
    """Find dolphins, vessels, jet skis and swimmers in pictures."""
    settings = DetectSettings(confidence=None if sure else confidence, tiling=tiling)
    write_json(run(_detect(images, settings)), json_out)


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
