"""Tracks in the picture alone, on files in the MOT Challenge format.

A line is `frame,id,left,top,width,height,confidence[,x,y,z]`: frame counts from 1, lengths in px, confidence -1 or
absent where there is none (taken as 1). Detections carry any id. Nothing is known of poses or of the picture's motion.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from wideberth_contracts.detections import ObjectKind, OrientedBox
from wideberth_contracts.errors import BadInput
from wideberth_contracts.tracks import TrackSettings, TrackState
from wideberth_tracker.core.memory import Memory
from wideberth_tracker.core.sightings import Sightings, sightings_of_boxes
from wideberth_tracker.core.step import Moment, step

FEWEST_FIELDS = 6
REMEDY = "a line is frame,id,left,top,width,height,confidence"
WIDTH_PX = 1920
"""Taken where only boxes are given: it scales how much an unmeasured camera may shake."""


@dataclass(frozen=True, slots=True)
class MotBox:
    """A box of a MOT file.

    Attributes:
        frame: from 1; identity: the id, any whole number in detections.
        left_px, top_px, width_px, height_px: upright box.
    """

    frame: int
    identity: int
    left_px: float
    top_px: float
    width_px: float
    height_px: float
    confidence: float


def read_mot(path: Path) -> tuple[MotBox, ...]:
    """The boxes of a file. Raises `BadInput` naming file and line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"cannot be read as text: {error}", where=str(path), remedy=REMEDY) from error
    return parse_mot(text, str(path))


def write_mot(path: Path, boxes: Iterable[MotBox]) -> None:
    """Write boxes, one a line."""
    path.write_text(format_mot(boxes), encoding="utf-8")


def parse_mot(text: str, name: str) -> tuple[MotBox, ...]:
    """The boxes of a text; `name` is for errors. Raises `BadInput` naming `name` and the line."""
    boxes = tuple(
        _parse_line(line, f"{name}:{number}") for number, line in enumerate(text.splitlines(), 1) if line.strip()
    )
    if not boxes:
        raise BadInput("holds no boxes", where=name, remedy=REMEDY)
    return boxes


def format_mot(boxes: Iterable[MotBox]) -> str:
    """MOT text, one box a line."""
    return "".join(
        f"{box.frame},{box.identity},{box.left_px:.3f},{box.top_px:.3f},{box.width_px:.3f},{box.height_px:.3f},"
        f"{box.confidence:.4f},-1,-1,-1\n"
        for box in boxes
    )


def track_mot(detections: Sequence[MotBox], fps: float, settings: TrackSettings | None = None) -> tuple[MotBox, ...]:
    """Give boxes the ids of their tracks.

    Args:
        detections: in any order; their ids mean nothing.
        fps: frames per second of the file, > 0.
        settings: None for those of the contract.

    Returns:
        The boxes of confirmed tracks, by frame and id, as they were detected. Boxes of a track from before it was
        confirmed are among them; boxes that no confirmed track took are not.
    """
    if not (math.isfinite(fps) and fps > 0):
        raise BadInput(f"{fps} frames per second", where="fps", remedy="give the frame rate of the video")
    settings = settings or TrackSettings()
    by_frame: dict[int, list[MotBox]] = defaultdict(list)
    for box in detections:
        by_frame[box.frame].append(box)
    memory, taken, confirmed = Memory(), list[tuple[str, MotBox]](), dict[str, int]()
    unsure: dict[str, MotBox] = {}
    for frame in range(min(by_frame), max(by_frame) + 1) if by_frame else ():
        boxes = sorted(by_frame.get(frame, []), key=lambda box: (-box.confidence, box.left_px, box.top_px))
        moment = Moment(t_s=frame / fps, width_px=WIDTH_PX, sightings=_sightings(boxes), later_from_earlier=None)
        for passing in step(memory, moment, settings):
            name = passing.track.id
            earlier = unsure.pop(name, None)
            if passing.unsure is not None:
                unsure[name] = boxes[passing.unsure]
            if passing.detection is not None:
                taken += [(name, box) for box in (earlier, boxes[passing.detection]) if box is not None]
            if passing.track.state is TrackState.CONFIRMED:
                confirmed.setdefault(name, len(confirmed) + 1)
    kept = [_with_identity(box, confirmed[name]) for name, box in taken if name in confirmed]
    return tuple(sorted(kept, key=lambda box: (box.frame, box.identity)))


def _sightings(boxes: Sequence[MotBox]) -> Sightings:
    oriented = [_oriented(box) for box in boxes]
    return sightings_of_boxes(ObjectKind.DOLPHIN, oriented, [box.confidence for box in boxes])


def _oriented(box: MotBox) -> OrientedBox:
    upright = box.height_px > box.width_px
    return OrientedBox(
        cx_px=box.left_px + box.width_px / 2,
        cy_px=box.top_px + box.height_px / 2,
        length_px=max(box.width_px, box.height_px),
        width_px=min(box.width_px, box.height_px),
        angle_deg=-90.0 if upright else 0.0,
    )


def _with_identity(box: MotBox, identity: int) -> MotBox:
    return MotBox(box.frame, identity, box.left_px, box.top_px, box.width_px, box.height_px, box.confidence)


def _parse_line(line: str, where: str) -> MotBox:
    fields = line.replace(";", ",").split(",")
    if len(fields) < FEWEST_FIELDS:
        raise BadInput(f"{len(fields)} fields, at least {FEWEST_FIELDS} expected", where=where, remedy=REMEDY)
    try:
        numbers = [float(field) for field in fields[: FEWEST_FIELDS + 1]]
    except ValueError as error:
        raise BadInput(f"not a number: {error}", where=where, remedy=REMEDY) from error
    if not all(math.isfinite(number) for number in numbers):
        raise BadInput("a number is not finite", where=where, remedy=REMEDY)
    frame, identity, left, top, width, height = numbers[:FEWEST_FIELDS]
    if frame != int(frame) or frame < 0:
        raise BadInput(f"frame {frame:g} is no whole number", where=where, remedy=REMEDY)
    if width <= 0 or height <= 0:
        raise BadInput(f"a box of {width:g} x {height:g} px", where=where, remedy=REMEDY)
    confidence = numbers[FEWEST_FIELDS] if len(numbers) > FEWEST_FIELDS else -1.0
    return MotBox(int(frame), int(identity), left, top, width, height, min(1.0, confidence) if confidence >= 0 else 1.0)
