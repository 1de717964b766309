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
from wideberth_gateway.replay.blurring import blurred_copy, hulls, is_blurred, wanted
from wideberth_gateway.replay.measuring import MeasureAsked, Measurement, measure
from wideberth_gateway.replay.span_views import SpanObjects, objects_of
from wideberth_gateway.replay.views import ProxyView, Replay, blurred_view, proxy_view, replay_of
from wideberth_gateway.store.analyses import Analysis
from wideberth_gateway.store.proxies import want
from wideberth_pipeline import Plan, Span, load_plan
from wideberth_pipeline.aside_list import aside_in
from wideberth_pipeline.frame_list import FrameList, frames_of, load_frames
from wideberth_pipeline.observed import observed_times_s, owners
from wideberth_pipeline.playable import PROXY_FILE
from wideberth_pipeline.segment_file import is_done, read_segment, segment_path
from wideberth_pipeline.separation_table import separations_between
from wideberth_pipeline.track_table import tracks_in

router = APIRouter(tags=["replay"])

TRACKS = "tracks.parquet"
SEPARATIONS = "separations.parquet"
VIDEO_TYPES = {".mov": "video/quicktime", ".mkv": "video/x-matroska", ".webm": "video/webm"}


@router.get("/v1/analyses/{analysis_id}/replay")
async def replay(request: Request, analysis_id: AnalysisId) -> Replay:
    """What there is to play: spans, tracks and encounters as bars, activity through time."""
    found = await known(request, analysis_id)
    told = await asyncio.to_thread(_replay, shelf_of(request), analysis_id)
    if not is_blurred(request):
        return told
    state = await asyncio.to_thread(wanted, request.app.state.engine, found, hulls(request))
    return told.model_copy(update={"proxy": blurred_view(analysis_id, state), "blurred": True})


@router.get("/v1/analyses/{analysis_id}/replay/spans/{index}")
async def span(request: Request, analysis_id: AnalysisId, index: Annotated[int, Path(ge=0)]) -> SpanObjects:
    """Frames and objects of one span; 409 until it is sensed."""
    await known(request, analysis_id)
    return await asyncio.to_thread(_span, shelf_of(request), analysis_id, index)


@router.get("/v1/analyses/{analysis_id}/replay/spans/{index}/frames", response_class=Response)
async def span_frames(request: Request, analysis_id: AnalysisId, index: Annotated[int, Path(ge=0)]) -> Response:
    """When every frame of one span is shown, analysed or not: binary, in the form of `frames.bin` (docs/replay.md)."""
    found = await known(request, analysis_id)
    content = await asyncio.to_thread(_frames, shelf_of(request), analysis_id, found.video_sha256, index)
    return Response(content, media_type="application/octet-stream", headers={"Cache-Control": "private, max-age=3600"})


@router.get("/v1/analyses/{analysis_id}/replay/spans/{index}/aside", response_class=Response)
async def span_aside(request: Request, analysis_id: AnalysisId, index: Annotated[int, Path(ge=0)]) -> Response:
    """What was detected in one span and set aside before tracking: binary (docs/replay.md); 409 until it is sensed.

    An analysis made before they were kept has frames without any; the counts of the span say how many there were.
    """
    await known(request, analysis_id)
    content = await asyncio.to_thread(_aside, shelf_of(request), analysis_id, index)
    return Response(content, media_type="application/octet-stream")


@router.get("/v1/analyses/{analysis_id}/replay/video", response_class=Response)
async def video(request: Request, analysis_id: AnalysisId) -> Response:
    """The video as it came, or the blurred copy for whom it is blurred; ranges are served."""
    found = await known(request, analysis_id)
    shelf = shelf_of(request)
    if is_blurred(request):
        return await _blurred(request, found)
    ending = found.video_name[found.video_name.rfind(".") :].lower()
    path, kind = shelf.folders.original(found.video_sha256), VIDEO_TYPES.get(ending, "video/mp4")
    return await asyncio.to_thread(kept_response, request, shelf, f"originals/{found.video_sha256}", path, kind)


@router.get("/v1/analyses/{analysis_id}/replay/playable")
async def playable(request: Request, analysis_id: AnalysisId) -> ProxyView:
    """How far the copy that every browser plays is."""
    found = await known(request, analysis_id)
    engine = request.app.state.engine
    if is_blurred(request):
        return blurred_view(analysis_id, await asyncio.to_thread(wanted, engine, found, hulls(request)))
    return proxy_view(await asyncio.to_thread(want, engine, analysis_id, found.video_sha256))


