"""What an alert rests on, for the page."""

import asyncio

from fastapi import APIRouter, Request

from wideberth_gateway.alerts.account import Account, account_of
from wideberth_gateway.evidence.desk import EvidenceDesk
from wideberth_gateway.replay.blurring import is_blurred
from wideberth_gateway.store import alerts as store

router = APIRouter(tags=["alerts"])


@router.get("/v1/alerts/{alert_id}/account")
async def account(request: Request, alert_id: str) -> Account:
    """Curves, plan, error budget, law and conduct of an alert in its latest version; 409 until its analysis is done."""
    told = await asyncio.to_thread(_account, request.app.state.evidence, alert_id)
    return told.model_copy(update={"annotated": False}) if is_blurred(request) else told


def _account(desk: EvidenceDesk, alert_id: str) -> Account:
    with desk.case(alert_id) as case:
        return account_of(case, store.versions(desk.engine, alert_id)[-1].encounter.bands)
