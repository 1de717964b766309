"""Metres between two points that a person picked in one frame, with where the error comes from."""

import asyncio
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from wideberth_contracts.errors import BadInput, NotFound
from wideberth_contracts.poses import NoPose
from wideberth_contracts.positions import (
    ImagePoint,
    LocateRequest,
    PointPair,
    Position,
    separation_effects_m,
)
from wideberth_contracts.wire import Measured
from wideberth_pipeline import Stages, load_plan
from wideberth_pipeline.plan import load_poses

Pixel = tuple[Annotated[float, Field(allow_inf_nan=False)], Annotated[float, Field(allow_inf_nan=False)]]


class MeasureAsked(BaseModel):
    """Two points of one sensed frame.

    Attributes:
        height_above_water_m: of both points; 0 for waterlines.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    pts: int
    a_px: Pixel
    b_px: Pixel
    height_above_water_m: Annotated[float, Field(ge=0, le=50)] = 0.0


class Effect(BaseModel):
    """What one standard error of a source does to the distance."""

    model_config = ConfigDict(frozen=True)

    source: str
    sigma_m: float


class Measurement(BaseModel):
    """The distance with its 95 % interval, and the chain behind it.

    Attributes:
        effects: largest first.
        camera_height_m, camera_pitch_deg, focal_px: of the frame's pose, with standard errors.
    """

    model_config = ConfigDict(frozen=True)

    separation_m: float
    sigma_m: float
    interval_95_m: tuple[float, float]
    effects: tuple[Effect, ...]
    camera_height_m: Measured
    camera_pitch_deg: Measured
    focal_px: Measured


async def measure(stages: Stages, folder: Path, asked: MeasureAsked) -> Measurement:
    """Through the same port that measures vessels and animals.

    Raises:
        NotFound: no sensed frame has that PTS.
        BadInput: the frame has no pose, or a point lies above the horizon.
    """
    plan = await asyncio.to_thread(load_plan, folder)
    poses = await asyncio.to_thread(load_poses, folder)
    pose = poses.get(asked.pts)
    where = f"frame {asked.pts}"
    if pose is None:
        raise NotFound("no frame of that time was looked at", where=where, remedy="pick a frame that has an overlay")
    if isinstance(pose, NoPose):
        remedy = "metres need telemetry with height and gimbal pitch, or a horizon in view"
        raise BadInput(f"the camera's pose is not known: {pose.reason.value}", where=where, remedy=remedy)
    above = Measured(value=asked.height_above_water_m, sigma=0.0)
    picked = tuple(ImagePoint(x_px=x, y_px=y, height_above_water_m=above) for x, y in (asked.a_px, asked.b_px))
    request = LocateRequest(pose=pose, origin=plan.origin, points=picked, pairs=(PointPair(a=0, b=1),))
    answer = await stages.distance.locate(request)
    a, b = answer.points
    separation = answer.separations[0].separation
    if not isinstance(a, Position) or not isinstance(b, Position) or separation is None:
        remedy = "pick points on the water below the horizon"
        raise BadInput("a point has no place on the sea", where=where, remedy=remedy)
    effects = sorted(separation_effects_m(a, b).items(), key=lambda one: -abs(one[1]))
    return Measurement(
        separation_m=separation.value_m,
        sigma_m=separation.sigma_m,
        interval_95_m=(separation.interval_95_m.low, separation.interval_95_m.high),
        effects=tuple(Effect(source=source, sigma_m=abs(value)) for source, value in effects),
        camera_height_m=pose.height_m,
        camera_pitch_deg=pose.pitch_deg,
        focal_px=pose.focal_px,
    )
