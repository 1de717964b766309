"""The verb *locate*: points, detections and pairs of points on the sea."""

import numpy as np

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
from wideberth_distance.core.detected import located
from wideberth_distance.core.draws import draw_sources, pair_separation
from wideberth_distance.core.placing import Picked, place_points
from wideberth_distance.core.projection import Cameras, cameras_of

PAIR_DRAWS = 4000


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
        detections=located(pose, cameras, request.origin, request.detections),
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
