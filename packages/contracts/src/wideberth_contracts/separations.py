"""Separations through time: every craft to its nearest animal."""

from typing import Annotated

from pydantic import Field

from wideberth_contracts.positions import Covariance2, Separation
from wideberth_contracts.tracks import Track
from wideberth_contracts.wire import Interval, NonNegative, Positive, Probability, UtcDatetime, Wire


class SpeedEstimate(Wire):
    """Speed over ground with its 95 % interval, from all sightings of the track.

    Attributes:
        baseline_s: between the first and the last sighting that speak of it.
        course_deg: over ground, clockwise from true north; None where standing still is inside the interval.
        course_half_95_deg: half width of the course's 95 % interval.
    """

    value_mps: NonNegative
    interval_95_mps: Interval
    baseline_s: NonNegative
    course_deg: Annotated[float, Field(ge=0, lt=360)] | None = None
    course_half_95_deg: Annotated[float, Field(ge=0, le=180)] | None = None


class WaterMotion(Wire):
    """How the water moves over ground, by what drifts in it; `tracks` are those it was taken from."""

    east_mps: float
    north_mps: float
    own: Covariance2
    tracks: tuple[str, ...]


class Underway(Wire):
    """Whether a craft makes way, lies still over ground, or drifts with the water; the probabilities add up to 1.

    Without a reference for the water (`water` None) drifting cannot be told from lying still: then both are None and
    1 - `p_moving` is the probability of either.
    """

    p_moving: Probability
    p_stopped: Probability | None = None
    p_drifting: Probability | None = None
    water: WaterMotion | None = None


class Stay(Wire):
    """Time of a craft nearer to an animal than a threshold: by the value, and by the ends of the 95 % interval.

    Attributes:
        surely_s: the whole interval below; possibly_s: some of it.
    """

    threshold_m: NonNegative
    seconds: NonNegative
    surely_s: NonNegative
    possibly_s: NonNegative


class PathCrossing(Wire):
    """A craft passed over the line along which the pod was swimming, in front of it.

    Attributes:
        ahead_m: distance from the pod's centre to that point, along its course.
        pod_course_deg: clockwise from true north.
    """

    t_s: float
    ahead_m: NonNegative
    pod_course_deg: Annotated[float, Field(ge=0, lt=360)]


class SeparationSample(Wire):
    """One craft at one sensed frame, against the nearest animal.

    Attributes:
        animal_track: the nearest animal.
        animal_age_s: since that animal was last seen; its error has grown with it.
        pod: distance to the pod's hull (convex hull of the animals then known), where there are three or more.
        speed: of the craft.
        underway: of the craft; None where its speed is.
        relative_bearing_deg: of the nearest animal from the craft's course, (-180, 180], starboard positive: 0 is
            heading straight for it. None where the craft has no course.
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
    underway: Underway | None = None
    relative_bearing_deg: Annotated[float, Field(gt=-180, le=180)] | None = None


class SeparationSeries(Wire):
    """All samples of one craft, in order of time. `animals` are the tracks that were nearest at some time.

    Attributes:
        stays: one a threshold of the request, summed over the samples.
        crossings: of the pod's path ahead of it, in order of time.
    """

    craft_track: str
    animals: tuple[str, ...]
    samples: tuple[SeparationSample, ...]
    stays: tuple[Stay, ...] = ()
    crossings: tuple[PathCrossing, ...] = ()


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
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0


class SeparateAnswer(Wire):
    """One series a craft that had an animal within reach at some time."""

    series: tuple[SeparationSeries, ...]
