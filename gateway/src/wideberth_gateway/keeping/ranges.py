"""A kept file as an answer, whole or in part: from this disk where it lies here, else straight from the store."""

import re
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from wideberth_contracts.errors import NotFound
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.keeping.stores import Store, Stored

ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
NOT_SATISFIABLE = 416


def kept_response(request: Request, shelf: Shelf, key: str, here: Path, media_type: str) -> Response:
    """The file as an answer. Blocks: it asks the store.

    Raises:
        NotFound: it is nowhere.
    """
    shelf.noted_use("/".join(key.split("/")[:2]))
    if here.is_file():
        return FileResponse(here, media_type=media_type)
    store = shelf.store
    stored = store.find(key)
    if stored is None:
        raise NotFound("the file is not kept any more", where=request.url.path)
    tag = f'"{stored.sha256 or stored.tag}"'
    headers = {"Accept-Ranges": "bytes", "ETag": tag}
    asked = request.headers.get("range")
    if asked is None or request.headers.get("if-range", tag) != tag:
        return _part(store, stored, 0, stored.size_bytes, 200, headers, media_type)
    span = span_of(asked, stored.size_bytes)
    if span is None:
        return Response(
            status_code=NOT_SATISFIABLE, headers=headers | {"Content-Range": f"bytes */{stored.size_bytes}"}
        )
    start, stop = span
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{stored.size_bytes}"
    return _part(store, stored, start, stop, 206, headers, media_type)


def span_of(asked: str, size_bytes: int) -> tuple[int, int] | None:
    """The bytes [start, stop) of a `Range` header; None where it cannot be satisfied.

    Of several ranges, or another unit, the whole file is the answer (RFC 9110, 14.2).
    """
    found = ONE_RANGE.fullmatch(asked.strip())
    if found is None or found.groups() == ("", ""):
        return 0, size_bytes
    first, last = found.groups()
    if not first:
        start, stop = max(0, size_bytes - int(last)), size_bytes
    else:
        start, stop = int(first), min(size_bytes, int(last) + 1) if last else size_bytes
    return (start, stop) if start < stop else None


def _part(
    store: Store, stored: Stored, start: int, stop: int, status: int, headers: dict[str, str], media_type: str
) -> Response:
    headers = headers | {"Content-Length": str(stop - start)}
    pieces = store.pieces(stored.key, start, stop)
    return StreamingResponse(pieces, status_code=status, headers=headers, media_type=media_type)
