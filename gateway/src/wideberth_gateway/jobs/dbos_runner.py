"""The job runner on DBOS Transact. The only module that imports it.

DBOS keeps each step's end in a database of its own: a SQLite file, or the schema `dbos` in PostgreSQL. After a kill
the process that comes back under the same executor id goes on behind the last step that ended. DBOS runs workflows in
an event loop of its own; each step hops over to the loop of the application, where ports and clients live.

A process that never comes back loses its lease (`leases`), and `release` puts its jobs back into the queue. DBOS itself
refuses what an execution still records after its job was put back.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, SetEnqueueOptions, SetWorkflowAttributes, SetWorkflowID

from wideberth_gateway.jobs.runner import Job, JobState, Listed, Work
from wideberth_gateway.jobs.turns import Turn, Urgency, next_turn
from wideberth_gateway.store.executors import LeaseLost

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

FOR_WHOM = "for_whom"

LEASE_WAIT_S = 1.0
"""How long a step whose lease was lost waits for the new one."""

Analyse = Callable[..., Coroutine[Any, Any, None]]
"""Of an analysis by id, and where it is a fork, of the one it goes on from."""


@asynccontextmanager
async def dbos_runner(
    work: Work,
    *,
    database_url: str,
    executor_id: str,
    at_once: int = 1,
    poll_s: float = 1.0,
    takes_jobs: bool = True,
) -> AsyncIterator["DbosRunner"]:
    """A runner that works until the context ends. One at a time in a process: DBOS is a singleton.

    Args:
        work: what the steps do.
        database_url: of the jobs; SQLite or PostgreSQL.
        executor_id: the same after each restart of this instance, and no other instance's.
        at_once: jobs running in this process at the same time.
        poll_s: how often the queue is looked at.
        takes_jobs: whether jobs run here; otherwise they are only accepted, for other executors.
    """
    running: set[str] = set()
    analyse = _register(work, asyncio.get_running_loop(), executor_id, running)
    await asyncio.to_thread(_launch, _config(database_url, executor_id), at_once, poll_s, takes_jobs)
    try:
        yield DbosRunner(analyse, lambda: len(running) < at_once)
    finally:
        await asyncio.to_thread(DBOS.destroy, destroy_registry=True)


class DbosRunner:
    """The `JobRunner` on DBOS; made by `dbos_runner`. Calls go through threads: DBOS blocks."""

    def __init__(self, analyse: Analyse, has_room: Callable[[], bool]) -> None:
        self._analyse = analyse
        self._has_room = has_room

    async def start(self, job: Job, *, for_whom: str = "", urgency: Urgency = Urgency.NORMAL) -> None:
        """Durable when this returns; starting a known job does nothing."""
        await asyncio.to_thread(self._enqueue, job, (), for_whom, urgency)

    async def fork(self, job: Job, of: str, *, for_whom: str = "", urgency: Urgency = Urgency.NORMAL) -> None:
        """As `start`. DBOS's own forks repeat a workflow for the same analysis; this one is of another."""
        await asyncio.to_thread(self._enqueue, job, (of,), for_whom, urgency)

    async def cancel(self, job: Job) -> None:
        """No further step; the step under way is stopped within a second or two."""
        await asyncio.to_thread(DBOS.cancel_workflow, _workflow_id(job))

    async def state(self, job: Job) -> JobState:
        """Where the job stands."""
        status = await asyncio.to_thread(DBOS.get_workflow_status, _workflow_id(job))
        return STATES[status.status] if status else JobState.UNKNOWN

    def release(self, executor_id: str) -> int:
        """Put the running jobs of that executor back into the queue; how many. Only once it is fenced off. Blocks."""
        running = DBOS.list_workflows(status="PENDING", executor_id=executor_id, load_input=False, load_output=False)
        for one in running:
            DBOS.resume_workflow(one.workflow_id, queue_name=QUEUE)
        return len(running)

    async def to_help(self) -> tuple[Job, ...]:
        """Asks the database only where this executor has room, and then few jobs wait."""
        if not self._has_room():
            return ()
        listed = await self.unfinished()
        if any(one.state is JobState.WAITING for one in listed):
            return ()
        return tuple(one.job for one in listed)

    async def unfinished(self) -> tuple[Listed, ...]:
        """Jobs that wait or run, in the order of their turns."""
        return await asyncio.to_thread(_unfinished)

    def _enqueue(self, job: Job, of: tuple[str, ...], for_whom: str, urgency: Urgency) -> None:
        turn = next_turn(for_whom, urgency, (one.turn for one in _unfinished()))
        with (
            SetWorkflowID(_workflow_id(job)),
            SetWorkflowAttributes({FOR_WHOM: for_whom}),
            SetEnqueueOptions(priority=turn.priority),
        ):
            DBOS.enqueue_workflow(QUEUE, self._analyse, job.analysis_id, *of)


