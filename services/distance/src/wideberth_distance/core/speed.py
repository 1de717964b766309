"""Speed over ground of a craft: the slope of its positions over a baseline of seconds, with the shared errors in.

A height 4 % wrong makes every speed 4 % wrong; the same draws that move positions give the interval. Own errors are
taken as independent from frame to frame, which filtered positions are not quite: the velocity's own covariance, where
the tracker gives one, is the floor.
"""

import numpy as np

from wideberth_contracts.positions import Covariance2, ErrorSource, Position
from wideberth_contracts.separations import SpeedEstimate
from wideberth_contracts.tracks import Track, TrackPoint
from wideberth_contracts.wire import Interval
from wideberth_distance.core.draws import PERCENTILES, coefficients
from wideberth_distance.core.projection import SOURCES, Array

BASELINE_S = 4.0
"""3 to 5 s or more (rules, section 7); centred on the sample where the track reaches far enough."""
SHORTEST_S = 1.0
MAX_POINTS = 24
HEIGHT_WANDER = 0.25
"""Share of the height's standard error by which a barometer wanders within a baseline (0.6 m in about 8 s)."""


def speed_at(craft: Track, point: TrackPoint, powered: Array) -> SpeedEstimate | None:
    """Speed with its 95 % interval, or None where the track is too short.

    Args:
        craft: The whole track.
        point: The sample.
        powered: Draws of the shared sources, see `draws.powers`; shape (D, 14).
    """
    window = _window(craft, point)
    baseline_s = window[-1].t_s - window[0].t_s if len(window) >= 3 else 0.0
    if baseline_s < SHORTEST_S:
        return None
    positions = [p.position for p in window if isinstance(p.position, Position)]
    times = np.array([p.t_s for p in window])
    centred = times - times.mean()
    weights = centred / (centred @ centred)
    nominal = weights @ np.array([[p.east_m, p.north_m] for p in positions])
    shared = np.tensordot(weights, coefficients(positions), axes=1).reshape(-1, 2)
    own = _slope_covariance(weights, positions, point) + _wander_covariance(positions, baseline_s)
    noise = np.random.default_rng(2).standard_normal((powered.shape[0], 2)) @ np.linalg.cholesky(own).T
    speeds = np.hypot(*(nominal + powered @ shared + noise).T)
    value = float(np.hypot(*nominal))
    low, high = (float(edge) for edge in np.percentile(speeds, PERCENTILES))
    return SpeedEstimate(
        value_mps=value, interval_95_mps=Interval(low=min(low, value), high=max(high, value)), baseline_s=baseline_s
    )


def _window(craft: Track, point: TrackPoint) -> list[TrackPoint]:
    """Points with a position within the baseline, centred on the sample or shifted to where the track is."""
    usable = [p for p in craft.points if isinstance(p.position, Position)]
    first, last = usable[0].t_s, usable[-1].t_s
    start = min(max(point.t_s - BASELINE_S / 2, first), max(last - BASELINE_S, first))
    inside = [p for p in usable if start - 1e-6 <= p.t_s <= start + BASELINE_S + 1e-6]
    step = max(1, -(-len(inside) // MAX_POINTS))
    return inside[::step]


def _slope_covariance(weights: Array, positions: list[Position], point: TrackPoint) -> Array:
    own = [p.own for p in positions]
    summed = sum((w * w * _matrix(c) for w, c in zip(weights, own, strict=True)), np.zeros((2, 2)))
    floor = _matrix(point.velocity.own) if point.velocity else np.zeros((2, 2))
    larger = floor if np.trace(floor) > np.trace(summed) else summed
    return larger + 1e-9 * np.eye(2)


def _wander_covariance(positions: list[Position], baseline_s: float) -> Array:
    """What a wandering height adds to a velocity: it moves positions towards and away from the camera."""
    middle = coefficients([positions[len(positions) // 2]])[0, 0, SOURCES.index(ErrorSource.HEIGHT)]
    drift = HEIGHT_WANDER * middle / baseline_s
    return np.outer(drift, drift)


def _matrix(c: Covariance2) -> Array:
    return np.array([[c.east_east, c.east_north], [c.east_north, c.north_north]])
