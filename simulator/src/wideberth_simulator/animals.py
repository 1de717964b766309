"""Bottlenose dolphins: shape, colour and how they bend.

Indo-Pacific bottlenose dolphins off Jeju are 2.3 to 2.7 m long. The body is a spindle, thickest a third from the
front, with a beak, a hooked dorsal fin at the middle, flippers, and flat flukes; dark grey above, pale below.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wideberth_simulator.mesh import Mesh, flat, smooth_tube

FloatArray = npt.NDArray[np.float64]

# Share of the length from the beak: half-width and half-height as shares of the length.
_PROFILE = np.array(
    [
        [0.000, 0.006, 0.006], [0.030, 0.012, 0.011], [0.060, 0.016, 0.015], [0.075, 0.026, 0.028],
        [0.110, 0.042, 0.045], [0.180, 0.062, 0.064], [0.260, 0.075, 0.078], [0.350, 0.080, 0.085],
        [0.450, 0.076, 0.082], [0.560, 0.062, 0.070], [0.680, 0.042, 0.054], [0.790, 0.024, 0.038],
        [0.880, 0.013, 0.024], [0.950, 0.010, 0.014], [0.975, 0.008, 0.008],
    ]
)  # fmt: skip
_SIDES = 12


@dataclass(frozen=True)
class DolphinBody:
    """One animal's build.

    Attributes:
        length_m: Beak to fluke notch.
        tone: Factor on the grey of the skin.
        girth: Factor on the thickness.
    """

    length_m: float
    tone: float = 1.0
    girth: float = 1.0

    def mesh(self, arch_m: float = 0.0, bend_m: float = 0.0, fluke_m: float = 0.0) -> Mesh:
        """Return the body, beak forward (+x), origin at mid-length.

        Args:
            arch_m: How far head and tail hang below the middle (a surfacing roll).
            bend_m: Sideways sweep of the tail.
            fluke_m: Height of the flukes' stroke.
        """
        length = self.length_m
        s = _PROFILE[:, 0]
        x = (0.5 - s) * length
        tail = np.clip((s - 0.4) / 0.6, 0.0, 1.0) ** 2
        z = -arch_m * ((s - 0.46) / 0.5) ** 2 + fluke_m * tail
        y = bend_m * tail + 0.3 * bend_m * np.clip((0.35 - s) / 0.35, 0, 1) ** 2
        centres = np.column_stack([x, y, z])
        angle = np.arange(_SIDES) * (2 * math.pi / _SIDES)
        up = np.sin(angle)
        back = np.array([0.050, 0.047, 0.045]) * self.tone
        flank = np.array([0.125, 0.120, 0.115]) * self.tone
        belly = np.array([0.36, 0.36, 0.38])
        w = np.clip((up - 0.05) / 0.75, 0, 1)[:, None]
        v = np.clip((-0.25 - up) / 0.35, 0, 1)[:, None]
        ring = (flank * (1 - w) + back * w) * (1 - v) + belly * v
        tube = smooth_tube(centres, _PROFILE[:, 1] * length * self.girth, _PROFILE[:, 2] * length * self.girth,
                           np.tile(ring, (len(s), 1, 1)), _SIDES, 0.55)  # fmt: skip
        return Mesh.joined([tube, *self._fins(centres, back)])

    def _fins(self, centres: FloatArray, colour: FloatArray) -> list[Mesh]:
        length = self.length_m
        s = _PROFILE[:, 0]

        def at(share: float) -> FloatArray:
            return np.array([np.interp(share, s, centres[:, i]) for i in range(3)])

        top = np.array([0, 0, 0.078 * length * self.girth])
        a, b = at(0.43) + top, at(0.58) + top * 0.75
        peak = at(0.60) + top + np.array([0.0, 0.0, 0.085 * length])
        mid = at(0.50) + top + np.array([0.0, 0.0, 0.055 * length])
        dark = colour * 0.85
        plates = [np.array([[a, mid, b], [mid, peak, b]])]
        root = at(0.965)
        span, chord = 0.125 * length, 0.075 * length
        for sign in (1.0, -1.0):
            front = root + np.array([0.03 * length, 0.0, 0.0])
            rear = root - np.array([0.012 * length + 0.2 * chord, 0.0, 0.0])
            tip = root + np.array([-0.030 * length, sign * span, -0.01])
            trail = root + np.array([-0.052 * length, sign * span * 1.02, -0.01])
            lobe = np.array([[front, tip, rear], [tip, trail, rear]])
            plates.append(lobe)
            hip = at(0.27) + np.array([0.0, sign * 0.068 * length * self.girth, -0.03 * length])
            end = hip + np.array([-0.10 * length, sign * 0.095 * length, -0.02 * length])
            chord_m = np.array([0.033 * length, 0.0, 0.0])
            plates.append(np.array([[hip + chord_m, end, hip - chord_m]]))
        triangles = np.concatenate(plates)
        return [flat(triangles, dark, 0.6), flat(triangles[:, ::-1], dark, 0.6)]


def random_dolphin(rng: np.random.Generator) -> DolphinBody:
    """Return an animal of 2.3 to 2.7 m."""
    return DolphinBody(float(rng.uniform(2.3, 2.7)), float(rng.uniform(0.6, 1.2)), float(rng.uniform(0.93, 1.08)))
