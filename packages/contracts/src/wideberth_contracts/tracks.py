"""Tracks: one object through time."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from wideberth_contracts.detections import Looked, ObjectKind, OrientedBox
from wideberth_contracts.frames import FrameMeta, ImageMotion, NoImageMotion
from wideberth_contracts.poses import FramePose
from wideberth_contracts.positions import Covariance2, LocatedDetection, MaybePosition, Position
from wideberth_contracts.screening import ScreenVerdict
from wideberth_contracts.wire import Fraction, Measured, Positive, Probability, Rejection, UtcDatetime, Wire


class SensedFrame(Wire):
    """Everything the act *sense* knows about one frame; a segment file is a list of these.

    Attributes:
        motion: of the picture since the previous sensed frame.
        looked: how closely the frame was searched; None where it failed or the detector does not say.
        failure: the frame could not be sensed, and why; then `detections` is empty.
    """

    frame: FrameMeta
    pose: FramePose
    detections: tuple[LocatedDetection, ...]
    motion: ImageMotion | NoImageMotion
    glint_fraction: Fraction = 0.0
    rejections: tuple[Rejection, ...] = ()
    looked: Looked | None = None
    failure: str | None = None


class TrackState(StrEnum):
    """Life of a track."""

    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    LOST = "lost"


class Velocity(Wire):
    """Over ground, in m/s; covariance of own error, m²/s²."""

    east_mps: float
    north_mps: float
    own: Covariance2


class TrackPoint(Wire):
    """A track at one sensed frame.

    Attributes:
        observed: False where the track was carried on without a detection.
        detection: index into the sensed frame's detections, where observed.
        position: filtered; its shared terms are those of the frame.
        outline: hull polygon at the waterline (craft), as last seen, moved with the track.
        box: in the picture, where observed.
    """

    t_s: float
    pts: int
    captured_at: UtcDatetime | None = None
    observed: bool
    detection: Annotated[int, Field(ge=0)] | None = None
    confidence: Fraction = 0.0
    position: MaybePosition
    outline: tuple[Position, ...] = ()
    velocity: Velocity | None = None
    p_moving: Probability | None = None
    box: OrientedBox | None = None


class Track(Wire):
    """One object through time, points in order of time.

    Attributes:
        id: unique within the analysis, e.g. `v3` for craft, `d12` for dolphins, `s1` for swimmers.
        rejection: why, where state is `rejected`.
        length_m: of the object, from all its sightings.
        screened: what it was taken for by its looks; None where it was not screened. `unknown` is for a person.
    """

    id: str
    kind: ObjectKind
    state: TrackState
    points: tuple[TrackPoint, ...]
    rejection: str | None = None
    length_m: Measured | None = None
    screened: ScreenVerdict | None = None


class TrackSettings(Wire):
    """Settings of the verb *track*; all buffers are in seconds."""

    high_confidence: Fraction = 0.4
    confirm_hits: Annotated[int, Field(ge=1)] = 3
    confirm_within_s: Positive = 2.0
    lost_after_s: Positive = 5.0
    animal_lost_after_s: Positive = 8.0
    moving_above_mps: Positive = 0.5


class TrackerMemory(Wire):
    """What the tracker must remember between segments, opaque to everyone else. `payload` is the core's own JSON."""

    version: str
    payload: str


class TrackRequest(Wire):
    """Sensed frames in order of time, following those that made `memory` (None at the start).

    `final` closes every open track.
    """

    frames: tuple[SensedFrame, ...]
    memory: TrackerMemory | None = None
    final: bool = False
    settings: TrackSettings = TrackSettings()


class TrackAnswer(Wire):
    """The memory to hand in next, and the tracks touched by these frames.

    A track's `points` are those of this request only; the caller joins them by `id`. `state` is the latest.
    """

    memory: TrackerMemory
    tracks: tuple[Track, ...]
