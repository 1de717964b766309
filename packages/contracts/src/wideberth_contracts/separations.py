"""Separations through time: every craft to its nearest animal."""

from typing import Annotated

from pydantic import Field

from wideberth_contracts.positions import Separation
from wideberth_contracts.tracks import Track
from wideberth_contracts.wire import Interval, NonNegative, Positive, UtcDatetime, Wire


class SpeedEstimate(Wire):
    """Speed over ground with its 95 % interval, from a baseline of several seconds of track."""

    value_mps: NonNegative
    interval_95_mps: Interval
    baseline_s: NonNegative


class SeparationSample(Wire):
    """One craft at one sensed frame, against the nearest animal.

    Attributes:
        animal_track: the nearest animal.
        animal_age_s: since that animal was last seen; its error has grown with it.
        pod: distance to the pod's hull (convex hull of the animals then known), where there are three or more.
        speed: of the craft; relative_bearing_deg of the animal from the craft's course, where it has one.
    """

    t_s: float
    pts: int
    captured_at: UtcDatetime | None = None
    animal_track: str
    animal_age_s: NonNegative
    craft_observed: bool
    separation: Separation
    pod: Separation | None = None
    speed: SpeedEstimate | None = None


class SeparationSeries(Wire):
    """All samples of one craft, in order of time. `animals` are the tracks that were nearest at some time."""

    craft_track: str
    animals: tuple[str, ...]
    samples: tuple[SeparationSample, ...]


class SeparateRequest(Wire):
    """Tracks with positions; which to measure follows from their kinds and states (confirmed, or lost after that).

    Attributes:
        hold_animal_s: how long an animal under water keeps its last fix, with growing error.
        animal_speed_mps: standard deviation of an unseen animal's speed, per axis, used to grow the error.
        draws: of the Monte Carlo; seeded, so that the same tracks give the same numbers.
    """

    tracks: tuple[Track, ...]
    thresholds_m: tuple[NonNegative, ...] = (50.0, 300.0, 750.0, 1500.0)
    hold_animal_s: NonNegative = 6.0
    animal_speed_mps: Positive = 1.5
    draws: Annotated[int, Field(ge=100, le=20000)] = 1000
    seed: int = 0


class SeparateAnswer(Wire):
    """One series a craft that had an animal within reach at some time."""

    series: tuple[SeparationSeries, ...]
