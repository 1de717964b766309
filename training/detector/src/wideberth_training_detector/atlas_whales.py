"""Bodies of dolphins, porpoises and whales: lofted along a bent spine, coloured ring by ring.

Proportions (shares of the length from beak to fluke notch) are read off published side and top views: bottlenose and
common dolphins widest at a third, porpoises stouter and without a beak, rorquals slender with a small fin far aft,
humpbacks with flippers a third of the body long, right whales broad and finless.
"""

from dataclasses import dataclass, replace

import numpy as np

from wideberth_training_detector.atlas_foam import Rng
from wideberth_training_detector.atlas_solid import F64, SKIN, Solid, surface

_S = np.array([0.0, 0.02, 0.05, 0.08, 0.12, 0.18, 0.26, 0.35, 0.45, 0.56, 0.68, 0.78, 0.87, 0.94, 0.985])
_BEAKED = np.array(
    [0.004, 0.012, 0.017, 0.025, 0.042, 0.061, 0.075, 0.080, 0.076, 0.063, 0.043, 0.025, 0.014, 0.010, 0.007]
)
_BLUNT = np.array(
    [0.006, 0.026, 0.042, 0.055, 0.070, 0.087, 0.102, 0.110, 0.104, 0.084, 0.056, 0.033, 0.018, 0.012, 0.008]
)
_RORQUAL = np.array(
    [0.003, 0.018, 0.032, 0.043, 0.055, 0.068, 0.078, 0.082, 0.079, 0.067, 0.047, 0.030, 0.017, 0.011, 0.008]
)
_STATIONS, _SIDES = 46, 26


@dataclass(frozen=True)
class Build:
    """A kind of whale.

    Attributes:
        length_m: range.
        half: half-widths at the stations.
        tall: height over width.
        fin_at: where the dorsal fin starts, share of the length.
        fin_high: its height, share of the length; 0 for none.
        flipper: length of a flipper, share of the length.
        fluke: half span, share of the length.
    """

    length_m: tuple[float, float]
    half: F64
    tall: float
    fin_at: float
    fin_high: float
    flipper: float
    fluke: float


BOTTLENOSE = Build((2.0, 3.3), _BEAKED, 1.06, 0.42, 0.085, 0.15, 0.125)
COMMON = Build((1.8, 2.5), _BEAKED * 0.92, 1.08, 0.42, 0.09, 0.14, 0.115)
PORPOISE = Build((1.2, 1.9), _BLUNT, 1.05, 0.46, 0.055, 0.13, 0.125)
PILOT = Build((3.5, 6.0), _BLUNT * 0.85, 1.1, 0.30, 0.07, 0.19, 0.12)
HUMPBACK = Build((7, 15), _BLUNT * 1.08, 0.95, 0.60, 0.02, 0.30, 0.16)
RORQUAL = Build((7, 20), _RORQUAL, 1.0, 0.70, 0.025, 0.11, 0.115)
RIGHT = Build((8, 16), _BLUNT * 1.2, 0.95, 0.5, 0.0, 0.16, 0.18)
BUILDS = (BOTTLENOSE, COMMON, PORPOISE, PILOT, HUMPBACK, RORQUAL, RIGHT)
SHARES = (0.46, 0.12, 0.20, 0.04, 0.09, 0.06, 0.03)


def random_build(rng: Rng) -> Build:
    """A build, stouter or slimmer than the usual; some are calves."""
    build = BUILDS[int(rng.choice(len(BUILDS), p=SHARES))]
    low, high = build.length_m
    if rng.random() < 0.12:
        low, high = 0.5 * low, 0.75 * low
    return replace(
        build,
        half=build.half * rng.uniform(0.88, 1.18),
        length_m=(low, high),
        fin_high=build.fin_high * rng.uniform(0.75, 1.2),
        fluke=build.fluke * rng.uniform(0.85, 1.15),
    )


