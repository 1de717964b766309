"""A ChArUco board: a checkerboard with markers in its white squares, which may be partly out of the picture."""

from dataclasses import dataclass

import cv2
import numpy as np

from wideberth_distance.core.board_views import Gray, View, refine

LEAST_CORNERS = 12


@dataclass(frozen=True, slots=True)
class CharucoBoard:
    """`columns` x `rows` squares (not inner corners), as the makers of such boards count; markers by OpenCV's name."""

    columns: int
    rows: int
    square_mm: float
    marker_mm: float
    dictionary: str = "DICT_5X5_100"

    def made(self) -> "cv2.aruco.CharucoBoard":
        """OpenCV's board. Raises `AttributeError` for a dictionary OpenCV does not have."""
        markers = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, self.dictionary))
        return cv2.aruco.CharucoBoard((self.columns, self.rows), self.square_mm, self.marker_mm, markers)

    def find(self, label: str, gray: Gray) -> View | None:
        """The view of what is seen of it; None for fewer than 12 corners or all on one line."""
        board = self.made()
        corners, ids, _, _ = cv2.aruco.CharucoDetector(board).detectBoard(gray)
        if ids is None or len(ids) < LEAST_CORNERS:
            return None
        on_board = np.asarray(board.getChessboardCorners(), dtype=np.float64)[ids.ravel()]
        if min(np.ptp(on_board[:, 0]), np.ptp(on_board[:, 1])) < self.square_mm:
            return None
        found = np.asarray(corners.reshape(-1, 2), dtype=np.float64)
        homography, _ = cv2.findHomography(on_board[:, :2], found)
        square_px = float(np.sqrt(abs(np.linalg.det(homography[:2, :2])))) * self.square_mm
        refined = refine(gray, found, square_px)
        return View(label, on_board, refined, _edge_px(gray, refined, square_px))


def _edge_px(gray: Gray, corners_px: np.typing.NDArray[np.float64], square_px: float) -> float:
    """Width of an edge by the steepest slope near each corner: contrast over slope, 80 % of it, the median."""
    half = int(np.clip(0.4 * square_px, 3, 20))
    widths = []
    for x, y in corners_px.round().astype(int):
        patch = gray[max(0, y - half) : y + half + 1, max(0, x - half) : x + half + 1].astype(np.float32)
        slope = np.hypot(cv2.Sobel(patch, cv2.CV_32F, 1, 0) / 8, cv2.Sobel(patch, cv2.CV_32F, 0, 1) / 8)
        low, high = np.percentile(patch, (5, 95))
        widths.append(0.8 * float(high - low) / max(float(slope.max()), 1e-3))
    return float(np.median(widths))
