"""Neighbours laid over the reference, on the working grid.

By the sea-plane homography of both poses where there are poses; else by Lucas-Kanade points and a similarity. The
image locks on glitter, which stays with camera and waves, so the points are sought in pictures whose glints are cut
off a little above the darkest sea, and only for the frames right beside the reference.
"""

import cv2
import numpy as np

from wideberth_glare.core.arrays import Grey, Homography

FLOW_WIDTH_PX = 480
MAX_POINTS = 150
LEAST_INLIERS = 12
CUT_ABOVE_DN = 25
LARGEST_SHIFT = 0.25
"""Of the picture's width; a larger motion between two frames is taken for a mistake."""


def on_grid(reference_from_neighbour: Homography, reduction: int) -> Homography:
    """Return a full-size homography for the working grid, in OpenCV's convention of whole-number pixel centres."""
    half = np.array([[1.0, 0.0, -0.5], [0.0, 1.0, -0.5], [0.0, 0.0, 1.0]])
    shrink = np.diag([1.0 / reduction, 1.0 / reduction, 1.0])
    grid_from_full = half @ shrink
    return np.asarray(grid_from_full @ reference_from_neighbour @ np.linalg.inv(grid_from_full))


def warp(reduced: Grey, on_grid_homography: Homography) -> Grey:
    """Return the reduced neighbour on the reference's grid; borders replicated."""
    size = (reduced.shape[1], reduced.shape[0])
    return np.asarray(
        cv2.warpPerspective(reduced, on_grid_homography, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
        np.uint8,
    )


def _trackable(reduced: Grey, step: float) -> Grey:
    size = (round(reduced.shape[1] * step), round(reduced.shape[0] * step))
    small = cv2.resize(reduced, size, interpolation=cv2.INTER_AREA)
    ceiling = float(np.percentile(small[::4, ::4], 30)) + CUT_ABOVE_DN
    return np.asarray(cv2.threshold(small, ceiling, 255, cv2.THRESH_TRUNC)[1], np.uint8)


def measured_on_grid(reference: Grey, neighbour: Grey) -> Homography:
    """Return the similarity (3, 3) that lays the neighbour over the reference; the identity where nothing holds."""
    step = min(1.0, FLOW_WIDTH_PX / reference.shape[1])
    here, there = _trackable(reference, step), _trackable(neighbour, step)
    points = cv2.goodFeaturesToTrack(there, MAX_POINTS, 0.01, 8)
    identity = np.eye(3)
    if points is None or len(points) < LEAST_INLIERS:
        return identity
    moved, found, _ = cv2.calcOpticalFlowPyrLK(there, here, points, np.zeros_like(points), winSize=(21, 21))
    held = found.ravel() > 0
    if held.sum() < LEAST_INLIERS:
        return identity
    similarity, inliers = cv2.estimateAffinePartial2D(points[held], moved[held], ransacReprojThreshold=1.0)
    if similarity is None or inliers.sum() < LEAST_INLIERS:
        return identity
    if np.hypot(*similarity[:, 2]) > LARGEST_SHIFT * here.shape[1]:
        return identity
    whole = np.vstack([np.asarray(similarity, np.float64), [0.0, 0.0, 1.0]])
    whole[:2, 2] /= step
    return whole
