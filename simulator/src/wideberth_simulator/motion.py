"""Paths through time: vessels, dolphins, the drone. Same seed, same paths."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from wideberth_simulator.foam import WAKE_LUMPS, WAKE_STEP_S, wake_lumps
from wideberth_simulator.geometry import Camera
from wideberth_simulator.scene import Flight, PodPlan, VesselPlan, VideoPlan

FloatArray = npt.NDArray[np.float64]
PATH_STEP_S = 0.1
PATH_LEAD_S = 30.0
"""Paths begin this long before the first frame, so that wakes are there from the start."""


@dataclass(frozen=True)
class State:
    """Where something is and how it moves: m, m/s, heading clockwise from north."""

    east_m: float
    north_m: float
    heading_deg: float
    speed_mps: float


@dataclass(frozen=True)
class VesselPath:
    """A vessel's smooth path through its waypoints, as a table over time.

    Attributes:
        times_s: (N,) table times.
        table: (N, 4) east, north, heading (unwrapped, deg), speed.
        lumps: (M, 4) irregularity of the wake, one row an emission.
    """

    times_s: FloatArray
    table: FloatArray
    lumps: FloatArray

    def at(self, t_s: float) -> State:
        """Return the state at a time."""
        e, n, h, v = (float(np.interp(t_s, self.times_s, self.table[:, i])) for i in range(4))
        return State(e, n, h % 360.0, v)

    def past(self, t_s: float) -> tuple[FloatArray, FloatArray]:
        """Return the wake's emissions (K, 5) age, east, north, heading, speed and their lumps (K, 4)."""
        newest = math.floor((t_s + PATH_LEAD_S) / WAKE_STEP_S)
        index = np.arange(newest, max(newest - WAKE_LUMPS, -1), -1)
        times = index * WAKE_STEP_S - PATH_LEAD_S
        columns = [np.interp(times, self.times_s, self.table[:, i]) for i in range(4)]
        return np.column_stack([t_s - times, *columns]), self.lumps[index]


def _slopes(t: FloatArray, x: FloatArray) -> FloatArray:
    """Return tangents that never overshoot: harmonic mean of the neighbours' slopes (Fritsch and Butland 1984)."""
    d = np.diff(x) / np.diff(t)
    m = np.zeros(len(x))
    m[0], m[-1] = d[0], d[-1]
    for i in range(1, len(x) - 1):
        m[i] = 0.0 if d[i - 1] * d[i] <= 0 else 2 * d[i - 1] * d[i] / (d[i - 1] + d[i])
    return m


def _hermite(t: FloatArray, x: FloatArray, at: FloatArray) -> FloatArray:
    m = _slopes(t, x)
    i = np.clip(np.searchsorted(t, at, side="right") - 1, 0, len(t) - 2)
    h = t[i + 1] - t[i]
    u = (at - t[i]) / h
    inside = (
        (2 * u**3 - 3 * u**2 + 1) * x[i] + (u**3 - 2 * u**2 + u) * h * m[i]
        + (3 * u**2 - 2 * u**3) * x[i + 1] + (u**3 - u**2) * h * m[i + 1]
    )  # fmt: skip
    before, after = at < t[0], at > t[-1]
    out = np.where(before, x[0] + (at - t[0]) * m[0], inside)
    return np.where(after, x[-1] + (at - t[-1]) * m[-1], out)


def vessel_path(plan: VesselPlan, duration_s: float, rng: np.random.Generator) -> VesselPath:
    """Return the path of a vessel: before the first and after the last waypoint it keeps its velocity."""
    times = np.arange(-PATH_LEAD_S, duration_s + 2.0, PATH_STEP_S)
    t = np.array([p.t_s for p in plan.waypoints])
    points = np.array([[p.east_m, p.north_m] for p in plan.waypoints])
    if len(t) == 1:
        xy = np.tile(points[0], (len(times), 1))
    else:
        xy = np.column_stack([_hermite(t, points[:, i], times) for i in range(2)])
    velocity = np.gradient(xy, PATH_STEP_S, axis=0)
    speed = np.hypot(velocity[:, 0], velocity[:, 1])
    heading = np.full(len(times), float(plan.heading_deg))
    moving = speed > 0.25
    if moving.any():
        course = np.degrees(np.arctan2(velocity[:, 0], velocity[:, 1]))
        # A hull that stops keeps the heading it had; before it first moves, the one it leaves with.
        last = np.maximum.accumulate(np.where(moving, np.arange(len(times)), -1))
        last = np.where(last < 0, int(np.argmax(moving)), last)
        heading = np.degrees(np.unwrap(np.radians(course[last])))
        width = int(2.0 / PATH_STEP_S)
        padded = np.pad(heading, width, mode="edge")
        heading = np.convolve(padded, np.ones(2 * width + 1) / (2 * width + 1), mode="valid")
    lumps = wake_lumps(rng, int((duration_s + PATH_LEAD_S) / WAKE_STEP_S) + 4)
    return VesselPath(times, np.column_stack([xy, heading, speed]), lumps)


