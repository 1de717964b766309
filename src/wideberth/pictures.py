"""Pictures from files as frames, and detections in the documented JSON form."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wideberth_contracts.detections import FrameDetections
from wideberth_contracts.errors import BadInput
from wideberth_contracts.frames import Frame, FrameMeta, TimeBase
from wideberth_media import frame_of

SUFFIXES = {".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp"}


def pictures_in(paths: list[Path]) -> list[Path]:
    """The files named, and all pictures of the folders named, sorted.

    Raises:
        BadInput: a path does not exist, or no picture is there.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES)
        elif path.is_file():
            files.append(path)
        else:
            raise BadInput("there is no such file or folder", where=str(path), remedy="check the path")
    if not files:
        kinds = ", ".join(sorted(SUFFIXES))
        raise BadInput("there is no picture", where=str(paths[0]), remedy=f"give files ending in {kinds}")
    return files


def still_frame(picture: NDArray[np.uint8], name: str) -> Frame:
    """A picture as a frame at time 0."""
    height, width = picture.shape[:2]
    meta = FrameMeta(
        clip=name, pts=0, time_base=TimeBase(numerator=1, denominator=1), t_s=0.0, width_px=width, height_px=height
    )
    return frame_of(picture, meta)


def detections_json(file: Path, found: FrameDetections) -> dict[str, object]:
    """One entry of `wideberth detect --json`."""
    return {
        "file": str(file),
        "width_px": found.frame.width_px,
        "height_px": found.frame.height_px,
        "detections": [
            {
                "class": detection.kind.value,
                "confidence": round(detection.confidence, 4),
                "xyxy_px": [round(edge, 2) for edge in detection.box.xyxy_px()],
                "oriented_px": {
                    "cx": round(detection.box.cx_px, 2),
                    "cy": round(detection.box.cy_px, 2),
                    "length": round(detection.box.length_px, 2),
                    "width": round(detection.box.width_px, 2),
                    "angle_deg": round(detection.box.angle_deg, 2),
                },
            }
            for detection in found.detections
        ],
    }
