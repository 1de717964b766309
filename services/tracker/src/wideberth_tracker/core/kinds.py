"""How each kind of object moves: the numbers of the motion model, and which kinds one track may hold.

The model is a constant velocity disturbed by white acceleration noise, whose velocity decays towards zero with a time
constant while nothing is seen: a boat keeps its course for long, an animal under water for some breaths.
"""

from dataclasses import dataclass
from enum import StrEnum

from wideberth_contracts.detections import ObjectKind


class Group(StrEnum):
    """Kinds that may be one object. The value is the first letter of the track's id."""

    CRAFT = "v"
    ANIMAL = "d"
    PERSON = "s"


@dataclass(frozen=True, slots=True)
class MotionModel:
    """Motion of a kind.

    Attributes:
        acceleration_noise: spectral density of the acceleration, m²/s³, per axis. 0.6 lets a boat change its velocity
            by about 0.8 m/s in a second.
        still_share: part of it that remains for an object that lies still; the rest comes with the square
            of the speed, in full from `BRISK_MPS`: what goes fast can turn and brake hard, what drifts cannot.
        velocity_memory_s: time constant with which the velocity decays; in the picture never more than
            `PICTURE_MEMORY_S`, for there it is the camera's as much as the object's.
        first_speed_mps: standard deviation per axis of the velocity of a new track.
        turn_lengths: the same noise in the picture, in box lengths per s^1.5: for tracks without a position.
        first_lengths_ps: standard deviation per axis of a new track's velocity in the picture, box lengths/s.
    """

    acceleration_noise: float
    still_share: float
    velocity_memory_s: float
    first_speed_mps: float
    turn_lengths: float
    first_lengths_ps: float


BRISK_MPS = 5.0
PICTURE_MEMORY_S = {Group.CRAFT: 300.0, Group.ANIMAL: 6.0, Group.PERSON: 10.0}

MODELS: dict[ObjectKind, MotionModel] = {
    ObjectKind.VESSEL: MotionModel(0.6, 0.03, 300.0, 6.0, 0.4, 1.0),
    ObjectKind.JET_SKI: MotionModel(4.0, 0.03, 120.0, 8.0, 2.0, 3.0),
    ObjectKind.DOLPHIN: MotionModel(0.4, 1.0, 10.0, 2.5, 0.4, 1.5),
    ObjectKind.SWIMMER: MotionModel(0.1, 1.0, 10.0, 1.0, 0.4, 0.7),
}

GROUPS: dict[ObjectKind, Group] = {
    ObjectKind.VESSEL: Group.CRAFT,
    ObjectKind.JET_SKI: Group.CRAFT,
    ObjectKind.DOLPHIN: Group.ANIMAL,
    ObjectKind.SWIMMER: Group.PERSON,
}
