"""How a craft comes to a pod: its bearing, how long it stays, and whether it crosses the pod's path."""

from collections.abc import Sequence

import numpy as np

from wideberth_contracts.separations import PathCrossing, SeparationSample, Stay
from wideberth_distance.core.projection import Array

LONGEST_STEP_S = 2.0
"""Between two samples farther apart than this the craft counts as away."""
POD_MEMORY_S = 10.0
SLOWEST_POD_MPS = 0.5
"""Over so long the pod's own course is taken; slower than that it has none."""
FARTHEST_AHEAD_M = 300.0
"""A path crossed farther in front of a pod than this is no crossing of it."""


def relative_bearing_deg(course_deg: float, craft: Array, animal: Array) -> float:
    """Bearing of the animal from the craft's course, (-180, 180], starboard positive; places are east, north."""
    bearing = float(np.degrees(np.arctan2(*(animal - craft))))
    return 180.0 - (180.0 - (bearing - course_deg)) % 360.0


def stays_of(samples: Sequence[SeparationSample], thresholds_m: Sequence[float]) -> tuple[Stay, ...]:
    """Time below each threshold. A sample stands for half of the time to each of its neighbours."""
    times = np.array([sample.t_s for sample in samples])
    steps = np.diff(times)
    steps = np.where(steps <= LONGEST_STEP_S, steps, 0.0)
    spans = np.concatenate([steps, [0.0]]) / 2 + np.concatenate([[0.0], steps]) / 2
    value = np.array([sample.separation.value_m for sample in samples])
    low = np.array([sample.separation.interval_95_m.low for sample in samples])
    high = np.array([sample.separation.interval_95_m.high for sample in samples])
    return tuple(
        Stay(
            threshold_m=limit,
            seconds=float(spans[value < limit].sum()),
            surely_s=float(spans[high < limit].sum()),
            possibly_s=float(spans[low < limit].sum()),
        )
        for limit in thresholds_m
    )


def crossings_of(
    times_s: Array, craft: Array, pod_times_s: Array, pod: Array, half_pod_m: Array
) -> tuple[PathCrossing, ...]:
    """Moments at which a craft passes over the line ahead of the pod.

    Args:
        times_s, craft: of the craft, shapes (N,) and (N, 2).
        pod_times_s, pod: centre of the animals known at each time, shapes (M,) and (M, 2).
        half_pod_m: how far the animals are from that centre, shape (M,): nearer than that the craft is among them.
    """
    found, before = [], None
    for t_s, place in zip(times_s.tolist(), craft, strict=True):
        recent = (pod_times_s <= t_s + 1e-6) & (pod_times_s >= t_s - POD_MEMORY_S)
        frame = _pod_frame(pod_times_s[recent], pod[recent]) if np.count_nonzero(recent) >= 3 else None
        if frame is None:
            before = None
            continue
        centre, course = frame
        offset = place - centre
        ahead, aside = float(offset @ course), float(offset @ np.array([course[1], -course[0]]))
        if before is not None and before * aside < 0 and float(half_pod_m[recent][-1]) < ahead < FARTHEST_AHEAD_M:
            course_deg = float(np.degrees(np.arctan2(*course)) % 360.0) % 360.0
            found.append(PathCrossing(t_s=t_s, ahead_m=ahead, pod_course_deg=course_deg))
        before = aside or before
    return tuple(found)


def _pod_frame(times_s: Array, pod: Array) -> tuple[Array, Array] | None:
    """Centre now and unit course of the pod, by a straight line through its recent centres; None while it mills."""
    spread = times_s - times_s.mean()
    if float(times_s[-1] - times_s[0]) < POD_MEMORY_S / 4:
        return None
    velocity = spread @ pod / float(spread @ spread)
    speed = float(np.hypot(*velocity))
    if speed < SLOWEST_POD_MPS:
        return None
    centre = pod.mean(axis=0) + velocity * float(times_s[-1] - times_s.mean())
    return np.asarray(centre), np.asarray(velocity / speed)
