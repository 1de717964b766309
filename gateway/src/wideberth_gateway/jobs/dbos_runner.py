"""The job runner on DBOS Transact. The only module that imports it.

DBOS keeps each step's end in a database of its own: a SQLite file, or the schema `dbos` in PostgreSQL. After a kill
the process that comes back under the same executor id goes on behind the last step that ended. DBOS runs workflows in
an event loop of its own; each step hops over to the loop of the application, where ports and clients live.

Limits: a job whose process never comes back under its executor id waits until another one is started with that id.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, SetWorkflowID

from wideberth_gateway.jobs.runner import Job, JobState, Work

WORKFLOW_ORDER = "wideberth-1"
"""DBOS's application version. Changes only when the order of steps does: jobs of another order are not taken up."""

QUEUE = "analyses"

STATES = {
    "ENQUEUED": JobState.WAITING,
    "DELAYED": JobState.WAITING,
    "PENDING": JobState.RUNNING,
    "SUCCESS": JobState.DONE,
    "ERROR": JobState.FAILED,
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": JobState.FAILED,
    "CANCELLED": JobState.CANCELLED,
}

MAX_RECOVERIES = 1000
"""A long job on a machine that is often switched off may well be picked up this often."""

Analyse = Callable[[str], Coroutine[Any, Any, None]]


@asynccontextmanager
async def dbos_runner(
    work: Work, *, database_url: str, executor_id: str, at_once: int = 1, poll_s: float = 1.0
) -> AsyncIterator["DbosRunner"]:
    """A runner that works until the context ends. One at a time in a process: DBOS is a singleton.

    Args:
        work: what the steps do.
        database_url: of the jobs; SQLite or PostgreSQL.
        executor_id: the same after each restart of this instance, and no other instance's.
        at_once: jobs running in this process at the same time.
        poll_s: how often the queue is looked at.
    """
    analyse = _register(work, asyncio.get_running_loop())
    await asyncio.to_thread(_launch, _config(database_url, executor_id), at_once, poll_s)
    try:
        yield DbosRunner(analyse)
    finally:
        await asyncio.to_thread(DBOS.destroy, destroy_registry=True)


class DbosRunner:
    """The `JobRunner` on DBOS; made by `dbos_runner`. Calls go through threads: DBOS blocks."""

    def __init__(self, analyse: Analyse) -> None:
        self._analyse = analyse

    async def start(self, job: Job) -> None:
        """Durable when this returns; starting a known job does nothing."""
        await asyncio.to_thread(self._start, job)

    async def cancel(self, job: Job) -> None:
        """No further step; the step under way is stopped within a second or two."""
        await asyncio.to_thread(DBOS.cancel_workflow, _workflow_id(job))

    async def state(self, job: Job) -> JobState:
        """Where the job stands."""
        status = await asyncio.to_thread(DBOS.get_workflow_status, _workflow_id(job))
        return STATES[status.status] if status else JobState.UNKNOWN

    def _start(self, job: Job) -> None:
        with SetWorkflowID(_workflow_id(job)):
            DBOS.enqueue_workflow(QUEUE, self._analyse, job.analysis_id)


def _workflow_id(job: Job) -> str:
    return f"{job.analysis_id}.{job.attempt}"


def _config(database_url: str, executor_id: str) -> DBOSConfig:
    url = sa.make_url(database_url)
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql")
    return {
        "name": "wideberth",
        "system_database_url": url.render_as_string(hide_password=False),
        "executor_id": executor_id,
        "application_version": WORKFLOW_ORDER,
        "console_log_level": "ERROR",
        "log_level": "ERROR",
        "enable_otlp": False,
    }


def _launch(config: DBOSConfig, at_once: int, poll_s: float) -> None:
    """In a thread without a loop, so that DBOS brings its own and leaves the application's alone."""
    DBOS(config=config)
    DBOS.launch()
    DBOS.register_queue(QUEUE, worker_concurrency=at_once, polling_interval_sec=poll_s)


def _register(work: Work, loop: asyncio.AbstractEventLoop) -> Analyse:
    """The workflow, its steps bound to this work and loop."""

    async def hop(step: Coroutine[Any, Any, Any]) -> Any:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(step, loop))

    @DBOS.step(name="segments")
    async def segments(analysis_id: str) -> list[int]:
        return list(await hop(work.segments(analysis_id)))

    @DBOS.step(name="sense", preemptible=True)
    async def sense(analysis_id: str, position: int) -> None:
        await hop(work.sense(analysis_id, position))

    @DBOS.step(name="follow", preemptible=True)
    async def follow(analysis_id: str) -> None:
        await hop(work.follow(analysis_id))

    @DBOS.step(name="alert")
    async def alert(analysis_id: str) -> None:
        await hop(work.alert(analysis_id))

    @DBOS.workflow(name="analyse", max_recovery_attempts=MAX_RECOVERIES)
    async def analyse(analysis_id: str) -> None:
        try:
            for position in await segments(analysis_id):
                await sense(analysis_id, position)
            await follow(analysis_id)
            await alert(analysis_id)
        except Exception as error:  # the edge of the job: an analysis must never stand as running for ever
            await hop(work.fail(analysis_id, error))
            raise

    return analyse
