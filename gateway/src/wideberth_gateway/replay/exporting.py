"""An analysis in the forms of other programs, made on request and noted in the trail."""

import asyncio
import shutil
from pathlib import Path as FolderPath
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict
from starlette.background import BackgroundTask

from wideberth_contracts.errors import Conflict
from wideberth_gateway.access.guard import actor_of
from wideberth_gateway.evidence.chain import Details
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.keeping.stores import sha256_of
from wideberth_gateway.replay.asking import AnalysisId, known, shelf_of
from wideberth_gateway.store import audit
from wideberth_pipeline.exports.forms import FORMS, FormName, export, export_name
from wideberth_pipeline.frame_list import FRAMES_FILE

router = APIRouter(tags=["replay"])


class ExportForm(BaseModel):
    """A form of export.

    Attributes:
        holds_errors: whether positions in it carry how wrong they may be.
        there: whether this installation can make it.
    """

    model_config = ConfigDict(frozen=True)

    name: FormName
    ending: str
    media_type: str
    holds_errors: bool
    there: bool


@router.get("/v1/exports")
async def forms() -> tuple[ExportForm, ...]:
    """The forms an analysis can be had in."""
    return tuple(
        ExportForm(
            name=one.name,
            ending=one.ending,
            media_type=one.media_type,
            holds_errors=one.holds_errors,
            there=one.there(),
        )
        for one in FORMS.values()
    )


@router.get("/v1/analyses/{analysis_id}/exports/{form}", response_class=FileResponse)
async def exported(
    request: Request,
    analysis_id: AnalysisId,
    form: Annotated[FormName, Path()],
    rejected: Annotated[bool, Query(description="rejected and tentative tracks too")] = False,
) -> FileResponse:
    """The analysis in that form, made now; the audit trail says who took it. 409 until it is done."""
    found = await known(request, analysis_id)
    shelf = shelf_of(request)
    name = export_name(found.video_name, form)
    staged = shelf.folders.staging / uuid4().hex
    try:
        made = staged / name
        await asyncio.to_thread(_make, shelf, analysis_id, found.video_sha256, form, made, rejected)
        details: Details = {
            "form": form.value,
            "rejected": rejected,
            "sha256": await asyncio.to_thread(sha256_of, made),
        }
        who = actor_of(request)
        engine = request.app.state.engine
        await asyncio.to_thread(
            audit.append, engine, actor=who, action="export.made", subject=analysis_id, details=details
        )
    except BaseException:
        await asyncio.to_thread(shutil.rmtree, staged, ignore_errors=True)
        raise
    cleared = BackgroundTask(shutil.rmtree, staged, ignore_errors=True)
    return FileResponse(made, media_type=FORMS[form].media_type, filename=name, background=cleared)


def _make(
    shelf: Shelf, analysis_id: str, video_sha256: str, form: FormName, target: FolderPath, rejected: bool
) -> None:
    with shelf.analysis(analysis_id) as folder:
        if not (folder / "tracks.parquet").is_file():
            raise Conflict("the analysis is not done yet", where=analysis_id, remedy="ask again once it is")
        if (folder / FRAMES_FILE).is_file():
            export(folder, shelf.folders.original(video_sha256), form, target, rejected=rejected)
            return
        with shelf.original(video_sha256) as video:
            export(folder, video, form, target, rejected=rejected)
