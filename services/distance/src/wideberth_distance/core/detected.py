"""Detections of one frame put on the sea, all in one go: numpy's calls cost more than the sums in them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from wideberth_contracts.detections import Detection, ObjectKind
from wideberth_contracts.poses import CameraPose, GeoOrigin
from wideberth_contracts.positions import LocatedDetection, MaybePosition, Position
from wideberth_contracts.wire import Measured
from wideberth_distance.core.hull import Hulls, fit_hulls
from wideberth_distance.core.hull_terms import Boxes, Places
from wideberth_distance.core.placing import Picked, place_points
from wideberth_distance.core.projection import Array, Cameras, Mask, image_from_sea, sea_from_image

BODY_HEIGHT_M, BODY_HEIGHT_SIGMA_M = -0.15, 0.2
"""The middle of what is seen of a dolphin or a swimmer: a back above the water, and flanks that show through it."""
ANIMAL_EDGE_SHARE = 0.06
"""Jitter of a box's centre, as a share of its sides."""


def located(
    pose: CameraPose, cameras: Cameras, origin: GeoOrigin | None, detections: tuple[Detection, ...]
) -> tuple[LocatedDetection, ...]:
    """Every detection on the sea, in the order given."""
    if not detections:
        return ()
    rows = [(d.box.cx_px, d.box.cy_px, d.box.length_px, d.box.width_px, d.box.angle_deg) for d in detections]
    boxes = Boxes.of(np.array(rows))
    craft = np.array([index for index, each in enumerate(detections) if each.kind.is_craft], dtype=np.intp)
    hulls, fitted = fit_hulls(cameras.nominal(), boxes.at(craft), [detections[index].kind for index in craft])
    others = np.setdiff1d(np.arange(len(detections)), craft[fitted])
    parts = (_of_hulls(cameras, hulls, craft[fitted]), _of_bodies(boxes.at(others), others, np.isin(others, craft)))
    picked = Picked.joined([part.picked for part in parts])
    positions = place_points(cameras, pose.significant_wave_height_m, origin, picked)
    camera = (cameras.east_m[0], cameras.north_m[0], cameras.height_m[0], cameras.focal_px[0])
    answer: dict[int, LocatedDetection] = {}
    left = iter(positions)
    for part in parts:
        for member, length_m, axis_deg in zip(part.members.tolist(), *_sizes(cameras, part), strict=True):
            own = list(islice(left, part.points))
            answer[member] = _placed(detections[member], own, (length_m, axis_deg), camera)
    return tuple(answer[index] for index in range(len(detections)))


@dataclass(frozen=True, slots=True)
class _Part:
    """What of N detections is projected.

    Attributes:
        members: which detections they are, shape (N,).
        points: how many a detection: the place itself, then the outline if there is a fit.
        ends_px: of the long side, shape (N, 2, 2), as points `ends_height_m` above the water, shape (N,).
        length_share: own standard error of the length, as a share of it, shape (N,).
        axis_deg: of the fitted keel, shape (N,); None where the ends tell.
    """

    members: Places
    points: int
    picked: Picked
    ends_px: Array
    ends_height_m: Array
    length_share: Array
    axis_deg: Array | None = None


def _of_hulls(cameras: Cameras, hulls: Hulls, members: Places) -> _Part:
    """Craft by their fitted waterlines; their points are re-projected through every variant as if picked."""
    outlines, outlines_own = hulls.outlines()
    centres, centres_own = hulls.centres()
    places = np.concatenate([centres, outlines, hulls.ends()], axis=1)
    on_sea = np.concatenate([places, np.zeros((*places.shape[:2], 1))], axis=2)
    pixels = image_from_sea(cameras.nominal(), on_sea.reshape(1, -1, 3))[0, :, :2].reshape(places.shape)
    own = np.concatenate([centres_own, outlines_own], axis=1).reshape(-1, 2, 2)
    zeros = np.zeros(len(own))
    return _Part(
        members=members,
        points=1 + outlines.shape[1],
        picked=Picked(pixels[:, :-2].reshape(-1, 2), zeros, zeros, zeros, own),
        ends_px=pixels[:, -2:],
        ends_height_m=np.zeros(len(members)),
        length_share=np.sqrt(hulls.covariance[:, 3, 3]),
        axis_deg=hulls.axis_deg(),
    )


