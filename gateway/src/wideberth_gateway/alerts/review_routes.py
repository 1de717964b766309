"""Persons decide about alerts, and what they rejected teaches."""

import asyncio
import json
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.engine import Engine

from wideberth_contracts.judgement import Alert
from wideberth_contracts.reviews import ReviewAsked
from wideberth_gateway.access.guard import caller_of, whose
from wideberth_gateway.access.roles import Role
from wideberth_gateway.alerts.rejections import corrected_rows, rejection_rows
from wideberth_gateway.alerts.reviewing import reviewed
from wideberth_gateway.store import alerts as store
from wideberth_gateway.store import corrections as correction_store

LINES = "application/x-ndjson"

router = APIRouter(tags=["alerts"])


@router.post("/v1/alerts/{alert_id}/reviews", status_code=201)
async def review(request: Request, alert_id: str, asked: ReviewAsked) -> Alert:
    """A decision about the version that was looked at; durable when this answers."""
    who = caller_of(request)
    second_only = Role.REVIEWER not in who.roles
    needed: int = request.app.state.settings.reviewers_needed
    now = datetime.now(UTC)
    engine: Engine = request.app.state.engine
    return await asyncio.to_thread(
        store.decide, engine, alert_id, lambda known: reviewed(known, asked, who.name, now, needed, second_only)
    )


@router.get("/v1/alerts/rejections", response_class=Response, responses={200: {"content": {LINES: {}}}})
async def rejections(request: Request) -> Response:
    """What the screening may learn from, one JSON line each: alerts that stand as rejected, and tracks that a person
    said are no object (`alert` is null then, and `correction` its id)."""
    engine: Engine = request.app.state.engine
    sight = whose(request).sight
    rows = await asyncio.to_thread(
        lambda: (
            *rejection_rows(store.rejected(engine, sight)),
            *corrected_rows(correction_store.everything(engine, sight)),
        )
    )
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return Response(text, media_type=LINES)
