"""What works on analyses: in the gateway's process, or in one of its own beside it (`wideberth worker`)."""

import asyncio
import logging
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy.engine import Engine

from wideberth_gateway.analyses.alone import Alone
from wideberth_gateway.analyses.claiming import Claims
from wideberth_gateway.analyses.folders import Folders
from wideberth_gateway.analyses.segments import SegmentSensing
from wideberth_gateway.analyses.work import PipelineWork, Render
from wideberth_gateway.identity.desk import IdentityDesk
from wideberth_gateway.identity.heard import heard_in
from wideberth_gateway.instance import executor
from wideberth_gateway.jobs.dbos_runner import dbos_runner
from wideberth_gateway.jobs.helping import Helping
from wideberth_gateway.jobs.leases import Standing
from wideberth_gateway.jobs.patience import Patience, PatientWork
from wideberth_gateway.jobs.runner import JobRunner, Work
from wideberth_gateway.keeping.places import open_store
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.keeping.shelved_work import ShelvedWork
from wideberth_gateway.replay.proxies import making_proxies
from wideberth_gateway.rules.catalogue import Packs, packs_with
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store.engine import open_engine
from wideberth_gateway.store.migrate import migrate
from wideberth_pipeline import Stages

StagesFactory = Callable[[], AbstractAsyncContextManager[Stages]]
Watched = Callable[[Work, Engine, Folders], Work]

_log = logging.getLogger("wideberth.gateway")


@dataclass(frozen=True, slots=True)
class Workshop:
    """Database, folders, ports and the runner of jobs, all open."""

    engine: Engine
    folders: Folders
    shelf: Shelf
    stages: Stages
    runner: JobRunner
    packs: Packs
    identity: IdentityDesk


def unwatched(work: Work, engine: Engine, folders: Folders) -> Work:
    """The work as it is."""
    return work


@asynccontextmanager
async def workshop(
    stages_factory: StagesFactory, settings: GatewaySettings, render: Render | None, watched: Watched = unwatched
) -> AsyncIterator[Workshop]:
    """A workshop that works, where the settings say so, until the context ends.

    Args:
        stages_factory: opens the ports.
        settings: where things lie, and whether to work.
        render: further results of an analysis.
        watched: puts measuring around the steps.

    Raises:
        Conflict: another process works under the same executor id in this folder.
    """
    async with AsyncExitStack() as stack:
        executor_id = stack.enter_context(executor(settings.data_dir, settings.executor_id))
        folders = Folders(settings.data_dir)
        folders.prepare()
        engine = open_engine(settings.main_database())
        stack.callback(engine.dispose)
        migrate(engine)
        shelf = Shelf(engine, folders, open_store(settings), settings.cache_bytes)
        stages = await stack.enter_async_context(stages_factory())
        standing = Standing(engine, executor_id, settings.lease_s)
        await standing.open()
        at_once, limit_s = settings.jobs_at_once, settings.frame_limit_s
        packs = packs_with(settings.areas_dir)
        identity = IdentityDesk(shelf, heard_in(settings.data_dir))
        claims = Claims(engine, standing.lease, settings.segments_ahead)
        work = PipelineWork(
            engine,
            folders,
            stages,
            packs,
            claims,
            render=render,
            sensing=SegmentSensing(engine, stages, Alone(stages_factory, limit_s), limit_s, at_once),
            done=identity.hold_if_heard if settings.ais_sources else None,
        )
        patience = Patience(engine, settings.data_dir, settings.work_disk_bytes)
        kept = watched(ShelvedWork(work, shelf, patience), engine, folders)
        jobs = dbos_runner(
            PatientWork(kept, patience),
            database_url=settings.jobs_database(),
            executor_id=executor_id,
            at_once=at_once,
            poll_s=settings.job_poll_s,
            takes_jobs=settings.work_here,
        )
        runner = await stack.enter_async_context(jobs)
        await stack.enter_async_context(standing.watching(runner.release))
        if settings.work_here:
            helping = Helping(runner, kept, claims.tidy, at_once=at_once, look_every_s=settings.job_poll_s)
            await stack.enter_async_context(helping.running())
        if settings.work_here and settings.make_proxies:
            await stack.enter_async_context(making_proxies(shelf, executor_id))
        yield Workshop(engine, folders, shelf, stages, runner, packs, identity)


def run_worker(stages_factory: StagesFactory, settings: GatewaySettings, render: Render | None = None) -> None:
    """Work on the analyses of a gateway until SIGTERM or SIGINT, without listening anywhere.

    Raises:
        Conflict: another process works under the same executor id in this folder.
    """
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
    asyncio.run(_work_until_stopped(stages_factory, worker_settings(settings), render))


def worker_settings(settings: GatewaySettings) -> GatewaySettings:
    """A worker works, and under a name of its own: the id kept in the data folder is the gateway's."""
    executor_id = settings.executor_id or f"worker-{socket.gethostname()[:50]}-{uuid4().hex}"
    return settings.model_copy(update={"executor_id": executor_id, "work_here": True})


async def _work_until_stopped(stages_factory: StagesFactory, settings: GatewaySettings, render: Render | None) -> None:
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    async with workshop(stages_factory, settings, render):
        _log.info("executor %s works in %s", settings.executor_id, settings.data_dir)
        await stopped.wait()
