"""The verb *locate*: points, detections and pairs of points on the sea."""

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
from wideberth_distance.core.projection import SOURCES, Array, Cameras, cameras_of, image_from_sea, sea_from_image

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
        detections=tuple(_detection(pose, cameras, request.origin, each) for each in request.detections),
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


def _detection(pose: CameraPose, cameras: Cameras, origin: GeoOrigin | None, detection: Detection) -> LocatedDetection:
    if detection.kind.is_craft:
        fit = fit_hull(cameras.nominal(), detection.box, detection.kind)
        if fit is not None:
            return _craft(pose, cameras, origin, detection, fit)
    return _body(pose, cameras, origin, detection)


def _craft(
    pose: CameraPose, cameras: Cameras, origin: GeoOrigin | None, detection: Detection, fit: HullFit
) -> LocatedDetection:
    """A craft by its fitted waterline; its points are re-projected through every variant as if picked."""
    outline, outline_own = fit.outline()
    centre, centre_own = fit.centre()
    places = np.concatenate([centre, outline])
    on_sea = np.concatenate([places, np.zeros((places.shape[0], 1))], axis=1)
    pixels = image_from_sea(cameras.nominal(), on_sea[None])[0, :, :2]
    zeros = np.zeros(places.shape[0])
    picked = Picked(pixels, zeros, zeros, zeros, np.concatenate([centre_own, outline_own]))
    positions = place_points(cameras, pose.significant_wave_height_m, origin, picked)
    if not all(isinstance(position, Position) for position in positions):
        absent = next(position for position in positions if not isinstance(position, Position))
        return LocatedDetection(detection=detection, position=absent)
    ends = np.concatenate([fit.ends(), np.zeros((2, 1))], axis=1)
    end_pixels = image_from_sea(cameras.nominal(), ends[None])[0, :, :2]
    length = _length(cameras, end_pixels, 0.0, own_sigma_m=fit.length_m * float(np.sqrt(fit.covariance[3, 3])))
    return LocatedDetection(
        detection=detection,
        position=positions[0],
        outline=tuple(p for p in positions[1:] if isinstance(p, Position)),
        length_m=length,
        axis_deg=fit.axis_deg,
        ground_sample_m=_ground_sample_m(cameras, centre[0]),
    )


def _body(pose: CameraPose, cameras: Cameras, origin: GeoOrigin | None, detection: Detection) -> LocatedDetection:
    """An animal or a swimmer (or a craft too near the horizon to be fitted) by the middle of its box."""
    box = detection.box
    is_craft = detection.kind.is_craft
    picked = Picked(
        pixels=np.array([_waterline_px(box) if is_craft else [box.cx_px, box.cy_px]]),
        sigma_px=np.array([max(1.0, ANIMAL_EDGE_SHARE * box.length_px)]),
        heights_m=np.array([0.0 if is_craft else BODY_HEIGHT_M]),
        height_sigmas_m=np.array([BODY_HEIGHT_SIGMA_M]),
    )
    position = place_points(cameras, pose.significant_wave_height_m, origin, picked)[0]
    if not isinstance(position, Position):
        return LocatedDetection(detection=detection, position=position)
    angle = np.radians(box.angle_deg)
    half = np.array([np.cos(angle), np.sin(angle)]) * box.length_px / 2
    ends = picked.pixels + np.stack([half, -half])
    places, seen = sea_from_image(cameras.nominal(), ends, np.full(2, picked.heights_m[0]))
    sample_m = _ground_sample_m(cameras, np.array([position.east_m, position.north_m]))
    if not seen.all() or detection.kind is ObjectKind.SWIMMER:
        return LocatedDetection(detection=detection, position=position, ground_sample_m=sample_m)
    own_sigma_m = float(np.hypot(*(places[0, 0] - places[0, 1]))) * 2**0.5 * ANIMAL_EDGE_SHARE
    direction = places[0, 0] - places[0, 1]
    return LocatedDetection(
        detection=detection,
        position=position,
        length_m=_length(cameras, ends, float(picked.heights_m[0]), own_sigma_m),
        axis_deg=float(np.degrees(np.arctan2(direction[0], direction[1])) % 180.0) % 180.0,
        ground_sample_m=sample_m,
    )


def _waterline_px(box: OrientedBox) -> list[float]:
    """Middle of the lower edge of the upright box: the near waterline."""
    _, _, _, bottom = box.xyxy_px()
    return [box.cx_px, bottom]


def _length(cameras: Cameras, ends_px: Array, height_m: float, own_sigma_m: float) -> Measured | None:
    """Distance of two ends through every variant: the value, and its error from the pose and its own."""
    places, seen = sea_from_image(cameras, ends_px, np.full(2, height_m))
    if not seen.all():
        return None
    lengths = np.hypot(*np.moveaxis(places[:, 0] - places[:, 1], -1, 0))
    halves = [(lengths[1 + 2 * i] - lengths[2 + 2 * i]) / 2 for i in range(len(SOURCES))]
    return Measured(value=float(lengths[0]), sigma=float(np.sqrt(np.sum(np.square(halves)) + own_sigma_m**2)))


def _ground_sample_m(cameras: Cameras, place: Array) -> float:
    base = np.array([cameras.east_m[0], cameras.north_m[0]])
    return float(np.hypot(np.hypot(*(place - base)), cameras.height_m[0]) / cameras.focal_px[0])
