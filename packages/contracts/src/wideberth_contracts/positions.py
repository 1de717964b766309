"""Positions on the sea, with two kinds of error.

Shared error moves every object of a frame, and of a flight, together: height, pitch, focal length. It does not average
away and it partly cancels in a separation. Each `SharedTerm` holds the displacement of the position when its source is
one standard error above, and below, its value: a two-sided finite difference, so that the skew of far ranges survives.
Between them the displacement is the parabola through minus, nought and plus: d(u) = u (p - m)/2 + u² (p + m)/2 with
u in standard errors. Own error (pixels, waves) is independent from object to object.
"""

from enum import StrEnum
from math import hypot, sqrt
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from wideberth_contracts.detections import Detection
from wideberth_contracts.poses import FramePose, GeoOrigin
from wideberth_contracts.wire import (
    VALUE,
    Interval,
    Latitude,
    Longitude,
    Measured,
    NonNegative,
    Positive,
    Probability,
    Wire,
)


class ErrorSource(StrEnum):
    """What all objects of a frame share."""

    HEIGHT = "height"
    PITCH = "pitch"
    ROLL = "roll"
    YAW = "yaw"
    FOCAL_LENGTH = "focal_length"
    CAMERA_EAST = "camera_east"
    CAMERA_NORTH = "camera_north"


@dataclass(frozen=True, slots=True, kw_only=True, config=VALUE)
class EastNorth:
    """A displacement on the sea, m."""

    east_m: float
    north_m: float


@dataclass(frozen=True, slots=True, kw_only=True, config=VALUE)
class SharedTerm:
    """Displacement of a position when one shared source is one standard error above (`plus`) or below (`minus`)."""

    source: ErrorSource
    plus: EastNorth
    minus: EastNorth


@dataclass(frozen=True, slots=True, kw_only=True, config=VALUE)
class Covariance2:
    """A 2 x 2 covariance on the sea plane, m² (for velocities m²/s²)."""

    east_east: NonNegative
    east_north: float
    north_north: NonNegative


class Position(Wire):
    """A point on the sea with its errors."""

    type: Literal["position"] = "position"
    east_m: float
    north_m: float
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    shared: tuple[SharedTerm, ...] = ()
    own: Covariance2

    def shared_covariance(self) -> Covariance2:
        """First-order covariance of all shared terms together, m²."""
        east_east = east_north = north_north = 0.0
        for term in self.shared:
            east = (term.plus.east_m - term.minus.east_m) / 2
            north = (term.plus.north_m - term.minus.north_m) / 2
            east_east += east * east
            east_north += east * north
            north_north += north * north
        return Covariance2(east_east=east_east, east_north=east_north, north_north=north_north)


def separation_effects_m(a: Position, b: Position) -> dict[str, float]:
    """What one standard error of each source does to the distance of two points: an error budget, m.

    Half the change from one standard error below to one above, both points moved together; `own_a` and `own_b` are the
    independent errors of the two (pixels, waves) along the line between them. Their root sum of squares is the
    first-order standard error of the separation.
    """
    east, north = b.east_m - a.east_m, b.north_m - a.north_m
    apart_m = hypot(east, north)
    terms_b = {term.source: term for term in b.shared}
    effects = {
        term.source.value: (
            _moved_m(east, north, term.plus, other.plus) - _moved_m(east, north, term.minus, other.minus)
        )
        / 2
        for term in a.shared
        if (other := terms_b.get(term.source)) is not None
    }
    u, v = (east / apart_m, north / apart_m) if apart_m else (1.0, 0.0)
    for name, own in (("own_a", a.own), ("own_b", b.own)):
        effects[name] = sqrt(max(u * u * own.east_east + 2 * u * v * own.east_north + v * v * own.north_north, 0.0))
    return effects


def _moved_m(east: float, north: float, of_a: EastNorth, of_b: EastNorth) -> float:
    return hypot(east + of_b.east_m - of_a.east_m, north + of_b.north_m - of_a.north_m)


class PositionAbsence(StrEnum):
    """Why a point of the picture has no position."""

    ABOVE_HORIZON = "above_horizon"
    NO_POSE = "no_pose"
    TOO_FAR = "too_far"


class NoPosition(Wire):
    """No position, and why."""

    type: Literal["no_position"] = "no_position"
    reason: PositionAbsence
    detail: str = ""


MaybePosition = Annotated[Position | NoPosition, Field(discriminator="type")]


class LocatedDetection(Wire):
    """A detection on the sea.

    Attributes:
        position: of the waterline centre.
        outline: the hull at the waterline as a polygon (craft with a position only), counter-clockwise seen from above.
        length_m: of the object on the sea.
        axis_deg: direction of the long side on the sea, clockwise from north, in [0, 180).
    """

    detection: Detection
    position: MaybePosition
    outline: tuple[Position, ...] = ()
    length_m: Measured | None = None
    axis_deg: float | None = None
    ground_sample_m: Positive | None = None


class ImagePoint(Wire):
    """A picked point. `height_above_water_m` is that of the thing picked: 0 for a waterline."""

    x_px: float
    y_px: float
    sigma_px: NonNegative = 1.5
    height_above_water_m: Measured = Measured(value=0.0, sigma=0.0)


class PointPair(Wire):
    """Two picked points, by index, whose separation is wanted."""

    a: Annotated[int, Field(ge=0)]
    b: Annotated[int, Field(ge=0)]


class ProbabilityBelow(Wire):
    """P(separation < threshold)."""

    threshold_m: NonNegative
    probability: Probability


class Separation(Wire):
    """A distance with its 95 % interval: percentiles 2.5 and 97.5 of the draws, for the tails are skewed."""

    value_m: NonNegative
    sigma_m: NonNegative
    interval_95_m: Interval
    p_below: tuple[ProbabilityBelow, ...] = ()


class PointSeparation(Wire):
    """The separation of one asked pair; absent where a point has no position."""

    pair: PointPair
    separation: Separation | None


class LocateRequest(Wire):
    """A pose, and what to put on the sea: picked points, detections, and pairs of points to measure."""

    pose: FramePose
    origin: GeoOrigin | None = None
    points: tuple[ImagePoint, ...] = ()
    detections: tuple[Detection, ...] = ()
    pairs: tuple[PointPair, ...] = ()
    thresholds_m: tuple[NonNegative, ...] = (50.0, 300.0)


class LocateAnswer(Wire):
    """Everything in the order asked."""

    points: tuple[MaybePosition, ...]
    detections: tuple[LocatedDetection, ...]
    separations: tuple[PointSeparation, ...]
