"""Cetaceans by kind: profile of the body, fins, colours. Lengths in metres, shares of the length elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wideberth_simulator.mesh import BGR

FloatArray = npt.NDArray[np.float64]

# Share of the length from the snout: half-width and half-height as shares of the length.
_BEAKED = (
    (0.000, 0.006, 0.006), (0.030, 0.012, 0.011), (0.060, 0.016, 0.015), (0.075, 0.026, 0.028),
    (0.110, 0.042, 0.045), (0.180, 0.062, 0.064), (0.260, 0.075, 0.078), (0.350, 0.080, 0.085),
    (0.450, 0.076, 0.082), (0.560, 0.062, 0.070), (0.680, 0.042, 0.054), (0.790, 0.024, 0.038),
    (0.880, 0.013, 0.024), (0.950, 0.010, 0.014), (0.975, 0.008, 0.008),
)  # fmt: skip
_BLUNT = (
    (0.000, 0.010, 0.010), (0.015, 0.030, 0.030), (0.050, 0.052, 0.052), (0.110, 0.075, 0.075),
    (0.200, 0.096, 0.098), (0.300, 0.108, 0.112), (0.400, 0.108, 0.114), (0.500, 0.095, 0.104),
    (0.620, 0.068, 0.082), (0.740, 0.040, 0.058), (0.840, 0.020, 0.036), (0.920, 0.011, 0.022),
    (0.975, 0.008, 0.009),
)  # fmt: skip
_ROUND_HEAD = (
    (0.000, 0.020, 0.022), (0.020, 0.042, 0.044), (0.060, 0.060, 0.062), (0.130, 0.072, 0.076),
    (0.230, 0.082, 0.086), (0.350, 0.086, 0.092), (0.470, 0.080, 0.086), (0.590, 0.062, 0.072),
    (0.710, 0.040, 0.054), (0.820, 0.022, 0.036), (0.910, 0.012, 0.022), (0.975, 0.008, 0.009),
)  # fmt: skip
_WHALE = (
    (0.000, 0.012, 0.010), (0.040, 0.040, 0.034), (0.100, 0.066, 0.058), (0.180, 0.084, 0.078),
    (0.280, 0.100, 0.096), (0.380, 0.105, 0.102), (0.480, 0.096, 0.096), (0.580, 0.076, 0.082),
    (0.680, 0.052, 0.064), (0.780, 0.032, 0.046), (0.870, 0.018, 0.030), (0.940, 0.012, 0.016),
    (0.980, 0.009, 0.008),
)  # fmt: skip
_STOUT_WHALE = (
    (0.000, 0.030, 0.028), (0.040, 0.070, 0.062), (0.110, 0.100, 0.094), (0.200, 0.122, 0.118),
    (0.320, 0.136, 0.130), (0.440, 0.132, 0.128), (0.550, 0.108, 0.110), (0.660, 0.074, 0.084),
    (0.770, 0.042, 0.056), (0.870, 0.020, 0.032), (0.940, 0.013, 0.017), (0.980, 0.009, 0.009),
)  # fmt: skip


@dataclass(frozen=True)
class Species:
    """What sets one kind of cetacean apart.

    Attributes:
        name: What it is like.
        length_m: Shortest and longest grown animal.
        profile: (N, 3) share from the snout, half-width, half-height.
        fin: Height of the back fin, share of the length; 0 for none.
        fin_at: Where the fin's front root is.
        fin_chord: Length of its root.
        flipper: Length of the flippers.
        fluke: Half-span of the flukes.
        backs: Colours of the back to choose from, linear B, G, R.
        flank: Colours of the flank.
        belly: Colours of the belly.
        flippers: Colours of the flippers and of the flukes' rims.
        mottle: SD of the skin's blotches in tone.
    """

    name: str
    length_m: tuple[float, float]
    profile: tuple[tuple[float, float, float], ...]
    fin: float
    fin_at: float
    fin_chord: float
    flipper: float
    fluke: float
    backs: tuple[BGR, ...]
    flank: tuple[BGR, ...]
    belly: tuple[BGR, ...]
    flippers: tuple[BGR, ...]
    mottle: float


_GREY: BGR = (0.050, 0.047, 0.045)
_SLATE: BGR = (0.085, 0.075, 0.065)
_BROWN: BGR = (0.045, 0.060, 0.080)
_TAN: BGR = (0.100, 0.130, 0.165)
_BLACK: BGR = (0.018, 0.017, 0.016)
_PALE: BGR = (0.36, 0.36, 0.38)

BOTTLENOSE = Species(
    "bottlenose", (2.3, 2.9), _BEAKED, 0.085, 0.43, 0.15, 0.13, 0.125,
    (_GREY, _GREY, _SLATE, (0.10, 0.095, 0.09)), ((0.125, 0.120, 0.115), (0.16, 0.15, 0.14)), (_PALE, (0.3, 0.31, 0.4)),
    (_GREY,), 0.10,
)  # fmt: skip
COMMON = Species(
    "common", (1.9, 2.4), _BEAKED, 0.085, 0.42, 0.14, 0.12, 0.12, (_BLACK, _GREY),
    ((0.20, 0.28, 0.34), (0.25, 0.25, 0.26)), ((0.5, 0.5, 0.5),), (_BLACK,), 0.05,
)  # fmt: skip
PORPOISE = Species(
    "porpoise", (1.1, 1.7), _BLUNT, 0.045, 0.48, 0.12, 0.10, 0.12, (_BROWN, _BROWN, _GREY, _TAN, _BLACK),
    ((0.10, 0.125, 0.15), _TAN, _SLATE), (_PALE, (0.30, 0.34, 0.40)), (_BROWN, _GREY), 0.14,
)  # fmt: skip
FINLESS = Species(
    "finless", (1.3, 1.9), _BLUNT, 0.0, 0.5, 0.1, 0.12, 0.12, (_SLATE, (0.14, 0.14, 0.15), (0.2, 0.2, 0.22)),
    (_SLATE, (0.16, 0.16, 0.17)), ((0.22, 0.22, 0.24),), (_SLATE,), 0.06,
)  # fmt: skip
PILOT = Species(
    "pilot", (3.0, 5.5), _ROUND_HEAD, 0.075, 0.32, 0.20, 0.16, 0.13, (_BLACK, _GREY, _SLATE), (_BLACK, _SLATE),
    (_SLATE,), (_BLACK,), 0.10,
)  # fmt: skip
ORCA = Species(
    "orca", (4.5, 7.0), _ROUND_HEAD, 0.16, 0.38, 0.13, 0.16, 0.14, (_BLACK,), (_BLACK, (0.2, 0.2, 0.2)),
    ((0.6, 0.6, 0.6),), (_BLACK,), 0.04,
)  # fmt: skip
HUMPBACK = Species(
    "humpback", (4.5, 14.0), _WHALE, 0.022, 0.60, 0.06, 0.30, 0.17, (_GREY, _SLATE, _BLACK, (0.09, 0.11, 0.12)),
    (_SLATE, (0.10, 0.11, 0.11)), (_PALE, _SLATE), (_PALE, (0.5, 0.5, 0.45), _SLATE), 0.30,
)  # fmt: skip
RIGHT_WHALE = Species(
    "right_whale", (6.0, 15.0), _STOUT_WHALE, 0.0, 0.5, 0.1, 0.16, 0.17, (_BLACK, _GREY, _SLATE), (_BLACK, _SLATE),
    (_SLATE, _PALE), (_BLACK,), 0.15,
)  # fmt: skip
SPECIES = (BOTTLENOSE, COMMON, PORPOISE, FINLESS, PILOT, ORCA, HUMPBACK, RIGHT_WHALE)
