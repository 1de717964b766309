"""The audit trail, for who may read it: its entries, and whether the chain is whole."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlalchemy.engine import Engine

from wideberth_contracts.wire import Sha256, UtcDatetime, Wire
from wideberth_gateway.evidence.chain import Link, first_break
from wideberth_gateway.store import audit

router = APIRouter(tags=["evidence"])


class TrailEntry(Wire):
    """One entry. `details`: text and whole numbers, by name."""

    sequence: Annotated[int, Field(ge=1)]
    at: UtcDatetime
    actor: str
    action: str
    subject: str
    details: dict[str, Any]
    hash: Sha256


class TrailPage(Wire):
    """Entries, newest first. `next_before` of the next request, where there are older ones."""

    entries: tuple[TrailEntry, ...]
    next_before: int | None


class TrailCheck(Wire):
    """The chain from its first entry to the newest, computed anew.

    Attributes:
        whole: every entry follows the one before, and none was changed.
        broken_at: place of the first that does not; what was before it is sound.
        head: hash of the newest entry: to be compared with one that was noted elsewhere.
    """

    entries: Annotated[int, Field(ge=0)]
    whole: bool
    broken_at: int | None
    head: Sha256 | None


@router.get("/v1/audit/entries")
async def entries(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    before: Annotated[int | None, Query(ge=1, description="`next_before` of the page before")] = None,
) -> TrailPage:
    """What was done, by whom, newest first."""
    found = await asyncio.to_thread(audit.page_before, request.app.state.engine, before, limit)
    last = found[-1].sequence if found else 1
    return TrailPage(entries=tuple(_entry(one) for one in found), next_before=last if last > 1 else None)


@router.get("/v1/audit/check")
async def check(request: Request) -> TrailCheck:
    """Reads the whole trail and computes its chain; says where it breaks, if it does."""
    return await asyncio.to_thread(_check, request.app.state.engine)


def _check(engine: Engine) -> TrailCheck:
    broken_at = first_break(audit.walk(engine))
    last = audit.newest(engine)
    return TrailCheck(
        entries=last.sequence if last else 0,
        whole=broken_at is None,
        broken_at=broken_at,
        head=last.hash if last else None,
    )


def _entry(link: Link) -> TrailEntry:
    return TrailEntry(**link.entry, hash=link.hash)
