"""The gateway as an application, whatever stands behind its ports."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from typing import Any

from fastapi import FastAPI
from sqlalchemy.engine import Engine

from wideberth_gateway.alerts.hub import Hub
from wideberth_gateway.alerts.ogc_routes import router as ogc_routes
from wideberth_gateway.alerts.outward_routes import router as outward_routes
from wideberth_gateway.alerts.review_routes import router as review_routes
from wideberth_gateway.alerts.routes import router as alert_routes
from wideberth_gateway.analyses.folders import Folders
from wideberth_gateway.analyses.routes import router as analysis_routes
from wideberth_gateway.analyses.submission import Desk
from wideberth_gateway.analyses.work import PipelineWork, Render
from wideberth_gateway.edge import Edge, Metrics
from wideberth_gateway.evidence.days import keep_stamping
from wideberth_gateway.evidence.desk import EvidenceDesk
from wideberth_gateway.evidence.exhibits import MakeExhibits, nothing_to_show
from wideberth_gateway.evidence.routes import router as evidence_routes
from wideberth_gateway.health import health
from wideberth_gateway.instance import executor
from wideberth_gateway.jobs.dbos_runner import dbos_runner
from wideberth_gateway.jobs.runner import Work
from wideberth_gateway.keeping.clearing import keep_clearing
from wideberth_gateway.keeping.deleting import keep_retention
from wideberth_gateway.keeping.journal import journal_of
from wideberth_gateway.keeping.places import open_store
from wideberth_gateway.keeping.retention import rules_of
from wideberth_gateway.keeping.routes import router as keeping_routes
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.keeping.shelved_work import ShelvedWork
from wideberth_gateway.observing.standing import Gauges, Watch
from wideberth_gateway.observing.tracing import open_tracing
from wideberth_gateway.observing.watched_work import StepMetrics, WatchedWork
from wideberth_gateway.rules.catalogue import load_pack
from wideberth_gateway.rules.routes import router as rule_routes
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store.engine import open_engine
from wideberth_gateway.store.migrate import migrate
from wideberth_gateway.version import wideberth_version
from wideberth_gateway.webhooks.routes import router as webhook_routes
from wideberth_gateway.webhooks.sending import Sender
from wideberth_pipeline import Stages
from wideberth_servicekit.problems import install_problem_handlers

StagesFactory = Callable[[], AbstractAsyncContextManager[Stages]]


def create_gateway(
    stages_factory: StagesFactory,
    settings: GatewaySettings,
    *,
    render: Render | None = None,
    exhibits: MakeExhibits = nothing_to_show,
) -> FastAPI:
    """The gateway; everything opens when the application starts and closes when it ends.

    Args:
        stages_factory: opens the ports, local or over HTTP, in the application's event loop.
        settings: where things lie.
        render: further results of an analysis, made by the application (pictures, a report).
        exhibits: stills, curves, clips and model cards of an evidence bag, made by the application.
    """
    metrics, tracing = Metrics(), open_tracing()
    steps, gauges = StepMetrics(metrics.registry), Gauges.of(metrics.registry)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.callback(tracing.close)
            watched = partial(WatchedWork, metrics=steps, tracing=tracing)
            await _open(app, stack, stages_factory, render, watched, gauges)
            await _open_evidence(app, stack, exhibits)
            yield

    app = FastAPI(title="Wideberth", version=wideberth_version(), lifespan=lifespan)
    app.state.settings = settings
    install_problem_handlers(app)
    alerting = (alert_routes, ogc_routes, outward_routes, review_routes, webhook_routes)
    for router in (health(metrics), analysis_routes, *alerting, rule_routes, evidence_routes, keeping_routes):
        app.include_router(router)
    app.add_middleware(Edge, metrics=metrics, tracing=tracing)
    return app


async def _open(
    app: FastAPI,
    stack: AsyncExitStack,
    stages_factory: StagesFactory,
    render: Render | None,
    watched: Callable[[Work, Engine, Folders], Work],
    gauges: Gauges,
) -> None:
    settings: GatewaySettings = app.state.settings
    executor_id = stack.enter_context(executor(settings.data_dir, settings.executor_id))
    folders = Folders(settings.data_dir)
    folders.prepare()
    engine = open_engine(settings.main_database())
    stack.callback(engine.dispose)
    migrate(engine)
    shelf = Shelf(engine, folders, open_store(settings), settings.cache_bytes)
    journal = await stack.enter_async_context(journal_of(shelf).running())
    await stack.enter_async_context(in_background(keep_clearing(shelf)))
    await stack.enter_async_context(in_background(keep_retention(shelf, rules_of(settings))))
    stages = await stack.enter_async_context(stages_factory())
    work = PipelineWork(engine, folders, stages, load_pack, render=render, sensing_at_once=settings.jobs_at_once)
    jobs = dbos_runner(
        watched(ShelvedWork(work, shelf), engine, folders),
        database_url=settings.jobs_database(),
        executor_id=executor_id,
        at_once=settings.jobs_at_once,
        poll_s=settings.job_poll_s,
    )
    runner = await stack.enter_async_context(jobs)
    sender = Sender(engine, settings.public_url, private_too=settings.receivers_on_private_addresses)
    await stack.enter_async_context(sender.running())
    app.state.hub = await stack.enter_async_context(Hub(engine).running())
    app.state.watch = Watch(gauges, engine, settings.data_dir, stages.infos, lambda: journal.written)
    desk = Desk(engine, shelf, stages, runner)
    await desk.take_up()
    app.state.engine, app.state.folders, app.state.shelf = engine, folders, shelf
    app.state.stages, app.state.desk = stages, desk


async def _open_evidence(app: FastAPI, stack: AsyncExitStack, exhibits: MakeExhibits) -> None:
    settings: GatewaySettings = app.state.settings
    app.state.evidence = EvidenceDesk(app.state.engine, app.state.shelf, exhibits)
    stamping = keep_stamping(app.state.engine, settings.authority(), settings.stamp_every_s)
    await stack.enter_async_context(in_background(stamping))


@asynccontextmanager
async def in_background(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """The work goes on until the end of the block."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
