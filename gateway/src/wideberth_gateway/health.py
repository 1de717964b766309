"""What every service answers about itself: alive, ready, info, metrics."""

import asyncio
from typing import Protocol

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from wideberth_contracts.settings import ServiceInfo
from wideberth_contracts.wire import Wire
from wideberth_gateway.edge import Metrics
from wideberth_gateway.rules.catalogue import list_packs
from wideberth_gateway.store.analyses import count_by_state
from wideberth_gateway.version import wideberth_version
from wideberth_pipeline import Stages


class Alive(Wire):
    """The process answers."""

    status: str = "alive"


class Ready(Wire):
    """Database, packs and every service answered just now."""

    status: str = "ready"
    service: str = "gateway"
    version: str
    device: str = "cpu"
    services: tuple[ServiceInfo, ...]
    packs: tuple[str, ...]


class Refreshed(Protocol):
    """Gauges that are set anew when they are asked for."""

    async def refresh(self) -> None:
        """They say how things stand now."""
        ...


def health(metrics: Metrics, service: str = "gateway") -> APIRouter:
    """The routes about the process itself, which `app.state` has engine, packs, stages and watch of."""
    router = APIRouter(tags=["service"])

    @router.get("/livez")
    async def livez() -> Alive:
        return Alive()

    @router.get("/readyz")
    async def readyz(request: Request) -> Ready:
        """Asks the database, reads the packs and asks each service, so that the answer is true now."""
        await asyncio.to_thread(count_by_state, request.app.state.engine)
        packs = await asyncio.to_thread(list_packs)
        for pack in packs:
            await asyncio.to_thread(request.app.state.packs, pack)
        stages: Stages = request.app.state.stages
        return Ready(service=service, version=wideberth_version(), services=await stages.infos(), packs=packs)

    @router.get("/info")
    async def info() -> ServiceInfo:
        return ServiceInfo(service=service, version=wideberth_version(), device="cpu")

    @router.get("/metrics", include_in_schema=False)
    async def scrape(request: Request) -> Response:
        watch: Refreshed = request.app.state.watch
        await watch.refresh()
        return Response(generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return router
