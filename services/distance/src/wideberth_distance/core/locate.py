"""The verb *locate*: points, detections and pairs of points on the sea."""

from dataclasses import dataclass

import numpy as np

from wideberth_contracts.detections import Detection, ObjectKind, OrientedBox
from wideberth_contracts.poses import CameraPose, GeoOrigin, NoPose
from wideberth_contracts.positions import (
    ImagePoint,
    LocateAnswer,
    LocatedDetection,
    LocateRequest,
    MaybePosition,
    NoPosition,
    PointSeparation,
    Position,
    PositionAbsence,
)
from wideberth_contracts.wire import Measured
from wideberth_distance.core.draws import draw_sources, pair_separation
from wideberth_distance.core.hull import HullFit, fit_hull
from wideberth_distance.core.placing import Picked, place_points
from wideberth_distance.core.projection import Array, Cameras, Mask, cameras_of, image_from_sea, sea_from_image

PAIR_DRAWS = 4000
BODY_HEIGHT_M, BODY_HEIGHT_SIGMA_M = -0.15, 0.2
"""The middle of what is seen of a dolphin or a swimmer: a back above the water, and flanks that show through it."""
ANIMAL_EDGE_SHARE = 0.06
"""Jitter of a box's centre, as a share of its sides."""


def locate(request: LocateRequest) -> LocateAnswer:
    """Everything asked, in the order asked."""
    if isinstance(request.pose, NoPose):
        reason = NoPosition(reason=PositionAbsence.NO_POSE, detail=request.pose.reason.value)
        return LocateAnswer(
            points=tuple(reason for _ in request.points),
            detections=tuple(LocatedDetection(detection=d, position=reason) for d in request.detections),
            separations=tuple(PointSeparation(pair=pair, separation=None) for pair in request.pairs),
        )
    pose, cameras = request.pose, cameras_of(request.pose)
    points = _points(pose, cameras, request.origin, request.points)
    return LocateAnswer(
        points=tuple(points),
        detections=_located(pose, cameras, request.origin, request.detections),
        separations=tuple(_pairs(request, points)),
    )


def _points(
    pose: CameraPose, cameras: Cameras, origin: GeoOrigin | None, points: tuple[ImagePoint, ...]
) -> list[MaybePosition]:
    picked = Picked(
        pixels=np.array([[p.x_px, p.y_px] for p in points], dtype=np.float64).reshape(-1, 2),
        sigma_px=np.array([p.sigma_px for p in points], dtype=np.float64),
        heights_m=np.array([p.height_above_water_m.value for p in points], dtype=np.float64),
        height_sigmas_m=np.array([p.height_above_water_m.sigma for p in points], dtype=np.float64),
    )
    return place_points(cameras, pose.significant_wave_height_m, origin, picked)


def _pairs(request: LocateRequest, points: list[MaybePosition]) -> list[PointSeparation]:
    draws = draw_sources(PAIR_DRAWS, seed=0) if request.pairs else None
    answers = []
    for pair in request.pairs:
        ends = [points[index] if index < len(points) else None for index in (pair.a, pair.b)]
        a, b = ends
        separation = None
        if draws is not None and isinstance(a, Position) and isinstance(b, Position):
            separation = pair_separation(a, b, draws, request.thresholds_m)
        answers.append(PointSeparation(pair=pair, separation=separation))
    return answers


def _located(
    pose: CameraPose, cameras: Cameras, origin: GeoOrigin | None, detections: tuple[Detection, ...]
) -> tuple[LocatedDetection, ...]:
    """All detections of a frame, projected in one go: numpy's calls cost more than the sums in them."""
    sightings = [_sighting(cameras, detection) for detection in detections]
    if not sightings:
        return ()
    picked = Picked.joined([sighting.picked for sighting in sightings])
    positions = place_points(cameras, pose.significant_wave_height_m, origin, picked)
    heights_m = np.repeat([sighting.ends_height_m for sighting in sightings], 2)
    ends_m, seen = sea_from_image(cameras, np.concatenate([sighting.ends_px for sighting in sightings]), heights_m)
    located, first = [], 0
    for number, sighting in enumerate(sightings):
        last = first + sighting.picked.pixels.shape[0]
        ends = _Ends(ends_m[:, 2 * number : 2 * number + 2], seen[:, 2 * number : 2 * number + 2])
        located.append(_placed(cameras, sighting, positions[first:last], ends))
        first = last
    return tuple(located)


@dataclass(frozen=True, slots=True)
class _Sighting:
    """What of a detection is projected.

    Attributes:
        picked: the place itself, then the outline if there is a fit.
        ends_px: of the long side, shape (2, 2), as points `ends_height_m` above the water.
    """

    detection: Detection
    picked: Picked
    ends_px: Array
    ends_height_m: float
    fit: HullFit | None = None


