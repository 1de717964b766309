"""The small sea on which the filter's published figures were measured: glint, one boat, one dolphin, foam.

It exists so that the filter can be compared with those figures, and for the tests and the self-test; the project's
simulator is the judge of everything else. Model (reference/glare-and-clutter.md, 3.3): a directional random-phase sea
on a 1024 x 1024 grid of 0.08 m whose surface shades but does not displace, Cox-Munk ripples in image space, a pinhole
camera 120 m up at 35 degrees from straight down, a wide sun lobe. Every frame comes with and without the sun's glint.
It knows no occlusion, breaking crests, haze, rolling shutter or video compression.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

GRID = 1024
CELL_M = 0.08
WATER = np.array([0.048, 0.032, 0.011])
SKY = np.array([0.85, 0.62, 0.45])
SUN = np.array([0.93, 0.98, 1.0])
FOAM = np.array([0.75, 0.74, 0.72])
GRAVITY_MPS2 = 9.81


@dataclass(frozen=True)
class SeaClip:
    """What to render.

    Attributes:
        off_specular_deg: facet tilt at which the frame's centre glints; 0 is the middle of the glitter.
        wind_mps: at 10 m; sets waves, ripples and foam.
        fps: of the clip; ripples decorrelate with a time constant of 40 ms.
        boat_mps: speed of the boat.
    """

    off_specular_deg: float = 12.0
    wind_mps: float = 5.0
    fps: float = 30.0
    seed: int = 0
    width_px: int = 960
    height_px: int = 540
    boat_mps: float = 3.0
    submerged: bool = False
    registration_error: bool = True
    foam_per_wind: float = 6.0


@dataclass(frozen=True)
class SeaFrame:
    """One rendered frame and its truth.

    Attributes:
        glinted, clean: (h, w, 3) BGR with and without the sun's glint; the same noise in both.
        boat, dolphin: masks.
        image_from_sea: (3, 3) homography as telemetry would tell it, with its error.
    """

    t_s: float
    glinted: Image
    clean: Image
    boat: Bools
    dolphin: Bools
    image_from_sea: Floats


@dataclass(frozen=True)
class _Waves:
    amplitude: npt.NDArray[np.complex128]
    kx: Floats
    ky: Floats
    omega: Floats

    def slopes(self, t_s: float) -> tuple[Floats, Floats]:
        moved = math.sqrt(2.0) * self.amplitude * np.exp(-1j * self.omega * t_s) * GRID * GRID
        return np.fft.ifft2(1j * self.kx * moved).real, np.fft.ifft2(1j * self.ky * moved).real


def _waves(wind_mps: float, rng: np.random.Generator) -> _Waves:
    step = 2.0 * math.pi / (GRID * CELL_M)
    wave_number = np.fft.fftfreq(GRID, 1.0 / GRID) * step
    kx, ky = np.meshgrid(wave_number, wave_number)
    k = np.hypot(kx, ky)
    k[0, 0] = 1.0
    cosine = np.cos(np.arctan2(ky, kx) - math.radians(30.0))
    spread = np.where(cosine > 0, 2.0 / math.pi * cosine**2, 0.0) + 0.08 / (2.0 * math.pi)
    peak = 0.77 * GRAVITY_MPS2 / wind_mps**2
    power = 0.5 * 0.0081 * k**-3.0 * np.exp(-1.25 * (peak / k) ** 2) * spread / k
    power[0, 0] = 0.0
    noise = rng.standard_normal(k.shape) + 1j * rng.standard_normal(k.shape)
    return _Waves(np.sqrt(power / 2.0) * step * noise, kx, ky, np.sqrt(GRAVITY_MPS2 * k + 7.3e-5 * k**3))


def _camera(clip: SeaClip, t_s: float) -> tuple[Floats, Floats]:
    """Return image_from_sea and the camera's position (m)."""
    focal = 120.0 / math.cos(math.radians(35.0)) / CELL_M * clip.width_px / 960.0
    yaw = math.radians(1.5 * t_s + 0.3 * math.sin(2 * math.pi * 0.9 * t_s))
    tilt = math.radians(35.0 + 0.15 * math.sin(2 * math.pi * 1.3 * t_s + 1.0))
    place = np.array([5.0 * 0.6 * t_s, 5.0 * 0.8 * t_s - 120.0 * math.tan(math.radians(35.0)), 120.0])
    forward = np.array([math.sin(yaw) * math.sin(tilt), math.cos(yaw) * math.sin(tilt), -math.cos(tilt)])
    right = np.array([math.cos(yaw), -math.sin(yaw), 0.0])
    rotation = np.stack([right, np.cross(forward, right), forward])
    lens = np.array([[focal, 0, clip.width_px / 2], [0, focal, clip.height_px / 2], [0, 0, 1.0]])
    return lens @ np.column_stack([rotation[:, 0], rotation[:, 1], -rotation @ place]), place


