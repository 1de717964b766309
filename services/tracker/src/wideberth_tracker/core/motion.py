"""How the picture moved between two frames: sparse flow and a robust fit.

Assumes that most of what has texture lies still on the sea or moves little against the picture's motion; a minority of
moving objects, sparkles and breaking crests is voted down. It knows nothing of poses.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from wideberth_contracts.frames import ImageMotion, NoImageMotion
from wideberth_tracker.core.kalman import Floats

Pixels = NDArray[np.uint8]

WORK_WIDTH_PX = 960
"""Flow costs about 15 ms at this width and its error, about 0.1 px, is far below a box's."""
MOST_CORNERS = 400
FEWEST_INLIERS = 12
LOWEST_INLIER_SHARE = 0.25
RETURN_PX = 1.0
"""A point tracked forward and back must come home within this distance; sparkles do not."""
FIT_PX = 1.5
SATURATED = 235
"""Grey level from which a pixel counts as glint or foam: it sparkles, so it is no landmark."""
HOMOGRAPHY_INLIERS = 60


def picture_motion(earlier: Pixels, later: Pixels) -> ImageMotion | NoImageMotion:
    """Homography from pixels of `earlier` to pixels of `later`, both (height, width, 3) BGR of one size."""
    if earlier.shape != later.shape:
        return NoImageMotion(reason=f"frames differ in size: {earlier.shape[:2]} and {later.shape[:2]}")
    first, second = _small_grey(earlier), _small_grey(later)
    from_points, to_points = _flow(first, second)
    if len(from_points) < FEWEST_INLIERS:
        return NoImageMotion(reason=f"too little texture: {len(from_points)} points could be followed")
    fit, inliers = _fit(from_points, to_points)
    count = int(inliers.sum())
    if fit is None or count < FEWEST_INLIERS or count < LOWEST_INLIER_SHARE * len(from_points):
        return NoImageMotion(reason=f"no common motion: {count} of {len(from_points)} points agree")
    if not _plausible(fit):
        return NoImageMotion(reason="the fitted motion is not that of a camera over 0.2 s")
    full_from_small = _full_from_small(earlier.shape[1] / first.shape[1], earlier.shape[0] / first.shape[0])
    full = full_from_small @ fit @ np.linalg.inv(full_from_small)
    a, b, c, d, e, f, g, h, i = (float(value) for value in (full / full[2, 2]).ravel())
    return ImageMotion(later_from_earlier=(a, b, c, d, e, f, g, h, i), inliers=count)


def _small_grey(picture: Pixels) -> Pixels:
    height, width = picture.shape[:2]
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    if width <= WORK_WIDTH_PX:
        return np.asarray(grey, dtype=np.uint8)
    size = (WORK_WIDTH_PX, max(1, round(height * WORK_WIDTH_PX / width)))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _flow(first: Pixels, second: Pixels) -> tuple[Floats, Floats]:
    """Points that could be followed forward and back: (n, 2) in each picture, in array indices."""
    steady = cv2.dilate((first >= SATURATED).astype(np.uint8), np.ones((9, 9), np.uint8)) == 0
    corners = cv2.goodFeaturesToTrack(first, MOST_CORNERS, 0.01, 12, mask=steady.astype(np.uint8) * 255)
    if corners is None:
        return np.empty((0, 2)), np.empty((0, 2))
    window, levels = (21, 21), 4
    there, found, _ = cv2.calcOpticalFlowPyrLK(first, second, corners, corners.copy(), winSize=window, maxLevel=levels)
    back, returned, _ = cv2.calcOpticalFlowPyrLK(second, first, there, corners.copy(), winSize=window, maxLevel=levels)
    home = np.linalg.norm((back - corners).reshape(-1, 2), axis=1) < RETURN_PX
    keep = home & (found.ravel() == 1) & (returned.ravel() == 1)
    return corners.reshape(-1, 2)[keep].astype(np.float64), there.reshape(-1, 2)[keep].astype(np.float64)


def _fit(from_points: Floats, to_points: Floats) -> tuple[Floats | None, NDArray[np.bool_]]:
    """A similarity by RANSAC; a homography in its place where many points say it fits clearly better."""
    similarity, mask = cv2.estimateAffinePartial2D(
        from_points, to_points, method=cv2.RANSAC, ransacReprojThreshold=FIT_PX, maxIters=2000, confidence=0.999
    )
    if similarity is None:
        return None, np.zeros(len(from_points), dtype=bool)
    best = np.vstack([np.asarray(similarity, dtype=np.float64), [0.0, 0.0, 1.0]])
    inliers = np.asarray(mask).ravel() == 1
    if len(from_points) < HOMOGRAPHY_INLIERS:
        return best, inliers
    homography, mask = cv2.findHomography(from_points, to_points, cv2.RANSAC, FIT_PX)
    if homography is None:
        return best, inliers
    agreeing = np.asarray(mask).ravel() == 1
    if agreeing.sum() >= max(HOMOGRAPHY_INLIERS, 1.15 * inliers.sum()):
        return np.asarray(homography, dtype=np.float64), agreeing
    return best, inliers


def _plausible(fit: Floats) -> bool:
    """Between two sampled frames a camera neither zooms by half nor turns the picture over."""
    if abs(fit[2, 2]) < 1e-9:
        return False
    scale = float(np.linalg.det(fit[:2, :2] / fit[2, 2]))
    return 0.44 < scale < 2.25 and float(np.abs(fit[2, :2]).max()) < 1e-3


def _full_from_small(scale_x: float, scale_y: float) -> Floats:
    """Array indices of the small picture to pixels of the full one, whose pixel centres lie at half-integers."""
    return np.array([[scale_x, 0.0, 0.5 * scale_x], [0.0, scale_y, 0.5 * scale_y], [0.0, 0.0, 1.0]])
