"""tus 1.0 over HTTP. `Location` is relative, so that it holds behind any proxy and prefix."""

from email.utils import formatdate
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict
from starlette.requests import ClientDisconnect

from wideberth_contracts.errors import BadInput
from wideberth_gateway.access.guard import whose
from wideberth_gateway.store.uploads import Upload
from wideberth_gateway.uploads.desk import ChecksumMismatch, UploadDesk
from wideberth_gateway.uploads.protocol import (
    ALGORITHMS,
    EXTENSIONS,
    OFFSET_TYPE,
    VERSION,
    checksum,
    metadata,
    number,
)
from wideberth_servicekit.problems import problem_response

router = APIRouter(tags=["uploads"])

UploadId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
ALWAYS = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}
CHECKSUM_MISMATCH = 460
"""tus, extension checksum."""


class UploadView(BaseModel):
    """An upload as it stands; `sha256` is that of the original it became, None until then."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    length_bytes: int
    offset_bytes: int
    sha256: str | None


@router.options("/v1/uploads", status_code=204, response_class=Response)
@router.options("/v1/uploads/{upload_id}", status_code=204, response_class=Response)
async def abilities(request: Request) -> Response:
    """What this server can, as tus asks."""
    headers = {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(request.app.state.settings.max_body_bytes),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }
    return Response(status_code=204, headers=ALWAYS | headers)


@router.post("/v1/uploads", status_code=201, response_class=Response)
async def create(request: Request) -> Response:
    """A new upload: `Upload-Length`, and `Upload-Metadata` with `filename` and, where known, `sha256`.

    A body of type `application/offset+octet-stream` is taken as the first bytes. A file that is here already is
    complete at once.
    """
    if (refused := _other_version(request)) is not None:
        return refused
    if "upload-defer-length" in request.headers:
        remedy = "send Upload-Length; a file has one"
        raise BadInput("uploads of unknown length are not taken", where="Upload-Defer-Length", remedy=remedy)
    length = number(request.headers.get("upload-length"), "Upload-Length")
    told = request.headers.get("upload-metadata", "")
    metadata(told)
    made = await _desk(request).create(length, told, whose(request))
    location = {"Location": f"uploads/{made.id}"}
    if request.headers.get("content-type") == OFFSET_TYPE and not made.complete:
        return await _append(request, made.id, 0, 201, location)
    return Response(status_code=201, headers=ALWAYS | location | _state(made))


@router.head("/v1/uploads/{upload_id}", response_class=Response)
async def offset(request: Request, upload_id: UploadId) -> Response:
    """How much is on disk."""
    if (refused := _other_version(request)) is not None:
        return refused
    found = await _desk(request).finished(upload_id)
    lengths = {"Upload-Length": str(found.length_bytes), "Upload-Metadata": found.metadata}
    return Response(headers=ALWAYS | lengths | _state(found))


@router.get("/v1/uploads/{upload_id}")
async def upload(request: Request, upload_id: UploadId) -> UploadView:
    """The same for people and programs that do not speak tus."""
    found = await _desk(request).finished(upload_id)
    return UploadView(
        id=found.id,
        name=found.name,
        length_bytes=found.length_bytes,
        offset_bytes=found.offset_bytes,
        sha256=found.sha256,
    )


@router.patch("/v1/uploads/{upload_id}", status_code=204, response_class=Response)
async def append(request: Request, upload_id: UploadId) -> Response:
    """Bytes at `Upload-Offset`; durable when this answers. The last ones answer with the original's SHA-256."""
    if (refused := _other_version(request)) is not None:
        return refused
    if request.headers.get("content-type") != OFFSET_TYPE:
        detail = f"the body must be of type {OFFSET_TYPE}"
        return problem_response(BadInput(detail, where="Content-Type", remedy="see tus.io"), 415)
    return await _append(request, upload_id, number(request.headers.get("upload-offset"), "Upload-Offset"), 204, {})


@router.post("/v1/uploads/{upload_id}", status_code=204, response_class=Response)
async def overridden(request: Request, upload_id: UploadId) -> Response:
    """PATCH and DELETE for lines that let neither through: `X-HTTP-Method-Override`."""
    method = request.headers.get("x-http-method-override", "").upper()
    if method == "PATCH":
        return await append(request, upload_id)
    if method == "DELETE":
        return await end(request, upload_id)
    remedy = "send PATCH, or X-HTTP-Method-Override: PATCH"
    raise BadInput("an upload takes no POST of its own", where="X-HTTP-Method-Override", remedy=remedy)


@router.delete("/v1/uploads/{upload_id}", status_code=204, response_class=Response)
async def end(request: Request, upload_id: UploadId) -> Response:
    """Forget an upload and its bytes. An original it became stays."""
    if (refused := _other_version(request)) is not None:
        return refused
    await _desk(request).end(upload_id)
    return Response(status_code=204, headers=ALWAYS)


async def _append(request: Request, upload_id: str, at: int, status: int, headers: dict[str, str]) -> Response:
    check = checksum(request.headers.get("upload-checksum"))
    try:
        stands = await _desk(request).append(upload_id, at, request.stream(), check)
    except ClientDisconnect:
        return Response(status_code=400, headers=ALWAYS)  # nobody reads it; what came is kept
    except ChecksumMismatch as error:
        answer = problem_response(error, CHECKSUM_MISMATCH)
        answer.headers.update(ALWAYS)
        return answer
    return Response(status_code=status, headers=ALWAYS | headers | _state(stands))


def _state(found: Upload) -> dict[str, str]:
    state = {
        "Upload-Offset": str(found.offset_bytes),
        "Upload-Expires": formatdate(found.expires_epoch_s, usegmt=True),
    }
    return state | ({"Wideberth-Sha256": found.sha256} if found.sha256 else {})


def _other_version(request: Request) -> Response | None:
    if request.headers.get("tus-resumable") == VERSION:
        return None
    error = BadInput("this is tus 1.0.0", where="Tus-Resumable", remedy=f"send Tus-Resumable: {VERSION}")
    answer = problem_response(error, 412)
    answer.headers["Tus-Version"] = VERSION
    return answer


def _desk(request: Request) -> UploadDesk:
    desk: UploadDesk = request.app.state.uploads
    return desk