def _registration_error(clip: SeaClip, rng: np.random.Generator) -> Floats:
    if not clip.registration_error:
        return np.eye(3)
    angle, scale = math.radians(rng.normal(0, 0.021)), 1.0 + rng.normal(0, 0.0002)
    c, s = scale * math.cos(angle), scale * math.sin(angle)
    centre = np.array([[1, 0, clip.width_px / 2], [0, 1, clip.height_px / 2], [0, 0, 1.0]])
    turn = np.array([[c, -s, rng.normal(0, 0.7)], [s, c, rng.normal(0, 0.7)], [0, 0, 1.0]])
    return np.asarray(centre @ turn @ np.linalg.inv(centre))


def _body(x: Floats, y: Floats, centre: tuple[float, float], heading_rad: float) -> tuple[Floats, Floats]:
    dx, dy = x - centre[0], y - centre[1]
    return dx * math.cos(heading_rad) + dy * math.sin(heading_rad), dy * math.cos(heading_rad) - dx * math.sin(
        heading_rad
    )


def _foam(clip: SeaClip, t_s: float, duration_s: float) -> Floats:
    """Return the foam's opacity over the periodic grid."""
    rng = np.random.default_rng(clip.seed + 91)
    opacity = np.zeros((GRID, GRID))
    for _ in range(round(clip.foam_per_wind * clip.wind_mps)):
        born, life = rng.uniform(-2.0, duration_s), rng.uniform(0.8, 2.5)
        x, y = rng.uniform(0, GRID, 2)
        radius, strength, turn = rng.uniform(0.32, 1.28), rng.uniform(0.25, 0.6), rng.uniform(0, 180)
        age = (t_s - born) / life
        if 0.0 < age < 1.0:
            axis = radius * (0.5 + age) / CELL_M
            patch = np.zeros((GRID, GRID))
            axes = (max(1, round(axis)), max(1, round(axis * 0.45)))
            cv2.ellipse(patch, (int(x), int(y)), axes, turn, 0, 360, 1.0, -1)
            opacity = np.maximum(opacity, patch * strength * (1 - age) ** 0.7)
    texture = cv2.GaussianBlur(rng.standard_normal((GRID, GRID)), (0, 0), 1.2)
    soft = cv2.GaussianBlur(opacity, (0, 0), 1.0) * (1 + 0.6 * texture / texture.std())
    return np.asarray(np.clip(soft, 0, 1))


def _sample(grid: Floats, x_m: Floats, y_m: Floats) -> Floats:
    column, row = (x_m / CELL_M) % GRID, (y_m / CELL_M) % GRID
    padded = np.pad(grid, ((0, 1), (0, 1)), mode="wrap").astype(np.float32)
    sampled = cv2.remap(padded, column.astype(np.float32), row.astype(np.float32), cv2.INTER_LINEAR)
    return np.asarray(sampled, np.float64)


def _sun_direction(clip: SeaClip) -> Floats:
    _, place = _camera(clip, 0.0)
    v = place / np.linalg.norm(place)
    tilt = math.radians(clip.off_specular_deg)
    facet = np.array([math.sin(tilt), 0.0, math.cos(tilt)])
    return np.asarray(2.0 * float(facet @ v) * facet - v)


