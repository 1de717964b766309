"""Folders of this machine, such as a card or a share, registered over the API: only below the administrator's roots."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import Engine

from wideberth_contracts.errors import BadInput, InternalFault, NotFound, WideberthError
from wideberth_gateway.flights.desk import FlightDesk
from wideberth_gateway.flights.folder_files import files_of
from wideberth_gateway.flights.messages import FlightsRequest
from wideberth_gateway.flights.registering import Registrar
from wideberth_gateway.store import registrations as store
from wideberth_gateway.store.organisations import Owned, Whose
from wideberth_gateway.store.registrations import Registration, RegistrationState
from wideberth_servicekit.problems import status_of

MOST_FILES = 200
"""Of one request for flights."""

_log = logging.getLogger("wideberth.gateway")


@dataclass(slots=True)
class FolderDesk:
    """Registers folders, one after another, in the background.

    Attributes:
        roots: folders below which anything may be registered, by the name that clients use.
    """

    engine: Engine
    roots: Mapping[str, Path]
    registrar: Registrar
    flights: FlightDesk
    _waiting: "asyncio.Queue[Registration]" = field(default_factory=asyncio.Queue)

    async def begin(self, root: str, folder: str, whose: Whose) -> Registration:
        """It is entered durably, and begun on.

        Raises:
            NotFound: no root of that name, no such folder below it.
            BadInput: the folder would lie elsewhere.
        """
        await asyncio.to_thread(self.inside, root, folder)
        new = await asyncio.to_thread(store.begin, self.engine, root, folder, whose)
        self._waiting.put_nowait(new)
        return new

    def inside(self, root: str, folder: str) -> Path:
        """Where that folder lies: below its root, also after every link in it was followed. Blocks."""
        base = self.roots.get(root)
        if base is None:
            known = ", ".join(sorted(self.roots)) or "none are set; WIDEBERTH_GATEWAY_REGISTER_ROOTS names them"
            raise NotFound(f"no root named {root!r}", where="root", remedy=f"roots: {known}")
        if "\0" in folder or folder.startswith("/") or ".." in Path(folder).parts:
            raise BadInput("this is no folder below a root", where="folder", remedy="give a path from the root on")
        try:
            found = (base / folder).resolve()
        except (OSError, RuntimeError) as error:  # a link that leads to itself, a name too long
            raise BadInput("this folder cannot be found", where="folder", remedy="name one that lies in it") from error
        if not found.is_relative_to(base.resolve()):
            raise BadInput("this folder leads out of its root", where="folder", remedy="name one that lies in it")
        if not found.is_dir():
            raise NotFound("no such folder", where=f"{root}/{folder}", remedy="check that the card is mounted")
        return found

    async def find(self, registration_id: str, whose: Whose) -> Registration:
        """As it stands. Raises `NotFound`, also for what somebody does not see."""
        return await asyncio.to_thread(store.find, self.engine, registration_id, whose.sight)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Works until the end of the block; what a restart cut off is done again."""
        for left in await asyncio.to_thread(store.running, self.engine):
            self._waiting.put_nowait(left)
        task = asyncio.create_task(self._work())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _work(self) -> None:
        while True:
            one = await self._waiting.get()
            try:
                await self._register(one)
            except Exception as error:
                await self._failed(one, error)

    async def _register(self, one: Registration) -> None:
        folder = await asyncio.to_thread(self.inside, one.root, one.folder)
        paths = await asyncio.to_thread(files_of, [folder])
        await asyncio.to_thread(store.note, self.engine, one.id, files_total=len(paths))
        hashes = []
        # Who registers a file has it at hand: it is theirs, whoever brought it before.
        whose = Whose(one.actor, one.organisation_id)
        for number, path in enumerate(paths, start=1):
            original = await asyncio.to_thread(self.registrar.register, path)
            await asyncio.to_thread(whose.brings, self.engine, Owned.ORIGINAL, original.sha256)
            hashes.append(original.sha256)
            await asyncio.to_thread(store.note, self.engine, one.id, files_done=number)
        flights: list[str] = []
        for start in range(0, len(hashes), MOST_FILES):
            asked = FlightsRequest(files=tuple(hashes[start : start + MOST_FILES]))
            made, _ = await self.flights.make(asked, whose)
            flights += [flight.id for flight in made]
        ended = {"state": RegistrationState.DONE.value, "flights_json": json.dumps(flights)}
        await asyncio.to_thread(store.note, self.engine, one.id, **ended)

    async def _failed(self, one: Registration, error: Exception) -> None:
        """A file below a root is named from the root on: where that lies is not the client's business."""
        if not isinstance(error, WideberthError):
            _log.error("folder %s/%s is not registered", one.root, one.folder, exc_info=error)
            error = InternalFault("the folder is not registered; the log says how", where=f"{one.root}/{one.folder}")
        base = str(self.roots.get(one.root, ""))
        problem = error.problem(status_of(error))
        bare = problem.model_copy(update={"where": (problem.where or "").replace(base, one.root) or None})
        ended = {"state": RegistrationState.FAILED.value, "problem_json": bare.model_dump_json()}
        await asyncio.to_thread(store.note, self.engine, one.id, **ended)
