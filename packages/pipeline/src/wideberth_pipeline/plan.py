"""What there is to do: the clip, its telemetry, the poses of its sampled frames, and the spans to sense."""

import asyncio
import hashlib
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field

from wideberth_contracts.clues import Calibration, HorizonView, MaybeHorizon
from wideberth_contracts.errors import BadInput, Conflict, NotFound, UnreadableVideo
from wideberth_contracts.joining import Join, VideoFacts
from wideberth_contracts.judgement import JudgeRequest
from wideberth_contracts.poses import (
    CameraPose,
    FramePose,
    FrameTime,
    GeoOrigin,
    NoPose,
    PoseAbsence,
    PosesRequest,
    TelemetryGrade,
)
from wideberth_contracts.settings import AnalysisSettings, ServiceInfo, merged
from wideberth_contracts.wire import NonNegative, Sha256, UtcDatetime, Wire
from wideberth_media import FrameStamp, VideoInfo, frame_times, probe
from wideberth_pipeline.durable import write_text_whole
from wideberth_pipeline.frame_list import keep_frames
from wideberth_pipeline.horizons import find_horizons
from wideberth_pipeline.inputs import refuse_mixed_up
from wideberth_pipeline.inside import Found, best_inside
from wideberth_pipeline.origin import ForkedFrom
from wideberth_pipeline.picture_turns import find_turns
from wideberth_pipeline.question import question_id
from wideberth_pipeline.stages import Stages

PLAN_FILE = "plan.json"
POSES_FILE = "poses.json"
GRID_TOLERANCE_S = 1e-6
LONGEST_S = 7 * 86_400.0
"""Frames spread over more than a week are no flight: a broken clock, which would make a plan of endless spans."""


class Span(Wire):
    """A span of the clip, [start_s, stop_s), with the number of frames to sense in it."""

    index: Annotated[int, Field(ge=0)]
    start_s: NonNegative
    stop_s: NonNegative
    frames: Annotated[int, Field(ge=0)]


class TelemetrySource(Wire):
    """Where the telemetry came from and how good it is."""

    file: str
    sha256: Sha256
    dialect: str
    points: int


def _from_nothing(origin: ForkedFrom | None) -> bool:
    return origin is None


class Plan(Wire):
    """One analysis, ready to run. The same question has the same `analysis_id`.

    Attributes:
        forked_from: the analysis it goes on from; left out of the JSON where there is none.
        horizons: what key frames showed of the horizon, refused ones with the reason.
        calibration: the fit of the flight, where there was a clue.
        join: how rows of telemetry were put to frames; None without telemetry.
    """

    analysis_id: Sha256
    video: str
    video_sha256: Sha256
    width_px: int
    height_px: int
    duration_s: float
    average_fps: float
    telemetry: TelemetrySource | None
    grade: TelemetryGrade
    origin: GeoOrigin | None
    starts_at: UtcDatetime | None
    settings: AnalysisSettings
    services: tuple[ServiceInfo, ...]
    pack_sha256: Sha256
    spans: tuple[Span, ...]
    horizons: tuple[MaybeHorizon, ...] = ()
    calibration: Calibration | None = None
    join: Join | None = None
    forked_from: Annotated[ForkedFrom | None, Field(exclude_if=_from_nothing)] = None
    warnings: tuple[str, ...]


class PosedTime(Wire):
    """The pose at one frame of the clip, by PTS."""

    pts: int
    pose: FramePose


class PoseTable(Wire):
    """Poses of all frames that will be looked at."""

    poses: tuple[PosedTime, ...]

    def by_pts(self) -> dict[int, CameraPose | NoPose]:
        """Pose by PTS."""
        return {posed.pts: posed.pose for posed in self.poses}


def load_plan(folder: Path) -> Plan:
    """The plan kept in `folder`. Raises `NotFound` where there is none, or none any more."""
    try:
        text = (folder / PLAN_FILE).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise NotFound("the files of the analysis are not kept any more", where=folder.name) from error
    return Plan.model_validate_json(text)


