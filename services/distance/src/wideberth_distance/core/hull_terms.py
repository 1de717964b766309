"""What a box and the proportions of craft say of a hull: residuals in standard errors, with exact slopes.

All fits of a frame stand side by side, F of them: numpy's calls cost more than the sums in them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from wideberth_contracts.detections import ObjectKind
from wideberth_distance.core.craft import PRIORS, SOLIDS
from wideberth_distance.core.projection import CURVATURE_PER_M, Array, Cameras, Mask

Places = npt.NDArray[np.intp]
BORDER_PX = 2.5
"""A box edge this near the border of the picture is where the picture ends, not the craft."""


@dataclass(frozen=True, slots=True)
class Boxes:
    """F boxes as arrays.

    Attributes:
        centre_px: shape (F, 2).
        axes: along and across, unit vectors, shape (F, 2, 2).
        size_px: length and width, shape (F, 2).
    """

    centre_px: Array
    axes: Array
    size_px: Array

    @classmethod
    def of(cls, rows: Array) -> Self:
        """From cx, cy, length, width (px) and angle (deg), shape (F, 5)."""
        angle = np.radians(rows[:, 4])
        cos, sin = np.cos(angle), np.sin(angle)
        axes = np.stack([cos, sin, -sin, cos], axis=1).reshape(-1, 2, 2)
        return cls(rows[:, :2], axes, rows[:, 2:4])

    def at(self, indices: Places) -> "Boxes":
        """Some of them, or one several times."""
        return Boxes(self.centre_px[indices], self.axes[indices], self.size_px[indices])

    def halves(self) -> Array:
        """From the centre to the middles of the ends and of the sides, shape (F, 2, 2)."""
        return self.axes * (self.size_px / 2)[:, :, None]

    def cut(self, camera: Cameras) -> Mask:
        """Which edges lie on the border of the picture: of +along, +across, -along, -across; shape (F, 4)."""
        halves = self.halves()
        middles = self.centre_px[:, None] + np.concatenate([halves, -halves], axis=1)
        size = 2 * np.array(camera.centre_px)
        return np.asarray(((middles < BORDER_PX) | (middles > size - BORDER_PX)).any(axis=2))


@dataclass(frozen=True, slots=True)
class Terms:
    """What stays the same while F craft are fitted, each to one box.

    Attributes:
        base_m: place of the camera.
        views: rows along the box, across it and into the picture; times a place seen from the camera, the first two are
            px times the third, m; shape (F, 3, 3).
        corners: of the craft, see `craft.solid`: ones, along, across and up, in units of nothing, length, beam and
            height; shape (F, 4, K).
        edges: one over the standard error of each edge, 1/px, minus for lower ones: of +along, +across, -along,
            -across; shape (F, 4).
        reach: of the box to each edge from the principal point, in standard errors, shape (F, 4).
        cut: edges where the picture ends before the craft does, shape (F, 4).
        off_keel: one over the standard error of the keel's ends off the axis that it ought to follow, 1/px, shape (F,).
        axes: that the four edges and both ends of the keel are measured along: 0 or 1, shape (F, 6).
        shares: what log length, beam and height are multiplied with for the residuals of the priors, shape (F, 3, 3);
            means: what they should come to, shape (F, 3).
    """

    base_m: Array
    views: Array
    corners: Array
    edges: Array
    reach: Array
    cut: Mask
    off_keel: Array
    axes: Places
    shares: Array
    means: Array

    @classmethod
    def of(cls, camera: Cameras, boxes: Boxes, kinds: Sequence[ObjectKind], swapped: Mask) -> Self:
        """A detector's box edge jitters by about a pixel or 3 % of the box.

        Args:
            camera: one camera, the nominal one.
            boxes: F of them.
            kinds: craft, F of them.
            swapped: where the keel lies along the box's short side, shape (F,).
        """
        length, width = boxes.size_px.T
        along_px = np.maximum(1.0, 0.03 * length)
        edges = 1 / np.stack([along_px, np.maximum(along_px, 0.04 * width)], axis=1)
        right, down, forward = camera.rotation[0]
        across_view = camera.focal_px[0] * (boxes.axes @ np.stack([right, down]))
        centre = (boxes.axes @ (boxes.centre_px - np.array(camera.centre_px))[:, :, None])[:, :, 0]
        half = boxes.size_px / 2
        said = np.array(
            [(p.log_length_m, p.log_beam_share, p.log_height_share) for p in (PRIORS[kind] for kind in kinds)]
        )
        off_keel = np.where(swapped, 0, 1)[:, None]
        return cls(
            base_m=np.array([camera.east_m[0], camera.north_m[0], camera.height_m[0]]),
            views=np.concatenate([across_view, np.broadcast_to(forward, (len(half), 1, 3))], axis=1),
            corners=np.stack([SOLIDS[kind] for kind in kinds]),
            edges=np.concatenate([edges, -edges], axis=1),
            reach=np.concatenate([(half + centre) * edges, (half - centre) * edges], axis=1),
            cut=boxes.cut(camera),
            # At the ends of the box, the keel may lie off its axis by a share of the width.
            off_keel=1 / np.maximum(1.5, 0.15 * np.where(swapped, length, width)),
            axes=np.concatenate([np.broadcast_to(_EDGE_AXES, (len(half), 4)), off_keel, off_keel], axis=1),
            shares=_SHARES / said[:, :, 1:],
            means=said[:, :, 0] / said[:, :, 1],
        )

    def at(self, parameters: Array) -> tuple[Array, Array]:
        """Residuals in standard errors, shape (F, 8): four box edges, keel direction, three priors; and their slopes by
        the parameters, shape (F, 8, 6).

        The projection is that of `image_from_sea`, taken along the axes of each box.

        Args:
            parameters: east, north, axis (rad clockwise from north), log length, log beam, log height; shape (F, 6).
        """
        turns = self._turns(parameters)
        places = turns @ self.corners
        places[:, 2] -= CURVATURE_PER_M / 2 * (places[:, 0] ** 2 + places[:, 1] ** 2)
        seen = self.views @ places
        # A corner behind the camera lies as far out as can be.
        depth_m = np.maximum(seen[:, 2], _LEAST_DEPTH_M)
        boxed = seen[:, :2] / depth_m[:, None]

        chosen = np.empty(self.axes.shape, dtype=np.intp)
        chosen[:, :2], chosen[:, 2:4] = boxed.argmax(axis=2), boxed.argmin(axis=2)
        chosen[:, 4:] = boxed.shape[2] - 2, boxed.shape[2] - 1
        rows = np.arange(len(boxed))[:, None]
        reached = boxed[rows, self.axes, chosen]
        views = (self.views[rows, self.axes] - reached[:, :, None] * self.views[:, 2:]) / depth_m[rows, chosen, None]
        slopes = _slopes(turns, places[rows, :, chosen], self.corners[rows, 1:, chosen], views)

        beyond = reached[:, :4] * self.edges - self.reach
        # Where the picture cuts the craft, it reaches at least to the edge of the box, and nobody knows how much
        # farther.
        free = self.cut & (beyond > 0)
        residuals, answer = np.empty((len(boxed), 8)), np.zeros((len(boxed), 8, 6))
        residuals[:, :4] = np.where(free, 0.0, beyond)
        residuals[:, 4] = (reached[:, 4] - reached[:, 5]) * self.off_keel
        residuals[:, 5:] = (self.shares @ parameters[:, 3:, None])[:, :, 0] - self.means
        answer[:, :4] = np.where(free, 0.0, self.edges)[:, :, None] * slopes[:, :4]
        answer[:, 4] = (slopes[:, 4] - slopes[:, 5]) * self.off_keel[:, None]
        answer[:, 5:, 3:] = self.shares
        return residuals, answer

    def _turns(self, parameters: Array) -> Array:
        """What takes `corners` to places seen from the camera, but for the curvature: shape (F, 3, 4)."""
        sin, cos = np.sin(parameters[:, 2]), np.cos(parameters[:, 2])
        length, beam, height = np.exp(parameters[:, 3:]).T
        turns = np.zeros((len(parameters), 3, 4))
        turns[:, :2, 0] = parameters[:, :2] - self.base_m[:2]
        turns[:, 2, 0] = -self.base_m[2]
        turns[:, 0, 1], turns[:, 1, 1] = length * sin, length * cos
        turns[:, 0, 2], turns[:, 1, 2] = -beam * cos, beam * sin
        turns[:, 2, 3] = height
        return turns


_EDGE_AXES = np.array([0, 1, 0, 1])
_SHARES = np.array([[1.0, 0.0, 0.0], [-1.0, 1.0, 0.0], [0.0, -1.0, 1.0]])
"""Log length, log beam/length and log height/beam of log length, log beam and log height."""
_LEAST_DEPTH_M = 1e-3


def _slopes(turns: Array, places: Array, corners: Array, views: Array) -> Array:
    """Of M pixels of each of F craft by its parameters, px, shape (F, M, 6).

    Args:
        turns: see `Terms._turns`, shape (F, 3, 4).
        places: of the points seen there, from the camera, shape (F, M, 3).
        corners: the same in units of length, beam and height, shape (F, M, 3).
        views: slopes of the pixels by east, north and height before the curvature, px/m, shape (F, M, 3).
    """
    by_place = views.copy()
    by_place[..., :2] -= CURVATURE_PER_M * places[..., :2] * views[..., 2:]
    slopes = np.empty((*views.shape[:2], 6))
    slopes[..., :2] = by_place[..., :2]
    # From the centre; turning the axis by an angle moves a corner to its right by as much.
    off = places[..., :2] - turns[:, None, :2, 0]
    slopes[..., 2] = by_place[..., 0] * off[..., 1] - by_place[..., 1] * off[..., 0]
    slopes[..., 3:] = (by_place @ turns[:, :, 1:]) * corners
    return slopes
