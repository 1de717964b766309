"""Tracks: one object through time."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from wideberth_contracts.detections import Looked, ObjectKind, OrientedBox
from wideberth_contracts.frames import FrameMeta, ImageMotion, NoImageMotion
from wideberth_contracts.poses import FramePose
from wideberth_contracts.positions import Covariance2, LocatedDetection, MaybePosition, Position
from wideberth_contracts.screening import ScreenVerdict
from wideberth_contracts.wire import (
    Fraction,
    Measured,
    NonNegative,
    Positive,
    Probability,
    Rejection,
    UtcDatetime,
    Wire,
)

Count = Annotated[int, Field(ge=0)]


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


class PoseErrors(Wire):
    """Standard errors of a frame's pose: what of them wanders within a flight is known in these units."""

    height_m: NonNegative
    pitch_deg: NonNegative
    roll_deg: NonNegative
    yaw_deg: NonNegative
    east_m: NonNegative
    north_m: NonNegative


class Sighted(Wire):
    """Where one frame alone puts an object on the sea: unfiltered, with its own error. Shared terms are the point's.

    Attributes:
        pose: errors of the pose that put it there; None where not known.
    """

    east_m: float
    north_m: float
    own: Covariance2
    pose: PoseErrors | None = None


class TrackPoint(Wire):
    """A track at one sensed frame.

    Attributes:
        observed: False where the track was carried on without a detection.
        detection: index into the sensed frame's detections, where observed.
        position: filtered; its shared terms are those of the frame.
        outline: hull polygon at the waterline (craft), as last seen, moved with the track.
        coasting_s: since the object was last seen. Where observed: the gap that this sighting ends, over which its
            identity rests on its motion alone (a dive); 0 where it was seen in the frame before.
        sighted: what this frame alone says of the place; None where not observed or without position.
        box: in the picture, where observed.
    """

    t_s: float
    pts: int
    captured_at: UtcDatetime | None = None
    observed: bool
    coasting_s: NonNegative = 0.0
    detection: Annotated[int, Field(ge=0)] | None = None
    confidence: Fraction = 0.0
    position: MaybePosition
    outline: tuple[Position, ...] = ()
    sighted: Sighted | None = None
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
    """Settings of the verb *track*; all buffers are in seconds.

    Attributes:
        dive_s: a lost animal that surfaces within this time where it may have swum is the same one: dives of 30 s, and
            a second for the frames at either end.
    """

    high_confidence: Fraction = 0.4
    confirm_hits: Annotated[int, Field(ge=1)] = 3
    confirm_within_s: Positive = 2.0
    lost_after_s: Positive = 5.0
    animal_lost_after_s: Positive = 8.0
    dive_s: Positive = 31.0
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


class SetAside(Wire):
    """Detections of a request's frames that no point of a track holds: detections = observed points + these.

    Attributes:
        weak: of low confidence, and no track's continuation: they begin none.
        repeats: on an object that another box of the frame already is (a cabin inside its boat).
        on_trial: a track's possible return after a gap among false alarms; its next sighting decides.
    """

    weak: Count = 0
    repeats: Count = 0
    on_trial: Count = 0


class TrackAnswer(Wire):
    """The memory to hand in next, and the tracks touched by these frames.

    A track's `points` are those of this request only; the caller joins them by `id`. `state` is the latest.
    """

    memory: TrackerMemory
    tracks: tuple[Track, ...]
    set_aside: SetAside = SetAside()
