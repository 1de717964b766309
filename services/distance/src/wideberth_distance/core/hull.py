"""The waterline under a detector's box.

A box encloses what is seen: hull, cabin, people. Only its near edge is the waterline; its far edge is the top of the
craft, and reading it as sea puts the far side of a boat metres too far away. So a craft is modelled as a solid (hull to
the freeboard, superstructure above) and fitted to the box: centre, axis, length, beam and height, with priors on
beam/length and height/beam, because one box cannot tell beam from height. What the priors leave open goes into the
own error of every outline point.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from wideberth_contracts.detections import ObjectKind, OrientedBox
from wideberth_distance.core.projection import Array, Cameras, image_from_sea, sea_from_image


@dataclass(frozen=True, slots=True)
class CraftPrior:
    """Proportions of a kind of craft; logarithms are natural, each a mean and a standard deviation.

    Attributes:
        log_length_m: weak, keeps a bad box from making a ship of a buoy.
        log_beam_share: beam over length.
        log_height_share: top of the superstructure above the water, over beam.
        freeboard_share: of that height.
        cabin_length_share, cabin_beam_share: of length and beam, at the top.
    """

    log_length_m: tuple[float, float]
    log_beam_share: tuple[float, float]
    log_height_share: tuple[float, float]
    freeboard_share: float
    cabin_length_share: float
    cabin_beam_share: float


PRIORS = {
    # Tour, fishing, motor, sailing and inflatable boats of 5 to 20 m; the top is a cabin's roof or a standing head.
    ObjectKind.VESSEL: CraftPrior((np.log(10.0), 0.8), (np.log(0.32), 0.18), (np.log(0.95), 0.3), 0.35, 0.45, 0.7),
    # 2.7 to 3.4 m by 1.1 to 1.25 m, with a rider whose head is 1.6 m above the water.
    ObjectKind.JET_SKI: CraftPrior((np.log(3.0), 0.2), (np.log(0.39), 0.1), (np.log(1.4), 0.2), 0.3, 0.3, 0.5),
}
OUTLINE = np.array(
    [[0.5, 0.22], [0.22, 0.47], [-0.22, 0.47], [-0.5, 0.22], [-0.5, -0.22], [-0.22, -0.47], [0.22, -0.47], [0.5, -0.22]]
)
"""The waterline in units of length and beam: the mean of a pointed bow and a square stern at either end, since a box
does not tell which is which."""
DECK_LENGTH, DECK_BEAM = 1.06, 1.10
"""Hulls flare: the deck over the waterline, in length and beam."""
_SHAPE_SIGMA = 0.08
"""Of a waterline corner, in beams: what the bow's and the stern's difference leaves open."""
BORDER_PX = 2.5
"""A box edge this near the border of the picture is where the picture ends, not the craft."""
_ITERATIONS = 10
_STEP = np.array([1e-3, 1e-3, 1e-4, 1e-4, 1e-4, 1e-4])
_MAX_MOVE = np.array([20.0, 20.0, 0.3, 0.5, 0.5, 0.5])


@dataclass(frozen=True, slots=True)
class HullFit:
    """A craft on the sea.

    Attributes:
        parameters: east, north, axis (rad clockwise from north), log length, log beam, log height.
        covariance: of these, shape (6, 6), from box jitter and priors, not from the pose.
        cost: sum of squared residuals in standard errors.
    """

    parameters: Array
    covariance: Array
    cost: float

    @property
    def length_m(self) -> float:
        """Length over all."""
        return float(np.exp(self.parameters[3])) * DECK_LENGTH

    @property
    def axis_deg(self) -> float:
        """Direction of the keel clockwise from north, in [0, 180)."""
        return float(np.degrees(self.parameters[2]) % 180.0) % 180.0

    def outline(self) -> tuple[Array, Array]:
        """Waterline counter-clockwise seen from above, shape (8, 2), and own covariances, shape (8, 2, 2)."""
        places, own = self._with_covariance(OUTLINE)
        shape = (_SHAPE_SIGMA * float(np.exp(self.parameters[4]))) ** 2
        return places, own + shape * np.eye(2)

    def centre(self) -> tuple[Array, Array]:
        """Waterline centre, shape (1, 2), and own covariance, shape (1, 2, 2)."""
        return self._with_covariance(np.zeros((1, 2)))

    def ends(self) -> Array:
        """Bow and stern (which is which is not known) over all, on the sea; shape (2, 2)."""
        places: Array = _on_sea(self.parameters[None], np.array([[0.5, 0.0], [-0.5, 0.0]]) * DECK_LENGTH)[0]
        return places

    def _with_covariance(self, shape: Array) -> tuple[Array, Array]:
        stack = np.concatenate([self.parameters[None], self.parameters + np.diag(_STEP)])
        places = _on_sea(stack, shape)
        jacobian = np.moveaxis((places[1:] - places[0]) / _STEP[:, None, None], 0, -1)
        return places[0], jacobian @ self.covariance @ np.swapaxes(jacobian, 1, 2)


def fit_hull(camera: Cameras, box: OrientedBox, kind: ObjectKind) -> HullFit | None:
    """The craft whose picture fills the box, or None where its near edge is above the horizon.

    Args:
        camera: One camera, the nominal one.
        box: As detected.
        kind: A craft.
    """
    prior = PRIORS[kind]
    fits = [fit for swapped in (False, True) if (fit := _fit(camera, box, prior, swapped=swapped)) is not None]
    return min(fits, key=lambda fit: fit.cost) if fits else None


def _fit(camera: Cameras, box: OrientedBox, prior: CraftPrior, *, swapped: bool) -> HullFit | None:
    """Gauss-Newton from the box laid on the sea. `swapped`: the keel lies along the box's short side."""
    if swapped and box.length_px > 2.2 * box.width_px:
        return None
    start = _start(camera, box, prior, swapped=swapped)
    if start is None:
        return None
    task = _Task.of(camera, box, prior, swapped=swapped)
    parameters, residual, jacobian = start, np.zeros(0), np.zeros((0, 6))
    for _ in range(_ITERATIONS):
        residuals = task.residuals(np.concatenate([parameters[None], parameters + np.diag(_STEP)]))
        residual, jacobian = residuals[0], ((residuals[1:] - residuals[0]) / _STEP[:, None]).T
        move = np.linalg.lstsq(jacobian, -residual, rcond=None)[0]
        move = np.clip(move, -_MAX_MOVE, _MAX_MOVE)
        parameters = parameters + move
        if np.abs(move).max() < 1e-4:
            break
    if not np.isfinite(parameters).all():
        return None
    final = task.residuals(parameters[None])[0]
    covariance = np.asarray(np.linalg.pinv(jacobian.T @ jacobian), dtype=np.float64)
    return HullFit(parameters, covariance, float(final @ final))


