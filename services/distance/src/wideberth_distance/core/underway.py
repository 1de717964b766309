"""Making way, lying still or drifting.

Speed over ground alone cannot tell a craft at anchor from one that drifts in still water, nor a drifting craft from one
that steams slowly. What drifts beside it can: swimmers, and craft that all go the same slow way. Where nothing does,
that is said, and only making way is judged, by the speed over ground.
"""

from collections.abc import Mapping

import numpy as np

from wideberth_contracts.positions import Covariance2
from wideberth_contracts.separations import Underway, WaterMotion
from wideberth_distance.core.projection import Array
from wideberth_distance.core.speed import DrawnVelocity

WAY_MPS = 0.5
"""About one knot: slower than that is no way made."""
FASTEST_WATER_MPS = 1.5
SWIM_MPS = 0.4
"""A swimmer does not keep still in the water: standard error per axis of the water's motion by one of them."""
FEWEST_CRAFT = 2
"""One slow craft may be at anchor; two that agree and move are taken to drift."""


def underway(name: str, velocity: DrawnVelocity, drifters: Mapping[str, tuple[DrawnVelocity, bool]]) -> Underway:
    """State of one craft.

    Args:
        name: its track.
        velocity: over ground.
        drifters: velocities of craft and swimmers at the same time, by track, and whether it is a swimmer.
    """
    water = water_motion({key: value for key, value in drifters.items() if key != name})
    over_ground = np.hypot(*velocity.drawn)
    if water is None:
        return Underway(p_moving=float(np.mean(over_ground > WAY_MPS)))
    own = np.array([[water.own.east_east, water.own.east_north], [water.own.east_north, water.own.north_north]])
    normal = np.random.default_rng(0).standard_normal(velocity.drawn.shape)
    root = np.linalg.cholesky(own + 1e-12 * np.eye(2))
    through = np.hypot(*(velocity.drawn - np.array([[water.east_mps], [water.north_mps]]) - root @ normal))
    moving = (over_ground > WAY_MPS) & (through > WAY_MPS)
    drifting = ~moving & (through < over_ground)
    p_moving, p_drifting = float(np.mean(moving)), float(np.mean(drifting))
    stopped = max(0.0, 1.0 - p_moving - p_drifting)
    return Underway(p_moving=p_moving, p_stopped=stopped, p_drifting=p_drifting, water=water)


def water_motion(drifters: Mapping[str, tuple[DrawnVelocity, bool]]) -> WaterMotion | None:
    """The water's motion by what goes the same slow way; None without a swimmer, or craft enough that agree."""
    slow = {
        key: (velocity.nominal, velocity.covariance() + (SWIM_MPS**2 if swims else 0.0) * np.eye(2), swims)
        for key, (velocity, swims) in drifters.items()
        if np.hypot(*velocity.nominal) < FASTEST_WATER_MPS
    }
    names = _largest_agreeing({key: (mean, cov) for key, (mean, cov, _) in slow.items()})
    swimmers = [key for key in names if slow[key][2]]
    if not swimmers and len(names) < FEWEST_CRAFT:
        return None
    information = np.sum([np.linalg.inv(slow[key][1]) for key in names], axis=0)
    own = np.linalg.inv(information)
    mean = own @ np.sum([np.linalg.solve(slow[key][1], slow[key][0]) for key in names], axis=0)
    if not swimmers and float(mean @ information @ mean) < 5.99:
        return None  # craft that lie still together are more likely at anchor than proof of still water
    return WaterMotion(
        east_mps=float(mean[0]),
        north_mps=float(mean[1]),
        own=Covariance2(east_east=float(own[0, 0]), east_north=float(own[0, 1]), north_north=float(own[1, 1])),
        tracks=tuple(sorted(names)),
    )


def _largest_agreeing(slow: Mapping[str, tuple[Array, Array]]) -> list[str]:
    """The most tracks that agree with one of them at 95 %."""
    best: list[str] = []
    for mean, cov in slow.values():
        agree = [
            key
            for key, (other, spread) in slow.items()
            if float((other - mean) @ np.linalg.solve(cov + spread, other - mean)) < 5.99
        ]
        best = max(best, agree, key=len)
    return best
