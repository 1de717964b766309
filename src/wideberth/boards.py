"""Views of a calibration board in the frames of a video or in pictures."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from wideberth.pictures import SUFFIXES, pictures_in
from wideberth.progress import Report
from wideberth_contracts.errors import BadInput, UnreadableImage
from wideberth_distance.core.board_views import Board, View
from wideberth_media import VideoReader, probe
from wideberth_media.pixels import as_array

Gray = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Seen:
    """The board in `looked_at` pictures, all of one size."""

    views: tuple[View, ...]
    looked_at: int
    size: tuple[int, int]


def views_of(sources: list[Path], board: Board, sample_fps: float, report: Report) -> Seen:
    """The views of the board in one video, or in pictures and folders of them.

    Raises:
        BadInput: several videos, a picture of another size, or one that cannot be read.
    """
    is_video = len(sources) == 1 and sources[0].is_file() and sources[0].suffix.lower() not in SUFFIXES
    pictures = _frames(sources[0], sample_fps, report) if is_video else _stills(sources, report)
    views: list[View] = []
    size: tuple[int, int] | None = None
    looked_at = 0
    for label, gray in pictures:
        found_size = (gray.shape[1], gray.shape[0])
        if size is not None and found_size != size:
            raise BadInput(
                f"it is {found_size[0]}x{found_size[1]}, those before are {size[0]}x{size[1]}",
                where=label,
                remedy="give pictures of one mode only",
            )
        size = found_size
        looked_at += 1
        view = board.find(label, gray)
        views += [] if view is None else [view]
    if size is None:
        raise BadInput("there is no frame in it", where=str(sources[0]), remedy="check that the recording is complete")
    return Seen(tuple(views), looked_at, size)


def _frames(video: Path, sample_fps: float, report: Report) -> Iterator[tuple[str, Gray]]:
    info = probe(video)
    total = max(1, int(info.duration_s * sample_fps))
    with VideoReader(video, clip=info.sha256, sample_fps=sample_fps) as reader:
        for count, sampled in enumerate(reader, start=1):
            report(min(count, total), total)
            gray = cv2.cvtColor(as_array(sampled.frame), cv2.COLOR_BGR2GRAY)
            yield f"{sampled.frame.meta.t_s:.2f} s", np.asarray(gray, dtype=np.uint8)


def _stills(sources: list[Path], report: Report) -> Iterator[tuple[str, Gray]]:
    files = pictures_in(sources)
    for count, file in enumerate(files, start=1):
        report(count, len(files))
        gray = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
        if gray is None:
            raise UnreadableImage("no picture that can be decoded", where=str(file), remedy="leave it out")
        yield str(file), np.asarray(gray, dtype=np.uint8)
