"""One look at the database for all open streams: each event is read and written out once, however many listen."""

import asyncio
import json
import logging
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.engine import Engine

from wideberth_gateway.alerts.geojson import fed
from wideberth_gateway.store import alerts as store
from wideberth_gateway.store.alerts import Kept
from wideberth_gateway.wording.language import Language

LOOK_EVERY_S = 0.25
KEPT_EVENTS = 5_000
"""The newest ones, as text; who is further behind reads from the database."""
EVENTS_AT_ONCE = 500
QUIET_S = 15.0
"""After so long without an event a stream says that it is still there: proxies close what is silent."""
STILL_HERE = b": still here\n\n"
_log = logging.getLogger("wideberth.gateway")


@dataclass(frozen=True, slots=True)
class Event:
    """One version of an alert as a stream tells it."""

    number: int
    alert_id: str
    text: bytes


class Hub:
    """Hands new events to every stream."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._events: deque[Event] = deque(maxlen=KEPT_EVENTS)
        self._seen = 0
        self._news = asyncio.Condition()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Hub"]:
        """Looks for events until the end of the block."""
        self._seen = await asyncio.to_thread(store.last_event, self._engine)
        looking = asyncio.create_task(self._look())
        try:
            yield self
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)

    async def last_event(self) -> int:
        """Number of the newest event."""
        return await asyncio.to_thread(store.last_event, self._engine)

    async def after(self, sequence: int) -> tuple[Sequence[Event], int]:
        """The events after one, and the number of the last of them; none where there was none for `QUIET_S`."""
        oldest = self._events[0].number if self._events else self._seen + 1
        if sequence < oldest - 1:
            found = await asyncio.to_thread(store.since, self._engine, sequence, EVENTS_AT_ONCE)
            if found:
                events = await asyncio.to_thread(_encoded, found)
                return events, events[-1].number
        if self._seen <= sequence:
            try:
                async with asyncio.timeout(QUIET_S), self._news:
                    await self._news.wait_for(lambda: self._seen > sequence)
            except TimeoutError:
                return (), sequence
        news = [event for event in self._events if event.number > sequence]
        # What fell out of memory meanwhile is read from the database in the next turn.
        if not news or (news[0].number > sequence + 1 and len(self._events) == KEPT_EVENTS):
            found = await asyncio.to_thread(store.since, self._engine, sequence, EVENTS_AT_ONCE)
            news = await asyncio.to_thread(_encoded, found)
        return news, news[-1].number if news else sequence

    async def _look(self) -> None:
        while True:
            try:
                found = await asyncio.to_thread(store.since, self._engine, self._seen, EVENTS_AT_ONCE)
                pieces = await asyncio.to_thread(_encoded, found)
            except Exception:
                _log.exception("the stream of alerts waits; trying again")
                pieces = []
            if pieces:
                async with self._news:
                    self._events.extend(pieces)
                    self._seen = pieces[-1].number
                    self._news.notify_all()
            if len(pieces) < EVENTS_AT_ONCE:
                await asyncio.sleep(LOOK_EVERY_S)


def _encoded(found: Sequence[Kept]) -> list[Event]:
    """Server-sent events; JSON has no line breaks, so each is one line of data."""
    return [
        Event(kept.sequence, kept.alert.id, f"event: alert\nid: {kept.sequence}\ndata: {_line(kept)}\n\n".encode())
        for kept in found
    ]


def _line(kept: Kept) -> str:
    return json.dumps(fed(kept.alert, Language.ENGLISH), ensure_ascii=False, separators=(",", ":"), default=str)
