"""What nobody labels: rocks, buoys, birds, fish, drift, weed, piers, surf, foam without a maker, whitecaps."""

from __future__ import annotations

import math

import numpy as np

from wideberth_simulator import floats
from wideberth_simulator.boats import build
from wideberth_simulator.foam import (
    collar,
    droplets,
    ring_splash,
    straight_track,
    wake,
    wake_lumps,
    whitecap_cover,
    whitecaps,
)  # fmt: skip
from wideberth_simulator.mesh import Mesh
from wideberth_simulator.painted import kelp
from wideberth_simulator.rocks import rock
from wideberth_simulator.stills.contents import Draft, Placed
from wideberth_simulator.stills.traffic import recoloured
from wideberth_simulator.surface import bubble_ring, foam_streaks, froth, ragged_caps, surf


def _put(
    rng: np.random.Generator, draft: Draft, mesh: Mesh, length_m: float, up_m: float = 0.0, apart_m: float = 0.5
) -> bool:
    spot = draft.place(rng, length_m, apart_m + 0.5 * length_m, 2.5)
    if spot is None:
        return False
    placed = recoloured(rng, mesh).placed(*spot, up_m, float(rng.uniform(0, 360)), rng.normal(0, 4), rng.normal(0, 8))
    if draft.camera.project(placed.corners.reshape(-1, 3))[:, 2].min() > 1.5:
        draft.items.append(Placed("clutter", placed, mirror=up_m == 0.0))
    return True


def _rocks(rng: np.random.Generator, draft: Draft) -> None:
    for _ in range(int(rng.choice([1, 2, 6], p=[0.5, 0.3, 0.2]))):
        radius = float(draft.reach_m * math.exp(rng.uniform(math.log(0.01), math.log(0.25))))
        radius = min(max(radius, 0.25), 8.0)
        spot = draft.place(rng, 2 * radius, 1.5 * radius, 4.0)
        if spot is None:
            continue
        stone = rock(rng, radius, float(rng.uniform(-0.3, 0.6) * min(radius, 1.5)))
        draft.items.append(Placed("clutter", stone.placed(*spot, 0.0, rng.uniform(0, 360))))
        draft.foam.append(collar(rng, *spot, radius, rng.uniform(0.0, 1.0)))
        if rng.random() < 0.3:
            draft.spray.append(
                droplets(rng, draft.camera, *spot, radius, 0.6 * radius, int(rng.integers(20, 150)), 0.7)
            )


def _birds(rng: np.random.Generator, draft: Draft) -> None:
    flying = rng.random() < 0.6
    for _ in range(int(rng.choice([1, 2, 4, 12], p=[0.4, 0.25, 0.2, 0.15]))):
        up = float(rng.uniform(0.5, 0.5 * min(draft.camera.height_m, 25.0))) if flying else 0.03
        _put(rng, draft, floats.bird(rng, flying), 0.9, up)


def _swimming(rng: np.random.Generator, draft: Draft) -> None:
    for _ in range(int(rng.choice([1, 2, 5], p=[0.6, 0.25, 0.15]))):
        mesh = floats.shark_or_fish(rng) if rng.random() < 0.5 else floats.turtle_or_ray(rng)
        _put(rng, draft, mesh, 1.2, -float(rng.uniform(0.02, 1.2)))


def _floating(rng: np.random.Generator, draft: Draft) -> None:
    for _ in range(int(rng.choice([1, 2, 6], p=[0.55, 0.3, 0.15]))):
        _put(rng, draft, floats.drift(rng), 1.0)


def _buoys(rng: np.random.Generator, draft: Draft) -> None:
    for _ in range(int(rng.choice([1, 2, 4, 9], p=[0.45, 0.3, 0.15, 0.1]))):
        size = float(math.exp(rng.uniform(math.log(0.3), math.log(2.4))))
        _put(rng, draft, build("buoy", rng, size).mesh, size)


def _pier(rng: np.random.Generator, draft: Draft) -> None:
    length = float(np.clip(draft.reach_m * rng.uniform(0.4, 1.6), 4.0, 60.0))
    _put(rng, draft, floats.pier(rng, length), 0.3 * length, 0.0, 0.3 * length)


def _weed(rng: np.random.Generator, draft: Draft) -> None:
    for _ in range(int(rng.integers(1, 6))):
        size = float(np.clip(draft.reach_m * math.exp(rng.uniform(math.log(0.05), math.log(0.8))), 0.3, 25.0))
        spot = draft.place(rng, size, 0.0, 6.0)
        if spot is not None:
            draft.strands += kelp(rng, *spot, size)


def _foam(rng: np.random.Generator, draft: Draft) -> None:
    """Foam lines, old footprints of animals, splashes without an animal, the wake of a boat that is gone."""
    size = float(np.clip(draft.reach_m * rng.uniform(0.03, 0.3), 0.3, 10.0))
    spot = draft.place(rng, size, 0.0, 3.0)
    if spot is None:
        return
    what = rng.integers(6)
    strong = rng.uniform(0.2, 1.1)
    if what == 0:
        draft.foam.append(ring_splash(rng, *spot, rng.uniform(0, 360), 1.5 * size, strong))
    elif what == 1:
        draft.foam.append(froth(rng, *spot, size, strong))
        draft.spray.append(droplets(rng, draft.camera, *spot, 0.4 * size, 0.3 * size, int(rng.integers(5, 60)), 0.7))
    elif what == 2:
        draft.foam.append(bubble_ring(rng, *spot, size, strong))
    elif what == 3:
        track = straight_track(*spot, rng.uniform(0, 360), rng.uniform(2, 10), rng.normal(0, 4), 0.15, 220)
        shift = track.copy()
        shift[:, 0] += rng.uniform(1, 8)
        draft.foam.append(wake(shift, rng.uniform(1, 4), rng.uniform(3, 14), wake_lumps(rng, 220), rng.uniform(15, 60)))
    else:
        draft.foam.append(foam_streaks(rng, spot, min(draft.reach_m, 120.0), draft.cond.wind_to_deg))


def _caps(rng: np.random.Generator, draft: Draft) -> None:
    middle = draft.camera.sea_point(draft.camera.width_px / 2, draft.camera.height_px * 0.6) or (0.0, 0.0)
    radius = min(600.0, max(12.0, 2.2 * draft.reach_m))
    wind = draft.cond.wind_mps * math.exp(rng.normal(0, 0.25))
    count = min(2500, int(whitecap_cover(wind) * 0.6 * math.pi * radius**2 / 0.5))
    if count:
        caps = whitecaps(rng, count, middle, radius, draft.cond.wind_to_deg, draft.cond.wind_mps)
        draft.foam.append(ragged_caps(rng, caps))


_CLUTTER = (
    (_rocks, 0.12), (_birds, 0.26), (_swimming, 0.12), (_floating, 0.18), (_buoys, 0.20), (_pier, 0.06), (_weed, 0.15),
    (_foam, 0.40), (_foam, 0.15),
)  # fmt: skip


def add_clutter(rng: np.random.Generator, draft: Draft, busy: float) -> None:
    """Add clutter; `busy` is a factor on how likely each kind is."""
    for add, likely in _CLUTTER:
        if rng.random() < likely * busy:
            add(rng, draft)
    if rng.random() < 0.06 * busy:
        spot = draft.place(rng, 1.0, 0.0, 0.5)
        if spot is not None:
            draft.foam.append(surf(rng, spot, float(np.clip(draft.reach_m, 4.0, 60.0)), float(rng.uniform(0, 360))))
    _caps(rng, draft)
