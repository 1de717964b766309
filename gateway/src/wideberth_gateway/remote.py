"""The ports over HTTP, from the addresses in the settings."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx

from wideberth_gateway.rules.catalogue import packs_with
from wideberth_gateway.rules.judge import LocalJudge
from wideberth_gateway.settings import GatewaySettings
from wideberth_pipeline import Stages
from wideberth_servicekit.ports import HttpAnomaly, HttpDetector, HttpDistance, HttpGlare, HttpTracker
from wideberth_servicekit.transport import FrameTransport, RawTransport, SharedTransport

CONNECT_TIMEOUT_S = 5.0

BUSY_FOR_S = 60.0
"""A service that takes nothing for a minute is away rather than busy, and the step begins again."""


@asynccontextmanager
async def http_stages(settings: GatewaySettings) -> AsyncIterator[Stages]:
    """Ports that call the services; the judge is here. Services may start later: they are asked when needed."""
    async with AsyncExitStack() as stack:
        timeout = httpx.Timeout(settings.service_timeout_s, connect=CONNECT_TIMEOUT_S)

        token = settings.service_token
        headers = {"Authorization": f"Bearer {token.get_secret_value()}"} if token else {}

        async def client(url: str) -> httpx.AsyncClient:
            made = httpx.AsyncClient(base_url=url, timeout=timeout, trust_env=False, headers=headers)
            return await stack.enter_async_context(made)

        transport: FrameTransport = RawTransport()
        if settings.shared_dir is not None:
            transport = stack.enter_context(SharedTransport(settings.shared_dir))
        yield Stages(
            glare=HttpGlare(await client(settings.glare_url), transport, busy_for_s=BUSY_FOR_S),
            detector=HttpDetector(await client(settings.detector_url), transport, busy_for_s=BUSY_FOR_S),
            distance=HttpDistance(await client(settings.distance_url), busy_for_s=BUSY_FOR_S),
            tracker=HttpTracker(await client(settings.tracker_url), transport, busy_for_s=BUSY_FOR_S),
            anomaly=HttpAnomaly(await client(settings.anomaly_url), transport, busy_for_s=BUSY_FOR_S),
            judge=LocalJudge(packs_with(settings.areas_dir)),
        )
