"""What a job is, and what runs one. Knows no queue, no library and no pipeline."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from wideberth_gateway.jobs.turns import Turn, Urgency


@dataclass(frozen=True, slots=True)
class Job:
    """One try at one analysis. A new attempt after a failure or a cancel is a new job; segment files are kept."""

    analysis_id: str
    attempt: int


class JobState(StrEnum):
    """Where a job stands."""

    UNKNOWN = "unknown"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Listed:
    """A job that waits or runs. `executor_id`: who runs it, if anyone does."""

    job: Job
    state: JobState
    turn: Turn
    executor_id: str | None


class Work(Protocol):
    """The steps of a job, in this order. Each may run again after a kill and must then give the same."""

    async def inherit(self, analysis_id: str, of: str) -> None:
        """Of a fork alone: what the analysis `of` computed before the stage of the fork is taken over."""
        ...

    async def segments(self, analysis_id: str) -> tuple[int, ...]:
        """Positions of the segments to sense."""
        ...

    async def sense(self, analysis_id: str, position: int) -> tuple[int, ...]:
        """The segment's file is whole and where files are kept, whoever sensed it; what was sensed here meanwhile."""
        ...

    async def help(self, analysis_id: str) -> tuple[int, ...]:
        """No step: a segment of a job that another executor runs is sensed here. Its position; nothing if none is free.

        What is away is not waited for, but raised.
        """
        ...

    async def follow(self, analysis_id: str) -> None:
        """Tracks, judgement and tables are on disk."""
        ...

    async def alert(self, analysis_id: str) -> None:
        """Alerts are durable; then the analysis is done."""
        ...

    async def fail(self, analysis_id: str, error: Exception) -> None:
        """The analysis stands as failed, with the problem a person can act on."""
        ...


class JobRunner(Protocol):
    """Runs jobs, each to its end or to a named failure, whatever happens to the process in between.

    Progress is the work's own: it knows frames, a runner knows steps.
    """

    async def start(self, job: Job, *, for_whom: str = "", urgency: Urgency = Urgency.NORMAL) -> None:
        """The job is accepted durably, for its turn among everyone's. A job known already goes on as it is."""
        ...

    async def fork(self, job: Job, of: str, *, for_whom: str = "", urgency: Urgency = Urgency.NORMAL) -> None:
        """As `start`, of a job that first takes over what the analysis `of` computed (`Work.inherit`)."""
        ...

    async def cancel(self, job: Job) -> None:
        """The job does no further step, and the step under way is stopped."""
        ...

    async def state(self, job: Job) -> JobState:
        """Where the job stands."""
        ...

    async def to_help(self) -> tuple[Job, ...]:
        """Jobs that run and may be helped with from here, in the order of their turns.

        None while a job waits for its turn, or this executor runs as many as it may: jobs go before help.
        """
        ...

    async def unfinished(self) -> tuple[Listed, ...]:
        """Jobs that wait or run, in the order of their turns."""
        ...

    def release(self, executor_id: str) -> int:
        """The running jobs of an executor that is fenced off wait again, for any executor; how many. Blocks."""
        ...
