"""A camera's focal length from views of a flat board (Zhang 2000, as OpenCV solves it), or why there is none.

A board parallel to the picture says nothing of the focal length: size and distance trade against one another. So views
are chosen for how differently the board stands in them, and too few or too similar ones are refused before anything is
solved. The error is the larger of what the fit states and what leaving out a fifth of the views at a time makes of it
(the fit takes corners of one view to be independent, and they are not), with a floor for a board that is not flat.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from wideberth_contracts.errors import BadInput
from wideberth_contracts.wire import Measured
from wideberth_distance.core.board_views import View
from wideberth_distance.core.projection import Array

FEWEST_VIEWS, MOST_VIEWS = 10, 40
WIDEST_EDGE_PX, WIDEST_EDGE_SHARE = 4.0, 1.8
"""A view is sharp with edges below 4 px, or below 1.8 of the sharpest tenth in coarser footage."""
BLURRED_EDGE_PX = 8.0
"""Footage whose sharpest views are worse than this is refused."""
TILTED_DEG, FEWEST_TILTED = 15.0, 4
LEAST_SPREAD_DEG = 20.0
"""Between the normals of the two most different views, across: tilts to one side only leave the other axis open."""
LARGEST_SHARE = 0.02
FLATNESS_SHARE = 0.0035
"""Floor of the relative error: a board bowed by 1 mm in a metre moves the focal length by 0.34 % (root mean square,
`bench calibration`; 0.67 % at 2 mm), and nothing in the residual tells."""
OUTLIER_FACTOR = 3.0
_FOLDS = 5
_FLAGS = cv2.CALIB_FIX_ASPECT_RATIO | cv2.CALIB_ZERO_TANGENT_DIST | cv2.CALIB_FIX_K3 | cv2.CALIB_USE_INTRINSIC_GUESS


@dataclass(frozen=True, slots=True)
class BoardCalibration:
    """What the views of a board say of the lens.

    Attributes:
        focal_px: of the lens model, with k1 and k2.
        pinhole_px: of the pinhole that comes nearest over the whole picture, what it cannot follow being part of its
            error; this is what distances are worked out with.
        centre_px: principal point, pixel centres at half-integers.
        residual_px: root mean square over all corners, both axes.
        corner_shift_px: how far the distortion moves the corner of the picture.
        distance_m: of the board, the median view.
        views: labels of those used.
        set_aside: why others were not, with how many.
    """

    width_px: int
    height_px: int
    focal_px: Measured
    pinhole_px: Measured
    k1: Measured
    k2: Measured
    centre_px: tuple[float, float]
    residual_px: float
    corner_shift_px: float
    distance_m: float
    views: tuple[str, ...]
    set_aside: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class _Fit:
    focal_px: float
    sigma_px: float
    k: Array
    k_sigma: Array
    centre_px: Array
    residual_px: float
    per_view_px: Array
    distances_mm: Array


def calibrate_board(views: Sequence[View], looked_at: int, size: tuple[int, int], where: str) -> BoardCalibration:
    """Focal length and distortion from the views found in `looked_at` pictures of one size.

    Raises:
        BadInput: too few views, too blurred, too similar, or a result too uncertain to be of use; with the remedy.
    """
    _enough(views, looked_at, where, "shows the whole board")
    sharp = _sharp(views, where)
    _enough(sharp, looked_at, where, "shows the board sharply")
    chosen = choose(sharp, size, MOST_VIEWS)
    _diverse(chosen, size, where)
    fit = _solve(chosen, size, where)
    steady = [
        v for v, e in zip(chosen, fit.per_view_px, strict=True) if e <= OUTLIER_FACTOR * np.median(fit.per_view_px)
    ]
    if FEWEST_VIEWS <= len(steady) < len(chosen):
        fit = _solve(steady, size, where)
    else:
        steady = chosen
    sigma = max(fit.sigma_px, _jackknife(steady, size, where))
    focal = Measured(value=fit.focal_px, sigma=float(np.hypot(sigma, FLATNESS_SHARE * fit.focal_px)))
    if focal.sigma > LARGEST_SHARE * focal.value:
        raise BadInput(
            f"the focal length comes out as {focal.value:.0f} ± {focal.sigma:.0f} px, too uncertain to be of use",
            where=where,
            remedy="tilt the board more (30 to 45 deg to each side), let it fill half the picture, and film longer",
        )
    aside = (("not sharp", len(views) - len(sharp)), ("like another view", len(sharp) - len(chosen)),
             ("fits badly", len(chosen) - len(steady)))  # fmt: skip
    return _account(fit, focal, size, steady, tuple((why, count) for why, count in aside if count))


def choose(views: Sequence[View], size: tuple[int, int], most: int) -> list[View]:
    """At most `most` views that differ from one another: each the farthest from those chosen before, in order found."""
    if len(views) <= most:
        return list(views)
    place = np.array([_stance(view, size) for view in views])
    chosen = [int(np.argmin([view.edge_px for view in views]))]
    nearest = np.linalg.norm(place - place[chosen[0]], axis=1)
    while len(chosen) < most:
        chosen.append(int(np.argmax(nearest)))
        nearest = np.minimum(nearest, np.linalg.norm(place - place[chosen[-1]], axis=1))
    return [views[index] for index in sorted(chosen)]


def _stance(view: View, size: tuple[int, int]) -> Array:
    """Where the board is and how it stands, each over a typical range: shape (5,)."""
    centre = view.corners_px.mean(axis=0) / size
    extent = np.log(np.ptp(view.corners_px, axis=0).prod())
    return np.array([*(2 * centre), extent, *(3 * view.normal(*size)[:2])])


def _enough(views: Sequence[View], looked_at: int, where: str, does: str) -> None:
    if len(views) < FEWEST_VIEWS:
        raise BadInput(
            f"{len(views)} of {looked_at} pictures {does}; {FEWEST_VIEWS} at least are needed",
            where=where,
            remedy="check columns and rows (inner corners of a checkerboard), light the board, film it for a minute, "
            "still between moves",
        )


def _sharp(views: Sequence[View], where: str) -> list[View]:
    edges = np.array([view.edge_px for view in views])
    best = float(np.percentile(edges, 10))
    if best > BLURRED_EDGE_PX:
        raise BadInput(
            f"the board is blurred: edges are {best:.1f} px wide at best, {WIDEST_EDGE_PX:.0f} is sharp",
            where=where,
            remedy="focus as in flight (infinity), stand further off with a larger board, and move slowly",
        )
    limit = max(WIDEST_EDGE_PX, WIDEST_EDGE_SHARE * best)
    return [view for view in views if view.edge_px <= limit]


def _diverse(views: Sequence[View], size: tuple[int, int], where: str) -> None:
    normals = np.array([view.normal(*size) for view in views])
    tilts = np.degrees(np.arccos(np.clip(-normals[:, 2], -1, 1)))
    tilted = int((tilts >= TILTED_DEG).sum())
    sideways = normals[:, :2] - normals[:, :2].mean(axis=0)
    # Singular values tell how far normals spread along their widest and, across that, their narrowest direction.
    spread = np.degrees(2 * np.linalg.svd(sideways, compute_uv=False) / np.sqrt(len(views)))
    if tilted < FEWEST_TILTED or spread[0] < LEAST_SPREAD_DEG:
        raise BadInput(
            f"the board stands much the same in all {len(views)} views: {tilted} are tilted by {TILTED_DEG:.0f} deg or "
            "more, and a board parallel to the picture does not tell the focal length",
            where=where,
            remedy="tilt the board (or fly round it) by 30 to 45 deg to the left, right, up and down",
        )


def _solve(views: Sequence[View], size: tuple[int, int], where: str) -> _Fit:
    board = [view.board_mm.astype(np.float32) for view in views]
    seen = [view.corners_px.astype(np.float32).reshape(-1, 1, 2) for view in views]
    start = cv2.initCameraMatrix2D(board, seen, size, 1.0)
    if not 0.2 * size[0] < start[0, 0] < 10 * size[0]:
        start[0, 0] = start[1, 1] = 0.75 * size[0]
    try:
        residual, matrix, k, _, moved, sd, _, per_view = cv2.calibrateCameraExtended(
            board, seen, size, start, np.zeros(5), flags=_FLAGS
        )
    except cv2.error as error:
        raise BadInput(
            f"the views do not fit one camera: {str(error).strip().splitlines()[-1]}",
            where=where,
            remedy="use one board, one video mode and no zoom throughout",
        ) from error
    spread = np.asarray(sd, dtype=np.float64).ravel()
    return _Fit(
        focal_px=float(matrix[0, 0]),
        sigma_px=float(max(spread[0], spread[1])),
        k=np.asarray(k, dtype=np.float64).ravel()[:2],
        k_sigma=spread[4:6],
        centre_px=np.asarray(matrix[:2, 2] + 0.5, dtype=np.float64),
        residual_px=float(residual),
        per_view_px=np.asarray(per_view, dtype=np.float64).ravel(),
        distances_mm=np.array([np.linalg.norm(each) for each in moved]),
    )


def _jackknife(views: Sequence[View], size: tuple[int, int], where: str) -> float:
    """Standard error of the focal length by leaving out one fold of views at a time."""
    folds = min(_FOLDS, len(views) // 2)
    values = [
        _solve([v for i, v in enumerate(views) if i % folds != fold], size, where).focal_px for fold in range(folds)
    ]
    return float(np.sqrt((folds - 1) / folds * np.sum((np.array(values) - np.mean(values)) ** 2)))


def _account(
    fit: _Fit, focal: Measured, size: tuple[int, int], views: Sequence[View], aside: tuple[tuple[str, int], ...]
) -> BoardCalibration:
    radius = _radii(size, fit.centre_px) / fit.focal_px
    stretch = fit.k[0] * radius**2 + fit.k[1] * radius**4
    pinhole = focal.value * (1 + float(np.average(stretch, weights=radius)))
    misfit = focal.value * float(
        np.sqrt(np.average((stretch - np.average(stretch, weights=radius)) ** 2, weights=radius))
    )
    return BoardCalibration(
        width_px=size[0], height_px=size[1], focal_px=focal,
        pinhole_px=Measured(value=pinhole, sigma=float(np.hypot(focal.sigma, misfit))),
        k1=Measured(value=float(fit.k[0]), sigma=float(fit.k_sigma[0])),
        k2=Measured(value=float(fit.k[1]), sigma=float(fit.k_sigma[1])),
        centre_px=(float(fit.centre_px[0]), float(fit.centre_px[1])), residual_px=fit.residual_px,
        corner_shift_px=float(abs(stretch[-1, -1]) * radius[-1, -1] * fit.focal_px),
        distance_m=float(np.median(fit.distances_mm)) / 1000,
        views=tuple(view.label for view in views), set_aside=aside,
    )  # fmt: skip


def _radii(size: tuple[int, int], centre_px: Array) -> Array:
    """Distances from the principal point over the picture, px, on a grid that ends in its corner."""
    x, y = np.meshgrid(np.linspace(0, size[0], 33), np.linspace(0, size[1], 19))
    return np.asarray(np.hypot(x - centre_px[0], y - centre_px[1]))
