"""Where a point of the sea falls in the picture, and back.

World: east, north (m, from the analysis origin), z up from the mean sea. Camera: right, down, forward. Picture: origin
top-left, pixel centres at half-integers, principal point in the centre. Rotation yaw · pitch · roll as DJI reports it.

Model: a pinhole at height h over a sphere seen through a refracting atmosphere: a sea point at ground range D lies
D² (1-k) / (2R) below the tangent plane. Ranges follow from d = depression in closed form,
D = [t - sqrt(t² - 2h(1-k)/R)] R/(1-k), t = tan d. Not modelled: lens distortion (DJI corrects video in the camera),
rolling shutter, and the error of k (0.02 to 0.05 deg of dip).

All of a frame's error variants are cameras of one stack, so that every point is projected through all at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wideberth_contracts.clues import ClueKind
from wideberth_contracts.errors import BadInput
from wideberth_contracts.poses import CameraPose, Correlation
from wideberth_contracts.positions import ErrorSource

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

EARTH_RADIUS_M = 6_371_000.0
"""Mean radius."""
REFRACTION_K = 0.13
"""Standard refraction over the sea; 0.0 to 0.25 is usual, -0.3 occurs over warm water."""
CURVATURE_PER_M = (1 - REFRACTION_K) / EARTH_RADIUS_M
"""Apparent curvature of the sea."""
SOURCES = tuple(ErrorSource)
"""Order of the variants: camera 0 is nominal, 1 + 2i has source i one standard error up, 2 + 2i one down."""
_ORDER = [
    SOURCES.index(source)
    for source in (
        ErrorSource.FOCAL_LENGTH, ErrorSource.HEIGHT, ErrorSource.PITCH, ErrorSource.ROLL, ErrorSource.YAW,
        ErrorSource.CAMERA_EAST, ErrorSource.CAMERA_NORTH,
    )
]  # fmt: skip
NORMAL_HEIGHT = frozenset({ClueKind.KNOWN_LENGTH, ClueKind.COAST_POINT})
"""Clues that leave the height no barometer's tails."""
NORMAL_IN_T4 = 1.959964 / 2.776445
"""Every height is drawn as a Student-t with 4 degrees of freedom; a normal one is scaled to the same 95 % interval."""


@dataclass(frozen=True, slots=True)
class Cameras:
    """A stack of V cameras that look at the same picture.

    Attributes:
        east_m, north_m, height_m, focal_px: shape (V,).
        rotation: camera from world, shape (V, 3, 3); rows are right, down, forward.
        centre_px: principal point.
    """

    east_m: Array
    north_m: Array
    height_m: Array
    focal_px: Array
    rotation: Array
    centre_px: tuple[float, float]

    def nominal(self) -> "Cameras":
        """The first camera alone."""
        return Cameras(
            self.east_m[:1], self.north_m[:1], self.height_m[:1], self.focal_px[:1], self.rotation[:1], self.centre_px
        )


def camera_from_world(yaw_deg: Array, pitch_deg: Array, roll_deg: Array) -> Array:
    """Rotations, shape (V, 3, 3), from angles of shape (V,).

    Yaw is clockwise from north, pitch above the horizontal, roll positive when the right side points down.
    """
    yaw, pitch, roll = (np.radians(a)[:, None] for a in (yaw_deg, pitch_deg, roll_deg))
    zero = np.zeros_like(yaw)
    forward = np.hstack([np.sin(yaw) * np.cos(pitch), np.cos(yaw) * np.cos(pitch), np.sin(pitch)])
    right = np.hstack([np.cos(yaw), -np.sin(yaw), zero])
    down = np.cross(forward, right)
    return np.stack(
        [np.cos(roll) * right + np.sin(roll) * down, np.cos(roll) * down - np.sin(roll) * right, forward], axis=1
    )


def cameras_of(pose: CameraPose) -> Cameras:
    """The pose and its 14 variants, each source at plus and minus one standard error.

    Errors that a fit left tied together are split into independent ones by the Cholesky factor of their covariance in
    `_ORDER`: the variant of the focal length moves whatever else must move with it for the clues to fit, and what is
    left of the pitch's error is what it does not share with the focal length and the height.
    """
    terms = {
        ErrorSource.HEIGHT: pose.height_m,
        ErrorSource.PITCH: pose.pitch_deg,
        ErrorSource.ROLL: pose.roll_deg,
        ErrorSource.YAW: pose.yaw_deg,
        ErrorSource.FOCAL_LENGTH: pose.focal_px,
        ErrorSource.CAMERA_EAST: pose.east_m,
        ErrorSource.CAMERA_NORTH: pose.north_m,
    }
    nominal = np.array([terms[source].value for source in SOURCES])
    moves = np.diag([terms[source].sigma for source in SOURCES])
    if pose.correlations:
        moves = _independent_moves(np.diagonal(moves), pose.correlations)
    if not NORMAL_HEIGHT.isdisjoint(pose.clues):
        moves[SOURCES.index(ErrorSource.HEIGHT)] *= NORMAL_IN_T4
    stack = np.concatenate([nominal[None], nominal + np.repeat(moves, 2, axis=0) * np.tile([1.0, -1.0], 7)[:, None]])
    height, pitch, roll, yaw, focal, east, north = stack.T
    return Cameras(
        east_m=east,
        north_m=north,
        height_m=height,
        focal_px=focal,
        rotation=camera_from_world(yaw, pitch, roll),
        centre_px=(pose.width_px / 2, pose.height_px / 2),
    )