def whale(rng: Rng, build: Build) -> tuple[Solid, float]:
    """An animal with its back up, centre of the body at the origin, and its length (m)."""
    length = float(rng.uniform(*build.length_m))
    s = np.linspace(0, 0.985, _STATIONS) ** np.linspace(1.15, 1.0, _STATIONS)
    half = np.interp(s, _S, build.half)
    half = np.convolve(np.pad(half, 2, "edge"), np.ones(5) / 5, "valid")
    half[:2] *= 0.8
    spine = _spine(rng, s, length)
    colours = _pattern(rng, build, s)
    tall = half * build.tall * (1 + 0.6 * np.clip((s - 0.75) / 0.2, 0, 1) * (s < 0.97))
    body = _tube(spine, half * length, tall * length, colours)
    back = colours[:, _SIDES // 4]
    parts = [body, *_flukes(spine, build, length, back[-1])]
    parts += _flippers(rng, spine, s, half, build, length, colours)
    if build.fin_high > 0:
        parts.append(_dorsal(rng, spine, s, tall, build, length, back[_STATIONS // 2] * 0.85))
    return Solid.joined(parts), length


def _spine(rng: Rng, s: F64, length: float) -> F64:
    """Beak to tail along +x to -x, bent sideways and up and down as a swimming body is."""
    along = np.gradient(s) * length
    sway = (
        rng.normal(0, 0.55) * np.clip((s - 0.3) / 0.7, 0, 1) ** 1.5 + rng.normal(0, 0.22) * (0.35 - s).clip(0, 1) / 0.35
    )
    lift = rng.normal(0, 0.3) * np.clip((s - 0.4) / 0.6, 0, 1) ** 1.3
    lift += rng.choice([0.0, rng.uniform(0, 0.5)]) * (s - 0.42)
    x = 0.46 * length - np.cumsum(along * np.cos(sway) * np.cos(lift))
    y = np.cumsum(along * np.sin(sway))
    z = -np.cumsum(along * np.sin(lift))
    return np.stack([x, y - y.mean(), z - z[_STATIONS // 3]], 1)


def _tube(spine: F64, half: F64, tall: F64, colours: F64) -> Solid:
    tangent = np.gradient(spine, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    side = np.cross(tangent, [0, 0, 1.0])
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    up = np.cross(side, tangent)
    a = np.arange(_SIDES) * 2 * np.pi / _SIDES
    ring = spine[:, None] + np.cos(a)[None, :, None] * (side * half[:, None])[:, None]
    ring = ring + np.sin(a)[None, :, None] * (up * tall[:, None])[:, None]
    return surface(ring, colours, 0.75, SKIN, closed=True)


def _pattern(rng: Rng, build: Build, s: F64) -> F64:
    """Albedo of the rings (stations, sides, 3): dark cape, paler flanks, white belly, with wavy borders."""
    a = np.arange(_SIDES) * 2 * np.pi / _SIDES
    up = np.sin(a)[None, :]
    wave = 0.13 * np.sin(s * rng.uniform(5, 14) + rng.uniform(0, 6)) + 0.08 * np.sin(s * 31 + rng.uniform(0, 6))
    tone = float(np.exp(rng.uniform(np.log(0.022), np.log(0.16))))
    tint = np.array([1.0, 1.0, 1.0]) + rng.normal(0, 0.06, 3) + np.array([0.06, 0.0, -0.03]) * rng.normal(0, 1)
    cape = tone * tint
    flank = np.clip(cape * rng.uniform(1.0, 3.2) + 0.01, 0, 0.4)
    belly = np.clip(np.array([0.42, 0.44, 0.46]) * rng.uniform(0.35, 1.3), 0, 0.75)
    if build.half is not _BEAKED and build.fin_high == 0.0:
        belly = cape * 1.2
    edge = rng.uniform(0.1, 0.5) + wave[:, None]
    low = rng.uniform(-0.75, -0.15) + wave[:, None] * 0.8
    w = np.clip((up - edge) / rng.uniform(0.1, 0.5) + 0.5, 0, 1)[..., None]
    v = np.clip((low - up) / rng.uniform(0.08, 0.3) + 0.5, 0, 1)[..., None]
    colours = (flank * (1 - w) + cape * w) * (1 - v) + belly * v
    if rng.random() < 0.2:  # pale patches of old animals and the crossed flanks of common dolphins
        patch = np.exp(-(((s - rng.uniform(0.2, 0.7)) / 0.12) ** 2))[:, None] * np.clip(1 - np.abs(up) * 1.2, 0, 1)
        colours = colours + patch[..., None] * rng.uniform(0.1, 0.35) * np.array([0.75, 0.95, 1.0])
    if build.length_m[0] > 6 and rng.random() < 0.5:  # callosities, barnacles, mottling
        spots = rng.random((len(s), _SIDES)) < 0.04 + 0.2 * (s[:, None] < 0.2)
        colours = np.where(spots[..., None], rng.uniform(0.2, 0.6), colours)
    return np.asarray(np.clip(colours, 0.008, 0.8))


def _flukes(spine: F64, build: Build, length: float, colour: F64) -> list[Solid]:
    root = spine[-1]
    back = spine[-1] - spine[-4]
    back /= np.linalg.norm(back)
    side = np.cross(back, [0, 0, 1.0])
    span, chord = build.fluke * length, 0.085 * length
    u = np.linspace(0, 1, 8)
    lead = -0.045 * length + chord * 1.25 * u**1.5
    trail = 0.0 * length + chord * (0.35 * np.sin(np.pi * u) ** 0.8 + 1.28 * u**1.6 * 0.95)
    trail[-1] = lead[-1] + 0.004 * length
    parts = []
    for sign in (1.0, -1.0):
        out = (sign * span * u)[:, None] * side
        droop = np.array([0, 0, -0.05 * length]) * (u**2)[:, None]
        front = root + out + lead[:, None] * back + droop
        rear = root + out + np.maximum(trail, lead)[:, None] * back + droop
        grid = np.stack([front, (front + rear) / 2 + [0, 0, 0.006 * length], rear], 1)
        parts.append(surface(grid, colour, 0.7, SKIN))
    return parts


def _flippers(rng: Rng, spine: F64, s: F64, half: F64, build: Build, length: float, colours: F64) -> list[Solid]:
    k = int(np.argmin(np.abs(s - 0.24)))
    ahead = spine[k - 1] - spine[k + 1]
    ahead /= np.linalg.norm(ahead)
    side = np.cross(ahead, [0, 0, 1.0])
    reach, sweep = build.flipper * length, rng.uniform(0.25, 1.2)
    white = build.flipper > 0.25 and rng.random() < 0.75
    tone = np.array([0.45, 0.5, 0.5]) if white else colours[k, 3] * 0.8
    u = np.linspace(0, 1, 7)
    chord = 0.28 * reach * (1 - 0.75 * u**1.5)
    parts = []
    for sign in (1.0, -1.0):
        bend = sweep * (0.5 + 0.5 * u) * rng.uniform(0.7, 1.3)
        out = (sign * side)[None] * (np.cos(bend) * reach * u)[:, None] - ahead * (np.sin(bend) * reach * u)[:, None]
        root = spine[k] + sign * side * half[k] * length * 0.85 - np.array([0, 0, 0.45 * half[k] * length])
        droop = np.array([0, 0, -0.3 * reach]) * u[:, None]
        front = root + out + droop + ahead * chord[:, None] * 0.6
        rear = root + out + droop - ahead * chord[:, None] * 0.6
        parts.append(surface(np.stack([front, rear], 1), tone, 0.6, SKIN))
    return parts


def _dorsal(rng: Rng, spine: F64, s: F64, tall: F64, build: Build, length: float, colour: F64) -> Solid:
    """A hooked plate with some thickness; its tip leans aft and to a side."""
    base = np.linspace(build.fin_at, build.fin_at + 1.5 * build.fin_high + 0.05, 7)
    root = np.stack([np.interp(base, s, spine[:, i]) for i in range(3)], 1)
    root[:, 2] += np.interp(base, s, tall) * length * 0.85
    high = build.fin_high * length * 1.25
    lean = rng.normal(0, 0.15)
    u = np.linspace(0, 1, 6)[:, None, None]
    tip = root[-1] + np.array([-0.035 * length, lean * high, high])
    hook = np.array([0.35 * high, 0, 0.25 * high]) * np.sin(np.pi * u) * (base[-1] - base)[None, :, None] / np.ptp(base)
    grid = root[None] * (1 - u) + tip * u + hook
    thick = 0.011 * length * (1 - u[..., 0]) * np.sin(np.pi * np.linspace(0.05, 0.95, 7))[None]
    left, right = grid.copy(), grid.copy()
    left[..., 1] += thick
    right[..., 1] -= thick
    return Solid.joined([surface(left, colour, 0.75, SKIN), surface(right, colour, 0.75, SKIN)])
