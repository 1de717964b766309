"""Speed and course over ground of a craft, with the shared errors in.

The velocity comes from the smoother over all sightings (`smoother`), which knows how errors hang together from frame to
frame: its own ones, and what of the pose wanders. What of the pose stays as it is for the flight moves all positions
alike, or stretches the sea: a height 4 % wrong makes every speed 4 % wrong. The same draws that move positions give
that part: the rate at which a constant error's displacement changes along the track.
"""

from dataclasses import dataclass

import numpy as np

from wideberth_contracts.positions import Covariance2, ErrorSource, Position
from wideberth_contracts.separations import SpeedEstimate
from wideberth_contracts.tracks import PoseErrors, Track, TrackPoint
from wideberth_contracts.wire import Interval
from wideberth_distance.core.draws import PERCENTILES, Draws, fix_of
from wideberth_distance.core.projection import SOURCES, Array
from wideberth_distance.core.smoother import Seen, Smoothed, smooth

BASELINE_S = 8.0
"""Over so long the rate of a constant error's displacement is taken; a craft's course changes little in it."""
SHORTEST_S = 1.0
FEWEST = 3
WANDER = PoseErrors(height_m=0.6, pitch_deg=0.3, roll_deg=0.3, yaw_deg=0.3, east_m=0.5, north_m=0.5)
"""What of a pose's error comes and goes: the barometer's within seconds, the rest within a minute. Height, pitch and
roll as in `priors`; that of heading and satellite position is taken as a sixth and a quarter of their errors, for want
of measurements. The rest stays, and cancels in a difference of positions."""
USUAL = PoseErrors(height_m=2.5, pitch_deg=0.7, roll_deg=0.5, yaw_deg=2.0, east_m=2.0, north_m=2.0)
"""Errors of a pose where a table of tracks does not tell them."""
AT_REST = 5.99
"""Squared Mahalanobis distance within which standing still is not excluded at 95 % (2 degrees of freedom)."""
_FIELDS = {
    ErrorSource.HEIGHT: "height_m",
    ErrorSource.PITCH: "pitch_deg",
    ErrorSource.ROLL: "roll_deg",
    ErrorSource.YAW: "yaw_deg",
    ErrorSource.CAMERA_EAST: "east_m",
    ErrorSource.CAMERA_NORTH: "north_m",
}
_HEIGHT = SOURCES.index(ErrorSource.HEIGHT)


@dataclass(frozen=True, slots=True)
class Course:
    """A track's motion, N moments with a position.

    Attributes:
        t_s: shape (N,); seen_s: times of sightings.
        shared: shape (N, 14, 2), see `draws.Fix`.
        smoothed: None where the track is too short to speak of speed.
    """

    t_s: Array
    seen_s: Array
    shared: Array
    smoothed: Smoothed | None


@dataclass(frozen=True, slots=True)
class DrawnVelocity:
    """A velocity over ground.

    Attributes:
        nominal: shape (2,), east and north, m/s; drawn: shape (2, D).
    """

    nominal: Array
    drawn: Array

    def covariance(self) -> Array:
        """Of the draws, shape (2, 2)."""
        return np.asarray(np.cov(self.drawn))

    def may_be_at_rest(self) -> bool:
        """Whether standing still is inside the 95 % ellipse."""
        return float(self.nominal @ np.linalg.solve(self.covariance() + 1e-12 * np.eye(2), self.nominal)) < AT_REST


def course_of(track: Track) -> Course:
    """All points of a track that have a position."""
    points = [(point, point.position) for point in track.points if isinstance(point.position, Position)]
    t_s = np.array([point.t_s for point, _ in points])
    shared = np.array([fix_of(position).shared for _, position in points]).reshape(-1, 2 * len(SOURCES), 2)
    observed = np.array([point.observed for point, _ in points], dtype=np.bool_)
    seen_s = t_s[observed]
    if seen_s.size < FEWEST or seen_s[-1] - seen_s[0] < SHORTEST_S:
        return Course(t_s, seen_s, shared, None)
    places, own = zip(*(_sighted(point, position) for point, position in points), strict=True)
    # Points from before the first sighting with a position tell nothing; there are none in a tracker's answer.
    shares = np.array([_shares(point.sighted.pose if point.sighted else None) for point, _ in points])
    seen = Seen(t_s, observed, np.array(places), np.array(own), *_wander(shared, shares))
    return Course(t_s, seen_s, shared, smooth(seen))


