"""Corrections over HTTP: made, listed, and handed out as a training set."""

import asyncio
import shutil
from pathlib import Path as FolderPath
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from wideberth_contracts.corrections import Correction, CorrectionAsked, MissedObject, TakenBack
from wideberth_contracts.errors import BadInput, Conflict, NotFound
from wideberth_gateway.access.guard import actor_of
from wideberth_gateway.evidence.chain import Details
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.keeping.stores import sha256_of
from wideberth_gateway.replay.asking import AnalysisId, known, shelf_of
from wideberth_gateway.replay.blurring import refuse_footage
from wideberth_gateway.store import audit
from wideberth_gateway.store import corrections as store
from wideberth_pipeline import load_plan
from wideberth_pipeline.exports.training_set import write_training_set
from wideberth_pipeline.plan import load_poses
from wideberth_pipeline.track_table import tracks_in

router = APIRouter(tags=["replay"])
TRACKS = "tracks.parquet"


@router.post("/v1/analyses/{analysis_id}/corrections", status_code=201)
async def correct(request: Request, analysis_id: AnalysisId, asked: CorrectionAsked) -> Correction:
    """A correction, durable when this answers. The analysis itself is never altered; taking one back is another."""
    await known(request, analysis_id)
    await asyncio.to_thread(_check, shelf_of(request), analysis_id, asked)
    return await asyncio.to_thread(store.append, request.app.state.engine, analysis_id, asked, actor_of(request))


@router.get("/v1/analyses/{analysis_id}/corrections")
async def corrections(request: Request, analysis_id: AnalysisId) -> tuple[Correction, ...]:
    """All of them, oldest first, also those taken back."""
    await known(request, analysis_id)
    return await asyncio.to_thread(store.of_analysis, request.app.state.engine, analysis_id)


@router.get("/v1/analyses/{analysis_id}/corrections/training-set", response_class=Response)
async def training_set(request: Request, analysis_id: AnalysisId) -> Response:
    """The corrected and checked frames with their pictures, labelled for YOLO-OBB and COCO, as one zip."""
    found = await known(request, analysis_id)
    refuse_footage(request, "training-set")
    shelf, engine = shelf_of(request), request.app.state.engine
    made_of = await asyncio.to_thread(store.of_analysis, engine, analysis_id)
    staged = shelf.folders.staging / uuid4().hex
    target = staged / f"{FolderPath(found.video_name).stem}.training.zip"
    try:
        frames = await asyncio.to_thread(_write, shelf, analysis_id, found.video_sha256, made_of, target)
        told: Details = {"form": "training-set", "frames": frames, "sha256": await asyncio.to_thread(sha256_of, target)}
        who = actor_of(request)
        await asyncio.to_thread(
            audit.append, engine, actor=who, action="export.made", subject=analysis_id, details=told
        )
    except BaseException:
        await asyncio.to_thread(shutil.rmtree, staged, ignore_errors=True)
        raise
    cleared = BackgroundTask(shutil.rmtree, staged, ignore_errors=True)
    return FileResponse(target, media_type="application/zip", filename=target.name, background=cleared)


def _write(
    shelf: Shelf, analysis_id: str, video_sha256: str, made_of: tuple[Correction, ...], target: FolderPath
) -> int:
    with shelf.analysis(analysis_id) as folder, shelf.original(video_sha256) as video:
        if not video.is_file():
            raise NotFound("the video is not kept any more", where=video_sha256)
        return write_training_set(folder, video, made_of, target)


def _check(shelf: Shelf, analysis_id: str, asked: CorrectionAsked) -> None:
    """What is corrected is there: a frame that was looked at, a track of the analysis, a box that meets the picture.

    Raises:
        Conflict: the analysis is not done.
        NotFound: no such frame or track.
        BadInput: the box lies outside the picture.
    """
    body = asked.body
    if isinstance(body, TakenBack):
        return
    with shelf.analysis(analysis_id, lambda name: not name.startswith("segments/")) as folder:
        if not (folder / TRACKS).is_file():
            raise Conflict("the analysis is not done yet", where=analysis_id, remedy="ask again once it is")
        plan = load_plan(folder)
        if body.pts not in load_poses(folder):
            remedy = "correct a frame that was analysed"
            raise NotFound("no frame of that time was looked at", where=f"pts {body.pts}", remedy=remedy)
        track = getattr(body, "track", None)
        if track is not None and not isinstance(body, MissedObject):
            names = {one.id for one in tracks_in(folder / TRACKS)}
            if track not in names:
                raise NotFound("no track of that name", where=track, remedy="see the replay for the tracks")
    box = getattr(body, "box", None)
    if box is not None and not (0 <= box.cx_px <= plan.width_px and 0 <= box.cy_px <= plan.height_px):
        raise BadInput("the box lies outside the picture", where="body.box", remedy="draw it in the picture")