@router.get("/v1/analyses/{analysis_id}/replay/proxy", response_class=Response)
async def proxy(request: Request, analysis_id: AnalysisId) -> Response:
    """The copy that every browser plays, at the same presentation times; ranges are served. 404 until it is made."""
    found = await known(request, analysis_id)
    if is_blurred(request):
        return await _blurred(request, found)
    return await _copy(request, analysis_id, PROXY_FILE)


@router.post("/v1/analyses/{analysis_id}/replay/measure")
async def measured(request: Request, analysis_id: AnalysisId, asked: MeasureAsked) -> Measurement:
    """Metres between two points of one frame, with the error and where it comes from."""
    await known(request, analysis_id)
    async with held(lambda: shelf_of(request).analysis(analysis_id)) as folder:
        return await measure(request.app.state.stages, folder, asked)


async def _blurred(request: Request, found: Analysis) -> Response:
    return await _copy(request, found.id, await blurred_copy(request, found))


async def _copy(request: Request, analysis_id: str, name: str) -> Response:
    shelf = shelf_of(request)
    path, key = shelf.folders.analysis(analysis_id) / name, f"analyses/{analysis_id}/{name}"
    return await asyncio.to_thread(kept_response, request, shelf, key, path, "video/mp4")


def _replay(shelf: Shelf, analysis_id: str) -> Replay:
    with shelf.analysis(analysis_id) as folder:
        return _played(shelf, folder, analysis_id)


def _played(shelf: Shelf, folder: FolderPath, analysis_id: str) -> Replay:
    plan = load_plan(folder)
    proxy = want(shelf.engine, analysis_id, plan.video_sha256)
    done = [span for span in plan.spans if is_done(segment_path(folder, span), analysis_id)]
    judged = folder / JUDGEMENT_FILE
    answer = JudgeAnswer.model_validate_json(judged.read_text(encoding="utf-8")) if judged.exists() else None
    indices = frozenset(span.index for span in done)
    return replay_of(
        plan, indices, _tracks(folder), answer, observed_times_s(folder), _listed(shelf, folder, plan), proxy
    )


def _listed(shelf: Shelf, folder: FolderPath, plan: Plan) -> FrameList | None:
    """An older analysis has no list; it is made here where the video lies on this disk, else done without."""
    known_already = load_frames(folder)
    video = shelf.folders.original(plan.video_sha256)
    if known_already is not None or not video.is_file():
        return known_already
    return frames_of(folder, video)


def _frames(shelf: Shelf, analysis_id: str, video_sha256: str, index: int) -> bytes:
    with shelf.analysis(analysis_id) as folder:
        plan = load_plan(folder)
        listed = _listed(shelf, folder, plan)
        if listed is None:
            raise NotFound("the times of the frames are not known", where=analysis_id, remedy="analyse the video again")
        span = _span_of(plan, index)
        first, stop = listed.window(span.start_s, span.stop_s)
        # The last span ends before the last frame where the header told a shorter video.
        return listed.packed(first, len(listed.pts) if index == plan.spans[-1].index else stop)


def _span(shelf: Shelf, analysis_id: str, index: int) -> SpanObjects:
    with shelf.analysis(analysis_id) as folder:
        return _objects(folder, analysis_id, index)


def _aside(shelf: Shelf, analysis_id: str, index: int) -> bytes:
    with shelf.analysis(analysis_id) as folder:
        return aside_in(_sensed(folder, analysis_id, index)[1])


def _sensed(folder: FolderPath, analysis_id: str, index: int) -> tuple[Span, FolderPath]:
    found = _span_of(load_plan(folder), index)
    path = segment_path(folder, found)
    if not is_done(path, analysis_id):
        raise Conflict("the span is not sensed yet", where=str(index), remedy="ask again in a while")
    return found, path


def _objects(folder: FolderPath, analysis_id: str, index: int) -> SpanObjects:
    found, path = _sensed(folder, analysis_id, index)
    table = folder / SEPARATIONS
    apart = separations_between(table, found.start_s, found.stop_s) if table.is_file() else []
    span_s = (found.start_s, found.stop_s)
    return objects_of(read_segment(path), _tracks(folder, span_s), apart, owners(folder, span_s))


def _span_of(plan: Plan, index: int) -> Span:
    found = next((one for one in plan.spans if one.index == index), None)
    if found is None:
        raise NotFound("no span of that number", where=str(index), remedy=f"there are {len(plan.spans)}, from 0")
    return found


def _tracks(folder: FolderPath, span_s: tuple[float, float] | None = None) -> tuple[Track, ...]:
    """None until the analysis is followed."""
    path = folder / TRACKS
    return tracks_in(path, span_s) if path.is_file() else ()
