"""The waterline under a detector's box.

A box encloses what is seen: hull, cabin, people. Only its near edge is the waterline; its far edge is the top of the
craft, and reading it as sea puts the far side of a boat metres too far away. So a craft is modelled as a solid (hull to
the freeboard, superstructure above) and fitted to the box: centre, axis, length, beam and height, with priors on
beam/length and height/beam, because one box cannot tell beam from height. What the priors leave open goes into the
own error of every outline point.

All craft of a frame are fitted at once, twice each where the keel may lie along either side of the box.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wideberth_contracts.detections import ObjectKind
from wideberth_distance.core.craft import DECK_LENGTH, KEEL, OUTLINE, PRIORS
from wideberth_distance.core.hull_terms import Boxes, Places, Terms
from wideberth_distance.core.projection import Array, Cameras, Mask, sea_from_image

SHAPE_SIGMA = 0.08
"""Of a waterline corner, in beams: what the bow's and the stern's difference leaves open."""
CLEARLY_LONG = 2.2
"""A box this much longer than wide does not show a craft across it."""
_TRIES = 10
"""Steps tried. The largest and smallest of corners have kinks, between which plain steps would swing for ever."""
_MOST_MOVE = np.array([20.0, 20.0, 0.3, 0.5, 0.5, 0.5])
_SETTLED = 1e-4
_DAMPING_UP, _DAMPING_DOWN, _LEAST_DAMPING = 6.0, 0.5, 0.05
"""Levenberg's damping, relative to the diagonal: none until a step makes the fit worse, then raised for every step that
does, and lowered for every one that does not."""
_LOWERED = (0.4, 0.8, 1.0)
"""From the box's centre to its lower edge: where the waterline's centre is looked for first; next where that is sky."""


@dataclass(frozen=True, slots=True)
class Hulls:
    """C craft on the sea.

    Attributes:
        parameters: east, north, axis (rad clockwise from north), log length, log beam, log height; shape (C, 6).
        covariance: of these, shape (C, 6, 6), from box jitter and priors, not from the pose.
        cost: sum of squared residuals in standard errors, shape (C,).
    """

    parameters: Array
    covariance: Array
    cost: Array

    def length_m(self) -> Array:
        """Length over all, shape (C,)."""
        return np.asarray(np.exp(self.parameters[:, 3]) * DECK_LENGTH)

    def axis_deg(self) -> Array:
        """Direction of the keel clockwise from north, in [0, 180); shape (C,)."""
        return np.asarray(np.degrees(self.parameters[:, 2]) % 180.0 % 180.0)

    def outlines(self) -> tuple[Array, Array]:
        """Waterlines counter-clockwise seen from above, shape (C, 8, 2), and own covariances, shape (C, 8, 2, 2)."""
        places, own = self._with_covariance(OUTLINE)
        shape = (SHAPE_SIGMA * np.exp(self.parameters[:, 4])) ** 2
        return places, own + shape[:, None, None, None] * np.eye(2)

    def centres(self) -> tuple[Array, Array]:
        """Waterline centres, shape (C, 1, 2), and own covariances, shape (C, 1, 2, 2)."""
        return self.parameters[:, None, :2], self.covariance[:, None, :2, :2]

    def ends(self) -> Array:
        """Bow and stern (which is which is not known) over all, on the sea; shape (C, 2, 2)."""
        return self._places(KEEL * DECK_LENGTH)[0]

    def _places(self, shape: Array) -> tuple[Array, Array, Array]:
        """Points given in units of length and beam: on the sea, along and across the keel, each shape (C, K, 2)."""
        axis = self.parameters[:, 2]
        sin, cos = np.sin(axis), np.cos(axis)
        length, beam = np.exp(self.parameters[:, 3:5]).T[:, :, None, None]
        along = shape[None, :, 0:1] * length * np.stack([sin, cos], axis=-1)[:, None]
        across = shape[None, :, 1:2] * beam * np.stack([-cos, sin], axis=-1)[:, None]
        return self.parameters[:, None, :2] + along + across, along, across

    def _with_covariance(self, shape: Array) -> tuple[Array, Array]:
        places, along, across = self._places(shape)
        offsets = along + across
        slopes = np.zeros((*places.shape, 6))
        slopes[..., 0, 0] = slopes[..., 1, 1] = 1.0
        slopes[..., 0, 2], slopes[..., 1, 2] = offsets[..., 1], -offsets[..., 0]
        slopes[..., 3], slopes[..., 4] = along, across
        return places, slopes @ self.covariance[:, None] @ np.swapaxes(slopes, -1, -2)


_NONE = Hulls(np.zeros((0, 6)), np.zeros((0, 6, 6)), np.zeros(0))


def fit_hulls(camera: Cameras, boxes: Boxes, kinds: Sequence[ObjectKind]) -> tuple[Hulls, Places]:
    """The craft whose pictures fill the boxes, and the indices of those boxes.

    A box is left out where its near edge is above the horizon.

    Args:
        camera: One camera, the nominal one.
        boxes: As detected.
        kinds: Craft, one a box.
    """
    if not kinds:
        return _NONE, np.zeros(0, dtype=np.intp)
    long = boxes.size_px[:, 0] > CLEARLY_LONG * boxes.size_px[:, 1]
    of_box = np.concatenate([np.arange(len(long)), np.flatnonzero(~long)])
    swapped = np.arange(len(of_box)) >= len(long)
    start, on_sea = _starts(camera, boxes.at(of_box), [kinds[index] for index in of_box], swapped)
    of_box, swapped, start = of_box[on_sea], swapped[on_sea], start[on_sea]
    if not of_box.size:
        return _NONE, of_box
    terms = Terms.of(camera, boxes.at(of_box), [kinds[index] for index in of_box], swapped)
    parameters, slopes, cost = _fitted(terms, start)
    cost = np.where(np.isfinite(parameters).all(axis=1) & np.isfinite(cost), cost, np.inf)
    # Of both fits of a box the better one: the last of each box when sorted by box, the worse first.
    order = np.lexsort([-cost, of_box])
    best = order[np.flatnonzero(np.diff(of_box[order], append=-1))]
    best = best[np.isfinite(cost[best])]
    covariance = np.linalg.pinv(np.swapaxes(slopes[best], 1, 2) @ slopes[best], hermitian=True)
    return Hulls(parameters[best], np.asarray(covariance, dtype=np.float64), cost[best]), of_box[best]


def _fitted(terms: Terms, start: Array) -> tuple[Array, Array, Array]:
    """Levenberg from the start: parameters, slopes of the residuals there, and cost, each with a leading axis of F."""
    parameters = start
    residuals, slopes = terms.at(parameters)
    cost = np.square(residuals).sum(axis=1)
    damping = np.zeros(len(start))
    for _ in range(_TRIES):
        move = _move(residuals, slopes, damping)
        tried = parameters + move
        tried_residuals, tried_slopes = terms.at(tried)
        tried_cost = np.square(tried_residuals).sum(axis=1)
        better = tried_cost < cost
        damping = np.where(better, damping * _DAMPING_DOWN, np.maximum(damping * _DAMPING_UP, _LEAST_DAMPING))
        parameters = np.where(better[:, None], tried, parameters)
        residuals = np.where(better[:, None], tried_residuals, residuals)
        slopes = np.where(better[:, None, None], tried_slopes, slopes)
        cost = np.where(better, tried_cost, cost)
        if np.abs(move).max() < _SETTLED:
            break
    return parameters, slopes, cost


def _move(residuals: Array, slopes: Array, damping: Array) -> Array:
    turned = np.swapaxes(slopes, 1, 2)
    normal = turned @ slopes
    diagonal = np.einsum("fii->fi", normal)
    # A trace of it keeps what no term sees (a craft larger than the picture) where it is.
    diagonal += damping[:, None] * diagonal + 1e-12 * diagonal.sum(axis=1, keepdims=True)
    move = np.linalg.solve(normal, -turned @ residuals[:, :, None])[:, :, 0]
    return np.asarray(np.clip(move, -_MOST_MOVE, _MOST_MOVE))


def _starts(camera: Cameras, boxes: Boxes, kinds: Sequence[ObjectKind], swapped: Mask) -> tuple[Array, Mask]:
    """The boxes laid on the sea: parameters, shape (F, 6), and where there is sea below them, shape (F,)."""
    halves = boxes.halves()
    keel = np.where(swapped[:, None], halves[:, 1], halves[:, 0]) / 2
    down = np.abs(halves[:, :, 1]).sum(axis=1)
    middles = boxes.centre_px[:, None] + np.array(_LOWERED)[:, None] * np.stack([0 * down, down], axis=1)[:, None]
    pixels = middles[:, :, None] + np.stack([0 * keel, keel, -keel], axis=1)[:, None]
    places, seen = sea_from_image(camera, pixels.reshape(-1, 2), np.zeros(pixels.size // 2))
    places, usable = places[0].reshape(pixels.shape), seen[0].reshape(pixels.shape[:3]).all(axis=2)
    centre, bow, stern = places[np.arange(len(places)), usable.argmax(axis=1)].swapaxes(0, 1)
    base = np.array([camera.east_m[0], camera.north_m[0]])
    reach = np.hypot(np.hypot(*(centre - base).T), camera.height_m[0])
    visible_m = np.where(swapped, boxes.size_px[:, 1], boxes.size_px[:, 0]) * reach / camera.focal_px[0]
    priors = [PRIORS[kind] for kind in kinds]
    mean, spread = np.array([prior.log_length_m for prior in priors]).T
    length = np.clip(np.log(np.maximum(visible_m, 0.5)), mean - 2 * spread, mean + 2 * spread)
    beam = length + np.array([prior.log_beam_share[0] for prior in priors])
    height = beam + np.array([prior.log_height_share[0] for prior in priors])
    axis = np.arctan2(*(bow - stern).T)
    return np.column_stack([centre, axis, length, beam, height]), np.asarray(usable.any(axis=1))
