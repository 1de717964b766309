"""One way to make a service: `create_app` gives every service the same health, errors, limits and metrics."""

import asyncio
import contextlib
import ipaddress
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Generic, TypeVar

import uvicorn
from fastapi import APIRouter, FastAPI, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import Response

from wideberth_contracts.errors import Unavailable, WideberthError
from wideberth_contracts.ports import Described
from wideberth_contracts.settings import ServiceInfo
from wideberth_contracts.wire import Wire
from wideberth_servicekit.api_page import install_api_page
from wideberth_servicekit.described import tell_problems
from wideberth_servicekit.edge import VERB_PREFIX, Edge, Limits, Metrics, starting
from wideberth_servicekit.logs import set_up_logs
from wideberth_servicekit.parcels import PixelCodec
from wideberth_servicekit.pixel_desk import PixelDesk
from wideberth_servicekit.problems import install_problem_handlers, problem_response
from wideberth_servicekit.settings import ServiceSettings

Adapter = TypeVar("Adapter", bound=Described)

_log = logging.getLogger("wideberth.service")


@dataclass(frozen=True)
class Service(Generic[Adapter]):
    """What is particular about a service.

    Attributes:
        open: makes the local adapter (loads the model) and closes it at the end. Called once, at start.
        self_test: one real piece of work on a known input; raises if the answer is wrong.
        routes: of its port, from `wideberth_servicekit.ports`.
        codec: for PNG and JPEG pixels; without it only raw and shared pixels are taken.
    """

    name: str
    version: str
    open: Callable[[], AbstractAsyncContextManager[Adapter]]
    self_test: Callable[[Adapter], Awaitable[None]]
    routes: APIRouter
    codec: PixelCodec | None = None


class Alive(Wire):
    """The process answers."""

    status: str = "alive"


class Ready(Wire):
    """The self-test passed, on this device."""

    status: str = "ready"
    service: str
    version: str
    device: str


class Readiness:
    """Whether the service may be used, and if not, why."""

    def __init__(self) -> None:
        self.refusal: WideberthError | None = starting()
        self.settled = asyncio.Event()

    def settle(self, refusal: WideberthError | None) -> None:
        """Ready (None), or failed for good."""
        self.refusal = refusal
        self.settled.set()


def create_app(service: Service[Adapter], settings: ServiceSettings) -> FastAPI:
    """The FastAPI application of a service.

    Its adapter is opened and tested in a task of its own, so that `/livez` answers while a large model loads; the
    start waits up to `settings.start_wait_s` for it. Endpoints find it as `request.app.state.adapter`.
    """
    metrics = Metrics(service.name)
    app = FastAPI(
        title=f"Wideberth {service.name}",
        version=service.version,
        lifespan=_lifespan(service, settings),
        docs_url=None,
        redoc_url=None,
    )
    install_problem_handlers(app)
    tell_problems(app)
    install_api_page(app)
    app.state.readiness = None
    app.include_router(service.routes)
    overdue: set[asyncio.Future[None]] = set()
    app.include_router(_health(service, metrics, lambda: _hangs(overdue, settings)))
    paths = (str(getattr(route, "path", "")) for route in service.routes.routes)
    app.add_middleware(
        Edge,
        metrics=metrics,
        limits=Limits(settings.max_body_bytes, settings.max_in_flight, settings.verb_limit_s),
        verbs=frozenset(path.removeprefix(VERB_PREFIX) for path in paths),
        token=settings.service_token.get_secret_value() if settings.service_token else None,
        not_ready=lambda: _refusal(app),
        overdue=overdue,
    )
    return app


def serve(app: FastAPI, settings: ServiceSettings) -> None:
    """Run until stopped. Says so when the address is open to other machines."""
    set_up_logs(settings.log_level, settings.log_format)
    if settings.service_token is None and not _is_loopback(settings.host):
        _log.warning("listening on %s: other machines can reach this service, and it has no token", settings.host)
    # A line a frame would drown the log; the metrics count requests.
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_level=settings.log_level,
        log_config=None,
        access_log=settings.log_level == "debug",
    )


def _hangs(overdue: "set[asyncio.Future[None]]", settings: ServiceSettings) -> Unavailable | None:
    """Whoever watches over the process should start it anew: a thread that hangs is ended by nothing else."""
    if not overdue:
        return None
    return Unavailable(f"{len(overdue)} requests are not done after {settings.verb_limit_s:g} s", remedy="restart it")


def _refusal(app: FastAPI) -> WideberthError | None:
    readiness: Readiness | None = app.state.readiness
    return starting() if readiness is None else readiness.refusal


def _lifespan(
    service: Service[Adapter], settings: ServiceSettings
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        readiness = app.state.readiness = Readiness()
        stop = asyncio.Event()
        with PixelDesk(settings, service.codec) as desk:
            app.state.pixels = desk
            work = asyncio.create_task(_hold_open(service, app, readiness, stop))
            try:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(readiness.settled.wait(), settings.start_wait_s)
                yield
            finally:
                stop.set()
                if not readiness.settled.is_set():
                    work.cancel()
                await asyncio.gather(work, return_exceptions=True)

    return lifespan


async def _hold_open(service: Service[Adapter], app: FastAPI, readiness: Readiness, stop: asyncio.Event) -> None:
    """Open the adapter, test it, keep it until told to stop, close it: all in one task."""
    try:
        async with service.open() as adapter:
            app.state.adapter = adapter
            await service.self_test(adapter)
            readiness.settle(None)
            await stop.wait()
    except WideberthError as error:
        _log.error("%s cannot start: %s", service.name, error)
        readiness.settle(error)
    except Exception as error:
        _log.exception("%s cannot start", service.name)
        readiness.settle(Unavailable(f"the self-test failed ({type(error).__name__}); the log says how"))


def _health(service: Service[Adapter], metrics: Metrics, hangs: Callable[[], Unavailable | None]) -> APIRouter:
    router = APIRouter(tags=["service"])

    @router.get("/livez", response_model=Alive)
    async def livez() -> Alive | Response:
        late = hangs()
        return Alive() if late is None else problem_response(late, HTTPStatus.SERVICE_UNAVAILABLE)

    @router.get("/readyz", response_model=Ready)
    async def readyz(request: Request) -> Ready | Response:
        refusal = _refusal(request.app)
        if refusal is not None:
            return problem_response(refusal, HTTPStatus.SERVICE_UNAVAILABLE)
        info = await _info(request)
        return Ready(service=service.name, version=service.version, device=info.device)

    @router.get("/info")
    async def info(request: Request) -> ServiceInfo:
        return await _info(request)

    @router.get("/metrics", include_in_schema=False)
    async def scrape() -> Response:
        return Response(generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return router


async def _info(request: Request) -> ServiceInfo:
    refusal = _refusal(request.app)
    if refusal is not None:
        raise refusal
    adapter: Described = request.app.state.adapter
    return await adapter.info()


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
