"""Speed over ground of a craft: the slope of its positions over a baseline of seconds, with the shared errors in.

A height 4 % wrong makes every speed 4 % wrong; the same draws that move positions give the interval. Own errors are
taken as independent from frame to frame, which filtered positions are not quite: the velocity's own covariance, where
the tracker gives one, is the floor.
"""

from dataclasses import dataclass

import numpy as np

from wideberth_contracts.positions import ErrorSource, Position
from wideberth_contracts.separations import SpeedEstimate
from wideberth_contracts.tracks import Track, TrackPoint
from wideberth_contracts.wire import Interval
from wideberth_distance.core.draws import Draws, edges_95, fix_of
from wideberth_distance.core.projection import SOURCES, Array

BASELINE_S = 4.0
"""3 to 5 s or more (rules, section 7); centred on the sample where the track reaches far enough."""
SHORTEST_S = 1.0
MAX_POINTS = 24
HEIGHT_WANDER = 0.25
"""Share of the height's standard error by which a barometer wanders within a baseline (0.6 m in about 8 s)."""
_HEIGHT = SOURCES.index(ErrorSource.HEIGHT)


@dataclass(frozen=True, slots=True)
class Course:
    """A craft's positions through time, N of them.

    Attributes:
        t_s: shape (N,).
        nominal: shape (N, 2).
        shared: shape (N, 14, 2), see `draws.Fix`.
        own: shape (N, 2, 2).
    """

    t_s: Array
    nominal: Array
    shared: Array
    own: Array


def course_of(craft: Track) -> Course:
    """All points of a track that have a position."""
    placed = [(point.t_s, point.position) for point in craft.points if isinstance(point.position, Position)]
    fixes = [fix_of(position) for _, position in placed]
    own = [[p.own.east_east, p.own.east_north, p.own.east_north, p.own.north_north] for _, p in placed]
    return Course(
        t_s=np.array([t for t, _ in placed]),
        nominal=np.array([fix.nominal for fix in fixes]).reshape(-1, 2),
        shared=np.array([fix.shared for fix in fixes]).reshape(-1, 2 * len(SOURCES), 2),
        own=np.array(own).reshape(-1, 2, 2),
    )


def speed_at(course: Course, point: TrackPoint, draws: Draws) -> SpeedEstimate | None:
    """Speed with its 95 % interval, or None where the track is too short."""
    chosen = _window(course.t_s, point.t_s)
    times = course.t_s[chosen]
    baseline_s = float(times[-1] - times[0]) if chosen.size >= 3 else 0.0
    if baseline_s < SHORTEST_S:
        return None
    centred = times - times.mean()
    weights = centred / (centred @ centred)
    nominal = weights @ course.nominal[chosen]
    shared = (weights @ course.shared[chosen].reshape(chosen.size, -1)).reshape(-1, 2)
    own = _own_covariance(course, chosen, weights, point, baseline_s)
    spread = shared.T @ draws.powered + np.linalg.cholesky(own + 1e-9 * np.eye(2)) @ draws.own("speed")
    value = float(np.hypot(*nominal))
    low, high = edges_95(np.hypot(nominal[0] + spread[0], nominal[1] + spread[1]))
    return SpeedEstimate(
        value_mps=value, interval_95_mps=Interval(low=min(low, value), high=max(high, value)), baseline_s=baseline_s
    )


def _window(times: Array, t_s: float) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Indices within the baseline, centred on the sample or shifted to where the track is."""
    start = min(max(t_s - BASELINE_S / 2, times[0]), max(times[-1] - BASELINE_S, times[0]))
    inside = np.flatnonzero((times >= start - 1e-6) & (times <= start + BASELINE_S + 1e-6))
    return inside[:: max(1, -(-inside.size // MAX_POINTS))]


def _own_covariance(
    course: Course,
    chosen: np.ndarray[tuple[int], np.dtype[np.intp]],
    weights: Array,
    point: TrackPoint,
    baseline_s: float,
) -> Array:
    """Of the velocity, shape (2, 2): positions' own errors, and what a wandering height does towards the camera."""
    summed = np.tensordot(weights**2, course.own[chosen], axes=1)
    if point.velocity is not None:
        own = point.velocity.own
        floor = np.array([[own.east_east, own.east_north], [own.east_north, own.north_north]])
        summed = floor if np.trace(floor) > np.trace(summed) else summed
    drift = HEIGHT_WANDER * course.shared[chosen[chosen.size // 2], _HEIGHT] / baseline_s
    covariance: Array = summed + np.outer(drift, drift)
    return covariance
