"""Detections: oriented boxes in the picture."""

import math
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from wideberth_contracts.frames import FrameMeta
from wideberth_contracts.wire import Fraction, NonNegative, Positive, Rejection, Wire


class ObjectKind(StrEnum):
    """What the detector can name. `dolphin` is any small cetacean."""

    DOLPHIN = "dolphin"
    VESSEL = "vessel"
    JET_SKI = "jet_ski"
    SWIMMER = "swimmer"

    @property
    def is_craft(self) -> bool:
        """True for what a rule about vessels covers."""
        return self in (ObjectKind.VESSEL, ObjectKind.JET_SKI)


class OrientedBox(Wire):
    """A rectangle in the picture.

    Attributes:
        length_px: the long side; width_px: the short side.
        angle_deg: of the long side, clockwise from image +x (y points down), in [-90, 90).
    """

    cx_px: float
    cy_px: float
    length_px: Positive
    width_px: Positive
    angle_deg: Annotated[float, Field(ge=-90.0, lt=90.0)]

    def corners_px(self) -> tuple[tuple[float, float], ...]:
        """The four corners in order round the box: front left, front right, back right, back left."""
        cos, sin = math.cos(math.radians(self.angle_deg)), math.sin(math.radians(self.angle_deg))
        half_length, half_width = self.length_px / 2, self.width_px / 2
        signs = ((1, -1), (1, 1), (-1, 1), (-1, -1))
        return tuple(
            (
                self.cx_px + along * half_length * cos - across * half_width * sin,
                self.cy_px + along * half_length * sin + across * half_width * cos,
            )
            for along, across in signs
        )

    def xyxy_px(self) -> tuple[float, float, float, float]:
        """The upright box around this one: left, top, right, bottom."""
        xs, ys = zip(*self.corners_px(), strict=True)
        return min(xs), min(ys), max(xs), max(ys)


class Detection(Wire):
    """One object in one frame.

    Attributes:
        filled_fraction: share of the box on refilled glint; such pixels prove nothing.
    """

    kind: ObjectKind
    confidence: Fraction
    box: OrientedBox
    model_id: str
    filled_fraction: Fraction = 0.0


class Tiling(StrEnum):
    """How much of a picture is searched at full size.

    AUTO: everything in a still; in a stream (with `Attention`) where something draws the eye, and a share of the rest
    that passes over the whole picture turn by turn. NONE: nothing, the picture is shrunk into one piece. FULL:
    everything, in overlapping pieces of the size the network was trained for: the reference, and dear.
    """

    AUTO = "auto"
    NONE = "none"
    FULL = "full"


class DetectSettings(Wire):
    """Settings of the verb *detect*.

    Attributes:
        confidence: below it nothing is a detection; None for the operating point the model's card gives each kind.
        attended_px: in a stream, at most so many pixels of a picture, and at most a quarter of it, are searched at full
            size because something is expected there or draws the eye; what did not fit is said in
            `Looked.put_off_fraction`.
    """

    confidence: Fraction | None = None
    merge_iou: Fraction = 0.4
    tiling: Tiling = Tiling.AUTO
    attended_px: Annotated[int, Field(ge=0)] = 1_048_576


class Attention(Wire):
    """What the frames before tell about where to look in this one of a stream.

    Attributes:
        turn: number of the frame among those looked at; says which share of the picture is swept.
        sweep_turns: turns after which the sweep has been everywhere.
        first: nothing is known of the frames before, so the sweep goes everywhere at once.
        expected: where something was a moment ago or should be now, most important first.
    """

    turn: Annotated[int, Field(ge=0)] = 0
    sweep_turns: Annotated[int, Field(ge=1)] = 5
    first: bool = False
    expected: tuple[OrientedBox, ...] = ()


class Looked(Wire):
    """How much of a frame was searched, and how closely.

    Attributes:
        inferred_px: pixels that went through the network, padding and overlaps included.
        closely_fraction: share of the picture searched at full size.
        swept_fraction: share of the picture searched in this turn of the sweep.
        put_off_fraction: share that drew the eye but did not fit the budget; the sweep passes there.
    """

    inferred_px: Annotated[int, Field(ge=0)]
    closely_fraction: Fraction
    swept_fraction: Fraction = 0.0
    put_off_fraction: Fraction = 0.0


class AsideDetections(Wire):
    """Detections of one frame that were set aside before tracking, in columns, one entry each.

    The boxes behind the counts of `rejections`. A detector that does not hand them over leaves this empty, and then the
    counts say what is missing.

    Attributes:
        reason: as in `Rejection`.
        kind: None where the network's class has no word here.
        cx_px, cy_px, length_px, width_px, angle_deg: as in `OrientedBox`, unchecked: some are here for their shape.
    """

    reason: tuple[str, ...] = ()
    kind: tuple[ObjectKind | None, ...] = ()
    confidence: tuple[Fraction, ...] = ()
    cx_px: tuple[float, ...] = ()
    cy_px: tuple[float, ...] = ()
    length_px: tuple[float, ...] = ()
    width_px: tuple[float, ...] = ()
    angle_deg: tuple[float, ...] = ()

    @model_validator(mode="after")
    def _of_one_length(self) -> Self:
        if len({len(getattr(self, name)) for name in type(self).model_fields}) > 1:
            raise ValueError("columns of different length")
        return self

    def __len__(self) -> int:
        """Number of detections."""
        return len(self.reason)

    @classmethod
    def of(cls, reason: str, detections: Iterable[Detection]) -> Self:
        """Detections that were set aside for one reason."""
        found = tuple(detections)
        return cls(
            reason=(reason,) * len(found),
            kind=tuple(one.kind for one in found),
            confidence=tuple(one.confidence for one in found),
            **{
                name: tuple(getattr(one.box, name) for one in found)
                for name in ("cx_px", "cy_px", "length_px", "width_px", "angle_deg")
            },
        )

    def with_more(self, *others: "AsideDetections") -> "AsideDetections":
        """These and then the others."""
        parts = (self, *others)
        return AsideDetections(
            **{name: tuple(one for part in parts for one in getattr(part, name)) for name in type(self).model_fields}
        )


class FrameDetections(Wire):
    """What was found in one frame; `rejections` counts what was set aside, by reason, and `aside` holds it."""

    frame: FrameMeta
    detections: tuple[Detection, ...]
    rejections: tuple[Rejection, ...] = ()
    aside: AsideDetections = AsideDetections()
    looked: Looked | None = None
    inference_s: NonNegative = 0.0
