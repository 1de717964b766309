"""Crops in a folder, screened: one sub-folder a track, loose files one track each."""

import asyncio
from pathlib import Path

from wideberth.pictures import SUFFIXES
from wideberth_anomaly.local import LocalAnomaly
from wideberth_contracts.errors import BadInput
from wideberth_contracts.frames import Crop, CropMeta
from wideberth_contracts.screening import ScreenSettings
from wideberth_media import buffer_of, read_image

CROP_SPANS_BOXES = 3.0  # a crop is three times the detection, as the pipeline cuts it


async def screen_folder(folder: Path, settings: ScreenSettings) -> list[dict[str, object]]:
    """Score and verdict for every track of crops in `folder`."""
    if not folder.is_dir():
        raise BadInput("there is no such folder", where=str(folder), remedy="give a folder of crops")
    groups = {entry.name: _pictures(entry) for entry in sorted(folder.iterdir()) if entry.is_dir()}
    groups |= {file.name: [file] for file in _pictures(folder)}
    groups = {name: files for name, files in groups.items() if files}
    if not groups:
        raise BadInput("there is no picture in it", where=str(folder), remedy="one sub-folder of crops a track")
    anomaly = LocalAnomaly.open()
    answers = []
    for name, files in groups.items():
        crops = tuple([await asyncio.to_thread(_crop, file, number) for number, file in enumerate(files)])
        answers.append((await anomaly.screen(name, crops, settings)).model_dump(mode="json"))
    return answers


def _pictures(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.suffix.lower() in SUFFIXES)


def _crop(file: Path, number: int) -> Crop:
    picture = read_image(file)
    height, width = picture.shape[:2]
    meta = CropMeta(
        pts=number,
        t_s=float(number),
        width_px=width,
        height_px=height,
        detection_px=max(width, height) / CROP_SPANS_BOXES,
        confidence=1.0,
    )
    return Crop(meta, buffer_of(picture))
