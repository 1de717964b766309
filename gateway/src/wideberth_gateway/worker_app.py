"""A worker that whatever watches processes can ask: it works on analyses, and answers for its health and metrics alone.

`python -m wideberth_gateway worker`, as containers run it. Nobody signs in here and no password is made: people and
what they may are the gateway's. `wideberth worker` does the same work without listening anywhere.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from fastapi import Depends, FastAPI

from wideberth_gateway.access.callers import with_tls
from wideberth_gateway.access.gate import Gate, passed
from wideberth_gateway.access.headers import SafeHeaders
from wideberth_gateway.analyses.work import Render
from wideberth_gateway.away import tell_away
from wideberth_gateway.edge import Edge, Metrics
from wideberth_gateway.health import health
from wideberth_gateway.keeping.clearing import keep_clearing
from wideberth_gateway.observing.standing import DiskWatch
from wideberth_gateway.observing.tracing import open_tracing
from wideberth_gateway.observing.watched_work import StepMetrics, WatchedWork
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.tasks import in_background
from wideberth_gateway.version import wideberth_version
from wideberth_gateway.wording.problems import in_korean
from wideberth_gateway.working import StagesFactory, workshop
from wideberth_servicekit.problems import install_problem_handlers


def create_worker(stages_factory: StagesFactory, settings: GatewaySettings, *, render: Render | None = None) -> FastAPI:
    """The worker; it works from the start of the application to its end.

    Args:
        stages_factory: opens the ports, in the application's event loop.
        settings: the gateway's database and files; the data folder is the worker's own, with its executor id in it.
        render: further results of an analysis.
    """
    metrics, tracing = Metrics(), open_tracing()
    steps, watch = StepMetrics(metrics.registry), DiskWatch.of(metrics.registry, settings.data_dir)
    settings = settings.model_copy(update={"work_here": True})

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.callback(tracing.close)
            watched = partial(WatchedWork, metrics=steps, tracing=tracing)
            shop = await stack.enter_async_context(workshop(stages_factory, settings, render, watched))
            await stack.enter_async_context(in_background(keep_clearing(shop.shelf)))
            app.state.engine, app.state.stages, app.state.packs = shop.engine, shop.stages, shop.packs
            app.state.watch = watch
            yield

    app = FastAPI(
        title="Wideberth worker",
        version=wideberth_version(),
        lifespan=lifespan,
        dependencies=[Depends(passed)],
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.settings = settings
    install_problem_handlers(app, in_korean)
    tell_away(app)
    app.include_router(health(metrics, "worker"))
    app.add_middleware(Gate, gateway=app, settings=settings)
    app.add_middleware(Edge, metrics=metrics, tracing=tracing)
    app.add_middleware(SafeHeaders, with_tls=with_tls(settings))
    return app
