"""Deliveries are tried until the receiver takes them, for three days. Who hangs keeps nobody else waiting."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
from sqlalchemy.engine import Engine

from wideberth_contracts.errors import BadInput
from wideberth_gateway.store import webhooks as store
from wideberth_gateway.store.webhooks import DeliveryState, Due, Settled
from wideberth_gateway.webhooks.addresses import Target, resolved
from wideberth_gateway.webhooks.messages import Form, message, message_id

DELAYS_S = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""After each try that failed: the schedule of Standard Webhooks; the tenth and last is 75 h 35 min after the first."""
TIME_LIMIT_S = 15.0
LOOK_EVERY_S, ADDRESS_HOLDS_S = 0.2, 60.0
AT_ONCE, HELD_EACH = 8, 200
"""Of one receiver: tries under way at the same time, and deliveries in memory."""
ANSWER_CHARACTERS = 300
_log = logging.getLogger("wideberth.gateway")


@dataclass(frozen=True, slots=True)
class Result:
    """Of one try. `gone`: the receiver asks never to be told again."""

    taken: bool
    answer: str
    gone: bool = False
    wait_s: float = 0.0
    hopeless: bool = False


@dataclass(slots=True)
class _Line:
    """Of one receiver: what waits here, and what is under way."""

    waiting: deque[Due] = field(default_factory=deque)
    under_way: set[asyncio.Task[None]] = field(default_factory=set)


class Sender:
    """Everything that waits goes out, one loop a gateway.

    Args:
        source: URL of this gateway, told in every message.
        private_too: whether receivers may be in the own network.
        delays_s: after each try that failed.
    """

    def __init__(
        self, engine: Engine, source: str, *, private_too: bool, delays_s: tuple[float, ...] = DELAYS_S
    ) -> None:
        self._engine = engine
        self._source = source
        self._private_too = private_too
        self._delays_s = delays_s
        self._lines: dict[str, _Line] = {}
        self._settled: list[Settled] = []
        self._targets: dict[str, tuple[float, Target]] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Sends until the end of the block; what is under way then is tried again by the next process."""
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=AT_ONCE * 8)
        async with httpx.AsyncClient(follow_redirects=False, timeout=TIME_LIMIT_S, limits=limits) as client:
            loop = asyncio.create_task(self._loop(client))
            try:
                yield
            finally:
                tasks = [loop, *(task for line in self._lines.values() for task in line.under_way)]
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await self._turn()

    async def _loop(self, client: httpx.AsyncClient) -> None:
        while True:
            try:
                for due in await self._turn():
                    self._lines.setdefault(due.webhook.id, _Line()).waiting.append(due)
                for line in self._lines.values():
                    self._fill(client, line)
            except Exception:
                _log.exception("webhooks wait; trying again")
            await asyncio.sleep(LOOK_EVERY_S)

    async def _turn(self) -> tuple[Due, ...]:
        """Many tries in one transaction; those lost with the process are made again, under the same id."""
        results, self._settled = self._settled, []
        held = {name: len(line.waiting) + len(line.under_way) for name, line in self._lines.items()}
        try:
            return await asyncio.to_thread(store.turn, self._engine, results, time.time(), HELD_EACH, held)
        except Exception:
            self._settled = [*results, *self._settled]
            raise

    def _fill(self, client: httpx.AsyncClient, line: "_Line") -> None:
        """As many tries of one receiver as may be under way; one that ends makes room for the next at once."""
        while line.waiting and len(line.under_way) < AT_ONCE:
            due = line.waiting.popleft()
            if due.until_epoch_s - time.time() < TIME_LIMIT_S:
                continue  # waited here too long: it comes again with the next turn
            task = asyncio.create_task(self._deliver(client, due))
            line.under_way.add(task)

            def ended(task: asyncio.Task[None]) -> None:
                line.under_way.discard(task)
                if not task.cancelled():
                    self._fill(client, line)

            task.add_done_callback(ended)

    async def _deliver(self, client: httpx.AsyncClient, due: Due) -> None:
        result = await self._try(client, due)
        tried = due.delivery.tries + 1
        if result.taken:
            state, wait_s = DeliveryState.DELIVERED, 0.0
        elif result.hopeless or tried > len(self._delays_s):
            state, wait_s = DeliveryState.DEAD, 0.0
        else:
            state, wait_s = DeliveryState.WAITING, max(self._delays_s[tried - 1], result.wait_s)
        self._settled.append(Settled(due.delivery, state, result.answer, time.time() + wait_s))
        if result.gone:
            self._lines[due.webhook.id].waiting.clear()
            await asyncio.to_thread(store.disable_webhook, self._engine, due.webhook.id, "the receiver answered 410")

    async def _target(self, url: str) -> Target:
        """The receiver's address, looked up once a minute."""
        known = self._targets.get(url)
        if known is not None and time.monotonic() - known[0] < ADDRESS_HOLDS_S:
            return known[1]
        target = await resolved(url, private_too=self._private_too)
        self._targets[url] = (time.monotonic(), target)
        return target

    async def _try(self, client: httpx.AsyncClient, due: Due) -> Result:
        webhook = due.webhook
        identity = message_id(webhook.id, due.delivery.event)
        made = message(
            Form(webhook.form),
            due.alert,
            due.delivery.change,
            webhook.secret,
            identity,
            self._source,
            datetime.now(UTC),
        )
        if made is None:
            return Result(False, "the alert has no place, and this form needs one", hopeless=True)
        try:
            target = await self._target(webhook.url)
            async with asyncio.timeout(TIME_LIMIT_S):
                answer = await client.post(
                    target.pinned_url(),
                    content=made.body,
                    headers={**made.headers, "host": target.host_header(), "user-agent": "Wideberth"},
                    extensions={"sni_hostname": target.host},
                )
        except BadInput as error:
            return Result(False, str(error))
        except (httpx.HTTPError, OSError, TimeoutError) as error:
            return Result(False, f"{type(error).__name__}: {error}"[:ANSWER_CHARACTERS])
        return _result(answer)


def _result(answer: httpx.Response) -> Result:
    said = f"{answer.status_code} {answer.text[:ANSWER_CHARACTERS]}".strip()
    if answer.is_success:
        return Result(True, said)
    if answer.status_code == httpx.codes.GONE:
        return Result(False, said, gone=True, hopeless=True)
    if answer.is_redirect:
        return Result(False, f"{said} (redirects are not followed)")
    wait = answer.headers.get("retry-after", "")
    return Result(False, said, wait_s=min(float(wait), 86_400.0) if wait.isdigit() else 0.0)
