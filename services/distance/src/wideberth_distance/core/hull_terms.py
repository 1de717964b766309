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
from wideberth_distance.core.projection import CURVATURE_PER_M, Array, Cameras, Mask, image_from_sea

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
        camera: one camera.
        edge_px: standard errors of the box's edges along and across, shape (F, 2).
        off_keel: which axis the keel ought not to follow: 1 where it lies along the box, 0 where across; shape (F,).
        loose_px: standard error of the keel's ends off that axis, shape (F,).
        cut: edges where the picture ends before the craft does, shape (F, 4).
        shape, rise: the craft's corners, see `craft.solid`; shapes (F, K, 2) and (F, K).
        means, spreads: of log length, log beam/length and log height/beam, shape (F, 3).
    """

    camera: Cameras
    boxes: Boxes
    edge_px: Array
    off_keel: Places
    loose_px: Array
    cut: Mask
    shape: Array
    rise: Array
    means: Array
    spreads: Array

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
        said = np.array(
            [(p.log_length_m, p.log_beam_share, p.log_height_share) for p in (PRIORS[kind] for kind in kinds)]
        )
        return cls(
            camera=camera,
            boxes=boxes,
            edge_px=np.stack([along_px, np.maximum(along_px, 0.04 * width)], axis=1),
            off_keel=np.where(swapped, 0, 1),
            # At the ends of the box, the keel may lie off its axis by a share of the width.
            loose_px=np.maximum(1.5, 0.15 * np.where(swapped, length, width)),
            cut=boxes.cut(camera),
            shape=np.stack([SOLIDS[kind][0] for kind in kinds]),
            rise=np.stack([SOLIDS[kind][1] for kind in kinds]),
            means=said[:, :, 0],
            spreads=said[:, :, 1],
        )

    def at(self, parameters: Array) -> tuple[Array, Array]:
        """Residuals in standard errors, shape (F, 8): four box edges, keel direction, three priors; and their slopes by
        the parameters, shape (F, 8, 6).

        Args:
            parameters: east, north, axis (rad clockwise from north), log length, log beam, log height; shape (F, 6).
        """
        corners = _Corners.of(self, parameters)
        boxed = np.matmul(corners.pixels - self.boxes.centre_px[:, None], self.boxes.axes.swapaxes(1, 2))
        off_keel = self.off_keel[:, None]
        ends = np.broadcast_to(np.array([boxed.shape[1] - 2, boxed.shape[1] - 1]), (len(boxed), 2))
        chosen = np.concatenate([boxed.argmax(axis=1), boxed.argmin(axis=1), ends], axis=1)
        axis = np.concatenate([np.broadcast_to(_EDGE_AXES, (len(boxed), 4)), off_keel, off_keel], axis=1)
        rows = np.arange(len(boxed))[:, None]
        reached, slopes = boxed[rows, chosen, axis], corners.slopes(chosen, self.boxes.axes[rows, axis])

        edge_px = np.concatenate([self.edge_px, self.edge_px], axis=1) * _EDGE_SIGNS
        half_px = self.boxes.size_px / 2
        beyond = reached[:, :4] / edge_px - np.concatenate([half_px, half_px], axis=1) / np.abs(edge_px)
        # Where the picture cuts the craft, it reaches at least to the edge of the box, and nobody knows how much
        # farther.
        free = self.cut & (beyond > 0)
        off_axis = (reached[:, 4:5] - reached[:, 5:]) / self.loose_px[:, None]
        sizes = parameters[:, 3:]
        shares = np.concatenate([sizes[:, :1], sizes[:, 1:] - sizes[:, :-1]], axis=1)
        residuals = np.concatenate(
            [np.where(free, 0.0, beyond), off_axis, (shares - self.means) / self.spreads], axis=1
        )

        answer = np.zeros((*residuals.shape, 6))
        answer[:, :4] = np.where(free, 0.0, 1.0 / edge_px)[:, :, None] * slopes[:, :4]
        answer[:, 4] = (slopes[:, 4] - slopes[:, 5]) / self.loose_px[:, None]
        answer[:, 5:, 3:] = _SHARES / self.spreads[:, :, None]
        return residuals, answer


_EDGE_AXES = np.array([0, 1, 0, 1])
_EDGE_SIGNS = np.array([1.0, 1.0, -1.0, -1.0])
_SHARES = np.array([[1.0, 0.0, 0.0], [-1.0, 1.0, 0.0], [0.0, -1.0, 1.0]])
"""Slopes of log length, log beam/length and log height/beam by log length, log beam and log height."""


@dataclass(frozen=True, slots=True)
class _Corners:
    """The corners of F craft, on the sea and in the picture.

    Attributes:
        parameters: shape (F, 6); sin, cos: of the axis, shape (F, 1).
        along_m, across_m, up_m: from the centre, by the keel; shape (F, K).
        pixels: shape (F, K, 2); depth_m: shape (F, K).
    """

    camera: Cameras
    parameters: Array
    sin: Array
    cos: Array
    along_m: Array
    across_m: Array
    up_m: Array
    pixels: Array
    depth_m: Array

    @classmethod
    def of(cls, terms: Terms, parameters: Array) -> Self:
        length, beam, height = np.exp(parameters[:, 3:]).T[:, :, None]
        sin, cos = np.sin(parameters[:, 2:3]), np.cos(parameters[:, 2:3])
        along, across, up = terms.shape[..., 0] * length, terms.shape[..., 1] * beam, terms.rise * height
        corners = np.empty((*along.shape, 3))
        corners[..., 0] = parameters[:, :1] + along * sin - across * cos
        corners[..., 1] = parameters[:, 1:2] + along * cos + across * sin
        corners[..., 2] = up
        seen = image_from_sea(terms.camera, corners.reshape(1, -1, 3)).reshape(corners.shape)
        return cls(terms.camera, parameters, sin, cos, along, across, up, seen[..., :2], seen[..., 2])

    def slopes(self, chosen: Places, axes: Array) -> Array:
        """Of the pixels of some corners along some directions by the parameters, shape (F, M, 6).

        Args:
            chosen: indices of corners, shape (F, M).
            axes: unit vectors in the picture, shape (F, M, 2).
        """
        rows = np.arange(len(chosen))[:, None]
        along, across, up = self.along_m[rows, chosen], self.across_m[rows, chosen], self.up_m[rows, chosen]
        # From the centre; turning the axis by an angle moves a corner to its right by as much.
        east, north = along * self.sin - across * self.cos, along * self.cos + across * self.sin
        place = self.parameters[:, :1] + east, self.parameters[:, 1:2] + north
        by_east, by_north, by_up = self._by_place(self.pixels[rows, chosen], self.depth_m[rows, chosen], axes, place)
        return np.stack(
            [
                by_east,
                by_north,
                by_east * north - by_north * east,
                along * (by_east * self.sin + by_north * self.cos),
                across * (by_north * self.sin - by_east * self.cos),
                by_up * up,
            ],
            axis=-1,
        )

    def _by_place(
        self, pixels: Array, depth_m: Array, axes: Array, place: tuple[Array, Array]
    ) -> tuple[Array, Array, Array]:
        """Slopes of pixels along `axes` by east, north and height of their points, px/m: those of `image_from_sea`."""
        right, down, forward = self.camera.rotation[0]
        focal_px = self.camera.focal_px[0]
        off = (axes * (pixels - np.array(self.camera.centre_px))).sum(axis=-1) / focal_px
        scale = focal_px / np.where(np.abs(depth_m) < 1e-6, 1e-6, depth_m)
        by_offset = (axes[..., 0, None] * right + axes[..., 1, None] * down - off[..., None] * forward) * scale[
            ..., None
        ]
        east, north, up = np.moveaxis(by_offset, -1, 0)
        sunk_east, sunk_north = (
            CURVATURE_PER_M * (place[0] - self.camera.east_m[0]),
            CURVATURE_PER_M * (place[1] - self.camera.north_m[0]),
        )
        return east - sunk_east * up, north - sunk_north * up, up
