"""Cetaceans: a body built from a species' profile, and how it bends.

The body is a spindle with fins as thin plates. Indo-Pacific bottlenose dolphins off Jeju are 2.3 to 2.7 m long: dark
grey above, pale below; other kinds stand in `species`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wideberth_simulator.mesh import Mesh, flat, smooth_tube
from wideberth_simulator.species import BOTTLENOSE, Species

FloatArray = npt.NDArray[np.float64]
_RINGS, _SIDES = 34, 20


@dataclass(frozen=True)
class DolphinBody:
    """One animal's build.

    Attributes:
        length_m: Snout to fluke notch.
        tone: Factor on the grey of the skin.
        girth: Factor on the thickness.
        species: Its kind.
        coat: Picks the colours and the blotches.
    """

    length_m: float
    tone: float = 1.0
    girth: float = 1.0
    species: Species = BOTTLENOSE
    coat: int = 0

    def _rings(self) -> FloatArray:
        given = np.array(self.species.profile)
        # Denser towards the snout, where the outline turns fast.
        s = given[-1, 0] * np.linspace(0.0, 1.0, _RINGS) ** 1.25
        return np.column_stack([s, np.interp(s, given[:, 0], given[:, 1]), np.interp(s, given[:, 0], given[:, 2])])

    def _skin(self, count: int) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the colours of ring points (count, sides, 3), of fins and of flippers."""
        rng = np.random.default_rng((self.coat, 31))
        kind = self.species
        back, flank, belly, limb = (
            np.array(c[rng.integers(len(c))]) for c in (kind.backs, kind.flank, kind.belly, kind.flippers)
        )
        back, flank = back * self.tone, flank * self.tone
        up = np.sin(np.arange(_SIDES) * (2 * math.pi / _SIDES))
        w = np.clip((up - 0.05) / 0.75, 0, 1)[:, None]
        v = np.clip((-0.25 - up) / 0.35, 0, 1)[:, None]
        ring = (flank * (1 - w) + back * w) * (1 - v) + belly * v
        blotch = rng.normal(0, 1, (6, 5))
        s, a = np.linspace(0, 1, count)[:, None], np.arange(_SIDES)[None, :] * (2 * math.pi / _SIDES)
        mottle = sum(
            b[0] * np.sin((3 + 5 * abs(b[1])) * s * 3 + b[2] * 3 + round(2 * b[3]) * a) for b in blotch
        ) / math.sqrt(6)
        fine = rng.normal(0, 0.5, (count, _SIDES))
        tone = np.exp(kind.mottle * (mottle + fine))[..., None]
        return np.tile(ring, (count, 1, 1)) * tone, back * 0.85, limb

    def mesh(self, arch_m: float = 0.0, bend_m: float = 0.0, fluke_m: float = 0.0) -> Mesh:
        """Return the body, snout forward (+x), origin at mid-length.

        Args:
            arch_m: How far head and tail hang below the middle (a surfacing roll).
            bend_m: Sideways sweep of the tail.
            fluke_m: Height of the flukes' stroke.
        """
        length = self.length_m
        rings = self._rings()
        s = rings[:, 0]
        tail = np.clip((s - 0.4) / 0.6, 0.0, 1.0) ** 2
        z = -arch_m * ((s - 0.46) / 0.5) ** 2 + fluke_m * tail
        y = bend_m * tail + 0.3 * bend_m * np.clip((0.35 - s) / 0.35, 0, 1) ** 2
        centres = np.column_stack([(0.5 - s) * length, y, z])
        skin, fins, limb = self._skin(len(s))
        size = length * self.girth
        tube = smooth_tube(centres, rings[:, 1] * size, rings[:, 2] * size, skin, _SIDES, 0.55)
        return Mesh.joined([tube, *self._plates(rings, centres, fins, limb)])

    def _plates(self, rings: FloatArray, centres: FloatArray, fins: FloatArray, limb: FloatArray) -> list[Mesh]:
        s, length, kind = rings[:, 0], self.length_m, self.species

        def at(share: float) -> FloatArray:
            return np.array([np.interp(share, s, centres[:, i]) for i in range(3)])

        def half(share: float, axis: int) -> float:
            return float(np.interp(share, s, rings[:, axis])) * length * self.girth

        plates: list[tuple[FloatArray, FloatArray]] = []
        up = np.array([0.0, 0.0, 1.0])
        if kind.fin > 0:
            f0, f1 = kind.fin_at, kind.fin_at + kind.fin_chord
            a, b = at(f0) + up * half(f0, 2) * 0.96, at(f1) + up * half(f1, 2) * 0.96
            peak = at(f1 + 0.02) + up * (half(f1, 2) + kind.fin * length)
            mid = at(f0 + 0.45 * kind.fin_chord) + up * (half(f0, 2) + 0.65 * kind.fin * length)
            plates.append((np.array([[a, mid, b], [mid, peak, b]]), fins))
        plates.append((self._flukes(at(0.965)), fins))
        root = 0.27
        for sign in (1.0, -1.0):
            hip = at(root) + np.array([0.0, sign * 0.9 * half(root, 1), -0.35 * half(root, 2)])
            reach = kind.flipper * length
            end = hip + np.array([-0.72 * reach, sign * 0.68 * reach, -0.15 * reach])
            chord = np.array([0.24 * min(reach, 0.16 * length), 0.0, 0.0])
            knee = hip + 0.55 * (end - hip) + 0.7 * chord
            plates.append((np.array([[hip + chord, knee, hip - chord], [knee, end, hip - chord]]), limb))
        return [flat(t, c, 0.6) for p, c in plates for t in (p, p[:, ::-1])]

    def _flukes(self, root: FloatArray) -> FloatArray:
        length = self.length_m
        span, chord = self.species.fluke * length, 0.6 * self.species.fluke * length
        lobes = []
        for sign in (1.0, -1.0):
            front = root + np.array([0.30 * span, 0.0, 0.0])
            bulge = root + np.array([0.02 * span, sign * 0.55 * span, 0.0])
            rear = root - np.array([0.10 * span + 0.2 * chord, 0.0, 0.0])
            tip = root + np.array([-0.42 * span, sign * 1.02 * span, -0.01])
            trail = root + np.array([-0.34 * span, sign * 0.45 * span, -0.01])
            lobes += [[front, bulge, rear], [bulge, trail, rear], [bulge, tip, trail]]
        return np.array(lobes)


def random_dolphin(rng: np.random.Generator) -> DolphinBody:
    """Return a bottlenose dolphin of 2.3 to 2.7 m."""
    return DolphinBody(float(rng.uniform(2.3, 2.7)), float(rng.uniform(0.6, 1.2)), float(rng.uniform(0.93, 1.08)))


def random_cetacean(rng: np.random.Generator, species: Species, calf: bool = False) -> DolphinBody:
    """Return an animal of a species, a calf at about half the length."""
    low, high = species.length_m
    length = float(rng.uniform(low, high)) * (float(rng.uniform(0.45, 0.62)) if calf else 1.0)
    return DolphinBody(
        length, float(np.exp(rng.normal(0, 0.28))), float(rng.uniform(0.88, 1.15)), species, int(rng.integers(1 << 30))
    )
