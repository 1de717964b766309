"""Files to a gateway over tus 1.0, resumed after any break: of the line, of the server, of this program.

What is under way is kept in a state file: by server and file (path, size, time of last change) the address of the
upload and the file's SHA-256. A file is hashed first, so that one the server has already costs nothing, and so that the
server checks at the end that it has the very bytes.
"""

import base64
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from pydantic import ValidationError

from wideberth_contracts.errors import BadInput, Problem, Unavailable, WideberthError, error_from_problem
from wideberth_media import sha256_of
from wideberth_pipeline.durable import write_text_whole

TUS = {"Tus-Resumable": "1.0.0"}
OFFSET_TYPE = "application/offset+octet-stream"
PIECE_BYTES = 1 << 20
CHUNK_BYTES = 16 << 20
"""Bytes of one request, and so what a break costs at most: a proxy whose server is gone swallows the rest of one."""

LONGEST_WAIT_S = 30.0
TIMEOUT_S = 120.0
GONE = frozenset({404, 410, 403})
PASSING = frozenset({408, 423, 425, 429, 500, 502, 503, 504, 507})
"""Answers that pass by themselves."""

Report = Callable[[str, int, int], None]
"""Told the file's name, bytes done, bytes in all."""


@dataclass(frozen=True, slots=True)
class UnderWay:
    """An upload as the state file has it. `location` is empty before the server knows of it."""

    sha256: str
    location: str = ""


class StateFile:
    """What is under way, durable after each change.

    Args:
        path: of the file; its folder is made.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, UnderWay] = {}
        with suppress(OSError, ValueError, TypeError):
            content = json.loads(path.read_text(encoding="utf-8"))
            self._known = {key: UnderWay(**value) for key, value in content.items()}

    def find(self, key: str) -> UnderWay | None:
        """What was noted of that file at that server."""
        return self._known.get(key)

    def note(self, key: str, under_way: UnderWay | None) -> None:
        """Note it, or forget it."""
        if under_way is None:
            self._known.pop(key, None)
        else:
            self._known[key] = under_way
        write_text_whole(self._path, json.dumps({name: asdict(one) for name, one in self._known.items()}, indent=1))


def state_path() -> Path:
    """Where the state is kept unless told otherwise, as the XDG base directory specification has it."""
    home = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(home) / "wideberth" / "uploads.json"


class Sender:
    """Sends to one gateway.

    Args:
        client: its base URL is the gateway's, its headers carry the key.
        state: what is under way.
        patience_s: so long it goes on trying without a byte of progress.
        chunk_bytes: of one request.
    """

    def __init__(
        self, client: httpx.Client, state: StateFile, *, patience_s: float = 3600.0, chunk_bytes: int = CHUNK_BYTES
    ) -> None:
        self._client = client
        self._state = state
        self._patience_s = patience_s
        self._chunk_bytes = chunk_bytes

    def send(self, path: Path, report: Report) -> str:
        """The file is at the gateway; its SHA-256. Blocks.

        Raises:
            BadInput: the gateway does not take it, or it changed while it was sent.
            Unavailable: nothing moved for `patience_s`; the same call goes on there later.
        """
        facts = _facts(path)
        key = f"{self._client.base_url} {path.absolute()} {facts[0]} {facts[1]}"
        known = self._state.find(key) or UnderWay(sha256_of(path))
        self._state.note(key, known)
        quiet_since, tried, best = time.monotonic(), 0, -1
        offset: int | None = None
        while True:
            try:
                if offset is None:
                    known, offset = self._stands(path, facts[0], known)
                    self._state.note(key, known)
                if offset > best:
                    quiet_since, tried, best = time.monotonic(), 0, offset
                report(path.name, offset, facts[0])
                if offset == facts[0]:
                    break
                offset = self._patch(path, offset, facts[0], known.location)
            except Unavailable as error:
                offset = None
                waited_s = time.monotonic() - quiet_since
                if waited_s > self._patience_s:
                    remedy = "run the same command again later: it goes on there"
                    raise Unavailable(error.detail, where=str(path), remedy=remedy) from error
                time.sleep(min(LONGEST_WAIT_S, max(error.retry_after_s or 0.0, 0.5 * 2**tried)))
                tried = min(tried + 1, 10)
            if _facts(path) != facts:
                self._state.note(key, None)
                raise BadInput("the file changed while it was sent", where=str(path), remedy="send it again")
        self._state.note(key, None)
        return known.sha256

    def _stands(self, path: Path, size_bytes: int, known: UnderWay) -> tuple[UnderWay, int]:
        """The upload, made where there is none, and how much of it the gateway has."""
        if known.location:
            answer = self._ask("HEAD", known.location)
            if answer.is_success:
                return known, int(answer.headers["upload-offset"])
            if answer.status_code not in GONE:
                raise _refused(answer, path)
        told = {"filename": path.name, "sha256": known.sha256}
        metadata = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in told.items())
        headers = {"Upload-Length": str(size_bytes), "Upload-Metadata": metadata}
        answer = self._ask("POST", "v1/uploads", headers=headers)
        if not answer.is_success:
            raise _refused(answer, path)
        location = str(answer.request.url.join(answer.headers["location"]))
        return replace(known, location=location), int(answer.headers.get("upload-offset", "0"))

    def _patch(self, path: Path, offset: int, size_bytes: int, location: str) -> int | None:
        """Some bytes; where the gateway stands then. None: it must be asked, as after a conflict, which is no error."""
        length = min(self._chunk_bytes, size_bytes - offset)
        headers = {"Upload-Offset": str(offset), "Content-Type": OFFSET_TYPE, "Content-Length": str(length)}
        answer = self._ask("PATCH", location, headers=headers, content=_pieces(path, offset, length))
        if not answer.is_success and answer.status_code not in (409, *GONE):
            raise _refused(answer, path)
        stands = answer.headers.get("upload-offset", "")
        return int(stands) if answer.is_success and stands.isdigit() else None

    def _ask(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, content: Any = None
    ) -> httpx.Response:
        try:
            return self._client.request(method, url, headers=TUS | dict(headers or {}), content=content)
        except httpx.TransportError as error:
            raise Unavailable(f"the gateway does not answer ({type(error).__name__})", where=url) from error


def _facts(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _pieces(path: Path, offset: int, length: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(offset)
        while length > 0 and (piece := file.read(min(PIECE_BYTES, length))):
            length -= len(piece)
            yield piece


def refusal(answer: httpx.Response) -> WideberthError:
    """What an answer that is no success means."""
    try:
        return error_from_problem(Problem.model_validate_json(answer.content))
    except ValidationError:
        detail = f"{answer.request.method} {answer.request.url.path} was answered {answer.status_code}"
        if answer.status_code in PASSING:
            return Unavailable(detail)
        return BadInput(detail, remedy="check the address: it must be a gateway's")


def _refused(answer: httpx.Response, path: Path) -> WideberthError:
    error = refusal(answer)
    if answer.status_code in PASSING:
        asked = answer.headers.get("retry-after", "")
        retry_s = float(asked) if asked.isdigit() else error.retry_after_s
        return Unavailable(error.detail, where=str(path), remedy=error.remedy, retry_after_s=retry_s)
    return type(error)(error.detail, where=error.where or str(path), remedy=error.remedy)
