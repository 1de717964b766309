"""Cetaceans of a still: alone, in tight pods, with calves, at the surface and under it, with splash and blow."""

from __future__ import annotations

import math

import numpy as np

from wideberth_simulator.foam import ring_splash
from wideberth_simulator.species import SPECIES, Species
from wideberth_simulator.stills.contents import Draft, Spot, dolphin_at, ring_waves
from wideberth_simulator.surface import blow, bubble_ring, froth, ripples

_WEIGHTS = np.array([0.38, 0.11, 0.23, 0.05, 0.04, 0.03, 0.12, 0.04])
BIGGEST_PX = 640.0


def pick_species(rng: np.random.Generator, gsd_m: float) -> Species:
    """Return a species whose animals are neither specks nor beyond the picture; seldom one that fills it."""
    roof = BIGGEST_PX * (2.2 if rng.random() < 0.15 else 0.95)
    middle = np.array([np.mean(s.length_m) for s in SPECIES]) / gsd_m
    weight = _WEIGHTS * ((middle > 8.0) & (middle < roof))
    if weight.sum() <= 0:
        return SPECIES[0] if gsd_m < 0.1 else SPECIES[-2]
    return SPECIES[rng.choice(len(SPECIES), p=weight / weight.sum())]


def random_depth_m(rng: np.random.Generator, length_m: float) -> float:
    """Return how deep an animal's axis lies: half break the surface, the rest from just below to faint; few leap."""
    pick = rng.random()
    if pick < 0.02:
        return -float(rng.uniform(0.05, 0.45)) * length_m
    if pick < 0.52:
        return float(rng.uniform(0.0, 0.085)) * length_m
    skin = 0.085 * length_m
    return skin + float(rng.uniform(0.0, 0.5) if pick < 0.80 else rng.uniform(0.5, 3.0))


def _traces(
    rng: np.random.Generator, draft: Draft, spot: Spot, heading_deg: float, length_m: float, depth_m: float
) -> None:
    """Add what an animal does to the water."""
    out = depth_m < 0.09 * length_m
    size = length_m / 2.5
    if out and rng.random() < 0.55:
        draft.foam.append(ring_splash(rng, *spot, heading_deg, rng.uniform(0.7, 2.2) * size, rng.uniform(0.2, 1.1)))
    if out and rng.random() < 0.14:
        h = math.radians(heading_deg)
        back = rng.uniform(-0.6, 0.5) * length_m
        at = (spot[0] + back * math.sin(h), spot[1] + back * math.cos(h))
        draft.foam.append(froth(rng, *at, rng.uniform(0.3, 0.9) * size, rng.uniform(0.4, 1.2)))
    if out and rng.random() < 0.15:
        draft.spray.append(blow(rng, draft.camera, *spot, rng.uniform(0.4, 1.0) * size**0.7))
    if depth_m < 0.3 * length_m and rng.random() < 0.2:
        draft.foam.append(ripples(rng, *spot, length_m))
    if out and rng.random() < 0.4:
        draft.made.append(ring_waves(rng, spot, length_m))
    if rng.random() < 0.07:
        far = rng.normal(0, 2.5 * length_m, 2)
        ring = bubble_ring(
            rng, spot[0] + far[0], spot[1] + far[1], rng.uniform(0.4, 1.0) * length_m, rng.uniform(0.3, 1.0)
        )
        draft.foam.append(ring)


def _animal(
    rng: np.random.Generator, draft: Draft, species: Species, spot: Spot, heading_deg: float, calf: bool
) -> None:
    length = float(np.mean(species.length_m)) * (0.55 if calf else 1.0)
    depth = random_depth_m(rng, length)
    draft.items.append(dolphin_at(rng, *spot, heading_deg, depth, species, calf))
    _traces(rng, draft, spot, heading_deg, length, depth)


def add_pods(rng: np.random.Generator, draft: Draft) -> None:
    """Add one to three pods."""
    for _ in range(int(rng.choice([1, 2, 4], p=[0.55, 0.3, 0.15]))):
        species = pick_species(rng, draft.gsd_m)
        length = float(np.mean(species.length_m))
        centre = draft.place(rng, length, 0.8 * length)
        if centre is None:
            continue
        heading = rng.uniform(0, 360)
        apparent = length / draft.gsd_m
        most = int(np.clip(2200 / apparent, 1, 11))
        count = 1 + int(min(most - 1, rng.geometric(0.28) - 1))
        spread = length * math.exp(rng.uniform(math.log(0.7), math.log(4.0)))
        for i in range(count):
            shift = rng.normal(0, spread, 2) if i else np.zeros(2)
            spot = (centre[0] + shift[0], centre[1] + shift[1])
            own = heading + rng.normal(0, 14)
            if not draft.free(spot):
                continue
            _animal(rng, draft, species, spot, own, False)
            if rng.random() < 0.10:
                h = math.radians(own)
                aside, back = rng.choice([-1, 1]) * rng.uniform(0.2, 0.4) * length, rng.uniform(-0.3, 0.15) * length
                at = (
                    spot[0] + back * math.sin(h) + aside * math.cos(h),
                    spot[1] + back * math.cos(h) - aside * math.sin(h),
                )
                _animal(rng, draft, species, at, own + rng.normal(0, 8), True)