def _of_bodies(boxes: Boxes, members: Places, is_craft: Mask) -> _Part:
    """Animals and swimmers by the middles of their boxes; craft too near the horizon to be fitted by the middle of the
    upright box's lower edge, the near waterline."""
    halves = boxes.halves()
    down = np.where(is_craft, np.abs(halves[:, :, 1]).sum(axis=1), 0.0)
    pixels = boxes.centre_px + np.stack([0 * down, down], axis=1)
    heights_m = np.where(is_craft, 0.0, BODY_HEIGHT_M)
    sigma_px = np.maximum(1.0, ANIMAL_EDGE_SHARE * boxes.size_px[:, 0])
    return _Part(
        members=members,
        points=1,
        picked=Picked(pixels, sigma_px, heights_m, np.full(len(members), BODY_HEIGHT_SIGMA_M)),
        ends_px=pixels[:, None] + np.stack([halves[:, 0], -halves[:, 0]], axis=1),
        ends_height_m=heights_m,
        length_share=np.full(len(members), 2**0.5 * ANIMAL_EDGE_SHARE),
    )


def _sizes(cameras: Cameras, part: _Part) -> tuple[list[Measured | None], list[float | None]]:
    """Lengths and axes, from the ends of the long sides through every camera.

    There is no length where a variant of the camera does not see both ends, and no axis where the nominal one does not.
    """
    places, seen = sea_from_image(cameras, part.ends_px.reshape(-1, 2), np.repeat(part.ends_height_m, 2))
    along, both = places[:, 0::2] - places[:, 1::2], seen[:, 0::2] & seen[:, 1::2]
    lengths = np.hypot(along[..., 0], along[..., 1])
    halves = (lengths[1::2] - lengths[2::2]) / 2
    sigmas = np.sqrt(np.square(halves).sum(axis=0) + (lengths[0] * part.length_share) ** 2)
    by_all = np.asarray(both.all(axis=0)).tolist()
    axes, told = part.axis_deg, np.ones(len(part.members), dtype=bool)
    if axes is None:
        axes, told = np.degrees(np.arctan2(along[0, :, 0], along[0, :, 1])) % 180.0 % 180.0, both[0]
    return (
        [
            Measured(value=value, sigma=sigma) if seen_by_all else None
            for seen_by_all, value, sigma in zip(by_all, lengths[0].tolist(), sigmas.tolist(), strict=True)
        ],
        [axis if known else None for axis, known in zip(axes.tolist(), told.tolist(), strict=True)],
    )


def _placed(
    detection: Detection,
    positions: Sequence[MaybePosition],
    size: tuple[Measured | None, float | None],
    camera: tuple[float, float, float, float],
) -> LocatedDetection:
    """One detection; `camera`: east, north, height (m) and focal length (px)."""
    found = [position for position in positions if isinstance(position, Position)]
    if len(found) < len(positions):
        absent = next(position for position in positions if not isinstance(position, Position))
        return LocatedDetection(detection=detection, position=absent)
    place, (length_m, axis_deg) = found[0], size
    if detection.kind is ObjectKind.SWIMMER or axis_deg is None:
        length_m = axis_deg = None
    east_m, north_m, height_m, focal_px = camera
    return LocatedDetection(
        detection=detection,
        position=place,
        outline=tuple(found[1:]),
        length_m=length_m,
        axis_deg=axis_deg,
        ground_sample_m=math.hypot(place.east_m - east_m, place.north_m - north_m, height_m) / focal_px,
    )
