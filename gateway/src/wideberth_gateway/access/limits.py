"""How much one caller may ask, and how long a body may be that is no file."""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from sqlalchemy.engine import Engine
from starlette.types import Message, Receive

from wideberth_contracts.errors import Busy, TooLarge
from wideberth_gateway.store.buckets import Flow, forget_silent, take_block

SMALL_BODY_BYTES = 1 << 20
KNOWN_CALLERS = 10_000
"""Of more, a process forgets what it holds, the longest silent first; the database still knows."""
BLOCK_S = 0.5
"""A process takes what flows in within this at a time: the database is asked twice a second at most of a caller."""
HELD_S = 60.0
"""What a process took and did not use within this is forgotten: long before, the bucket was full again."""
FORGET_EVERY_S = 600.0


@dataclass(slots=True)
class _Held:
    """What this process has of a caller's bucket.

    Attributes:
        tokens: that it may give out.
        until_s: by its clock; then they are forgotten.
        refused_until_s: there is none before that, so the database is not asked.
        asking: one request at a time asks for more.
    """

    tokens: int = 0
    until_s: float = 0.0
    refused_until_s: float = 0.0
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    def has_some(self, now_s: float) -> bool:
        """Whether there is a token. Raises `Busy` where it is known that there is none yet."""
        if now_s < self.refused_until_s:
            wait_s = self.refused_until_s - now_s
            raise Busy("too many requests", remedy="ask less often", retry_after_s=wait_s)
        return self.tokens > 0 and now_s < self.until_s


@dataclass(slots=True)
class Buckets:
    """A bucket for each caller, shared by all processes through the database: a request takes one token.

    Attributes:
        kind: of the bucket; one caller may have several.
        flow: tokens that flow in, and how many a bucket holds.
    """

    kind: str
    flow: Flow
    _held: OrderedDict[str, _Held] = field(default_factory=OrderedDict)
    _forgot_s: float = field(default_factory=time.monotonic)

    @property
    def block(self) -> int:
        """Tokens that are taken at a time."""
        return max(1, int(self.flow.per_s * BLOCK_S))

    async def take(self, engine: Engine, caller: str) -> None:
        """Take a token. Raises `Busy` with when there is one again."""
        held = self._held.setdefault(caller, _Held())
        if not held.has_some(time.monotonic()):
            async with held.asking:
                if not held.has_some(time.monotonic()):
                    await self._ask(engine, caller, held)
                if not held.has_some(time.monotonic()):
                    raise Busy("too many requests", remedy="ask less often", retry_after_s=1 / self.flow.per_s)
        held.tokens -= 1

    async def _ask(self, engine: Engine, caller: str, held: _Held) -> None:
        granted = await asyncio.to_thread(take_block, engine, f"{self.kind}:{caller}", self.flow, self.block)
        now_s = time.monotonic()
        held.tokens, held.until_s, held.refused_until_s = granted.tokens, now_s + HELD_S, now_s + granted.wait_s
        self._held.move_to_end(caller)
        while len(self._held) > KNOWN_CALLERS:
            self._held.popitem(last=False)
        if now_s - self._forgot_s > FORGET_EVERY_S:
            self._forgot_s = now_s
            await asyncio.to_thread(forget_silent, engine)


def small_body(receive: Receive, declared: str | None) -> Receive:
    """The same body, refused once it is longer than anything but a file may be.

    Raises:
        TooLarge: it says so itself, or when it is read.
    """
    if declared is not None and declared.isdigit() and int(declared) > SMALL_BODY_BYTES:
        raise _too_large()
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > SMALL_BODY_BYTES:
            raise _too_large()
        return message

    return counted


def _too_large() -> TooLarge:
    return TooLarge(f"the body is above {SMALL_BODY_BYTES} bytes", where="body", remedy="this is no place for a file")
