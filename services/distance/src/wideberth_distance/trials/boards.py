"""Calibration boards seen through a known camera: rendered with distortion, blur and noise, or as exact corners."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from wideberth_distance.core.board_views import Checkerboard, Gray, View
from wideberth_distance.core.projection import Array

BOARD = Checkerboard(columns=9, rows=6, square_mm=100.0)
WIDTH_MM, HEIGHT_MM = (BOARD.columns - 1) * BOARD.square_mm, (BOARD.rows - 1) * BOARD.square_mm
FINE = 2
"""Samples a pixel, each way."""


@dataclass(frozen=True, slots=True)
class Lens:
    """Truth of a rendered camera. `centre` off the middle, px."""

    width: int = 1280
    height: int = 720
    focal: float = 1010.0
    k1: float = 0.0
    k2: float = 0.0
    centre: tuple[float, float] = (0.0, 0.0)

    @property
    def k(self) -> Array:
        """Distortion as OpenCV has it, shape (5,)."""
        return np.array([self.k1, self.k2, 0.0, 0.0, 0.0])

    def matrix(self) -> Array:
        """In OpenCV's pixels, whose centres are at integers."""
        cx, cy = self.width / 2 - 0.5 + self.centre[0], self.height / 2 - 0.5 + self.centre[1]
        return np.array([[self.focal, 0, cx], [0, self.focal, cy], [0, 0, 1]])


def checkerboard_texture(columns: int, rows: int, px: int = 40) -> Gray:
    """Inner corners `columns` x `rows`, one square of white all round; the board's origin is the first inner corner."""
    squares = np.indices((rows + 1, columns + 1)).sum(axis=0) % 2
    board = np.kron(np.where(squares == 0, 25, 230), np.ones((px, px))).astype(np.uint8)
    return np.pad(board, px, constant_values=230)


def rotation(tilt_deg: float, towards_deg: float, spin_deg: float) -> Array:
    """Spin in the plane, then tilt about an axis in it."""
    axis = np.array([np.cos(np.radians(towards_deg)), np.sin(np.radians(towards_deg)), 0.0])
    tilt, _ = cv2.Rodrigues(np.radians(tilt_deg) * axis)
    spin, _ = cv2.Rodrigues(np.radians(spin_deg) * np.array([0.0, 0.0, 1.0]))
    return np.asarray(tilt @ spin, dtype=np.float64)


@lru_cache(maxsize=4)
def rays_of(lens: Lens) -> tuple[Array, Array]:
    """Direction (x/z, y/z) of each of four samples a pixel, distortion undone by Newton steps on the radius."""
    x, y = np.meshgrid(np.arange(lens.width * FINE), np.arange(lens.height * FINE))
    matrix = lens.matrix()
    x = ((x + 0.5) / FINE - 0.5 - matrix[0, 2]) / lens.focal
    y = ((y + 0.5) / FINE - 0.5 - matrix[1, 2]) / lens.focal
    bent = np.hypot(x, y)
    straight = bent.copy()
    for _ in range(6):
        missed = straight * (1 + lens.k1 * straight**2 + lens.k2 * straight**4) - bent
        straight -= missed / (1 + 3 * lens.k1 * straight**2 + 5 * lens.k2 * straight**4)
    scale = straight / np.maximum(bent, 1e-12)
    return (x * scale).astype(np.float32), (y * scale).astype(np.float32)


def render(lens: Lens, texture: Gray, px_per_mm: float, origin_px: float, turned: Array, moved_mm: Array) -> Gray:
    """The picture, grey, without blur and noise. Board point p mm lies at `turned @ p + moved_mm` from the camera."""
    x, y = rays_of(lens)
    a, b, c = np.linalg.inv(np.column_stack([turned[:, 0], turned[:, 1], moved_mm])).astype(np.float32)
    depth = c[0] * x + c[1] * y + c[2]
    u, v = ((row[0] * x + row[1] * y + row[2]) / depth * px_per_mm + (origin_px - 0.5) for row in (a, b))
    maps = np.asarray(u, dtype=np.float32), np.asarray(v, dtype=np.float32)
    picture = cv2.remap(texture, maps[0], maps[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=110)
    return np.asarray(cv2.resize(picture, (lens.width, lens.height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def filmed(picture: Gray, generator: np.random.Generator, blur_px: float = 0.7, noise: float = 3.0) -> Gray:
    """Lens blur and sensor noise."""
    soft = cv2.GaussianBlur(picture.astype(np.float32), (0, 0), blur_px)
    return np.asarray(np.clip(soft + generator.normal(0, noise, soft.shape), 0, 255), dtype=np.uint8)


def poses_of_board(
    count: int, generator: np.random.Generator, lens: Lens, tilt_deg: float = 40.0
) -> list[tuple[Array, Array]]:
    """Rotations and translations with the board wholly in the picture; tilts to all sides up to `tilt_deg`."""
    made: list[tuple[Array, Array]] = []
    while len(made) < count:
        turned = rotation(generator.uniform(0, tilt_deg), generator.uniform(0, 360), generator.uniform(-25, 25))
        far = generator.uniform(1.0, 2.2) * lens.focal * WIDTH_MM / lens.width * 1.35
        middle = turned @ np.array([WIDTH_MM / 2, HEIGHT_MM / 2, 0])
        side = generator.uniform(-0.4, 0.4, 2) * far / lens.focal * np.array([lens.width, lens.height])
        moved = np.array([side[0], side[1], far]) - middle
        corners = np.array([[x, y, 0.0] for x in (-30, WIDTH_MM + 30) for y in (-30, HEIGHT_MM + 30)])
        seen, _ = cv2.projectPoints(corners, turned, moved, lens.matrix(), lens.k)
        seen = seen.reshape(-1, 2)
        if (seen > 8).all() and (seen < np.array([lens.width - 8, lens.height - 8])).all():
            made.append((turned, moved))
    return made


def exact_views(
    lens: Lens,
    poses: list[tuple[Array, Array]],
    generator: np.random.Generator,
    *,
    noise_px: float = 0.1,
    bow: float = 0.0,
    edge_px: float = 2.5,
) -> list[View]:
    """Corners as projected, with noise but without rendering.

    Args:
        bow: How far the board's middle stands out of its plane, over its width; the views say it is flat.
    """
    x, y = np.meshgrid(np.arange(BOARD.columns) * BOARD.square_mm, np.arange(BOARD.rows) * BOARD.square_mm)
    flat = np.stack([x.ravel(), y.ravel(), np.zeros(x.size)], axis=1)
    bent = flat.copy()
    bent[:, 2] = bow * WIDTH_MM * (1 - (2 * flat[:, 0] / WIDTH_MM - 1) ** 2)
    views = []
    for index, (turned, moved) in enumerate(poses):
        seen, _ = cv2.projectPoints(bent, turned, moved, lens.matrix(), lens.k)
        corners = seen.reshape(-1, 2) + generator.normal(0, noise_px, (len(flat), 2))
        views.append(View(f"{index}", flat, corners, edge_px))
    return views


def picture_of(lens: Lens, turned: Array, moved_mm: Array) -> Gray:
    """`BOARD` rendered, without blur and noise."""
    px = 40
    texture = checkerboard_texture(BOARD.columns, BOARD.rows, px)
    return render(lens, texture, px / BOARD.square_mm, 2.0 * px, turned, moved_mm)