def load_poses(folder: Path) -> dict[int, CameraPose | NoPose]:
    """The poses kept in `folder`, by PTS."""
    return PoseTable.model_validate_json((folder / POSES_FILE).read_text(encoding="utf-8")).by_pts()


def pose_at(poses: dict[int, CameraPose | NoPose], pts: int) -> CameraPose | NoPose:
    """The pose of a frame, or the named absence of one."""
    return poses.get(pts, NoPose(reason=PoseAbsence.TELEMETRY_GAP))


async def plan(stages: Stages, video: Path, telemetry: Path | None, settings: AnalysisSettings, folder: Path) -> Plan:
    """The plan for a clip, also written into `folder` with the poses it will use.

    Raises:
        UnreadableVideo: the video cannot be read.
        UnreadableTelemetry: the telemetry cannot be read.
        BadInput: video and telemetry are swapped, or the video has no frames.
        Conflict: `folder` holds another analysis.
    """
    await asyncio.to_thread(refuse_mixed_up, video, telemetry)
    info = await asyncio.to_thread(probe, video)
    times = await asyncio.to_thread(frame_times, video)
    if not times:
        raise BadInput("the video has no frames", where=str(video), remedy="check that the recording is complete")
    if times[-1].t_s > LONGEST_S:
        detail, remedy = f"the times of its frames reach {times[-1].t_s:.4g} s", "convert the file"
        raise UnreadableVideo(detail, where=str(video), remedy=remedy)
    given = await _given(stages, telemetry, settings)
    inside = await best_inside(stages.distance, video, settings.context.utc_offset_h, given)
    record, source = (inside.best.record, _source(inside.best)) if inside.best else (None, None)
    looked_at = _looked_at([time.t_s for time in times], settings)
    asked = PosesRequest(
        telemetry=record,
        moments=tuple(FrameTime(t_s=times[i].t_s, width_px=info.width_px, height_px=info.height_px) for i in looked_at),
        context=settings.context.model_copy(update={"fps": settings.context.fps or info.average_fps or None}),
        video=_facts(video, info, times, inside=inside.best is not None and inside.best is not given),
    )
    asked = asked.model_copy(update={"video": await _with_turns(stages, video, info, asked)})
    horizons = await find_horizons(stages, video, info, times, asked) if settings.horizon else ()
    clues = settings.clues.model_copy(
        update={"horizons": tuple(view for view in horizons if isinstance(view, HorizonView))}
    )
    answer = await stages.distance.poses(asked.model_copy(update={"clues": clues}))
    services = await stages.infos()
    empty = JudgeRequest(rules=settings.rules, grade=answer.grade, tracks=(), series=())
    pack_sha256 = (await stages.judge.judge(empty)).pack_sha256
    spans = _spans([time.t_s for time in times], settings)
    if not any(span.frames for span in spans):
        remedy = f"choose spans between 0 and {times[-1].t_s:.1f} s"
        raise BadInput("no frame of the video lies in the chosen spans", where="settings.spans", remedy=remedy)
    made = Plan(
        analysis_id=question_id(info.sha256, source.sha256 if source else None, settings, services, pack_sha256),
        video=video.name,
        video_sha256=info.sha256,
        width_px=info.width_px,
        height_px=info.height_px,
        duration_s=info.duration_s,
        average_fps=info.average_fps,
        telemetry=source,
        grade=answer.grade,
        origin=answer.origin,
        starts_at=answer.starts_at or info.creation_time,
        settings=settings,
        services=services,
        pack_sha256=pack_sha256,
        spans=spans,
        horizons=horizons,
        calibration=answer.calibration,
        join=answer.join,
        warnings=(*inside.notes, *answer.warnings),
    )
    posed = (PosedTime(pts=times[i].pts, pose=pose) for i, pose in zip(looked_at, answer.poses, strict=True))
    await asyncio.to_thread(_keep, made, PoseTable(poses=tuple(posed)), folder)
    base = info.time_base
    await asyncio.to_thread(keep_frames, folder, base.numerator, base.denominator, [time.pts for time in times])
    return made


