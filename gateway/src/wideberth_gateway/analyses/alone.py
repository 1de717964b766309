"""A segment sensed in a process of its own: whatever kills that process, or makes it stand still, ends nothing else.

The child opens its own ports, so models are loaded once more; only segments that a process was lost over go this way.
"""

import asyncio
import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from wideberth_contracts.errors import Problem, WideberthError, error_from_problem
from wideberth_pipeline import Stages, load_plan, sense
from wideberth_servicekit.problems import status_of

StagesFactory = Callable[[], AbstractAsyncContextManager[Stages]]
Note = Callable[[int, int], None]

LOOK_EVERY_S = 0.5
STARTS_WITHIN_S = 300.0
"""Models of a slow machine are loaded by then."""


class ProcessDied(Exception):
    """The child ended in the middle of the segment; how, in words."""


class StoodStill(Exception):
    """No frame was finished for too long; in words."""


class SegmentError(Exception):
    """What went wrong in the child is no error of the domain; its name and text."""


@dataclass(frozen=True, slots=True)
class Alone:
    """Senses segments apart.

    Attributes:
        factory: opens the ports in the child; it is sent there, so it must be one that pickle takes.
        stall_s: longest a frame may take.
    """

    factory: StagesFactory
    stall_s: float

    @property
    def possible(self) -> bool:
        """Whether the ports can be opened in another process."""
        try:
            pickle.dumps(self.factory)
        except (pickle.PicklingError, AttributeError, TypeError):
            return False
        return True

    async def sense(self, folder: Path, position: int, video: Path, note: Note) -> None:
        """The segment's file is whole and on disk.

        Raises:
            ProcessDied: the child did not live to its end.
            StoodStill: it was ended, for no frame came of it any more.
            WideberthError, SegmentError: as the child had it.
        """
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        child = context.Process(
            target=_child, args=(theirs, self.factory, folder, position, video), name=f"segment-{position}", daemon=True
        )
        await asyncio.to_thread(child.start)
        theirs.close()
        try:
            await self._listen(child, ours, note)
        finally:
            child.kill()
            await asyncio.to_thread(child.join)
            ours.close()

    async def _listen(self, child: BaseProcess, ours: Connection, note: Note) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + STARTS_WITHIN_S + self.stall_s
        while True:
            if not await asyncio.to_thread(ours.poll, LOOK_EVERY_S):
                if loop.time() > until:
                    raise StoodStill(f"no frame was finished in {self.stall_s:g} s")
                continue
            try:
                kind, told = await asyncio.to_thread(ours.recv)
            except EOFError:
                await asyncio.to_thread(child.join)
                raise ProcessDied(how_it_ended(child.exitcode)) from None
            until = loop.time() + self.stall_s
            if kind == "frames":
                note(*told)
            elif kind == "done":
                return
            else:
                raise _error(kind, told)


def how_it_ended(exitcode: int | None) -> str:
    """The end of a process in words."""
    if exitcode is not None and exitcode < 0:
        try:
            name = signal.Signals(-exitcode).name
        except ValueError:
            name = f"signal {-exitcode}"
        return f"the process that sensed it was ended by {name}"
    return f"the process that sensed it ended with code {exitcode}"


def _error(kind: str, told: Any) -> Exception:
    if kind == "problem":
        return error_from_problem(Problem.model_validate_json(told))
    return SegmentError(told)


def _child(connection: Connection, factory: StagesFactory, folder: Path, position: int, video: Path) -> None:
    """Runs in the child."""
    lock = threading.Lock()

    def tell(kind: str, told: object) -> None:
        with lock:
            connection.send((kind, told))

    threading.Thread(target=_end_with_parent, args=(connection,), daemon=True).start()
    try:
        asyncio.run(_sense(factory, folder, position, video, lambda done, total: tell("frames", (done, total))))
    except WideberthError as error:
        tell("problem", error.problem(status_of(error)).model_dump_json())
    except Exception as error:
        tell("error", f"{type(error).__name__}: {error}")
    else:
        tell("done", None)


async def _sense(factory: StagesFactory, folder: Path, position: int, video: Path, note: Note) -> None:
    made = await asyncio.to_thread(load_plan, folder)
    span = next(span for span in made.spans if span.index == position)
    async with factory() as stages:
        await sense(stages, made, span, video, folder, note)


def _end_with_parent(connection: Connection) -> None:
    """Nobody writes to the child; what it would read is the end of the parent."""
    try:
        connection.recv()
    except (EOFError, OSError):
        os._exit(1)