def _independent_moves(sigmas: Array, correlations: Sequence[Correlation]) -> Array:
    """Row i: what one standard error of source i moves every source by, shape (7, 7)."""
    together = np.eye(len(SOURCES))
    for pair in correlations:
        try:
            a, b = (SOURCES.index(ErrorSource(name)) for name in (pair.a, pair.b))
        except ValueError as error:
            remedy = ", ".join(source.value for source in SOURCES)
            raise BadInput(
                f"{pair.a} and {pair.b}: no errors of a pose", where="correlations", remedy=remedy
            ) from error
        together[a, b] = together[b, a] = pair.value
    place = np.ix_(_ORDER, _ORDER)
    # Rounded correlations may miss being a covariance by a hair.
    least = max(0.0, 1e-9 - float(np.linalg.eigvalsh(together).min()))
    root = np.linalg.cholesky(together[place] + least * np.eye(len(SOURCES)))
    moves = np.zeros_like(together)
    moves[place] = root.T
    return np.asarray(moves * sigmas[None, :])


def horizon_dip_rad(height_m: float) -> float:
    """Angle of the sea horizon below the horizontal: atan sqrt(2 h (1-k) / R)."""
    return float(np.arctan(np.sqrt(2 * height_m * CURVATURE_PER_M)))


def range_from_depression_m(height_m: Array, tan_depression: Array) -> tuple[Array, Mask]:
    """Ground range of the sea seen under a depression, and where there is sea.

    Args:
        height_m: Of the camera above the point sought.
        tan_depression: Tangent of the angle below the horizontal; may be infinite straight down.
    """
    root = tan_depression**2 - 2 * height_m * CURVATURE_PER_M
    visible = (root >= 0) & (tan_depression > 0) & (height_m > 0)
    # Same as (t - sqrt(root)) / c, written so that small curvature loses no digits.
    with np.errstate(invalid="ignore", divide="ignore"):
        ranges = 2 * height_m / (tan_depression + np.sqrt(np.where(visible, root, 1.0)))
    return np.where(visible, ranges, 0.0), visible


def image_from_sea(cameras: Cameras, points_m: Array) -> Array:
    """Pixels of world points.

    Args:
        points_m: east, north, height above the sea; shape (N, 3), or (V, N, 3).

    Returns:
        Shape (V, N, 3): x_px, y_px, depth_m along the axis. A depth <= 0 is behind the camera; its x, y mean nothing.
    """
    base = np.stack([cameras.east_m, cameras.north_m, cameras.height_m], axis=-1)
    offset = points_m - base[:, None, :]
    drop = (offset[..., 0] ** 2 + offset[..., 1] ** 2) * (CURVATURE_PER_M / 2)
    offset = np.concatenate([offset[..., :2], (offset[..., 2] - drop)[..., None]], axis=-1)
    local = offset @ np.swapaxes(cameras.rotation, 1, 2)
    depth = local[..., 2]
    safe = np.where(np.abs(depth) < 1e-6, 1e-6, depth)
    centre = np.array(cameras.centre_px)
    pixels = cameras.focal_px[:, None, None] * local[..., :2] / safe[..., None] + centre
    return np.concatenate([pixels, depth[..., None]], axis=-1)


def sea_from_image(cameras: Cameras, pixels: Array, heights_m: Array) -> tuple[Array, Mask]:
    """Sea positions of pixels, through every camera.

    Args:
        pixels: shape (N, 2).
        heights_m: of each picked point above the water, shape (N,).

    Returns:
        east and north, shape (V, N, 2), and where they exist, shape (V, N). Elsewhere the value is 0 and means nothing.
    """
    centred = (pixels - np.array(cameras.centre_px))[None] / cameras.focal_px[:, None, None]
    rays = np.concatenate([centred, np.ones((*centred.shape[:2], 1))], axis=-1) @ cameras.rotation
    horizontal = np.hypot(rays[..., 0], rays[..., 1])
    safe = np.maximum(horizontal, 1e-12)
    tangent = -rays[..., 2] / safe
    ranges, visible = range_from_depression_m(cameras.height_m[:, None] - heights_m[None, :], tangent)
    base = np.stack([cameras.east_m, cameras.north_m], axis=-1)[:, None, :]
    return base + ranges[..., None] * rays[..., :2] / safe[..., None], visible
