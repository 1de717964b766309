"""The act *follow*: segment files, in order of time, become tracks, separations and findings."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.frames import Crop
from wideberth_contracts.judgement import DroneMoment, JudgeAnswer, JudgeRequest, Unseen
from wideberth_contracts.poses import CameraPose
from wideberth_contracts.screening import Screening, ScreenVerdict, SeaMemory
from wideberth_contracts.separations import SeparateRequest, SeparationSeries
from wideberth_contracts.tracks import Track, TrackerMemory, TrackRequest, TrackState
from wideberth_pipeline.inherited import inherited_tracks
from wideberth_pipeline.origin import ForkStage
from wideberth_pipeline.plan import Plan
from wideberth_pipeline.segment_file import EMPTY_SEA, Segment, StoredCrop, read_segment, segment_path
from wideberth_pipeline.stages import Stages
from wideberth_pipeline.turns import Stopwatch

CROPS_OFFERED = 24  # best crops of a track offered to the screen, which takes fewer


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything *follow* found. `segments` are kept for the tables and the counts."""

    segments: tuple[Segment, ...]
    tracks: tuple[Track, ...]
    screenings: tuple[Screening, ...]
    series: tuple[SeparationSeries, ...]
    judgement: JudgeAnswer
    seconds: dict[str, float]


async def follow(stages: Stages, plan: Plan, folder: Path, *, up_to: int | None = None) -> Outcome:
    """Tracks, screenings, separations and findings of an analysis whose spans are sensed.

    Args:
        stages: the ports.
        plan: of the analysis.
        folder: holds its segment files.
        up_to: index of the last span to follow, as if the clip ended with it; None: all of them.

    Raises:
        OSError: a segment file is missing.
    """
    watch = Stopwatch()
    spans = [span for span in plan.spans if span.frames and (up_to is None or span.index <= up_to)]
    segments = tuple([await asyncio.to_thread(read_segment, segment_path(folder, span)) for span in spans])
    tracks, screenings = await _tracks(stages, plan, folder, segments, watch)
    with watch.running("separate"):
        series = (await stages.distance.separate(SeparateRequest(tracks=tracks))).series
    with watch.running("judge"):
        judgement = await stages.judge.judge(
            JudgeRequest(
                rules=plan.settings.rules,
                grade=plan.grade,
                tracks=tracks,
                series=series,
                drone=drone_moments(segments),
                starts_at=plan.starts_at,
                unseen=unseen(segments),
            )
        )
    return Outcome(segments, tracks, screenings, series, judgement, watch.seconds)


async def _tracks(
    stages: Stages, plan: Plan, folder: Path, segments: tuple[Segment, ...], watch: Stopwatch
) -> tuple[tuple[Track, ...], tuple[Screening, ...]]:
    """Tracks, screened, and the screenings; those of another analysis where this one goes on behind them."""
    if plan.forked_from is not None and plan.forked_from.stage is ForkStage.MEASURE:
        return await asyncio.to_thread(inherited_tracks, folder)
    with watch.running("track"):
        tracks = await _track(stages, plan, segments)
    with watch.running("screen"):
        screenings = await _screen(stages, plan, segments, tracks)
    return tuple(_screened(track, screenings) for track in tracks), tuple(screenings.values())


async def _track(stages: Stages, plan: Plan, segments: tuple[Segment, ...]) -> tuple[Track, ...]:
    memory: TrackerMemory | None = None
    parts: dict[str, list[Track]] = {}
    looked_at = [segment for segment in segments if not segment.failure]
    for number, segment in enumerate(looked_at):
        answer = await stages.tracker.track(
            TrackRequest(
                frames=tuple(row.sensed for row in segment.rows),
                memory=memory,
                final=number == len(looked_at) - 1,
                settings=plan.settings.track,
            )
        )
        memory = answer.memory
        for track in answer.tracks:
            parts.setdefault(track.id, []).append(track)
    return tuple(_joined(pieces) for pieces in parts.values())


def _joined(pieces: list[Track]) -> Track:
    points = tuple(point for piece in pieces for point in piece.points)
    return pieces[-1].model_copy(update={"points": points})


def screenable(track: Track) -> bool:
    """Only animals that are believed so far are worth a look."""
    return track.kind is ObjectKind.DOLPHIN and track.state in (TrackState.CONFIRMED, TrackState.LOST)


async def _screen(
    stages: Stages, plan: Plan, segments: tuple[Segment, ...], tracks: tuple[Track, ...]
) -> dict[str, Screening]:
    crops = {
        (row.sensed.frame.pts, crop.detection): crop for part in segments for row in part.rows for crop in row.crops
    }
    sea = await _sea(stages, plan, segments)
    screened: dict[str, Screening] = {}
    for track in tracks:
        if not screenable(track):
            continue
        offered = await asyncio.to_thread(_offered, track, crops)
        screened[track.id] = await stages.anomaly.screen(track.id, offered, plan.settings.screen, sea)
    return screened


async def _sea(stages: Stages, plan: Plan, segments: tuple[Segment, ...]) -> SeaMemory | None:
    """What the flight's empty sea looks like, where the settings ask for it."""
    if not plan.settings.screen.sea_memory:
        return None
    crops = [crop for part in segments for row in part.rows for crop in row.crops if crop.detection == EMPTY_SEA]
    return await stages.anomaly.remember(tuple(await asyncio.to_thread(lambda: [crop.crop() for crop in crops])))


def _offered(track: Track, crops: dict[tuple[int, int], StoredCrop]) -> tuple[Crop, ...]:
    of_track = [
        crops[point.pts, point.detection]
        for point in track.points
        if point.detection is not None and (point.pts, point.detection) in crops
    ]
    best = sorted(of_track, key=lambda crop: (crop.meta.filled_fraction, -crop.meta.confidence))[:CROPS_OFFERED]
    return tuple(crop.crop() for crop in sorted(best, key=lambda crop: crop.meta.pts))


def _screened(track: Track, screenings: dict[str, Screening]) -> Track:
    screening = screenings.get(track.id)
    if screening is None:
        return track
    marked = track.model_copy(update={"screened": screening.verdict})
    if screening.verdict is not ScreenVerdict.CLUTTER:
        return marked
    return marked.model_copy(update={"state": TrackState.REJECTED, "rejection": "looks_like_clutter"})


def unseen(segments: tuple[Segment, ...]) -> tuple[Unseen, ...]:
    """Spans that could not be sensed, with the reason, in order of time."""
    return tuple(
        Unseen(start_s=segment.span.start_s, stop_s=segment.span.stop_s, reason=segment.failure)
        for segment in segments
        if segment.failure
    )


def drone_moments(segments: tuple[Segment, ...]) -> tuple[DroneMoment, ...]:
    """Where the watching drone was at every sensed frame that has a pose."""
    return tuple(
        DroneMoment(
            t_s=row.sensed.frame.t_s,
            height_m=row.sensed.pose.height_m,
            east_m=row.sensed.pose.east_m.value,
            north_m=row.sensed.pose.north_m.value,
        )
        for segment in segments
        for row in segment.rows
        if isinstance(row.sensed.pose, CameraPose)
    )