class ReferenceSea:
    """Renders a clip frame by frame, in order (ripples remember the frame before)."""

    def __init__(self, clip: SeaClip) -> None:
        self._clip = clip
        self._rng = np.random.default_rng(clip.seed)
        self._waves = _waves(clip.wind_mps, self._rng)
        self._sun = _sun_direction(clip)
        resolved = sum(float(np.var(s)) for s in self._waves.slopes(0.0))
        total = 0.003 + 0.00512 * clip.wind_mps
        self._ripple_sd = math.sqrt(max(total - resolved, 0.002) / 2.0)
        self._ripple = self._fresh_ripple()

    def _fresh_ripple(self) -> Floats:
        shape = (self._clip.height_px, self._clip.width_px)
        fields = [cv2.GaussianBlur(self._rng.standard_normal(shape), (0, 0), 0.7) for _ in range(2)]
        return np.stack([f / f.std() * self._ripple_sd for f in fields])

    def _next_ripple(self) -> Floats:
        rho = math.exp(-1.0 / (self._clip.fps * 0.04))
        self._ripple = rho * self._ripple + math.sqrt(1 - rho * rho) * self._fresh_ripple()
        return self._ripple

    def frame(self, t_s: float) -> SeaFrame:
        """Return the frame at `t_s` seconds."""
        clip = self._clip
        true, place = _camera(clip, t_s)
        rows, columns = np.mgrid[0.5 : clip.height_px, 0.5 : clip.width_px]
        ground = np.tensordot(np.linalg.inv(true), np.stack([columns, rows, np.ones_like(rows)]), 1)
        x, y = ground[0] / ground[2], ground[1] / ground[2]
        sight = np.stack([place[0] - x, place[1] - y, np.full_like(x, place[2])])
        sight /= np.linalg.norm(sight, axis=0)
        slope = np.stack([_sample(s, x, y) for s in self._waves.slopes(t_s)])
        foam = _sample(_foam(clip, t_s, 2.0), x, y)
        glint = self._glint(sight, slope) * (1 - foam)
        base = self._water(sight, slope) * (1 - foam[..., None]) + FOAM * foam[..., None]
        base, glint, dolphin = self._dolphin(base, glint, x, y, t_s)
        base, glint, boat = self._boat(base, glint, x, y, t_s)
        noise = self._rng.normal(0, 1.5, base.shape)
        told = _registration_error(clip, self._rng) @ true
        lit = base + glint[..., None] * SUN
        return SeaFrame(t_s, _expose(lit, noise), _expose(base, noise), boat, dolphin, told)

    def _glint(self, sight: Floats, slope: Floats) -> Floats:
        half = sight + self._sun[:, None, None]
        needed = -half[:2] / half[2]
        miss = ((slope + self._next_ripple() - needed) ** 2).sum(axis=0)
        return np.asarray(6.0 * np.exp(-miss / (2 * 0.028**2)))

    def _water(self, sight: Floats, slope: Floats) -> Floats:
        a = slope + 0.33 * self._ripple
        length = np.sqrt(1 + (a**2).sum(axis=0))
        cosine = np.clip((sight[2] - (a * sight[:2]).sum(axis=0)) / length, 0.05, 1)
        fresnel = 0.02 + 0.98 * (1 - cosine) ** 5
        upward = np.clip(2 * cosine / length - sight[2], 0, 1)
        mirrored = (fresnel * (1.15 - 0.75 * upward))[..., None] * SKY
        shading = 1 + np.clip(a.sum(axis=0), -0.4, 0.4)
        return np.asarray(np.maximum((WATER + mirrored) * shading[..., None], 0.003))

    def _dolphin(self, base: Floats, glint: Floats, x: Floats, y: Floats, t_s: float) -> tuple[Floats, Floats, Bools]:
        clip = self._clip
        speed = 1.5 if clip.submerged else 2.2
        u, v = _body(x, y, (5.0 + speed * t_s, -2.0), 0.0)
        if clip.submerged:
            shade = np.exp(-((u / 1.1) ** 2) - (v / 0.38) ** 2)
            darker = base - 0.55 * WATER * shade[..., None]
            return np.maximum(darker, 0.003), glint, (u / 1.25) ** 2 + (v / 0.45) ** 2 < 1
        tau = (t_s - 0.45) / 1.2
        if not 0 < tau < 1:
            return base, glint, np.zeros(x.shape, dtype=bool)
        life = min(1.0, 6 * tau, 6 * (1 - tau))
        reach = (u / (1.25 * (0.35 + 0.65 * life))) ** 2 + (v / (0.35 * (0.5 + 0.5 * life))) ** 2
        cover = np.clip(4 * (1 - reach), 0, 1)
        wet = 0.05 * life * np.exp(-(((v - 0.12) / 0.07) ** 2) - ((u - 0.2) / 0.35) ** 2)
        back = np.array([0.020, 0.018, 0.016]) + wet[..., None] * SUN
        base = base * (1 - cover[..., None]) + back * cover[..., None]
        return base, glint * (1 - 0.97 * cover), reach < 1

    def _boat(self, base: Floats, glint: Floats, x: Floats, y: Floats, t_s: float) -> tuple[Floats, Floats, Bools]:
        u, v = _body(x, y, (-8.0 + self._clip.boat_mps * t_s, 4.0), 0.35)
        reach = np.abs(u / 3.2) ** 3 + np.abs(v / 1.1) ** 2.5
        cover = np.clip(5 * (1 - reach), 0, 1)
        albedo = np.where(np.abs(v) < 0.6, 0.35, 0.7)
        base = base * (1 - cover[..., None]) + (albedo * cover)[..., None]
        return base, glint * (1 - cover), reach < 1


def _expose(light: Floats, noise: Floats) -> Image:
    blurred = cv2.GaussianBlur(light, (0, 0), 0.6)
    levels = 255.0 * np.clip(2.2 * blurred, 0, 1) ** (1 / 2.2) + noise
    return np.asarray(np.clip(np.rint(levels), 0, 255), np.uint8)


def render(clip: SeaClip, first: int, count: int) -> tuple[SeaFrame, ...]:
    """Return `count` frames of a clip from frame number `first` on."""
    sea = ReferenceSea(clip)
    return tuple(sea.frame((first + i) / clip.fps) for i in range(count))
