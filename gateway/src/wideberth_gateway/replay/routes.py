"""The replay over HTTP."""

import asyncio
from pathlib import Path as FolderPath
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from wideberth_contracts.errors import Conflict, NotFound
from wideberth_contracts.judgement import JudgeAnswer
from wideberth_contracts.tracks import Track
from wideberth_gateway.analyses.work import JUDGEMENT_FILE
from wideberth_gateway.keeping.ranges import kept_response
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.keeping.shelved_work import held
from wideberth_gateway.replay.asking import AnalysisId, known, shelf_of
from wideberth_gateway.replay.measuring import MeasureAsked, Measurement, measure
from wideberth_gateway.replay.views import Replay, SpanObjects, objects_of, replay_of
from wideberth_pipeline import load_plan
from wideberth_pipeline.results import observed_times_s
from wideberth_pipeline.segment_file import is_done, read_segment, segment_path
from wideberth_pipeline.track_table import tracks_in

router = APIRouter(tags=["replay"])

TRACKS = "tracks.parquet"
VIDEO_TYPES = {".mov": "video/quicktime", ".mkv": "video/x-matroska", ".webm": "video/webm"}


@router.get("/v1/analyses/{analysis_id}/replay")
async def replay(request: Request, analysis_id: AnalysisId) -> Replay:
    """What there is to play: spans, tracks and encounters as bars, activity through time."""
    await known(request, analysis_id)
    return await asyncio.to_thread(_replay, shelf_of(request), analysis_id)


@router.get("/v1/analyses/{analysis_id}/replay/spans/{index}")
async def span(request: Request, analysis_id: AnalysisId, index: Annotated[int, Path(ge=0)]) -> SpanObjects:
    """Frames and objects of one span; 409 until it is sensed."""
    await known(request, analysis_id)
    return await asyncio.to_thread(_span, shelf_of(request), analysis_id, index)


@router.get("/v1/analyses/{analysis_id}/replay/video", response_class=Response)
async def video(request: Request, analysis_id: AnalysisId) -> Response:
    """The video as it came; ranges are served."""
    found = await known(request, analysis_id)
    shelf = shelf_of(request)
    ending = found.video_name[found.video_name.rfind(".") :].lower()
    path, kind = shelf.folders.original(found.video_sha256), VIDEO_TYPES.get(ending, "video/mp4")
    return await asyncio.to_thread(kept_response, request, shelf, f"originals/{found.video_sha256}", path, kind)


@router.post("/v1/analyses/{analysis_id}/replay/measure")
async def measured(request: Request, analysis_id: AnalysisId, asked: MeasureAsked) -> Measurement:
    """Metres between two points of one frame, with the error and where it comes from."""
    await known(request, analysis_id)
    async with held(lambda: shelf_of(request).analysis(analysis_id)) as folder:
        return await measure(request.app.state.stages, folder, asked)


def _replay(shelf: Shelf, analysis_id: str) -> Replay:
    with shelf.analysis(analysis_id) as folder:
        return _played(folder, analysis_id)


def _played(folder: FolderPath, analysis_id: str) -> Replay:
    plan = load_plan(folder)
    done = [span for span in plan.spans if is_done(segment_path(folder, span), analysis_id)]
    judged = folder / JUDGEMENT_FILE
    answer = JudgeAnswer.model_validate_json(judged.read_text(encoding="utf-8")) if judged.exists() else None
    indices = frozenset(span.index for span in done)
    return replay_of(plan, indices, _tracks(folder), answer, observed_times_s(folder))


def _span(shelf: Shelf, analysis_id: str, index: int) -> SpanObjects:
    with shelf.analysis(analysis_id) as folder:
        return _objects(folder, analysis_id, index)


def _objects(folder: FolderPath, analysis_id: str, index: int) -> SpanObjects:
    plan = load_plan(folder)
    found = next((one for one in plan.spans if one.index == index), None)
    if found is None:
        raise NotFound("no span of that number", where=str(index), remedy=f"there are {len(plan.spans)}, from 0")
    path = segment_path(folder, found)
    if not is_done(path, analysis_id):
        raise Conflict("the span is not sensed yet", where=str(index), remedy="ask again in a while")
    return objects_of(read_segment(path), _tracks(folder, (found.start_s, found.stop_s)))


def _tracks(folder: FolderPath, span_s: tuple[float, float] | None = None) -> tuple[Track, ...]:
    """None until the analysis is followed."""
    path = folder / TRACKS
    return tracks_in(path, span_s) if path.is_file() else ()