def _start(camera: Cameras, box: OrientedBox, prior: CraftPrior, *, swapped: bool) -> Array | None:
    along, across = _axes(box)
    half_along, half_across = along * box.length_px / 2, across * box.width_px / 2
    keel = half_across if swapped else half_along
    centre = np.array([box.cx_px, box.cy_px])
    down = np.array([0.0, abs(half_along[1]) + abs(half_across[1])])
    for lowered in (0.4, 0.8, 1.0):
        middle = centre + lowered * down
        pixels = np.stack([middle, middle + 0.5 * keel, middle - 0.5 * keel])
        places, seen = sea_from_image(camera, pixels, np.zeros(3))
        if seen[0].all():
            break
    else:
        return None
    direction = places[0, 1] - places[0, 2]
    base = np.array([camera.east_m[0], camera.north_m[0]])
    reach = float(np.hypot(np.hypot(*(places[0, 0] - base)), camera.height_m[0]))
    visible_m = (box.width_px if swapped else box.length_px) * reach / camera.focal_px[0]
    log_length = float(np.clip(np.log(max(visible_m, 0.5)), *_bounds(prior)))
    log_beam = log_length + prior.log_beam_share[0]
    return np.array([*places[0, 0], np.arctan2(*direction), log_length, log_beam, log_beam + prior.log_height_share[0]])


def _bounds(prior: CraftPrior) -> tuple[float, float]:
    mean, spread = prior.log_length_m
    return mean - 2 * spread, mean + 2 * spread


def _axes(box: OrientedBox) -> tuple[Array, Array]:
    angle = np.radians(box.angle_deg)
    return np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])