def _sighted(point: TrackPoint, position: Position) -> tuple[tuple[float, float], tuple[tuple[float, float], ...]]:
    """Place and own covariance of one frame alone; of tables that hold only the filtered place, that."""
    place = point.sighted or position
    return (place.east_m, place.north_m), _rows(place.own)


def _rows(own: Covariance2) -> tuple[tuple[float, float], ...]:
    return (own.east_east, own.east_north), (own.east_north, own.north_north)


def _shares(pose: PoseErrors | None) -> list[float]:
    """Part of each source's standard error that wanders, in the order of `SOURCES`."""
    errors = pose or USUAL
    pairs = [
        (getattr(WANDER, _FIELDS[s]), getattr(errors, _FIELDS[s])) if s in _FIELDS else (0.0, 1.0) for s in SOURCES
    ]
    return [min(1.0, wanders / max(sigma, 1e-9)) for wanders, sigma in pairs]


def _wander(shared: Array, shares: Array) -> tuple[Array, Array]:
    """Lower root of the slow wander's covariance, shape (N, 2, 2), and the barometer's displacement, shape (N, 2)."""
    moved = shared[:, : len(SOURCES)] * shares[:, :, None]
    slow = np.delete(moved, _HEIGHT, axis=1)
    covariance = slow.transpose(0, 2, 1) @ slow + 1e-8 * np.eye(2)
    return np.asarray(np.linalg.cholesky(covariance)), np.asarray(moved[:, _HEIGHT])


def velocity_at(course: Course, t_s: float, draws: Draws, name: str) -> DrawnVelocity | None:
    """Velocity at a moment of the course, or None where the track is too short; `name` tells draws of tracks apart."""
    if course.smoothed is None or course.t_s.size == 0:
        return None
    index = int(np.argmin(np.abs(course.t_s - t_s)))
    near = np.flatnonzero(np.abs(course.t_s - course.t_s[index]) <= BASELINE_S / 2)
    times = course.t_s[near] - course.t_s[near].mean()
    weights = times / max(float(times @ times), 1e-9)
    rate = (weights @ course.shared[near].reshape(near.size, -1)).reshape(-1, 2)
    drawn = course.smoothed.drawn(index, draws.own(f"{name} velocity")) + rate.T @ draws.powered
    return DrawnVelocity(course.smoothed.nominal(index), drawn)


def speed_of(course: Course, velocity: DrawnVelocity) -> SpeedEstimate:
    """Speed and course with their 95 % intervals."""
    value = float(np.hypot(*velocity.nominal))
    resting = velocity.may_be_at_rest()
    low, high = _edges_95(np.hypot(*velocity.drawn), float(np.sqrt(np.trace(velocity.covariance()))))
    interval = Interval(low=0.0 if resting else min(low, value), high=max(high, value))
    baseline_s = float(course.seen_s[-1] - course.seen_s[0])
    if resting:
        return SpeedEstimate(value_mps=value, interval_95_mps=interval, baseline_s=baseline_s)
    course_deg = float(np.degrees(np.arctan2(*velocity.nominal)) % 360.0)
    aside = np.degrees(np.arctan2(*velocity.drawn)) - course_deg
    half = float(np.percentile(np.abs((aside + 180.0) % 360.0 - 180.0), 95.0))
    return SpeedEstimate(
        value_mps=value,
        interval_95_mps=interval,
        baseline_s=baseline_s,
        course_deg=course_deg % 360.0,
        course_half_95_deg=half,
    )


def _edges_95(speeds: Array, sigma: float) -> tuple[float, float]:
    """Percentiles of drawn speeds, every speed taken as equally likely beforehand.

    A velocity drawn about its mean in the plane is longer than the mean on average: the plane holds more fast
    velocities than slow ones. Weights of one over the speed undo that.
    """
    ordered = np.sort(speeds)
    weights = 1.0 / np.maximum(ordered, 0.1 * sigma + 1e-9)
    share = (np.cumsum(weights) - 0.5 * weights) / weights.sum()
    low, high = np.interp(np.array(PERCENTILES) / 100, share, ordered)
    return float(low), float(high)
