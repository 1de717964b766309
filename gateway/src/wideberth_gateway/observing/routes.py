"""How things stand, for a person: models with their cards, jobs, storage, deliveries."""

import asyncio
import shutil

from fastapi import APIRouter, Request

from wideberth_contracts.wire import NonNegative, Wire
from wideberth_gateway.observing.cards import ModelView, models_of
from wideberth_gateway.store.standing import Standing, look
from wideberth_pipeline import Stages

router = APIRouter(tags=["service"])


class StorageView(Wire):
    """Bytes kept, by class, and what is free where the data folder lies."""

    kept_bytes: dict[str, int]
    free_bytes: int
    total_bytes: int


class StandingView(Wire):
    """One look at the gateway. Counts are by state; ages are of the oldest that waits, 0 where none does."""

    analyses: dict[str, int]
    queue_age_s: NonNegative
    segments_retried: int
    alerts: dict[str, int]
    deliveries: dict[str, int]
    webhook_lag_s: NonNegative
    stamps_waiting: int
    audit_entries: int
    storage: StorageView


@router.get("/v1/models")
async def models(request: Request) -> tuple[ModelView, ...]:
    """The models in use with their cards, read from this machine."""
    stages: Stages = request.app.state.stages
    return await asyncio.to_thread(models_of, await stages.infos())


@router.get("/v1/standing")
async def standing(request: Request) -> StandingView:
    """How the gateway stands now."""
    found = await asyncio.to_thread(look, request.app.state.engine)
    disk = await asyncio.to_thread(shutil.disk_usage, request.app.state.settings.data_dir)
    return _view(found, StorageView(kept_bytes=found.kept_bytes, free_bytes=disk.free, total_bytes=disk.total))


def _view(found: Standing, storage: StorageView) -> StandingView:
    return StandingView(
        analyses=found.analyses,
        queue_age_s=found.queue_age_s,
        segments_retried=found.segments_retried,
        alerts=found.alerts,
        deliveries=found.deliveries,
        webhook_lag_s=found.webhook_lag_s,
        stamps_waiting=found.stamps_waiting,
        audit_entries=found.audit_entries,
        storage=storage,
    )
