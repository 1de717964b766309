"""The gateway as an application, whatever stands behind its ports."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

from fastapi import Depends, FastAPI

from wideberth_gateway.access.area_routes import router as area_routes
from wideberth_gateway.access.callers import with_tls
from wideberth_gateway.access.gate import Gate, for_whom, passed
from wideberth_gateway.access.headers import SafeHeaders
from wideberth_gateway.access.organisation_routes import router as organisation_routes
from wideberth_gateway.access.people_routes import router as people_routes
from wideberth_gateway.access.provider import Provider
from wideberth_gateway.access.provider_routes import router as provider_routes
from wideberth_gateway.access.session_routes import router as session_routes
from wideberth_gateway.access.signing_in import greet_first
from wideberth_gateway.alerts.account_routes import router as account_routes
from wideberth_gateway.alerts.hub import Hub
from wideberth_gateway.alerts.ogc_routes import router as ogc_routes
from wideberth_gateway.alerts.outward_routes import router as outward_routes
from wideberth_gateway.alerts.review_routes import router as review_routes
from wideberth_gateway.alerts.routes import router as alert_routes
from wideberth_gateway.analyses.judgements import router as judgement_routes
from wideberth_gateway.analyses.routes import router as analysis_routes
from wideberth_gateway.analyses.submission import Desk
from wideberth_gateway.analyses.whereabouts import keep_located
from wideberth_gateway.analyses.work import Render
from wideberth_gateway.away import tell_away
from wideberth_gateway.comparing.routes import router as comparison_routes
from wideberth_gateway.edge import Edge, Metrics
from wideberth_gateway.evidence.days import keep_stamping
from wideberth_gateway.evidence.desk import EvidenceDesk
from wideberth_gateway.evidence.exhibits import MakeExhibits, nothing_to_show
from wideberth_gateway.evidence.routes import router as evidence_routes
from wideberth_gateway.evidence.trail_routes import router as trail_routes
from wideberth_gateway.flights.desk import FlightDesk
from wideberth_gateway.flights.folder_desk import FolderDesk
from wideberth_gateway.flights.folder_routes import router as folder_routes
from wideberth_gateway.flights.registering import Registrar
from wideberth_gateway.flights.routes import router as flight_routes
from wideberth_gateway.health import health
from wideberth_gateway.identity.heard import listening
from wideberth_gateway.identity.vessel_routes import router as vessel_routes
from wideberth_gateway.keeping.clearing import keep_clearing as keep_cache_small
from wideberth_gateway.keeping.deleting import keep_retention
from wideberth_gateway.keeping.journal import journal_of
from wideberth_gateway.keeping.retention import rules_of
from wideberth_gateway.keeping.routes import router as keeping_routes
from wideberth_gateway.observing.routes import router as standing_routes
from wideberth_gateway.observing.standing import Gauges, Watch
from wideberth_gateway.observing.tracing import open_tracing
from wideberth_gateway.observing.watched_work import StepMetrics, WatchedWork
from wideberth_gateway.page import install_page
from wideberth_gateway.replay.clearing import OneAtATime
from wideberth_gateway.replay.clearing import router as clearing_routes
from wideberth_gateway.replay.correcting import router as correction_routes
from wideberth_gateway.replay.exporting import router as export_routes
from wideberth_gateway.replay.routes import router as replay_routes
from wideberth_gateway.rules.routes import router as rule_routes
from wideberth_gateway.season.routes import router as season_routes
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.tasks import in_background
from wideberth_gateway.uploads.clearing import keep_clearing
from wideberth_gateway.uploads.desk import Limits, UploadDesk
from wideberth_gateway.uploads.quota import Quota
from wideberth_gateway.uploads.routes import router as upload_routes
from wideberth_gateway.version import wideberth_version
from wideberth_gateway.webhooks.routes import router as webhook_routes
from wideberth_gateway.webhooks.sending import Sender
from wideberth_gateway.wording.problems import in_korean
from wideberth_gateway.working import StagesFactory, Watched, workshop
from wideberth_servicekit.api_page import install_api_page
from wideberth_servicekit.described import tell_problems
from wideberth_servicekit.problems import install_problem_handlers


def create_gateway(
    stages_factory: StagesFactory,
    settings: GatewaySettings,
    *,
    render: Render | None = None,
    exhibits: MakeExhibits = nothing_to_show,
    page: Path | None = None,
) -> FastAPI:
    """The gateway; everything opens when the application starts and closes when it ends.

    Args:
        stages_factory: opens the ports, local or over HTTP, in the application's event loop.
        settings: where things lie.
        render: further results of an analysis, made by the application (pictures, a report).
        exhibits: stills, curves, clips and model cards of an evidence bag, made by the application.
        page: folder of the built page; None: the API alone.
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

    app = FastAPI(
        title="Wideberth",
        version=wideberth_version(),
        lifespan=lifespan,
        dependencies=[Depends(passed)],
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings, app.state.provider = settings, Provider(settings)
    install_problem_handlers(app, in_korean)
    tell_away(app)
    tell_problems(app)
    install_api_page(app, for_whom)
    alerting = (alert_routes, account_routes, ogc_routes, outward_routes, review_routes, webhook_routes)
    judging = (judgement_routes, vessel_routes, rule_routes)
    for router in (
        health(metrics),
        upload_routes,
        flight_routes,
        folder_routes,
        analysis_routes,
        replay_routes,
        export_routes,
        correction_routes,
        clearing_routes,
        comparison_routes,
        *alerting,
        *judging,
        season_routes,
        keeping_routes,
        evidence_routes,
        session_routes,
        people_routes,
        organisation_routes,
        area_routes,
        trail_routes,
        standing_routes,
        provider_routes,
    ):
        app.include_router(router)
    if page is not None:
        install_page(app, page)
    app.add_middleware(Gate, gateway=app, settings=settings)
    app.add_middleware(Edge, metrics=metrics, tracing=tracing)
    app.add_middleware(SafeHeaders, with_tls=with_tls(settings))
    return app


async def _open(
    app: FastAPI,
    stack: AsyncExitStack,
    stages_factory: StagesFactory,
    render: Render | None,
    watched: Watched,
    gauges: Gauges,
) -> None:
    settings: GatewaySettings = app.state.settings
    shop = await stack.enter_async_context(workshop(stages_factory, settings, render, watched))
    engine, folders, shelf, stages, runner = shop.engine, shop.folders, shop.shelf, shop.stages, shop.runner
    if settings.access == "accounts":
        await asyncio.to_thread(greet_first, engine)
    journal = await stack.enter_async_context(journal_of(shelf).running())
    await stack.enter_async_context(in_background(keep_cache_small(shelf)))
    await stack.enter_async_context(in_background(keep_retention(shelf, rules_of(settings))))
    await stack.enter_async_context(in_background(keep_located(engine, shelf)))
    await stack.enter_async_context(listening(settings.ais_sources, settings.data_dir))
    sender = Sender(engine, settings.public_url, private_too=settings.receivers_on_private_addresses)
    await stack.enter_async_context(sender.running())
    app.state.hub = await stack.enter_async_context(Hub(engine).running())
    app.state.watch = Watch(gauges, engine, settings.data_dir, stages.infos, lambda: journal.written)
    desk = Desk(engine, shelf, stages, runner, settings.media_limits())
    await desk.take_up()
    flights = FlightDesk(shelf, stages.distance, settings.media_limits(), desk.submit)
    app.state.flights = flights
    registrar = Registrar(engine, folders, shelf.keep_original)
    app.state.registering = FolderDesk(engine, settings.register_roots, registrar, flights)
    await stack.enter_async_context(app.state.registering.running())
    quota = app.state.quota = Quota(engine, settings.quota_bytes, settings.organisation_quota_bytes)
    limits = Limits(settings.max_body_bytes, settings.spare_disk_bytes, settings.upload_keep_s)
    app.state.uploads = UploadDesk(engine, folders, limits, shelf.keep_original, quota)
    await stack.enter_async_context(keep_clearing(app.state.uploads))
    app.state.engine, app.state.folders, app.state.shelf = engine, folders, shelf
    app.state.stages, app.state.desk = stages, desk
    app.state.clearing = OneAtATime()
    app.state.identity, app.state.packs = shop.identity, shop.packs


async def _open_evidence(app: FastAPI, stack: AsyncExitStack, exhibits: MakeExhibits) -> None:
    settings: GatewaySettings = app.state.settings
    app.state.evidence = EvidenceDesk(app.state.engine, app.state.shelf, exhibits, app.state.packs)
    stamping = keep_stamping(app.state.engine, settings.authority(), settings.stamp_every_s)
    await stack.enter_async_context(in_background(stamping))