@dataclass(frozen=True)
class Surfacing:
    """One time at the surface: from, to, and where the body broke the water."""

    start_s: float
    end_s: float


@dataclass(frozen=True)
class DolphinPose:
    """How a dolphin lies at a time.

    Attributes:
        east_m: Body middle.
        north_m: Body middle.
        up_m: Height of the body axis above the mean sea (negative under water).
        heading_deg: Clockwise from north.
        pitch_deg: Nose up.
        arch_m: Roll of the back.
        fluke_m: Stroke of the flukes.
        speed_mps: Over the ground.
    """

    east_m: float
    north_m: float
    up_m: float
    heading_deg: float
    pitch_deg: float
    arch_m: float
    fluke_m: float
    speed_mps: float


BACK_OUT_M = 0.03
"""Height of the body axis at the top of a surfacing: back and fin are out, the belly is not."""


@dataclass(frozen=True)
class DolphinPath:
    """One animal's path: the pod's course plus its own slow wander, and its surfacings."""

    plan: PodPlan
    offset_m: tuple[float, float]
    wander: FloatArray
    phase: float
    depth_m: float
    surfacings: tuple[Surfacing, ...]

    def _ground(self, t: float) -> tuple[float, float]:
        p = self.plan
        rate = math.radians(p.turn_deg_s)
        h0 = math.radians(p.heading_deg)
        if abs(rate) < 1e-6:
            e, n = p.speed_mps * t * math.sin(h0), p.speed_mps * t * math.cos(h0)
        else:
            r = p.speed_mps / rate
            e, n = r * (math.cos(h0) - math.cos(h0 + rate * t)), r * (math.sin(h0 + rate * t) - math.sin(h0))
        a, w, f = self.wander[:, 0], self.wander[:, 1], self.wander[:, 2]
        side = a * np.sin(w * t + f)
        return p.east_m + self.offset_m[0] + e + float(side[:2].sum()), p.north_m + self.offset_m[1] + n + float(
            side[2:].sum()
        )

    def lift(self, t: float) -> float:
        """Return 0 (swimming deep) to 1 (back out) at a time."""
        best = 0.0
        for s in self.surfacings:
            rise = 0.9
            if s.start_s - rise < t < s.end_s + rise:
                up = min(1.0, (t - s.start_s + rise) / rise)
                down = min(1.0, (s.end_s + rise - t) / rise)
                x = max(0.0, min(up, down))
                best = max(best, x * x * (3 - 2 * x))
        return best

    def at(self, t: float) -> DolphinPose:
        """Return how it lies at a time."""
        e0, n0 = self._ground(t - 0.25)
        e1, n1 = self._ground(t + 0.25)
        e, n = self._ground(t)
        speed = math.hypot(e1 - e0, n1 - n0) / 0.5
        heading = math.degrees(math.atan2(e1 - e0, n1 - n0)) if speed > 0.05 else self.plan.heading_deg
        lift = self.lift(t)
        climb = (self.lift(t + 0.1) - self.lift(t - 0.1)) / 0.2
        span = self.depth_m + BACK_OUT_M
        return DolphinPose(
            e, n, BACK_OUT_M - span * (1 - lift), heading % 360.0, max(-22.0, min(22.0, 16.0 * climb * span)),
            0.20 * lift, 0.10 * math.sin(2 * math.pi * 1.1 * t + self.phase), speed,
        )  # fmt: skip

    def recent(self, t: float, life_s: float) -> list[tuple[int, float, float]]:
        """Return index, time and age of splashes still seen: one where each surfacing begins and one where it ends."""
        out = []
        for i, s in enumerate(self.surfacings):
            for j, moment in enumerate((s.start_s, s.end_s)):
                if 0 <= t - moment < life_s:
                    out.append((2 * i + j, moment, t - moment))
        return out


