"""Simulated encounters as scenes: conduct drawn by a seed, filmed by a pilot who goes with the pod."""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from bench.accuracy.encounter_conduct import CONDUCTS, Draw, Drawn, Maker, Track, stays
from wideberth_contracts.known import Known, Species
from wideberth_simulator.geodesy import Origin
from wideberth_simulator.geometry import Camera
from wideberth_simulator.scene import (
    Flight,
    FlightKey,
    PodPlan,
    Scene,
    TelemetryPlan,
    VesselPlan,
    VideoPlan,
    Waypoint,
    Weather,
)

ORIGIN = Origin(33.2475, 126.29)
FOCAL_PX, WIDTH_PX, HEIGHT_PX = 2665.0, 3840, 2160
SPECIES = (
    Species.DOLPHIN,
    Species.DOLPHIN,
    Species.SPINNER_DOLPHIN,
    Species.WHALE,
    Species.DOLPHIN,
    Species.KILLER_WHALE,
    Species.HUMPBACK_WHALE,
    Species.SOUTHERN_RESIDENT_KILLER_WHALE,
    Species.DOLPHIN,
    Species.RIGHT_WHALE,
)


@dataclass(frozen=True)
class Plan:
    """A scene and what is told about it beside the pictures. `fence`: corners east, north of a closed area, m."""

    seed: int
    conduct: str
    scene: Scene
    known: Known
    sample_fps: float
    segment_s: float
    fence: tuple[tuple[float, float], ...]
    is_calibrated: bool


def plan_of(number: int, seed: int) -> Plan:
    """The encounter of a seed; `number` picks the conduct, in turn."""
    name = tuple(CONDUCTS)[number % len(CONDUCTS)]
    return _plan(name, CONDUCTS[name], number, seed)


def long_plan_of(seed: int) -> Plan:
    """A stay of many minutes."""
    return _plan(stays.__name__, stays, seed, seed)


def _plan(name: str, make: Maker, number: int, seed: int) -> Plan:
    rng = np.random.default_rng((seed, 555))
    drawn = make(rng)
    species = SPECIES[number % len(SPECIES)] if drawn.known.species is None else drawn.known.species
    known = drawn.known.model_copy(update={"species": species})
    return Plan(
        seed, name, _scene(drawn, seed, rng), known, drawn.sample_fps, drawn.segment_s, _fence(drawn, rng),
        bool(rng.random() < 0.5),
    )  # fmt: skip


def _scene(drawn: Drawn, seed: int, rng: Draw) -> Scene:
    vessels = tuple(_vessel(name, drawn, sub, track) for name, (sub, track) in drawn.crafts.items())
    return Scene(
        name=f"encounter_{seed}",
        seed=seed,
        origin=ORIGIN,
        start=drawn.start,
        duration_s=drawn.seconds,
        video=VideoPlan(WIDTH_PX, HEIGHT_PX, Fraction(drawn.sample_fps), None, False, FOCAL_PX, 24.0),
        flight=Flight(_looking(drawn, vessels, rng), 0.05, 0.3),
        weather=Weather(5.0, 90.0, 0.0, 0.3, 20000.0, 1.0, None, None),
        water="green",
        telemetry=TelemetryPlan("enterprise", 1.0),
        vessels=vessels,
        pods=(
            PodPlan(
                "pod", drawn.count, 0.0, 0.0, drawn.heading_deg, drawn.pod_mps, drawn.turn_deg_s, drawn.spread_m,
                float(rng.uniform(3.0, 7.0)), float(rng.uniform(1.5, 2.5)), float(rng.uniform(3.0, 5.0)),
            ),
        ),
        rocks=(),
    )  # fmt: skip


def _looking(drawn: Drawn, vessels: tuple[VesselPlan, ...], rng: Draw) -> tuple[FlightKey, ...]:
    """A pilot who goes with the pod, and looks from where pod and boats are in the picture most of the time."""
    steep = -math.degrees(math.atan2(drawn.height_m, max(drawn.back_m, 1.0)))
    tries = [
        (float(rng.uniform(0, 360)), min(max(steep + up, -85.0), -12.0)) for up in (0.0, 6.0, 12.0) for _ in range(24)
    ]
    return max((_keys(drawn, *one) for one in tries), key=lambda keys: _in_picture(keys, drawn, vessels))


def _keys(drawn: Drawn, sight_deg: float, pitch_deg: float) -> tuple[FlightKey, ...]:
    back = _along(sight_deg, drawn.back_m)
    places = [(t_s, _along(drawn.heading_deg, drawn.pod_mps * t_s)) for t_s in (0.0, drawn.seconds)]
    return tuple(
        FlightKey(t_s, east - back[0], north - back[1], drawn.height_m, sight_deg, pitch_deg)
        for t_s, (east, north) in places
    )


def _in_picture(keys: tuple[FlightKey, ...], drawn: Drawn, vessels: tuple[VesselPlan, ...]) -> float:
    """How much of the time boats are in the picture, less much for a pod that is not well inside it."""
    seen = 0.0
    for t_s in np.linspace(0.0, drawn.seconds, 13).tolist():
        east, north = _along(drawn.heading_deg, drawn.pod_mps * t_s)
        first, share = keys[0], t_s / drawn.seconds
        camera = Camera(
            WIDTH_PX, HEIGHT_PX, FOCAL_PX, WIDTH_PX / 2, HEIGHT_PX / 2,
            first.east_m + share * (keys[1].east_m - first.east_m),
            first.north_m + share * (keys[1].north_m - first.north_m), first.height_m, first.yaw_deg,
            first.pitch_deg, 0.0,
        )  # fmt: skip
        pod = camera.project(np.array([east, north, 0.0]))
        seen -= 10.0 * (not _inside(pod, 300.0))
        for vessel in vessels:
            times = [point.t_s for point in vessel.waypoints]
            place = [
                np.interp(t_s, times, [getattr(p, axis) for p in vessel.waypoints]) for axis in ("east_m", "north_m")
            ]
            seen += _inside(camera.project(np.array([*place, 0.0])), 40.0)
    return seen


def _inside(seen: np.ndarray, margin_px: float) -> bool:
    x, y, depth = seen.tolist()
    return bool(depth > 1 and margin_px < x < WIDTH_PX - margin_px and margin_px < y < HEIGHT_PX - margin_px)


def _along(heading_deg: float, metres: float) -> tuple[float, float]:
    return metres * math.sin(math.radians(heading_deg)), metres * math.cos(math.radians(heading_deg))


def _vessel(name: str, drawn: Drawn, subtype: str, track: Track) -> VesselPlan:
    points = []
    for t_s, ahead, aside in track:
        swum = _along(drawn.heading_deg, drawn.pod_mps * t_s + ahead)
        across = _along(drawn.heading_deg + 90.0, aside)
        points.append(Waypoint(t_s, swum[0] + across[0], swum[1] + across[1]))
    return VesselPlan(name, subtype, None, tuple(points), 0.0)


def _fence(drawn: Drawn, rng: Draw) -> tuple[tuple[float, float], ...]:
    """A square of 300 m whose one side passes near the pod."""
    off = float(rng.uniform(-80, 80))
    turned = float(rng.uniform(0, 2 * math.pi))
    square = ((off, -150.0), (off + 300.0, -150.0), (off + 300.0, 150.0), (off, 150.0))
    sine, cosine = math.sin(turned), math.cos(turned)
    return tuple((e * cosine - n * sine, e * sine + n * cosine) for e, n in square)