def _facts(video: Path, info: VideoInfo, times: Sequence[FrameStamp], *, inside: bool) -> VideoFacts:
    """What the container tells; the frames themselves where they reach further than its header says."""
    last_s = times[-1].t_s + (times[-1].t_s / (len(times) - 1) if len(times) > 1 else 0.0)
    return VideoFacts(
        file=video.name,
        duration_s=max(info.duration_s, last_s),
        width_px=info.width_px,
        height_px=info.height_px,
        created_at=info.creation_time,
        telemetry_inside=inside,
    )


async def _with_turns(stages: Stages, video: Path, info: VideoInfo, asked: PosesRequest) -> VideoFacts | None:
    turns = await find_turns(stages, video, info, asked)
    return asked.video.model_copy(update={"turns": turns}) if asked.video else None


def _keep(made: Plan, table: PoseTable, folder: Path) -> None:
    if (folder / PLAN_FILE).exists() and load_plan(folder).analysis_id != made.analysis_id:
        raise Conflict(
            "the folder holds another analysis", where=str(folder), remedy="choose another --out, or empty the folder"
        )
    write_text_whole(folder / POSES_FILE, table.model_dump_json())
    write_text_whole(folder / PLAN_FILE, made.model_dump_json(indent=1))


async def _given(stages: Stages, telemetry: Path | None, settings: AnalysisSettings) -> Found | None:
    if telemetry is None:
        return None
    content = await asyncio.to_thread(_read_file, telemetry)
    return Found(await stages.distance.read_telemetry(telemetry.name, content, settings.context.utc_offset_h), content)


def _source(found: Found) -> TelemetrySource:
    record, digest = found.record, hashlib.sha256(found.content).hexdigest()
    return TelemetrySource(file=record.file, sha256=digest, dialect=record.dialect, points=len(record.points))


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(error.strerror or "cannot be read", where=str(path), remedy="check the path") from error


def sampled(times_s: Sequence[float], sample_fps: float) -> list[int]:
    """Indices of the first frame at or after each tick of the sampling grid, each frame at most once."""
    chosen: list[int] = []
    tick = 0
    while True:
        index = bisect_left(times_s, tick / sample_fps - GRID_TOLERANCE_S, lo=chosen[-1] + 1 if chosen else 0)
        if index >= len(times_s):
            return chosen
        chosen.append(index)
        tick = max(tick + 1, int(times_s[index] * sample_fps + 1e-4) + 1)


def _looked_at(times_s: Sequence[float], settings: AnalysisSettings) -> list[int]:
    near = settings.clear.window_frames
    wanted = {
        neighbour
        for index in sampled(times_s, settings.sample_fps)
        if _chosen(times_s[index], settings)
        for neighbour in range(max(0, index - near), min(len(times_s), index + near + 1))
    }
    return sorted(wanted)


def _chosen(t_s: float, settings: AnalysisSettings) -> bool:
    return not settings.spans or any(one.start_s <= t_s < one.stop_s for one in settings.spans)


def _spans(times_s: Sequence[float], settings: AnalysisSettings) -> tuple[Span, ...]:
    ticks = [times_s[index] for index in sampled(times_s, settings.sample_fps)]
    count = max(1, -int(-(times_s[-1] + GRID_TOLERANCE_S) // settings.segment_s))
    bounds = [(k * settings.segment_s, (k + 1) * settings.segment_s) for k in range(count)]
    if settings.spans:
        bounds = [
            (max(start, one.start_s), min(stop, one.stop_s))
            for one in merged(settings.spans)
            for start, stop in bounds
            if start < one.stop_s and one.start_s < stop
        ]
    return tuple(
        Span(index=k, start_s=start, stop_s=stop, frames=sum(1 for tick in ticks if start <= tick < stop))
        for k, (start, stop) in enumerate(bounds)
    )