def _unfinished() -> tuple[Listed, ...]:
    waiting = [status for status, state in STATES.items() if state in (JobState.WAITING, JobState.RUNNING)]
    found = []
    for one in DBOS.list_workflows(status=waiting, name="analyse", load_input=False, load_output=False):
        analysis_id, _, attempt = one.workflow_id.rpartition(".")
        turn = Turn.at(one.priority or 0, str((one.attributes or {}).get(FOR_WHOM, "")))
        state = STATES[one.status]
        executor_id = one.executor_id if state is JobState.RUNNING else None
        found.append(
            (turn.priority, one.created_at or 0, Listed(Job(analysis_id, int(attempt)), state, turn, executor_id))
        )
    return tuple(listed for *_, listed in sorted(found, key=lambda each: each[:2]))


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


def _launch(config: DBOSConfig, at_once: int, poll_s: float, takes_jobs: bool) -> None:
    """In a thread without a loop, so that DBOS brings its own and leaves the application's alone."""
    DBOS(config=config)
    if not takes_jobs:
        DBOS.listen_queues([])
    DBOS.launch()
    DBOS.register_queue(QUEUE, worker_concurrency=at_once, polling_interval_sec=poll_s)


def _still_ours(workflow_id: str | None, executor_id: str) -> bool:
    """Whether the job is still run by this executor, as DBOS knows it."""
    found = DBOS.list_workflows(workflow_ids=[workflow_id or ""], load_input=False, load_output=False)
    return any(one.status == "PENDING" and one.executor_id == executor_id for one in found)


def _hopper(loop: asyncio.AbstractEventLoop, executor_id: str) -> Callable[..., Coroutine[Any, Any, Any]]:
    """Runs a step of the work in the application's loop, from DBOS's own."""

    async def hop(step: Callable[..., Coroutine[Any, Any, Any]], *arguments: Any) -> Any:
        """The step, in the application's loop; again where the lease was lost and the job is nobody else's yet."""
        workflow_id = DBOS.workflow_id
        while True:
            try:
                return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(step(*arguments), loop))
            except LeaseLost:
                if not await asyncio.to_thread(_still_ours, workflow_id, executor_id):
                    raise
                await asyncio.sleep(LEASE_WAIT_S)

    return hop


def _register(work: Work, loop: asyncio.AbstractEventLoop, executor_id: str, running: set[str]) -> Analyse:
    """The workflow, its steps bound to this work and loop; `running` holds those that are executed here."""

    hop = _hopper(loop, executor_id)

    @DBOS.step(name="inherit")
    async def inherit(analysis_id: str, of: str) -> None:
        await hop(work.inherit, analysis_id, of)

    @DBOS.step(name="segments")
    async def segments(analysis_id: str) -> list[int]:
        return list(await hop(work.segments, analysis_id))

    @DBOS.step(name="sense", preemptible=True)
    async def sense(analysis_id: str, position: int) -> None:
        await hop(work.sense, analysis_id, position)

    @DBOS.step(name="follow", preemptible=True)
    async def follow(analysis_id: str) -> None:
        await hop(work.follow, analysis_id)

    @DBOS.step(name="alert")
    async def alert(analysis_id: str) -> None:
        await hop(work.alert, analysis_id)

    @DBOS.workflow(name="analyse", max_recovery_attempts=MAX_RECOVERIES)
    async def analyse(analysis_id: str, of: str | None = None) -> None:
        workflow_id = DBOS.workflow_id or ""
        running.add(workflow_id)
        try:
            if of is not None:
                await inherit(analysis_id, of)
            for position in await segments(analysis_id):
                await sense(analysis_id, position)
            await follow(analysis_id)
            await alert(analysis_id)
        except LeaseLost:  # another executor goes on with the job; DBOS records nothing of this execution
            raise
        except Exception as error:  # the edge of the job: an analysis must never stand as running for ever
            await hop(work.fail, analysis_id, error)
            raise
        finally:
            running.discard(workflow_id)

    return analyse
