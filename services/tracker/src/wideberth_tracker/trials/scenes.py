"""Named scenes of the numerical sea."""

import math
from collections.abc import Callable

import numpy as np

from wideberth_contracts.detections import ObjectKind
from wideberth_tracker.core.kalman import Floats
from wideberth_tracker.trials.sea import Camera, Mover, Trial, observe


def sample_times(duration_s: float, fps: float, jitter: float, seed: int) -> Floats:
    """Sampled frame times with a jitter as share of the step; strictly rising."""
    rng = np.random.default_rng(seed)
    times = np.arange(0.0, duration_s, 1 / fps)
    return np.asarray(times + rng.uniform(0, jitter / fps, len(times)), dtype=np.float64)


def line(times_s: Floats, start: tuple[float, float], velocity: tuple[float, float]) -> Floats:
    """A straight path (n, 2)."""
    return np.asarray(np.array(start) + times_s[:, None] * np.array(velocity), dtype=np.float64)


def approach(seed: int) -> Trial:
    """A boat comes from 400 m to 30 m of the drone; 30 % missed, gaps of up to 4 s, boxes on the cabin."""
    times = sample_times(60.0, 5.0, 0.3, seed)
    rng = np.random.default_rng(seed)
    rate = 6.2
    path = line(times, (8.0, 400.0), (0.0, -rate))
    path[:, 0] += 12 * np.sin(times / 9 + rng.uniform(0, 6))
    gaps = tuple((start, start + rng.uniform(1.5, 4.0)) for start in (10.0, 22.0, 35.0, 47.0))
    boat = _always("boat", ObjectKind.VESSEL, 12.0, path, seen=0.7, gaps=gaps, repeats=0.3)
    return observe([boat], times, Camera(pitch_deg=-30.0), seed, false_alarms=0.1)


def crossing(seed: int) -> Trial:
    """Two boats cross within 6 m, a third lies still."""
    times = sample_times(40.0, 5.0, 0.3, seed)
    movers = [
        _always("a", ObjectKind.VESSEL, 9.0, line(times, (-60.0, 150.0), (3.0, 0.0)), seen=0.85),
        _always("b", ObjectKind.VESSEL, 7.0, line(times, (60.0, 156.0), (-3.0, 0.0)), seen=0.85),
        _always("c", ObjectKind.VESSEL, 8.0, line(times, (20.0, 220.0), (0.0, 0.0)), seen=0.9),
    ]
    return observe(movers, times, Camera(), seed, false_alarms=0.1)


def pod(seed: int) -> Trial:
    """Five dolphins 4 to 8 m apart, surfacing for 1 to 3 s and diving for 2 to 6 s, and two boats."""
    times = sample_times(60.0, 5.0, 0.3, seed)
    rng = np.random.default_rng(seed + 1)
    movers = []
    for index in range(5):
        drift = np.cumsum(rng.normal(0, 0.12, (len(times), 2)), axis=0)
        path = line(times, (-20.0 + 7.0 * (index % 3), 120.0 + 6.0 * (index // 3)), (1.2, 0.3)) + drift
        movers.append(Mover(f"dolphin {index}", ObjectKind.DOLPHIN, 2.5, path, _surfacing(times, rng), 0.8))
    movers.append(_always("boat", ObjectKind.VESSEL, 10.0, line(times, (60.0, 320.0), (-1.0, -3.5)), seen=0.8))
    movers.append(_always("still", ObjectKind.VESSEL, 8.0, line(times, (-50.0, 200.0), (0.0, 0.0)), seen=0.9))
    return observe(movers, times, Camera(), seed, false_alarms=0.3)


def dives(seed: int) -> Trial:
    """A dolphin at 0.5 to 2.5 m/s, wandering in course, that dives for 5, 12, 20 and 30 s; a boat lies near."""
    times = sample_times(110.0, 5.0, 0.3, seed)
    rng = np.random.default_rng(seed + 4)
    heading = rng.uniform(0, 2 * math.pi) + np.cumsum(
        rng.normal(0, 0.15, len(times)) * np.diff(times, prepend=0.0) ** 0.5
    )
    steps = rng.uniform(0.5, 2.5) * np.stack([np.sin(heading), np.cos(heading)], axis=1)
    path = np.cumsum(steps * np.diff(times, prepend=0.0)[:, None], axis=0)
    path += np.array([0.0, 190.0]) - path[len(times) // 2]
    shown, start = np.ones(len(times)), 6.0
    for long_s in rng.permutation([5.0, 12.0, 20.0, 30.0]):
        shown[(times >= start) & (times < start + long_s)] = 0.0
        start += long_s + rng.uniform(6.0, 9.0)
    dolphin = Mover("dolphin", ObjectKind.DOLPHIN, 2.5, path, shown, 0.9)
    boat = _always("boat", ObjectKind.VESSEL, 8.0, line(times, (40.0, 230.0), (0.0, 0.0)), seen=0.9)
    return observe([dolphin, boat], times, Camera(height_m=90.0, pitch_deg=-30.0), seed)


def regatta(seed: int) -> Trial:
    """Twenty boats on curved paths under a trembling, panning camera."""
    times = sample_times(30.0, 5.0, 0.2, seed)
    rng = np.random.default_rng(seed + 2)
    movers = []
    for index in range(20):
        bearing, speed = rng.uniform(0, 2 * math.pi), rng.uniform(0, 6)
        start = (rng.uniform(-120, 120), rng.uniform(120, 330))
        heading = bearing + rng.uniform(-0.08, 0.08) * times
        steps = np.stack([np.sin(heading), np.cos(heading)], axis=1) * speed * np.diff(times, prepend=0.0)[:, None]
        path = np.array(start) + np.cumsum(steps, axis=0)
        movers.append(_always(f"boat {index}", ObjectKind.VESSEL, rng.uniform(5, 15), path, seen=0.85))
    return observe(movers, times, Camera(trembles=0.15, pans_dps=0.5), seed)


def no_telemetry(seed: int) -> Trial:
    """The pod again, without positions, under a panning camera: only the picture is left."""
    with_positions = pod(seed)
    return observe(
        with_positions.movers, with_positions.times_s, Camera(has_pose=False, pans_dps=1.0), seed, false_alarms=0.3
    )


SCENES: dict[str, Callable[[int], Trial]] = {
    "approach": approach,
    "crossing": crossing,
    "pod": pod,
    "dives": dives,
    "regatta": regatta,
    "no telemetry": no_telemetry,
}


def _always(
    name: str,
    kind: ObjectKind,
    length_m: float,
    path: Floats,
    *,
    seen: float,
    gaps: tuple[tuple[float, float], ...] = (),
    repeats: float = 0.0,
) -> Mover:
    return Mover(name, kind, length_m, path, np.ones(len(path)), seen, gaps, repeats)


def _surfacing(times_s: Floats, rng: np.random.Generator) -> Floats:
    shown, clock, up = np.zeros(len(times_s)), rng.uniform(0, 3), False
    start = 0.0
    while start < times_s[-1]:
        if up:
            shown[(times_s >= start) & (times_s < clock)] = 1.0
        start, up = clock, not up
        clock += rng.uniform(1, 3) if up else rng.uniform(2, 6)
    return shown
