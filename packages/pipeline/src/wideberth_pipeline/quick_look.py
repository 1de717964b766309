"""What a clip and its telemetry are good for, seconds after they came and before anything is sensed.

Reads the header, the telemetry and no picture but the first: how sharply a separation of 50 m could be measured in the
middle of the frame, along the time of the clip.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field

from wideberth_contracts.errors import InternalFault
from wideberth_contracts.joining import Join, VideoFacts
from wideberth_contracts.ports import DistancePort
from wideberth_contracts.poses import (
    CameraPose,
    FlightContext,
    FramePose,
    FrameTime,
    GeoOrigin,
    PosesAnswer,
    PosesRequest,
    TelemetryGrade,
    TelemetryRecord,
)
from wideberth_contracts.positions import ImagePoint, LocateRequest, NoPosition, PointPair, Separation
from wideberth_contracts.wire import (
    Fraction,
    Latitude,
    Longitude,
    NonNegative,
    Positive,
    Rejection,
    Sha256,
    UtcDatetime,
    Wire,
)
from wideberth_media import VideoInfo, probe
from wideberth_pipeline.inputs import refuse_mixed_up
from wideberth_pipeline.inside import Found, best_inside

APART_M = 50.0
STEP_S = 2.0
MOMENTS = 200
"""At most; longer clips are looked at in wider steps."""

PATH_POINTS = 500
PROBE_PX = 10.0
"""Half the baseline that tells how many metres a pixel is."""

NO_RANGE = "no_range"
"""Both points have one position: the scale there cannot be told."""


class LookMoment(Wire):
    """One time of the clip.

    Attributes:
        sigma_m: standard error of a separation of 50 m across the middle of the frame; None where `absence` says why.
    """

    t_s: NonNegative
    sigma_m: NonNegative | None
    absence: str | None = None


class PathPoint(Wire):
    """Where the drone was, on the clock of the video."""

    t_s: float
    latitude: Latitude
    longitude: Longitude
    height_above_takeoff_m: float | None


class QuickLook(Wire):
    """A clip with its telemetry, as far as can be told without looking at its frames.

    Attributes:
        average_fps: 0 where the container does not state it.
        dialect: of the telemetry; None without any.
        measurable_fraction: of the moments looked at, those with a `sigma_m`.
        absences: why the others have none, most frequent first.
        join: how rows were put to the video; its `refused` names a wrong pairing. Pictures are not compared here.
        notes: of reading and joining, in English, each naming its file.
    """

    video: str
    video_sha256: Sha256
    width_px: Annotated[int, Field(gt=0)]
    height_px: Annotated[int, Field(gt=0)]
    codec: str
    duration_s: NonNegative
    average_fps: NonNegative
    has_audio: bool
    has_subtitles: bool
    created_at: UtcDatetime | None
    starts_at: UtcDatetime | None
    telemetry: str | None
    dialect: str | None
    grade: TelemetryGrade
    apart_m: Positive = APART_M
    measurable_fraction: Fraction
    moments: tuple[LookMoment, ...]
    absences: tuple[Rejection, ...]
    path: tuple[PathPoint, ...]
    join: Join | None
    notes: tuple[str, ...]


async def quick_look(
    distance: DistancePort, video: Path, sha256: str, telemetry: Path | None, context: FlightContext
) -> QuickLook:
    """The look at a clip.

    Args:
        distance: reads telemetry, makes poses, puts points on the sea.
        video: the file.
        sha256: of the video, which is not read again for it.
        telemetry: beside the video; tracks inside are found by themselves.
        context: what a person knows of the flight.

    Raises:
        UnreadableVideo, UnreadableTelemetry, BadInput: as `plan`.
    """
    await asyncio.to_thread(refuse_mixed_up, video, telemetry)
    info = await asyncio.to_thread(probe, video, sha256=sha256)
    given = await _given(distance, telemetry, context)
    inside = await best_inside(distance, video, context.utc_offset_h, given)
    record = inside.best.record if inside.best else None
    times = moments_of(info.duration_s)
    facts = _facts(video, info, inside=inside.best is not None and inside.best is not given)
    answer = await distance.poses(
        PosesRequest(
            telemetry=record,
            moments=tuple(FrameTime(t_s=t, width_px=info.width_px, height_px=info.height_px) for t in times),
            context=context.model_copy(update={"fps": context.fps or info.average_fps or None}),
            video=facts,
        )
    )
    moments = [await _moment(distance, t, pose, answer.origin) for t, pose in zip(times, answer.poses, strict=True)]
    return _said(info, facts, record, answer, tuple(moments), (*inside.notes, *answer.warnings))


def moments_of(duration_s: float) -> tuple[float, ...]:
    """Times to look at, s: every two seconds, or `MOMENTS` of them evenly over a longer clip; at least the first."""
    step_s = max(STEP_S, duration_s / MOMENTS)
    return tuple(k * step_s for k in range(max(1, min(MOMENTS, int(duration_s / step_s + 1e-9)))))


def path_of(record: TelemetryRecord | None, offset_s: float) -> tuple[PathPoint, ...]:
    """Positions of the drone in order of the rows, thinned to about `PATH_POINTS`."""
    rows = record.points if record else ()
    placed = [(row, row.latitude, row.longitude) for row in rows]
    kept = [(row, lat, lon) for row, lat, lon in placed if lat is not None and lon is not None]
    every = max(1, -(-len(kept) // PATH_POINTS))
    return tuple(
        PathPoint(
            t_s=row.t_s + offset_s, latitude=lat, longitude=lon, height_above_takeoff_m=row.height_above_takeoff_m
        )
        for row, lat, lon in kept[::every]
    )


async def _moment(distance: DistancePort, t_s: float, pose: FramePose, origin: GeoOrigin | None) -> LookMoment:
    if not isinstance(pose, CameraPose):
        return LookMoment(t_s=t_s, sigma_m=None, absence=pose.reason.value)
    near = await _across(distance, pose, origin, PROBE_PX)
    if isinstance(near, NoPosition):
        return LookMoment(t_s=t_s, sigma_m=None, absence=near.reason.value)
    if near.value_m <= 0:
        return LookMoment(t_s=t_s, sigma_m=None, absence=NO_RANGE)
    # The sigma of the draws, as an analysis will state it: effects of one standard error each would leave out the heavy
    # tails of the barometer, and promise a fifth more than is held.
    wide = await _across(distance, pose, origin, PROBE_PX * APART_M / near.value_m)
    if isinstance(wide, NoPosition):
        return LookMoment(t_s=t_s, sigma_m=None, absence=wide.reason.value)
    return LookMoment(t_s=t_s, sigma_m=wide.sigma_m)


async def _across(
    distance: DistancePort, pose: CameraPose, origin: GeoOrigin | None, half_px: float
) -> Separation | NoPosition:
    """Of points left and right of the middle of the frame: on a line across, metres go with pixels."""
    x_px, y_px = pose.width_px / 2, pose.height_px / 2
    ends = tuple(ImagePoint(x_px=x_px + side * half_px, y_px=y_px) for side in (-1, 1))
    asked = LocateRequest(pose=pose, origin=origin, points=ends, pairs=(PointPair(a=0, b=1),), thresholds_m=())
    answer = await distance.locate(asked)
    missing = next((point for point in answer.points if isinstance(point, NoPosition)), None)
    if missing is not None:
        return missing
    found = answer.separations[0].separation
    if found is None:
        raise InternalFault("two points on the sea have no separation", where="distance", remedy="report this")
    return found


async def _given(distance: DistancePort, telemetry: Path | None, context: FlightContext) -> Found | None:
    if telemetry is None:
        return None
    content = await asyncio.to_thread(telemetry.read_bytes)
    return Found(await distance.read_telemetry(telemetry.name, content, context.utc_offset_h), content)


def _facts(video: Path, info: VideoInfo, *, inside: bool) -> VideoFacts:
    return VideoFacts(
        file=video.name,
        duration_s=info.duration_s,
        width_px=info.width_px,
        height_px=info.height_px,
        created_at=info.creation_time,
        telemetry_inside=inside,
    )


def _said(
    info: VideoInfo,
    facts: VideoFacts,
    record: TelemetryRecord | None,
    answer: PosesAnswer,
    moments: Sequence[LookMoment],
    notes: tuple[str, ...],
) -> QuickLook:
    missing = Counter(moment.absence for moment in moments if moment.absence is not None)
    return QuickLook(
        video=facts.file,
        video_sha256=info.sha256,
        width_px=info.width_px,
        height_px=info.height_px,
        codec=info.codec,
        duration_s=info.duration_s,
        average_fps=info.average_fps,
        has_audio=info.has_audio,
        has_subtitles=info.has_subtitles,
        created_at=info.creation_time,
        starts_at=answer.starts_at or info.creation_time,
        telemetry=record.file if record else None,
        dialect=record.dialect if record else None,
        grade=answer.grade,
        measurable_fraction=(len(moments) - missing.total()) / len(moments),
        moments=tuple(moments),
        absences=tuple(Rejection(reason=reason, count=count) for reason, count in missing.most_common()),
        path=path_of(record, answer.join.offset_s.value if answer.join else 0.0),
        join=answer.join,
        notes=notes,
    )
