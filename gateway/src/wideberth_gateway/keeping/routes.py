"""Originals as files, with ranges; holds; and what the rules of retention say."""

import asyncio
import mimetypes
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from wideberth_contracts.errors import NotFound
from wideberth_contracts.wire import UtcDatetime, Wire
from wideberth_gateway.access.guard import actor_of
from wideberth_gateway.analyses.routes import AnalysisId
from wideberth_gateway.keeping.ranges import kept_response
from wideberth_gateway.keeping.retention import Kind, due, rules_of
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.replay.blurring import is_blurred, refuse_footage, shows
from wideberth_gateway.store import analyses as store
from wideberth_gateway.store import holds
from wideberth_gateway.store.holds import HeldKind, Hold

router = APIRouter(tags=["keeping"])


class HoldAsked(Wire):
    """Something to be kept whatever the rules say."""

    kind: HeldKind
    subject: Annotated[str, Field(min_length=1, max_length=64)]
    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class HoldView(Wire):
    """A hold. `lifted_by` is absent while it holds."""

    id: str
    kind: HeldKind
    subject: str
    reason: str
    held_by: str
    since: UtcDatetime
    lifted_by: str | None
    lifted_at: UtcDatetime | None

    @classmethod
    def of(cls, hold: Hold) -> "HoldView":
        """As the store has it."""
        lifted = None if hold.lifted_epoch_s is None else datetime.fromtimestamp(hold.lifted_epoch_s, UTC)
        return cls(
            id=hold.id,
            kind=hold.kind,
            subject=hold.subject,
            reason=hold.reason,
            held_by=hold.held_by,
            since=datetime.fromtimestamp(hold.since_epoch_s, UTC),
            lifted_by=hold.lifted_by,
            lifted_at=lifted,
        )


class RuleView(Wire):
    """How long a class of data is kept; `days` is absent where for ever."""

    kind: Kind
    days: float | None


class RetentionView(Wire):
    """The rules, and what the next run will delete. Nothing in a case is in it."""

    rules: tuple[RuleView, ...]
    files: int
    size_bytes: int
    alerts: tuple[str, ...]
    deliveries: int


@router.get("/v1/originals/{sha256}/content", response_class=Response)
async def content(request: Request, sha256: AnalysisId) -> Response:
    """The file as it came; ranges are served. For whom recordings are blurred, files without pictures alone."""
    found = await asyncio.to_thread(store.find_original, request.app.state.engine, sha256)
    if found is None:
        raise NotFound("no file of that hash was sent", where=request.url.path)
    if is_blurred(request) and await asyncio.to_thread(shows, request.app.state.engine, found):
        refuse_footage(request, found.name)
    shelf: Shelf = request.app.state.shelf
    kind = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
    here = shelf.folders.original(sha256)
    return await asyncio.to_thread(kept_response, request, shelf, f"originals/{sha256}", here, kind)


@router.post("/v1/holds", status_code=201)
async def hold(request: Request, asked: HoldAsked) -> HoldView:
    """Keep an original, an analysis with its originals, or an alert with its analysis, until the hold is lifted."""
    made = await asyncio.to_thread(
        holds.set_hold, request.app.state.engine, asked.kind, asked.subject, asked.reason, actor_of(request)
    )
    return HoldView.of(made)


@router.get("/v1/holds")
async def held(request: Request) -> tuple[HoldView, ...]:
    """All holds ever set, oldest first."""
    return tuple(HoldView.of(one) for one in await asyncio.to_thread(holds.list_holds, request.app.state.engine))


@router.delete("/v1/holds/{hold_id}")
async def lift(request: Request, hold_id: str) -> HoldView:
    """The hold holds no more; it stays in the list."""
    lifted = await asyncio.to_thread(holds.lift_hold, request.app.state.engine, hold_id, actor_of(request))
    return HoldView.of(lifted)


@router.get("/v1/retention")
async def retention(request: Request) -> RetentionView:
    """How long what is kept, and what is due."""
    shelf: Shelf = request.app.state.shelf
    rules = rules_of(request.app.state.settings)
    found = await asyncio.to_thread(due, shelf, rules)
    return RetentionView(
        rules=tuple(RuleView(kind=rule.kind, days=rule.days) for rule in rules),
        files=len(found.files),
        size_bytes=sum(one.stored.size_bytes for one in found.files),
        alerts=tuple(alert for alert, _ in found.alerts),
        deliveries=len(found.deliveries),
    )
