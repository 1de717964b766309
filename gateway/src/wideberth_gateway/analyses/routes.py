"""Originals in, analyses asked for, watched, stopped, and their results handed out."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import AwareDatetime, ValidationError

from wideberth_contracts.errors import BadInput, NotFound, TooLarge
from wideberth_contracts.phrases import phrase
from wideberth_contracts.settings import AnalysisSettings
from wideberth_gateway.access.guard import actor_of, whose
from wideberth_gateway.analyses.folders import RESULT_NAME, Folders
from wideberth_gateway.analyses.forking import fork
from wideberth_gateway.analyses.messages import AnalysisList, AnalysisRequest, AnalysisView, ForkRequest, OriginalView
from wideberth_gateway.analyses.receiving import receive
from wideberth_gateway.analyses.submission import Desk
from wideberth_gateway.keeping.ranges import kept_response
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.replay.blurring import hidden_result, hulls, refuse_footage, shown
from wideberth_gateway.store import analyses as store
from wideberth_gateway.store import quotas, trials, waits
from wideberth_gateway.store.analyses import Analysis, Original
from wideberth_gateway.store.organisations import Owned
from wideberth_servicekit.problems import validation_error

router = APIRouter(tags=["analyses"])

AnalysisId = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
Sha256Query = Annotated[str | None, Query(pattern=r"^[0-9a-f]{64}$", description="of a file sent before")]
Name = Annotated[str, Query(min_length=1, max_length=1000, description="the file's name, such as clip.mp4")]

JSON_LIMIT_BYTES = 1 << 20
"""A question is small; what is larger is no question."""

MEDIA_TYPES = {
    ".json": "application/json",
    ".geojson": "application/geo+json",
    ".csv": "text/csv; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".mp4": "video/mp4",
    ".png": "image/png",
    ".html": "text/html; charset=utf-8",
}

BINARY: dict[str, Any] = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
FILE_BODY = {"requestBody": {"required": True, "content": BINARY}}
EITHER_BODY = {
    "requestBody": {
        "required": True,
        "description": "a question as JSON about files sent before, or the video itself with the question in the URL",
        "content": {
            "application/json": {
                "schema": AnalysisRequest.model_json_schema(ref_template="#/components/schemas/{model}")
            },
            **BINARY,
        },
    }
}


@router.post("/v1/originals", status_code=201, openapi_extra=FILE_BODY)
async def send_original(request: Request, name: Name, sha256: Sha256Query = None) -> OriginalView:
    """A file as it is, as the body. Kept for good under its SHA-256, which is told once it is on disk.

    `sha256`, where given, must be that of what arrives.
    """
    return OriginalView.of(await _take(request, name, sha256))


@router.get("/v1/originals/{sha256}")
async def original(request: Request, sha256: AnalysisId) -> OriginalView:
    """Whether that file is here already."""
    found = await asyncio.to_thread(store.find_original, request.app.state.engine, sha256)
    if found is None:
        raise NotFound("no file of that hash was sent", where=request.url.path)
    return OriginalView.of(found)


@router.post("/v1/analyses", status_code=202, openapi_extra=EITHER_BODY)
async def ask(
    request: Request,
    response: Response,
    name: Annotated[str | None, Query(min_length=1, max_length=1000, description="of the video in the body")] = None,
    sha256: Sha256Query = None,
    telemetry: Sha256Query = None,
    rules: Annotated[str | None, Query(max_length=100)] = None,
    sample_fps: Annotated[float | None, Query(gt=0)] = None,
    settings: Annotated[str | None, Query(description="all settings, as JSON")] = None,
) -> AnalysisView:
    """An analysis of files sent before (JSON), or of the video that comes as the body.

    Answers once the files are found good and the job is durable. The same question has the same id and is not run
    twice; one that failed or was cancelled is taken up again.
    """
    if request.headers.get("content-type", "").split(";")[0].strip().lower() == "application/json":
        asked = await _question(request)
    else:
        if name is None:
            raise BadInput("the video has no name", where="query.name", remedy="give ?name=clip.mp4")
        chosen = _settings(settings, rules, sample_fps)
        video = await _take(request, name, sha256)
        asked = AnalysisRequest(video=video.sha256, telemetry=telemetry, settings=chosen)
    found = await _desk(request).submit(asked, for_whom=whose(request))
    response.headers["Location"] = f"/v1/analyses/{found.id}"
    return await _view(request, found)


@router.get("/v1/analyses")
async def listed(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: Annotated[AwareDatetime | None, Query(description="only those created before")] = None,
) -> AnalysisList:
    """Analyses, newest first."""
    before_epoch_s = before.timestamp() if before else None
    found = await asyncio.to_thread(
        store.list_analyses,
        request.app.state.engine,
        limit=limit,
        before_epoch_s=before_epoch_s,
        sight=whose(request).sight,
    )
    views = await _views(request, *found)
    return AnalysisList(analyses=views, next_before=views[-1].created_at if len(views) == limit else None)


@router.get("/v1/analyses/{analysis_id}")
async def analysis(request: Request, analysis_id: AnalysisId) -> AnalysisView:
    """An analysis as it stands: state, progress, time left, results."""
    return await _view(request, await _find(request, analysis_id))


@router.post("/v1/analyses/{analysis_id}/cancel")
async def cancel(request: Request, analysis_id: AnalysisId) -> AnalysisView:
    """Stop it. Segments that are done are kept."""
    await _desk(request).cancel(await _find(request, analysis_id))
    return await _view(request, await _find(request, analysis_id))


@router.post("/v1/analyses/{analysis_id}/resume", status_code=202)
async def resume(request: Request, analysis_id: AnalysisId) -> AnalysisView:
    """Go on with one that failed or was cancelled."""
    found = await _find(request, analysis_id)
    return await _view(request, await _desk(request).resume(found, for_whom=actor_of(request)))


@router.post("/v1/analyses/{analysis_id}/fork", status_code=202)
async def fork_from(request: Request, response: Response, analysis_id: AnalysisId, asked: ForkRequest) -> AnalysisView:
    """An analysis that goes on from this one, from a stage on and with other settings; this one stays as it is.

    What the stages before it computed is taken over. From `sense` on, with the same settings, what could not be looked
    at is tried again. The answer names the new analysis, or the one of that question where there is one already.
    """
    found = await fork(_desk(request), await _find(request, analysis_id), asked, whose(request))
    response.headers["Location"] = f"/v1/analyses/{found.id}"
    return await _view(request, found)


@router.get("/v1/analyses/{analysis_id}/results")
async def results(request: Request, analysis_id: AnalysisId) -> tuple[str, ...]:
    """Names of the result files so far."""
    return (await _view(request, await _find(request, analysis_id))).results


@router.get("/v1/analyses/{analysis_id}/results/{file}", response_class=Response)
async def result(request: Request, analysis_id: AnalysisId, file: str) -> Response:
    """One result file; ranges are served."""
    await _find(request, analysis_id)
    shelf = _shelf(request)
    if hidden_result(file, hulls(request)):
        refuse_footage(request, file)
    if not RESULT_NAME.fullmatch(file) or file not in (await _names(request, analysis_id))[analysis_id]:
        raise NotFound("no result of that name", where=request.url.path, remedy="see …/results")
    path = shelf.folders.analysis(analysis_id) / file
    kind = MEDIA_TYPES.get(path.suffix, "application/octet-stream")
    return await asyncio.to_thread(kept_response, request, shelf, f"analyses/{analysis_id}/{file}", path, kind)


async def _take(request: Request, name: str, sha256: str | None) -> Original:
    actor, quota = whose(request), request.app.state.quota
    declared = request.headers.get("content-length", "")
    await asyncio.to_thread(quota.check, actor, int(declared) if declared.isdigit() else 0, name)
    found, most = await asyncio.to_thread(quota.left, actor), request.app.state.settings.max_body_bytes
    left = found.bytes if found else None
    try:
        received = await receive(request.stream(), name, _folders(request), most if left is None else min(left, most))
    except TooLarge:
        if left is not None and left < most:  # sent in chunks: what it would come to was not told before
            await asyncio.to_thread(quota.check, actor, left + 1, name)
        raise
    if sha256 is not None and received.sha256 != sha256:
        raise BadInput(f"what arrived has the SHA-256 {received.sha256}", where="query.sha256", remedy="send it again")
    await asyncio.to_thread(_shelf(request).keep_original, received.sha256)
    await asyncio.to_thread(whose(request).brings, request.app.state.engine, Owned.ORIGINAL, received.sha256)
    kept = await asyncio.to_thread(store.keep_original, request.app.state.engine, received)
    await asyncio.to_thread(quotas.bring, request.app.state.engine, actor.name, kept.sha256)
    return kept


def _settings(text: str | None, rules: str | None, sample_fps: float | None) -> AnalysisSettings:
    try:
        whole = AnalysisSettings.model_validate_json(text) if text else AnalysisSettings()
    except ValidationError as error:
        raise _misread(error, "query.settings") from error
    given = {key: value for key, value in {"rules": rules, "sample_fps": sample_fps}.items() if value is not None}
    return whole.model_copy(update=given)


async def _question(request: Request) -> AnalysisRequest:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > JSON_LIMIT_BYTES:
            raise BadInput("the question is too long", where="body", remedy="send the video with its own media type")
    try:
        return AnalysisRequest.model_validate_json(bytes(body))
    except ValidationError as error:
        raise _misread(error, "body") from error


def _misread(error: ValidationError, place: str) -> BadInput:
    return validation_error([{**fault, "loc": (place, *fault["loc"])} for fault in error.errors(include_url=False)])


async def _find(request: Request, analysis_id: str) -> Analysis:
    found = await asyncio.to_thread(store.find_analysis, request.app.state.engine, analysis_id)
    if found is None:
        raise NotFound("no analysis of that id", where=request.url.path, said=phrase("problem.no_analysis"))
    return found


async def _view(request: Request, found: Analysis) -> AnalysisView:
    (view,) = await _views(request, found)
    return view


async def _views(request: Request, *found: Analysis) -> tuple[AnalysisView, ...]:
    ids, engine = tuple(one.id for one in found), request.app.state.engine
    names = await _names(request, *ids)
    failed = await asyncio.to_thread(trials.given_up, engine, ids)
    waiting = await asyncio.to_thread(waits.waiting, engine, ids)
    now = datetime.now(UTC)
    return tuple(AnalysisView.of(one, names[one.id], now, failed.get(one.id, ()), waiting.get(one.id)) for one in found)


async def _names(request: Request, *ids: str) -> dict[str, tuple[str, ...]]:
    found = await asyncio.to_thread(_shelf(request).results, ids)
    return {one: shown(request, names) for one, names in found.items()}


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def _folders(request: Request) -> Folders:
    return _shelf(request).folders


def _shelf(request: Request) -> Shelf:
    shelf: Shelf = request.app.state.shelf
    return shelf
