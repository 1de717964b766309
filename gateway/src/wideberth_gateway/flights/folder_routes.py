"""Folders registered over the API: names of roots, never paths of the machine."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import Field

from wideberth_contracts.errors import Problem
from wideberth_contracts.wire import Sha256, UtcDatetime, Wire
from wideberth_gateway.access.guard import whose
from wideberth_gateway.flights.folder_desk import FolderDesk
from wideberth_gateway.store.registrations import Registration, RegistrationState

router = APIRouter(tags=["flights"])

RegistrationId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


class FolderRequest(Wire):
    """A folder below a root, such as `DCIM/100MEDIA`; empty: the root itself."""

    root: Annotated[str, Field(min_length=1, max_length=100)]
    folder: Annotated[str, Field(max_length=1000)] = ""


class RootsView(Wire):
    """Names of what the administrator lets be registered, and whether each is there now."""

    roots: dict[str, bool]


class RegistrationView(Wire):
    """A registration as it stands. `flights`: ids, once it is done."""

    id: str
    root: str
    folder: str
    state: RegistrationState
    files_done: Annotated[int, Field(ge=0)]
    files_total: Annotated[int, Field(ge=0)]
    flights: tuple[Sha256, ...]
    problem: Problem | None
    created_at: UtcDatetime

    @classmethod
    def of(cls, one: Registration) -> "RegistrationView":
        """As the store has it."""
        return cls(
            id=one.id,
            root=one.root,
            folder=one.folder,
            state=one.state,
            files_done=one.files_done,
            files_total=one.files_total,
            flights=tuple(json.loads(one.flights_json)) if one.flights_json else (),
            problem=Problem.model_validate_json(one.problem_json) if one.problem_json else None,
            created_at=datetime.fromtimestamp(one.created_epoch_s, UTC),
        )


@router.get("/v1/folders")
async def roots(request: Request) -> RootsView:
    """What may be registered from."""
    known = _desk(request).roots
    there = await asyncio.to_thread(lambda: {name: path.is_dir() for name, path in known.items()})
    return RootsView(roots=there)


@router.post("/v1/folders", status_code=202)
async def register(request: Request, asked: FolderRequest) -> RegistrationView:
    """Recordings and logs of a folder become flights where they lie; they are hashed in the background."""
    return RegistrationView.of(await _desk(request).begin(asked.root, asked.folder, whose(request)))


@router.get("/v1/folders/{registration_id}")
async def registration(request: Request, registration_id: RegistrationId) -> RegistrationView:
    """How far it is, and what became of it."""
    return RegistrationView.of(await _desk(request).find(registration_id, whose(request)))


def _desk(request: Request) -> FolderDesk:
    desk: FolderDesk = request.app.state.registering
    return desk
