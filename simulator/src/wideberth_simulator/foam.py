"""Foam, wakes, whitecaps, splashes and spray, as soft spots lying on the sea.

A world spot is a row: east, north (m), half-axes along and across (m), direction of the long axis (deg clockwise from
north), strength (1 = solid foam).
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from wideberth_simulator.geometry import Camera

FloatArray = npt.NDArray[np.float64]
NO_SPOTS: FloatArray = np.zeros((0, 6))


def whitecap_cover(wind_mps: float) -> float:
    """Return the share of the sea under whitecaps: 3.84e-6 U^3.41 (Monahan and O'Muircheartaigh 1980)."""
    return float(3.84e-6 * wind_mps**3.41)


def image_spots(spots: FloatArray, camera: Camera, max_range_m: float = 1500.0) -> FloatArray:
    """Return the spots as image ellipses (N, 7) for `raster.draw_foam`, without those behind or out of view."""
    if not len(spots):
        return np.zeros((0, 7))
    near = np.hypot(spots[:, 0] - camera.east_m, spots[:, 1] - camera.north_m) < max_range_m
    spots = spots[near]
    heading = np.radians(spots[:, 4])
    along = np.column_stack([np.sin(heading), np.cos(heading)])
    across = np.column_stack([along[:, 1], -along[:, 0]])
    centre = spots[:, :2]
    tips = [centre, centre + along * spots[:, 2:3], centre + across * spots[:, 3:4]]
    seen = [camera.project(np.column_stack([t, np.zeros(len(t))])) for t in tips]
    c, a, b = seen
    margin = np.abs(a[:, :2] - c[:, :2]).max(axis=1, initial=0) + np.abs(b[:, :2] - c[:, :2]).max(axis=1, initial=0)
    ok = (
        (c[:, 2] > 1.0) & (a[:, 2] > 1.0) & (b[:, 2] > 1.0)
        & (c[:, 0] > -margin) & (c[:, 0] < camera.width_px + margin)
        & (c[:, 1] > -margin) & (c[:, 1] < camera.height_px + margin)
    )  # fmt: skip
    rows = np.column_stack([c[:, :2], a[:, :2] - c[:, :2], b[:, :2] - c[:, :2], spots[:, 5]])
    return np.asarray(rows[ok], np.float64)


def whitecaps(rng: np.random.Generator, count: int, centre: tuple[float, float], radius_m: float,
              wind_to_deg: float, wind_mps: float) -> FloatArray:  # fmt: skip
    """Return whitecaps at random places and ages in a disc: each a thin crest and its fading patch."""
    r = radius_m * np.sqrt(rng.random(count))
    a = rng.random(count) * 2 * math.pi
    age = rng.random(count)
    size = (0.25 + 0.055 * wind_mps) * np.exp(rng.normal(0, 0.5, count)) * (0.5 + age)
    heading = wind_to_deg + 90 + rng.normal(0, 18, count)
    strength = (0.25 + 0.75 * rng.random(count)) * (1 - age) ** 0.7
    east, north = centre[0] + r * np.cos(a), centre[1] + r * np.sin(a)
    crest = np.column_stack([east, north, size, size * 0.28 * (0.6 + age), heading, strength])
    back = math.radians(wind_to_deg)
    shift = size * 0.4
    patch = np.column_stack(
        [
            east - math.sin(back) * shift,
            north - math.cos(back) * shift,
            size * 1.1,
            size * 0.7,
            heading,
            strength * 0.35,
        ]
    )
    return np.concatenate([crest, patch])


WAKE_STEP_S = 0.35
"""A hull leaves one lump of foam every so often."""
WAKE_LUMPS = 75


def wake_lumps(rng: np.random.Generator, count: int = WAKE_LUMPS) -> FloatArray:
    """Return the irregularity (count, 4) of the lumps of a wake, unit normal."""
    return rng.normal(0, 1, (count, 4))


def wake(
    track: FloatArray, beam_m: float, length_m: float, lumps: FloatArray, life_s: float | None = None
) -> FloatArray:
    """Return the foam behind a moving hull: a turbulent band with brighter edges, and the arms of the bow wave.

    Args:
        track: (K, 5) age_s, east_m, north_m, heading_deg, speed_mps of the hull's centre, now (age 0) first.
        beam_m: Width of the hull.
        length_m: Length of the hull.
        lumps: (K, 4) from `wake_lumps`, one row a point of the track, so that lumps stay where they are.
        life_s: How long the foam lasts; by the hull's length where None.
    """
    age, east, north, heading, speed = (track[:, i] for i in range(5))
    push = np.minimum(speed / 6.0, 1.4)
    fade = np.exp(-2.6 * age / (life_s or 9.0 + 1.2 * length_m))
    gap = np.abs(np.gradient(age)) * speed if len(age) > 1 else np.zeros(1)
    turn_rad = np.radians(heading)
    fe, fn = np.sin(turn_rad), np.cos(turn_rad)
    wide = beam_m * (0.32 + 0.05 * age**0.75)
    along = np.maximum(0.175 * length_m + 0.4, 0.8 * gap)
    # Lumps that overlap more add up to more foam: share it out.
    thick = np.minimum(1.0, gap / np.maximum(0.6 * along, 1e-6))
    live = (push >= 0.06) & (fade >= 0.08)

    def rows(back: float, side: FloatArray, half: FloatArray, across: FloatArray, strength: FloatArray) -> FloatArray:
        e = east - fe * back + side * fn
        n = north - fn * back - side * fe
        return np.column_stack([e, n, half, across, heading, strength])[live]

    stern = 0.52 * length_m
    parts = [rows(stern, 0.12 * wide * lumps[:, 0], along, wide, 0.62 * thick * push * fade * (1 + 0.25 * lumps[:, 1]))]
    for sign in (-1.0, 1.0):
        side = sign * (0.82 * wide + 0.10 * wide * lumps[:, 2])
        rim = 0.16 * wide * (1.3 + 0.4 * lumps[:, 3] ** 2)
        parts.append(rows(stern, side, 0.8 * along, rim, 0.55 * thick * push * fade**0.6 * (1 + 0.3 * lumps[:, 3])))
        # Arms of the bow wave: foam at about 19 degrees, only at speed.
        arm = sign * (0.5 * beam_m + 0.33 * speed * age)
        breaking = np.where((push > 0.45) & (age < 4.0), 0.6 * push * np.exp(-0.7 * age) * (1 + 0.3 * lumps[:, 2]), 0.0)
        spots = rows(
            -0.30 * length_m, arm, np.maximum(0.12 * length_m + 0.5, 0.7 * gap), 0.16 + 0.10 * age * push, breaking
        )
        spots[:, 4] -= sign * 19.0
        parts.append(spots[spots[:, 5] > 0.02])
    out = np.concatenate(parts)
    return out[out[:, 5] > 0.01]


def straight_track(
    east: float, north: float, heading_deg: float, speed_mps: float, turn_deg_s: float = 0.0,
    step_s: float = WAKE_STEP_S, count: int = WAKE_LUMPS,
) -> FloatArray:  # fmt: skip
    """Return the past of a hull that moves steadily, for a still."""
    ages = np.arange(count) * step_s
    heading = heading_deg - turn_deg_s * ages
    h = np.radians(heading)
    moved = step_s * speed_mps
    e = east - np.concatenate([[0.0], np.cumsum(moved * np.sin(h))[:-1]])
    n = north - np.concatenate([[0.0], np.cumsum(moved * np.cos(h))[:-1]])
    return np.column_stack([ages, e, n, heading, np.full(count, speed_mps)])


def ring_splash(
    rng: np.random.Generator, east: float, north: float, heading_deg: float, size_m: float, strength: float
) -> FloatArray:
    """Return the broken foam an animal leaves where it came up: lumps round its flanks and behind."""
    count = int(rng.integers(8, 26))
    h = math.radians(heading_deg)
    along = rng.uniform(-1.0, 0.45, count) * size_m
    side = rng.choice([-1.0, 1.0], count) * rng.uniform(0.05, 0.24, count) * size_m
    east_m = east + along * math.sin(h) + side * math.cos(h)
    north_m = north + along * math.cos(h) - side * math.sin(h)
    half = rng.gamma(1.6, 0.055, count) * size_m
    return np.column_stack(
        [east_m, north_m, half, half * rng.uniform(0.3, 0.8, count), heading_deg + rng.normal(0, 40, count),
         strength * rng.uniform(0.3, 1.0, count)]
    )  # fmt: skip


def collar(rng: np.random.Generator, east: float, north: float, radius_m: float, strength: float) -> FloatArray:
    """Return the foam washing round a rock."""
    count = 14 + int(8 * radius_m)
    a = rng.random(count) * 2 * math.pi
    r = radius_m * rng.uniform(0.75, 1.7, count)
    half = radius_m * rng.uniform(0.12, 0.5, count)
    return np.column_stack(
        [east + r * np.cos(a), north + r * np.sin(a), half, half * rng.uniform(0.3, 0.9, count),
         np.degrees(-a) + rng.normal(0, 30, count), strength * rng.uniform(0.2, 1.0, count)]
    )  # fmt: skip


def droplets(rng: np.random.Generator, camera: Camera, east: float, north: float, spread_m: float, high_m: float,
             count: int, opacity: float) -> FloatArray:  # fmt: skip
    """Return spray hanging in the air as image spots (N, 5) for `raster.draw_spray`."""
    points = np.column_stack(
        [
            east + rng.normal(0, spread_m, count), north + rng.normal(0, spread_m, count),
            np.abs(rng.normal(0, high_m, count)),
        ]
    )  # fmt: skip
    seen = camera.project(points)
    size = camera.focal_px / np.maximum(seen[:, 2], 1.0) * rng.gamma(1.5, 0.05, count)
    spots = np.column_stack([seen[:, :2], size, size, opacity * rng.uniform(0.3, 1.0, count)])
    ok = (seen[:, 2] > 1) & (seen[:, 0] > -20) & (seen[:, 0] < camera.width_px + 20)
    ok &= (seen[:, 1] > -20) & (seen[:, 1] < camera.height_px + 20)
    return spots[ok]