@dataclass(frozen=True, slots=True)
class _Task:
    """What stays the same while one craft is fitted to one box.

    Attributes:
        axes: of the box in the picture, along and across, shape (2, 2).
        half_px, edge_px: half of the box's length and width, and the standard errors of those edges.
        off_keel: which axis the keel ought not to follow: 1 where it lies along the box, 0 where across.
        loose_px: standard error of the keel's ends off that axis.
        cut: edges where the picture ends before the craft does, in the order of `residuals`.
        shape, rise: the craft's corners, see `_solid`.
    """

    camera: Cameras
    prior: CraftPrior
    centre_px: Array
    axes: Array
    half_px: Array
    edge_px: Array
    off_keel: int
    loose_px: float
    cut: list[int]
    shape: Array
    rise: Array

    @classmethod
    def of(cls, camera: Cameras, box: OrientedBox, prior: CraftPrior, *, swapped: bool) -> Self:
        """A detector's box edge jitters by about a pixel or 3 % of the box."""
        shape, rise = _solid(prior)
        along_px = max(1.0, 0.03 * box.length_px)
        return cls(
            camera=camera,
            prior=prior,
            centre_px=np.array([box.cx_px, box.cy_px]),
            axes=np.stack(_axes(box)),
            half_px=np.array([box.length_px, box.width_px]) / 2,
            edge_px=np.array([along_px, max(along_px, 0.04 * box.width_px)]),
            off_keel=0 if swapped else 1,
            # At the ends of the box, the keel may lie off its axis by a share of the width.
            loose_px=max(1.5, 0.15 * (box.length_px if swapped else box.width_px)),
            cut=_cut_edges(camera, box),
            shape=shape,
            rise=rise,
        )

    def residuals(self, stack: Array) -> Array:
        """In standard errors, shape (P, 8): four box edges, keel direction, three priors."""
        count, points = stack.shape[0], self.shape.shape[0]
        solid = np.empty((count, points, 3))
        solid[..., :2] = _on_sea(stack, self.shape)
        solid[..., 2] = np.exp(stack[:, 5:6]) * self.rise
        seen = image_from_sea(self.camera, solid.reshape(1, -1, 3))[0, :, :2].reshape(count, points, 2)
        boxed = (seen - self.centre_px) @ self.axes.T
        off_axis = (boxed[:, -2] - boxed[:, -1])[:, self.off_keel]
        beyond = np.concatenate(
            [boxed.max(axis=1) - self.half_px, -boxed.min(axis=1) - self.half_px], axis=1
        ) / np.tile(self.edge_px, 2)
        # Where the picture cuts the craft, it reaches at least to the edge of the box, and nobody knows how much
        # farther.
        beyond[:, self.cut] = np.minimum(beyond[:, self.cut], 0.0)
        shares = np.stack([stack[:, 3], stack[:, 4] - stack[:, 3], stack[:, 5] - stack[:, 4]], axis=1)
        means, spreads = np.transpose([self.prior.log_length_m, self.prior.log_beam_share, self.prior.log_height_share])
        return np.concatenate([beyond, off_axis[:, None] / self.loose_px, (shares - means) / spreads], axis=1)


def _cut_edges(camera: Cameras, box: OrientedBox) -> list[int]:
    """Which edges of the box lie on the border of the picture: of +along, +across, -along, -across."""
    along, across = _axes(box)
    half = (
        along * box.length_px / 2,
        across * box.width_px / 2,
        -along * box.length_px / 2,
        -across * box.width_px / 2,
    )
    size = 2 * np.array(camera.centre_px)
    middles = np.array([box.cx_px, box.cy_px]) + np.stack(half)
    on_border = (middles < BORDER_PX) | (middles > size - BORDER_PX)
    return [int(index) for index in np.flatnonzero(on_border.any(axis=1))]


def _on_sea(stack: Array, shape: Array) -> Array:
    """Points given in units of length and beam, on the sea; shape (P, K, 2)."""
    axis = stack[:, 2:3]
    forward = np.stack([np.sin(axis), np.cos(axis)], axis=-1)
    left = np.stack([-np.cos(axis), np.sin(axis)], axis=-1)
    length, beam = np.exp(stack[:, 3]), np.exp(stack[:, 4])
    along = shape[None, :, 0:1] * length[:, None, None]
    across = shape[None, :, 1:2] * beam[:, None, None]
    places: Array = stack[:, None, :2] + along * forward + across * left
    return places


def _solid(prior: CraftPrior) -> tuple[Array, Array]:
    """The craft's corners: places in units of length and beam, shape (22, 2), and heights in units of its height,
    shape (22,). The last two are the ends of the keel line."""
    cabin_half = np.array([prior.cabin_length_share, prior.cabin_beam_share]) / 2
    cabin = np.array([[1, 1], [1, -1], [-1, -1], [-1, 1]]) * cabin_half
    deck = OUTLINE * [DECK_LENGTH, DECK_BEAM]
    keel = np.array([[0.5, 0.0], [-0.5, 0.0]])
    rise = np.repeat([0.0, prior.freeboard_share, 1.0, 0.0], [len(OUTLINE), len(deck), len(cabin), len(keel)])
    return np.concatenate([OUTLINE, deck, cabin, keel]), rise
