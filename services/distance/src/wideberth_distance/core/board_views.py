"""Views of a flat calibration board: its corners in a picture, how sharp it is, how it stands to the camera.

The board is looked for in a picture of at most 1,280 px and its corners refined at full size, for the search itself
gains nothing from 4K.
"""

from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt

from wideberth_distance.core.projection import Array

Gray = npt.NDArray[np.uint8]
SEARCH_LONG_SIDE_PX = 1280
REFINE_SHARE = 0.3
"""Half the window of the refinement, as a share of a square's side in the picture."""
TYPICAL_FOCAL_SHARE = 0.75
"""Focal length over width of a drone's video, roughly: enough to tell a tilted board from a parallel one."""


@dataclass(frozen=True, slots=True)
class View:
    """One picture of the board.

    Attributes:
        label: where it is from, for messages.
        board_mm: corners on the board, shape (N, 3), z = 0.
        corners_px: the same corners in the picture, shape (N, 2), pixel centres at integers as OpenCV has them.
        edge_px: width of a black to white edge, 10 to 90 %; below about 3 px is sharp.
    """

    label: str
    board_mm: Array
    corners_px: Array
    edge_px: float

    def normal(self, width_px: int, height_px: int) -> Array:
        """Unit normal of the board towards the camera, shape (3,), by a typical focal length.

        (0, 0, -1) is parallel to the picture.
        """
        focal = TYPICAL_FOCAL_SHARE * width_px
        k = np.array([[focal, 0, width_px / 2], [0, focal, height_px / 2], [0, 0, 1]])
        homography, _ = cv2.findHomography(self.board_mm[:, :2], self.corners_px)
        across = np.linalg.solve(k, homography)[:, :2]
        first, second = (column / np.linalg.norm(column) for column in across.T)
        normal = np.cross(first, second)
        normal /= np.linalg.norm(normal)
        return np.asarray(normal if normal[2] < 0 else -normal)


class Board(Protocol):
    """A pattern that can be found in a picture."""

    def find(self, label: str, gray: Gray) -> View | None:
        """The view, or None where the board is not seen."""


@dataclass(frozen=True, slots=True)
class Checkerboard:
    """Squares of one size; `columns` x `rows` inner corners, where four squares meet."""

    columns: int
    rows: int
    square_mm: float

    def find(self, label: str, gray: Gray) -> View | None:
        """The view, or None where not all inner corners are seen."""
        scale = min(1.0, SEARCH_LONG_SIDE_PX / max(gray.shape))
        small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else gray
        size = (self.columns, self.rows)
        quick = cv2.CALIB_CB_FAST_CHECK | cv2.CALIB_CB_ADAPTIVE_THRESH | cv2.CALIB_CB_NORMALIZE_IMAGE
        found, corners = cv2.findChessboardCorners(small, size, flags=quick)
        if not found:
            found, corners = cv2.findChessboardCornersSB(small, size, flags=cv2.CALIB_CB_NORMALIZE_IMAGE)
        if not found:
            return None
        at_full_size = (corners.reshape(-1, 2) + 0.5) / scale - 0.5
        refined = refine(gray, at_full_size, spacing_px(at_full_size, self.columns))
        sharpness, _ = cv2.estimateChessboardSharpness(gray, size, refined.astype(np.float32).reshape(-1, 1, 2))
        x, y = np.meshgrid(np.arange(self.columns), np.arange(self.rows))
        board_mm = np.stack([x.ravel(), y.ravel(), np.zeros(x.size)], axis=1) * self.square_mm
        return View(label, np.asarray(board_mm, dtype=np.float64), refined, float(np.ravel(sharpness)[0]))


def spacing_px(corners_px: Array, columns: int) -> float:
    """Smallest distance of two corners of one row, px."""
    rows = corners_px.reshape(-1, columns, 2)
    return float(np.linalg.norm(np.diff(rows, axis=1), axis=2).min())


def refine(gray: Gray, corners_px: Array, square_px: float) -> Array:
    """Corners to a fraction of a pixel, shape (N, 2), within a window that stays inside the squares."""
    half = int(np.clip(REFINE_SHARE * square_px, 2, 15))
    start = np.ascontiguousarray(corners_px.reshape(-1, 1, 2), dtype=np.float32)
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_MAX_ITER, 50, 1e-3)
    refined = cv2.cornerSubPix(gray, start, (half, half), (-1, -1), stop)
    return np.asarray(refined.reshape(-1, 2), dtype=np.float64)