@dataclass(frozen=True, slots=True)
class _Ends:
    """Both ends of the long side through every camera: places, shape (V, 2, 2), and where they exist, shape (V, 2)."""

    places: Array
    seen: Mask

    def along(self) -> Array:
        """From one end to the other, nominally; shape (2,)."""
        return np.asarray(self.places[0, 0] - self.places[0, 1])

    def length_m(self, own_sigma_m: float) -> Measured | None:
        """Their distance, and its error from the pose and its own; None where a variant does not see both."""
        if not self.seen.all():
            return None
        lengths = np.hypot(*np.moveaxis(self.places[:, 0] - self.places[:, 1], -1, 0))
        halves = (lengths[1::2] - lengths[2::2]) / 2
        return Measured(value=float(lengths[0]), sigma=float(np.sqrt(np.sum(np.square(halves)) + own_sigma_m**2)))


def _sighting(cameras: Cameras, detection: Detection) -> _Sighting:
    if detection.kind.is_craft:
        fit = fit_hull(cameras.nominal(), detection.box, detection.kind)
        if fit is not None:
            return _craft(cameras, detection, fit)
    return _body(detection)


def _craft(cameras: Cameras, detection: Detection, fit: HullFit) -> _Sighting:
    """A craft by its fitted waterline; its points are re-projected through every variant as if picked."""
    outline, outline_own = fit.outline()
    centre, centre_own = fit.centre()
    places = np.concatenate([centre, outline, fit.ends()])
    on_sea = np.concatenate([places, np.zeros((places.shape[0], 1))], axis=1)
    pixels = image_from_sea(cameras.nominal(), on_sea[None])[0, :, :2]
    zeros = np.zeros(places.shape[0] - 2)
    picked = Picked(pixels[:-2], zeros, zeros, zeros, np.concatenate([centre_own, outline_own]))
    return _Sighting(detection, picked, pixels[-2:], 0.0, fit)


def _body(detection: Detection) -> _Sighting:
    """An animal or a swimmer (or a craft too near the horizon to be fitted) by the middle of its box."""
    box = detection.box
    is_craft = detection.kind.is_craft
    height_m = 0.0 if is_craft else BODY_HEIGHT_M
    picked = Picked(
        pixels=np.array([_waterline_px(box) if is_craft else [box.cx_px, box.cy_px]]),
        sigma_px=np.array([max(1.0, ANIMAL_EDGE_SHARE * box.length_px)]),
        heights_m=np.array([height_m]),
        height_sigmas_m=np.array([BODY_HEIGHT_SIGMA_M]),
    )
    angle = np.radians(box.angle_deg)
    half = np.array([np.cos(angle), np.sin(angle)]) * box.length_px / 2
    return _Sighting(detection, picked, picked.pixels + np.stack([half, -half]), height_m)


def _placed(cameras: Cameras, sighting: _Sighting, positions: list[MaybePosition], ends: _Ends) -> LocatedDetection:
    detection, fit = sighting.detection, sighting.fit
    found = [position for position in positions if isinstance(position, Position)]
    if len(found) < len(positions):
        absent = next(position for position in positions if not isinstance(position, Position))
        return LocatedDetection(detection=detection, position=absent)
    if fit is not None:
        return LocatedDetection(
            detection=detection,
            position=found[0],
            outline=tuple(found[1:]),
            length_m=ends.length_m(own_sigma_m=fit.length_m * float(np.sqrt(fit.covariance[3, 3]))),
            axis_deg=fit.axis_deg,
            ground_sample_m=_ground_sample_m(cameras, fit.parameters[:2]),
        )
    sample_m = _ground_sample_m(cameras, np.array([found[0].east_m, found[0].north_m]))
    if not ends.seen[0].all() or detection.kind is ObjectKind.SWIMMER:
        return LocatedDetection(detection=detection, position=found[0], ground_sample_m=sample_m)
    along = ends.along()
    return LocatedDetection(
        detection=detection,
        position=found[0],
        length_m=ends.length_m(own_sigma_m=float(np.hypot(*along)) * 2**0.5 * ANIMAL_EDGE_SHARE),
        axis_deg=float(np.degrees(np.arctan2(along[0], along[1])) % 180.0) % 180.0,
        ground_sample_m=sample_m,
    )


def _waterline_px(box: OrientedBox) -> list[float]:
    """Middle of the lower edge of the upright box: the near waterline."""
    _, _, _, bottom = box.xyxy_px()
    return [box.cx_px, bottom]


def _ground_sample_m(cameras: Cameras, place: Array) -> float:
    base = np.array([cameras.east_m[0], cameras.north_m[0]])
    return float(np.hypot(np.hypot(*(place - base)), cameras.height_m[0]) / cameras.focal_px[0])
