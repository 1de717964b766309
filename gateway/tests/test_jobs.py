"""The job runner's promises, on SQLite and on PostgreSQL."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from wideberth_contracts.errors import BadInput, Conflict
from wideberth_gateway.instance import executor
from wideberth_gateway.jobs.dbos_runner import dbos_runner
from wideberth_gateway.jobs.runner import Job, JobState
from wideberth_gateway.jobs.turns import ROUNDS, Turn, Urgency, next_turn

ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class Notes:
    """Work that only notes what is asked of it; `sense` waits until it may go on."""

    def __init__(self, fails_at: int | None = None, stops_at: int | None = None) -> None:
        self.done: list[str] = []
        self.errors: list[Exception] = []
        self.may_sense = asyncio.Event()
        self.may_sense.set()
        self.sensing = asyncio.Event()
        self._fails_at = fails_at
        self._stops_at = stops_at

    async def inherit(self, analysis_id: str, of: str) -> None:
        self.done.append(f"inherit {of}")

    async def segments(self, analysis_id: str) -> tuple[int, ...]:
        self.done.append("segments")
        return (0, 1, 2)

    async def sense(self, analysis_id: str, position: int) -> None:
        if position == self._stops_at:
            self.may_sense.clear()
        self.sensing.set()
        await self.may_sense.wait()
        if position == self._fails_at:
            raise BadInput("cannot go on", where=f"segment {position}", remedy="send another")
        self.done.append(f"sense {position}")

    async def follow(self, analysis_id: str) -> None:
        self.done.append("follow")

    async def alert(self, analysis_id: str) -> None:
        self.done.append("alert")

    async def fail(self, analysis_id: str, error: Exception) -> None:
        self.errors.append(error)


WHOLE = ["segments", "sense 0", "sense 1", "sense 2", "follow", "alert"]


@pytest.fixture
def jobs(database_url):
    @asynccontextmanager
    async def opened(work):
        async with dbos_runner(work, database_url=database_url, executor_id="one", poll_s=0.1) as runner:
            yield runner

    return opened


async def ended(runner, job: Job) -> JobState:
    for _ in range(600):
        state = await runner.state(job)
        if state in ENDED:
            return state
        await asyncio.sleep(0.05)
    raise AssertionError(state)


def test_steps_in_order_once(jobs):
    async def scene():
        work, job = Notes(), Job("a", 1)
        async with jobs(work) as runner:
            assert await runner.state(job) is JobState.UNKNOWN
            await runner.start(job)
            assert await ended(runner, job) is JobState.DONE
            await runner.start(job)
            await asyncio.sleep(0.3)
        assert work.done == WHOLE

    asyncio.run(scene())


def test_a_fork_takes_over_first_and_once(jobs):
    async def scene():
        first, second, job = Notes(stops_at=0), Notes(), Job("b", 1)
        async with jobs(first) as runner:
            await runner.fork(job, "a", for_whom="x")
            await asyncio.wait_for(first.sensing.wait(), 20)
            [listed] = await runner.unfinished()
            assert (listed.job, listed.turn.for_whom) == (job, "x")
        async with jobs(second) as runner:
            assert await ended(runner, job) is JobState.DONE
            await runner.fork(job, "a")
            await runner.fork(Job("b", 2), "a")
            assert await ended(runner, Job("b", 2)) is JobState.DONE
        assert first.done == ["inherit a", "segments"]
        assert second.done == [*WHOLE[1:], "inherit a", *WHOLE]

    asyncio.run(scene())


def test_a_failure_is_told_with_its_own_class_and_a_new_attempt_runs(jobs):
    async def scene():
        work = Notes(fails_at=1)
        async with jobs(work) as runner:
            await runner.start(Job("a", 1))
            assert await ended(runner, Job("a", 1)) is JobState.FAILED
            assert [type(error) for error in work.errors] == [BadInput]
            assert str(work.errors[0]) == "segment 1: cannot go on (send another)"
            await runner.start(Job("a", 2))
            assert await ended(runner, Job("a", 2)) is JobState.FAILED
        assert work.done == ["segments", "sense 0"] * 2

    asyncio.run(scene())


def test_cancel_stops_the_step_under_way(jobs):
    async def scene():
        work, job = Notes(), Job("a", 1)
        work.may_sense.clear()
        async with jobs(work) as runner:
            await runner.start(job)
            await asyncio.wait_for(work.sensing.wait(), 20)
            await runner.cancel(job)
            assert await ended(runner, job) is JobState.CANCELLED
            await asyncio.sleep(2.5)
            work.may_sense.set()
            await asyncio.sleep(0.5)
        assert (work.done, work.errors) == (["segments"], [])

    asyncio.run(scene())


def test_a_job_goes_on_after_a_restart_behind_its_last_step(jobs):
    async def scene():
        job, first, second = Job("a", 1), Notes(stops_at=1), Notes()
        async with jobs(first) as runner:
            await runner.start(job)
            while first.may_sense.is_set():
                await asyncio.sleep(0.01)
        async with jobs(second) as runner:
            assert await ended(runner, job) is JobState.DONE
        assert first.errors == second.errors == []
        assert second.done[-2:] == ["follow", "alert"]
        assert len(first.done) + len(second.done) <= len(WHOLE) + 1

    asyncio.run(scene())


def test_one_instance_at_a_time_under_one_executor_id(tmp_path):
    with executor(tmp_path, None) as first:
        with pytest.raises(Conflict, match="another gateway works in this folder"), executor(tmp_path, None):
            pass
        with executor(tmp_path, "another") as other:
            assert other == "another"
    with executor(tmp_path, None) as again:
        assert again == first


def test_everyone_gets_a_turn_and_urgent_jobs_go_first(jobs):
    """One person asks for four analyses, then another for two, then someone in need: as they are run."""

    class Order(Notes):
        async def segments(self, analysis_id: str) -> tuple[int, ...]:
            self.done.append(analysis_id)
            return (0,)

        async def sense(self, analysis_id: str, position: int) -> None:
            self.sensing.set()
            await self.may_sense.wait()

        async def alert(self, analysis_id: str) -> None:
            pass

        follow = alert

    async def scene():
        work = Order()
        work.may_sense.clear()
        async with jobs(work) as runner:
            await runner.start(Job("a0", 1), for_whom="a")
            await asyncio.wait_for(work.sensing.wait(), 20)
            for name in ("a1", "a2", "a3", "b1", "b2"):
                await runner.start(Job(name, 1), for_whom=name[0])
            await runner.start(Job("c1", 1), for_whom="c", urgency=Urgency.URGENT)
            await runner.start(Job("d1", 1), for_whom="d", urgency=Urgency.BACKGROUND)
            listed = await runner.unfinished()
            work.may_sense.set()
            for one in listed:
                assert await ended(runner, one.job) is JobState.DONE
            assert await runner.unfinished() == ()
        assert work.done == ["a0", "c1", "b1", "a1", "b2", "a2", "a3", "d1"]
        waiting = [one.job.analysis_id for one in listed if one.state is JobState.WAITING]
        assert waiting == work.done[1:]
        assert [(one.job.analysis_id, one.executor_id) for one in listed if one.executor_id] == [("a0", "one")]

    asyncio.run(scene())


def test_a_released_job_goes_on_elsewhere_behind_its_last_step(database_url):
    """As after the death of an executor: another one takes the job, whose turn and whose person stay."""

    async def scene():
        job, first, second = Job("a", 1), Notes(stops_at=1), Notes()
        async with dbos_runner(first, database_url=database_url, executor_id="one", poll_s=0.1) as runner:
            await runner.start(job, for_whom="a")
            while first.may_sense.is_set():
                await asyncio.sleep(0.01)
        async with dbos_runner(second, database_url=database_url, executor_id="two", poll_s=0.1) as runner:
            await asyncio.sleep(1)
            assert await runner.state(job) is JobState.RUNNING
            assert second.done == []
            assert await asyncio.to_thread(runner.release, "one") == 1
            assert await asyncio.to_thread(runner.release, "one") == 0
            [listed] = await runner.unfinished()
            assert listed.turn.for_whom == "a"
            assert await ended(runner, job) is JobState.DONE
        assert second.done == ["sense 1", "sense 2", "follow", "alert"]

    asyncio.run(scene())


def test_help_is_for_jobs_that_run_elsewhere_where_none_waits_and_there_is_room(database_url):
    """`one` runs two jobs and ends; then `two` has nothing of its own to do."""

    async def scene():
        first, idle = Notes(stops_at=1), Notes()
        here = {"database_url": database_url, "poll_s": 0.1}
        async with dbos_runner(first, executor_id="one", at_once=2, **here) as runner:
            assert await runner.to_help() == ()
            await runner.start(Job("a", 1), for_whom="a")
            while first.may_sense.is_set():
                await asyncio.sleep(0.01)
            assert await runner.to_help() == (Job("a", 1),)
            first.sensing.clear()
            await runner.start(Job("b", 1), for_whom="b", urgency=Urgency.URGENT)
            await asyncio.wait_for(first.sensing.wait(), 20)
            assert await runner.to_help() == ()
        async with dbos_runner(idle, executor_id="two", takes_jobs=False, **here) as runner:
            assert await runner.to_help() == (Job("b", 1), Job("a", 1))
            await runner.start(Job("c", 1), for_whom="c")
            assert await runner.to_help() == ()
        assert idle.done == []

    asyncio.run(scene())


def test_nobody_saves_up_turns_by_staying_away():
    served = [Turn("a", Urgency.NORMAL, number) for number in range(50, 100)]
    first = next_turn("b", Urgency.NORMAL, served)
    second = next_turn("b", Urgency.NORMAL, [*served, first])
    assert (first.round, second.round) == (50, 51)
    assert next_turn("b", Urgency.URGENT, served).round == 0
    assert Turn.at(first.priority, "b") == first
    last = next_turn("a", Urgency.BACKGROUND, [Turn("a", Urgency.BACKGROUND, ROUNDS - 1)])
    assert last.priority < 2**31
