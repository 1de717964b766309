"""Neighbours laid over the reference, on the working grid.

By the sea-plane homography of both poses where there are poses; else by Lucas-Kanade points and a similarity. The
image locks on glitter, which stays with camera and waves, so the points are sought in pictures whose glints are cut
off a little above the darkest sea, and only for the frames right beside the reference.
"""

import cv2
import numpy as np
import numpy.typing as npt

from wideberth_glare.core.arrays import Grey, Homography, reduce_by_mean

FLOW_WIDTH_PX = 600
"""Pictures are halved until they are no wider than this."""
MAX_POINTS = 120
FLOW_WINDOW_PX = 15
LEAST_INLIERS = 12
CUT_ABOVE_DN = 25
LARGEST_SHIFT = 0.25
"""Of the picture's width; a larger motion between two frames is taken for a mistake."""
NEGLIGIBLE_CELLS = 0.3
"""A homography that differs less than this from its affine part is warped as one, at a third of the cost."""

Points = npt.NDArray[np.float32]


def on_grid(reference_from_neighbour: Homography, reduction: int) -> Homography:
    """Return a full-size homography for the working grid, in OpenCV's convention of whole-number pixel centres."""
    grid_from_full = _grid_from_full(reduction)
    return np.asarray(grid_from_full @ reference_from_neighbour @ np.linalg.inv(grid_from_full))


def _grid_from_full(reduction: int) -> Homography:
    half = np.array([[1.0, 0.0, -0.5], [0.0, 1.0, -0.5], [0.0, 0.0, 1.0]])
    return np.asarray(half @ np.diag([1.0 / reduction, 1.0 / reduction, 1.0]))


def moved(homography: Homography, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return points (n, 2) mapped by a homography."""
    whole = np.column_stack([points, np.ones(len(points))]) @ homography.T
    return np.asarray(whole[:, :2] / whole[:, 2:])


def corners(width: int, height: int) -> npt.NDArray[np.float64]:
    """Return the four corners (4, 2) of a picture."""
    return np.array([[0, 0], [width, 0], [0, height], [width, height]], np.float64)


def _affine_part(homography: Homography, size: tuple[int, int]) -> npt.NDArray[np.float64] | None:
    """Return the affine map (2, 3) that does the same all over a picture of this size, or None."""
    at = corners(*size)
    there = moved(homography, at)
    affine = np.linalg.lstsq(np.column_stack([at, np.ones(4)]), there, rcond=None)[0]
    misses = np.abs(np.column_stack([at, np.ones(4)]) @ affine - there).max()
    return np.asarray(affine.T) if misses < NEGLIGIBLE_CELLS else None


def warp(reduced: Grey, on_grid_homography: Homography, size: tuple[int, int] | None = None) -> Grey:
    """Return the reduced neighbour (one or more channels) on the reference's grid; borders replicated.

    Args:
        size: columns and rows of the reference's grid; the neighbour's own where not given.
    """
    size = size or (reduced.shape[1], reduced.shape[0])
    affine = _affine_part(on_grid_homography, size)
    edge = cv2.BORDER_REPLICATE
    if affine is not None:
        return np.asarray(cv2.warpAffine(reduced, affine, size, flags=cv2.INTER_LINEAR, borderMode=edge), np.uint8)
    flat = cv2.warpPerspective(reduced, on_grid_homography, size, flags=cv2.INTER_LINEAR, borderMode=edge)
    return np.asarray(flat, np.uint8)


class Tracked:
    """Points of the reference, to be found again in its neighbours."""

    def __init__(self, reference: Grey) -> None:
        """Choose the points.

        Args:
            reference: on the working grid.
        """
        self._step = 1
        while reference.shape[1] // self._step > FLOW_WIDTH_PX:
            self._step *= 2
        self._here = self._trackable(reference)
        self._points = cv2.goodFeaturesToTrack(self._here, MAX_POINTS, 0.01, 8)

    def _trackable(self, reduced: Grey) -> Grey:
        small = reduce_by_mean(reduced, self._step)
        ceiling = float(np.percentile(small[::4, ::4], 30)) + CUT_ABOVE_DN
        return np.asarray(cv2.threshold(small, ceiling, 255, cv2.THRESH_TRUNC)[1], np.uint8)

    def reference_from(self, neighbour: Grey, reduction: int) -> Homography:
        """Return the similarity (3, 3) at full size that lays the neighbour over the reference.

        Args:
            neighbour: on the working grid.
            reduction: of that grid.
        """
        found = self._similarity(self._trackable(neighbour))
        full_from_small = np.linalg.inv(_grid_from_full(reduction * self._step))
        return np.asarray(full_from_small @ found @ np.linalg.inv(full_from_small))

    def _similarity(self, there: Grey) -> Homography:
        """Return what takes the small neighbour to the small reference; the identity where nothing holds."""
        identity = np.eye(3)
        if self._points is None or len(self._points) < LEAST_INLIERS:
            return identity
        start = np.zeros_like(self._points)
        found, held, _ = cv2.calcOpticalFlowPyrLK(
            self._here, there, self._points, start, winSize=(FLOW_WINDOW_PX, FLOW_WINDOW_PX)
        )
        good = held.ravel() > 0
        if good.sum() < LEAST_INLIERS:
            return identity
        similarity, inliers = cv2.estimateAffinePartial2D(found[good], self._points[good], ransacReprojThreshold=1.0)
        if similarity is None or inliers.sum() < LEAST_INLIERS:
            return identity
        if np.hypot(*similarity[:, 2]) > LARGEST_SHIFT * there.shape[1]:
            return identity
        return np.vstack([np.asarray(similarity, np.float64), [0.0, 0.0, 1.0]])
