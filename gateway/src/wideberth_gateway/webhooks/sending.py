"""Deliveries are tried until the receiver takes them, for three days. Who hangs keeps nobody else waiting."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
from sqlalchemy.engine import Engine

from wideberth_contracts.errors import BadInput
from wideberth_gateway.store import webhooks as store
from wideberth_gateway.store.webhooks import DeliveryState, Due
from wideberth_gateway.webhooks.addresses import resolved
from wideberth_gateway.webhooks.messages import Form, message, message_id

DELAYS_S = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""After each try that failed: the schedule of Standard Webhooks; the tenth and last is 75 h 35 min after the first."""
TIME_LIMIT_S = 15.0
LOOK_EVERY_S = 0.25
AT_ONCE, AT_ONCE_EACH = 64, 8
"""Tries under way at the same time: in all, and of one receiver."""
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
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._busy: dict[str, int] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Sends until the end of the block; what is under way then is tried again by the next process."""
        limits = httpx.Limits(max_connections=2 * AT_ONCE, max_keepalive_connections=AT_ONCE)
        async with httpx.AsyncClient(follow_redirects=False, timeout=TIME_LIMIT_S, limits=limits) as client:
            loop = asyncio.create_task(self._loop(client))
            try:
                yield
            finally:
                for task in (loop, *self._under_way.values()):
                    task.cancel()
                await asyncio.gather(loop, *self._under_way.values(), return_exceptions=True)

    async def _loop(self, client: httpx.AsyncClient) -> None:
        while True:
            try:
                started = await self._round(client)
            except Exception:
                _log.exception("webhooks wait; trying again")
                started = 0
            if not started:
                await asyncio.sleep(LOOK_EVERY_S)

    async def _round(self, client: httpx.AsyncClient) -> int:
        await asyncio.to_thread(store.enqueue, self._engine)
        room = AT_ONCE - len(self._under_way)
        if room <= 0:
            await asyncio.wait(self._under_way.values(), return_when=asyncio.FIRST_COMPLETED)
            return 1
        full = [name for name, count in self._busy.items() if count >= AT_ONCE_EACH]
        due = await asyncio.to_thread(store.claim_due, self._engine, time.time(), room, AT_ONCE_EACH, full)
        for each in due:
            self._start(client, each)
        return len(due)

    def _start(self, client: httpx.AsyncClient, due: Due) -> None:
        self._busy[due.webhook.id] = self._busy.get(due.webhook.id, 0) + 1
        task = asyncio.create_task(self._deliver(client, due))
        self._under_way[due.delivery.id] = task

        def ended(_: asyncio.Task[None]) -> None:
            self._under_way.pop(due.delivery.id, None)
            self._busy[due.webhook.id] -= 1

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
        with suppress(Exception):
            await asyncio.to_thread(
                store.settle, self._engine, due.delivery, state, result.answer, time.time() + wait_s
            )
        if result.gone:
            await asyncio.to_thread(store.disable_webhook, self._engine, due.webhook.id, "the receiver answered 410")

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
            target = await resolved(webhook.url, private_too=self._private_too)
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
