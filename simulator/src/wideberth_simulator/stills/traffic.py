"""Vessels, jet skis and people in the water of a still."""

from __future__ import annotations

import math

import numpy as np

from wideberth_simulator.boats import build
from wideberth_simulator.foam import collar, ring_splash, straight_track, wake, wake_lumps
from wideberth_simulator.made_waves import HullWaves
from wideberth_simulator.mesh import Mesh
from wideberth_simulator.stills.contents import Draft, Placed, Spot, ring_waves
from wideberth_simulator.surface import froth, ripples

# Subtype: usual length (m), how often.
SUBTYPES: dict[str, tuple[float, float]] = {
    "motorboat": (6.2, 0.07), "bowrider": (5.6, 0.10), "console_boat": (7.0, 0.07), "rib": (6.0, 0.07),
    "tour_boat": (14.0, 0.06), "fishing_boat": (10.0, 0.06), "cruiser": (11.0, 0.06), "pontoon": (7.5, 0.06),
    "rowing_boat": (4.2, 0.05), "yacht": (11.0, 0.04), "sail_boat": (9.0, 0.03), "catamaran": (11.0, 0.02),
    "ferry": (28.0, 0.03), "trawler": (18.0, 0.03), "barge": (24.0, 0.02), "rescue_boat": (8.0, 0.03),
    "kayak": (4.0, 0.05), "jet_ski": (2.9, 0.17), "swimmer": (1.75, 0.21), "board": (2.9, 0.08),
}  # fmt: skip
_AFLOAT = ("swimmer", "board", "kayak")


def recoloured(rng: np.random.Generator, mesh: Mesh) -> Mesh:
    """Return the body with paint of its own: brighter or duller, a cast, worn patches."""
    tone = math.exp(rng.normal(-0.05, 0.22)) * np.exp(rng.normal(0, 0.06, 3))
    worn = np.exp(rng.normal(0, rng.uniform(0.0, 0.12), (len(mesh.gloss), 1, 1)))
    return Mesh(mesh.corners, mesh.normals, np.minimum(mesh.colours * tone * worn, 0.95), mesh.gloss, mesh.boxed)


def _pick(rng: np.random.Generator, draft: Draft) -> str | None:
    roof = 640.0 * (2.5 if rng.random() < 0.12 else 0.9)
    names = list(SUBTYPES)
    apparent = np.array([SUBTYPES[n][0] for n in names]) / draft.gsd_m
    weight = np.array([SUBTYPES[n][1] for n in names]) * ((apparent > 7.5) & (apparent < roof))
    return None if weight.sum() <= 0 else str(rng.choice(names, p=weight / weight.sum()))


def _moving(
    rng: np.random.Generator, draft: Draft, spot: Spot, heading_deg: float, length_m: float, beam_m: float
) -> None:
    """Add the wake of a hull under way."""
    speed = float(math.exp(rng.uniform(math.log(0.8), math.log(13.0))))
    step = float(np.clip(0.25 * length_m / speed, 0.05, 0.35))
    count = int(rng.integers(40, 200))
    track = straight_track(*spot, heading_deg, speed, float(rng.normal(0, 5.0)), step, count)
    life = (8.0 + 1.2 * length_m) * math.exp(rng.normal(0, 0.5))
    draft.foam.append(wake(track, beam_m, length_m, wake_lumps(rng, count), life))
    draft.foam.append(collar(rng, *spot, 0.5 * beam_m, 0.15))
    draft.made.append(HullWaves(*spot, heading_deg, speed, length_m, float(rng.uniform(0.04, 0.22))))
    if speed > 4.0 and rng.random() < 0.5:
        h = math.radians(heading_deg)
        for side in (-1.0, 1.0):
            e = spot[0] + 0.15 * length_m * math.sin(h) + side * 0.6 * beam_m * math.cos(h)
            n = spot[1] + 0.15 * length_m * math.cos(h) - side * 0.6 * beam_m * math.sin(h)
            draft.foam.append(froth(rng, e, n, 0.35 * beam_m * rng.uniform(0.6, 1.6), rng.uniform(0.4, 1.2)))


def _add(rng: np.random.Generator, draft: Draft, subtype: str, spot: Spot, heading_deg: float) -> None:
    usual = SUBTYPES[subtype][0]
    body = build(subtype, rng, usual * float(np.exp(rng.normal(0, 0.18))))
    trim, roll = (float(rng.normal(0, 2.0)), float(rng.normal(0, 3.0))) if subtype != "swimmer" else (0.0, 0.0)
    mesh = recoloured(rng, body.mesh).placed(*spot, 0.0, heading_deg, trim, roll)
    seen = draft.camera.project(mesh.corners.reshape(-1, 3))
    if seen[:, 2].min() < 1.5:
        return
    kind = "vessel" if body.kind == "kayak" else body.kind
    draft.items.append(Placed(kind, mesh, mirror=subtype != "swimmer"))
    if subtype not in _AFLOAT and rng.random() < 0.55:
        _moving(rng, draft, spot, heading_deg, body.length_m, body.beam_m)
    elif rng.random() < 0.5:
        draft.made.append(ring_waves(rng, spot, body.length_m))
        splash = ring_splash(rng, *spot, heading_deg, body.length_m * 0.6, rng.uniform(0.1, 0.6))
        draft.foam.append(ripples(rng, *spot, 0.6 * body.length_m) if rng.random() < 0.4 else splash)


def add_traffic(rng: np.random.Generator, draft: Draft) -> None:
    """Add one to eight vessels and people, some of them in groups that lie alike."""
    wanted = int(rng.choice([1, 2, 3, 5, 8, 14], p=[0.2, 0.22, 0.22, 0.2, 0.11, 0.05]))
    while wanted > 0:
        subtype = _pick(rng, draft)
        if subtype is None:
            return
        length = SUBTYPES[subtype][0]
        group = int(rng.integers(2, 6)) if rng.random() < (0.35 if subtype == "swimmer" else 0.12) else 1
        heading, anchor = float(rng.uniform(0, 360)), None
        for _ in range(min(group, wanted)):
            spot = draft.place(rng, length, 0.55 * length + 0.6)
            if anchor is not None:
                near = (anchor[0] + rng.normal(0, 1.6 * length), anchor[1] + rng.normal(0, 1.6 * length))
                apart = [abs(near[0] - anchor[0]) + abs(near[1] - anchor[1]) > 0.7 * length, draft.free(near)]
                spot = near if all(apart) else None
            if spot is not None:
                _add(rng, draft, subtype, spot, heading + rng.normal(0, 15) if group > 1 else rng.uniform(0, 360))
                anchor = anchor or spot
        wanted -= group