def dolphin_paths(plan: PodPlan, duration_s: float, rng: np.random.Generator) -> tuple[DolphinPath, ...]:
    """Return the paths of a pod's animals."""
    out = []
    for _ in range(plan.count):
        wander = np.column_stack(
            [
                rng.uniform(0.2, 0.25 * plan.spread_m + 0.3, 4),
                rng.uniform(0.05, 0.16, 4),
                rng.uniform(0, 2 * math.pi, 4),
            ]
        )
        times: list[Surfacing] = []
        t = float(rng.uniform(-plan.dive_s, 0.6 * plan.dive_s))
        while t < duration_s + 2:
            stay = float(np.clip(rng.normal(plan.surface_s, 0.35), 1.0, 3.0)) if plan.surface_s >= 1 else plan.surface_s
            times.append(Surfacing(t, t + stay))
            t += stay + float(np.clip(rng.normal(plan.dive_s, 0.3 * plan.dive_s), 0.5 * plan.dive_s, 2 * plan.dive_s))
        offset = rng.normal(0, plan.spread_m, 2)
        out.append(
            DolphinPath(plan, (float(offset[0]), float(offset[1])), wander, float(rng.uniform(0, 6.28)),
                        plan.swim_depth_m * float(rng.uniform(0.8, 1.3)), tuple(times))
        )  # fmt: skip
    return tuple(out)


def beside(path: DolphinPath, aside_m: float) -> DolphinPath:
    """Return the path of a calf at a grown animal's side."""
    h = math.radians(path.plan.heading_deg)
    east, north = path.offset_m
    offset = (east + aside_m * math.cos(h) - 0.3 * math.sin(h), north - aside_m * math.sin(h) - 0.3 * math.cos(h))
    later = tuple(Surfacing(s.start_s + 0.2, s.end_s + 0.1) for s in path.surfacings)
    return replace(path, offset_m=offset, phase=path.phase + 1.0, depth_m=0.9 * path.depth_m, surfacings=later)


@dataclass(frozen=True)
class DronePath:
    """The drone's true path: its plan, slow hover drift, small gimbal shake."""

    flight: Flight
    waves: FloatArray

    def _sum(self, row: int, t: float) -> float:
        w = self.waves[row]
        return float(np.sum(w[:, 0] * np.sin(w[:, 1] * t + w[:, 2])))

    def camera(self, t: float, video: VideoPlan) -> Camera:
        """Return the camera at a time."""
        keys = self.flight.keys
        times = np.array([k.t_s for k in keys])

        def along(values: list[float]) -> float:
            return float(np.interp(t, times, np.array(values)))

        drift, shake = self.flight.drift_m, self.flight.wobble_deg
        return Camera(
            video.width_px, video.height_px, video.focal_px, video.width_px / 2, video.height_px / 2,
            along([k.east_m for k in keys]) + drift * self._sum(0, t),
            along([k.north_m for k in keys]) + drift * self._sum(1, t),
            along([k.height_m for k in keys]) + drift / 3 * self._sum(2, t),
            along([k.yaw_deg for k in keys]) + 3 * shake * self._sum(3, t) + 0.3 * shake * self._sum(6, 40 * t),
            max(-90.0, min(0.0, along([k.pitch_deg for k in keys]) + shake * self._sum(4, 10 * t))),
            shake * self._sum(5, 10 * t),
        )  # fmt: skip


def drone_path(flight: Flight, rng: np.random.Generator) -> DronePath:
    """Return the drone's path; each drift is three slow sines of unit variance together."""
    waves = np.zeros((7, 3, 3))
    waves[..., 0] = math.sqrt(2 / 3)
    waves[..., 1] = rng.uniform(0.08, 0.6, (7, 3))
    waves[..., 2] = rng.uniform(0, 2 * math.pi, (7, 3))
    return DronePath(flight, waves)
