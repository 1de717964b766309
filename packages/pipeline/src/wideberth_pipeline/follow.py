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
from wideberth_pipeline.segment_file import EMPTY_SEA, KeptSegment, StoredCrop, kept_segment, segment_path
from wideberth_pipeline.stages import Stages
from wideberth_pipeline.turns import Stopwatch

CROPS_OFFERED = 24  # best crops of a track offered to the screen, which takes fewer


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything *follow* found. `segments` are read again for the tables and the counts."""

    segments: tuple[KeptSegment, ...]
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
    segments = tuple([await asyncio.to_thread(kept_segment, segment_path(folder, span)) for span in spans])
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
                drone=await asyncio.to_thread(drone_moments, segments),
                starts_at=plan.starts_at,
                unseen=unseen(segments),
            )
        )
    return Outcome(segments, tracks, screenings, series, judgement, watch.seconds)


async def _tracks(
    stages: Stages, plan: Plan, folder: Path, segments: tuple[KeptSegment, ...], watch: Stopwatch
) -> tuple[tuple[Track, ...], tuple[Screening, ...]]:
    """Tracks, screened, and the screenings; those of another analysis where this one goes on behind them."""
    if plan.forked_from is not None and plan.forked_from.stage is ForkStage.MEASURE:
        return await asyncio.to_thread(inherited_tracks, folder)
    with watch.running("track"):
        tracks = await _track(stages, plan, segments)
    with watch.running("screen"):
        screenings = await _screen(stages, plan, segments, tracks)
    return tuple(_screened(track, screenings) for track in tracks), tuple(screenings.values())


async def _track(stages: Stages, plan: Plan, segments: tuple[KeptSegment, ...]) -> tuple[Track, ...]:
    memory: TrackerMemory | None = None
    parts: dict[str, list[Track]] = {}
    looked_at = [segment for segment in segments if not segment.failure]
    for number, segment in enumerate(looked_at):
        answer = await stages.tracker.track(
            TrackRequest(
                frames=await asyncio.to_thread(lambda kept: tuple(kept.frames()), segment),
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
    stages: Stages, plan: Plan, segments: tuple[KeptSegment, ...], tracks: tuple[Track, ...]
) -> dict[str, Screening]:
    wanted = [track for track in tracks if screenable(track)]
    best = await asyncio.to_thread(_best_crops, wanted, segments)
    sea = await _sea(stages, plan, segments)
    screened: dict[str, Screening] = {}
    for track in wanted:
        offered = await asyncio.to_thread(lambda stored: tuple(one.crop() for one in stored), best[track.id])
        screened[track.id] = await stages.anomaly.screen(track.id, offered, plan.settings.screen, sea)
    return screened


async def _sea(stages: Stages, plan: Plan, segments: tuple[KeptSegment, ...]) -> SeaMemory | None:
    """What the flight's empty sea looks like, where the settings ask for it."""
    if not plan.settings.screen.sea_memory:
        return None
    return await stages.anomaly.remember(await asyncio.to_thread(_of_the_sea, segments))


def _of_the_sea(segments: tuple[KeptSegment, ...]) -> tuple[Crop, ...]:
    return tuple(crop.crop() for part in segments for _, crop in part.crops() if crop.detection == EMPTY_SEA)


def _best_crops(tracks: list[Track], segments: tuple[KeptSegment, ...]) -> dict[str, list[StoredCrop]]:
    """The best crops of each track, in order of time. Of all others none is kept while the files are read."""
    owner = {
        (point.pts, point.detection): track.id
        for track in tracks
        for point in track.points
        if point.detection is not None
    }
    best: dict[str, list[StoredCrop]] = {track.id: [] for track in tracks}
    for segment in segments:
        for pts, crop in segment.crops():
            if (track_id := owner.get((pts, crop.detection))) is not None:
                best[track_id].append(crop)
        best = {track_id: _best(found) for track_id, found in best.items()}
    return best


def _best(crops: list[StoredCrop]) -> list[StoredCrop]:
    """Of equal ones the earlier; then in order of time again."""
    chosen = sorted(crops, key=lambda crop: (crop.meta.filled_fraction, -crop.meta.confidence))[:CROPS_OFFERED]
    return sorted(chosen, key=lambda crop: crop.meta.pts)


def _screened(track: Track, screenings: dict[str, Screening]) -> Track:
    screening = screenings.get(track.id)
    if screening is None:
        return track
    marked = track.model_copy(update={"screened": screening.verdict})
    if screening.verdict is not ScreenVerdict.CLUTTER:
        return marked
    return marked.model_copy(update={"state": TrackState.REJECTED, "rejection": "looks_like_clutter"})


def unseen(segments: tuple[KeptSegment, ...]) -> tuple[Unseen, ...]:
    """Spans that could not be sensed, with the reason, in order of time."""
    return tuple(
        Unseen(start_s=segment.span.start_s, stop_s=segment.span.stop_s, reason=segment.failure)
        for segment in segments
        if segment.failure
    )


def drone_moments(segments: tuple[KeptSegment, ...]) -> tuple[DroneMoment, ...]:
    """Where the watching drone was at every sensed frame that has a pose. Blocks."""
    return tuple(
        DroneMoment(
            t_s=sensed.frame.t_s,
            height_m=sensed.pose.height_m,
            east_m=sensed.pose.east_m.value,
            north_m=sensed.pose.north_m.value,
        )
        for segment in segments
        for sensed in segment.frames()
        if isinstance(sensed.pose, CameraPose)
    )
