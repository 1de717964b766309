"""What the tracker remembers between frames and between requests, and its JSON form.

Floats survive JSON to the last bit, so a run cut into segments gives the same tracks as one run.
"""

from dataclasses import dataclass, field

from pydantic import TypeAdapter, ValidationError

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.errors import BadInput
from wideberth_contracts.poses import CameraPose
from wideberth_contracts.positions import Position, PositionAbsence
from wideberth_contracts.tracks import TrackerMemory, TrackState
from wideberth_tracker.core.kinds import MODELS, Group, MotionModel

VERSION = "2"
MOST_LENGTHS = 60
"""Sightings kept for a track's length, evenly over its time."""


@dataclass(slots=True)
class Filter:
    """A constant-velocity filter: mean (x, y, vx, vy) and covariance, row by row."""

    mean: tuple[float, ...]
    cov: tuple[float, ...]


@dataclass(slots=True)
class LastSeen:
    """The last sighting on the sea: what a point carries on when the object is not seen.

    Attributes:
        position: as measured; outline: hull, as measured with it.
        t_s: of that moment.
    """

    position: Position
    outline: tuple[Position, ...]
    t_s: float


@dataclass(slots=True)
class TrackRecord:
    """One track as the tracker holds it.

    Attributes:
        votes: confidence summed per kind.
        hits: sightings so far; sure_hits: those of high confidence; recent_hits_s: times of these while tentative.
        blind_s: time since the last sighting in which nothing could be sensed at all.
        image: filter of the box centre in the picture, px; sea: of the position, m.
        box: smoothed length and width, px, and last angle, rad.
        lengths: (value, sigma) of the object's length, m, of every `length_stride`-th of `lengths_seen` sightings.
        typical_length_m: the upper median of `lengths`.
        absence: why the last sighting had no position.
        shared: covariance of all shared errors at the last position: east-east, east-north, north-north, m².
        misses: sensed frames since the last sighting.
        fallback: while a return after a gap is not certain, this track as it would be without it.
    """

    number: int
    group: Group
    state: TrackState
    votes: dict[ObjectKind, float]
    first_s: float
    last_s: float
    image: Filter
    box: tuple[float, float, float]
    hits: int = 1
    sure_hits: int = 1
    recent_hits_s: list[float] = field(default_factory=list)
    blind_s: float = 0.0
    sea: Filter | None = None
    seen: LastSeen | None = None
    lengths: list[tuple[float, float]] = field(default_factory=list)
    lengths_seen: int = 0
    length_stride: int = 1
    typical_length_m: float | None = None
    absence: PositionAbsence = PositionAbsence.NO_POSE
    shared: tuple[float, float, float] = (0.0, 0.0, 0.0)
    misses: int = 0
    fallback: "TrackRecord | None" = None

    @property
    def id(self) -> str:
        """Unique within the analysis."""
        return f"{self.group.value}{self.number}"

    @property
    def kind(self) -> ObjectKind:
        """The kind with most confidence so far; on a tie the first in the order of `ObjectKind`."""
        if len(self.votes) == 1:
            return next(iter(self.votes))
        return max(ObjectKind, key=lambda kind: self.votes.get(kind, 0.0))

    @property
    def model(self) -> MotionModel:
        """How it moves."""
        return MODELS[self.kind]

    def unseen_s(self, now_s: float) -> float:
        """Time since the last sighting, less the time in which nothing could be sensed."""
        return now_s - self.last_s - self.blind_s


@dataclass(slots=True)
class Memory:
    """All the tracker knows.

    Attributes:
        now_s: time of the last frame, None before the first.
        next_number: per group; numbers are never used twice.
        pose: of the last frame, where it had one.
        strays: boxes that fit nothing of late, a frame and px².
        shake: how much an unmeasured camera shakes and turns of late, in units of the most expected.
    """

    now_s: float | None = None
    pose: CameraPose | None = None
    next_number: dict[Group, int] = field(default_factory=dict)
    tracks: list[TrackRecord] = field(default_factory=list)
    strays: float = 0.0
    shake: float = 1.0

    def take_number(self, group: Group) -> int:
        """A number for a new track."""
        number = self.next_number.get(group, 1)
        self.next_number[group] = number + 1
        return number


_JSON: TypeAdapter[Memory] = TypeAdapter(Memory)


def load(wire: TrackerMemory | None) -> Memory:
    """A fresh memory, or the one handed in. Raises `BadInput` for another version or a payload that is none."""
    if wire is None:
        return Memory()
    if wire.version != VERSION:
        raise BadInput(
            f"tracker memory of version {wire.version}, {VERSION} expected",
            where="memory.version",
            remedy="track this clip again from its first frame",
        )
    try:
        return _JSON.validate_json(wire.payload)
    except ValidationError as error:
        raise BadInput(
            "the tracker memory is damaged",
            where=f"memory.payload: {error.errors()[0]['loc']}",
            remedy="track this clip again from its first frame",
        ) from error


def save(memory: Memory) -> TrackerMemory:
    """The wire form."""
    return TrackerMemory(version=VERSION, payload=_JSON.dump_json(memory).decode())
